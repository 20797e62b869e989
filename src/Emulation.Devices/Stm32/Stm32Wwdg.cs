using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Window watchdog of the STM32F4. RM0090 chapter 22. Ports: 1 KiB MMIO; out IRQ "wwdg"; asks for a reset.</summary>
public sealed class Stm32Wwdg : Stm32Peripheral
{
    private const uint Alive = 0x40;
    private const uint CounterMask = 0x7f;
    private readonly Stm32System _system;
    private readonly ClockCounter _cycles;
    private readonly ClockTimer _timer;
    private readonly FlagField _earlyInterrupt, _activated;
    private readonly BitField _window, _prescaler;
    private uint _counter = CounterMask;
    private ulong _stepsBefore;
    private bool _early;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="system">Asked for resets.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="busClock">The gated PCLK1: it counts that, too.</param>
    public Stm32Wwdg(string name, Stm32System system, VirtualClock clock, GuestLog log, ClockSignal busClock)
        : base(name, log, clock, busClock)
    {
        _system = system;
        Irq = AddLine("wwdg");
        _cycles = new ClockCounter(clock, busClock, Schedule);
        _timer = clock.CreateTimer($"{name} step", OnStep);
        Registers.Define(0x00, "WWDG_CR").Bits(6, 0, "T", read: () => Counter(), write: v => Refresh((uint)v))
            .Flag(7, "WDGA", out _activated, FieldMode.WriteOneToSet).Reserved(31, 8).Then(Activate);
        Registers.Define(0x04, "WWDG_CFR", reset: CounterMask).Bits(6, 0, "W", out _window).Bits(8, 7, "WDGTB", out _prescaler, write: _ => { })
            .Flag(9, "EWI", out _earlyInterrupt, FieldMode.WriteOneToSet).Reserved(31, 10).Then(OnConfiguration);
        Registers.Define(0x08, "WWDG_SR").Flag(0, "EWIF", read: () => IsEarly(), write: v => _early &= v).Reserved(31, 1).Then(OnStatus);
        ResetState();
    }

    /// <summary>The early wake-up interrupt.</summary>
    public IrqLine Irq { get; }

    private int Shift => 12 + (int)_prescaler.Value;

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _timer.Disarm();
        _cycles.Reset();
        _cycles.Start();
        (_counter, _stepsBefore, _early) = (CounterMask, 0, false);
        Schedule();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_counter);
        writer.Write(_stepsBefore);
        writer.Write(_early);
        _cycles.Save(writer);
        _timer.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _counter = reader.ReadUInt32() & CounterMask;
        _stepsBefore = reader.ReadUInt64();
        _early = reader.ReadBoolean();
        _cycles.Load(reader);
        _timer.Load(reader);
    }

    // It counts down also while it is not activated (22.3); what passed is taken into account when somebody looks.
    private uint Counter()
    {
        ulong steps = _cycles.Value >> Shift;
        ulong passed = steps - _stepsBefore;
        if (passed > 0 && passed >= StepsTo(Alive))
            _early = true;
        _counter = (uint)(_counter - passed) & CounterMask;
        _stepsBefore = steps;
        return _counter;
    }

    // at least one
    private uint StepsTo(uint value)
    {
        uint steps = (_counter - value) & CounterMask;
        return steps == 0 ? CounterMask + 1 : steps;
    }

    private void Refresh(uint value)
    {
        if (_activated.Value && Counter() > _window.Value)
            _system.RequestReset(Stm32ResetCause.WindowWatchdog);
        _ = Counter();
        _counter = value & CounterMask;
        Schedule();
    }

    private void Activate()
    {
        if (_activated.Value && (Counter() & Alive) == 0)
            _system.RequestReset(Stm32ResetCause.WindowWatchdog);
        Schedule();
        Update();
    }

    private void OnConfiguration()
    {
        // with another prescaler the step begins anew
        _cycles.Set(0);
        _stepsBefore = 0;
        Schedule();
        Update();
    }

    // Without a watchdog and an interrupt nobody waits for a step.
    private void Schedule()
    {
        uint counter = Counter();
        ulong steps = 0;
        if (_earlyInterrupt.Value && !_early)
            steps = StepsTo(Alive);
        if (_activated.Value && counter >= Alive)
            steps = counter > Alive ? counter - Alive : 1;
        _timer.Arm(steps == 0 ? long.MaxValue : _cycles.TimeOf((_stepsBefore + steps) << Shift));
    }

    private void OnStep()
    {
        uint counter = Counter();
        if (_activated.Value && counter == Alive - 1)
            _system.RequestReset(Stm32ResetCause.WindowWatchdog);
        Schedule();
        Update();
    }

    private bool IsEarly()
    {
        _ = Counter();
        return _early;
    }

    private void OnStatus()
    {
        Schedule();
        Update();
    }

    private void Update() => Irq.Set(_early && _earlyInterrupt.Value);
}

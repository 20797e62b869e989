using Emulation.Core;

namespace Emulation.Devices;

/// <summary>PWM module of the LM3S6965: three generators of two outputs. LM3S6965 data sheet, "Pulse Width Modulator (PWM)". Ports: 4 KiB MMIO; outputs PWM0 to PWM5; fault input; triggers; out IRQ "fault", "pwm0" to "pwm2".</summary>
/// <remarks>A debugger does not stop it: DEBUG is kept as written.</remarks>
public sealed class StellarisPwm : StellarisPeripheral
{
    /// <summary>Generators.</summary>
    public const int GeneratorCount = 3;

    private const uint FaultFlag = 1 << 16;
    private readonly StellarisPwmGenerator[] _generators = new StellarisPwmGenerator[GeneratorCount];
    private readonly PinSignal[] _outputs = new PinSignal[2 * GeneratorCount];
    private readonly IrqLine[] _irqs = new IrqLine[GeneratorCount], _triggers = new IrqLine[GeneratorCount];
    private readonly BitField _enable, _invert, _faulted;
    private readonly Register _mask;
    private bool _faultRaw;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="busClock">The gated clock, divided as RCC says.</param>
    public StellarisPwm(string name, VirtualClock clock, GuestLog log, ClockSignal busClock) : base(name, clock, log, busClock)
    {
        FaultIrq = AddLine("fault");
        Fault = new PinSignal("FAULT") { InputChanged = OnFault };
        for (int i = 0; i < GeneratorCount; i++)
        {
            _irqs[i] = AddLine($"pwm{i}");
            _triggers[i] = AddLine($"trigger{i}");
            int index = i;
            _generators[i] = new StellarisPwmGenerator($"{name}.{i}", clock, busClock, Registers, 0x40 + (0x40 * (ulong)i), Update, () => _triggers[index].Pulse());
        }

        for (int i = 0; i < _outputs.Length; i++)
            _outputs[i] = new PinSignal($"PWM{i}");
        Registers.Define(0x000, "PWMCTL").Bits(2, 0, "GLOBALSYNC", read: static () => 0, write: v => Synchronize((uint)v, updates: true)).Ignored(31, 3);
        Registers.Define(0x004, "PWMSYNC").Bits(2, 0, "SYNC", read: static () => 0, write: v => Synchronize((uint)v, updates: false)).Ignored(31, 3);
        Registers.Define(0x008, "PWMENABLE").Bits(5, 0, "PWMEN", out _enable).Ignored(31, 6).Then(Update);
        Registers.Define(0x00c, "PWMINVERT").Bits(5, 0, "PWMINV", out _invert).Ignored(31, 6).Then(Update);
        Registers.Define(0x010, "PWMFAULT").Bits(5, 0, "FAULT", out _faulted).Ignored(31, 6).Then(Update);
        _mask = Registers.Define(0x014, "PWMINTEN").Bits(2, 0, "INTPWM").Ignored(15, 3).Flag(16, "INTFAULT").Ignored(31, 17).Then(Update);
        Registers.Define(0x018, "PWMRIS", access: RegisterAccess.ReadOnly).Bits(31, 0, "raw", FieldMode.ReadOnly, read: () => Raw);
        Registers.Define(0x01c, "PWMISC").Bits(31, 0, "masked", read: () => Raw & _mask!.Value, write: v => _faultRaw &= ((uint)v & FaultFlag) == 0).Then(Update);
        Registers.Define(0x020, "PWMSTATUS", access: RegisterAccess.ReadOnly).Flag(0, "FAULT", FieldMode.ReadOnly, read: () => Fault.Input).Reserved(31, 1);
        Update();
    }

    /// <summary>The interrupt of the fault input.</summary>
    public IrqLine FaultIrq { get; }

    /// <summary>The fault input, active high.</summary>
    public PinSignal Fault { get; }

    private uint Raw
    {
        get
        {
            uint raw = _faultRaw ? FaultFlag : 0;
            for (int i = 0; i < GeneratorCount; i++)
                raw |= _generators[i].Interrupts ? 1u << i : 0;
            return raw;
        }
    }

    /// <summary>A generator's interrupt.</summary>
    /// <param name="generator">0 to 2.</param>
    public IrqLine Irq(int generator) => _irqs[generator];

    /// <summary>A generator's trigger of the converter: pulses.</summary>
    /// <param name="generator">0 to 2.</param>
    public IrqLine Trigger(int generator) => _triggers[generator];

    /// <summary>An output.</summary>
    /// <param name="number">0 to 5.</param>
    public PinSignal Output(int number) => _outputs[number];

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _faultRaw = false;
        foreach (StellarisPwmGenerator generator in _generators)
            generator.Reset();
        Update();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_faultRaw);
        Fault.Save(writer);
        foreach (StellarisPwmGenerator generator in _generators)
            generator.Save(writer);
        foreach (PinSignal output in _outputs)
            output.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _faultRaw = reader.ReadBoolean();
        Fault.Load(reader);
        foreach (StellarisPwmGenerator generator in _generators)
            generator.Load(reader);
        foreach (PinSignal output in _outputs)
            output.Load(reader);
    }

    private void Synchronize(uint generators, bool updates)
    {
        for (int i = 0; i < GeneratorCount; i++)
        {
            if ((generators >> i & 1) == 0)
                continue;
            if (updates)
                _generators[i].RequestUpdate();
            else
                _generators[i].Restart();
        }
    }

    private void OnFault()
    {
        _faultRaw |= Fault.Input && BusClock.IsRunning;
        Update();
    }

    private void Update()
    {
        uint masked = Raw & (uint)_mask.Value;
        FaultIrq.Set((masked & FaultFlag) != 0);
        for (int i = 0; i < GeneratorCount; i++)
            _irqs[i].Set((masked >> i & 1) != 0);
        for (int i = 0; i < _outputs.Length; i++)
        {
            bool level = (_enable.Value >> i & 1) != 0 && !(Fault.Input && (_faulted.Value >> i & 1) != 0) && _generators[i / 2].Output(i & 1);
            _outputs[i].Drive(level ^ ((_invert.Value >> i & 1) != 0));
        }
    }
}

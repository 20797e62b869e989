using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Watchdog of the nRF51. nRF51 Series Reference Manual, chapter 23, "Watchdog timer (WDT)". Ports: 4 KiB MMIO; out IRQ "irq"; the board resets the machine when asked to.</summary>
/// <remarks>It starts the 32.768 kHz RC oscillator for itself where nothing else has started that clock. SLEEP and HALT are stored; it counts on in both.</remarks>
public sealed class NrfWatchdog : NrfPeripheral
{
    private const int RequestCount = 8;
    private const ulong ReloadValue = 0x6e52_4635;
    private const ulong CyclesToReset = 2;

    private readonly NrfClocks _clocks;
    private readonly VirtualClock _clock;
    private readonly NrfEvent _timeout;
    private readonly ClockTimer _timer;
    private readonly ClockTimer _reset;
    private readonly FlagField _running;
    private readonly BitField _requests;
    private readonly BitField _reload;
    private readonly BitField _enabled;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clocks">The chip's clocks.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfWatchdog(string name, NrfClocks clocks, VirtualClock clock, GuestLog log)
        : base(name, log)
    {
        ArgumentNullException.ThrowIfNull(clocks);
        ArgumentNullException.ThrowIfNull(clock);
        (_clocks, _clock) = (clocks, clock);
        _timer = clock.CreateTimer($"{name}.timeout", OnTimeout);
        _reset = clock.CreateTimer($"{name}.reset", () => ResetRequested?.Invoke());
        AddTask(0x00, "TASKS_START", Start);
        _timeout = AddEvent(0x100, "EVENTS_TIMEOUT");
        DefineInterrupts();
        Registers.Define(0x400, "RUNSTATUS", access: RegisterAccess.ReadOnly).Flag(0, "RUNSTATUS", out _running, FieldMode.ReadOnly).Reserved(31, 1);
        Registers.Define(0x404, "REQSTATUS", 1, access: RegisterAccess.ReadOnly).Bits(7, 0, "RR", out _requests, FieldMode.ReadOnly).Reserved(31, 8);
        Registers.Define(0x504, "CRV", uint.MaxValue).Bits(31, 0, "CRV", out _reload);
        Registers.Define(0x508, "RREN", 1).Bits(7, 0, "RREN", out _enabled).Ignored(31, 8);
        Registers.Define(0x50c, "CONFIG", 1).Flag(0, "SLEEP").Ignored(2, 1).Flag(3, "HALT").Ignored(31, 4);
        Registers.DefineMany(0x600, RequestCount, 4, "RR").Bits(31, 0, "RR", FieldMode.WriteOnly, write: Feed);
    }

    /// <summary>The time is over.</summary>
    public event Action? ResetRequested;

    /// <inheritdoc/>
    public override void Write(ulong offset, int size, ulong value)
    {
        // the configuration cannot be changed any more once it runs
        if (_running.Value && offset is >= 0x504 and < 0x510)
            Log.Error(Name, $"write to 0x{offset:x} while it runs");
        else
            base.Write(offset, size, value);
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _timer.Disarm();
        _reset.Disarm();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _timer.Save(writer);
        _reset.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _timer.Load(reader);
        _reset.Load(reader);
    }

    private void Start()
    {
        if (_running.Value)
            return;
        _running.Value = true;
        Reload();
    }

    private void Reload()
    {
        _requests.Value = _enabled.Value;
        _timer.Arm(After(Math.Max(0xf, _reload.Value) + 1));
    }

    private long After(ulong cycles) => _clock.Now + _clocks.Lfosc.Frequency.TimeOf(cycles);

    private void Feed(int index, ulong value)
    {
        if (value != ReloadValue || !_running.Value || ((_enabled.Value >> index) & 1) == 0)
            return;
        _requests.Value &= ~(1UL << index);
        if (_requests.Value == 0)
            Reload();
    }

    private void OnTimeout()
    {
        _reset.Arm(After(CyclesToReset));
        Raise(_timeout);
    }
}

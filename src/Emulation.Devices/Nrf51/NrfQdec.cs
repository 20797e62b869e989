using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Quadrature decoder of the nRF51. nRF51 Series Reference Manual, chapter 33, "Quadrature decoder (QDEC)". Ports: 4 KiB MMIO; out IRQ "irq"; the port's pins.</summary>
/// <remarks>It samples every 128 µs times a power of two; the LED and its lead time are stored, and debouncing has nothing to do.</remarks>
public sealed class NrfQdec : NrfPeripheral
{
    private const long ShortestPeriod = 128_000;
    private const int MaxAccumulated = 1023;
    private const int MaxDouble = 15;

    private readonly NrfGpio _gpio;
    private readonly VirtualClock _clock;
    private readonly ClockTimer _timer;
    private readonly NrfEvent _sampleReady;
    private readonly NrfEvent _report;
    private readonly NrfEvent _overflow;
    private readonly FlagField _enable;
    private readonly BitField _period;
    private readonly BitField _sample;
    private readonly BitField _reportPeriod;
    private readonly BitField _accumulated;
    private readonly BitField _read;
    private readonly BitField _a;
    private readonly BitField _b;
    private readonly BitField _doubles;
    private readonly BitField _doublesRead;
    private int _last;
    private int _samples;
    private bool _hasLast;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="gpio">The port.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfQdec(string name, NrfGpio gpio, VirtualClock clock, GuestLog log)
        : base(name, log)
    {
        ArgumentNullException.ThrowIfNull(clock);
        (_gpio, _clock) = (gpio, clock);
        _timer = clock.CreateTimer($"{name}.sample", OnSample);
        AddTask(0x00, "TASKS_START", () =>
        {
            if (!_enable!.Value || _timer.IsArmed)
                return;
            _hasLast = false;
            Arm();
        });
        AddTask(0x04, "TASKS_STOP", _timer.Disarm);
        AddTask(0x08, "TASKS_READCLRACC", ReadAndClear);
        _sampleReady = AddEvent(0x100, "EVENTS_SAMPLERDY");
        _report = AddEvent(0x104, "EVENTS_REPORTRDY");
        _overflow = AddEvent(0x108, "EVENTS_ACCOF");
        DefineShorts((0, _report, 0x08UL), (1, _sampleReady, 0x04UL));
        DefineInterrupts();
        Registers.Define(0x500, "ENABLE").Flag(0, "ENABLE", out _enable).Ignored(31, 1).Then(() =>
        {
            if (!_enable.Value)
                _timer.Disarm();
        });
        Registers.Define(0x504, "LEDPOL").Flag(0, "LEDPOL").Ignored(31, 1);
        Registers.Define(0x508, "SAMPLEPER").Bits(2, 0, "SAMPLEPER", out _period).Ignored(31, 3);
        Registers.Define(0x50c, "SAMPLE", access: RegisterAccess.ReadOnly).Bits(31, 0, "SAMPLE", out _sample, FieldMode.ReadOnly);
        Registers.Define(0x510, "REPORTPER").Bits(2, 0, "REPORTPER", out _reportPeriod).Ignored(31, 3);
        Registers.Define(0x514, "ACC", access: RegisterAccess.ReadOnly).Bits(31, 0, "ACC", out _accumulated, FieldMode.ReadOnly);
        Registers.Define(0x518, "ACCREAD", access: RegisterAccess.ReadOnly).Bits(31, 0, "ACCREAD", out _read, FieldMode.ReadOnly);
        Registers.Define(0x51c, "PSELLED", uint.MaxValue).Bits(31, 0, "PSELLED");
        Registers.Define(0x520, "PSELA", uint.MaxValue).Bits(31, 0, "PSELA", out _a);
        Registers.Define(0x524, "PSELB", uint.MaxValue).Bits(31, 0, "PSELB", out _b);
        Registers.Define(0x528, "DBFEN").Flag(0, "DBFEN").Ignored(31, 1);
        Registers.Define(0x540, "LEDPRE", 0x10).Bits(8, 0, "LEDPRE").Ignored(31, 9);
        Registers.Define(0x544, "ACCDBL", access: RegisterAccess.ReadOnly).Bits(3, 0, "ACCDBL", out _doubles, FieldMode.ReadOnly).Reserved(31, 4);
        Registers.Define(0x548, "ACCDBLREAD", access: RegisterAccess.ReadOnly).Bits(3, 0, "ACCDBLREAD", out _doublesRead, FieldMode.ReadOnly).Reserved(31, 4);
    }

    private int Level => (Read(_a) << 1) | Read(_b);

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _timer.Disarm();
        (_last, _samples, _hasLast) = (0, 0, false);
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _timer.Save(writer);
        writer.Write(_last);
        writer.Write(_samples);
        writer.Write(_hasLast);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _timer.Load(reader);
        _last = reader.ReadInt32() & 3;
        _samples = reader.ReadInt32();
        _hasLast = reader.ReadBoolean();
    }

    private int Read(BitField select) => select.Value < NrfGpio.PinCount && _gpio.Pins[(int)select.Value].Level ? 1 : 0;

    private void Arm() => _timer.Arm(_clock.Now + (ShortestPeriod << (int)_period.Value));

    private void ReadAndClear()
    {
        (_read.Value, _doublesRead.Value) = (_accumulated.Value, _doubles.Value);
        (_accumulated.Value, _doubles.Value) = (0, 0);
    }

    private void OnSample()
    {
        Arm();
        int level = Level, movement = _hasLast ? Movement(_last, level) : 0;
        (_last, _hasLast) = (level, true);
        _sample.Value = (uint)movement;
        if (movement == 2)
        {
            _doubles.Value = Math.Min(MaxDouble, _doubles.Value + 1);
        }
        else if (movement != 0)
        {
            int sum = (int)_accumulated.Value + movement;
            if (Math.Abs(sum) > MaxAccumulated)
                Raise(_overflow);
            else
                _accumulated.Value = (uint)sum;
        }

        Raise(_sampleReady);
        // REPORTPER: 10, 40, 80, ... 280 samples
        int report = _reportPeriod.Value == 0 ? 10 : 40 * (int)_reportPeriod.Value;
        if (++_samples < report)
            return;
        _samples = 0;
        if (_accumulated.Value != 0 || _doubles.Value != 0)
            Raise(_report);
    }

    // Gray code: 00, 01, 11, 10 is one direction; both lines at once is a double transition
    private static int Movement(int before, int now)
    {
        if (before == now)
            return 0;
        if ((before ^ now) == 3)
            return 2;
        return Position(now) == ((Position(before) + 1) & 3) ? 1 : -1;

        static int Position(int level) => level ^ (level >> 1);
    }
}

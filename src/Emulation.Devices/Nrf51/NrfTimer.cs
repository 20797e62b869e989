using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Timer of the nRF51: counts the 16 MHz clock through a prescaler, or tasks. nRF51 Series Reference Manual, chapter 18, "Timer/counter (TIMER)". Ports: 4 KiB MMIO; out IRQ "irq".</summary>
public sealed class NrfTimer : NrfPeripheral
{
    /// <summary>Compare and capture registers.</summary>
    public const int ChannelCount = 4;

    private readonly NrfCounter _counter;
    private readonly ClockDivider _prescaled;
    private readonly NrfEvent[] _compare = new NrfEvent[ChannelCount];
    private readonly FlagField _counterMode;
    private readonly BitField _bitMode;
    private readonly BitField _prescaler;
    private readonly BitField _value;
    private readonly bool _wide;
    private ulong _count;
    private bool _counting;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clocks">The chip's clocks.</param>
    /// <param name="wide">Whether it has 24 and 32 bits.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfTimer(string name, NrfClocks clocks, bool wide, VirtualClock clock, GuestLog log)
        : base(name, log)
    {
        ArgumentNullException.ThrowIfNull(clocks);
        ArgumentNullException.ThrowIfNull(clock);
        _wide = wide;
        _prescaled = clocks.Tree.Divider($"{name} prescaler", clocks.Hfclk, 1 << 4);
        _counter = new NrfCounter($"{name}.compare", clock, _prescaled, Next, Reached);
        AddTask(0x00, "TASKS_START", Start);
        AddTask(0x04, "TASKS_STOP", Stop);
        AddTask(0x08, "TASKS_COUNT", Count);
        AddTask(0x0c, "TASKS_CLEAR", Clear);
        AddTask(0x10, "TASKS_SHUTDOWN", () =>
        {
            Stop();
            Clear();
        });
        for (int i = 0; i < ChannelCount; i++)
        {
            int channel = i;
            AddTask(0x40 + ((ulong)i * 4), $"TASKS_CAPTURE[{i}]", () => Capture(channel));
            _compare[i] = AddEvent(0x140 + ((ulong)i * 4), $"EVENTS_COMPARE[{i}]");
        }

        const ulong ClearTask = 0x0c, StopTask = 0x04;
        DefineShorts((0, _compare[0], ClearTask), (1, _compare[1], ClearTask), (2, _compare[2], ClearTask), (3, _compare[3], ClearTask),
            (8, _compare[0], StopTask), (9, _compare[1], StopTask), (10, _compare[2], StopTask), (11, _compare[3], StopTask));
        DefineInterrupts();
        Registers.Define(0x504, "MODE").Flag(0, "MODE", out _counterMode).Ignored(31, 1).Then(Configure);
        Registers.Define(0x508, "BITMODE").Bits(1, 0, "BITMODE", out _bitMode).Ignored(31, 2).Then(Configure);
        Registers.Define(0x510, "PRESCALER", 4).Bits(3, 0, "PRESCALER", out _prescaler).Ignored(31, 4).Then(Configure);
        Registers.DefineMany(0x540, ChannelCount, 4, "CC").Bits(31, 0, "CC", out _value).Then(_ => Configure());
    }

    private ulong Mask => _bitMode.Value switch { 1 => 0xff, 2 when _wide => 0xff_ffff, 3 when _wide => uint.MaxValue, _ => 0xffff };

    private ulong Present => (_counterMode.Value ? _count : _counter.Value) & Mask;

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _counter.Reset();
        _prescaled.Divider = 1 << 4;
        (_count, _counting) = (0, false);
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _counter.Save(writer);
        writer.Write(_count);
        writer.Write(_counting);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _counter.Load(reader);
        _count = reader.ReadUInt64();
        _counting = reader.ReadBoolean();
    }

    private void Start()
    {
        _counting = true;
        if (!_counterMode.Value)
            _counter.Start();
    }

    private void Stop()
    {
        _counting = false;
        _counter.Stop();
    }

    private void Clear()
    {
        _count = 0;
        _counter.Set(0);
    }

    private void Count()
    {
        if (!_counterMode.Value || !_counting)
            return;
        _count = (_count + 1) & Mask;
        Compare(_count);
    }

    private void Capture(int channel)
    {
        _value[channel] = Present;
        Configure();
    }

    private void Configure()
    {
        _prescaled.Divider = 1u << (int)Math.Min(9, _prescaler.Value);
        if (_counterMode.Value)
            _counter.Stop();
        else if (_counting && !_counter.IsRunning)
            _counter.Start();
        _counter.Settle();
    }

    private ulong Next(ulong value)
    {
        ulong best = ulong.MaxValue;
        for (int i = 0; i < ChannelCount; i++)
        {
            ulong distance = (_value[i] - value) & Mask;
            best = Math.Min(best, distance == 0 ? Mask + 1 : distance);
        }

        return best;
    }

    private void Reached(ulong value) => Compare(value & Mask);

    private void Compare(ulong value)
    {
        for (int i = 0; i < ChannelCount; i++)
        {
            if ((_value[i] & Mask) == value)
                Raise(_compare[i]);
        }
    }
}

using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Timer of the STM32F1, F2 and F4: basic, general-purpose or advanced by its options. RM0090 chapters 17 to 20.</summary>
/// <remarks>
/// The counter is a function of absolute time; an event is scheduled only where somebody would notice: an enabled interrupt or DMA request that is not pending,
/// an output or a trigger that is observed. Synchronisation delays of one to three clocks between a write, a trigger or an edge and its effect are not modelled.
/// An advanced timer has the interrupts "up", "cc", "trg_com" and "brk", another one has "irq".
/// </remarks>
public sealed partial class Stm32Timer : Stm32Peripheral
{
    private const uint UpdateFlag = 1 << 0;
    private const uint ComFlag = 1 << 5;
    private const uint TriggerFlag = 1 << 6;
    private const uint BreakFlag = 1 << 7;

    private readonly Stm32TimerOptions _options;
    private readonly Stm32TimerChannel[] _channels;
    private readonly Stm32TimerInput _externalTrigger;
    private readonly ClockCounter _cycles;
    private readonly ClockTimer _next;
    private readonly Stm32Trigger?[] _triggers = new Stm32Trigger?[4];
    private readonly Action<bool>[] _triggerSinks;
    private readonly uint _max;
    private readonly List<Remap> _remaps = [];

    private readonly Register _cr1;
    private readonly Register _cr2;
    private readonly Register _smcr;
    private readonly Register _dier;
    private readonly Register _sr;
    private readonly Register _egr;
    private readonly Register[] _ccmr;
    private readonly Register _ccer;
    private readonly Register _psc;
    private readonly Register _arr;
    private readonly Register _rcr;
    private readonly Register[] _ccr;
    private readonly Register _bdtr;
    private readonly Register _dcr;
    private readonly Register _or;

    private uint _count;
    private bool _down;
    private uint _phase;
    private uint _prescaler;
    private uint _reload;
    private uint _repeat;
    private uint _outputs;
    private uint _modes;
    private ulong _consumed;
    private int _listening = -1;
    private int _externalSwallowed;
    private int _burst;
    private bool _burstUsed;
    private bool _gate = true;

    /// <summary>Creates the timer.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="timerClock">The gated clock CK_INT.</param>
    /// <param name="options">What it has.</param>
    public Stm32Timer(string name, GuestLog log, VirtualClock clock, ClockSignal timerClock, Stm32TimerOptions options)
        : base(name, log, clock, timerClock)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Channels is not (0 or 1 or 2 or 4) || options.Bits is not (16 or 32))
            throw new ArgumentException($"{name}: a timer has 0, 1, 2 or 4 channels and 16 or 32 bits", nameof(options));
        _options = options;
        _max = options.Bits == 32 ? uint.MaxValue : 0xffff;
        string prefix = name.ToUpperInvariant();
        UpdateIrq = AddLine(options.IsAdvanced ? "up" : "irq");
        CompareIrq = options.IsAdvanced ? AddLine("cc") : UpdateIrq;
        TriggerIrq = options.IsAdvanced ? AddLine("trg_com") : UpdateIrq;
        BreakIrq = options.IsAdvanced ? AddLine("brk") : UpdateIrq;
        UpdateRequest = new DmaRequest($"{prefix}_UP") { Acknowledged = _ => Acknowledge(UpdateRequest!) };
        TriggerRequest = new DmaRequest($"{prefix}_TRIG") { Acknowledged = _ => Acknowledge(TriggerRequest!) };
        ComRequest = new DmaRequest($"{prefix}_COM") { Acknowledged = _ => Acknowledge(ComRequest!) };
        TriggerOutput = new Stm32Trigger($"{prefix}_TRGO") { ObservedChanged = OnObserved };
        ExternalTrigger = new PinSignal($"{prefix}_ETR") { InputChanged = OnExternalTrigger };
        BreakInput = new PinSignal($"{prefix}_BKIN") { InputChanged = OnBreakInput };
        _externalTrigger = new Stm32TimerInput($"{name}.etr", clock, timerClock, OnExternalTriggerFiltered);
        _channels = [.. Enumerable.Range(0, options.Channels).Select(i => CreateChannel(i, prefix))];
        _triggerSinks = [.. Enumerable.Range(0, 4).Select(i => (Action<bool>)(_ => OnInternalTrigger(i)))];
        _cycles = new ClockCounter(clock, timerClock, OnClockChanged);
        _next = clock.CreateTimer($"{name}.event", OnDeadline);

        int channels = options.Channels;
        uint channelBits = (1u << channels) - 1;
        bool dma = options.Dma, advanced = options.IsAdvanced;
        uint triggers = options.Slave ? 1u << 6 : 0;
        uint breaks = advanced ? (1u << 7) | (1u << 5) : 0;
        _cr1 = Define(0x00, "CR1", 0x8f | (channels > 0 ? 0x300u : 0) | (options.Centered ? 0x70u : 0));
        _cr2 = Define(0x04, "CR2", (options.Master ? 0x70u : 0) | (options.Encoder ? 0x80u : 0) | (dma && channels > 0 ? 8u : 0) | (advanced ? 0x7f05u : 0));
        _smcr = Define(0x08, "SMCR", options.Slave ? 0xf7u | (options.Encoder ? 0xff00u : 0) : 0);
        _dier = Define(0x0c, "DIER", 1 | (channelBits << 1) | triggers | breaks | (dma ? 0x100 | (channelBits << 9) | (options.Slave ? 1u << 14 : 0) | (advanced ? 1u << 13 : 0) : 0));
        _sr = Define(0x10, "SR", 1 | (channelBits << 1) | triggers | breaks | (channelBits << 9), FieldMode.WriteZeroToClear);
        _egr = Define(0x14, "EGR", 1 | (channelBits << 1) | triggers | breaks, FieldMode.WriteOnly);
        uint channelModes = options.Encoder ? 0xffu : 0x7f;
        uint both = channels == 1 ? channelModes | 0x80 : 0xffff;
        _ccmr = [Define(0x18, "CCMR1", channels == 0 ? 0 : both), Define(0x1c, "CCMR2", channels > 2 ? both : 0)];
        uint enables = 0;
        // the fourth channel of TIM1 and TIM8 has no complementary output, and no CC4NP either (18.4.9)
        for (int i = 0; i < channels; i++)
            enables |= (!advanced ? 0xbu : i < 3 ? 0xfu : 0x3) << (4 * i);
        _ccer = Define(0x20, "CCER", enables);
        Registers.Define(0x24, "CNT").Bits(31, 0, "CNT", read: () => _count, write: v => SetCount((uint)v & _max));
        _psc = Define(0x28, "PSC", 0xffff);
        _arr = Define(0x2c, "ARR", _max, reset: _max);
        _rcr = Define(0x30, "RCR", advanced ? 0xffu : 0);
        _ccr = [.. Enumerable.Range(0, 4).Select(i => Define(0x34 + (4 * (ulong)i), $"CCR{i + 1}", i < channels ? _max : 0).AfterRead(() => OnCompareRead(i)))];
        _bdtr = Define(0x44, "BDTR", advanced ? 0xffffu : 0);
        _dcr = Define(0x48, "DCR", dma && channels > 0 ? 0x1f1fu : 0);
        // two registers at one place: a narrow write must not be a read, too, which goes on to the next register
        Registers.Define(0x4c, "DMAR", access: RegisterAccess.ReadOnly).Bits(31, 0, "DMAB", FieldMode.ReadOnly, read: () => AccessBurst(null));
        Register burst = Registers.Define(0x4c, "DMAR", access: RegisterAccess.WriteOnly);
        burst.Bits(31, 0, "DMAB", FieldMode.WriteOnly, write: v =>
        {
            burst.Value = 0;
            AccessBurst((uint)v);
        });
        _or = Define(0x50, "OR", options.OptionMask);
        _reload = _max;
    }

    /// <summary>The update interrupt, or the only one.</summary>
    public IrqLine UpdateIrq { get; }

    /// <summary>The capture/compare interrupt, or the only one.</summary>
    public IrqLine CompareIrq { get; }

    /// <summary>The trigger and commutation interrupt, or the only one.</summary>
    public IrqLine TriggerIrq { get; }

    /// <summary>The break interrupt, or the only one.</summary>
    public IrqLine BreakIrq { get; }

    /// <summary>DMA request at an update.</summary>
    public DmaRequest UpdateRequest { get; }

    /// <summary>DMA request at a trigger.</summary>
    public DmaRequest TriggerRequest { get; }

    /// <summary>DMA request at a commutation.</summary>
    public DmaRequest ComRequest { get; }

    /// <summary>TRGO.</summary>
    public Stm32Trigger TriggerOutput { get; }

    /// <summary>The ETR input.</summary>
    public PinSignal ExternalTrigger { get; }

    /// <summary>The BKIN input.</summary>
    public PinSignal BreakInput { get; }

    /// <summary>All DMA requests by their names in the controller's table.</summary>
    public IEnumerable<DmaRequest> DmaRequests => [UpdateRequest, TriggerRequest, ComRequest, .. _channels.Select(static c => c.Request)];

    /// <summary>TRGO and the OCxREF of all channels, as other peripherals select them.</summary>
    public IEnumerable<Stm32Trigger> TriggerOutputs => [TriggerOutput, .. _channels.Select(static c => c.Trigger)];

    /// <summary>All signals that alternate functions connect to pins.</summary>
    public IEnumerable<PinSignal> Signals
        => [.. _channels.Select(static c => c.Output), .. _channels.Select(static c => c.Complement).OfType<PinSignal>(), ExternalTrigger, BreakInput];

    private bool Enabled => (_cr1.Value & 1) != 0;

    private uint SampleDivision => 1u << (int)Math.Min(_cr1.Value >> 8 & 3, 2);

    /// <summary>The pin of a channel, input and output.</summary>
    /// <param name="channel">1 to 4.</param>
    public PinSignal Channel(int channel) => _channels[channel - 1].Output;

    /// <summary>The complementary output of a channel of an advanced timer.</summary>
    /// <param name="channel">1 to 3.</param>
    public PinSignal Complement(int channel)
        => _channels[channel - 1].Complement ?? throw new ArgumentOutOfRangeException(nameof(channel), channel, $"{Name} has no such complementary output");

    /// <summary>OCxREF as a trigger for other peripherals.</summary>
    /// <param name="channel">1 to 4.</param>
    public Stm32Trigger CompareTrigger(int channel) => _channels[channel - 1].Trigger;

    /// <summary>Connects an internal trigger.</summary>
    /// <param name="index">0 to 3, for ITR0 to ITR3.</param>
    /// <param name="source">Another timer's output.</param>
    public void ConnectTrigger(int index, Stm32Trigger source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (_triggers[index] != null)
            throw new ArgumentException($"ITR{index} of {Name} is connected already", nameof(index));
        _triggers[index] = source;
        Listen();
    }

    /// <inheritdoc/>
    public override ulong Read(ulong offset, int size)
    {
        Sync();
        ulong value = base.Read(offset, size);
        // only a read capture changes anything that others see
        if (offset is >= 0x34 and < 0x50)
            Settle();
        return value;
    }

    /// <inheritdoc/>
    public override void Write(ulong offset, int size, ulong value)
    {
        if (!BusClock.IsRunning)
        {
            base.Write(offset, size, value);
            return;
        }

        Sync();
        (ulong cr1, ulong ccer, ulong bdtr, ulong cr2) = (_cr1.Value, _ccer.Value, _bdtr.Value, _cr2.Value);
        (ulong ccmr1, ulong ccmr2) = (_ccmr[0].Value, _ccmr[1].Value);
        base.Write(offset, size, value);
        ApplyLock(bdtr, ccer, cr2, ccmr1, ccmr2);
        switch (offset & ~3UL)
        {
            case 0x00: OnControl(cr1); break;
            case 0x04: OnInputs(); break;
            case 0x08: OnSlaveMode(); break;
            case 0x10: OnStatusWritten(); break;
            case 0x14: OnEvents(); break;
            case 0x18 or 0x1c or 0x20: OnChannelControl(ccer); break;
            case 0x2c: LoadReload(); break;
            case 0x34 or 0x38 or 0x3c or 0x40: LoadCompare((int)(offset - 0x34) / 4); break;
            case 0x44: OnBreakControl(); break;
            case 0x50: OnRemap(); break;
            default: break;
        }

        Settle();
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        Unlisten();
        _next.Disarm();
        _cycles.Reset();
        (_count, _down, _phase, _prescaler, _reload, _repeat, _outputs, _modes, _consumed) = (0, false, 0, 0, _max, 0, 0, 0, 0);
        (_externalSwallowed, _burst, _burstUsed, _gate) = (0, 0, false, true);
        (_updated, _resetPulse) = (false, false);
        UpdateRequest.Set(false);
        TriggerRequest.Set(false);
        ComRequest.Set(false);
        _externalTrigger.Reset(ExternalTrigger.Input);
        foreach (Stm32TimerChannel channel in _channels)
            channel.Reset();
        TriggerOutput.Set(false);
        foreach (Remap remap in _remaps)
            remap.Edge.Disarm();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _cycles.Save(writer);
        _next.Save(writer);
        writer.Write(_updated);
        writer.Write(_resetPulse);
        writer.Write(_count);
        writer.Write(_down);
        writer.Write(_phase);
        writer.Write(_prescaler);
        writer.Write(_reload);
        writer.Write(_repeat);
        writer.Write(_outputs);
        writer.Write(_modes);
        writer.Write(_consumed);
        writer.Write(_externalSwallowed);
        writer.Write(_burst);
        writer.Write(_gate);
        writer.Write(TriggerOutput.Level);
        UpdateRequest.Save(writer);
        TriggerRequest.Save(writer);
        ComRequest.Save(writer);
        ExternalTrigger.Save(writer);
        BreakInput.Save(writer);
        _externalTrigger.Save(writer);
        foreach (Stm32TimerChannel channel in _channels)
            channel.Save(writer);
        foreach (Remap remap in _remaps)
            remap.Edge.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        Unlisten();
        _cycles.Load(reader);
        _next.Load(reader);
        _updated = reader.ReadBoolean();
        _resetPulse = reader.ReadBoolean();
        _count = reader.ReadUInt32() & _max;
        _down = reader.ReadBoolean();
        _phase = reader.ReadUInt32() & 0xffff;
        _prescaler = reader.ReadUInt32() & 0xffff;
        _reload = reader.ReadUInt32() & _max;
        _repeat = reader.ReadUInt32() & 0xff;
        _outputs = reader.ReadUInt32() & 0xffff;
        _modes = reader.ReadUInt32();
        _consumed = reader.ReadUInt64();
        _externalSwallowed = reader.ReadInt32() & 7;
        _burst = reader.ReadInt32() & 0x1f;
        _gate = reader.ReadBoolean();
        _burstUsed = false;
        TriggerOutput.Restore(reader.ReadBoolean());
        UpdateRequest.Load(reader);
        TriggerRequest.Load(reader);
        ComRequest.Load(reader);
        ExternalTrigger.Load(reader);
        BreakInput.Load(reader);
        _externalTrigger.Load(reader);
        foreach (Stm32TimerChannel channel in _channels)
            channel.Load(reader);
        foreach (Remap remap in _remaps)
            remap.Edge.Load(reader);
        if (_phase > _prescaler)
            throw reader.Damaged("a prescaler beyond its end");
        Listen();
    }

    private Stm32TimerChannel CreateChannel(int index, string prefix)
    {
        bool complementary = _options.IsAdvanced && index < 3;
        return new Stm32TimerChannel
        {
            Output = new PinSignal($"{prefix}_CH{index + 1}") { InputChanged = OnInputs, Refresh = BringUpToDate, ObservedChanged = OnObserved },
            Complement = complementary ? new PinSignal($"{prefix}_CH{index + 1}N") { Refresh = BringUpToDate, ObservedChanged = OnObserved } : null,
            Input = new Stm32TimerInput($"{Name}.ti{index + 1}", Clock, BusClock, () => OnInputEdge(index)),
            Request = new DmaRequest($"{prefix}_CH{index + 1}") { Acknowledged = _ => Acknowledge(_channels[index].Request) },
            Trigger = new Stm32Trigger($"{prefix}_CC{index + 1}") { ObservedChanged = OnObserved },
            DeadTime = complementary ? new CycleTimer($"{Name}.deadtime{index + 1}", Clock, BusClock, () => OnDeadTime(index)) : null,
        };
    }

    // runs of implemented bits are stored, the others are reserved
    private Register Define(ulong offset, string name, uint implemented, FieldMode mode = FieldMode.ReadWrite, uint reset = 0)
    {
        Register register = Registers.Define(offset, name, reset);
        for (int low = 0; low < 32;)
        {
            bool used = (implemented >> low & 1) != 0;
            int high = low;
            while (high < 31 && (implemented >> (high + 1) & 1) != 0 == used)
                high++;
            _ = used ? register.Bits(high, low, name, mode) : register.Ignored(high, low);
            low = high + 1;
        }

        return register;
    }
}

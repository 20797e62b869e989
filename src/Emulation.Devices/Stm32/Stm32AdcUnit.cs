using Emulation.Core;

namespace Emulation.Devices;

/// <summary>One converter of a <see cref="Stm32Adc"/>: its registers and its sequencer.</summary>
internal sealed class Stm32AdcUnit
{
    private const uint Watchdog = 1 << 0;
    private const uint EndOfConversion = 1 << 1;
    private const uint InjectedEnd = 1 << 2;
    private const uint InjectedStarted = 1 << 3;
    private const uint Started = 1 << 4;
    private const uint OverrunFlag = 1 << 5;

    private readonly Stm32Adc _owner;
    private readonly int _index;
    private readonly ClockSignal _busClock;
    private readonly VirtualClock _clock;
    private readonly CycleTimer _converting;
    private readonly ClockCounter _parked;
    private readonly Stm32AdcTrigger _regularTrigger;
    private readonly Stm32AdcTrigger _injectedTrigger;
    private readonly Register _sr;
    private readonly Register _cr1;
    private readonly Register _cr2;
    private readonly Register[] _sampling;
    private readonly Register[] _offsets;
    private readonly Register _high;
    private readonly Register _low;
    private readonly Register[] _sequence;
    private readonly Register _injectedSequence;
    private readonly ushort[] _injectedData = new ushort[4];
    private ushort _data;
    private bool _unread;
    private bool _dmaEnded;
    private bool _regular;
    private bool _injected;
    private int _position;
    private int _injectedPosition;
    private bool _isParked;

    public Stm32AdcUnit(Stm32Adc owner, int index, VirtualClock clock, ClockSignal busClock)
    {
        (_owner, _index, _clock, _busClock) = (owner, index, clock, busClock);
        Inputs = [.. Enumerable.Range(0, 19).Select(static _ => new Stm32AdcInput())];
        Request = new DmaRequest($"ADC{index + 1}") { Acknowledged = last => owner.OnAcknowledged(index, last) };
        _converting = new CycleTimer($"{owner.Name}.{index + 1}", clock, busClock, OnConverted);
        _parked = new ClockCounter(clock, busClock);
        _regularTrigger = new Stm32AdcTrigger(() => OnTrigger(injected: false));
        _injectedTrigger = new Stm32AdcTrigger(() => OnTrigger(injected: true));
        RegisterMap map = owner.Registers;
        ulong at = 0x100 * (ulong)index;
        string Named(string register) => $"ADC{index + 1}_{register}";
        _sr = map.Define(at, Named("SR")).Bits(5, 0, "OVR ... AWD", FieldMode.WriteZeroToClear).Ignored(31, 6).Then(Update);
        _cr1 = map.Define(at + 0x04, Named("CR1")).Bits(15, 0, "DISCNUM ... AWDCH").Reserved(21, 16).Bits(26, 22, "OVRIE, RES, AWDEN, JAWDEN").Reserved(31, 27).Then(Update);
        _cr2 = map.Define(at + 0x08, Named("CR2")).Bits(1, 0, "CONT, ADON").Reserved(7, 2).Bits(11, 8, "ALIGN, EOCS, DDS, DMA").Reserved(15, 12)
            .Bits(22, 16, "JSWSTART, JEXTEN, JEXTSEL").Reserved(23, 23).Bits(30, 24, "SWSTART, EXTEN, EXTSEL").Reserved(31, 31).Then(OnControl);
        _sampling =
        [
            map.Define(at + 0x10, Named("SMPR2")).Bits(29, 0, "SMP9 ... SMP0").Reserved(31, 30),
            map.Define(at + 0x0c, Named("SMPR1")).Bits(26, 0, "SMP18 ... SMP10").Reserved(31, 27),
        ];
        _offsets = [.. Enumerable.Range(0, 4).Select(i => map.Define(at + 0x14 + (4 * (ulong)i), Named($"JOFR{i + 1}")).Bits(11, 0, "JOFFSET").Reserved(31, 12))];
        _high = map.Define(at + 0x24, Named("HTR"), reset: 0xfff).Bits(11, 0, "HT").Reserved(31, 12);
        _low = map.Define(at + 0x28, Named("LTR")).Bits(11, 0, "LT").Reserved(31, 12);
        _sequence =
        [
            map.Define(at + 0x34, Named("SQR3")).Bits(29, 0, "SQ6 ... SQ1").Reserved(31, 30),
            map.Define(at + 0x30, Named("SQR2")).Bits(29, 0, "SQ12 ... SQ7").Reserved(31, 30),
            map.Define(at + 0x2c, Named("SQR1")).Bits(23, 0, "L, SQ16 ... SQ13").Reserved(31, 24),
        ];
        _injectedSequence = map.Define(at + 0x38, Named("JSQR")).Bits(21, 0, "JL, JSQ4 ... JSQ1").Reserved(31, 22);
        for (int i = 0; i < 4; i++)
        {
            int result = i;
            map.Define(at + 0x3c + (4 * (ulong)i), Named($"JDR{i + 1}"), access: RegisterAccess.ReadOnly)
                .Bits(15, 0, "JDATA", FieldMode.ReadOnly, read: () => _injectedData[result]).Reserved(31, 16);
        }

        map.Define(at + 0x4c, Named("DR"), access: RegisterAccess.ReadOnly).Bits(15, 0, "DATA", FieldMode.ReadOnly, read: ReadData).Reserved(31, 16);
    }

    public Stm32AdcInput[] Inputs { get; }

    public DmaRequest Request { get; }

    public bool IsClocked => _busClock.IsRunning;

    public uint Status => (uint)_sr.Value;

    public ushort Data => _data;

    public bool Interrupts
    {
        get
        {
            uint enabled = (uint)_cr1.Value;
            return ((enabled & 0x20) != 0 && (Status & EndOfConversion) != 0) || ((enabled & 0x40) != 0 && (Status & Watchdog) != 0)
                || ((enabled & 0x80) != 0 && (Status & InjectedEnd) != 0) || ((enabled & 0x400_0000) != 0 && (Status & OverrunFlag) != 0);
        }
    }

    private bool On => (_cr2.Value & 1) != 0;

    private bool Continuous => (_cr2.Value & 2) != 0;

    private bool Dma => (_cr2.Value & 0x100) != 0;

    private bool EachConversion => (_cr2.Value & 0x400) != 0;

    private bool Scan => (_cr1.Value & 0x100) != 0;

    private bool Discontinuous => (_cr1.Value & 0x800) != 0;

    private int Length => Scan ? (int)(_sequence[2].Value >> 20 & 15) + 1 : 1;

    private int InjectedLength => Scan ? (int)(_injectedSequence.Value >> 20 & 3) + 1 : 1;

    private int Bits => 12 - (2 * ((int)(_cr1.Value >> 24) & 3));

    public void ConnectTrigger(int select, bool injected, Stm32Trigger source)
    {
        (injected ? _injectedTrigger : _regularTrigger).Sources[select] = source;
        Listen();
    }

    public void Reset()
    {
        _converting.Disarm();
        _parked.Reset();
        (_data, _unread, _dmaEnded, _regular, _injected, _position, _injectedPosition, _isParked) = (0, false, false, false, false, 0, 0, false);
        Array.Clear(_injectedData);
        Request.Set(false);
        Listen();
    }

    public void Save(StateWriter writer)
    {
        _converting.Save(writer);
        _parked.Save(writer);
        writer.Write(_data);
        writer.Write(_unread);
        writer.Write(_dmaEnded);
        writer.Write(_regular);
        writer.Write(_injected);
        writer.Write(_position);
        writer.Write(_injectedPosition);
        writer.Write(_isParked);
        foreach (ushort data in _injectedData)
            writer.Write(data);
        Request.Save(writer);
    }

    public void Load(StateReader reader)
    {
        _converting.Load(reader);
        _parked.Load(reader);
        _data = reader.ReadUInt16();
        _unread = reader.ReadBoolean();
        _dmaEnded = reader.ReadBoolean();
        _regular = reader.ReadBoolean();
        _injected = reader.ReadBoolean();
        _position = reader.ReadInt32() & 15;
        _injectedPosition = reader.ReadInt32() & 3;
        _isParked = reader.ReadBoolean();
        for (int i = 0; i < _injectedData.Length; i++)
            _injectedData[i] = reader.ReadUInt16();
        Request.Load(reader);
        Listen();
    }

    /// <summary>Begins the regular group, or its next part.</summary>
    /// <param name="delay">Bus clocks until it does.</param>
    public void BeginRegular(ulong delay)
    {
        if (!On || _regular || (Status & OverrunFlag) != 0)
            return;
        _regular = true;
        _sr.Value |= Started;
        if (!_injected)
            _converting.Arm(delay + Cycles(Channel));
    }

    public void BeginInjected()
    {
        if (!On || _injected)
            return;
        // a regular conversion is broken off and done again afterwards (13.3.9)
        _injected = true;
        _sr.Value |= InjectedStarted;
        _converting.Arm(Cycles(InjectedChannel));
    }

    public void Overrun()
    {
        _sr.Value |= OverrunFlag;
        _regular = false;
        Update();
    }

    public void DataTaken()
    {
        _unread = false;
        _sr.Value &= ~(ulong)EndOfConversion;
        Update();
    }

    public void OnAcknowledged(bool last)
    {
        Request.Set(false);
        // without DDS the last transfer is the last request (13.8.1)
        if (last && (_cr2.Value & 0x200) == 0)
            _dmaEnded = true;
    }

    /// <summary>Brings conversions that nobody waited for to the present time.</summary>
    public void Sync()
    {
        if (!_isParked)
            return;
        _isParked = false;
        ulong passed = _parked.Value, whole = 0;
        int length = Length;
        for (int i = 0; i < length; i++)
            whole += Cycles(SequenceChannel(i));
        ulong rounds = passed / whole;
        ulong left = passed % whole, at = rounds * whole;
        int channel = rounds > 0 ? SequenceChannel(length - 1) : -1;
        _position = 0;
        for (ulong cycles = Cycles(SequenceChannel(0)); left >= cycles; cycles = Cycles(SequenceChannel(_position)))
        {
            left -= cycles;
            at += cycles;
            channel = SequenceChannel(_position++);
        }

        if (channel >= 0)
        {
            _data = Align(Sample(channel, SampleTime(_parked.TimeOf(at))));
            _unread = true;
        }

        _parked.Reset();
        _converting.Arm(Cycles(Channel) - left);
    }

    private int Channel => SequenceChannel(_position);

    // with JL of less than 3 the sequence begins later in JSQR (13.13.12)
    private int InjectedChannel => (int)(_injectedSequence.Value >> (5 * (4 - InjectedLength + _injectedPosition))) & 0x1f;

    private int SequenceChannel(int position) => (int)(_sequence[position / 6].Value >> (5 * (position % 6))) & 0x1f;

    private ulong Cycles(int channel)
    {
        int field = channel < 10 ? (int)(_sampling[0].Value >> (3 * channel)) & 7 : (int)(_sampling[1].Value >> (3 * (Math.Min(channel, 18) - 10))) & 7;
        ulong sampling = field switch { 0 => 3, 1 => 15, 2 => 28, 3 => 56, 4 => 84, 5 => 112, 6 => 144, _ => 480 };
        return (sampling + (ulong)Bits) * _owner.Prescaler;
    }

    private long SampleTime(long end) => Math.Max(0, end - _busClock.Frequency.TimeOf((ulong)Bits * _owner.Prescaler));

    // the raw value, left-aligned to 12 bits
    private int Sample(int channel, long time)
    {
        int millivolts = channel switch
        {
            16 when _index == 0 => _owner.Senses ? (int)Math.Round(760 + ((_owner.Celsius - 25) * 2.5)) : 0,
            17 when _index == 0 => _owner.Senses ? _owner.InternalReferenceMillivolts : 0,
            18 when _index == 0 => _owner.SensesBattery ? _owner.BatteryMillivolts / 2 : 0,
            < 19 => Inputs[channel].At(time),
            _ => 0,
        };
        long reference = _owner.ReferenceMillivolts;
        long code = Math.Clamp(((millivolts * 4095L) + (reference / 2)) / reference, 0, 4095);
        return (int)code & ~((1 << (12 - Bits)) - 1);
    }

    private ushort Align(int sample)
    {
        int value = sample >> (12 - Bits);
        if ((_cr2.Value & 0x800) == 0)
            return (ushort)value;
        // six bits are aligned in a byte (13.7)
        return (ushort)(Bits == 6 ? value << 2 : value << (16 - Bits));
    }

    private ushort AlignInjected(int sample, int offset)
    {
        int value = (sample >> (12 - Bits)) - offset;
        return (ushort)((_cr2.Value & 0x800) == 0 ? value : Bits == 6 ? value << 1 : value << (15 - Bits));
    }

    private void Watch(int channel, int sample, bool injected)
    {
        if ((_cr1.Value >> (injected ? 22 : 23) & 1) == 0 || ((_cr1.Value & 0x200) != 0 && (int)(_cr1.Value & 0x1f) != channel))
            return;
        if ((ulong)sample > _high.Value || (ulong)sample < _low.Value)
            _sr.Value |= Watchdog;
    }

    private void OnConverted()
    {
        if (_injected)
            EndInjected();
        else if (_regular)
            EndRegular();
        Update();
    }

    private void EndInjected()
    {
        int channel = InjectedChannel;
        int sample = Sample(channel, SampleTime(_clock.Now));
        Watch(channel, sample, injected: true);
        _injectedData[_injectedPosition] = AlignInjected(sample, (int)_offsets[_injectedPosition].Value);
        bool end = ++_injectedPosition >= InjectedLength;
        if (end)
        {
            _injectedPosition = 0;
            _sr.Value |= InjectedEnd;
        }

        bool more = !end && (_cr1.Value & 0x1000) == 0;
        _injected = more;
        if (more)
            _converting.Extend(Cycles(InjectedChannel));
        else if (_regular)
            _converting.Extend(Cycles(Channel));
    }

    private void EndRegular()
    {
        int channel = Channel;
        int sample = Sample(channel, SampleTime(_clock.Now));
        Watch(channel, sample, injected: false);
        bool end = ++_position >= Length;
        if (end)
            _position = 0;
        if (!Store(Align(sample), end))
            return;
        bool pause = Discontinuous && Scan && (_position % ((int)(_cr1.Value >> 13 & 7) + 1)) == 0;
        _regular = end ? Continuous && !Discontinuous : !pause;
        if (end && (_cr1.Value & 0x400) != 0)
        {
            // JAUTO: the injected group follows by itself (13.3.9)
            _injected = true;
            _converting.Extend(Cycles(InjectedChannel));
            return;
        }

        if (!_regular)
            return;
        if (MayPark(end))
        {
            _isParked = true;
            _parked.Set(0);
            _parked.Start();
        }
        else
        {
            _converting.Extend(Cycles(Channel));
        }
    }

    // nothing but the data changes until somebody looks
    private bool MayPark(bool end) => end && Continuous && !Dma && !EachConversion && _owner.Multi == 0 && (Status & EndOfConversion) != 0
        && ((_cr1.Value & 0x80_0000) == 0 || (Status & Watchdog) != 0);

    private bool Store(ushort value, bool end)
    {
        if (_owner.TakeResult(_index, value))
        {
            _data = value;
            _sr.Value |= end || EachConversion ? EndOfConversion : 0;
            return (Status & OverrunFlag) == 0;
        }

        if (_unread && (Dma || EachConversion))
        {
            Overrun();
            Request.Set(false);
            return false;
        }

        _data = value;
        _unread = true;
        if (end || EachConversion)
            _sr.Value |= EndOfConversion;
        if (Dma && !_dmaEnded)
            Request.Set(true);
        return true;
    }

    private ulong ReadData()
    {
        ushort value = _data;
        DataTaken();
        return value;
    }

    private void OnTrigger(bool injected)
    {
        if (!IsClocked)
            return;
        Sync();
        if (injected)
            _owner.StartInjected(_index);
        else
            _owner.StartRegular(_index);
        Update();
    }

    private void OnControl()
    {
        const ulong SoftwareStart = 1 << 30, InjectedSoftwareStart = 1 << 22;
        bool start = (_cr2.Value & SoftwareStart) != 0, startInjected = (_cr2.Value & InjectedSoftwareStart) != 0;
        _cr2.Value &= ~(SoftwareStart | InjectedSoftwareStart);
        if (!Dma)
        {
            _dmaEnded = false;
            if (_owner.MultiDma == 0)
                Request.Set(false);
        }

        if (!On)
        {
            _converting.Disarm();
            (_regular, _injected, _position, _injectedPosition) = (false, false, 0, 0);
            if (start || startInjected)
                _owner.Error($"ADC{_index + 1} is started while it is off");
        }

        Listen();
        if (On && startInjected)
            _owner.StartInjected(_index);
        if (On && start)
            _owner.StartRegular(_index);
        Update();
    }

    private void Listen()
    {
        _regularTrigger.Select(On ? (int)(_cr2.Value >> 28) & 3 : 0, (int)(_cr2.Value >> 24) & 15);
        _injectedTrigger.Select(On ? (int)(_cr2.Value >> 20) & 3 : 0, (int)(_cr2.Value >> 16) & 15);
    }

    private void Update() => _owner.UpdateIrq();
}

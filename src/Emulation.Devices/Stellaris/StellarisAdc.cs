using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Analog-to-digital converter of a Stellaris microcontroller: 10 bits of 3.0 V, four sample sequencers. LM3S6965 data sheet, "Analog-to-Digital Converter (ADC)". Ports: 4 KiB MMIO; analog pins; triggers; out IRQ "ss0" to "ss3".</summary>
/// <remarks>A sequence that has begun runs to its end before the next begins, whatever its priority. The test mode's loopback is kept as written.</remarks>
public sealed class StellarisAdc : StellarisPeripheral
{
    /// <summary>The trigger that is always there: a sequence begins again when it ended.</summary>
    public const int AlwaysTrigger = 15;

    private const int Sequencers = 4, Reference = 3000;
    private readonly Func<int> _speed;
    private readonly CycleTimer _timer;
    private readonly Pin?[] _pins = new Pin?[8];
    private readonly IrqLine[] _irqs = new IrqLine[Sequencers];
    private readonly Queue<ushort>[] _fifos = [new(8), new(4), new(4), new(1)];
    private readonly BitField _active, _mask, _overflow, _underflow, _average;
    private readonly Register _triggers, _priority;
    private readonly Register[] _mux = new Register[Sequencers], _control = new Register[Sequencers];
    private uint _raw, _waiting;
    private int _current = -1, _step;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="busClock">The gated clock.</param>
    /// <param name="converter">The converter's clock of 16 MHz.</param>
    /// <param name="speed">Gives samples per second that are allowed.</param>
    public StellarisAdc(string name, VirtualClock clock, GuestLog log, ClockSignal busClock, ClockSignal converter, Func<int> speed) : base(name, clock, log, busClock)
    {
        ArgumentNullException.ThrowIfNull(speed);
        _speed = speed;
        _timer = new CycleTimer($"{name} sample", clock, converter, OnSample);
        for (int i = 0; i < Sequencers; i++)
            _irqs[i] = AddLine($"ss{i}");
        Registers.Define(0x000, "ADCACTSS").Bits(3, 0, "ASEN", out _active).Ignored(31, 4).Then(OnActive);
        Registers.Define(0x004, "ADCRIS", access: RegisterAccess.ReadOnly).Bits(3, 0, "INR", FieldMode.ReadOnly, read: () => _raw).Reserved(31, 4);
        Registers.Define(0x008, "ADCIM").Bits(3, 0, "MASK", out _mask).Ignored(31, 4).Then(Update);
        Registers.Define(0x00c, "ADCISC").Bits(3, 0, "IN", read: () => _raw & _mask!.Value, write: v => _raw &= ~(uint)v).Ignored(31, 4).Then(Update);
        Registers.Define(0x010, "ADCOSTAT").Bits(3, 0, "OV", out _overflow, FieldMode.WriteOneToClear).Ignored(31, 4);
        _triggers = Registers.Define(0x014, "ADCEMUX").Bits(15, 0, "EM").Ignored(31, 16).Then(OnActive);
        Registers.Define(0x018, "ADCUSTAT").Bits(3, 0, "UV", out _underflow, FieldMode.WriteOneToClear).Ignored(31, 4);
        _priority = Registers.Define(0x020, "ADCSSPRI", 0x3210).Bits(1, 0, "SS0").Ignored(3, 2).Bits(5, 4, "SS1").Ignored(7, 6).Bits(9, 8, "SS2").Ignored(11, 10).Bits(13, 12, "SS3").Ignored(31, 14);
        Registers.Define(0x028, "ADCPSSI", access: RegisterAccess.WriteOnly).Bits(3, 0, "SS", FieldMode.WriteOnly, write: v => Begin((uint)v & (uint)_active.Value)).Ignored(31, 4);
        Registers.Define(0x030, "ADCSAC").Bits(2, 0, "AVG", out _average).Ignored(31, 3);
        for (int i = 0; i < Sequencers; i++)
        {
            int index = i;
            ulong at = 0x40 + (0x20 * (ulong)i);
            DefineSteps(i, at);
            Registers.Define(at + 8, $"ADCSSFIFO{i}", access: RegisterAccess.ReadOnly).Bits(9, 0, "DATA", FieldMode.ReadOnly, read: () => Take(index)).Reserved(31, 10);
            Registers.Define(at + 12, $"ADCSSFSTAT{i}", access: RegisterAccess.ReadOnly).Bits(12, 0, "FULL, EMPTY, HPTR, TPTR", FieldMode.ReadOnly, read: () => FifoStatus(index)).Reserved(31, 13);
        }

        Registers.Define(0x100, "ADCTMLB").Flag(0, "LB").Ignored(31, 1);
    }

    /// <summary>Temperature of the chip in thousandths of a degree Celsius; not part of the guest's state, and kept over resets.</summary>
    public int TemperatureMillidegrees { get; set; } = 25_000;

    /// <summary>A sequencer's interrupt.</summary>
    /// <param name="sequencer">0 to 3.</param>
    public IrqLine Irq(int sequencer) => _irqs[sequencer];

    /// <summary>Leads an analog input out.</summary>
    /// <param name="input">0 to 7.</param>
    /// <param name="pin">The pin.</param>
    public void ConnectInput(int input, Pin pin) => _pins[input] = pin;

    /// <summary>A trigger comes: sequencers that wait for it begin.</summary>
    /// <param name="source">As in ADCEMUX: 1 and 2 comparators, 4 pin PB4, 5 timers, 6 to 8 PWM generators.</param>
    public void Trigger(int source)
    {
        if (!BusClock.IsRunning)
            return;
        uint begun = 0;
        for (int i = 0; i < Sequencers; i++)
        {
            if ((int)(_triggers.Value >> (4 * i) & 15) == source)
                begun |= 1u << i;
        }

        Begin(begun & (uint)_active.Value);
    }

    // four bits a step: the number of one of four inputs; how to convert
    private void DefineSteps(int sequencer, ulong at)
    {
        int steps = sequencer switch { 0 => 8, 3 => 1, _ => 4 };
        Register mux = Registers.Define(at, $"ADCSSMUX{sequencer}"), control = Registers.Define(at + 4, $"ADCSSCTL{sequencer}", sequencer == 3 ? 2u : 0);
        for (int step = 0; step < 8; step++)
        {
            int bit = 4 * step;
            if (step < steps)
            {
                mux.Bits(bit + 1, bit, $"MUX{step}").Ignored(bit + 3, bit + 2);
                control.Bits(bit + 3, bit, $"TS{step}, IE{step}, END{step}, D{step}");
            }
            else
            {
                mux.Ignored(bit + 3, bit);
                control.Ignored(bit + 3, bit);
            }
        }

        (_mux[sequencer], _control[sequencer]) = (mux, control);
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        foreach (Queue<ushort> fifo in _fifos)
            fifo.Clear();
        (_raw, _waiting, _current, _step) = (0, 0, -1, 0);
        _timer.Disarm();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        foreach (Queue<ushort> fifo in _fifos)
        {
            writer.Write(fifo.Count);
            foreach (ushort value in fifo)
                writer.Write(value);
        }

        writer.Write(_raw);
        writer.Write(_waiting);
        writer.Write(_current);
        writer.Write(_step);
        writer.Write(TemperatureMillidegrees);
        _timer.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        for (int i = 0; i < Sequencers; i++)
        {
            _fifos[i].Clear();
            int count = reader.ReadCount(2);
            if (count > Size(i))
                throw reader.Damaged($"{count} samples in a FIFO of {Size(i)}");
            for (; count > 0; count--)
                _fifos[i].Enqueue(reader.ReadUInt16());
        }

        _raw = reader.ReadUInt32() & 15;
        _waiting = reader.ReadUInt32() & 15;
        _current = reader.ReadInt32();
        _step = reader.ReadInt32();
        if (_current is < -1 or >= Sequencers || _step < 0 || _step >= (_current < 0 ? 8 : Size(_current)))
            throw reader.Damaged("a sequencer has no such step");
        TemperatureMillidegrees = reader.ReadInt32();
        _timer.Load(reader);
    }

    private static int Size(int sequencer) => sequencer switch { 0 => 8, 3 => 1, _ => 4 };

    private ulong FifoStatus(int index)
    {
        int count = _fifos[index].Count;
        // the pointers are not kept: the head is where the tail is plus the samples that wait
        return (count == 0 ? 0x100u : 0) | (count == Size(index) ? 0x1000u : 0) | ((uint)(count % Size(index)) << 4);
    }

    private ulong Take(int index)
    {
        if (_fifos[index].TryDequeue(out ushort value))
            return value;
        _underflow.Value |= 1UL << index;
        return 0;
    }

    private void OnActive()
    {
        _waiting &= (uint)_active.Value;
        uint always = 0;
        for (int i = 0; i < Sequencers; i++)
        {
            if ((int)(_triggers.Value >> (4 * i) & 15) == AlwaysTrigger && i != _current)
                always |= 1u << i;
        }

        Begin(always & (uint)_active.Value);
    }

    private void Begin(uint sequencers)
    {
        _waiting |= sequencers;
        if (_current < 0)
            Next();
    }

    private void Next()
    {
        _current = -1;
        _step = 0;
        for (int i = 0; i < Sequencers; i++)
        {
            if ((_waiting >> i & 1) != 0 && (_current < 0 || Priority(i) < Priority(_current)))
                _current = i;
        }

        if (_current < 0)
            return;
        _waiting &= ~(1u << _current);
        _timer.Arm(SampleCycles);
    }

    private int Priority(int index) => (int)(_priority.Value >> (4 * index) & 3);

    // 16 cycles at full speed; with averaging as many samples make a result
    private ulong SampleCycles => (ulong)(16_000_000 / Math.Max(125_000, _speed())) << (int)Math.Min(_average.Value, 6);

    private void OnSample()
    {
        int index = _current;
        if (index < 0)
            return;
        uint control = (uint)(_control[index].Value >> (4 * _step) & 15);
        ushort value = Convert((int)(_mux[index].Value >> (4 * _step) & 7), control);
        if (_fifos[index].Count == Size(index))
            _overflow.Value |= 1UL << index;
        else
            _fifos[index].Enqueue(value);
        if ((control & 4) != 0)
            _raw |= 1u << index;
        bool ends = (control & 2) != 0 || _step == Size(index) - 1;
        if (!ends)
        {
            _step++;
            _timer.Extend(SampleCycles);
        }
        else
        {
            if ((int)(_triggers.Value >> (4 * index) & 15) == AlwaysTrigger)
                _waiting |= (1u << index) & (uint)_active.Value;
            Next();
        }

        Update();
    }

    private ushort Convert(int input, uint control)
    {
        // the sensor: 2.7 V - (T + 55) / 75
        if ((control & 8) != 0)
            return Code(2700 - ((TemperatureMillidegrees + 55_000) / 75));
        if ((control & 1) == 0)
            return Code(Millivolts(input));
        int pair = (input & 3) * 2;
        return (ushort)Math.Clamp(512 + ((Millivolts(pair) - Millivolts(pair + 1)) * 512 / Reference), 0, 1023);
    }

    private int Millivolts(int input) => _pins[input]?.Millivolts ?? 0;

    private static ushort Code(int millivolts) => (ushort)Math.Clamp((long)millivolts * 1024 / Reference, 0, 1023);

    private void Update()
    {
        for (int i = 0; i < Sequencers; i++)
            _irqs[i].Set((_raw & (uint)_mask.Value & (1u << i)) != 0);
    }
}

using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Digital-to-analog converter of the STM32F4, two channels. RM0090 chapter 14. Ports: 1 KiB MMIO; out IRQ "irq"; analog pins; triggers; DMA requests.</summary>
/// <remarks>The output follows at once: neither the clocks from DHR to DOR nor settling take time; the output buffer makes no difference.</remarks>
public sealed class Stm32Dac : Stm32Peripheral
{
    private const int SoftwareTrigger = 7;
    private const uint InitialNoise = 0xaaa;

    private readonly Register _control;
    private readonly Channel[] _channels;
    private uint _status;

    /// <summary>Creates the converter.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="busClock">The gated APB1 clock.</param>
    /// <param name="referenceMillivolts">VREF+.</param>
    public Stm32Dac(string name, GuestLog log, VirtualClock clock, ClockSignal busClock, int referenceMillivolts = 3300)
        : base(name, log, clock, busClock)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(referenceMillivolts);
        ReferenceMillivolts = referenceMillivolts;
        Irq = AddLine("irq");
        _channels = [new Channel(this, 0), new Channel(this, 1)];
        Channel one = _channels[0], two = _channels[1];
        _control = Registers.Define(0x00, "CR").Bits(13, 0, "channel 1").Reserved(15, 14).Bits(29, 16, "channel 2").Reserved(31, 30).Then(OnControl);
        Registers.Define(0x04, "SWTRIGR", access: RegisterAccess.WriteOnly).Bits(1, 0, "SWTRIG", FieldMode.WriteOnly, write: OnSoftwareTrigger).Ignored(31, 2);
        foreach ((Channel channel, ulong at) in new[] { (one, 0x08UL), (two, 0x14UL) })
        {
            int number = channel.Index + 1;
            Registers.Define(at, $"DHR12R{number}").Bits(11, 0, "DACCDHR", read: () => channel.Holding, write: channel.Hold).Reserved(31, 12);
            Registers.Define(at + 4, $"DHR12L{number}").Ignored(3, 0).Bits(15, 4, "DACCDHR", read: () => channel.Holding, write: channel.Hold).Reserved(31, 16);
            Registers.Define(at + 8, $"DHR8R{number}").Bits(7, 0, "DACCDHR", read: () => channel.Holding >> 4, write: v => channel.Hold(v << 4)).Reserved(31, 8);
        }

        Registers.Define(0x20, "DHR12RD").Bits(11, 0, "DACC1DHR", read: () => one.Holding, write: one.Hold).Reserved(15, 12)
            .Bits(27, 16, "DACC2DHR", read: () => two.Holding, write: two.Hold).Reserved(31, 28);
        Registers.Define(0x24, "DHR12LD").Ignored(3, 0).Bits(15, 4, "DACC1DHR", read: () => one.Holding, write: one.Hold)
            .Ignored(19, 16).Bits(31, 20, "DACC2DHR", read: () => two.Holding, write: two.Hold);
        Registers.Define(0x28, "DHR8RD").Bits(7, 0, "DACC1DHR", read: () => one.Holding >> 4, write: v => one.Hold(v << 4))
            .Bits(15, 8, "DACC2DHR", read: () => two.Holding >> 4, write: v => two.Hold(v << 4)).Reserved(31, 16);
        Registers.Define(0x2c, "DOR1", access: RegisterAccess.ReadOnly).Bits(11, 0, "DACC1DOR", FieldMode.ReadOnly, read: () => one.Output).Reserved(31, 12);
        Registers.Define(0x30, "DOR2", access: RegisterAccess.ReadOnly).Bits(11, 0, "DACC2DOR", FieldMode.ReadOnly, read: () => two.Output).Reserved(31, 12);
        Registers.Define(0x34, "SR").Ignored(12, 0).Flag(13, "DMAUDR1", read: () => (_status & 1) != 0, write: v => ClearUnderrun(0, v)).Ignored(28, 14)
            .Flag(29, "DMAUDR2", read: () => (_status & 2) != 0, write: v => ClearUnderrun(1, v)).Ignored(31, 30);
    }

    /// <summary>The interrupt output, which reports underruns.</summary>
    public IrqLine Irq { get; }

    /// <summary>VREF+ in millivolts.</summary>
    public int ReferenceMillivolts { get; }

    /// <summary>The DMA requests of both channels.</summary>
    public IEnumerable<DmaRequest> DmaRequests => [_channels[0].Request, _channels[1].Request];

    /// <summary>What a channel puts out, in millivolts; null while it is off.</summary>
    /// <param name="channel">1 or 2.</param>
    public int? Millivolts(int channel) => _channels[channel - 1].Millivolts;

    /// <summary>Connects a channel's output to a pin.</summary>
    /// <param name="channel">1 or 2.</param>
    /// <param name="pin">PA4 or PA5.</param>
    public void Connect(int channel, Pin pin)
    {
        ArgumentNullException.ThrowIfNull(pin);
        _channels[channel - 1].Pin = pin.Driver($"{Name}.out{channel}");
    }

    /// <summary>Connects a trigger of both channels.</summary>
    /// <param name="select">TSEL: 0 to 6.</param>
    /// <param name="source">A timer's TRGO or EXTI line 9.</param>
    public void ConnectTrigger(int select, Stm32Trigger source)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)select, (uint)SoftwareTrigger, nameof(select));
        ArgumentNullException.ThrowIfNull(source);
        foreach (Channel channel in _channels)
        {
            channel.Triggers[select] = source;
            channel.Listen();
        }
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _status = 0;
        foreach (Channel channel in _channels)
            channel.Reset();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_status);
        foreach (Channel channel in _channels)
            channel.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _status = reader.ReadUInt32() & 3;
        foreach (Channel channel in _channels)
            channel.Load(reader);
    }

    private void OnControl()
    {
        foreach (Channel channel in _channels)
            channel.OnControl();
        UpdateIrq();
    }

    private void OnSoftwareTrigger(ulong channels)
    {
        foreach (Channel channel in _channels)
        {
            if ((channels >> channel.Index & 1) != 0 && channel.Select == SoftwareTrigger)
                channel.Trigger(hardware: false);
        }
    }

    private void ClearUnderrun(int channel, bool clear)
    {
        if (clear)
            _status &= ~(1u << channel);
        UpdateIrq();
    }

    private void UpdateIrq()
    {
        uint enabled = (uint)(_control.Value >> 13 & 1) | ((uint)(_control.Value >> 29 & 1) << 1);
        Irq.Set((_status & enabled) != 0);
    }

    private sealed class Channel
    {
        private readonly Stm32Dac _owner;
        private readonly Action<bool> _sink;
        private Stm32Trigger? _heard;
        private uint _holding;
        private uint _output;
        private uint _noise = InitialNoise;
        private uint _triangle;
        private bool _falling;

        public Channel(Stm32Dac owner, int index)
        {
            (_owner, Index) = (owner, index);
            Request = new DmaRequest($"{owner.Name.ToUpperInvariant()}{index + 1}") { Acknowledged = _ => Request!.Set(false) };
            _sink = level =>
            {
                if (level)
                    Trigger(hardware: true);
            };
        }

        public int Index { get; }

        public DmaRequest Request { get; }

        public Stm32Trigger?[] Triggers { get; } = new Stm32Trigger?[SoftwareTrigger + 1];

        public PinDriver? Pin { get; set; }

        public uint Holding => _holding;

        public uint Output => _output;

        public int Select => Field(3, 7);

        public int? Millivolts => !Bit(0) ? null : (int)(((_output * (long)_owner.ReferenceMillivolts) + 2047) / 4095);

        public void Hold(ulong value)
        {
            _holding = (uint)value & 0xfff;
            if (!Bit(2))
                Convert(_holding);
        }

        public void OnControl()
        {
            if (!Bit(2) && Bit(0))
                _output = _holding;
            if (Field(6, 3) == 0)
                (_noise, _triangle, _falling) = (InitialNoise, 0, false);
            if (!Bit(12))
                Request.Set(false);
            Listen();
            Drive();
        }

        public void Trigger(bool hardware)
        {
            if (!Bit(0) || !Bit(2) || !_owner.BusClock.IsRunning)
                return;
            uint mask = (2u << Math.Min(Field(8, 15), 11)) - 1;
            uint value = _holding;
            switch (Field(6, 3))
            {
                case 1:
                    value += _noise & mask;
                    Shift();
                    break;
                case >= 2:
                    value += _triangle;
                    StepTriangle(mask);
                    break;
                default:
                    break;
            }

            Convert(value & 0xfff);
            if (hardware && Bit(12))
                Demand();
        }

        // a trigger is listened to only while it has an effect
        public void Listen()
        {
            Stm32Trigger? wanted = Bit(0) && Bit(2) ? Triggers[Select] : null;
            if (wanted == _heard)
                return;
            if (_heard != null)
                _heard.Changed -= _sink;
            _heard = wanted;
            if (wanted != null)
                wanted.Changed += _sink;
        }

        public void Reset()
        {
            (_holding, _output, _noise, _triangle, _falling) = (0, 0, InitialNoise, 0, false);
            Request.Set(false);
            Listen();
            Pin?.Release();
        }

        public void Save(StateWriter writer)
        {
            writer.Write(_holding);
            writer.Write(_output);
            writer.Write(_noise);
            writer.Write(_triangle);
            writer.Write(_falling);
            Request.Save(writer);
        }

        public void Load(StateReader reader)
        {
            _holding = reader.ReadUInt32() & 0xfff;
            _output = reader.ReadUInt32() & 0xfff;
            _noise = reader.ReadUInt32() & 0xfff;
            _triangle = reader.ReadUInt32() & 0xfff;
            _falling = reader.ReadBoolean();
            Request.Load(reader);
            Listen();
        }

        private bool Bit(int bit) => (_owner._control.Value >> ((16 * Index) + bit) & 1) != 0;

        private int Field(int low, int mask) => (int)(_owner._control.Value >> ((16 * Index) + low)) & mask;

        private void Demand()
        {
            if ((_owner._status >> Index & 1) != 0)
                return;
            if (!Request.Level)
            {
                Request.Set(true);
                return;
            }

            // the last request was not served yet (14.3.7)
            _owner._status |= 1u << Index;
            Request.Set(false);
            _owner.UpdateIrq();
        }

        // x^12 + x^6 + x^4 + x + 1, and a one into a register that is all zeros (14.3.8)
        private void Shift()
        {
            uint bit = (_noise ^ (_noise >> 1) ^ (_noise >> 4) ^ (_noise >> 6)) & 1;
            _noise = _noise == 0 ? 0x800 : (_noise >> 1) | (bit << 11);
        }

        private void StepTriangle(uint top)
        {
            if (_triangle >= top)
                _falling = true;
            else if (_triangle == 0)
                _falling = false;
            _triangle = _falling ? _triangle - 1 : _triangle + 1;
        }

        private void Convert(uint value)
        {
            _output = value;
            Drive();
        }

        private void Drive()
        {
            if (Millivolts is { } millivolts)
                Pin?.SetVoltage(millivolts);
            else
                Pin?.Release();
        }
    }
}

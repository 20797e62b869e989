using Emulation.Core;

namespace Emulation.Devices;

/// <summary>USART or UART of the STM32F1, F2 and F4. RM0090 chapter 30. Ports: 1 KiB MMIO; out IRQ "irq"; a serial line; DMA requests RX and TX; signals CTS and RTS.</summary>
/// <remarks>
/// Characters take the time that the baud rate gives; TX and RX themselves are not driven bit by bit. Input waits at the line while the receiver is disabled, or while RTS holds it off;
/// otherwise an unread character is overrun. A break counts as one whatever its length (LBDL). The clock of synchronous mode and the pulses of IrDA do not leave the device: their registers keep what is written.
/// </remarks>
public sealed partial class Stm32Usart : Stm32Peripheral
{
    private const uint ParityError = 1 << 0;
    private const uint FramingError = 1 << 1;
    private const uint NoiseFlag = 1 << 2;
    private const uint Overrun = 1 << 3;
    private const uint Idle = 1 << 4;
    private const uint ReceiveNotEmpty = 1 << 5;
    private const uint TransmissionComplete = 1 << 6;
    private const uint TransmitEmpty = 1 << 7;
    private const uint LinBreak = 1 << 8;
    private const uint ClearToSendChanged = 1 << 9;
    private const uint InitialStatus = TransmitEmpty | TransmissionComplete;

    private readonly ISerialLine _line;
    private readonly Stm32UsartOptions _options;
    private readonly CycleTimer _transmitting;
    private readonly CycleTimer _receiving;
    private readonly Queue<(ushort Frame, UsartErrors Errors)> _frames = new();

    private readonly BitField _divisor;
    private readonly FlagField _sendBreak;
    private readonly FlagField _mute;
    private readonly FlagField _receiveEnabled;
    private readonly FlagField _transmitEnabled;
    private readonly BitField _interrupts;
    private readonly FlagField _parityInterrupt;
    private readonly FlagField _parityOdd;
    private readonly FlagField _parityControl;
    private readonly FlagField _wakeByAddress;
    private readonly FlagField _nineBits;
    private readonly FlagField _enabled;
    private readonly FlagField _over8;
    private readonly BitField _address;
    private readonly FlagField _breakInterrupt;
    private readonly BitField _stop;
    private readonly FlagField _lin;
    private readonly FlagField _errorInterrupt;
    private readonly FlagField _halfDuplex;
    private readonly FlagField _smartcard;
    private readonly FlagField _receiveDma;
    private readonly FlagField _transmitDma;
    private readonly FlagField? _rtsEnabled;
    private readonly FlagField? _ctsEnabled;
    private readonly FlagField? _ctsInterrupt;
    private readonly BitField? _guardTime;

    private uint _status = InitialStatus;
    private uint _seen;
    private ushort _received;
    private ushort _waiting;
    private ushort _shifting;
    private TransmitState _sending;
    private bool _frameArriving;
    private bool _wasEnabled;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="line">The serial line.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="busClock">The gated APB clock, which also gives the baud rate.</param>
    /// <param name="options">Its kind; the default is a full USART.</param>
    public Stm32Usart(string name, ISerialLine line, GuestLog log, VirtualClock clock, ClockSignal busClock, Stm32UsartOptions? options = null)
        : base(name, log, clock, busClock)
    {
        ArgumentNullException.ThrowIfNull(line);
        _line = line;
        _options = options ?? new Stm32UsartOptions();
        Irq = AddLine("irq");
        string prefix = name.ToUpperInvariant();
        (ReceiveRequest, TransmitRequest) = (new DmaRequest($"{prefix}_RX"), new DmaRequest($"{prefix}_TX"));
        (ClearToSend, RequestToSend) = (new PinSignal($"{prefix}_CTS") { InputChanged = OnClearToSend }, new PinSignal($"{prefix}_RTS"));
        _transmitting = new CycleTimer($"{name}.transmit", clock, busClock, OnTransmitted);
        _receiving = new CycleTimer($"{name}.receive", clock, busClock, OnReceiveTime);

        bool full = _options.Synchronous;
        // by bytes: a write of one byte leaves the flags in the other alone, and reads nothing
        Register status = Registers.Define(0x00, "SR", reset: InitialStatus)
            .Bits(7, 0, "PE to TXE", read: () => ReadStatus() & 0xff, write: v => ClearStatus(v | 0x300)).Bits(full ? 9 : 8, 8, "LBD, CTS", read: () => _status >> 8, write: v => ClearStatus((v << 8) | 0xff));
        _ = full ? status.Ignored(31, 10) : status.Ignored(31, 9);
        Registers.Define(0x04, "DR", access: RegisterAccess.ReadOnly).Bits(8, 0, "DR", FieldMode.ReadOnly, read: ReadData).Reserved(31, 9);
        Registers.Define(0x04, "DR", access: RegisterAccess.WriteOnly).Bits(8, 0, "DR", FieldMode.WriteOnly, write: WriteData).Ignored(31, 9);
        Registers.Define(0x08, "BRR").Bits(15, 0, "DIV_Mantissa, DIV_Fraction", out _divisor).Ignored(31, 16).Then(OnControl);
        Registers.Define(0x0c, "CR1")
            .Flag(0, "SBK", out _sendBreak).Flag(1, "RWU", out _mute).Flag(2, "RE", out _receiveEnabled).Flag(3, "TE", out _transmitEnabled)
            .Bits(7, 4, "IDLEIE, RXNEIE, TCIE, TXEIE", out _interrupts).Flag(8, "PEIE", out _parityInterrupt).Flag(9, "PS", out _parityOdd)
            .Flag(10, "PCE", out _parityControl).Flag(11, "WAKE", out _wakeByAddress).Flag(12, "M", out _nineBits).Flag(13, "UE", out _enabled)
            .Reserved(14, 14).Flag(15, "OVER8", out _over8).Reserved(31, 16).Then(OnControl);
        Register control2 = Registers.Define(0x10, "CR2")
            .Bits(3, 0, "ADD", out _address).Reserved(4, 4).Flag(5, "LBDL").Flag(6, "LBDIE", out _breakInterrupt).Reserved(7, 7)
            .Bits(13, 12, "STOP", out _stop).Flag(14, "LINEN", out _lin).Reserved(31, 15).Then(OnControl);
        _ = full ? control2.Bits(11, 8, "LBCL, CPHA, CPOL, CLKEN") : control2.Ignored(11, 8);
        Register control3 = Registers.Define(0x14, "CR3")
            .Flag(0, "EIE", out _errorInterrupt).Bits(2, 1, "IREN, IRLP").Flag(3, "HDSEL", out _halfDuplex)
            .Flag(6, "DMAR", out _receiveDma).Flag(7, "DMAT", out _transmitDma).Flag(11, "ONEBIT").Reserved(31, 12).Then(OnControl);
        Register guard = Registers.Define(0x18, "GTPR").Bits(7, 0, "PSC").Reserved(31, 16);
        if (full)
        {
            control3.Flag(4, "NACK").Flag(5, "SCEN", out _smartcard).Flag(8, "RTSE", out _rtsEnabled).Flag(9, "CTSE", out _ctsEnabled).Flag(10, "CTSIE", out _ctsInterrupt);
            guard.Bits(15, 8, "GT", out _guardTime);
        }
        else
        {
            // a flag that is never set
            control3.Ignored(4, 4).Flag(5, "SCEN", out _smartcard, FieldMode.ReadOnly).Ignored(10, 8);
            guard.Ignored(15, 8);
        }

        line.InputArrived += StartReceiving;
    }

    /// <summary>The interrupt output.</summary>
    public IrqLine Irq { get; }

    /// <summary>DMA request of the receiver.</summary>
    public DmaRequest ReceiveRequest { get; }

    /// <summary>DMA request of the transmitter.</summary>
    public DmaRequest TransmitRequest { get; }

    /// <summary>The nCTS input; low lets the transmitter send.</summary>
    public PinSignal ClearToSend { get; }

    /// <summary>The nRTS output; low while a character can be received.</summary>
    public PinSignal RequestToSend { get; }

    /// <summary>Raised for each frame that was sent with its data bits (and not the parity bit), when its last stop bit ended; 9-bit frames reach the serial line without their highest bit.</summary>
    public event Action<ushort>? FrameSent;

    /// <summary>Cycles of the bus clock in a bit (30.3.4); 0 while none is programmed.</summary>
    private ulong BitCycles
    {
        get
        {
            ulong divisor = _divisor.Value;
            return _over8.Value ? ((divisor >> 4) * 8) + (divisor & 7) : divisor;
        }
    }

    private int DataBits => (_nineBits.Value ? 9 : 8) - (_parityControl.Value ? 1 : 0);

    // halves of a bit: start, data and parity, stop (1, 0.5, 2, 1.5)
    private ulong FrameHalfBits => (ulong)(2 + (_nineBits.Value ? 18 : 16)) + (_stop.Value switch { 0 => 2UL, 1 => 1, 2 => 4, _ => 3 });

    private ulong FrameCycles => (FrameHalfBits * BitCycles + 1) / 2;

    private bool Runs => _enabled.Value && BitCycles != 0;

    /// <inheritdoc/>
    protected override void ResetState()
    {
        if (_sending == TransmitState.Break)
            _line.SetBreak(false);
        _transmitting.Disarm();
        _receiving.Disarm();
        _frames.Clear();
        _status = InitialStatus;
        (_seen, _received, _waiting, _shifting, _sending, _frameArriving, _wasEnabled) = (0, 0, 0, 0, TransmitState.Idle, false, false);
        ReceiveRequest.Set(false);
        TransmitRequest.Set(false);
        RequestToSend.Drive(PinDrive.Floating);
        _line.Reset();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _transmitting.Save(writer);
        _receiving.Save(writer);
        writer.Write(_frames.Count);
        foreach ((ushort frame, UsartErrors errors) in _frames)
        {
            writer.Write(frame);
            writer.Write((byte)errors);
        }

        writer.Write(_status);
        writer.Write(_seen);
        writer.Write(_received);
        writer.Write(_waiting);
        writer.Write(_shifting);
        writer.Write((byte)_sending);
        writer.Write(_frameArriving);
        writer.Write(_wasEnabled);
        ReceiveRequest.Save(writer);
        TransmitRequest.Save(writer);
        ClearToSend.Save(writer);
        RequestToSend.Save(writer);
        _line.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _transmitting.Load(reader);
        _receiving.Load(reader);
        _frames.Clear();
        for (int left = reader.ReadCount(3); left > 0; left--)
            _frames.Enqueue(((ushort)(reader.ReadUInt16() & 0x1ff), (UsartErrors)(reader.ReadByte() & 7)));
        _status = reader.ReadUInt32() & 0x3ff;
        _seen = reader.ReadUInt32() & 0x3ff;
        _received = (ushort)(reader.ReadUInt16() & 0x1ff);
        _waiting = (ushort)(reader.ReadUInt16() & 0x1ff);
        _shifting = (ushort)(reader.ReadUInt16() & 0x1ff);
        byte sending = reader.ReadByte();
        if (sending > (byte)TransmitState.Guard)
            throw reader.Damaged("a transmitter in an unknown state");
        _sending = (TransmitState)sending;
        _frameArriving = reader.ReadBoolean();
        _wasEnabled = reader.ReadBoolean();
        ReceiveRequest.Load(reader);
        TransmitRequest.Load(reader);
        ClearToSend.Load(reader);
        RequestToSend.Load(reader);
        _line.Load(reader);
    }

    private ulong ReadStatus() => _seen = _status;

    // RXNE, TC, LBD and CTS are cleared by writing 0, the others by their sequences (30.6.1)
    private void ClearStatus(ulong value)
    {
        const uint Clearable = ReceiveNotEmpty | TransmissionComplete | LinBreak | ClearToSendChanged;
        _status &= (uint)value | ~Clearable;
        Update();
        StartReceiving();
    }

    private ulong ReadData()
    {
        const uint Sequence = ParityError | FramingError | NoiseFlag | Overrun | Idle;
        ushort value = _received;
        _status &= ~((_seen & Sequence) | ReceiveNotEmpty);
        _seen = 0;
        Update();
        StartReceiving();
        return value;
    }

    private void WriteData(ulong value)
    {
        _status &= ~((_seen & (TransmissionComplete | ParityError)) | TransmitEmpty);
        _seen = 0;
        _waiting = (ushort)value;
        StartTransmitting();
        Update();
    }

    private void OnControl()
    {
        bool enabled = _enabled.Value && _transmitEnabled.Value;
        if (enabled && !_wasEnabled && _sending == TransmitState.Idle && Runs)
        {
            // a rising TE sends an idle frame first (30.3.2)
            _wasEnabled = true;
            Begin(TransmitState.Preamble, FrameCycles, extend: false);
        }

        _wasEnabled = enabled && Runs;
        if (!_receiveEnabled.Value || !Runs)
        {
            _receiving.Disarm();
            _frameArriving = false;
        }

        StartTransmitting();
        StartReceiving();
        Update();
    }

    private void OnClearToSend()
    {
        if (_ctsEnabled is not { Value: true } || !BusClock.IsRunning)
            return;
        _status |= ClearToSendChanged;
        StartTransmitting();
        Update();
    }

    private void Update()
    {
        // IDLE, RXNE (or ORE), TC and TXE stand in SR as their enables stand in CR1
        uint flags = _status | ((_status & Overrun) != 0 ? ReceiveNotEmpty : 0);
        bool errors = _errorInterrupt.Value && _receiveDma.Value && (_status & (FramingError | NoiseFlag | Overrun)) != 0;
        Irq.Set(((flags >> 4) & (uint)_interrupts.Value) != 0
            || (_parityInterrupt.Value && (_status & ParityError) != 0)
            || (_breakInterrupt.Value && (_status & LinBreak) != 0)
            || (_ctsInterrupt is { Value: true } && (_status & ClearToSendChanged) != 0)
            || errors);
        ReceiveRequest.Set(_receiveDma.Value && (_status & ReceiveNotEmpty) != 0);
        TransmitRequest.Set(_transmitDma.Value && _enabled.Value && (_status & TransmitEmpty) != 0);
        if (_rtsEnabled is { Value: true } && _enabled.Value)
            RequestToSend.Drive((_status & ReceiveNotEmpty) != 0 || !_receiveEnabled.Value);
        else
            RequestToSend.Drive(PinDrive.Floating);
    }
}

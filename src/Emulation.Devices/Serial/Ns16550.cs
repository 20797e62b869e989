using Emulation.Core;

namespace Emulation.Devices;

/// <summary>UART 16550A with 16-byte FIFOs. National Semiconductor PC16550D data sheet. Ports: MMIO of 8 registers; out IRQ "irq"; a serial line.</summary>
/// <remarks>CTS, DSR and DCD of the line are always asserted; characters arrive without parity or framing errors.</remarks>
public sealed class Ns16550 : MmioDevice
{
    private const int FifoSize = 16;
    private const int LineStatusInterrupt = 0x6;
    private const int ReceivedDataInterrupt = 0x4;
    private const int TimeoutInterrupt = 0xc;
    private const int TransmitterEmptyInterrupt = 0x2;
    private const int ModemStatusInterrupt = 0x0;
    private const int NoInterrupt = 0x1;
    private const ulong IdleModemStatus = 0xb;

    private readonly ISerialLine _line;
    private readonly VirtualClock _clock;
    private readonly Ns16550Options _options;
    private readonly SymbolFifo _received = new(FifoSize);
    private readonly ClockTimer _timeout;
    private readonly ClockTimer _receiving;
    private readonly SerialTransmitter _transmitter;

    private readonly FlagField _enableReceived;
    private readonly FlagField _enableLineStatus;
    private readonly FlagField _enableModemStatus;
    private readonly BitField _fifoControl;
    private readonly BitField _wordLength;
    private readonly FlagField _twoStops;
    private readonly FlagField _parity;
    private readonly FlagField _divisorAccess;
    private readonly BitField _modemControl;
    private readonly FlagField _loop;
    private readonly FlagField _overrun;
    private readonly FlagField _break;
    private readonly BitField _modemDeltas;
    private readonly BitField _modemStatus;
    private readonly BitField _divisorLow;
    private readonly BitField _divisorHigh;

    private byte _lastReceived;
    private bool _fifos;
    private bool _timedOut;
    private bool _enableTransmitter;
    private bool _transmitterPending;
    private bool _sendingBreak;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="line">The serial line.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="options">Wiring; the default is byte-wide registers without gaps and no pacing.</param>
    public Ns16550(string name, ISerialLine line, VirtualClock clock, GuestLog log, Ns16550Options? options = null)
        : base(name, log, 8UL << (options?.RegisterShift ?? 0), options?.Sizes ?? AccessSizes.All)
    {
        _line = line;
        _clock = clock;
        _options = options ?? new Ns16550Options();
        Irq = AddLine("irq");
        _timeout = clock.CreateTimer($"{name}.timeout", OnTimeout);
        _receiving = clock.CreateTimer($"{name}.receive", OnReceived);
        _transmitter = new SerialTransmitter($"{name}.transmit", FifoSize, clock, () => CharacterTime, OnSent);

        Registers.Define(0, "RBR", width: 8, access: RegisterAccess.ReadOnly).Bits(7, 0, "data", FieldMode.ReadOnly, read: TakeReceived);
        Registers.Define(0, "THR", width: 8, access: RegisterAccess.WriteOnly).Bits(7, 0, "data", FieldMode.WriteOnly, write: v => Transmit((byte)v));
        Registers.Define(1, "IER", width: 8)
            .Flag(0, "ERBFI", out _enableReceived)
            .Flag(1, "ETBEI", read: () => _enableTransmitter, write: EnableTransmitter)
            .Flag(2, "ELSI", out _enableLineStatus).Flag(3, "EDSSI", out _enableModemStatus).Ignored(7, 4).Then(UpdateIrq);
        Registers.Define(2, "IIR", width: 8, access: RegisterAccess.ReadOnly)
            .Bits(3, 0, "interrupt ID", FieldMode.ReadOnly, read: IdentifyInterrupt).Reserved(5, 4)
            .Bits(7, 6, "FIFOs enabled", FieldMode.ReadOnly, read: () => _fifos ? 3UL : 0);
        Registers.Define(2, "FCR", width: 8, access: RegisterAccess.WriteOnly)
            .Bits(7, 0, "FIFO control", out _fifoControl, FieldMode.WriteOnly, write: SetFifoControl);
        Registers.Define(3, "LCR", width: 8)
            .Bits(1, 0, "WLS", out _wordLength).Flag(2, "STB", out _twoStops).Flag(3, "PEN", out _parity).Bits(5, 4, "EPS, stick parity")
            .Flag(6, "set break", write: SetBreak, read: () => _sendingBreak).Flag(7, "DLAB", out _divisorAccess);
        Registers.Define(4, "MCR", width: 8)
            .Bits(3, 0, "DTR, RTS, OUT1, OUT2", out _modemControl).Flag(4, "loop", out _loop).Ignored(7, 5).Then(UpdateModem);
        Registers.Define(5, "LSR", width: 8, access: RegisterAccess.ReadOnly)
            .Flag(0, "DR", FieldMode.ReadOnly, read: () => _received.Count > 0)
            .Flag(1, "OE", out _overrun, FieldMode.ReadToClear).Reserved(3, 2).Flag(4, "BI", out _break, FieldMode.ReadToClear)
            .Flag(5, "THRE", FieldMode.ReadOnly, read: () => HoldingEmpty)
            .Flag(6, "TEMT", FieldMode.ReadOnly, read: () => HoldingEmpty && !_transmitter.Timer.IsArmed)
            .Flag(7, "error in FIFO", FieldMode.ReadOnly, read: () => _fifos && (_break!.Value || _received.HasBreakAfterFirst)).AfterRead(UpdateIrq);
        Registers.Define(6, "MSR", reset: IdleModemStatus << 4, width: 8, access: RegisterAccess.ReadOnly)
            .Bits(3, 0, "deltas", out _modemDeltas, FieldMode.ReadToClear)
            .Bits(7, 4, "DCD, RI, DSR, CTS", out _modemStatus, FieldMode.ReadOnly).AfterRead(UpdateIrq);
        Registers.Define(7, "SCR", width: 8).Bits(7, 0, "scratch");

        RegisterMap divisor = Registers.Overlay(() => _divisorAccess.Value);
        divisor.Define(0, "DLL", reset: 12, width: 8).Bits(7, 0, "divisor", out _divisorLow);
        divisor.Define(1, "DLM", width: 8).Bits(7, 0, "divisor", out _divisorHigh);
        line.InputArrived += OnInputArrived;
    }

    /// <summary>The interrupt output, INTR.</summary>
    public IrqLine Irq { get; }

    private bool HoldingEmpty => _transmitter.Waiting.Count == 0;

    private int Capacity => _fifos ? FifoSize : 1;

    private int Trigger => !_fifos ? 1 : (_fifoControl.Value >> 6) switch { 0 => 1, 1 => 4, 2 => 8, _ => 14 };

    /// <summary>Nanoseconds that one character takes on the line.</summary>
    private long CharacterTime
    {
        get
        {
            ulong length = 5 + _wordLength.Value;
            ulong halfBits = (2 * (1 + length + (_parity.Value ? 1UL : 0))) + (!_twoStops.Value ? 2UL : length == 5 ? 3UL : 4UL);
            ulong divisor = Math.Max(1, (_divisorHigh.Value << 8) | _divisorLow.Value);
            return VirtualClock.TimeOf(halfBits * 8 * divisor, _options.ClockFrequency);
        }
    }

    /// <inheritdoc/>
    public override ulong Read(ulong offset, int size) => IsRegister(offset) ? Registers.Read(offset >> _options.RegisterShift, 1) : 0;

    /// <inheritdoc/>
    public override void Write(ulong offset, int size, ulong value)
    {
        if (IsRegister(offset))
            Registers.Write(offset >> _options.RegisterShift, 1, value);
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _received.Clear();
        _transmitter.Reset();
        _timeout.Disarm();
        _receiving.Disarm();
        _lastReceived = 0;
        _fifos = _timedOut = _enableTransmitter = _transmitterPending = false;
        EndBreak();
        _line.Reset();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _received.Save(writer);
        _transmitter.Waiting.Save(writer);
        _timeout.Save(writer);
        _receiving.Save(writer);
        _transmitter.Timer.Save(writer);
        writer.Write(_lastReceived);
        writer.Write(_transmitter.Register);
        writer.Write(_fifos);
        writer.Write(_timedOut);
        writer.Write(_enableTransmitter);
        writer.Write(_transmitterPending);
        writer.Write(_sendingBreak);
        _line.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _received.Load(reader);
        _transmitter.Waiting.Load(reader);
        _timeout.Load(reader);
        _receiving.Load(reader);
        _transmitter.Timer.Load(reader);
        _lastReceived = reader.ReadByte();
        _transmitter.Register = reader.ReadByte();
        _fifos = reader.ReadBoolean();
        _timedOut = reader.ReadBoolean();
        _enableTransmitter = reader.ReadBoolean();
        _transmitterPending = reader.ReadBoolean();
        _sendingBreak = reader.ReadBoolean();
        _line.Load(reader);
    }

    private bool IsRegister(ulong offset) => (offset & ((1UL << _options.RegisterShift) - 1)) == 0;

    private void OnInputArrived()
    {
        Fill();
        UpdateIrq();
    }

    /// <summary>Takes input from the line: what there is room for, or one character per character time.</summary>
    private void Fill()
    {
        if (_loop.Value)
            return;
        if (_options.Paced)
        {
            if (_line.PendingInput > 0 && !_receiving.IsArmed)
                _receiving.Arm(_clock.Now + CharacterTime);
            return;
        }

        while (_received.Count < Capacity && _line.TryReceive(out SerialSymbol symbol))
            Push(symbol);
    }

    private void OnReceived()
    {
        if (!_loop.Value && _line.TryReceive(out SerialSymbol symbol))
            Push(symbol);
        Fill();
        UpdateIrq();
    }

    private void Push(SerialSymbol symbol)
    {
        if (_received.Count == Capacity)
        {
            // a full FIFO keeps what it has, a lone buffer is overwritten (8.5, LSR bit 1)
            _overrun.Value = true;
            if (_fifos)
                return;
            _received.Clear();
        }

        _received.Add(symbol);
        if (_received.Count == 1)
            _break.Value |= symbol.IsBreak;
        if (_fifos)
            _timeout.Arm(_clock.Now + (4 * CharacterTime));
    }

    private ulong TakeReceived()
    {
        _timedOut = false;
        _timeout.Disarm();
        if (_received.TryTake(out SerialSymbol symbol))
        {
            _lastReceived = symbol.Value;
            _break.Value |= _received.FirstIsBreak;
        }
        else if (_fifos)
        {
            _lastReceived = 0;
        }

        byte value = _lastReceived;
        Fill();
        if (_fifos && _received.Count > 0)
            _timeout.Arm(_clock.Now + (4 * CharacterTime));
        UpdateIrq();
        return value;
    }

    private void OnTimeout()
    {
        _timedOut = _received.Count > 0;
        UpdateIrq();
    }

    private void Transmit(byte value)
    {
        _transmitterPending = false;
        if (_loop.Value)
        {
            Push(new SerialSymbol(value));
            FinishTransmit();
        }
        else if (!_options.Paced)
        {
            FinishTransmit();
            _line.Transmit(value);
        }
        else if (_transmitter.Send(value, Capacity))
        {
            FinishTransmit();
        }
        else
        {
            UpdateIrq();
        }
    }

    private void OnSent(byte sent, bool taken)
    {
        if (taken && HoldingEmpty)
            FinishTransmit();
        if (_loop.Value)
            return;
        _line.Transmit(sent);
    }

    private void FinishTransmit()
    {
        _transmitterPending = true;
        UpdateIrq();
    }

    private void EnableTransmitter(bool on)
    {
        // enabling it while the holding register is empty interrupts at once: drivers start a transmission that way
        if (on != _enableTransmitter)
            _transmitterPending = on && HoldingEmpty;
        _enableTransmitter = on;
    }

    private void SetFifoControl(ulong value)
    {
        bool enable = (value & 1) != 0;
        bool changed = enable != _fifos;
        _fifos = enable;
        // the other bits are programmed only together with bit 0 (8.4)
        _fifoControl.Value = enable ? value & 0xc9 : 0;
        if (changed || (enable && (value & 2) != 0))
        {
            _received.Clear();
            _timeout.Disarm();
            _timedOut = false;
        }

        if ((changed || (enable && (value & 4) != 0)) && !HoldingEmpty)
        {
            _transmitter.Waiting.Clear();
            _transmitterPending = true;
        }

        Fill();
        UpdateIrq();
    }

    private void SetBreak(bool on)
    {
        if (on == _sendingBreak)
            return;
        _sendingBreak = on;
        if (!_loop.Value)
            _line.SetBreak(on);
    }

    private void EndBreak()
    {
        if (_sendingBreak)
            SetBreak(false);
    }

    private void UpdateModem()
    {
        // in loopback DTR, RTS, OUT1 and OUT2 appear as DSR, CTS, RI and DCD (8.6)
        ulong control = _modemControl.Value;
        ulong status = _loop.Value
            ? ((control & 2) >> 1) | ((control & 1) << 1) | (control & 0xc)
            : IdleModemStatus;
        ulong changed = status ^ _modemStatus.Value;
        // TERI is set by the trailing edge only
        ulong deltas = (changed & 0xb) | (changed & 4 & ~status);
        _modemStatus.Value = status;
        _modemDeltas.Value |= deltas;
        Fill();
        UpdateIrq();
    }

    private ulong IdentifyInterrupt()
    {
        int id = PendingInterrupt();
        if (id == TransmitterEmptyInterrupt)
        {
            _transmitterPending = false;
            UpdateIrq();
        }

        return (ulong)id;
    }

    private int PendingInterrupt()
    {
        if (_enableLineStatus.Value && (_overrun.Value || _break.Value))
            return LineStatusInterrupt;
        if (_enableReceived.Value && _received.Count >= Trigger)
            return ReceivedDataInterrupt;
        if (_enableReceived.Value && _timedOut)
            return TimeoutInterrupt;
        if (_enableTransmitter && _transmitterPending)
            return TransmitterEmptyInterrupt;
        return _enableModemStatus.Value && _modemDeltas.Value != 0 ? ModemStatusInterrupt : NoInterrupt;
    }

    private void UpdateIrq() => Irq.Set(PendingInterrupt() != NoInterrupt);
}

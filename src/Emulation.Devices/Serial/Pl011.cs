using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Arm PrimeCell UART PL011 with 16-character FIFOs. Arm DDI 0183G, revision r1p4. Ports: 4 KiB MMIO; out IRQ "intr" (UARTINTR); a serial line.</summary>
/// <remarks>
/// CTS, DSR and DCD of the line are always asserted; characters arrive without parity or framing errors. SIR and DMA requests are not modelled: their registers keep what is
/// written. A disabled transmitter sends all the same, and that is reported: early consoles forget to enable it. A disabled receiver leaves input where it is.
/// </remarks>
public sealed class Pl011 : MmioDevice
{
    private const int FifoSize = 16;
    private const uint Receive = 1 << 4;
    private const uint Transmit = 1 << 5;
    private const uint ReceiveTimeout = 1 << 6;
    private const uint BreakError = 1 << 9;
    private const uint OverrunError = 1 << 10;
    private const int TimeoutBits = 32;

    // fractions of the FIFO in eighths, by the fields of UARTIFLS (3.3.9)
    private static ReadOnlySpan<byte> Eighths => [1, 2, 4, 6, 7, 7, 7, 7];

    private readonly ISerialLine _line;
    private readonly VirtualClock _clock;
    private readonly Pl011Options _options;
    private readonly SymbolFifo _received = new(FifoSize);
    private readonly ClockTimer _timeout;
    private readonly ClockTimer _receiving;
    private readonly SerialTransmitter _transmitter;

    private readonly BitField _integerDivisor;
    private readonly BitField _fractionalDivisor;
    private readonly FlagField _parity;
    private readonly FlagField _twoStops;
    private readonly FlagField _fifos;
    private readonly BitField _wordLength;
    private readonly FlagField _enabled;
    private readonly FlagField _loop;
    private readonly FlagField _transmitEnabled;
    private readonly FlagField _receiveEnabled;
    private readonly BitField _modemOutputs;
    private readonly BitField _transmitLevel;
    private readonly BitField _receiveLevel;
    private readonly BitField _mask;
    private readonly BitField _errors;

    private uint _raw;
    private bool _overrun;
    private bool _sendingBreak;
    private uint _modem;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="line">The serial line.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="options">Wiring; the default is 24 MHz and no pacing.</param>
    public Pl011(string name, ISerialLine line, VirtualClock clock, GuestLog log, Pl011Options? options = null)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(clock);
        _line = line;
        _clock = clock;
        _options = options ?? new Pl011Options();
        _modem = IdleModem;
        Irq = AddLine("intr");
        _timeout = clock.CreateTimer($"{name}.timeout", OnTimeout);
        _receiving = clock.CreateTimer($"{name}.receive", OnReceived);
        _transmitter = new SerialTransmitter($"{name}.transmit", FifoSize, clock, () => CharacterTime, OnSent);

        Registers.Define(0x00, "UARTDR").Bits(11, 0, "DATA, FE, PE, BE, OE", read: TakeReceived, write: v => Send((byte)v)).Ignored(31, 12);
        Registers.Define(0x04, "UARTRSR/UARTECR").Bits(3, 0, "FE, PE, BE, OE", out _errors, FieldMode.ReadOnly).Ignored(31, 4).Then(ClearErrors);
        Registers.Define(0x18, "UARTFR", access: RegisterAccess.ReadOnly).Bits(8, 0, "flags", FieldMode.ReadOnly, read: ReadFlags).Reserved(31, 9);
        Registers.Define(0x20, "UARTILPR").Bits(7, 0, "ILPDVSR").Reserved(31, 8);
        Registers.Define(0x24, "UARTIBRD").Bits(15, 0, "BAUD DIVINT", out _integerDivisor).Reserved(31, 16);
        Registers.Define(0x28, "UARTFBRD").Bits(5, 0, "BAUD DIVFRAC", out _fractionalDivisor).Reserved(31, 6);
        Registers.Define(0x2c, "UARTLCR_H")
            .Flag(0, "BRK", read: () => _sendingBreak, write: SetBreak).Flag(1, "PEN", out _parity).Flag(2, "EPS").Flag(3, "STP2", out _twoStops)
            .Flag(4, "FEN", out _fifos).Bits(6, 5, "WLEN", out _wordLength).Flag(7, "SPS").Reserved(31, 8).Then(OnLineControl);
        const uint ModemOutputs = 0xfc00, ModemInterrupts = 0xf;
        Register control = Registers.Define(0x30, "UARTCR", reset: 0x300)
            .Flag(0, "UARTEN", out _enabled).Bits(2, 1, "SIREN, SIRLP").Ignored(6, 3).Flag(7, "LBE", out _loop)
            .Flag(8, "TXE", out _transmitEnabled).Flag(9, "RXE", out _receiveEnabled).Bits(13, 10, "DTR, RTS, Out1, Out2", out _modemOutputs)
            .Bits(15, 14, "RTSEn, CTSEn").Reserved(31, 16);
        control.Then(() =>
        {
            control.Value &= _options.HasModem ? uint.MaxValue : ~ModemOutputs;
            OnControl();
        });
        Registers.Define(0x34, "UARTIFLS", reset: 0x12).Bits(2, 0, "TXIFLSEL", out _transmitLevel).Bits(5, 3, "RXIFLSEL", out _receiveLevel).Reserved(31, 6).Then(UpdateIrq);
        Registers.Define(0x38, "UARTIMSC").Bits(10, 0, "mask", out _mask).Reserved(31, 11).Then(() =>
        {
            _mask!.Value &= _options.HasModem ? uint.MaxValue : ~ModemInterrupts;
            UpdateIrq();
        });
        Registers.Define(0x3c, "UARTRIS", access: RegisterAccess.ReadOnly).Bits(10, 0, "raw", FieldMode.ReadOnly, read: () => _raw).Reserved(31, 11);
        Registers.Define(0x40, "UARTMIS", access: RegisterAccess.ReadOnly).Bits(10, 0, "masked", FieldMode.ReadOnly, read: () => _raw & _mask!.Value).Reserved(31, 11);
        Registers.Define(0x44, "UARTICR", access: RegisterAccess.WriteOnly).Bits(10, 0, "clear", FieldMode.WriteOnly, write: Clear).Ignored(31, 11);
        Registers.Define(0x48, "UARTDMACR").Bits(2, 0, "RXDMAE, TXDMAE, DMAONERR").Reserved(31, 3);
        PrimeCell.DefineIdentification(Registers, _options.PeripheralId);
        line.InputArrived += OnInputArrived;
    }

    /// <summary>The interrupt output, UARTINTR.</summary>
    public IrqLine Irq { get; }

    private int Capacity => _fifos.Value ? FifoSize : 1;

    private int ReceiveTrigger => _fifos.Value ? FifoSize * Eighths[(int)_receiveLevel.Value] / 8 : 1;

    private int TransmitTrigger => _fifos.Value ? FifoSize * Eighths[(int)_transmitLevel.Value] / 8 : 0;

    private bool Receives => _receiveEnabled.Value && _enabled.Value && !_loop.Value;

    /// <summary>Nanoseconds of one bit on the line.</summary>
    private long BitTime(int bits)
    {
        // 16 clocks times the divisor, whose fraction counts sixty-fourths (3.3.6)
        ulong divisor = Math.Max(64, (_integerDivisor.Value << 6) | _fractionalDivisor.Value);
        ulong cycles = (ulong)bits * divisor / 4;
        if (_options.Clock is not { } clock)
            return VirtualClock.TimeOf(cycles, _options.ClockFrequency);
        // far enough for a line that stands still, and no overflow when it is added to the time
        return clock.IsRunning ? clock.Frequency.TimeOf(cycles) : long.MaxValue / 4;
    }

    private long CharacterTime => BitTime(1 + 5 + (int)_wordLength.Value + (_parity.Value ? 1 : 0) + (_twoStops.Value ? 2 : 1));

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _received.Clear();
        _transmitter.Reset();
        _timeout.Disarm();
        _receiving.Disarm();
        _raw = 0;
        _overrun = false;
        _modem = IdleModem;
        if (_sendingBreak)
            SetBreak(false);
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
        writer.Write(_raw);
        writer.Write(_overrun);
        writer.Write(_transmitter.Register);
        writer.Write(_sendingBreak);
        writer.Write(_modem);
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
        _raw = reader.ReadUInt32() & 0x7ff;
        _overrun = reader.ReadBoolean();
        _transmitter.Register = reader.ReadByte();
        _sendingBreak = reader.ReadBoolean();
        _modem = reader.ReadUInt32() & 0xf;
        _line.Load(reader);
    }

    // the other side is ready
    private uint IdleModem => _options.HasModem ? 7u : 0;

    private ulong ReadFlags()
    {
        bool busy = _transmitter.Timer.IsArmed || _transmitter.Waiting.Count > 0;
        uint flags = (_modem & 7) | ((_modem & 8) << 5);
        if (busy)
            flags |= 1 << 3;
        if (_received.Count == 0)
            flags |= 1 << 4;
        if (_transmitter.Waiting.Count >= Capacity)
            flags |= 1 << 5;
        if (_received.Count >= Capacity)
            flags |= 1 << 6;
        if (_transmitter.Waiting.Count == 0)
            flags |= 1 << 7;
        return flags;
    }

    private void OnInputArrived()
    {
        Fill();
        UpdateIrq();
    }

    /// <summary>Takes input from the line: what there is room for, or one character per character time.</summary>
    private void Fill()
    {
        if (!Receives)
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
        if (Receives && _line.TryReceive(out SerialSymbol symbol))
            Push(symbol);
        Fill();
        UpdateIrq();
    }

    private void Push(SerialSymbol symbol)
    {
        if (_received.Count >= Capacity)
        {
            // what is in the FIFO stays valid, the shift register is overwritten (3.3.1)
            _overrun = true;
            _raw |= OverrunError;
            return;
        }

        _received.Add(symbol);
        if (symbol.IsBreak)
            _raw |= BreakError;
        if (_received.Count == ReceiveTrigger)
            _raw |= Receive;
        if (_fifos.Value)
            _timeout.Arm(_clock.Now + BitTime(TimeoutBits));
    }

    private ulong TakeReceived()
    {
        if (!_received.TryTake(out SerialSymbol symbol))
            return 0;
        ulong errors = (symbol.IsBreak ? 4UL : 0) | (_overrun ? 8UL : 0);
        _errors.Value = errors;
        _overrun = false;
        Fill();
        if (_received.Count < ReceiveTrigger)
            _raw &= ~Receive;
        if (_received.Count == 0)
        {
            _raw &= ~ReceiveTimeout;
            _timeout.Disarm();
        }
        else if (_fifos.Value)
        {
            _timeout.Arm(_clock.Now + BitTime(TimeoutBits));
        }

        UpdateIrq();
        return symbol.Value | (errors << 8);
    }

    private void OnTimeout()
    {
        if (_received.Count > 0)
            _raw |= ReceiveTimeout;
        UpdateIrq();
    }

    private void Send(byte value)
    {
        if (!_enabled.Value || !_transmitEnabled.Value)
            Log.Error(Name, "a character is sent while the transmitter is disabled");
        if (_loop.Value)
        {
            Push(new SerialSymbol(value));
            _raw |= Transmit;
            UpdateIrq();
        }
        else if (!_options.Paced)
        {
            // it is gone at once, so the FIFO has just passed its level
            _raw |= Transmit;
            UpdateIrq();
            _line.Transmit(value);
        }
        else
        {
            bool waits = !_transmitter.Send(value, Capacity);
            if (waits && _transmitter.Waiting.Count > TransmitTrigger)
                _raw &= ~Transmit;
            else if (!waits && !_fifos.Value)
                _raw |= Transmit;
            UpdateIrq();
        }
    }

    private void OnSent(byte sent, bool taken)
    {
        if (_transmitter.Waiting.Count <= TransmitTrigger)
            _raw |= Transmit;
        UpdateIrq();
        _line.Transmit(sent);
    }

    // Without FIFOs there is room for one character; what is more is dropped.
    private void OnLineControl()
    {
        if (!_fifos.Value)
        {
            _timeout.Disarm();
            _raw &= ~ReceiveTimeout;
            TrimToOne(_received);
            TrimToOne(_transmitter.Waiting);
        }

        Fill();
        UpdateIrq();
    }

    private static void TrimToOne(SymbolFifo fifo)
    {
        if (fifo.Count <= 1)
            return;
        fifo.TryTake(out SerialSymbol first);
        fifo.Clear();
        fifo.Add(first);
    }

    private void OnControl()
    {
        // in loopback DTR, RTS, Out1 and Out2 appear as DSR, CTS, DCD and RI (3.3.8)
        uint outputs = (uint)_modemOutputs.Value;
        uint modem = _loop.Value
            ? (outputs >> 1 & 1) | ((outputs & 1) << 1) | (outputs & 4) | (outputs & 8)
            : IdleModem;
        uint changed = modem ^ _modem;
        _modem = modem;
        // UARTRIS has RI, CTS, DCD, DSR
        _raw |= (changed >> 3 & 1) | ((changed & 1) << 1) | (changed & 4) | ((changed & 2) << 2);
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

    private void ClearErrors()
    {
        _errors.Value = 0;
        _overrun = false;
    }

    private void Clear(ulong causes)
    {
        _raw &= ~(uint)causes;
        UpdateIrq();
    }

    private void UpdateIrq() => Irq.Set((_raw & _mask.Value) != 0);
}

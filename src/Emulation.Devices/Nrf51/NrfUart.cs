using Emulation.Core;

namespace Emulation.Devices;

/// <summary>UART of the nRF51. nRF51 Series Reference Manual, chapter 29, "Universal Asynchronous Receiver/Transmitter (UART)". Ports: 4 KiB MMIO; out IRQ "irq"; a serial line.</summary>
/// <remarks>
/// Characters take the time of BAUDRATE. The other end of the line always is ready (CTS), and with flow control it waits for this end (RTS); without, a seventh
/// character that nobody read is lost and OVERRUN is set. While the receiver is stopped the other end keeps its characters.
/// </remarks>
public sealed class NrfUart : NrfPeripheral
{
    private const int FifoSize = 6;
    private const ulong EnabledValue = 4;
    private const int CharactersToTimeout = 4;

    private readonly ISerialLine _line;
    private readonly VirtualClock _clock;
    private readonly NrfEvent _ready;
    private readonly NrfEvent _sent;
    private readonly NrfEvent _error;
    private readonly NrfEvent _stopped;
    private readonly BitField _errors;
    private readonly BitField _enable;
    private readonly BitField _baud;
    private readonly FlagField _flowControl;
    private readonly BitField _parity;
    private readonly SymbolFifo _received = new(FifoSize);
    private readonly ClockTimer _receiving;
    private readonly ClockTimer _sending;
    private readonly ClockTimer _stopping;
    private byte _shift;
    private byte _waiting;
    private bool _hasWaiting;
    private byte _data;
    private bool _hasData;
    private bool _receiver;
    private bool _transmitter;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="line">The serial line.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfUart(string name, ISerialLine line, VirtualClock clock, GuestLog log)
        : base(name, log)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(clock);
        (_line, _clock) = (line, clock);
        _receiving = clock.CreateTimer($"{name}.receive", OnReceived);
        _sending = clock.CreateTimer($"{name}.transmit", OnSent);
        _stopping = clock.CreateTimer($"{name}.stop", OnStopped);
        AddTask(0x00, "TASKS_STARTRX", () => Receive(true));
        AddTask(0x04, "TASKS_STOPRX", () => Receive(false));
        AddTask(0x08, "TASKS_STARTTX", () => Transmit(true));
        AddTask(0x0c, "TASKS_STOPTX", () => Transmit(false));
        AddTask(0x1c, "TASKS_SUSPEND", () =>
        {
            Receive(false);
            Transmit(false);
        });
        NrfEvent clear = AddEvent(0x100, "EVENTS_CTS"), notClear = AddEvent(0x104, "EVENTS_NCTS");
        _ready = AddEvent(0x108, "EVENTS_RXDRDY");
        _sent = AddEvent(0x11c, "EVENTS_TXDRDY");
        _error = AddEvent(0x124, "EVENTS_ERROR");
        _stopped = AddEvent(0x144, "EVENTS_RXTO");
        DefineShorts((3, clear, 0x00UL), (4, notClear, 0x04UL));
        DefineInterrupts();
        Registers.Define(0x480, "ERRORSRC").Bits(3, 0, "OVERRUN, PARITY, FRAMING, BREAK", out _errors, FieldMode.WriteOneToClear).Ignored(31, 4);
        Registers.Define(0x500, "ENABLE").Bits(2, 0, "ENABLE", out _enable).Ignored(31, 3).Then(Update);
        Registers.Define(0x508, "PSELRTS", uint.MaxValue).Bits(31, 0, "PSELRTS");
        Registers.Define(0x50c, "PSELTXD", uint.MaxValue).Bits(31, 0, "PSELTXD");
        Registers.Define(0x510, "PSELCTS", uint.MaxValue).Bits(31, 0, "PSELCTS");
        Registers.Define(0x514, "PSELRXD", uint.MaxValue).Bits(31, 0, "PSELRXD");
        Registers.Define(0x518, "RXD", access: RegisterAccess.ReadOnly).Bits(7, 0, "RXD", FieldMode.ReadOnly, read: () => Take()).Reserved(31, 8);
        Registers.Define(0x51c, "TXD").Bits(7, 0, "TXD", FieldMode.WriteOnly, write: v => Send((byte)v)).Ignored(31, 8);
        Registers.Define(0x524, "BAUDRATE", 0x0400_0000).Bits(31, 0, "BAUDRATE", out _baud);
        Registers.Define(0x56c, "CONFIG").Flag(0, "HWFC", out _flowControl).Bits(3, 1, "PARITY", out _parity).Ignored(31, 4);
        line.InputArrived += Update;
    }

    private bool IsEnabled => _enable.Value == EnabledValue;

    // BAUDRATE is a fraction of 16 MHz in units of 2^-32
    private long CharacterTime => new Frequency(Math.Max(1, _baud.Value) * 16_000_000 >> 12, 1UL << 20).TimeOf(_parity.Value != 0 ? 11UL : 10UL);

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _received.Clear();
        _receiving.Disarm();
        _sending.Disarm();
        _stopping.Disarm();
        (_shift, _waiting, _data) = (0, 0, 0);
        _hasWaiting = _hasData = _receiver = _transmitter = false;
        _line.Reset();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _received.Save(writer);
        _receiving.Save(writer);
        _sending.Save(writer);
        _stopping.Save(writer);
        writer.Write(_shift);
        writer.Write(_waiting);
        writer.Write(_data);
        writer.Write(_hasWaiting);
        writer.Write(_hasData);
        writer.Write(_receiver);
        writer.Write(_transmitter);
        _line.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _received.Load(reader);
        _receiving.Load(reader);
        _sending.Load(reader);
        _stopping.Load(reader);
        _shift = reader.ReadByte();
        _waiting = reader.ReadByte();
        _data = reader.ReadByte();
        _hasWaiting = reader.ReadBoolean();
        _hasData = reader.ReadBoolean();
        _receiver = reader.ReadBoolean();
        _transmitter = reader.ReadBoolean();
        _line.Load(reader);
    }

    private void Receive(bool on)
    {
        if (_receiver && !on)
            _stopping.Arm(_clock.Now + (CharactersToTimeout * CharacterTime));
        _receiver = on;
        Update();
    }

    private void Transmit(bool on)
    {
        _transmitter = on;
        Update();
    }

    private void Send(byte value)
    {
        if (!IsEnabled || !_transmitter)
            return;
        (_waiting, _hasWaiting) = (value, true);
        Update();
    }

    private byte Take()
    {
        byte value = _data;
        _hasData = false;
        Update();
        return value;
    }

    private void OnSent()
    {
        byte value = _shift;
        Raise(_sent);
        Update();
        _line.Transmit(value);
    }

    private void OnReceived()
    {
        if (_line.TryReceive(out SerialSymbol symbol))
        {
            if (_received.Count == FifoSize)
                Fail(1);
            else
                _received.Add(symbol);
            if (symbol.IsBreak)
                Fail(8);
        }

        Update();
    }

    private void OnStopped() => Raise(_stopped);

    private void Fail(ulong error)
    {
        _errors.Value |= error;
        Raise(_error);
    }

    private void Update()
    {
        if (!IsEnabled)
            return;
        if (_hasWaiting && !_sending.IsArmed)
        {
            (_shift, _hasWaiting) = (_waiting, false);
            _sending.Arm(_clock.Now + CharacterTime);
        }

        if (!_hasData && _received.TryTake(out SerialSymbol symbol))
        {
            (_data, _hasData) = (symbol.Value, true);
            Raise(_ready);
        }

        bool room = !_flowControl.Value || _received.Count < FifoSize - 2;
        if (_receiver && room && !_receiving.IsArmed && _line.PendingInput > 0)
            _receiving.Arm(_clock.Now + CharacterTime);
    }
}

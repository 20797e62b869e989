using Emulation.Core;

namespace Emulation.Devices;

/// <summary>APB UART of the Cortex-M System Design Kit: 8 bits, no parity, a buffer of one character each way. Arm DDI 0479, 4.3. Ports: 4 KiB MMIO; out IRQ "txint", "rxint", "txovrint", "rxovrint", "uartint"; a serial line.</summary>
public sealed class CmsdkUart : MmioDevice
{
    private const uint Transmit = 1, Receive = 2, TransmitOverrun = 4, ReceiveOverrun = 8;
    private const uint MinDivider = 16;
    private const ulong BitsOfCharacter = 10;

    private readonly ISerialLine _line;
    private readonly VirtualClock _clock;
    private readonly ClockSignal _signal;
    private readonly ClockTimer _shifting;
    private readonly ClockTimer _receiving;
    private readonly BitField _control;
    private readonly FlagField _fast;
    private readonly BitField _divider;
    private uint _interrupts;
    private byte _buffer;
    private byte _shift;
    private byte _received;
    private bool _full;
    private bool _arrived;
    private bool _lostSent;
    private bool _lostReceived;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="line">The serial line.</param>
    /// <param name="signal">PCLK, which the baud rate divider divides.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public CmsdkUart(string name, ISerialLine line, ClockSignal signal, VirtualClock clock, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(clock);
        (_line, _signal, _clock) = (line, signal, clock);
        TransmitIrq = AddLine("txint");
        ReceiveIrq = AddLine("rxint");
        TransmitOverrunIrq = AddLine("txovrint");
        ReceiveOverrunIrq = AddLine("rxovrint");
        Combined = AddLine("uartint");
        _shifting = clock.CreateTimer($"{name}.transmit", OnShifted);
        _receiving = clock.CreateTimer($"{name}.receive", OnReceived);
        Registers.Define(0x00, "DATA").Bits(7, 0, "data", read: Take, write: v => Send((byte)v)).Ignored(31, 8);
        Registers.Define(0x04, "STATE")
            .Flag(0, "TX buffer full", FieldMode.ReadOnly, read: () => _full).Flag(1, "RX buffer full", FieldMode.ReadOnly, read: () => _arrived)
            .Flag(2, "TX overrun", FieldMode.WriteOneToClear, read: () => _lostSent, write: v => _lostSent &= !v)
            .Flag(3, "RX overrun", FieldMode.WriteOneToClear, read: () => _lostReceived, write: v => _lostReceived &= !v).Ignored(31, 4);
        Registers.Define(0x08, "CTRL").Bits(5, 0, "enables", out _control).Flag(6, "high speed test", out _fast).Ignored(31, 7).Then(Update);
        Registers.Define(0x0c, "INTSTATUS, INTCLEAR").Bits(3, 0, "interrupts", FieldMode.WriteOneToClear, read: () => _interrupts, write: Clear).Ignored(31, 4);
        Registers.Define(0x10, "BAUDDIV").Bits(19, 0, "divider", out _divider).Ignored(31, 20).Then(Update);
        CmsdkId.Define(Registers, 0x21);
        line.InputArrived += Update;
    }

    /// <summary>The transmit buffer became empty.</summary>
    public IrqLine TransmitIrq { get; }

    /// <summary>A character arrived.</summary>
    public IrqLine ReceiveIrq { get; }

    /// <summary>A character was written to the full buffer.</summary>
    public IrqLine TransmitOverrunIrq { get; }

    /// <summary>A character arrived while one waited.</summary>
    public IrqLine ReceiveOverrunIrq { get; }

    /// <summary>Any of the others.</summary>
    public IrqLine Combined { get; }

    /// <summary>Whether a character takes one cycle of the clock, whatever the divider: for firmware that was only ever run on emulators and does not wait for the buffer.</summary>
    public bool IsInstant { get; init; }

    private bool IsOn(uint bit) => (_control.Value & bit) != 0;

    /// <inheritdoc/>
    protected override void ResetState()
    {
        (_interrupts, _buffer, _shift, _received) = (0, 0, 0, 0);
        _full = _arrived = _lostSent = _lostReceived = false;
        _shifting.Disarm();
        _receiving.Disarm();
        _line.Reset();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_interrupts);
        foreach (byte value in (byte[])[_buffer, _shift, _received])
            writer.Write(value);
        foreach (bool value in (bool[])[_full, _arrived, _lostSent, _lostReceived])
            writer.Write(value);
        _shifting.Save(writer);
        _receiving.Save(writer);
        _line.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _interrupts = reader.ReadUInt32() & 15;
        (_buffer, _shift, _received) = (reader.ReadByte(), reader.ReadByte(), reader.ReadByte());
        (_full, _arrived, _lostSent, _lostReceived) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        _shifting.Load(reader);
        _receiving.Load(reader);
        _line.Load(reader);
    }

    // A divider below 16 is not allowed, and stops the line here (4.3.3).
    private long EndOfCharacter()
    {
        long length = IsInstant ? _signal.Frequency.TimeOf(1)
            : _fast.Value ? _signal.Frequency.TimeOf(BitsOfCharacter)
            : _divider.Value >= MinDivider ? _signal.Frequency.TimeOf(BitsOfCharacter * _divider.Value)
            : long.MaxValue;
        return length == long.MaxValue ? length : _clock.Now + length;
    }

    private void Send(byte value)
    {
        if (_full)
        {
            _lostSent = true;
            Raise(TransmitOverrun, 0x10);
        }

        _buffer = value;
        _full = true;
        Update();
    }

    private ulong Take()
    {
        _arrived = false;
        Update();
        return _received;
    }

    private void OnShifted()
    {
        byte sent = _shift;
        Update();
        _line.Transmit(sent);
    }

    private void OnReceived()
    {
        if (IsOn(Receive) && _line.TryReceive(out SerialSymbol symbol))
        {
            if (_arrived)
            {
                _lostReceived = true;
                Raise(ReceiveOverrun, 0x20);
            }

            (_received, _arrived) = (symbol.Value, true);
            Raise(Receive, 8);
        }

        Update();
    }

    private void Raise(uint interrupt, uint enable)
    {
        if (IsOn(enable))
            _interrupts |= interrupt;
    }

    private void Clear(ulong interrupts)
    {
        _interrupts &= (uint)~interrupts;
        Update();
    }

    private void Update()
    {
        if (IsOn(Transmit) && _full && !_shifting.IsArmed && EndOfCharacter() is var end && end != long.MaxValue)
        {
            (_shift, _full) = (_buffer, false);
            _shifting.Arm(end);
            Raise(Transmit, 4);
        }

        if (IsOn(Receive) && !_receiving.IsArmed && _line.PendingInput > 0)
            _receiving.Arm(EndOfCharacter());
        TransmitIrq.Set((_interrupts & Transmit) != 0);
        ReceiveIrq.Set((_interrupts & Receive) != 0);
        TransmitOverrunIrq.Set((_interrupts & TransmitOverrun) != 0);
        ReceiveOverrunIrq.Set((_interrupts & ReceiveOverrun) != 0);
        Combined.Set(_interrupts != 0);
    }
}

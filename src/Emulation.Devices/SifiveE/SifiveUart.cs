using Emulation.Core;

namespace Emulation.Devices;

/// <summary>UART of the SiFive FE310, with FIFOs of eight characters. FE310-G002 Manual, "Universal Asynchronous Receiver/Transmitter (UART)". Ports: 4 KiB MMIO; out IRQ "irq"; a serial line.</summary>
/// <remarks>
/// Characters take the time that <c>div</c> and the clock give them. A character that arrives while the receive FIFO is full is lost; while the receiver is off
/// the other end of the line keeps it. Characters leave also where the pin is not given to the UART.
/// </remarks>
public sealed class SifiveUart : MmioDevice, IInterruptSource
{
    private const int FifoSize = 8;
    private const uint Flag31 = 1u << 31;

    private readonly ISerialLine _line;
    private readonly VirtualClock _clock;
    private readonly ClockSignal _signal;
    private readonly SymbolFifo _sending = new(FifoSize);
    private readonly SymbolFifo _received = new(FifoSize);
    private readonly ClockTimer _shifting;
    private readonly ClockTimer _receiving;
    private readonly FlagField _transmit;
    private readonly FlagField _twoStops;
    private readonly BitField _transmitMark;
    private readonly FlagField _receive;
    private readonly BitField _receiveMark;
    private readonly BitField _enable;
    private readonly BitField _divisor;
    private byte _shift;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="line">The serial line.</param>
    /// <param name="signal">The clock that <c>div</c> divides.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public SifiveUart(string name, ISerialLine line, ClockSignal signal, VirtualClock clock, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(clock);
        (_line, _signal, _clock) = (line, signal, clock);
        Irq = AddLine("irq");
        _shifting = clock.CreateTimer($"{name}.transmit", OnShifted);
        _receiving = clock.CreateTimer($"{name}.receive", OnReceived);
        Registers.Define(0x00, "txdata").Bits(7, 0, "data", FieldMode.WriteOnly, write: v => Send((byte)v)).Ignored(30, 8)
            .Flag(31, "full", FieldMode.ReadOnly, read: () => _sending.Count == FifoSize);
        Registers.Define(0x04, "rxdata").Bits(31, 0, "empty, data", FieldMode.ReadOnly, read: Take);
        Registers.Define(0x08, "txctrl").Flag(0, "txen", out _transmit).Flag(1, "nstop", out _twoStops).Ignored(15, 2).Bits(18, 16, "txcnt", out _transmitMark).Ignored(31, 19)
            .Then(Update);
        Registers.Define(0x0c, "rxctrl").Flag(0, "rxen", out _receive).Ignored(15, 1).Bits(18, 16, "rxcnt", out _receiveMark).Ignored(31, 19).Then(Update);
        Registers.Define(0x10, "ie").Bits(1, 0, "txwm, rxwm", out _enable).Ignored(31, 2).Then(Update);
        Registers.Define(0x14, "ip").Bits(1, 0, "txwm, rxwm", FieldMode.ReadOnly, read: () => Pending).Ignored(31, 2);
        Registers.Define(0x18, "div").Bits(15, 0, "div", out _divisor).Ignored(31, 16).Then(Update);
        line.InputArrived += Update;
    }

    /// <summary>The interrupt output.</summary>
    public IrqLine Irq { get; }

    /// <inheritdoc/>
    IReadOnlyList<IrqLine> IInterruptSource.RequiredLines => Lines;

    private ulong Pending => (_sending.Count < (int)_transmitMark.Value ? 1UL : 0) | (_received.Count > (int)_receiveMark.Value ? 2UL : 0);

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _sending.Clear();
        _received.Clear();
        _shifting.Disarm();
        _receiving.Disarm();
        _shift = 0;
        _line.Reset();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _sending.Save(writer);
        _received.Save(writer);
        _shifting.Save(writer);
        _receiving.Save(writer);
        writer.Write(_shift);
        _line.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _sending.Load(reader);
        _received.Load(reader);
        _shifting.Load(reader);
        _receiving.Load(reader);
        _shift = reader.ReadByte();
        _line.Load(reader);
    }

    /// <summary>The time at which a character that begins now is over; never while the clock stands still.</summary>
    private long EndOfCharacter(ulong bits)
    {
        long length = _signal.Frequency.TimeOf(bits * (_divisor.Value + 1));
        return length == long.MaxValue ? length : _clock.Now + length;
    }

    private void Send(byte value)
    {
        if (_sending.Count < FifoSize)
            _sending.Add(new SerialSymbol(value));
        Update();
    }

    private ulong Take()
    {
        if (!_received.TryTake(out SerialSymbol symbol))
            return Flag31;
        Update();
        return symbol.Value;
    }

    private void OnShifted()
    {
        byte sent = _shift;
        Update();
        _line.Transmit(sent);
    }

    private void OnReceived()
    {
        if (_receive.Value && _line.TryReceive(out SerialSymbol symbol) && _received.Count < FifoSize)
            _received.Add(symbol);
        Update();
    }

    private void Update()
    {
        if (_transmit.Value && !_shifting.IsArmed && _sending.TryTake(out SerialSymbol next))
        {
            _shift = next.Value;
            _shifting.Arm(EndOfCharacter(_twoStops.Value ? 11UL : 10UL));
        }

        if (_receive.Value && !_receiving.IsArmed && _line.PendingInput > 0)
            _receiving.Arm(EndOfCharacter(10));
        Irq.Set((Pending & _enable.Value) != 0);
    }
}

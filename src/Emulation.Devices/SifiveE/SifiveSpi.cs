using Emulation.Core;

namespace Emulation.Devices;

/// <summary>SPI controller of the SiFive FE310, with FIFOs of eight frames. FE310-G002 Manual, "Serial Peripheral Interface (SPI)". Ports: 4 KiB MMIO; out IRQ "irq"; an SPI bus.</summary>
/// <remarks>
/// The first controller also has a memory-mapped flash interface: while <c>fctrl</c> has it on, the board's flash window is read directly and programmed frames are
/// not sent, as in the manual. Frames take their clocks and the delays of <c>delay0</c> and <c>delay1</c>; a receive FIFO that is full loses frames.
/// </remarks>
public sealed class SifiveSpi : MmioDevice, IInterruptSource
{
    private const int FifoSize = 8;
    private const ulong Flag31 = 1UL << 31;
    private const ulong ModeAuto = 0;
    private const ulong ModeHold = 2;
    private const ulong ModeOff = 3;

    private readonly SpiBus _bus;
    private readonly ClockSignal _signal;
    private readonly VirtualClock _clock;
    private readonly SymbolFifo _sending = new(FifoSize);
    private readonly SymbolFifo _received = new(FifoSize);
    private readonly ClockTimer _timer;
    private readonly int _selects;
    private readonly BitField _divisor;
    private readonly BitField _mode;
    private readonly BitField _id;
    private readonly BitField _default;
    private readonly BitField _selectMode;
    private readonly BitField _delayBefore;
    private readonly BitField _delayAfter;
    private readonly BitField _delayIdle;
    private readonly BitField _delayBetween;
    private readonly BitField _protocol;
    private readonly FlagField _littleEndian;
    private readonly FlagField _transmitOnly;
    private readonly BitField _length;
    private readonly BitField _transmitMark;
    private readonly BitField _receiveMark;
    private readonly BitField _enable;
    private readonly FlagField? _direct;
    private byte _shift;
    private bool _active;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="bus">The bus, with a chip select of each number.</param>
    /// <param name="chipSelects">Chip selects of the controller: 1 to 4.</param>
    /// <param name="hasFlash">Whether it has the memory-mapped interface.</param>
    /// <param name="signal">The clock that <c>sckdiv</c> divides.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public SifiveSpi(string name, SpiBus bus, int chipSelects, bool hasFlash, ClockSignal signal, VirtualClock clock, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfLessThan(chipSelects, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chipSelects, 4);
        (_bus, _signal, _clock, _selects) = (bus, signal, clock, chipSelects);
        Irq = AddLine("irq");
        _timer = clock.CreateTimer($"{name}.frame", OnFrame);
        Registers.Define(0x00, "sckdiv", 3).Bits(11, 0, "div", out _divisor).Ignored(31, 12);
        Registers.Define(0x04, "sckmode").Bits(1, 0, "pol, pha", out _mode).Ignored(31, 2);
        Registers.Define(0x10, "csid").Bits(1, 0, "csid", out _id).Ignored(31, 2).Then(UpdateSelect);
        Registers.Define(0x14, "csdef", (1UL << chipSelects) - 1).Bits(chipSelects - 1, 0, "csdef", out _default).Ignored(31, chipSelects).Then(UpdateSelect);
        Registers.Define(0x18, "csmode").Bits(1, 0, "mode", out _selectMode).Ignored(31, 2).Then(() =>
        {
            _active = false;
            UpdateSelect();
        });
        Registers.Define(0x28, "delay0", 0x1_0001).Bits(7, 0, "cssck", out _delayBefore).Ignored(15, 8).Bits(23, 16, "sckcs", out _delayAfter).Ignored(31, 24);
        Registers.Define(0x2c, "delay1", 1).Bits(7, 0, "intercs", out _delayIdle).Ignored(15, 8).Bits(23, 16, "interxfr", out _delayBetween).Ignored(31, 24);
        Registers.Define(0x40, "fmt", hasFlash ? 0x8_0008UL : 0x8_0000UL).Bits(1, 0, "proto", out _protocol).Flag(2, "endian", out _littleEndian).Flag(3, "dir", out _transmitOnly)
            .Ignored(15, 4).Bits(19, 16, "len", out _length).Ignored(31, 20);
        Registers.Define(0x48, "txdata").Bits(7, 0, "data", FieldMode.WriteOnly, write: v => Send((byte)v)).Ignored(30, 8)
            .Flag(31, "full", FieldMode.ReadOnly, read: () => _sending.Count == FifoSize);
        Registers.Define(0x4c, "rxdata").Bits(31, 0, "empty, data", FieldMode.ReadOnly, read: Take);
        Registers.Define(0x50, "txmark", hasFlash ? 1UL : 0).Bits(2, 0, "txmark", out _transmitMark).Ignored(31, 3).Then(UpdateIrq);
        Registers.Define(0x54, "rxmark").Bits(2, 0, "rxmark", out _receiveMark).Ignored(31, 3).Then(UpdateIrq);
        if (hasFlash)
        {
            Registers.Define(0x60, "fctrl", 1).Flag(0, "en", out _direct).Ignored(31, 1).Then(OnDirectChanged);
            Registers.Define(0x64, "ffmt", 0x03_0007).Bits(31, 0, "command, address, padding");
        }

        Registers.Define(0x70, "ie").Bits(1, 0, "txwm, rxwm", out _enable).Ignored(31, 2).Then(UpdateIrq);
        Registers.Define(0x74, "ip").Bits(1, 0, "txwm, rxwm", FieldMode.ReadOnly, read: () => Pending).Ignored(31, 2);
    }

    /// <summary>The interrupt output.</summary>
    public IrqLine Irq { get; }

    /// <summary>Whether the memory-mapped interface is on.</summary>
    public bool IsDirect => _direct?.Value ?? false;

    /// <summary>Raised when <see cref="IsDirect"/> may have changed, also by a reset or a load.</summary>
    public event Action? DirectChanged;

    /// <inheritdoc/>
    IReadOnlyList<IrqLine> IInterruptSource.RequiredLines => Lines;

    private ulong Pending => (_sending.Count < (int)_transmitMark.Value ? 1UL : 0) | (_received.Count > (int)_receiveMark.Value ? 2UL : 0);

    private int Lanes => (int)_protocol.Value switch { 1 => 2, 2 => 4, _ => 1 };

    private ulong Bits => Math.Clamp(_length.Value, 1, 8);

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _sending.Clear();
        _received.Clear();
        _timer.Disarm();
        _shift = 0;
        _active = false;
        UpdateSelect();
        OnDirectChanged();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _sending.Save(writer);
        _received.Save(writer);
        _timer.Save(writer);
        writer.Write(_shift);
        writer.Write(_active);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _sending.Load(reader);
        _received.Load(reader);
        _timer.Load(reader);
        _shift = reader.ReadByte();
        _active = reader.ReadBoolean();
        OnDirectChanged();
    }

    private void OnDirectChanged()
    {
        DirectChanged?.Invoke();
        Begin();
    }

    private void Send(byte value)
    {
        if (_sending.Count < FifoSize)
            _sending.Add(new SerialSymbol(value));
        Begin();
        UpdateIrq();
    }

    private ulong Take()
    {
        if (!_received.TryTake(out SerialSymbol symbol))
            return Flag31;
        UpdateIrq();
        return symbol.Value;
    }

    /// <summary>Starts the next frame if there is one.</summary>
    private void Begin()
    {
        if (_timer.IsArmed || IsDirect || !_sending.TryTake(out SerialSymbol next))
            return;
        ulong half = (Bits + (ulong)Lanes - 1) / (ulong)Lanes * 2;
        if (_selectMode.Value == ModeAuto)
            half += 2 * (_delayBefore.Value + _delayAfter.Value + _delayIdle.Value);
        else
            half += 2 * (_active ? _delayBetween.Value : _delayBefore.Value);
        _shift = next.Value;
        if (_selectMode.Value != ModeOff)
            _active = true;
        UpdateSelect();
        long length = _signal.Frequency.TimeOf(half * (_divisor.Value + 1));
        _timer.Arm(length == long.MaxValue ? length : _clock.Now + length);
    }

    private void OnFrame()
    {
        int lanes = Lanes, bits = (int)Bits;
        // len counts bits; what does not fill all lanes is padded
        int onWire = (bits + lanes - 1) / lanes * lanes;
        var frame = new SpiFrame(onWire, (SpiMode)(((_mode.Value & 2) != 0 ? 2 : 0) | ((_mode.Value & 1) != 0 ? 1 : 0)), _littleEndian.Value, lanes,
            lanes == 1 ? SpiDirection.FullDuplex : _transmitOnly.Value ? SpiDirection.Out : SpiDirection.In);
        uint value = _littleEndian.Value ? _shift : (uint)_shift >> (8 - bits);
        uint answer = _bus.Exchange(value << (_littleEndian.Value ? 0 : onWire - bits), frame);
        byte received = (byte)(_littleEndian.Value ? answer & ((1u << bits) - 1) : (answer >> (onWire - bits)) << (8 - bits));
        if (!_transmitOnly.Value && _received.Count < FifoSize)
            _received.Add(new SerialSymbol(received));
        if (_selectMode.Value == ModeAuto)
        {
            _active = false;
            UpdateSelect();
        }

        Begin();
        UpdateIrq();
    }

    private void UpdateSelect()
    {
        if (_selectMode.Value is not ModeAuto and not ModeHold)
            _active = false;
        for (int i = 0; i < _selects; i++)
        {
            // csdef is the level while inactive; a line that idles low is an inverted select, which parts are not
            bool selected = _active && (int)_id.Value == i && ((_default.Value >> i) & 1) != 0;
            if (selected)
                _bus.Select(i);
            else
                _bus.Deselect(i);
        }
    }

    private void UpdateIrq() => Irq.Set((Pending & _enable.Value) != 0);
}

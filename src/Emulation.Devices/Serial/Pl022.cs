using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Arm PrimeCell synchronous serial port PL022. Arm DDI 0194H. Ports: 4 KiB MMIO; an SPI bus; out IRQ "intr" (SSPINTR); out SSPFSSOUT.</summary>
/// <remarks>It is the master: as a slave (MS) it transfers nothing. TI frames and Microwire go over the bus as plain words. DMA requests and the integration test registers are not modelled.</remarks>
public sealed class Pl022 : MmioDevice
{
    private const int FifoSize = 8;
    private const uint Overrun = 1, Timeout = 2, Receive = 4, Transmit = 8;
    private const ulong TimeoutBits = 32;
    private readonly SpiBus _bus;
    private readonly CycleTimer _word, _timeout;
    private readonly Queue<ushort> _sending = new(FifoSize), _received = new(FifoSize);
    private readonly BitField _size, _format, _rate, _prescale, _mask;
    private readonly FlagField _polarity, _phase, _loop, _enabled, _slave;
    private uint _latched;
    private ushort _shift;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="bus">The bus; the board connects chip selects.</param>
    /// <param name="signal">SSPCLK.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="options">Wiring.</param>
    public Pl022(string name, SpiBus bus, ClockSignal signal, VirtualClock clock, GuestLog log, Pl022Options? options = null)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(bus);
        options ??= new Pl022Options();
        _bus = bus;
        Irq = AddLine("intr");
        Frame.Drive(true);
        _word = new CycleTimer($"{name} word", clock, signal, OnWord);
        _timeout = new CycleTimer($"{name} timeout", clock, signal, OnTimeout);
        Registers.Define(0x00, "SSPCR0").Bits(3, 0, "DSS", out _size).Bits(5, 4, "FRF", out _format).Flag(6, "SPO", out _polarity).Flag(7, "SPH", out _phase).Bits(15, 8, "SCR", out _rate).Ignored(31, 16);
        Registers.Define(0x04, "SSPCR1").Flag(0, "LBM", out _loop).Flag(1, "SSE", out _enabled).Flag(2, "MS", out _slave).Flag(3, "SOD").Ignored(31, 4).Then(OnControl);
        Registers.Define(0x08, "SSPDR").Bits(15, 0, "DATA", read: Take, write: v => Send((ushort)v)).Ignored(31, 16);
        Registers.Define(0x0c, "SSPSR", access: RegisterAccess.ReadOnly).Bits(4, 0, "BSY, RFF, RNE, TNF, TFE", FieldMode.ReadOnly, read: () => Status).Reserved(31, 5);
        Registers.Define(0x10, "SSPCPSR").Bits(7, 0, "CPSDVSR", out _prescale).Ignored(31, 8);
        Registers.Define(0x14, "SSPIMSC").Bits(3, 0, "TXIM, RXIM, RTIM, RORIM", out _mask).Ignored(31, 4).Then(Update);
        Registers.Define(0x18, "SSPRIS", access: RegisterAccess.ReadOnly).Bits(3, 0, "raw", FieldMode.ReadOnly, read: () => Raw).Reserved(31, 4);
        Registers.Define(0x1c, "SSPMIS", access: RegisterAccess.ReadOnly).Bits(3, 0, "masked", FieldMode.ReadOnly, read: () => Raw & _mask!.Value).Reserved(31, 4);
        Registers.Define(0x20, "SSPICR", access: RegisterAccess.WriteOnly).Bits(1, 0, "RTIC, RORIC", FieldMode.WriteOnly, write: v => _latched &= ~(uint)v).Ignored(31, 2).Then(Update);
        if (options.HasDma)
            Registers.Define(0x24, "SSPDMACR").Bits(1, 0, "TXDMAE, RXDMAE").Ignored(31, 2);
        PrimeCell.DefineIdentification(Registers, options.PeripheralId);
    }

    /// <summary>The interrupt output.</summary>
    public IrqLine Irq { get; }

    /// <summary>The frame output, SSPFSSOUT: low while it selects a device.</summary>
    public PinSignal Frame { get; } = new("SSPFSSOUT");

    private uint Status => (_sending.Count == 0 ? 1u : 0) | (_sending.Count < FifoSize ? 2u : 0) | (_received.Count > 0 ? 4u : 0) | (_received.Count == FifoSize ? 8u : 0)
        | (_word.IsArmed || _sending.Count > 0 ? 16u : 0);

    // half full, half empty (3.4.3)
    private uint Raw => _latched | (_received.Count >= FifoSize / 2 ? Receive : 0) | (_sending.Count <= FifoSize / 2 ? Transmit : 0);

    private int Bits => (int)Math.Max(4, _size.Value + 1);

    private ulong BitCycles => Math.Max(2, _prescale.Value & ~1UL) * (_rate.Value + 1);

    private SpiFrame WordFrame => new(Bits, _format.Value == 0 ? (SpiMode)((_polarity.Value ? 2 : 0) | (_phase.Value ? 1 : 0)) : SpiMode.Mode0);

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _sending.Clear();
        _received.Clear();
        _word.Disarm();
        _timeout.Disarm();
        (_latched, _shift) = (0, 0);
        Frame.Drive(true);
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        foreach (Queue<ushort> queue in (Queue<ushort>[])[_sending, _received])
        {
            writer.Write(queue.Count);
            foreach (ushort value in queue)
                writer.Write(value);
        }

        writer.Write(_latched);
        writer.Write(_shift);
        _word.Save(writer);
        _timeout.Save(writer);
        Frame.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        foreach (Queue<ushort> queue in (Queue<ushort>[])[_sending, _received])
        {
            queue.Clear();
            int count = reader.ReadCount(2);
            if (count > FifoSize)
                throw reader.Damaged($"{count} words in a FIFO of {FifoSize}");
            for (; count > 0; count--)
                queue.Enqueue(reader.ReadUInt16());
        }

        _latched = reader.ReadUInt32() & 3;
        _shift = reader.ReadUInt16();
        _word.Load(reader);
        _timeout.Load(reader);
        Frame.Load(reader);
    }

    private void OnControl()
    {
        if (!_enabled.Value || _slave.Value)
        {
            _word.Disarm();
            Frame.Drive(true);
        }

        Begin();
        Update();
    }

    private void Send(ushort value)
    {
        if (_sending.Count == FifoSize)
        {
            Log.Error(Name, "a word is written into the full FIFO");
            return;
        }

        _sending.Enqueue(value);
        Begin();
        Update();
    }

    private ulong Take()
    {
        if (!_received.TryDequeue(out ushort value))
            return 0;
        if (_received.Count > 0)
            _timeout.Arm(TimeoutBits * BitCycles);
        else
            _timeout.Disarm();
        Update();
        return value;
    }

    private void Begin()
    {
        if (_word.IsArmed || !_enabled.Value || _slave.Value || !_sending.TryDequeue(out ushort value))
            return;
        _shift = value;
        Frame.Drive(false);
        _word.Arm((ulong)Bits * BitCycles);
    }

    private void OnWord()
    {
        SpiFrame frame = WordFrame;
        uint answer = _loop.Value ? _shift & frame.Mask : _bus.Exchange(_shift, frame);
        if (_received.Count == FifoSize)
        {
            _latched |= Overrun;
        }
        else
        {
            _received.Enqueue((ushort)answer);
            _timeout.Arm(TimeoutBits * BitCycles);
        }

        if (_sending.TryDequeue(out ushort next))
        {
            // with SPH clear the frame signal goes up between words (2.5.4)
            if (_format.Value == 0 && !_phase.Value)
            {
                Frame.Drive(true);
                Frame.Drive(false);
            }

            _shift = next;
            _word.Extend((ulong)Bits * BitCycles);
        }
        else
        {
            Frame.Drive(true);
        }

        Update();
    }

    private void OnTimeout()
    {
        if (_received.Count > 0)
            _latched |= Timeout;
        Update();
    }

    private void Update() => Irq.Set((Raw & _mask.Value) != 0);
}

using Emulation.Core;

namespace Emulation.Devices;

/// <summary>SPI controller of the STM32F4. RM0090 chapter 28. Ports: 1 KiB MMIO; an SPI bus; out IRQ "irq"; DMA requests; the NSS signal; samples of I2S.</summary>
/// <remarks>
/// As a master it exchanges words on the bus at the times of its bit clock; chip selects are set by whoever watches the pins that the guest uses for them. As a slave it answers
/// to <see cref="ExchangeAsSlave"/>, and <see cref="Stm32SpiSlave"/> puts it on a bus as a device. With a clock for I2S, samples leave by <see cref="SoundSent"/> and come from
/// <see cref="SoundWanted"/>. The levels of SCK, MISO and MOSI and of the I2S lines are not modelled; the frame format of TI changes nothing here.
/// </remarks>
public sealed partial class Stm32Spi : Stm32Peripheral
{
    private readonly SpiBus _bus;
    private readonly CycleTimer _shifting;
    private readonly Register _cr1, _cr2, _polynomial, _i2s;
    private readonly FlagField _crcError, _overrun, _modeFault, _underrun;
    private ushort _transmit, _receive, _shift, _transmitCrc, _receiveCrc;
    private bool _full, _received, _sendsCrc, _dataSent, _dataRead, _faultRead;

    /// <summary>Creates the device.</summary>
    /// <param name="name">The manual's name, such as <c>SPI1</c>.</param>
    /// <param name="bus">The bus.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="busClock">The gated clock of its APB.</param>
    /// <param name="soundClock">I2SxCLK; null for a controller without I2S.</param>
    public Stm32Spi(string name, SpiBus bus, GuestLog log, VirtualClock clock, ClockSignal busClock, ClockSignal? soundClock = null)
        : base(name, log, clock, busClock)
    {
        ArgumentNullException.ThrowIfNull(bus);
        _bus = bus;
        bus.Slave = new Stm32SpiSlave(this);
        Irq = AddLine("irq");
        (ReceiveRequest, TransmitRequest) = (new DmaRequest($"{name}_RX"), new DmaRequest($"{name}_TX"));
        Select = new PinSignal($"{name}_NSS", idleInput: true) { InputChanged = Update };
        _shifting = new CycleTimer($"{name} word", clock, busClock, OnWord);
        _hasSound = soundClock is not null;
        _sounding = new CycleTimer($"{name} half-word", clock, soundClock ?? busClock, OnHalfWord);
        _cr1 = Registers.Define(0x00, "SPI_CR1").Bits(15, 0, "CPHA to BIDIMODE").Reserved(31, 16).Then(OnControl);
        _cr2 = Registers.Define(0x04, "SPI_CR2").Bits(2, 0, "RXDMAEN, TXDMAEN, SSOE").Reserved(3, 3).Bits(7, 4, "FRF, ERRIE, RXNEIE, TXEIE").Reserved(31, 8).Then(Update);
        Registers.Define(0x08, "SPI_SR", reset: 2)
            .Flag(0, "RXNE", FieldMode.ReadOnly, read: () => _received).Flag(1, "TXE", FieldMode.ReadOnly, read: () => !_full)
            .Flag(2, "CHSIDE", FieldMode.ReadOnly, read: () => _right).Flag(3, "UDR", out _underrun, FieldMode.ReadOnly)
            .Flag(4, "CRCERR", out _crcError, FieldMode.WriteZeroToClear).Flag(5, "MODF", out _modeFault, FieldMode.ReadOnly).Flag(6, "OVR", out _overrun, FieldMode.ReadOnly)
            .Flag(7, "BSY", FieldMode.ReadOnly, read: () => _shifting!.IsArmed || _sounding!.IsArmed).Reserved(31, 8).AfterRead(OnStatusRead).Then(Update);
        // two registers at one place: a write of a byte must not read what was received
        Registers.Define(0x0c, "SPI_DR", access: RegisterAccess.ReadOnly).Bits(15, 0, "DR", FieldMode.ReadOnly, read: Take).Reserved(31, 16);
        Registers.Define(0x0c, "SPI_DR", access: RegisterAccess.WriteOnly).Bits(15, 0, "DR", FieldMode.WriteOnly, write: v => Put((ushort)v)).Ignored(31, 16);
        _polynomial = Registers.Define(0x10, "SPI_CRCPR", reset: 7).Bits(15, 0, "CRCPOLY").Reserved(31, 16);
        Registers.Define(0x14, "SPI_RXCRCR").Bits(15, 0, "RXCRC", FieldMode.ReadOnly, read: () => _receiveCrc).Reserved(31, 16);
        Registers.Define(0x18, "SPI_TXCRCR").Bits(15, 0, "TXCRC", FieldMode.ReadOnly, read: () => _transmitCrc).Reserved(31, 16);
        _i2s = Registers.Define(0x1c, "SPI_I2SCFGR").Bits(5, 0, "CHLEN to I2SSTD").Reserved(6, 6).Bits(11, 7, "PCMSYNC to I2SMOD").Reserved(31, 12).Then(OnControl);
        _soundPrescaler = Registers.Define(0x20, "SPI_I2SPR", reset: 2).Bits(9, 0, "I2SDIV, ODD, MCKOE").Reserved(31, 10);
    }

    /// <summary>The interrupt.</summary>
    public IrqLine Irq { get; }

    /// <summary>The request to take a word.</summary>
    public DmaRequest ReceiveRequest { get; }

    /// <summary>The request for a word.</summary>
    public DmaRequest TransmitRequest { get; }

    /// <summary>NSS: low while a master with SSOE is enabled; as an input, low selects a slave and is a fault for a master.</summary>
    public PinSignal Select { get; }

    private uint Control => (uint)_cr1.Value;

    private bool IsEnabled => (Control & 0x40) != 0 && !IsI2s;

    private bool IsI2s => (_i2s.Value & 0x800) != 0;

    private bool IsMaster => (Control & 4) != 0;

    private int Bits => (Control & 0x800) != 0 ? 16 : 8;

    private ushort Mask => (ushort)((1u << Bits) - 1);

    // BIDIMODE with BIDIOE sends only; BIDIMODE without it, and RXONLY, receive only (28.3.1)
    private bool SendsOnly => (Control & 0xc000) == 0xc000;

    private bool ReceivesOnly => (Control & 0xc000) == 0x8000 || (Control & 0x8400) == 0x400;

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _shifting.Disarm();
        ResetSlave();
        ResetSound();
        (_transmit, _receive, _shift, _transmitCrc, _receiveCrc) = (0, 0, 0, 0, 0);
        (_full, _received, _sendsCrc, _dataSent, _dataRead, _faultRead) = (false, false, false, false, false, false);
        Select.Drive(PinDrive.Floating);
        Update();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        foreach (ushort value in (ushort[])[_transmit, _receive, _shift, _transmitCrc, _receiveCrc])
            writer.Write(value);
        foreach (bool flag in (bool[])[_full, _received, _sendsCrc, _dataSent, _dataRead, _faultRead])
            writer.Write(flag);
        _shifting.Save(writer);
        SaveSlave(writer);
        SaveSound(writer);
        ReceiveRequest.Save(writer);
        TransmitRequest.Save(writer);
        Select.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        (_transmit, _receive, _shift, _transmitCrc, _receiveCrc) = (reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16());
        (_full, _received, _sendsCrc) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        (_dataSent, _dataRead, _faultRead) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        _shifting.Load(reader);
        LoadSlave(reader);
        LoadSound(reader);
        ReceiveRequest.Load(reader);
        TransmitRequest.Load(reader);
        Select.Load(reader);
    }

    private void OnControl()
    {
        if (_faultRead)
            (_modeFault.Value, _faultRead) = (false, false);
        if ((Control & 0x2000) == 0)
            (_transmitCrc, _receiveCrc) = (0, 0);
        Select.Drive(IsEnabled && IsMaster && (Control & 0x200) == 0 && (_cr2.Value & 4) != 0 ? PinDrive.Low : PinDrive.Floating);
        if (IsEnabled)
            Start();
        if (!IsEnabled)
            ResetSlave();
        OnSoundControl();
        Update();
    }

    private void Put(ushort value)
    {
        (_transmit, _full) = (IsI2s ? value : (ushort)(value & Mask), true);
        Start();
        StartSound();
        Update();
    }

    private ulong Take()
    {
        _received = false;
        _dataRead = _overrun.Value;
        Update();
        return _receive;
    }

    // OVR goes by reading the data and then the status; MODF by reading the status and then writing the control register
    private void OnStatusRead()
    {
        if (_dataRead)
            (_overrun.Value, _dataRead) = (false, false);
        _faultRead = _modeFault.Value;
        _underrun.Value = false;
        Update();
    }

    // A master moves on as long as there is something to send, or for ever if it only receives.
    private void Start()
    {
        if (!IsEnabled || !IsMaster || _shifting.IsArmed || IsI2s)
            return;
        if ((Control & 0x3000) == 0x3000 && !_full && _dataSent)
        {
            (_shift, _sendsCrc, _dataSent) = (_transmitCrc, true, false);
            _cr1.Value &= ~0x1000ul;
        }
        else if (_full)
        {
            (_shift, _full, _dataSent) = (_transmit, false, true);
        }
        else if (!ReceivesOnly)
        {
            return;
        }

        _shifting.Arm((ulong)Bits << (((int)Control >> 3 & 7) + 1));
    }

    private void OnWord()
    {
        var frame = new SpiFrame(Bits, (SpiMode)(((Control & 2) != 0 ? 2 : 0) | (int)(Control & 1)), (Control & 0x80) != 0, 1,
            SendsOnly ? SpiDirection.Out : (Control & 0x8000) != 0 ? SpiDirection.In : SpiDirection.FullDuplex);
        ushort received = (ushort)_bus.Exchange(_shift, frame);
        bool crc = _sendsCrc;
        _sendsCrc = false;
        if (!crc && !SendsOnly)
        {
            Receive(received, _shift);
        }
        else if (crc)
        {
            _crcError.Value |= received != _receiveCrc;
            Keep(received);
        }

        Start();
        Update();
    }

    private void Receive(ushort received, ushort sent)
    {
        if ((Control & 0x2000) != 0)
        {
            _transmitCrc = Crc(_transmitCrc, sent);
            _receiveCrc = Crc(_receiveCrc, received);
        }

        Keep(received);
    }

    private void Keep(ushort received)
    {
        if (_received)
            _overrun.Value = true;
        else
            (_receive, _received) = (received, true);
    }

    private ushort Crc(ushort crc, ushort value)
    {
        int top = Bits - 1;
        crc ^= value;
        for (int i = 0; i < Bits; i++)
            crc = (ushort)(((crc << 1) ^ ((crc >> top & 1) != 0 ? (int)_polynomial.Value : 0)) & Mask);
        return crc;
    }

    private void Update()
    {
        // whoever drives NSS itself does not look at it (28.3.1)
        bool level = (Control & 0x200) != 0 ? (Control & 0x100) != 0 : Select.Input || (_cr2.Value & 4) != 0;
        if (IsMaster && IsEnabled && !level && !_modeFault.Value)
        {
            _modeFault.Value = true;
            _cr1.Value &= ~0x44ul;
            _shifting.Disarm();
        }

        uint enables = (uint)_cr2.Value;
        bool errors = _overrun.Value || _modeFault.Value || _crcError.Value || _underrun.Value;
        Irq.Set((_received && (enables & 0x40) != 0) || (!_full && (enables & 0x80) != 0) || (errors && (enables & 0x20) != 0));
        TransmitRequest.Set(!_full && (enables & 2) != 0 && (IsEnabled || SoundRuns));
        ReceiveRequest.Set(_received && (enables & 1) != 0);
        SlaveOutputChanged?.Invoke();
    }
}

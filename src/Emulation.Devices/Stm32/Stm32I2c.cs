using Emulation.Core;

namespace Emulation.Devices;

/// <summary>I²C controller of the STM32F4 as master and slave with 7 and 10-bit addresses. RM0090 chapter 27. Ports: 1 KiB MMIO; an I²C bus; out IRQ "event" and "error"; DMA requests.</summary>
/// <remarks>
/// Bytes take nine periods of the clock that CCR gives. As a slave it stretches the clock of masters that look at <see cref="I2cBus.IsHeld"/>, as this one does. Addresses, time-outs and
/// alerts of SMBus are not modelled: their registers keep what is written.
/// </remarks>
public sealed partial class Stm32I2c : Stm32Peripheral
{
    private const uint Enable = 1 << 0, PecEnable = 1 << 5, StartBit = 1 << 8, StopBit = 1 << 9, AckBit = 1 << 10, PositionBit = 1 << 11, PecBit = 1 << 12, ResetBit = 1 << 15;
    private const uint Sb = 1 << 0, Addr = 1 << 1, Btf = 1 << 2, Add10 = 1 << 3, Rxne = 1 << 6, Txe = 1 << 7, Berr = 1 << 8, Arlo = 1 << 9, Af = 1 << 10, Ovr = 1 << 11, PecErr = 1 << 12;
    private const uint Errors = Berr | Arlo | Af | Ovr | PecErr | (1 << 14) | (1 << 15);
    private const uint ErrorInterrupt = 1 << 8, EventInterrupt = 1 << 9, BufferInterrupt = 1 << 10, Dma = 1 << 11, DmaLast = 1 << 12;

    private readonly I2cBus _bus;
    private readonly CycleTimer _timer;
    private readonly Register _cr1, _cr2, _ccr, _ownAddress, _ownAddress2;
    private Phase _phase;
    private uint _flags;
    private byte _data, _shift, _pec;
    private bool _shifting, _flagsRead, _receives, _owns, _nextAck, _ended, _waits, _isPec, _second, _held, _nackNext;

    /// <summary>Creates the device.</summary>
    /// <param name="name">The manual's name, such as <c>I2C1</c>.</param>
    /// <param name="bus">The bus.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="busClock">The gated PCLK1.</param>
    public Stm32I2c(string name, I2cBus bus, GuestLog log, VirtualClock clock, ClockSignal busClock)
        : base(name, log, clock, busClock)
    {
        ArgumentNullException.ThrowIfNull(bus);
        _bus = bus;
        EventIrq = AddLine("event");
        ErrorIrq = AddLine("error");
        (ReceiveRequest, TransmitRequest) = (new DmaRequest($"{name}_RX") { Acknowledged = _ => OnReceivedByDma() }, new DmaRequest($"{name}_TX"));
        _timer = new CycleTimer($"{name} bits", clock, busClock, OnTimer);
        bus.Freed += OnFreed;
        bus.ClockReleased += OnClockReleased;
        Slave = new Node(this);
        JoinAsSlave(bus);
        _cr1 = Registers.Define(0x00, "I2C_CR1").Flag(0, "PE").Flag(1, "SMBUS").Reserved(2, 2).Bits(7, 3, "SMBTYPE to NOSTRETCH").Bits(13, 8, "START to ALERT").Reserved(14, 14).Flag(15, "SWRST").Reserved(31, 16).Then(OnControl);
        _cr2 = Registers.Define(0x04, "I2C_CR2").Bits(5, 0, "FREQ").Reserved(7, 6).Bits(12, 8, "ITERREN to LAST").Reserved(31, 13).Then(Update);
        _ownAddress = Registers.Define(0x08, "I2C_OAR1").Bits(9, 0, "ADD").Reserved(13, 10).Ignored(14, 14).Flag(15, "ADDMODE").Reserved(31, 16);
        _ownAddress2 = Registers.Define(0x0c, "I2C_OAR2").Bits(7, 0, "ADD2, ENDUAL").Reserved(31, 8);
        Registers.Define(0x10, "I2C_DR").Bits(7, 0, "DR", read: Take, write: v => Put((byte)v)).Reserved(31, 8);
        Registers.Define(0x14, "I2C_SR1").Bits(7, 0, "SB to TxE", read: () => ReadFlags() & 0xff, write: static _ => { })
            .Bits(15, 8, "BERR to SMBALERT", read: () => _flags >> 8, write: v => ClearErrors(((uint)v << 8) | 0xff)).Ignored(31, 16);
        Registers.Define(0x18, "I2C_SR2").Bits(15, 0, "MSL, BUSY, TRA, GENCALL, DUALF, PEC", FieldMode.ReadOnly, read: ReadState).Reserved(31, 16);
        _ccr = Registers.Define(0x1c, "I2C_CCR").Bits(11, 0, "CCR").Reserved(13, 12).Bits(15, 14, "DUTY, F/S").Reserved(31, 16);
        Registers.Define(0x20, "I2C_TRISE", reset: 2).Bits(5, 0, "TRISE").Reserved(31, 6);
        Registers.Define(0x24, "I2C_FLTR").Bits(4, 0, "DNF, ANOFF").Reserved(31, 5);
    }

    private enum Phase : byte
    {
        Idle,

        /// <summary>The START condition is on the bus.</summary>
        Starting,

        /// <summary>SB: the address is awaited.</summary>
        AwaitAddress,

        /// <summary>An address byte is on the bus.</summary>
        Address,

        /// <summary>ADD10: the second byte of the address is awaited.</summary>
        AwaitSecond,

        /// <summary>ADDR: software has to read the status.</summary>
        Addressed,
        Data,
        Stopping,
    }

    /// <summary>The event interrupt.</summary>
    public IrqLine EventIrq { get; }

    /// <summary>The error interrupt.</summary>
    public IrqLine ErrorIrq { get; }

    /// <summary>The request to take a byte.</summary>
    public DmaRequest ReceiveRequest { get; }

    /// <summary>The request for a byte.</summary>
    public DmaRequest TransmitRequest { get; }

    private uint Control => (uint)_cr1.Value;

    // 27.6.8: periods of SCL in cycles of PCLK1
    private ulong Period
    {
        get
        {
            ulong ccr = Math.Max(1, _ccr.Value & 0xfff);
            return (_ccr.Value >> 14) switch { 2 => 3 * ccr, 3 => 25 * ccr, _ => 2 * ccr };
        }
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        Abandon();
        AbandonSlave();
        (_flags, _data, _shift, _pec) = (0, 0, 0, 0);
        (_flagsRead, _nextAck) = (false, false);
        Update();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write((byte)_phase);
        writer.Write(_flags);
        foreach (byte value in (byte[])[_data, _shift, _pec])
            writer.Write(value);
        foreach (bool flag in (bool[])[_shifting, _flagsRead, _receives, _owns, _nextAck, _ended, _waits, _isPec, _second, _held, _nackNext])
            writer.Write(flag);
        SaveSlave(writer);
        _timer.Save(writer);
        ReceiveRequest.Save(writer);
        TransmitRequest.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _phase = (Phase)reader.ReadByte();
        if (_phase > Phase.Stopping)
            throw reader.Damaged("the transfer is in an unknown phase");
        _flags = reader.ReadUInt32();
        (_data, _shift, _pec) = (reader.ReadByte(), reader.ReadByte(), reader.ReadByte());
        (_shifting, _flagsRead, _receives, _owns) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        (_nextAck, _ended, _waits, _isPec, _second) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        (_held, _nackNext) = (reader.ReadBoolean(), reader.ReadBoolean());
        LoadSlave(reader);
        _timer.Load(reader);
        ReceiveRequest.Load(reader);
        TransmitRequest.Load(reader);
    }

    private void OnControl()
    {
        if ((Control & ResetBit) != 0)
        {
            uint keep = ResetBit;
            Registers.Reset();
            _cr1.Value = keep;
            ResetState();
            return;
        }

        // the second half of the sequence that clears STOPF (27.6.6)
        if (_stopSeen)
            (_flags, _stopSeen) = (_flags & ~Stopf, false);
        if ((Control & Enable) == 0)
        {
            AbandonSlave();
            // 27.6.1: START, STOP and PEC go with PE
            if (_owns || _timer.IsArmed)
                Abandon();
            _flags &= Errors;
            _holdsByte = false;
            _cr1.Value &= ~(ulong)(StartBit | StopBit | PecBit);
        }
        else
        {
            Advance();
        }

        Update();
    }

    private void Abandon()
    {
        _timer.Disarm();
        if (_owns)
            _bus.Stop(Name);
        (_phase, _owns, _shifting, _receives, _ended, _waits, _isPec, _second, _held, _nackNext) = (Phase.Idle, false, false, false, false, false, false, false, false, false);
    }

    private ulong ReadFlags()
    {
        // SR2 clears an ADDR that was seen, and not one that came since
        _flagsRead = (_flags & Addr) != 0;
        _stopSeen = (_flags & Stopf) != 0;
        return _flags;
    }

    private void ClearErrors(uint value)
    {
        _flags &= value | ~Errors;
        Update();
    }

    private ulong ReadState()
    {
        uint state = (_owns ? 1u : 0) | (_owns || IsBusBusy ? 2u : 0) | ((_owns && !_receives && _phase >= Phase.Addressed) || (_slave != SlaveState.Idle && _slaveSends) ? 4u : 0)
            | (_slave == SlaveState.Idle ? 0 : (_general ? 0x10u : 0) | (_dual ? 0x80u : 0)) | ((uint)_pec << 8);
        if (_flagsRead && (_flags & Addr) != 0)
        {
            bool held = HoldsClock;
            _flags &= ~Addr;
            if (_slave == SlaveState.Addressed)
            {
                // the clock goes on, for a transmitter once there is data
                _slave = SlaveState.Data;
                Update();
                ReleaseClock(held);
            }
            else if (_owns)
            {
                BeginData();
            }
        }

        _flagsRead = false;
        return state;
    }

    private void Update()
    {
        uint enables = (uint)_cr2.Value;
        bool dma = (enables & Dma) != 0;
        uint events = _flags & (Sb | Addr | Btf | Add10 | Stopf);
        if ((enables & BufferInterrupt) != 0)
            events |= _flags & (Rxne | Txe);
        EventIrq.Set((enables & EventInterrupt) != 0 && events != 0);
        ErrorIrq.Set((enables & ErrorInterrupt) != 0 && (_flags & Errors) != 0);
        TransmitRequest.Set(dma && (_flags & Txe) != 0 && ((_phase == Phase.Data && !_receives) || (_slave == SlaveState.Data && _slaveSends)));
        ReceiveRequest.Set(dma && (_flags & Rxne) != 0);
    }
}

using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Ethernet controller SMSC LAN9220 without a cable. LAN9220 data sheet, chapter 5. Ports: 256 bytes MMIO; out IRQ "irq".</summary>
/// <remarks>
/// Its registers, the MAC's and the PHY's answer as those of a device whose link is down: frames that are sent are lost, none is received, negotiation never ends.
/// There is no EEPROM: commands for it time out, and the address is all ones until software sets it. The general purpose timer, wake-up and the deassertion interval do not work.
/// The interrupt output is active high whatever IRQ_POL and IRQ_TYPE say.
/// </remarks>
public sealed partial class Lan9220 : MmioDevice
{
    private const uint SoftwareInterrupt = 1u << 31, TransmitStopped = 1 << 25, ReceiveStopped = 1 << 24, TransmitAvailable = 1 << 9;
    private const uint EepromTimeout = 1 << 9, MacRead = 1u << 30;
    private const ulong TransmitFree = 0x1200, FreeRunNanoseconds = 40;
    private readonly VirtualClock _clock;
    private readonly BitField _status, _enabled, _level;
    private readonly FlagField _output, _transmitOn;
    private uint _macCommand, _macData, _eeprom;
    private long _start;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public Lan9220(string name, VirtualClock clock, GuestLog log)
        : base(name, log, 0x100, AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        Irq = AddLine("irq");
        Registers.DefineMany(0x00, 8, 4, "RX_DATA_FIFO", access: RegisterAccess.ReadOnly).Ignored(31, 0);
        Registers.DefineMany(0x20, 8, 4, "TX_DATA_FIFO", access: RegisterAccess.WriteOnly).Ignored(31, 0);
        foreach ((ulong offset, string fifo) in ((ulong, string)[])[(0x40, "RX_STATUS_FIFO"), (0x44, "RX_STATUS_PEEK"), (0x48, "TX_STATUS_FIFO"), (0x4c, "TX_STATUS_PEEK")])
            Registers.Define(offset, fifo, access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0x50, "ID_REV", 0x9220_0000, access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0x54, "IRQ_CFG").Bits(31, 24, "INT_DEAS").Ignored(23, 13).Flag(12, "IRQ_INT", FieldMode.ReadOnly, read: () => IsActive).Ignored(11, 9)
            .Flag(8, "IRQ_EN", out _output).Ignored(7, 5).Flag(4, "IRQ_POL").Ignored(3, 1).Flag(0, "IRQ_TYPE").Then(Update);
        Registers.Define(0x58, "INT_STS").Bits(31, 0, "interrupts", out _status, FieldMode.WriteOneToClear).Then(Update);
        Registers.Define(0x5c, "INT_EN").Bits(31, 0, "interrupts", out _enabled).Then(OnEnable);
        Registers.Define(0x64, "BYTE_TEST", 0x8765_4321, access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0x68, "FIFO_INT", 0x4800_0000).Bits(31, 24, "TX data available level", out _level).Bits(23, 0, "other levels").Then(Update);
        Registers.Define(0x6c, "RX_CFG").Bits(31, 30, "RX_EA").Ignored(29, 28).Bits(27, 16, "RX_DMA_CNT").Ignored(15, 13).Bits(12, 8, "RXDOFF").Ignored(7, 0);
        Registers.Define(0x70, "TX_CFG").Flag(0, "STOP_TX", FieldMode.WriteOnly, write: OnStop).Flag(1, "TX_ON", out _transmitOn).Flag(2, "TXSAO").Ignored(31, 3);
        Registers.Define(0x74, "HW_CFG", 0x0005_0000).Flag(0, "SRST", FieldMode.WriteOnly, write: v => _softReset = v).Ignored(15, 1).Bits(19, 16, "TX_FIF_SZ").Flag(20, "MBO").Ignored(31, 21).Then(OnSoftReset);
        Registers.Define(0x78, "RX_DP_CTRL").Ignored(31, 0);
        Registers.Define(0x7c, "RX_FIFO_INF", access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0x80, "TX_FIFO_INF", TransmitFree, access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0x84, "PMT_CTRL", 1).Ignored(0, 0).Bits(3, 1, "PME").Ignored(5, 4).Flag(6, "PME_TYPE").Ignored(7, 7).Bits(9, 8, "WOL_EN, ED_EN").Flag(10, "PHY_RST", FieldMode.WriteOnly, write: OnPhyReset).Ignored(31, 11);
        Registers.Define(0x88, "GPIO_CFG").Bits(30, 0, "GPIO, LEDs").Ignored(31, 31);
        Registers.Define(0x8c, "GPT_CFG", 0xffff).Bits(15, 0, "GPT_LOAD").Ignored(28, 16).Unimplemented(29, 29, "the general purpose timer").Ignored(31, 30);
        Registers.Define(0x90, "GPT_CNT", 0xffff, access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0x98, "WORD_SWAP").Bits(31, 0, "swap");
        Registers.Define(0x9c, "FREE_RUN", access: RegisterAccess.ReadOnly).Bits(31, 0, "25 MHz counter", FieldMode.ReadOnly, read: () => (uint)((ulong)(_clock.Now - _start) / FreeRunNanoseconds));
        Registers.Define(0xa0, "RX_DROP", access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0xa4, "MAC_CSR_CMD").Bits(31, 0, "command", read: () => _macCommand, write: v => OnMacCommand((uint)v));
        Registers.Define(0xa8, "MAC_CSR_DATA").Bits(31, 0, "data", read: () => _macData, write: v => _macData = (uint)v);
        Registers.Define(0xac, "AFC_CFG").Bits(23, 0, "flow control").Ignored(31, 24);
        Registers.Define(0xb0, "E2P_CMD").Bits(31, 0, "command", read: () => _eeprom, write: v => OnEeprom((uint)v));
        Registers.Define(0xb4, "E2P_DATA").Bits(7, 0, "data").Ignored(31, 8);
        ResetState();
    }

    /// <summary>The interrupt output.</summary>
    public IrqLine Irq { get; }

    private bool IsActive => (_status.Value & _enabled.Value) != 0;

    /// <inheritdoc/>
    protected override void ResetState()
    {
        ResetRegisters();
        ResetPhy();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_macCommand);
        writer.Write(_macData);
        writer.Write(_eeprom);
        writer.Write(_start);
        foreach (uint value in _mac)
            writer.Write(value);
        foreach (ushort value in _phy)
            writer.Write(value);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        (_macCommand, _macData, _eeprom) = (reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32());
        _start = reader.ReadInt64();
        for (int i = 0; i < _mac.Length; i++)
            _mac[i] = reader.ReadUInt32();
        for (int i = 0; i < _phy.Length; i++)
            _phy[i] = reader.ReadUInt16();
    }

    private void ResetRegisters()
    {
        (_macCommand, _macData, _eeprom, _softReset) = (0, 0, 0, false);
        _start = _clock.Now;
        ResetMac();
        Update();
    }

    // the PHY has a reset of its own (5.3.9)
    private void OnSoftReset()
    {
        if (!_softReset)
            return;
        Registers.Reset();
        ResetRegisters();
    }

    private void OnEnable()
    {
        if ((_enabled.Value & SoftwareInterrupt) != 0)
            _status.Value |= SoftwareInterrupt;
        Update();
    }

    private void OnStop(bool stop)
    {
        if (!stop)
            return;
        _transmitOn.Value = false;
        _status.Value |= TransmitStopped;
        Update();
    }

    private void OnEeprom(uint command)
    {
        const uint Busy = 1u << 31;
        _eeprom &= ~(command & EepromTimeout);
        _eeprom = (_eeprom & EepromTimeout) | (command & 0x7000_00ff);
        if ((command & Busy) != 0)
            _eeprom |= EepromTimeout;
    }

    private void Update()
    {
        if (TransmitFree > _level.Value * 64)
            _status.Value |= TransmitAvailable;
        Irq.Set(IsActive && _output.Value);
    }
}

using Emulation.Core;

namespace Emulation.Devices;

/// <summary>System control block of an IoT subsystem: why it was reset, and where the CPU starts. Arm ECM 0601256 (IoTKit), "System control register block". Ports: 4 KiB MMIO; out line "reset".</summary>
/// <remarks>What a reset of the system leaves as it is (the syndrome, its mask, GRETREG, INITSVTOR0) is cleared at power-on alone. CPUWAIT, clock and wake-up controls are stored only.</remarks>
public sealed class IotKitSystemControl : MmioDevice
{
    private const uint PowerOn = 1, MaskBits = 0xf2, MaskReset = 0x30;
    private readonly uint _initialTable;
    private uint _debug;
    private uint _syndrome;
    private uint _mask;
    private ushort _retained;
    private uint _table;
    private uint _cause;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="vectorTable">INITSVTOR0 at power-on.</param>
    /// <param name="log">Where guest errors go.</param>
    public IotKitSystemControl(string name, uint vectorTable, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        _initialTable = vectorTable;
        ResetRequest = AddLine("reset");
        Registers.Define(0x000, "SECDBGSTAT", access: RegisterAccess.ReadOnly).Bits(7, 0, "enables and selections", FieldMode.ReadOnly, read: () => _debug).Reserved(31, 8);
        Registers.Define(0x004, "SECDBGSET", access: RegisterAccess.WriteOnly).Bits(7, 0, "set", FieldMode.WriteOnly, write: v => _debug |= (uint)v).Ignored(31, 8);
        Registers.Define(0x008, "SECDBGCLR", access: RegisterAccess.WriteOnly).Bits(7, 0, "clear", FieldMode.WriteOnly, write: v => _debug &= (uint)~v).Ignored(31, 8);
        Registers.Define(0x00c, "SCSECCTRL").Bits(2, 0, "certification, lock").Ignored(31, 3);
        Registers.Define(0x010, "FCLK_DIV").Bits(4, 0, "divider").Ignored(31, 5);
        Registers.Define(0x014, "SYSCLK_DIV").Bits(4, 0, "divider").Ignored(31, 5);
        Registers.Define(0x018, "CLOCK_FORCE").Bits(7, 0, "clocks").Ignored(31, 8);
        Registers.Define(0x100, "RESET_SYNDROME").Bits(31, 0, "causes", read: () => _syndrome, write: v => _syndrome &= (uint)v);
        Registers.Define(0x104, "RESET_MASK").Bits(31, 0, "causes", read: () => _mask, write: v => _mask = (uint)v & MaskBits);
        Registers.Define(0x108, "SWRESET", access: RegisterAccess.WriteOnly).Ignored(8, 0).Flag(9, "SWRESETREQ", FieldMode.WriteOnly, write: v => Request(v, IotKitReset.Software)).Ignored(31, 10);
        Registers.Define(0x10c, "GRETREG").Bits(15, 0, "retained", read: () => _retained, write: v => _retained = (ushort)v).Ignored(31, 16);
        Registers.Define(0x110, "INITSVTOR0").Bits(31, 7, "address", read: () => _table >> 7, write: v => _table = (uint)v << 7).Ignored(6, 0);
        Registers.Define(0x118, "CPUWAIT").Flag(0, "CPU0WAIT", out FlagField _).Ignored(31, 1);
        Registers.Define(0x11c, "BUSWAIT", access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0x120, "WICCTRL").Flag(0, "CPU0WICEN_EN", out FlagField _).Ignored(31, 1);
        Registers.Define(0x124, "EWCTRL").Flag(0, "EWC0EN_EN", out FlagField _).Ignored(31, 1);
        CmsdkId.Define(Registers, 0x54, CmsdkId.Subsystem);
        ResetState();
    }

    /// <summary>Asks for a reset of the machine.</summary>
    public IrqLine ResetRequest { get; }

    /// <summary>INITSVTOR0: where the CPU has its vector table after a reset.</summary>
    public uint VectorTable => _table;

    /// <summary>Takes a request for a reset of the system, which RESET_MASK may turn away.</summary>
    /// <param name="cause">Who asks.</param>
    /// <returns>Whether the machine will be reset.</returns>
    public bool Request(IotKitReset cause)
    {
        uint bit = 1u << (int)cause;
        if ((MaskBits & bit) != 0 && (_mask & bit) == 0)
            return false;
        _cause |= bit;
        ResetRequest.Set(true);
        return true;
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        if (_cause == 0)
            (_debug, _syndrome, _mask, _retained, _table) = (0, PowerOn, MaskReset, 0, _initialTable & ~0x7fu);
        _syndrome |= _cause;
        _cause = 0;
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        foreach (uint value in (uint[])[_debug, _syndrome, _mask, _retained, _table, _cause])
            writer.Write(value);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        (_debug, _syndrome, _mask) = (reader.ReadUInt32() & 0xff, reader.ReadUInt32(), reader.ReadUInt32() & MaskBits);
        (_retained, _table, _cause) = ((ushort)reader.ReadUInt32(), reader.ReadUInt32() & ~0x7fu, reader.ReadUInt32());
    }

    private void Request(bool asked, IotKitReset cause)
    {
        if (asked)
            Request(cause);
    }
}

using static Emulation.Arm.SystemRegister;

namespace Emulation.Arm;

/// <summary>The debug registers of CP14. Arm DDI 0487, G8.3 "Debug registers"; DDI 0406, C11.11. Most are views of AArch64's; nothing external is connected.</summary>
internal static class A32DebugRegisters
{
    /// <summary>DBGDSCR.MOE, the method of entry: bits 5-2.</summary>
    public const int EntryShift = 2;

    /// <summary>What sets DBGDSCR.MOE.</summary>
    public const uint EntryBreakpoint = 1, EntryInstruction = 3, EntryVectorCatch = 5, EntryWatchpoint = 10;

    private const uint LockKey = 0xc5ac_ce55;
    private const ulong UserDisable = 1 << 12;

    // MDBGen, HDBGen, UDCCdis, ERR, and what belongs to the communications channel
    private const ulong StatusBits = 0xfe0_d040 | (15 << EntryShift);

    private static readonly Dictionary<A32SystemName, A32SystemRegister> s_rows = Rows().ToDictionary(static r => r.Name);

    public static A32SystemRegister? Find(A32SystemName name) => s_rows.GetValueOrDefault(name);

    private static IEnumerable<A32SystemRegister> Rows()
    {
        yield return User(0, 0, 0, "DBGDIDR", Identification);
        yield return User(0, 1, 0, "DBGDSCRint", static c => c[SystemSlot.MdscrEl1] & StatusBits) with { IsWritable = true, Write = WriteOldStatus };
        yield return Row(0, 2, 2, "DBGDSCRext") with { Slot = SystemSlot.MdscrEl1, Mask = StatusBits, Write = static (c, v) => WriteStatus(c, v) };
        yield return Row(0, 2, 0, "DBGDCCINT") with { Twin = Encode(2, 0, 0, 2, 0), Requires = ArmFeature.V8 };
        yield return User(0, 5, 0, "DBGDTRint", static _ => 0) with { IsWritable = true, UserWrites = true, Write = static (c, _) => CheckUser(c) };
        yield return Row(0, 0, 2, "DBGDTRRXext") with { Twin = Encode(2, 0, 0, 0, 2) };
        yield return Row(0, 3, 2, "DBGDTRTXext") with { Twin = Encode(2, 0, 0, 3, 2) };
        yield return Row(0, 6, 0, "DBGWFAR") with { Slot = SystemSlot.WatchFault, Mask = uint.MaxValue };
        yield return Row(0, 7, 0, "DBGVCR") with { Slot = SystemSlot.VectorCatch, Mask = 0xde00_dcde, Write = static (c, v) => WriteVectorCatch(c, v) };
        yield return Nothing(0, 9, 0, "DBGECR");
        yield return Nothing(0, 10, 0, "DBGDSCCR");
        yield return Nothing(0, 11, 0, "DBGDSMCR");
        yield return Nothing(0, 4, 2, "DBGDRCR") with { IsReadable = false };
        yield return Row(0, 6, 2, "DBGOSECCR") with { Twin = Encode(2, 0, 0, 6, 2) };
        yield return User(1, 0, 0, "DBGDRAR", static _ => 0);
        yield return User(2, 0, 0, "DBGDSAR", static _ => 0);
        yield return Wide(1, "DBGDRAR");
        yield return Wide(2, "DBGDSAR");
        yield return Row(1, 0, 4, "DBGOSLAR") with { Write = static (c, v) => WriteLock(c, v), IsReadable = false };
        yield return Row(1, 1, 4, "DBGOSLSR") with { Twin = Encode(2, 0, 1, 1, 4), IsWritable = false };
        yield return Nothing(1, 2, 4, "DBGOSSRR");
        yield return Row(1, 3, 4, "DBGOSDLR") with { Slot = SystemSlot.OsDoubleLock, Mask = 0 };
        yield return Row(1, 4, 4, "DBGPRCR") with { Twin = Encode(2, 0, 1, 4, 4) };
        yield return Row(1, 5, 4, "DBGPRSR") with { Read = static _ => 1, IsWritable = false };      // powered up
        yield return Row(7, 0, 7, "DBGDEVID2") with { Read = static _ => 0, IsWritable = false };
        yield return Row(7, 1, 7, "DBGDEVID1") with { Read = static _ => 0, IsWritable = false };
        yield return Row(7, 2, 7, "DBGDEVID") with { Read = Device, IsWritable = false };
        yield return Row(7, 8, 6, "DBGCLAIMSET") with { Twin = Encode(2, 0, 7, 8, 6) };
        yield return Row(7, 9, 6, "DBGCLAIMCLR") with { Twin = Encode(2, 0, 7, 9, 6) };
        yield return Row(7, 14, 6, "DBGAUTHSTATUS") with { Twin = Encode(2, 0, 7, 14, 6), IsWritable = false };
        for (int i = 0; i < DebugRegisters.Breakpoints; i++)
        {
            yield return Row(0, i, 4, $"DBGBVR{i}") with { Twin = Encode(2, 0, 0, i, 4) };
            yield return Row(0, i, 5, $"DBGBCR{i}") with { Twin = Encode(2, 0, 0, i, 5) };
            yield return Row(1, i, 1, $"DBGBXVR{i}") with { Twin = Encode(2, 0, 0, i, 4), IsUpper = true, Requires = ArmFeature.Virtualization };
        }

        for (int i = 0; i < DebugRegisters.Watchpoints; i++)
        {
            yield return Row(0, i, 6, $"DBGWVR{i}") with { Twin = Encode(2, 0, 0, i, 6) };
            yield return Row(0, i, 7, $"DBGWCR{i}") with { Twin = Encode(2, 0, 0, i, 7) };
        }

        yield return new A32SystemRegister(new A32SystemName(14, 6, 0, 0, 0), "TEECR") { Slot = SystemSlot.TeecrEl1, Mask = 1, UserReads = true };
        yield return new A32SystemRegister(new A32SystemName(14, 6, 1, 0, 0), "TEEHBR") { Slot = SystemSlot.TeehbrEl1, Mask = ~3ul };
    }

    private static A32SystemRegister Row(int crn, int crm, int opc2, string text) => new(new A32SystemName(14, 0, crn, crm, opc2), text);

    private static A32SystemRegister Wide(int crm, string text)
        => new(new A32SystemName(14, 0, A32SystemName.Pair, crm, 0), text) { Read = static c => CheckUser(c), IsWritable = false, UserReads = true, Requires = ArmFeature.V7 };

    private static A32SystemRegister Nothing(int crn, int crm, int opc2, string text)
        => Row(crn, crm, opc2, text) with { Read = static _ => 0, Write = static (_, _) => { } };

    private static A32SystemRegister User(int crn, int crm, int opc2, string text, Func<ArmCpu, ulong> read)
        => Row(crn, crm, opc2, text) with { Read = c => CheckUser(c) | read(c), UserReads = true, IsWritable = false };

    // UDCCdis
    private static ulong CheckUser(ArmCpu cpu)
    {
        if (cpu.ExceptionLevel == 0 && (cpu[SystemSlot.MdscrEl1] & UserDisable) != 0)
            cpu.RecordTrap(0, ArmException.Code(ArmException.Unknown, 0));
        return 0;
    }

    // numbers less one of watchpoints, breakpoints and those that compare contexts; version
    private static ulong Identification(ArmCpu cpu)
    {
        if (cpu.Options.Model.DebugId != 0)
            return cpu.Options.Model.DebugId;
        uint version = cpu.Isa.Has(ArmFeature.V8) ? 6u : cpu.Isa.Has(ArmFeature.V7) ? 5u : 2;
        return ((uint)(DebugRegisters.Watchpoints - 1) << 28) | ((uint)(DebugRegisters.Breakpoints - 1) << 24) | (1u << 20) | (version << 16)
            | (version >= 5 ? 1u << 15 : 0) | (cpu.Isa.Has(ArmFeature.Security) ? 5u << 12 : 0);
    }

    // watchpoints have address masks, breakpoints have none; OS double lock
    private static ulong Device(ArmCpu cpu) => (1u << 4) | (0xfu << 8) | (1u << 20) | (cpu.Isa.Has(ArmFeature.Virtualization) ? 1u << 16 : 0);

    // of Armv6 there is one register, which is written too
    private static void WriteOldStatus(ArmCpu cpu, ulong value)
    {
        if (cpu.Isa.Has(ArmFeature.V7))
            cpu.RecordTrap(0, ArmException.Code(ArmException.Unknown, 0));
        else
            WriteStatus(cpu, value & StatusBits);
    }

    private static void WriteStatus(ArmCpu cpu, ulong value)
    {
        cpu[SystemSlot.MdscrEl1] = value;
        cpu.OnDebugWrite();
    }

    private static void WriteVectorCatch(ArmCpu cpu, ulong value)
    {
        cpu[SystemSlot.VectorCatch] = value;
        cpu.OnDebugWrite();
    }

    private static void WriteLock(ArmCpu cpu, ulong value)
    {
        cpu[SystemSlot.OsLock] = (uint)value == LockKey ? 1u : 0;
        cpu.OnDebugWrite();
    }
}

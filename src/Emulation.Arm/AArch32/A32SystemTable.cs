using Emulation.Cpu;
using static Emulation.Arm.SystemRegister;

namespace Emulation.Arm;

/// <summary>The system registers of CP15 and CP14. Arm DDI 0487, G8.2, G8.3; DDI 0406, B3.17. Immutable.</summary>
/// <remarks>Most are views of AArch64 registers, as the manual's "Configurations" paragraphs say.</remarks>
internal static class A32SystemTable
{
    private static readonly Dictionary<A32SystemName, A32SystemRegister> s_rows =
        Identification().Concat(Control()).Concat(A32Maintenance.Rows()).Concat(A32TimerRegisters.Rows()).Concat(A32InterruptRegisters.Rows()).ToDictionary(static r => r.Name);

    public static A32SystemRegister? Find(A32SystemName name)
        => A32DebugRegisters.Find(name) ?? s_rows.GetValueOrDefault(name) ?? (name is { Coprocessor: 15, Opc1: 0, Crn: 0, Crm: 0 } ? s_rows[new A32SystemName(15, 0, 0, 0, 0)] : null);   // aliases of MIDR

    /// <summary>A register of CP15.</summary>
    public static A32SystemRegister Row(int opc1, int crn, int crm, int opc2, string text) => new(new A32SystemName(15, opc1, crn, crm, opc2), text);

    /// <summary>A register of 64 bits of CP15.</summary>
    public static A32SystemRegister Wide(int opc1, int crm, string text) => new(new A32SystemName(15, opc1, A32SystemName.Pair, crm, 0), text);

    private static A32SystemRegister Stored(int opc1, int crn, int crm, int opc2, string text, SystemSlot slot)
        => Row(opc1, crn, crm, opc2, text) with { Slot = slot };

    private static A32SystemRegister ReadOnly(int opc1, int crn, int crm, int opc2, string text, Func<ArmCpu, ulong> value)
        => Row(opc1, crn, crm, opc2, text) with { Read = value, IsWritable = false };

    private static IEnumerable<A32SystemRegister> Identification()
    {
        yield return Row(0, 0, 0, 0, "MIDR") with { Twin = Encode(3, 0, 0, 0, 0), IsWritable = false };
        yield return ReadOnly(0, 0, 0, 1, "CTR", static c => c.Options.Model.CacheType) with { Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid2) };
        yield return ReadOnly(0, 0, 0, 2, "TCMTR", static _ => 0) with { Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid1) };
        yield return ReadOnly(0, 0, 0, 3, "TLBTR", static _ => 0) with { Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid1) };
        yield return ReadOnly(0, 0, 0, 5, "MPIDR", static c => c.Isa.Has(ArmFeature.MultiProcessing) ? c.MultiprocessorId : (uint)c.Affinity);
        yield return ReadOnly(0, 0, 0, 6, "REVIDR", static _ => 0) with { Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid1) };
        for (int i = 0; i < A32IdRegisters.Count; i++)
        {
            int index = i;
            yield return ReadOnly(0, 0, 1 + (i / 8), i % 8, A32IdRegisters.NameOf(i), c => A32IdRegisters.Read(c, index)) with { Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid3) };
        }

        yield return Row(1, 0, 0, 0, "CCSIDR") with { Twin = Encode(3, 1, 0, 0, 0), IsWritable = false };
        yield return ReadOnly(1, 0, 0, 1, "CLIDR", static c => c.Options.Model.CacheLevels) with { Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid2) };
        yield return ReadOnly(1, 0, 0, 7, "AIDR", static _ => 0) with { Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid1) };
        yield return Banked(2, 0, 0, 0, "CSSELR", SystemSlot.CsselrEl1) with { Mask = 0xf, Trap = SystemTraps.Hypervisor(ArmCpu.HcrTid2) };
        yield return ReadOnly(1, 9, 0, 2, "L2CTLR", static c => (ulong)(c.GroupSize - 1) << 24) with { IsWritable = true, Write = static (_, _) => { } };
        yield return ReadOnly(1, 9, 0, 3, "L2ECTLR", static _ => 0) with { IsWritable = true, Write = static (_, _) => { } };
    }

    private static IEnumerable<A32SystemRegister> Control()
    {
        yield return Memory(0, 1, 0, 0, "SCTLR", SystemSlot.SctlrEl1) with { Write = WriteControl };
        yield return Banked(0, 1, 0, 1, "ACTLR", SystemSlot.ActlrEl1) with { Trap = SystemTraps.Hypervisor(ArmCpu.HcrTacr) };
        yield return Banked(0, 1, 0, 3, "ACTLR2", SystemSlot.ActlrEl1) with { IsUpper = true, Trap = SystemTraps.Hypervisor(ArmCpu.HcrTacr), Exists = static c => c.Isa.Has(ArmFeature.UAO) };      // as all of Armv8.2
        yield return Stored(0, 1, 0, 2, "CPACR", SystemSlot.CpacrEl1) with
        {
            Mask = 0xc0f0_0000,
            Read = static c => c[SystemSlot.CpacrEl1] & ~c.ClosedCoprocessors,
            Write = static (c, v) => c.WriteCoprocessorAccess(v),
            Trap = SystemTraps.FpControl,
        };
        yield return Memory(0, 2, 0, 0, "TTBR0", SystemSlot.TtbrZeroEl1) with { Write = WriteTable(SystemSlot.TtbrZeroEl1) };
        yield return Memory(0, 2, 0, 1, "TTBR1", SystemSlot.TtbrOneEl1) with { Write = WriteTable(SystemSlot.TtbrOneEl1) };
        yield return WideMemory(0, 2, "TTBR0", SystemSlot.TtbrZeroEl1) with { Write = WriteTable(SystemSlot.TtbrZeroEl1) };
        yield return WideMemory(1, 2, "TTBR1", SystemSlot.TtbrOneEl1) with { Write = WriteTable(SystemSlot.TtbrOneEl1) };
        yield return Memory(0, 2, 0, 2, "TTBCR", SystemSlot.TcrEl1) with { Write = WriteTranslation(SystemSlot.TcrEl1) };
        yield return Memory(0, 3, 0, 0, "DACR", SystemSlot.DacrEl2) with { Write = static (c, v) => c.WriteDomains(v) };
        yield return Memory(0, 5, 0, 0, "DFSR", SystemSlot.EsrEl1);
        yield return Memory(0, 5, 0, 1, "IFSR", SystemSlot.IfsrEl2);
        yield return Memory(0, 5, 1, 0, "ADFSR", SystemSlot.AfsrZeroEl1);
        yield return Memory(0, 5, 1, 1, "AIFSR", SystemSlot.AfsrOneEl1);
        yield return Memory(0, 6, 0, 0, "DFAR", SystemSlot.FarEl1);
        yield return Memory(0, 6, 0, 2, "IFAR", SystemSlot.FarEl1) with { IsUpper = true };
        yield return Banked(0, 7, 4, 0, "PAR", SystemSlot.ParEl1);
        yield return Wide(0, 7, "PAR") with { Slot = SystemSlot.ParEl1, Requires = ArmFeature.V7, IsBanked = true };
        yield return Memory(0, 10, 2, 0, "PRRR", SystemSlot.MairEl1) with { Write = WriteTranslation(SystemSlot.MairEl1) };
        yield return Memory(0, 10, 2, 1, "NMRR", SystemSlot.MairEl1) with { IsUpper = true, Write = WriteTranslation(SystemSlot.MairEl1) };
        yield return Memory(0, 10, 3, 0, "AMAIR0", SystemSlot.AmairEl1);
        yield return Memory(0, 10, 3, 1, "AMAIR1", SystemSlot.AmairEl1) with { IsUpper = true };
        yield return Banked(0, 12, 0, 0, "VBAR", SystemSlot.VbarEl1) with { Mask = ~0x1ful };
        yield return ReadOnly(0, 12, 1, 0, "ISR", static c => c.InterruptStatus);
        yield return Stored(0, 13, 0, 0, "FCSEIDR", SystemSlot.DisrEl1) with { Mask = 0, Read = static _ => 0 };
        yield return Memory(0, 13, 0, 1, "CONTEXTIDR", SystemSlot.ContextIdrEl1) with { Write = static (c, v) => c.WriteContext(v) };
        yield return Banked(0, 13, 0, 4, "TPIDRPRW", SystemSlot.TpidrEl1) with { Requires = ArmFeature.V6K };

        // of Monitor mode, which emitters else access in place
        yield return Row(0, 13, 0, 2, "TPIDRURW") with { Read = static c => c[c.Registers.Tpidr], Write = static (c, v) => c[c.Registers.Tpidr] = v, UserReads = true, UserWrites = true, IsBanked = true, Requires = ArmFeature.V6K };
        yield return Row(0, 13, 0, 3, "TPIDRURO") with { Read = static c => c[c.Registers.TpidrRo], Write = static (c, v) => c[c.Registers.TpidrRo] = v, UserReads = true, IsBanked = true, Requires = ArmFeature.V6K };
        yield return Stored(0, 1, 1, 0, "SCR", SystemSlot.ScrEl3) with { Write = static (c, v) => c.WriteSecureConfiguration(v), Trap = A32SystemTraps.SecureOnly, Exists = ExceptionRegisters.HasEl3 };
        yield return Stored(0, 1, 1, 1, "SDER", SystemSlot.SderEl3) with { Mask = 3, Trap = static (c, _) => c.IsSecure ? 0 : -1, Exists = ExceptionRegisters.HasEl3 };
        yield return Stored(0, 1, 1, 2, "NSACR", SystemSlot.Nsacr) with
        {
            Mask = ArmCpu.FloatCoprocessors,
            Read = static c => c.HasMonitor ? c[SystemSlot.Nsacr] : ArmCpu.FloatCoprocessors,
            Write = static (c, v) =>
            {
                c[SystemSlot.Nsacr] = v;
                c.OnPrivilegedWrite();
            },
            Trap = A32SystemTraps.SecureWrites,
            Exists = static c => c.Options.HasEl3 || c.Isa.Has(ArmFeature.V8),
        };
        yield return Stored(0, 12, 0, 1, "MVBAR", SystemSlot.Mvbar) with { Mask = ~0x1ful, Trap = A32SystemTraps.SecureOnly, Exists = ExceptionRegisters.HasEl3 };
        yield return Twin(0, 12, 1, 1, "DISR", Encode(3, 0, 12, 1, 1));
        yield return Twin(0, 5, 3, 0, "ERRIDR", Encode(3, 0, 5, 3, 0)) with { IsWritable = false };
        yield return Twin(0, 5, 3, 1, "ERRSELR", Encode(3, 0, 5, 3, 1));
    }

    private static A32SystemRegister Twin(int opc1, int crn, int crm, int opc2, string text, int twin)
        => Row(opc1, crn, crm, opc2, text) with { Twin = twin, Requires = ArmFeature.V8 };

    // of each Security state
    private static A32SystemRegister Banked(int opc1, int crn, int crm, int opc2, string text, SystemSlot slot)
        => Stored(opc1, crn, crm, opc2, text, slot) with { IsBanked = true };

    // of those, what HCR_EL2.TVM and TRVM trap
    private static A32SystemRegister Memory(int opc1, int crn, int crm, int opc2, string text, SystemSlot slot)
        => Banked(opc1, crn, crm, opc2, text, slot) with { Trap = SystemTraps.VirtualMemory };

    private static A32SystemRegister WideMemory(int opc1, int crm, string text, SystemSlot slot)
        => Wide(opc1, crm, text) with { Slot = slot, IsBanked = true, Requires = ArmFeature.V7, Trap = SystemTraps.VirtualMemory };

    // SCTLR.ITD: IT blocks of every kind are allowed for ever
    private const ulong ItDisable = 1 << 7;

    private static void WriteControl(ArmCpu cpu, ulong value)
    {
        if (cpu.Isa.Has(ArmFeature.V8))
            value &= ~ItDisable;
        ulong changed = cpu[SystemSlot.SctlrEl1] ^ value;
        cpu[SystemSlot.SctlrEl1] = value;
        if ((changed & A32Translation.ControlBits) != 0)
            cpu.FlushTranslations();
        cpu.OnPrivilegedWrite();
    }

    private static Action<ArmCpu, ulong> WriteTable(SystemSlot slot) => (c, v) => c.OnTableWrite(slot, v);

    private static Action<ArmCpu, ulong> WriteTranslation(SystemSlot slot) => (c, v) =>
    {
        if (c[slot] == v)
            return;
        c[slot] = v;
        c.FlushTranslations();
        c.OnPrivilegedWrite();
    };
}

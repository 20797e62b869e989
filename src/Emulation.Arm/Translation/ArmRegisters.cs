using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

/// <summary>The register file that translated code works on.</summary>
/// <remarks>
/// Condition flags are kept as what they are cheap to make of: N is the sign of <c>nf</c>, Z is set when <c>zf</c> is 0, V is
/// the sign of <c>vf</c>, C is <c>cf</c>. A subtraction so writes its result twice and needs one comparison and three bit operations.
/// </remarks>
internal sealed class ArmRegisters
{
    /// <summary>The same for every CPU, so that helpers find registers by the state pointer alone.</summary>
    public static readonly ArmRegisters Layout = new();

    private ArmRegisters()
    {
        File = new RegisterFile(CpuHeader.Size);
        X = File.AddBank("x", 31, IrType.I64, cached: true);
        Sp = File.Add("sp", IrType.I64, cached: true);
        N = File.Add("nf", IrType.I64, cached: true);
        Z = File.Add("zf", IrType.I64, cached: true);
        V = File.Add("vf", IrType.I64, cached: true);
        C = File.Add("cf", IrType.I1, cached: true);
        Vector = File.AddBank("v", 32, IrType.V128, cached: true);
        Fpcr = File.Add("fpcr", IrType.I32);
        Saturated = File.Add("qc", IrType.I32);
        Tpidr = File.Add("tpidr_el0", IrType.I64, cached: true);
        TpidrRo = File.Add("tpidrro_el0", IrType.I64);
        ExclusiveHigh = File.Add("exclusive_high", IrType.I64);
        BranchType = File.Add("btype", IrType.I64);
        Pending = File.Add("pending", IrType.I32);
        Entropy = File.Add("entropy", IrType.I64);
        PointerKeys = [.. ((string[])["ia", "ib", "da", "db", "ga"]).SelectMany(k => (RegisterSlot[])[File.Add($"ap{k}keylo_el1", IrType.I64), File.Add($"ap{k}keyhi_el1", IrType.I64)])];
        System = new RegisterSlot[(int)SystemSlot.Count];
        for (int i = 0; i < System.Length; i++)
            System[i] = File.Add(NameOf((SystemSlot)i), IrType.I64);
        A32 = new A32Registers(File, X, Vector, System);
    }

    public RegisterFile File { get; }

    /// <summary>X0 to X30.</summary>
    public RegisterSlot[] X { get; }

    /// <summary>The stack pointer in use.</summary>
    public RegisterSlot Sp { get; }

    public RegisterSlot N { get; }

    public RegisterSlot Z { get; }

    public RegisterSlot V { get; }

    public RegisterSlot C { get; }

    /// <summary>V0 to V31.</summary>
    public RegisterSlot[] Vector { get; }

    /// <summary>FPCR as written; what operations go by is in the header.</summary>
    public RegisterSlot Fpcr { get; }

    /// <summary>FPSR.QC: not 0 when set.</summary>
    public RegisterSlot Saturated { get; }

    public RegisterSlot Tpidr { get; }

    public RegisterSlot TpidrRo { get; }

    /// <summary>What only AArch32 has.</summary>
    public A32Registers A32 { get; }

    /// <summary>The second eight bytes that LDXP saw.</summary>
    public RegisterSlot ExclusiveHigh { get; }

    /// <summary>Not 0 while an interrupt input is high or an SError waits: only then unmasking needs a look.</summary>
    public RegisterSlot Pending { get; }

    /// <summary>PSTATE.BTYPE.</summary>
    public RegisterSlot BranchType { get; }

    /// <summary>State of the random numbers of RNDR.</summary>
    public RegisterSlot Entropy { get; }

    /// <summary>Keys of pointer authentication, low half before high: IA, IB, DA, DB, GA.</summary>
    public RegisterSlot[] PointerKeys { get; }

    /// <summary>Stored system registers, by <see cref="SystemSlot"/>, one behind the other.</summary>
    public RegisterSlot[] System { get; }

    // TtbrZeroEl1 is ttbr0_el1, the third of a bank is implementation2
    private static string NameOf(SystemSlot slot)
    {
        if (slot >= SystemSlot.ImplementationFirst)
        {
            (string prefix, SystemSlot first) = slot switch
            {
                >= SystemSlot.OtherWorldFirst => ("other_world", SystemSlot.OtherWorldFirst),
                >= SystemSlot.WatchpointFirst => ("dbgw", SystemSlot.WatchpointFirst),
                >= SystemSlot.BreakpointFirst => ("dbgb", SystemSlot.BreakpointFirst),
                _ => ("imp", SystemSlot.ImplementationFirst),
            };
            return $"{prefix}{slot - first}";
        }

        string name = slot.ToString().Replace("Zero", "0", StringComparison.Ordinal).Replace("One", "1", StringComparison.Ordinal);
        return (name.Length > 4 && name[^3..^1] == "El" ? name[..^3] + "_" + name[^3..] : name).ToLowerInvariant();
    }
}

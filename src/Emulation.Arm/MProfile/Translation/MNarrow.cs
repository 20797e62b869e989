using Emulation.Cpu.Decode;

namespace Emulation.Arm;

/// <summary>Instructions of 16 bits that only the M profile has, or has otherwise. DDI 0403E, A7.7, B5.2.</summary>
[Extension("MProfile")]
internal static class MNarrow
{
    [Encoding("10110110 011 im 0 aif", "cps")]
    public static void Cps(MEmitter e, T32Word i)
    {
        if (e.InIt || i.Flag(2) || (i.Flag(0) && !e.Isa.Has(ArmFeature.MainExtension)))
            e.Undefined();
        else
            e.ChangeMasks(i.Flag(4), i.Flag(1), i.Flag(0));
    }

    [Encoding("10111111 hint 0000", "hint")]
    public static void Hint(MEmitter e, T32Word i) => e.Hint(i.Field(4, 4));

    // HLT of other profiles
    [Encoding("10111010 10 imm6", "udf")]
    public static void Unallocated(MEmitter e, T32Word i) => e.Undefined();
}

/// <summary>Branches between Security states. DDI 0553, C2.4.</summary>
[Extension(A32Tables.Branches, Requires = "MProfile SecurityExtension")]
internal static class MNarrowBranches
{
    [Encoding("010001110 m4 100", "bxns")]
    public static void Bxns(MEmitter e, T32Word i) => e.BranchNonSecure(i.M4, links: false);

    [Encoding("010001111 m4 100", "blxns")]
    public static void Blxns(MEmitter e, T32Word i) => e.BranchNonSecure(i.M4, links: true);
}

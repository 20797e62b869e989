using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

/// <summary>Guarded pages. Arm DDI 0487, D8.4.5.</summary>
internal static unsafe class BranchHelpers
{
    private const IrEffects Exact = IrEffects.MayFault | IrEffects.ReadsTime;

    /// <summary><c>void (BTYPE, 1 for PACIASP and PACIBSP)</c>: raises the exception when the page is guarded.</summary>
    public static readonly IrHelper CheckTarget = IrHelper.Create(typeof(BranchHelpers), nameof(DoCheckTarget), IrType.None, Exact);

    /// <summary><c>I64 ()</c>: BTYPE behind BR.</summary>
    public static readonly IrHelper JumpType = IrHelper.Create(typeof(BranchHelpers), nameof(DoJumpType), IrType.I64, Exact);

    public static void DoCheckTarget(byte* s, ulong type, ulong isSign) => Cpu(s).CheckBranchTarget((int)type, isSign != 0);

    public static ulong DoJumpType(byte* s) => Cpu(s).IsInGuardedPage ? 3UL : 1;

    private static ArmCpu Cpu(byte* s) => (ArmCpu)VirtualCpu.From(s);
}

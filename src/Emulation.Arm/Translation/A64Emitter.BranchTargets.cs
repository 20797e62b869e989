using Emulation.IR;

namespace Emulation.Arm;

// PSTATE.BTYPE: how the last instruction got here. Kept where guarded pages can be, and 0 but behind indirect branches,
// which end blocks: only the first instruction of a block has to look. Arm DDI 0487, D8.4.5 "FEAT_BTI".
internal sealed partial class A64Emitter
{
    private bool _isTarget;

    /// <summary>Whether pages may be guarded.</summary>
    public bool GuardsBranches { get; } = (mode & ArmMode.Guarded) != 0;

    /// <summary>BTYPE behind BLR and its like, before the branch.</summary>
    public void SetCallType()
    {
        if (GuardsBranches)
            SetBranchType(Const(2));
    }

    /// <summary>BTYPE behind BR and its like, before the branch.</summary>
    /// <param name="rn">The register: X16 and X17 are for veneers, which may go where calls go.</param>
    public void SetJumpType(int rn)
    {
        if (GuardsBranches)
            SetBranchType(rn is 16 or 17 ? Const(1) : Ir.Call(BranchHelpers.JumpType));
    }

    /// <summary>Checks the first instruction of a block, before it does anything.</summary>
    /// <param name="word">The instruction.</param>
    public void CheckBranchTarget(uint word)
    {
        if (!GuardsBranches)
            return;
        _isTarget = true;
        int accepted = Accepted(word), fine = Ir.NewLabel();
        if (accepted == 0xf)
            return;
        IrValue type = Ir.Get(Registers.BranchType);
        Ir.BrIf(Ir.Compare(IrOp.Ne, Ir.And(Ir.ShrU(Const((ulong)accepted), type), Const(1)), Const(0)), fine);
        Ir.Call(BranchHelpers.CheckTarget, type, Word(IsSign(word) ? 1 : 0));
        Ir.Label(fine);
    }

    /// <summary>The first instruction of a block is done, or about to go elsewhere.</summary>
    public void LeaveBranchTarget()
    {
        if (_isTarget)
            Ir.Set(Registers.BranchType, Const(0));
        _isTarget = false;
    }

    private void SetBranchType(IrValue type)
    {
        Ir.Set(Registers.BranchType, type);
        _isTarget = false;
    }

    // BTYPEs that need no look at the page, as bits
    private static int Accepted(uint word) => word switch
    {
        0xd503_245f => 0b0111,                           // bti c
        0xd503_249f => 0b1011,                           // bti j
        0xd503_24df => 0b1111,                           // bti jc
        _ when IsSign(word) => 0b0111,
        _ when (word & 0xffe0_001f) is 0xd420_0000 or 0xd440_0000 => 0b1111,     // brk, hlt
        _ => 0b0001,
    };

    // paciasp, pacibsp: like bti c, or bti jc
    private static bool IsSign(uint word) => word is 0xd503_233f or 0xd503_237f;
}

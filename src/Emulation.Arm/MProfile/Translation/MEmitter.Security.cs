namespace Emulation.Arm;

// Instructions of Armv8-M. DDI 0553, C2.4.
internal sealed partial class MEmitter
{
    /// <summary>SG.</summary>
    public void SecureGateway()
    {
        if (!Isa.Has(ArmFeature.SecurityExtension))
            return;
        Ir.Call(MHelpers.SecureGateway);
        ForgetComparison(Lr);
        LeaveAfterModeChange();
    }

    /// <summary>TT, TTT, TTA, TTAT.</summary>
    public void TestTarget(int rd, int rn, bool alternate, bool unprivileged)
    {
        if (rd is Sp or PcNumber || rn == Sp || (alternate && (!Isa.Has(ArmFeature.SecurityExtension) || (Mode & MMode.Secure) == 0)))
            Undefined();
        else
            SetR(rd, Ir.Call(MHelpers.TestTarget, R(rn), Word((alternate ? 2 : 0) | (unprivileged ? 1 : 0))));
    }

    /// <summary>BXNS and BLXNS.</summary>
    public void BranchNonSecure(int rm, bool links)
    {
        Guard(Cond);
        if ((Mode & MMode.Secure) == 0 || rm is Sp or PcNumber || (InIt && InItNotLast))
        {
            Undefined();
            return;
        }

        Ir.Call(MHelpers.BranchNonSecure, R(rm), Ir.Const(NextPc | 1, IR.IrType.I32), Word(links ? 1 : 0));
        ForgetComparison(Lr);
        LeaveForTarget();
    }

    /// <summary>VLSTM and VLLDM.</summary>
    public void LazyState(int rn, bool loads)
    {
        if ((Mode & MMode.Secure) == 0 || !Isa.Has(ArmFeature.SecurityExtension) || rn == PcNumber)
        {
            Undefined();
            return;
        }

        if (!Isa.Has(ArmFeature.VFPv2))
            return;
        Ir.Call(MHelpers.LazyState, R(rn), Word(loads ? 1 : 0));
        LeaveAfterModeChange();
    }
}

namespace Emulation.Arm;

// Moving between Security states. DDI 0553, B3.16, B3.17, BLXNS, BXNS, SG, TT.
public sealed unsafe partial class ArmMCpu
{
    /// <summary>SG: Non-secure code enters Secure state.</summary>
    internal void SecureGateway()
    {
    }

    /// <summary>BXNS, BLXNS.</summary>
    internal void BranchNonSecure(uint target, uint link, bool links)
    {
    }

    /// <summary>VLSTM, VLLDM.</summary>
    internal void LazyStore(uint address, bool loads)
    {
    }

    private void ReturnFromNonSecure()
    {
    }
}

namespace Emulation.Arm;

// What HCR_EL2 and SCR_EL3 say. Arm DDI 0487, D17.2.48 "HCR_EL2", D17.2.117 "SCR_EL3".
public sealed unsafe partial class ArmCpu
{
    internal const ulong HcrVm = 1, HcrPtw = 1 << 2, HcrFmo = 1 << 3, HcrImo = 1 << 4, HcrAmo = 1 << 5, HcrVf = 1 << 6, HcrVi = 1 << 7, HcrVse = 1 << 8,
        HcrFb = 1 << 9, HcrDc = 1 << 12, HcrTwi = 1 << 13, HcrTwe = 1 << 14, HcrTid0 = 1 << 15, HcrTid1 = 1 << 16, HcrTid2 = 1 << 17, HcrTid3 = 1 << 18,
        HcrTsc = 1 << 19, HcrTidcp = 1 << 20, HcrTacr = 1 << 21, HcrTsw = 1 << 22, HcrTpcp = 1 << 23, HcrTpu = 1 << 24, HcrTtlb = 1 << 25, HcrTvm = 1 << 26,
        HcrTge = 1 << 27, HcrTdz = 1 << 28, HcrHcd = 1 << 29, HcrTrvm = 1 << 30, HcrRw = 1UL << 31, HcrCd = 1UL << 32, HcrId = 1UL << 33, HcrE2h = 1UL << 34,
        HcrTea = 1UL << 37, HcrFwb = 1UL << 46;

    internal const ulong ScrNs = 1, ScrIrq = 1 << 1, ScrFiq = 1 << 2, ScrEa = 1 << 3, ScrSmd = 1 << 7, ScrHce = 1 << 8, ScrSif = 1 << 9, ScrRw = 1 << 10,
        ScrSt = 1 << 11, ScrTwi = 1 << 12, ScrTwe = 1 << 13, ScrTlor = 1 << 14, ScrEcvEn = 1UL << 28;

    /// <summary>Whether EL2 exists in the present Security state.</summary>
    internal bool El2Enabled => Options.HasEl2 && (!Options.HasEl3 || (this[SystemSlot.ScrEl3] & ScrNs) != 0);

    /// <summary>Whether EL0 to EL2 are Secure now.</summary>
    internal bool IsSecureBelow => Options.HasEl3 && (this[SystemSlot.ScrEl3] & ScrNs) == 0;

    /// <summary>Whether the CPU is in Secure state.</summary>
    public bool IsSecure => Options.HasEl3 && (ExceptionLevel == 3 || IsSecureBelow || IsMonitor);

    /// <summary>HCR_EL2 as it is in effect: 0 without EL2.</summary>
    internal ulong Hcr => El2Enabled ? this[SystemSlot.HcrEl2] : 0;

    /// <summary>HCR_EL2.E2H: EL2 may host an operating system.</summary>
    internal bool IsHost => (Hcr & HcrE2h) != 0;

    /// <summary>EL0 belongs to a host at EL2: E2H and TGE.</summary>
    internal bool IsHostUser => (Hcr & (HcrE2h | HcrTge)) == (HcrE2h | HcrTge);

    /// <summary>HCR_EL2 for traps of EL0 and EL1 that do not concern a host's programs.</summary>
    internal ulong HcrTraps => IsHostUser ? 0 : Hcr;

    /// <summary>Whether stage 1 of EL1&amp;0 is off whatever SCTLR_EL1.M says: DC, or TGE without E2H.</summary>
    internal bool Stage1IsOff => (Hcr & HcrDc) != 0 || (Hcr & (HcrTge | HcrE2h)) == HcrTge;

    /// <summary>Whether EL1&amp;0 has a second stage: VM, which DC implies.</summary>
    internal bool HasStage2 => (Hcr & (HcrVm | HcrDc)) != 0 && (Hcr & HcrTge) == 0;

    /// <summary>HCR_EL2.PTW.</summary>
    internal bool ProtectsTables => (Hcr & HcrPtw) != 0;

    /// <summary>The level that a trap of EL0 goes to when it is meant for EL1.</summary>
    internal int UserTarget => (Hcr & HcrTge) != 0 ? 2 : 1;

    /// <summary>Whether loads and stores are to Normal memory where stage 1 is off.</summary>
    internal bool IsNormalWithoutMmu(int mmuIndex) => Options.IsHosted || (mmuIndex < ArmMode.MmuHypervisor && (Hcr & HcrDc) != 0);

    /// <summary>The level that a use of floating point traps to; 0 for none. CPACR_EL1, CPTR_EL2, CPTR_EL3.</summary>
    internal int FpTrapTarget(int level)
    {
        if (HasMonitor && !_secureBank && (this[SystemSlot.Nsacr] & (1 << 10)) == 0)
            return 1;
        if (level < 2 && !IsHostUser)
        {
            ulong enable = (this[SystemSlot.CpacrEl1] >> 20) & 3;
            if (enable is 0 or 2 || (enable == 1 && level == 0))
                return level == 0 ? UserTarget : 1;
        }

        if (level < 3 && El2Enabled)
        {
            ulong control = this[SystemSlot.CptrEl2];
            if (!IsHost)
            {
                if ((control & (1 << 10)) != 0)
                    return 2;
            }
            else if (((control >> 20) & 3) is var enable && (enable is 0 or 2 || (enable == 1 && level == 0 && IsHostUser)))
            {
                return 2;
            }
        }

        return Options.HasEl3 && !HasMonitor && (this[SystemSlot.CptrEl3] & (1 << 10)) != 0 ? 3 : 0;
    }
}

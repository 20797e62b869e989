namespace Emulation.RiscV;

// The mode word of the block key, and everything that follows from a change of privileged state.
public sealed partial class RiscVCpu
{
    /// <summary>Privilege of loads and stores: <c>MPRV</c> lends M-mode that of <c>MPP</c>.</summary>
    internal PrivilegeLevel DataPrivilege
        => Privilege == PrivilegeLevel.Machine && (MStatus & Status.Mprv) != 0
            ? (PrivilegeLevel)((MStatus & Status.Mpp) >> Status.MppShift)
            : Privilege;

    /// <inheritdoc/>
    protected override int FetchMmuIndex => Privilege switch
    {
        PrivilegeLevel.Machine => RiscVMode.MmuMachine,
        PrivilegeLevel.Supervisor => RiscVMode.MmuSupervisor,
        _ => RiscVMode.MmuUser,
    };

    /// <summary>Translation regime of loads and stores at present: for accesses on behalf of the guest.</summary>
    public int LoadStoreMmuIndex => RiscVMode.DataMmu(Header.Mode);

    /// <summary>Recomputes the mode word. To be called after every change of what it is made of.</summary>
    internal void UpdateMode()
    {
        uint mode = ((uint)Privilege << RiscVMode.PrivilegeShift) | (uint)DataMmuIndex();
        ulong fs = MStatus & Status.Fs;
        if (fs == 0)
            mode |= RiscVMode.FsOff;
        else if (fs == Status.Fs)
            mode |= RiscVMode.FsDirty;
        if (Xlen == 32)
            mode |= RiscVMode.Xlen32;
        if (Frm > 4)
            mode |= RiscVMode.FrmInvalid;
        if (Privilege != PrivilegeLevel.Machine)
            mode |= RestrictionBits();
        mode |= CacheBlockBits();
        SetMode(mode);
    }

    /// <summary>After a write that may change translation of code, enabled interrupts or both.</summary>
    internal void OnPrivilegedWrite()
    {
        UpdateMode();
        if (EnabledInterrupts() != 0)
            RequestAttention();
    }

    /// <summary>Marks the floating-point state as changed by the guest.</summary>
    internal void SetFsDirty()
    {
        if ((MStatus & Status.Fs) == Status.Fs)
            return;
        MStatus |= Status.Fs;
        UpdateMode();
    }

    internal void SetFrm(byte value)
    {
        Frm = value;
        // A reserved mode makes dynamic rounding illegal, so what the environment holds then is never used
        Header.Fp.Rounding = value <= 4 ? (SoftFloat.FpRounding)value : SoftFloat.FpRounding.NearestEven;
        UpdateMode();
    }

    internal void SetPrivilege(PrivilegeLevel privilege, bool insideInstruction)
    {
        if (privilege == Privilege)
            return;
        Privilege = privilege;
        Counters.OnPrivilegeChanged(insideInstruction);
    }

    private int DataMmuIndex()
    {
        bool mxr = (MStatus & Status.Mxr) != 0;
        switch (DataPrivilege)
        {
            case PrivilegeLevel.Machine:
                return RiscVMode.MmuMachine;
            case PrivilegeLevel.User:
                return mxr ? RiscVMode.MmuUserMxr : RiscVMode.MmuUser;
            default:
                if ((MStatus & Status.Sum) != 0)
                    return mxr ? RiscVMode.MmuSupervisorSumMxr : RiscVMode.MmuSupervisorSum;
                return mxr ? RiscVMode.MmuSupervisorMxr : RiscVMode.MmuSupervisor;
        }
    }

    private uint RestrictionBits()
    {
        uint bits = 0;
        bool user = Privilege == PrivilegeLevel.User;
        // The time that WFI may take here before it traps is none, so with TW it always does
        if ((MStatus & Status.Tw) != 0)
            bits |= RiscVMode.TrapWfi | RiscVMode.TrapWrs;
        if (user)
            return Features.SupervisorMode ? bits | RiscVMode.TrapWfi : bits;
        if ((MStatus & Status.Tvm) != 0)
            bits |= RiscVMode.TrapVm;
        if ((MStatus & Status.Tsr) != 0)
            bits |= RiscVMode.TrapSret;
        return bits;
    }

    // RISC-V Unprivileged, "CMO": the most restrictive of the enabling registers decides
    private uint CacheBlockBits()
    {
        ulong cbie = 3;
        ulong enables = EnvironmentConfig.Cbcfe | EnvironmentConfig.Cbze;
        if (Privilege != PrivilegeLevel.Machine)
        {
            cbie = (Menvcfg & EnvironmentConfig.Cbie) >> EnvironmentConfig.CbieShift;
            enables &= Menvcfg;
        }

        if (Privilege == PrivilegeLevel.User && Features.SupervisorMode)
        {
            ulong own = (Senvcfg & EnvironmentConfig.Cbie) >> EnvironmentConfig.CbieShift;
            cbie &= own; // encodings 0, 1 and 3: the conjunction is the more restrictive one
            enables &= Senvcfg;
        }

        return ((uint)cbie << RiscVMode.CbieShift)
            | ((enables & EnvironmentConfig.Cbcfe) != 0 ? RiscVMode.Cbcfe : 0)
            | ((enables & EnvironmentConfig.Cbze) != 0 ? RiscVMode.Cbze : 0);
    }
}

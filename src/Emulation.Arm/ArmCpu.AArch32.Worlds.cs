using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

// The Security states of AArch32 and Monitor mode. Arm DDI 0406, B1.5, B3.15.3 "Classification of system control registers"; DDI 0487, G1.7, G5.11.
public sealed unsafe partial class ArmCpu
{
    internal const ulong ScrFw = 1 << 4, ScrAw = 1 << 5;

    /// <summary>NSACR.cp10 and cp11.</summary>
    internal const ulong FloatCoprocessors = 3 << 10;

    private static readonly SystemSlot[] s_banked =
    [
        SystemSlot.SctlrEl1, SystemSlot.ActlrEl1, SystemSlot.TtbrZeroEl1, SystemSlot.TtbrOneEl1, SystemSlot.TcrEl1, SystemSlot.DacrEl2, SystemSlot.EsrEl1,
        SystemSlot.IfsrEl2, SystemSlot.AfsrZeroEl1, SystemSlot.AfsrOneEl1, SystemSlot.FarEl1, SystemSlot.ParEl1, SystemSlot.MairEl1, SystemSlot.AmairEl1,
        SystemSlot.VbarEl1, SystemSlot.ContextIdrEl1, SystemSlot.TpidrEl1, SystemSlot.CsselrEl1,
    ];

    // Registers of both states: those of the present state are in the places that everything looks at, those of the other one in OtherWorldFirst and following.
    private bool _secureBank;

    /// <summary>Whether EL1 is in AArch32 state. Where reset does not say so, EL2 or EL3 chooses: HCR_EL2.RW, SCR_EL3.RW.</summary>
    internal bool El1IsAArch32
    {
        get
        {
            if (Options.StartsInAArch32 || !Isa.Has(ArmFeature.AArch32El1))
                return Options.StartsInAArch32;
            if (Options.HasEl3)
            {
                // EL2 is never AArch32: where there is one, SCR_EL3.RW counts as set
                ulong control = this[SystemSlot.ScrEl3];
                if ((control & ScrRw) == 0 && !((control & ScrNs) != 0 && Options.HasEl2))
                    return true;
            }

            return El2Enabled && !IsHostUser && (this[SystemSlot.HcrEl2] & HcrRw) == 0;
        }
    }

    /// <summary>Whether there is Monitor mode: EL3 in AArch32. Privileged modes of both Security states count as level 1 then, as in Armv7.</summary>
    internal bool HasMonitor => Options.StartsInAArch32 && Options.HasEl3;

    /// <summary>Whether the registers of the Secure state are those that are accessed: not so in Monitor mode while SCR.NS is 1.</summary>
    internal bool IsSecureBank => _secureBank;

    /// <summary>Whether EL1&amp;0 translates to the Secure address space: what Monitor mode may translate for the other state does not.</summary>
    internal bool IsSecureRegime => HasMonitor ? _secureBank : IsSecureBelow;

    private bool IsMonitor => HasMonitor && IsAArch32 && A32Mode.Processor(Header.Mode) == ProcessorMode.Monitor;

    /// <summary>Fields of CPACR that NSACR keeps from the Non-secure state. Arm DDI 0406, B4.1.111.</summary>
    internal ulong ClosedCoprocessors => HasMonitor && !IsSecure && (this[SystemSlot.Nsacr] & (1 << 10)) == 0 ? 0xf0_0000u : 0;

    /// <summary>CPACR.</summary>
    internal void WriteCoprocessorAccess(ulong value)
    {
        ulong closed = ClosedCoprocessors;
        this[SystemSlot.CpacrEl1] = (this[SystemSlot.CpacrEl1] & closed) | (value & ~closed);
        OnPrivilegedWrite();
    }

    /// <summary>A timer, of the Security state whose registers are accessed.</summary>
    internal GenericTimer BankedTimer(ArmTimer timer) => Timer(timer == ArmTimer.Physical && HasMonitor && _secureBank ? ArmTimer.SecurePhysical : timer);

    /// <summary>MPIDR as the present level sees it.</summary>
    internal ulong MultiprocessorId => ExceptionLevel == 1 && El2Enabled ? this[SystemSlot.VmpidrEl2] : (1UL << 31) | Affinity;

    /// <summary>SCR. Arm DDI 0406, B4.1.129.</summary>
    internal void WriteSecureConfiguration(ulong value)
    {
        // without EL2 an Armv7 CPU has neither SCD nor HCE
        const ulong Armv7 = ScrNs | ScrIrq | ScrFiq | ScrEa | ScrFw | ScrAw | (1 << 6) | ScrSif, Armv8 = Armv7 | ScrSmd | ScrTwi | ScrTwe;
        this[SystemSlot.ScrEl3] = value & (Isa.Has(ArmFeature.V8) ? Armv8 : Armv7);
        SetCpsr(Cpsr);
        OnPrivilegedWrite();
    }

    // Monitor mode accesses the registers of the state that it prepares
    private bool IsOfOtherWorld(A32SystemRegister row) => row.IsBanked && IsMonitor && (this[SystemSlot.ScrEl3] & ScrNs) != 0;

    private ulong ReadInOtherWorld(A32SystemRegister row)
    {
        bool secure = LeaveWorld();
        ulong value = row.ReadOn(this);
        ReturnToWorld(secure);
        return value;
    }

    private void WriteInOtherWorld(A32SystemRegister row, ulong value)
    {
        bool secure = LeaveWorld();
        row.WriteOn(this, value);
        ReturnToWorld(secure);
    }

    // the registers and translations of the other state come in place of those of the present one
    private bool LeaveWorld()
    {
        bool secure = _secureBank;
        EnterWorld(!secure);
        return secure;
    }

    private void ReturnToWorld(bool secure)
    {
        EnterWorld(secure);
        UpdateMode();
    }

    private void EnterWorld(bool secure)
    {
        if (_secureBank == secure)
            return;
        _secureBank = secure;
        int place = 0;
        foreach (SystemSlot slot in s_banked)
            Exchange(ref this[slot], place++);
        foreach (RegisterSlot slot in (ReadOnlySpan<RegisterSlot>)[Registers.Tpidr, Registers.TpidrRo])
            Exchange(ref *(ulong*)(State + slot.Offset), place++);
        RefreshLevelModes();
        ForgetDevices();
        SwitchAddressSpace(SpaceTag);
    }

    private void Exchange(ref ulong present, int place)
    {
        ref ulong other = ref this[SystemSlot.OtherWorldFirst + place];
        (present, other) = (other, present);
    }

    // to the Secure state that reset leaves, or on to what firmware leaves for a Non-secure kernel
    private void ResetWorlds(bool secure)
    {
        this[SystemSlot.ScrEl3] = 0;
        _secureBank = HasMonitor;
        if (!HasMonitor)
            return;
        this[SystemSlot.OtherWorldFirst + Array.IndexOf(s_banked, SystemSlot.SctlrEl1)] = this[SystemSlot.SctlrEl1];
        this[SystemSlot.OtherWorldFirst + Array.IndexOf(s_banked, SystemSlot.ActlrEl1)] = this[SystemSlot.ActlrEl1];
        if (secure)
            return;
        this[SystemSlot.Nsacr] = FloatCoprocessors;
        this[SystemSlot.ScrEl3] = ScrNs | ScrFw | ScrAw;
    }
}

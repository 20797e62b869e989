namespace Emulation.Devices;

// The virtual CPU interface: registers ICH_* of a hypervisor, and ICV_* that its guest sees as ICC_*. IHI 0069, chapter 6, 12.3 and 12.4.
public sealed partial class GicV3
{
    // ICH_VMCR_EL2.VFIQEn: one where there are system registers alone
    private const uint VirtualFiqEnable = 1 << 3;

    private static bool IsVirtual(int encoding, in GicAccess access)
    {
        if (access.Level != 1)
            return false;
        return GicRegister.GroupOf(encoding) switch
        {
            0 => access.VirtualFiq,
            1 => access.VirtualIrq,
            2 => (access.VirtualFiq || access.VirtualIrq) && encoding is not (GicRegister.Sgi0r or GicRegister.Sgi1r or GicRegister.Asgi1r),
            _ => false,
        };
    }

    private bool TrapsToHypervisor(int encoding, in GicAccess access)
    {
        const uint TrapCommon = 1 << 10, TrapGroup0 = 1 << 11, TrapGroup1 = 1 << 12, TrapDeactivate = 1 << 14;
        uint control = _cpus[access.Cpu].Virtual.Control;
        return GicRegister.GroupOf(encoding) switch
        {
            0 => (control & TrapGroup0) != 0,
            1 => (control & TrapGroup1) != 0,
            2 => (control & TrapCommon) != 0
                || (encoding == GicRegister.Dir && (control & TrapDeactivate) != 0)
                || (encoding is GicRegister.Sgi0r or GicRegister.Sgi1r or GicRegister.Asgi1r && (access.VirtualFiq || access.VirtualIrq)),
            _ => false,
        };
    }

    private uint? ReadHypervisor(int encoding, int cpu)
    {
        GicVirtualInterface state = _cpus[cpu].Virtual;
        return encoding switch
        {
            GicRegister.HypervisorAp0r0 => state.Active0,
            GicRegister.HypervisorAp1r0 => state.Active1,
            GicRegister.HypervisorHcr => state.Control,
            GicRegister.HypervisorVtr => (GicVirtualInterface.ListRegisters - 1) | (1u << 19) | (1u << 20) | (1u << 21) | (4u << 26) | (4u << 29),
            GicRegister.HypervisorMisr => state.Maintenance,
            GicRegister.HypervisorEisr => state.Ended,
            GicRegister.HypervisorElrsr => state.Empty,
            GicRegister.HypervisorVmcr => state.Vmcr | VirtualFiqEnable,
            _ => null,
        };
    }

    private bool TryReadList(int encoding, int cpu, out ulong value)
    {
        int list = encoding - GicRegister.HypervisorLr0;
        bool exists = list is >= 0 and < GicVirtualInterface.ListRegisters;
        value = exists ? _cpus[cpu].Virtual[list] : 0;
        return exists;
    }

    private bool WriteHypervisor(int encoding, int cpu, ulong value)
    {
        GicVirtualInterface state = _cpus[cpu].Virtual;
        switch (encoding)
        {
            case GicRegister.HypervisorAp0r0: state.Active0 = (uint)value; return true;
            case GicRegister.HypervisorAp1r0: state.Active1 = (uint)value; return true;
            case GicRegister.HypervisorHcr: state.Control = (uint)value; return true;
            case GicRegister.HypervisorVmcr: state.Vmcr = (uint)value; return true;
            case >= GicRegister.HypervisorLr0 and < GicRegister.HypervisorLr0 + GicVirtualInterface.ListRegisters:
                state[encoding - GicRegister.HypervisorLr0] = value;
                return true;
            default: return false;
        }
    }

    private void UpdateVirtual(int cpu)
    {
        GicVirtualInterface state = _cpus[cpu].Virtual;
        bool signal = state.FindPending(out bool group1, out int priority) >= 0 && state.Signals(group1, priority);
        VirtualIrq(cpu).Set(signal && group1);
        VirtualFiq(cpu).Set(signal && !group1);
        Maintenance(cpu).Set(state.IsEnabled && state.Maintenance != 0);
    }

    private bool TryReadVirtual(int encoding, int cpu, out ulong value)
    {
        GicVirtualInterface state = _cpus[cpu].Virtual;
        uint vmcr = state.Vmcr;
        uint? read = encoding switch
        {
            GicRegister.Pmr => vmcr >> 24,
            GicRegister.Iar0 => AcknowledgeVirtual(state, group1: false),
            GicRegister.Iar1 => AcknowledgeVirtual(state, group1: true),
            GicRegister.Hppir0 => PendingVirtual(state, group1: false),
            GicRegister.Hppir1 => PendingVirtual(state, group1: true),
            GicRegister.Bpr0 => vmcr >> 21 & 7,
            GicRegister.Bpr1 => (vmcr & GicVirtualInterface.VmcrCommon) != 0 ? Math.Min((vmcr >> 21 & 7) + 1, 7u) : vmcr >> 18 & 7,
            GicRegister.Ap0r0 => state.Active0,
            GicRegister.Ap1r0 => state.Active1,
            GicRegister.Rpr => (uint)Math.Min(state.RunningPriority, 0xff),
            GicRegister.Ctlr => (vmcr >> 4 & 1) | (vmcr >> 8 & 2) | InterfaceControlRead,
            GicRegister.Igrpen0 => vmcr & 1,
            GicRegister.Igrpen1 => vmcr >> 1 & 1,
            _ => null,
        };
        if (encoding is GicRegister.Iar0 or GicRegister.Iar1)
            Update();
        value = read ?? 0;
        return read is not null;
    }

    private bool TryWriteVirtual(int encoding, int cpu, ulong written)
    {
        GicVirtualInterface state = _cpus[cpu].Virtual;
        uint vmcr = state.Vmcr, value = (uint)written;
        switch (encoding)
        {
            case GicRegister.Pmr: state.Vmcr = (vmcr & 0x00ff_ffff) | (value << 24); return true;
            case GicRegister.Bpr0: state.Vmcr = (vmcr & ~(7u << 21)) | ((value & 7) << 21); return true;
            case GicRegister.Bpr1:
                if ((vmcr & GicVirtualInterface.VmcrCommon) == 0)
                    state.Vmcr = (vmcr & ~(7u << 18)) | ((value & 7) << 18);
                return true;
            case GicRegister.Ctlr: state.Vmcr = (vmcr & ~(GicVirtualInterface.VmcrCommon | GicVirtualInterface.VmcrSplitEnd)) | ((value & 1) << 4) | ((value & 2) << 8); return true;
            case GicRegister.Igrpen0: state.Vmcr = (vmcr & ~1u) | (value & 1); return true;
            case GicRegister.Igrpen1: state.Vmcr = (vmcr & ~2u) | ((value & 1) << 1); return true;
            case GicRegister.Ap0r0: state.Active0 = value; return true;
            case GicRegister.Ap1r0: state.Active1 = value; return true;
            case GicRegister.Eoir0: EndVirtual(cpu, state, value & 0xff_ffff, group1: false); return true;
            case GicRegister.Eoir1: EndVirtual(cpu, state, value & 0xff_ffff, group1: true); return true;
            case GicRegister.Dir:
                if ((vmcr & GicVirtualInterface.VmcrSplitEnd) != 0)
                    DeactivateVirtual(cpu, state, value & 0xff_ffff);
                return true;
            default: return false;
        }
    }

    private static uint PendingVirtual(GicVirtualInterface state, bool group1)
    {
        int list = state.FindPending(out bool found, out _);
        return list >= 0 && found == group1 ? (uint)state[list] : NoInterrupt;
    }

    private static uint AcknowledgeVirtual(GicVirtualInterface state, bool group1)
    {
        int list = state.FindPending(out bool found, out int priority);
        if (list < 0 || found != group1 || !state.Signals(group1, priority))
            return NoInterrupt;
        uint bit = state.PriorityBit(priority, group1);
        if (group1)
            state.Active1 |= bit;
        else
            state.Active0 |= bit;
        state.Activate(list);
        return (uint)state[list];
    }

    private void EndVirtual(int cpu, GicVirtualInterface state, uint interrupt, bool group1)
    {
        if (interrupt is >= SecureSpecial and <= NoInterrupt)
            return;
        ref uint active = ref state.Active0;
        if (group1)
            active = ref state.Active1;
        if (active == 0)
            return;                                      // an end that drops no priority is none
        active &= active - 1;
        if ((state.Vmcr & GicVirtualInterface.VmcrSplitEnd) == 0 || interrupt >= FirstLpi)
            DeactivateVirtual(cpu, state, interrupt);
    }

    private void DeactivateVirtual(int cpu, GicVirtualInterface state, uint interrupt)
    {
        int physical = state.Deactivate(interrupt);
        // as a Non-secure write of ICC_DIR_EL1 does
        if (physical >= 16 && IsVisible(cpu, physical, secure: false))
            _interrupts.Set(_interrupts.Active, cpu, physical, false);
    }
}

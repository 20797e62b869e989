namespace Emulation.Devices;

// GIC virtualization: the virtual interface control GICH_* of a hypervisor, and the virtual CPU interface GICV_* that its guest sees as GICC_*. IHI 0048B, chapter 5.
public sealed partial class GicV2
{
    private const uint VirtualControlBits = 0x21f;          // EOImode, CBPR, FIQEn, AckCtl, EnableGrp1, EnableGrp0: at the same places of GICH_VMCR
    private const uint VirtualAck = 1 << 2;
    private const uint VirtualFiqEnable = 1 << 3;

    private uint ReadVirtualControl(int cpu, int offset)
    {
        GicVirtualInterface state = _virtual[cpu];
        switch (offset)
        {
            case 0x00: return state.Control;
            case 0x04: return (GicVirtualInterface.ListRegisters - 1) | (4u << 26) | (4u << 29);
            case 0x08: return state.Vmcr;
            case 0x10: return state.Maintenance;
            case 0x20: return state.Ended;
            case 0x30: return state.Empty;
            case 0x24 or 0x34: return 0;
            case 0xf0: return state.Active0;
            case >= 0x100 and < 0x100 + (4 * GicVirtualInterface.ListRegisters): return FromList(state[(offset - 0x100) / 4]);
            default:
                _log.Error(Name, $"read of missing virtual interface control register 0x{offset:x}");
                return 0;
        }
    }

    private void WriteVirtualControl(int cpu, int offset, uint value)
    {
        GicVirtualInterface state = _virtual[cpu];
        switch (offset)
        {
            case 0x00: state.Control = value & 0xf800_00ff; break;
            case 0x08: state.Vmcr = value; break;
            case 0xf0: state.Active0 = value; break;
            case >= 0x100 and < 0x100 + (4 * GicVirtualInterface.ListRegisters): state[(offset - 0x100) / 4] = ToList(value); break;
            default:
                _log.Error(Name, $"write to read-only or missing virtual interface control register 0x{offset:x}");
                break;
        }
    }

    // GICH_LR: HW, Grp1, State, Priority (five bits), PhysicalID or EOI and CPUID, VirtualID
    private static ulong ToList(uint value)
        => ((ulong)(value >> 28 & 3) << 62) | ((ulong)(value >> 30) << 60) | ((ulong)(value >> 23 & 0x1f) << 51) | ((ulong)(value >> 10 & 0x3ff) << 32) | (value & 0x3ff);

    private static uint FromList(ulong list)
        => ((uint)(list >> 62) << 28) | ((uint)(list >> 60 & 3) << 30) | ((uint)(list >> 51 & 0x1f) << 23) | ((uint)(list >> 32 & 0x3ff) << 10) | ((uint)list & 0x3ff);

    private uint ReadVirtualInterface(int cpu, int offset)
    {
        GicVirtualInterface state = _virtual[cpu];
        switch (offset)
        {
            case 0x00: return state.Vmcr & VirtualControlBits;
            case 0x04: return state.Vmcr >> 24;
            case 0x08: return state.Vmcr >> 21 & 7;
            case 0x0c: return AcknowledgeVirtual(state, alias: false);
            case 0x14: return (uint)Math.Min(state.RunningPriority, 0xff);
            case 0x18: return state.FindPending(out bool group1, out _) is >= 0 and int list ? ReportVirtual(state, list, group1, alias: false) : NoInterrupt;
            case 0x1c: return state.Vmcr >> 18 & 7;
            case 0x20: return AcknowledgeVirtual(state, alias: true);
            case 0x28: return state.FindPending(out bool isGroup1, out _) is >= 0 and int other ? ReportVirtual(state, other, isGroup1, alias: true) : NoInterrupt;
            case 0xd0: return state.Active0;
            case > 0xd0 and < 0xe0: return 0;
            case 0xfc: return InterfaceId;
            default:
                _log.Error(Name, $"read of write-only or missing virtual CPU interface register 0x{offset:x}");
                return 0;
        }
    }

    private void WriteVirtualInterface(int cpu, int offset, uint value)
    {
        GicVirtualInterface state = _virtual[cpu];
        switch (offset)
        {
            case 0x00: state.Vmcr = (state.Vmcr & ~VirtualControlBits) | (value & VirtualControlBits); break;
            case 0x04: state.Vmcr = (state.Vmcr & 0x00ff_ffff) | (value << 24); break;
            case 0x08: state.Vmcr = (state.Vmcr & ~(7u << 21)) | ((value & 7) << 21); break;
            case 0x1c: state.Vmcr = (state.Vmcr & ~(7u << 18)) | ((value & 7) << 18); break;
            case 0x10 or 0x24: EndVirtual(cpu, state, value); break;
            case 0xd0: state.Active0 = value; break;
            case > 0xd0 and < 0xe0: break;
            case 0x1000:
                if ((state.Vmcr & GicVirtualInterface.VmcrSplitEnd) != 0)
                    DeactivateVirtual(cpu, state, value);
                break;
            default:
                _log.Error(Name, $"write to read-only or missing virtual CPU interface register 0x{offset:x}");
                break;
        }
    }

    private static uint ReportVirtual(GicVirtualInterface state, int list, bool group1, bool alias)
    {
        if (alias != group1)
        {
            if (alias)
                return NoInterrupt;
            if ((state.Vmcr & VirtualAck) == 0)
                return OtherGroup;
        }

        ulong lr = state[list];
        return (uint)lr | ((lr & GicVirtualInterface.ListHardware) == 0 ? SourceOf(lr) << 10 : 0);
    }

    private static uint SourceOf(ulong list) => (uint)(list >> 32) & 7;

    private uint AcknowledgeVirtual(GicVirtualInterface state, bool alias)
    {
        int list = state.FindPending(out bool group1, out int priority);
        if (list < 0 || !state.Signals(group1, priority))
            return NoInterrupt;
        uint result = ReportVirtual(state, list, group1, alias);
        if (result is NoInterrupt or OtherGroup)
            return result;
        state.Active0 |= state.PriorityBit(priority, group1);
        state.Activate(list);
        Update();
        return result;
    }

    private void EndVirtual(int cpu, GicVirtualInterface state, uint value)
    {
        if ((value & 0x3ff) >= OtherGroup - 2)
            return;
        if (state.Active0 == 0)
            return;                                      // an end that drops no priority is none
        state.Active0 &= state.Active0 - 1;
        if ((state.Vmcr & GicVirtualInterface.VmcrSplitEnd) == 0)
            DeactivateVirtual(cpu, state, value);
    }

    private void DeactivateVirtual(int cpu, GicVirtualInterface state, uint value)
    {
        uint source = value >> 10 & 7;
        int physical = state.Deactivate(value & 0x3ff, lr => (lr & GicVirtualInterface.ListHardware) != 0 || (uint)lr >= 16 || SourceOf(lr) == source);
        // as a Non-secure write of GICC_DIR does
        if (physical >= 16 && IsVisible(cpu, !Options.Security, physical))
            _interrupts.Set(_interrupts.Active, cpu, physical, false);
    }

    private void UpdateVirtual(int cpu)
    {
        GicVirtualInterface state = _virtual[cpu];
        bool signal = state.FindPending(out bool group1, out int priority) >= 0 && state.Signals(group1, priority);
        bool fiq = signal && !group1 && (state.Vmcr & VirtualFiqEnable) != 0;
        VirtualIrq(cpu).Set(signal && !fiq);
        VirtualFiq(cpu).Set(fiq);
        Maintenance(cpu).Set(state.IsEnabled && state.Maintenance != 0);
    }
}

using System.Numerics;
using Emulation.Core;

namespace Emulation.Devices;

// The virtual CPU interface: registers ICH_* of a hypervisor, and ICV_* that its guest sees as ICC_*. IHI 0069, chapter 6, 12.3 and 12.4.
public sealed partial class GicV3
{
    private const int ListRegisters = 4;
    private const uint VirtualEnable = 1;
    private const uint VirtualHcrWritable = 0xf800_7cff;
    private const uint VmcrWritable = 0xfffc_021f;
    private const uint VmcrEnable0 = 1;
    private const uint VmcrEnable1 = 2;
    private const uint VmcrCommon = 1 << 4;
    private const uint VmcrSplitEnd = 1 << 9;
    private const ulong ListPending = 1UL << 62;
    private const ulong ListActive = 1UL << 63;
    private const ulong ListHardware = 1UL << 61;
    private const ulong ListGroup = 1UL << 60;
    private const ulong ListEndInterrupt = 1UL << 41;
    private const ulong ListWritable = 0xf0ff_1fff_ffff_ffff;

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

    private uint? ReadHypervisor(int encoding, int cpu)
    {
        VirtualInterface state = _cpus[cpu].Virtual;
        return encoding switch
        {
            GicRegister.HypervisorAp0r0 => state.Active0,
            GicRegister.HypervisorAp1r0 => state.Active1,
            GicRegister.HypervisorHcr => state.Control,
            GicRegister.HypervisorVtr => (ListRegisters - 1) | (1u << 20) | (1u << 21) | (4u << 26) | (4u << 29),
            GicRegister.HypervisorMisr => Misr(state),
            GicRegister.HypervisorEisr => ListsThat(state, static lr => (lr & (ListPending | ListActive | ListHardware)) == 0 && (lr & ListEndInterrupt) != 0),
            GicRegister.HypervisorElrsr => ListsThat(state, static lr => (lr & (ListPending | ListActive)) == 0 && ((lr & ListHardware) != 0 || (lr & ListEndInterrupt) == 0)),
            GicRegister.HypervisorVmcr => state.Vmcr,
            _ => null,
        };
    }

    private bool TryReadList(int encoding, int cpu, out ulong value)
    {
        int list = encoding - GicRegister.HypervisorLr0;
        bool exists = list is >= 0 and < ListRegisters;
        value = exists ? _cpus[cpu].Virtual.Lists[list] : 0;
        return exists;
    }

    private bool WriteHypervisor(int encoding, int cpu, ulong value)
    {
        VirtualInterface state = _cpus[cpu].Virtual;
        switch (encoding)
        {
            case GicRegister.HypervisorAp0r0: state.Active0 = (uint)value; return true;
            case GicRegister.HypervisorAp1r0: state.Active1 = (uint)value; return true;
            case GicRegister.HypervisorHcr: state.Control = (uint)value & VirtualHcrWritable; return true;
            case GicRegister.HypervisorVmcr: state.SetVmcr((uint)value); return true;
            case >= GicRegister.HypervisorLr0 and < GicRegister.HypervisorLr0 + ListRegisters:
                state.Lists[encoding - GicRegister.HypervisorLr0] = value & ListWritable;
                return true;
            default: return false;
        }
    }

    private static uint ListsThat(VirtualInterface state, Func<ulong, bool> condition)
    {
        uint result = 0;
        for (int i = 0; i < ListRegisters; i++)
        {
            if (condition(state.Lists[i]))
                result |= 1u << i;
        }

        return result;
    }

    // IHI 0069, ICH_MISR_EL2
    private static uint Misr(VirtualInterface state)
    {
        uint control = state.Control;
        uint valid = ListsThat(state, static lr => (lr & (ListPending | ListActive)) != 0);
        uint result = 0;
        if (ListsThat(state, static lr => (lr & (ListPending | ListActive | ListHardware)) == 0 && (lr & ListEndInterrupt) != 0) != 0)
            result |= 1;
        if ((control & 2) != 0 && BitOperations.PopCount(valid) <= 1)
            result |= 2;
        if ((control & 4) != 0 && control >> 27 != 0)
            result |= 4;
        if ((control & 8) != 0 && ListsThat(state, static lr => (lr & (ListPending | ListActive)) == ListPending) == 0)
            result |= 8;
        bool enable0 = (state.Vmcr & VmcrEnable0) != 0, enable1 = (state.Vmcr & VmcrEnable1) != 0;
        if ((control & (enable0 ? 0x10 : 0x20)) != 0)
            result |= enable0 ? 0x10u : 0x20;
        if ((control & (enable1 ? 0x40 : 0x80)) != 0)
            result |= enable1 ? 0x40u : 0x80;
        return result;
    }

    private void UpdateVirtual(int cpu)
    {
        VirtualInterface state = _cpus[cpu].Virtual;
        bool enabled = (state.Control & VirtualEnable) != 0;
        bool group1 = false;
        bool signal = enabled && FindVirtual(state, out group1, out int priority) >= 0 && SignalsVirtual(state, group1, priority);
        VirtualIrq(cpu).Set(signal && group1);
        VirtualFiq(cpu).Set(signal && !group1);
        Maintenance(cpu).Set(enabled && Misr(state) != 0);
    }

    private static int FindVirtual(VirtualInterface state, out bool group1, out int priority)
    {
        int best = -1;
        priority = IdlePriority;
        for (int i = 0; i < ListRegisters; i++)
        {
            ulong lr = state.Lists[i];
            if ((lr & (ListPending | ListActive)) != ListPending || (state.Vmcr & ((lr & ListGroup) != 0 ? VmcrEnable1 : VmcrEnable0)) == 0)
                continue;
            int found = (int)(lr >> 48 & PriorityMask);
            if (found < priority)
                (best, priority) = (i, found);
        }

        group1 = best >= 0 && (state.Lists[best] & ListGroup) != 0;
        return best;
    }

    private static bool SignalsVirtual(VirtualInterface state, bool group1, int priority)
        => priority < (int)(state.Vmcr >> 24) && state.GroupPriority(priority, group1) < state.RunningPriority;

    private bool TryReadVirtual(int encoding, int cpu, out ulong value)
    {
        VirtualInterface state = _cpus[cpu].Virtual;
        uint vmcr = state.Vmcr;
        uint? read = encoding switch
        {
            GicRegister.Pmr => vmcr >> 24,
            GicRegister.Iar0 => AcknowledgeVirtual(state, group1: false),
            GicRegister.Iar1 => AcknowledgeVirtual(state, group1: true),
            GicRegister.Hppir0 => PendingVirtual(state, group1: false),
            GicRegister.Hppir1 => PendingVirtual(state, group1: true),
            GicRegister.Bpr0 => vmcr >> 21 & 7,
            GicRegister.Bpr1 => (vmcr & VmcrCommon) != 0 ? Math.Min((vmcr >> 21 & 7) + 1, 7u) : vmcr >> 18 & 7,
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
        VirtualInterface state = _cpus[cpu].Virtual;
        uint vmcr = state.Vmcr, value = (uint)written;
        switch (encoding)
        {
            case GicRegister.Pmr: state.SetVmcr((vmcr & 0x00ff_ffff) | (value << 24)); return true;
            case GicRegister.Bpr0: state.SetVmcr((vmcr & ~(7u << 21)) | ((value & 7) << 21)); return true;
            case GicRegister.Bpr1:
                if ((vmcr & VmcrCommon) == 0)
                    state.SetVmcr((vmcr & ~(7u << 18)) | ((value & 7) << 18));
                return true;
            case GicRegister.Ctlr: state.SetVmcr((vmcr & ~(VmcrCommon | VmcrSplitEnd)) | ((value & 1) << 4) | ((value & 2) << 8)); return true;
            case GicRegister.Igrpen0: state.SetVmcr((vmcr & ~1u) | (value & 1)); return true;
            case GicRegister.Igrpen1: state.SetVmcr((vmcr & ~2u) | ((value & 1) << 1)); return true;
            case GicRegister.Ap0r0: state.Active0 = value; return true;
            case GicRegister.Ap1r0: state.Active1 = value; return true;
            case GicRegister.Eoir0: EndVirtual(cpu, state, value & 0xff_ffff, group1: false); return true;
            case GicRegister.Eoir1: EndVirtual(cpu, state, value & 0xff_ffff, group1: true); return true;
            case GicRegister.Dir:
                if ((vmcr & VmcrSplitEnd) != 0)
                    DeactivateVirtual(cpu, state, value & 0xff_ffff);
                return true;
            default: return false;
        }
    }

    private static uint PendingVirtual(VirtualInterface state, bool group1)
    {
        int list = FindVirtual(state, out bool found, out _);
        return list >= 0 && found == group1 ? (uint)state.Lists[list] : NoInterrupt;
    }

    private static uint AcknowledgeVirtual(VirtualInterface state, bool group1)
    {
        int list = FindVirtual(state, out bool found, out int priority);
        if (list < 0 || found != group1 || (state.Control & VirtualEnable) == 0 || !SignalsVirtual(state, group1, priority))
            return NoInterrupt;
        ref ulong lr = ref state.Lists[list];
        uint bit = 1u << (state.GroupPriority(priority, group1) >> 3);
        if (group1)
            state.Active1 |= bit;
        else
            state.Active0 |= bit;
        lr ^= ListPending | ListActive;
        return (uint)lr;
    }

    private void EndVirtual(int cpu, VirtualInterface state, uint interrupt, bool group1)
    {
        if (interrupt is >= SecureSpecial and <= NoInterrupt)
            return;
        ref uint active = ref state.Active0;
        if (group1)
            active = ref state.Active1;
        active &= active == 0 ? 0 : active - 1;
        if ((state.Vmcr & VmcrSplitEnd) == 0)
            DeactivateVirtual(cpu, state, interrupt);
    }

    private void DeactivateVirtual(int cpu, VirtualInterface state, uint interrupt)
    {
        for (int i = 0; i < ListRegisters; i++)
        {
            ref ulong lr = ref state.Lists[i];
            if ((lr & ListActive) == 0 || (uint)lr != interrupt)
                continue;
            lr &= ~ListActive;
            int physical = (int)(lr >> 32 & 0x1fff);
            if ((lr & ListHardware) != 0 && physical < _interrupts.Count)
                _interrupts.Set(_interrupts.Active, cpu, physical, false);
            return;
        }

        // no list register has it: the hypervisor is told how often that happened
        if (interrupt < FirstLpi && state.Control >> 27 < 31)
            state.Control += 1u << 27;
    }

    /// <summary>The virtual interface of one CPU.</summary>
    private sealed class VirtualInterface
    {
        public uint Control;
        public uint Active0;
        public uint Active1;

        public uint Vmcr { get; private set; }

        public ulong[] Lists { get; } = new ulong[ListRegisters];

        public int RunningPriority
        {
            get
            {
                uint active = Active0 | Active1;
                return active == 0 ? IdlePriority : 8 * BitOperations.TrailingZeroCount(active);
            }
        }

        public void SetVmcr(uint value)
        {
            // binary points have a least value, priorities five bits
            uint point0 = Math.Max(value >> 21 & 7, LeastBinaryPoint), point1 = Math.Max(value >> 18 & 7, LeastBinaryPoint + 1);
            Vmcr = (value & VmcrWritable & 0xf803_ffff) | (point0 << 21) | (point1 << 18);
        }

        public int GroupPriority(int priority, bool group1)
        {
            int point = group1 && (Vmcr & VmcrCommon) == 0 ? (int)(Vmcr >> 18 & 7) - 1 : (int)(Vmcr >> 21 & 7);
            return priority & (-2 << point) & 0xff;
        }

        public void Reset()
        {
            Control = Active0 = Active1 = 0;
            Array.Clear(Lists);
            SetVmcr(0);
        }

        public void Save(StateWriter writer)
        {
            writer.Write(Control);
            writer.Write(Active0);
            writer.Write(Active1);
            writer.Write(Vmcr);
            writer.Write(Lists.AsSpan());
        }

        public void Load(StateReader reader)
        {
            Control = reader.ReadUInt32() & VirtualHcrWritable;
            Active0 = reader.ReadUInt32();
            Active1 = reader.ReadUInt32();
            SetVmcr(reader.ReadUInt32());
            reader.Read(Lists.AsSpan());
            foreach (ref ulong list in Lists.AsSpan())
                list &= ListWritable;
        }
    }
}

using System.Numerics;
using Emulation.Core;

namespace Emulation.Devices;

// The CPU interfaces: registers, acknowledge, end of interrupt. IHI 0048B, 4.4 and chapter 3.
public sealed partial class GicV2
{
    private const uint ControlAck = 1 << 2;
    private const uint ControlFiqEnable = 1 << 3;
    private const uint ControlCommonPoint = 1 << 4;
    private const uint ControlSplitEnd = 1 << 9;
    private const uint ControlSplitEndNonSecure = 1 << 10;
    private const uint ControlWritable = 0x7ff;
    private const uint InterfaceId = 0x0202_043b;   // GIC-400

    private uint ReadCpuInterfaceWord(int cpu, bool secure, int offset)
    {
        CpuState state = _cpus[cpu];
        switch (offset)
        {
            case 0x00: return secure ? state.Control : NonSecureControl(state.Control);
            case 0x04: return secure ? state.Mask : GicPriority.NonSecure(state.Mask);
            case 0x08: return secure ? state.BinaryPoint : NonSecureBinaryPoint(state);
            case 0x0c: return Acknowledge(cpu, secure, alias: false);
            case 0x14: return GicPriority.Shown(RunningPriority(state), !secure);
            case 0x18: return HighestPending(cpu, secure, alias: false);
            case 0x1c: return secure ? state.AliasedPoint : 0u;
            case 0x20: return secure ? Acknowledge(cpu, secure, alias: true) : 0;
            case 0x28: return secure ? HighestPending(cpu, secure, alias: true) : 0;
            // a non-secure access sees the upper half of the levels, as the lower half of the register (4.4.14)
            case 0xd0: return secure ? state.ActiveGroup0 : state.ActiveGroup1 >> 16;
            case 0xe0: return secure ? state.ActiveGroup1 : 0;
            case (>= 0xd4 and < 0xe0) or (>= 0xe4 and < 0xf0): return 0;
            case 0xfc: return InterfaceId;
            default:
                _log.Error(Name, $"read of write-only or missing CPU interface register 0x{offset:x}");
                return 0;
        }
    }

    private void WriteCpuInterface(int cpu, bool secure, ulong offset, uint value)
    {
        CpuState state = _cpus[cpu];
        switch (offset)
        {
            case 0x00: WriteControl(state, secure, value); break;
            case 0x04: WriteMask(state, secure, (byte)value); break;
            case 0x08:
                if (secure)
                    state.BinaryPoint = (byte)Math.Max(value & 7, GicPriority.LeastBinaryPoint);
                else if ((state.Control & ControlCommonPoint) == 0)
                    state.AliasedPoint = (byte)Math.Max(value & 7, GicPriority.LeastBinaryPoint + 1);
                break;
            case 0x10: EndOfInterrupt(cpu, secure, value, alias: false); break;
            case 0x1c:
                if (secure)
                    state.AliasedPoint = (byte)Math.Max(value & 7, GicPriority.LeastBinaryPoint + 1);
                break;
            case 0x24:
                if (secure)
                    EndOfInterrupt(cpu, secure, value, alias: true);
                break;
            case 0xd0:
                if (secure)
                    state.ActiveGroup0 = value;
                else
                    state.ActiveGroup1 = (state.ActiveGroup1 & 0xffff) | (value << 16);
                break;
            case 0xe0:
                if (secure)
                    state.ActiveGroup1 = value;
                break;
            case (>= 0xd4 and < 0xe0) or (>= 0xe4 and < 0xf0): break;
            case 0x1000: Deactivate(cpu, secure, value); break;
            default:
                _log.Error(Name, $"write to read-only or missing CPU interface register 0x{offset:x}");
                break;
        }
    }

    private static uint NonSecureControl(uint control)
        => (control >> 1 & 1) | ((control & 0x180) >> 2) | ((control & ControlSplitEndNonSecure) >> 1);

    private void WriteControl(CpuState state, bool secure, uint value)
    {
        const uint NonSecureBits = 2 | 0x180 | ControlSplitEndNonSecure;
        if (!secure)
            state.Control = (state.Control & ~NonSecureBits) | ((value & 1) << 1) | ((value & 0x60) << 2) | ((value & 0x200) << 1);
        else
            state.Control = value & (Options.Security ? ControlWritable : ControlWritable & ~ControlSplitEndNonSecure);
    }

    private static void WriteMask(CpuState state, bool secure, byte value)
    {
        if (secure)
            state.Mask = (byte)(value & GicPriority.Mask);
        else if ((state.Mask & 0x80) != 0)
            state.Mask = GicPriority.FromNonSecure(value);
    }

    private static uint NonSecureBinaryPoint(CpuState state)
        => (state.Control & ControlCommonPoint) != 0 ? Math.Min(state.BinaryPoint + 1u, 7u) : state.AliasedPoint;

    private static int RunningPriority(CpuState state) => GicPriority.Running(state.ActiveGroup0 | state.ActiveGroup1);

    /// <summary>The part of a priority that decides about preemption (3.3.3).</summary>
    private static int GroupPriority(CpuState state, int priority, bool group1)
    {
        // the fields of group 1 are one bit wider for the same value of its own register
        int point = group1 && (state.Control & ControlCommonPoint) == 0 ? state.AliasedPoint - 1 : state.BinaryPoint;
        return GicPriority.Group(priority, point);
    }

    /// <summary>Whether the best interrupt passes the mask and preempts what runs.</summary>
    private bool Signals(int cpu, int interrupt, int priority)
    {
        CpuState state = _cpus[cpu];
        return priority < state.Mask && GroupPriority(state, priority, IsGroup1(cpu, interrupt)) < RunningPriority(state);
    }

    private uint HighestPending(int cpu, bool secure, bool alias)
    {
        int best = FindBest(cpu, out _);
        return best == NoInterrupt ? NoInterrupt : Report(cpu, secure, alias, best);
    }

    /// <summary>The ID an access gets for an interrupt: itself with its source, or a special one that says why not (3.2.4).</summary>
    private uint Report(int cpu, bool secure, bool alias, int interrupt)
    {
        bool group1 = IsGroup1(cpu, interrupt);
        if (!secure || alias)
        {
            if (!group1)
                return NoInterrupt;
        }
        else if (group1 && (_cpus[cpu].Control & ControlAck) == 0)
        {
            return OtherGroup;
        }

        if (interrupt >= 16)
            return (uint)interrupt;
        int source = BitOperations.TrailingZeroCount((uint)_sgiSources[(16 * cpu) + interrupt]);
        return (uint)interrupt | ((uint)(source & 7) << 10);
    }

    private uint Acknowledge(int cpu, bool secure, bool alias)
    {
        int best = FindBest(cpu, out int priority);
        if (best == NoInterrupt || !Signals(cpu, best, priority))
            return NoInterrupt;
        uint result = Report(cpu, secure, alias, best);
        if (result is NoInterrupt or OtherGroup)
            return result;
        CpuState state = _cpus[cpu];
        bool group1 = IsGroup1(cpu, best);
        uint bit = 1u << (GroupPriority(state, priority, group1) >> 3);
        if (group1)
            state.ActiveGroup1 |= bit;
        else
            state.ActiveGroup0 |= bit;
        _interrupts.Activate(cpu, best);
        if (best < 16)
        {
            // an SGI of another source stays pending
            byte left = (byte)(_sgiSources[(16 * cpu) + best] & ~(1 << (int)(result >> 10)));
            SetSgi(cpu, best, left);
        }

        Update();
        return result;
    }

    private void EndOfInterrupt(int cpu, bool secure, uint value, bool alias)
    {
        int interrupt = (int)(value & 0x3ff);
        if (interrupt >= _interrupts.Count)
            return;
        CpuState state = _cpus[cpu];
        bool group1 = IsGroup1(cpu, interrupt);
        if ((!secure || alias) && !group1)
            return;
        // priority drop: the highest active priority goes
        bool top1 = state.ActiveGroup0 == 0 || (state.ActiveGroup1 != 0
            && BitOperations.TrailingZeroCount(state.ActiveGroup1) < BitOperations.TrailingZeroCount(state.ActiveGroup0));
        if (!secure || top1)
            state.ActiveGroup1 &= state.ActiveGroup1 - 1;
        else
            state.ActiveGroup0 &= state.ActiveGroup0 - 1;
        uint split = secure ? ControlSplitEnd : ControlSplitEndNonSecure;
        if ((state.Control & split) == 0)
            _interrupts.Set(_interrupts.Active, cpu, interrupt, false);
    }

    private void Deactivate(int cpu, bool secure, uint value)
    {
        int interrupt = (int)(value & 0x3ff);
        uint split = secure ? ControlSplitEnd : ControlSplitEndNonSecure;
        if ((_cpus[cpu].Control & split) != 0 && IsVisible(cpu, secure, interrupt))
            _interrupts.Set(_interrupts.Active, cpu, interrupt, false);
    }

    /// <summary>The registers of one CPU interface.</summary>
    private sealed class CpuState
    {
        public uint Control;
        public byte Mask;
        public byte BinaryPoint;
        public byte AliasedPoint;
        public uint ActiveGroup0;
        public uint ActiveGroup1;

        public void Reset()
        {
            Control = ActiveGroup0 = ActiveGroup1 = 0;
            Mask = 0;
            BinaryPoint = GicPriority.LeastBinaryPoint;
            AliasedPoint = GicPriority.LeastBinaryPoint + 1;
        }

        public void Save(StateWriter writer)
        {
            writer.Write(Control);
            writer.Write(Mask);
            writer.Write(BinaryPoint);
            writer.Write(AliasedPoint);
            writer.Write(ActiveGroup0);
            writer.Write(ActiveGroup1);
        }

        public void Load(StateReader reader)
        {
            Control = reader.ReadUInt32() & ControlWritable;
            Mask = (byte)(reader.ReadByte() & GicPriority.Mask);
            BinaryPoint = (byte)Math.Clamp(reader.ReadByte(), (byte)GicPriority.LeastBinaryPoint, (byte)7);
            AliasedPoint = (byte)Math.Clamp(reader.ReadByte(), (byte)(GicPriority.LeastBinaryPoint + 1), (byte)7);
            ActiveGroup0 = reader.ReadUInt32();
            ActiveGroup1 = reader.ReadUInt32();
        }
    }
}

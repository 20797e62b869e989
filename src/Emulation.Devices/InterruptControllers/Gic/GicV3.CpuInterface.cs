using System.Numerics;
using Emulation.Core;

namespace Emulation.Devices;

// The CPU interfaces: system registers ICC_*. IHI 0069, 12.2 and chapter 4.
public sealed partial class GicV3
{
    private const uint InterfaceControlCommon = 1;
    private const uint InterfaceControlSplitEnd = 2;
    private const uint InterfaceControlWritable = 0x43;             // PMHE, EOImode, CBPR
    private const uint InterfaceControlRead = (4u << 8) | (0u << 11) | (1u << 15);  // five bits of priority, 16 of IDs, Aff3
    private const int SecureSpecial = 1020;
    private const int NonSecureSpecial = 1021;

    /// <summary>Where an access to a system register traps: to EL2 by ICH_HCR_EL2 and for SGIs that a guest sends, to EL3 by SCR_EL3. IHI 0069, 12.1.1, 12.4.5 "ICH_HCR_EL2".</summary>
    /// <param name="encoding">op0&lt;&lt;14 | op1&lt;&lt;11 | CRn&lt;&lt;7 | CRm&lt;&lt;3 | op2.</param>
    /// <param name="access">Who accesses it.</param>
    /// <returns>An exception level; 0 for nowhere.</returns>
    public int TrapTarget(int encoding, in GicAccess access)
    {
        if (access.Level == 1 && !access.IsSecure && TrapsToHypervisor(encoding, access))
            return 2;
        return IsVirtual(encoding, access) || IsAllowed(encoding, access) ? 0 : 3;
    }

    /// <summary>Reads a system register.</summary>
    /// <param name="encoding">op0&lt;&lt;14 | op1&lt;&lt;11 | CRn&lt;&lt;7 | CRm&lt;&lt;3 | op2.</param>
    /// <param name="access">Who reads.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when the controller has no such register, or the reader no access to it.</returns>
    public bool TryRead(int encoding, in GicAccess access, out ulong value)
    {
        if (IsVirtual(encoding, access))
            return TryReadVirtual(encoding, access.Cpu, out value);
        if (!IsAllowed(encoding, access))
        {
            value = 0;
            return false;
        }

        if (TryReadList(encoding, access.Cpu, out value))
            return true;
        uint? read = ReadRegister(encoding, access);
        value = read ?? 0;
        return read is not null;
    }

    /// <summary>Writes a system register.</summary>
    /// <param name="encoding">op0&lt;&lt;14 | op1&lt;&lt;11 | CRn&lt;&lt;7 | CRm&lt;&lt;3 | op2.</param>
    /// <param name="access">Who writes.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when the controller has no such register, or the writer no access to it.</returns>
    public bool TryWrite(int encoding, in GicAccess access, ulong value)
    {
        bool done = IsVirtual(encoding, access)
            ? TryWriteVirtual(encoding, access.Cpu, value)
            : IsAllowed(encoding, access) && WriteRegister(encoding, access, value);
        if (done)
            Update();
        return done;
    }

    // SCR_EL3 keeps a group's registers, or those of both, for EL3 (12.1.1).
    private static bool IsAllowed(int encoding, in GicAccess access)
    {
        if (access.Level == 3)
            return true;
        return GicRegister.GroupOf(encoding) switch
        {
            0 => !access.MonitorFiq,
            1 => !access.MonitorIrq,
            2 => !(access.MonitorFiq && access.MonitorIrq),
            _ => true,
        };
    }

    private uint? ReadRegister(int encoding, in GicAccess access)
    {
        CpuInterface cpu = _cpus[access.Cpu];
        Bank bank = BankOf(cpu, access);
        switch (encoding)
        {
            case GicRegister.Pmr: return HidesSecure(access) ? GicPriority.NonSecure(cpu.Mask) : cpu.Mask;
            case GicRegister.Iar0: return Acknowledge(access, group1: false);
            case GicRegister.Iar1: return Acknowledge(access, group1: true);
            case GicRegister.Hppir0: return HighestPending(access, group1: false);
            case GicRegister.Hppir1: return HighestPending(access, group1: true);
            case GicRegister.Bpr0: return cpu.BinaryPoint0;
            case GicRegister.Bpr1: return ReadBinaryPoint1(cpu, access);
            case GicRegister.Ap0r0: return cpu.Active0;
            case GicRegister.Ap1r0: return bank.Active1;
            case (>= GicRegister.Ap0r0 + 1 and <= GicRegister.Ap0r0 + 3) or (>= GicRegister.Ap1r0 + 1 and <= GicRegister.Ap1r0 + 3): return null;
            case GicRegister.Rpr: return GicPriority.Shown(RunningPriority(cpu), HidesSecure(access));
            case GicRegister.Ctlr: return bank.Control | InterfaceControlRead;
            case GicRegister.Sre or GicRegister.SreEl3: return 7 | (encoding == GicRegister.SreEl3 ? 8u : 0);
            case GicRegister.SreEl2: return 15;
            case GicRegister.Igrpen0: return cpu.Enable0 ? 1u : 0;
            case GicRegister.Igrpen1: return bank.Enable1 ? 1u : 0;
            case GicRegister.Igrpen1El3: return (cpu.NonSecure.Enable1 ? 1u : 0) | (cpu.Secure.Enable1 ? 2u : 0);
            case GicRegister.CtlrEl3:
                return InterfaceControlRead | (cpu.Secure.Control & 1) | ((cpu.NonSecure.Control & 1) << 1)
                    | ((cpu.Secure.Control & 2) << 2) | ((cpu.NonSecure.Control & 2) << 3) | (cpu.Secure.Control & 0x40);
            default: return ReadHypervisor(encoding, access.Cpu);
        }
    }

    private bool WriteRegister(int encoding, in GicAccess access, ulong written)
    {
        CpuInterface cpu = _cpus[access.Cpu];
        Bank bank = BankOf(cpu, access);
        uint value = (uint)written;
        switch (encoding)
        {
            case GicRegister.Pmr: WriteMask(cpu, access, (byte)value); break;
            case GicRegister.Eoir0: EndOfInterrupt(access, value, group1: false); break;
            case GicRegister.Eoir1: EndOfInterrupt(access, value, group1: true); break;
            case GicRegister.Dir: Deactivate(access, value); break;
            case GicRegister.Bpr0: cpu.BinaryPoint0 = (byte)Math.Max(value & 7, GicPriority.LeastBinaryPoint); break;
            case GicRegister.Bpr1: WriteBinaryPoint1(cpu, access, value); break;
            case GicRegister.Ap0r0: cpu.Active0 = value; break;
            case GicRegister.Ap1r0: bank.Active1 = value; break;
            case GicRegister.Ctlr:
                // with two states CBPR of the non-secure side is the secure side's to write
                uint writable = HidesSecure(access) ? InterfaceControlSplitEnd : InterfaceControlWritable;
                bank.Control = (bank.Control & ~writable) | (value & writable);
                break;
            case GicRegister.Sre or GicRegister.SreEl2 or GicRegister.SreEl3: break;
            case GicRegister.Igrpen0: cpu.Enable0 = (value & 1) != 0; break;
            case GicRegister.Igrpen1: bank.Enable1 = (value & 1) != 0; break;
            case GicRegister.Igrpen1El3: (cpu.NonSecure.Enable1, cpu.Secure.Enable1) = ((value & 1) != 0, (value & 2) != 0); break;
            case GicRegister.CtlrEl3:
                cpu.Secure.Control = (value & 1) | (value >> 2 & 2) | (value & 0x40);
                cpu.NonSecure.Control = (value >> 1 & 1) | (value >> 3 & 2) | (value & 0x40);
                break;
            case GicRegister.Sgi1r: SendSgi(access, written, access.IsSecure && TwoStates ? GicGroup.SecureOne : GicGroup.One); break;
            case GicRegister.Asgi1r: SendSgi(access, written, access.IsSecure || !TwoStates ? GicGroup.One : GicGroup.SecureOne); break;
            case GicRegister.Sgi0r: SendSgi(access, written, GicGroup.Zero); break;
            default: return WriteHypervisor(encoding, access.Cpu, written);
        }

        return true;
    }

    /// <summary>Whether an access sees the upper half of the priorities only.</summary>
    private bool HidesSecure(in GicAccess access) => TwoStates && !access.IsSecure && access.Level < 3;

    // EL3 is Secure state, but chooses the bank by SCR_EL3.NS, which the access' state says.
    private Bank BankOf(CpuInterface cpu, in GicAccess access) => TwoStates && access.IsSecure ? cpu.Secure : cpu.NonSecure;

    private void WriteMask(CpuInterface cpu, in GicAccess access, byte value)
    {
        if (!HidesSecure(access))
            cpu.Mask = (byte)(value & GicPriority.Mask);
        else if ((cpu.Mask & 0x80) != 0)
            cpu.Mask = GicPriority.FromNonSecure(value);
    }

    private uint ReadBinaryPoint1(CpuInterface cpu, in GicAccess access)
    {
        Bank bank = BankOf(cpu, access);
        if ((bank.Control & InterfaceControlCommon) == 0)
            return bank.BinaryPoint1;
        return HidesSecure(access) || !TwoStates ? Math.Min(cpu.BinaryPoint0 + 1u, 7u) : cpu.BinaryPoint0;
    }

    private void WriteBinaryPoint1(CpuInterface cpu, in GicAccess access, uint value)
    {
        Bank bank = BankOf(cpu, access);
        int least = ReferenceEquals(bank, cpu.Secure) ? GicPriority.LeastBinaryPoint : GicPriority.LeastBinaryPoint + 1;
        if ((bank.Control & InterfaceControlCommon) == 0)
            bank.BinaryPoint1 = (byte)Math.Max(value & 7, (uint)least);
    }

    private static int RunningPriority(CpuInterface cpu) => GicPriority.Running(cpu.Active0 | cpu.Secure.Active1 | cpu.NonSecure.Active1);

    /// <summary>The part of a priority that decides about preemption. IHI 0069, 4.8.2.</summary>
    private static int GroupPriority(CpuInterface cpu, GicGroup group, int priority)
    {
        // non-secure fields are one bit wider for the same value
        int point = group switch
        {
            GicGroup.Zero => cpu.BinaryPoint0,
            GicGroup.SecureOne => (cpu.Secure.Control & InterfaceControlCommon) != 0 ? cpu.BinaryPoint0 : cpu.Secure.BinaryPoint1,
            _ => (cpu.NonSecure.Control & InterfaceControlCommon) != 0 ? cpu.BinaryPoint0 : cpu.NonSecure.BinaryPoint1 - 1,
        };
        return GicPriority.Group(priority, point);
    }

    private static bool Signals(CpuInterface cpu, GicGroup group, int priority)
        => priority < cpu.Mask && GroupPriority(cpu, group, priority) < RunningPriority(cpu);

    private uint HighestPending(in GicAccess access, bool group1)
    {
        int best = FindBest(access.Cpu, out _, out GicGroup group);
        return best == NoInterrupt ? NoInterrupt : (uint)Report(access, best, group, group1);
    }

    /// <summary>The ID a read gets for the best interrupt: itself, or a special one that says where it belongs (4.2.1).</summary>
    private int Report(in GicAccess access, int interrupt, GicGroup group, bool group1)
    {
        if (!group1)
        {
            if (group == GicGroup.Zero)
                return HidesSecure(access) ? NoInterrupt : interrupt;
            // EL3 is told which side it must switch to
            return access.Level == 3 && TwoStates ? (group == GicGroup.SecureOne ? SecureSpecial : NonSecureSpecial) : NoInterrupt;
        }

        bool mine = group == GicGroup.One ? !TwoStates || !access.IsSecure : group == GicGroup.SecureOne && access.IsSecure;
        return mine ? interrupt : NoInterrupt;
    }

    private uint Acknowledge(in GicAccess access, bool group1)
    {
        CpuInterface cpu = _cpus[access.Cpu];
        int best = FindBest(access.Cpu, out int priority, out GicGroup group);
        if (best == NoInterrupt || !Signals(cpu, group, priority))
            return NoInterrupt;
        int result = Report(access, best, group, group1);
        if (result is >= SecureSpecial and <= NoInterrupt)
            return (uint)result;
        ActiveOf(cpu, group) |= 1u << (GroupPriority(cpu, group, priority) >> 3);
        if (best >= FirstLpi)
            _redistributors[access.Cpu].SetPending(best, false);
        else
            _interrupts.Activate(access.Cpu, best);
        Update();
        return (uint)result;
    }

    private static ref uint ActiveOf(CpuInterface cpu, GicGroup group)
    {
        if (group == GicGroup.Zero)
            return ref cpu.Active0;
        return ref (group == GicGroup.SecureOne ? ref cpu.Secure.Active1 : ref cpu.NonSecure.Active1);
    }

    private void EndOfInterrupt(in GicAccess access, uint value, bool group1)
    {
        int interrupt = (int)(value & 0xff_ffff);
        if (interrupt is >= SecureSpecial and < FirstLpi || (interrupt < SecureSpecial && interrupt >= _interrupts.Count) || interrupt >= LpiEnd)
            return;
        CpuInterface cpu = _cpus[access.Cpu];
        GicGroup group = GroupOf(access.Cpu, interrupt);
        GicGroup expected = !group1 ? GicGroup.Zero : TwoStates && access.IsSecure ? GicGroup.SecureOne : GicGroup.One;
        if (group != expected && access.Level < 3)
            return;
        // priority drop, if the highest active priority is of this group
        ref uint active = ref ActiveOf(cpu, group);
        if (active == 0 || 8 * BitOperations.TrailingZeroCount(active) != RunningPriority(cpu))
            return;
        active &= active - 1;
        uint control = group == GicGroup.One ? cpu.NonSecure.Control : (TwoStates ? cpu.Secure : cpu.NonSecure).Control;
        if ((control & InterfaceControlSplitEnd) == 0 && interrupt < FirstLpi)
            _interrupts.Set(_interrupts.Active, access.Cpu, interrupt, false);
    }

    private void Deactivate(in GicAccess access, uint value)
    {
        int interrupt = (int)(value & 0xff_ffff);
        if (interrupt < _interrupts.Count && IsVisible(access.Cpu, interrupt, access.IsSecure)
            && (BankOf(_cpus[access.Cpu], access).Control & InterfaceControlSplitEnd) != 0)
            _interrupts.Set(_interrupts.Active, access.Cpu, interrupt, false);
    }

    private void SendSgi(in GicAccess access, ulong value, GicGroup group)
    {
        int sgi = (int)(value >> 24 & 15);
        bool toOthers = (value >> 40 & 1) != 0;
        uint range = (uint)(value >> 44 & 15);
        uint cluster = ((uint)(value >> 48 & 0xff) << 24) | ((uint)(value >> 32 & 0xff) << 16) | ((uint)(value >> 16 & 0xff) << 8);
        for (int cpu = 0; cpu < _cpus.Length; cpu++)
        {
            uint affinity = Options.Affinity(cpu);
            uint index = affinity & 0xff;
            bool named = toOthers
                ? cpu != access.Cpu
                : (affinity & ~0xffu) == cluster && index / 16 == range && (value >> (int)(index % 16) & 1) != 0;
            // a non-secure sender reaches non-secure group 1 only; NSACR delegates nothing
            GicGroup configured = named ? GroupOf(cpu, sgi) : group;
            bool secure = access.IsSecure || !TwoStates;
            if (named && (configured == group || (secure && TwoStates && group == GicGroup.SecureOne && configured == GicGroup.Zero)) && (secure || configured == GicGroup.One))
                _interrupts.Set(_interrupts.Latched, cpu, sgi, true);
        }
    }

    /// <summary>What each Security state has of its own.</summary>
    private sealed class Bank
    {
        public uint Control;
        public uint Active1;
        public byte BinaryPoint1;
        public bool Enable1;
    }

    /// <summary>The registers of one CPU interface.</summary>
    private sealed class CpuInterface
    {
        public byte Mask;
        public byte BinaryPoint0;
        public uint Active0;
        public bool Enable0;
        public bool InSecure;
        public bool InMonitor;

        public Bank Secure { get; } = new();

        public Bank NonSecure { get; } = new();

        public GicVirtualInterface Virtual { get; } = new();

        public void Reset()
        {
            Mask = 0;
            BinaryPoint0 = GicPriority.LeastBinaryPoint;
            Active0 = 0;
            Enable0 = false;
            (Secure.Control, Secure.Active1, Secure.BinaryPoint1, Secure.Enable1) = (0, 0, GicPriority.LeastBinaryPoint, false);
            (NonSecure.Control, NonSecure.Active1, NonSecure.BinaryPoint1, NonSecure.Enable1) = (0, 0, GicPriority.LeastBinaryPoint + 1, false);
            Virtual.Reset();
        }

        public void Save(StateWriter writer)
        {
            writer.Write(Mask);
            writer.Write(BinaryPoint0);
            writer.Write(Active0);
            writer.Write(Enable0);
            writer.Write(InSecure);
            writer.Write(InMonitor);
            foreach (Bank bank in (ReadOnlySpan<Bank>)[Secure, NonSecure])
            {
                writer.Write(bank.Control);
                writer.Write(bank.Active1);
                writer.Write(bank.BinaryPoint1);
                writer.Write(bank.Enable1);
            }

            Virtual.Save(writer);
        }

        public void Load(StateReader reader)
        {
            Mask = (byte)(reader.ReadByte() & GicPriority.Mask);
            BinaryPoint0 = (byte)Math.Clamp(reader.ReadByte(), (byte)GicPriority.LeastBinaryPoint, (byte)7);
            Active0 = reader.ReadUInt32();
            Enable0 = reader.ReadBoolean();
            InSecure = reader.ReadBoolean();
            InMonitor = reader.ReadBoolean();
            foreach (Bank bank in (ReadOnlySpan<Bank>)[Secure, NonSecure])
            {
                int least = ReferenceEquals(bank, Secure) ? GicPriority.LeastBinaryPoint : GicPriority.LeastBinaryPoint + 1;
                bank.Control = reader.ReadUInt32() & InterfaceControlWritable;
                bank.Active1 = reader.ReadUInt32();
                bank.BinaryPoint1 = (byte)Math.Clamp(reader.ReadByte(), (byte)least, (byte)7);
                bank.Enable1 = reader.ReadBoolean();
            }

            Virtual.Load(reader);
        }
    }
}

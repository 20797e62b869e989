using System.Numerics;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// The virtual interface of one CPU, from which a hypervisor's guest gets its interrupts: what versions 2 and 3 have in common. Arm IHI 0048B, chapter 5; IHI 0069, chapter 6.
/// List registers are kept in the form of version 3.
/// </summary>
internal sealed class GicVirtualInterface
{
    public const int ListRegisters = 4;
    public const uint Enable = 1;
    public const uint VmcrEnable0 = 1;
    public const uint VmcrEnable1 = 2;
    public const uint VmcrCommon = 1 << 4;
    public const uint VmcrSplitEnd = 1 << 9;
    public const ulong ListPending = 1UL << 62;
    public const ulong ListActive = 1UL << 63;
    public const ulong ListHardware = 1UL << 61;
    public const ulong ListGroup = 1UL << 60;

    private const int FirstLpi = 8192;
    private const uint ControlWritable = 0xf800_7cff, VmcrWritable = 0xfffc_021f;
    private const ulong ListEndInterrupt = 1UL << 41, ListWritable = 0xf0ff_1fff_ffff_ffff;
    private readonly ulong[] _lists = new ulong[ListRegisters];
    private uint _control;

    /// <summary>Active priorities of group 0, a bit for each of 32 levels; of both groups in version 2.</summary>
    public uint Active0;

    /// <summary>Active priorities of group 1.</summary>
    public uint Active1;

    /// <summary>GICH_HCR, ICH_HCR_EL2.</summary>
    public uint Control
    {
        get => _control;
        set => _control = value & ControlWritable;
    }

    /// <summary>GICH_VMCR, ICH_VMCR_EL2.</summary>
    public uint Vmcr
    {
        get => field;
        set
        {
            // binary points have a least value, priorities five bits
            uint point0 = Math.Max(value >> 21 & 7, GicPriority.LeastBinaryPoint), point1 = Math.Max(value >> 18 & 7, GicPriority.LeastBinaryPoint + 1);
            field = (value & VmcrWritable & 0xf803_ffff) | (point0 << 21) | (point1 << 18);
        }
    }

    public bool IsEnabled => (_control & Enable) != 0;

    public int RunningPriority => GicPriority.Running(Active0 | Active1);

    /// <summary>GICH_EISR: lists whose interrupt has ended and that ask to be told of it.</summary>
    public uint Ended => ListsThat(static lr => (lr & (ListPending | ListActive | ListHardware)) == 0 && (lr & ListEndInterrupt) != 0);

    /// <summary>GICH_ELRSR: lists that may be filled.</summary>
    public uint Empty => ListsThat(static lr => (lr & (ListPending | ListActive)) == 0 && ((lr & ListHardware) != 0 || (lr & ListEndInterrupt) == 0));

    /// <summary>GICH_MISR: why there is a maintenance interrupt.</summary>
    public uint Maintenance
    {
        get
        {
            uint valid = ListsThat(static lr => (lr & (ListPending | ListActive)) != 0);
            uint result = Ended != 0 ? 1u : 0;
            if ((_control & 2) != 0 && BitOperations.PopCount(valid) <= 1)
                result |= 2;
            if ((_control & 4) != 0 && _control >> 27 != 0)
                result |= 4;
            if ((_control & 8) != 0 && ListsThat(static lr => (lr & (ListPending | ListActive)) == ListPending) == 0)
                result |= 8;
            bool enable0 = (Vmcr & VmcrEnable0) != 0, enable1 = (Vmcr & VmcrEnable1) != 0;
            if ((_control & (enable0 ? 0x10 : 0x20)) != 0)
                result |= enable0 ? 0x10u : 0x20;
            if ((_control & (enable1 ? 0x40 : 0x80)) != 0)
                result |= enable1 ? 0x40u : 0x80;
            return result;
        }
    }

    public ulong this[int list]
    {
        get => _lists[list];
        set => _lists[list] = value & ListWritable;
    }

    /// <summary>The list with the pending interrupt of the highest priority among the enabled groups; -1 for none.</summary>
    public int FindPending(out bool group1, out int priority)
    {
        int best = -1;
        priority = GicPriority.Idle;
        for (int i = 0; i < ListRegisters; i++)
        {
            ulong lr = _lists[i];
            if ((lr & (ListPending | ListActive)) != ListPending || (Vmcr & ((lr & ListGroup) != 0 ? VmcrEnable1 : VmcrEnable0)) == 0)
                continue;
            int found = (int)(lr >> 48 & GicPriority.Mask);
            if (found < priority)
                (best, priority) = (i, found);
        }

        group1 = best >= 0 && (_lists[best] & ListGroup) != 0;
        return best;
    }

    /// <summary>Whether the interrupt that <see cref="FindPending"/> found interrupts the guest.</summary>
    public bool Signals(bool group1, int priority) => IsEnabled && priority < (int)(Vmcr >> 24) && GroupPriority(priority, group1) < RunningPriority;

    /// <summary>What an active interrupt's priority sets in the active priorities.</summary>
    public uint PriorityBit(int priority, bool group1) => 1u << (GroupPriority(priority, group1) >> 3);

    /// <summary>A list's interrupt becomes active.</summary>
    public void Activate(int list) => _lists[list] ^= ListPending | ListActive;

    /// <summary>An active interrupt ends.</summary>
    /// <param name="interrupt">Its virtual ID.</param>
    /// <param name="isSource">Which list registers with the ID are meant, where that does not say it; null for all.</param>
    /// <returns>The physical interrupt that ends with it, or -1.</returns>
    public int Deactivate(uint interrupt, Func<ulong, bool>? isSource = null)
    {
        foreach (ref ulong lr in _lists.AsSpan())
        {
            if ((lr & ListActive) == 0 || (uint)lr != interrupt || (isSource is not null && !isSource(lr)))
                continue;
            lr &= ~ListActive;
            return (lr & ListHardware) != 0 ? (int)(lr >> 32 & 0x1fff) : -1;
        }

        // no list register has it: the hypervisor is told how often that happened, to 31 and then from 0 again
        if (interrupt < FirstLpi)
            _control += 1u << 27;
        return -1;
    }

    public void Reset()
    {
        _control = Active0 = Active1 = 0;
        Array.Clear(_lists);
        Vmcr = 0;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_control);
        writer.Write(Active0);
        writer.Write(Active1);
        writer.Write(Vmcr);
        writer.Write(_lists.AsSpan());
    }

    public void Load(StateReader reader)
    {
        Control = reader.ReadUInt32();
        Active0 = reader.ReadUInt32();
        Active1 = reader.ReadUInt32();
        Vmcr = reader.ReadUInt32();
        reader.Read(_lists.AsSpan());
        foreach (ref ulong list in _lists.AsSpan())
            list &= ListWritable;
    }

    private int GroupPriority(int priority, bool group1)
    {
        int point = group1 && (Vmcr & VmcrCommon) == 0 ? (int)(Vmcr >> 18 & 7) - 1 : (int)(Vmcr >> 21 & 7);
        return GicPriority.Group(priority, point);
    }

    private uint ListsThat(Func<ulong, bool> condition)
    {
        uint result = 0;
        for (int i = 0; i < ListRegisters; i++)
        {
            if (condition(_lists[i]))
                result |= 1u << i;
        }

        return result;
    }
}

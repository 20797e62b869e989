using System.Buffers.Binary;
using Emulation.Cpu;

namespace Emulation.Arm;

// Short descriptors. Arm DDI 0487, G5.4 "The VMSAv8-32 Short-descriptor translation table format"; DDI 0406, B3.5.
internal sealed partial class Translator
{
    private const uint SimpleAccess = 1 << 29, TypeRemap = 1 << 28, UserWriteExecuteNever = 1 << 20;
    private const uint NonSecureTableShort = 1 << 3, NonSecureSection = 1 << 19;
    private const int Section = 1, SmallPage = 2;

    private bool TryShort(uint address, MemoryAccessKind kind, int mmuIndex, out WalkResult result)
    {
        result = default;
        uint control = (uint)cpu[SystemSlot.SctlrEl1], tcr = (uint)cpu[SystemSlot.TcrEl1];
        int split = _isVersion6 ? (int)tcr & 7 : 0;
        bool upper = split != 0 && address >> (32 - split) != 0;
        if (_hasSecurity && (tcr & (upper ? 1 << 5 : 1 << 4)) != 0)
            return FailShort(FaultStatus.Translation | Section, 0);
        if (upper)
            split = 0;
        uint table = (uint)cpu[upper ? SystemSlot.TtbrOneEl1 : SystemSlot.TtbrZeroEl1] >> (14 - split) << (14 - split);
        bool secure = cpu.IsSecureRegime;
        ulong space = secure ? cpu.Options.SecureMemory : 0;
        bool extended = cpu.Isa.Has(ArmFeature.Virtualization);
        if (!TryEntry(space + (table | (address << split >> (split + 20) << 2)), control, out uint entry))
            return FailShort(FaultStatus.ExternalOnWalk | Section, 0);
        if (HasOldDescriptors(control))
            return TryOld(address, entry, kind, mmuIndex, control, out result);
        int domain = (int)(entry >> 5) & 15, type = (int)entry & 3;
        if (type == 0 || (type == 3 && !extended))
            return FailShort(FaultStatus.Translation | Section, 0);
        bool never, privilegedNever, global;
        int access, attributes, level = Section, reach;
        ulong place;
        if (type >= 2)
        {
            bool super = (entry & (1 << 18)) != 0;
            reach = super ? 24 : 20;
            place = super ? (entry & 0xff00_0000) | ((ulong)(entry >> 20 & 15) << 32) | ((ulong)(entry >> 5 & 15) << 36) : entry & 0xfff0_0000;
            if (super)
                domain = 0;
            result.IsSecure = secure && (entry & NonSecureSection) == 0;
            (never, privilegedNever, global) = ((entry & (1 << 4)) != 0, (entry & 1) != 0, (entry & (1 << 17)) == 0);
            access = (int)(entry >> 10 & 3) | (int)(entry >> 13 & 4);
            attributes = (int)(entry >> 10 & 0x1c) | (int)(entry >> 2 & 3);
            result.Shareability = (byte)(entry >> 16 & 1);
        }
        else
        {
            level = SmallPage;
            privilegedNever = extended && (entry & 4) != 0;
            result.IsSecure = secure && (entry & NonSecureTableShort) == 0;
            if (!TryEntry(space + ((entry & 0xffff_fc00) | (address >> 12 & 0xff) << 2), control, out entry))
                return FailShort(FaultStatus.ExternalOnWalk | SmallPage, domain);
            if ((entry & 3) == 0)
                return FailShort(FaultStatus.Translation | SmallPage, domain);
            bool large = (entry & 2) == 0;
            reach = large ? 16 : 12;
            place = entry >> reach << reach;
            (never, global) = ((entry & (large ? 1u << 15 : 1)) != 0, (entry & (1 << 11)) == 0);
            access = (int)(entry >> 4 & 3) | (int)(entry >> 7 & 4);
            attributes = (int)(large ? entry >> 10 & 0x1c : entry >> 4 & 0x1c) | (int)(entry >> 2 & 3);
            result.Shareability = (byte)(entry >> 10 & 1);
        }

        if ((control & SimpleAccess) != 0 && (access & 1) == 0)
            return FailShort(FaultStatus.AccessFlag | level, domain);
        int control2 = (int)(cpu.DomainsOf(mmuIndex) >> (2 * domain)) & 3;
        if ((control2 & 1) == 0)
            return FailShort(A32FaultStatus.Domain | level, domain);
        result.Rights = control2 == 3 ? PageRights.All : ShortRights(access, never, privilegedNever, mmuIndex, control);
        if (secure && !result.IsSecure && (cpu[SystemSlot.ScrEl3] & ArmCpu.ScrSif) != 0)
            result.Rights &= ~PageRights.Execute;
        PageRights needed = kind switch { MemoryAccessKind.Read => PageRights.Read, MemoryAccessKind.Write => PageRights.Write, _ => PageRights.Execute };
        if ((result.Rights & needed) == 0)
            return FailShort(FaultStatus.Permission | level, domain);
        result.Address = place | (address & ((1u << reach) - 1));
        result.Reach = reach;
        result.IsGlobal = global;
        bool shared = result.Shareability != 0;
        (result.Attributes, result.IsDevice) = (control & TypeRemap) != 0
            ? ShortAttributes.Remapped(attributes, cpu[SystemSlot.MairEl1], ref shared)
            : ShortAttributes.Of(attributes, ref shared);
        result.Shareability = (byte)(shared ? 1 : 0);
        return true;
    }

    // AP[2:0], or with the access flag AP[2:1]. G5.7.1.
    private PageRights ShortRights(int access, bool never, bool privilegedNever, int mmuIndex, uint control)
    {
        bool isUser = cpu.IsUserRegime(mmuIndex);
        if (access == 0 && !_isVersion7 && (control & SimpleAccess) == 0)
            return OldRights(0, isUser, control) & (never ? PageRights.Read : PageRights.All);
        (bool read, bool write, bool userRead, bool userWrite) = ((control & SimpleAccess) != 0 ? access | 1 : access) switch
        {
            1 => (true, true, false, false),
            2 => (true, true, true, false),
            3 => (true, true, true, true),
            5 => (true, false, false, false),
            6 or 7 => (true, false, true, false),
            _ => (false, false, false, false),
        };
        bool execute = !never && (isUser ? userRead : read && !privilegedNever);
        if ((isUser ? userWrite : write) && (control & WriteExecuteNever) != 0)
            execute = false;
        if (!isUser && userWrite && (control & UserWriteExecuteNever) != 0)
            execute = false;
        PageRights rights = execute ? PageRights.Execute : PageRights.None;
        if (userRead && cpu.HasPrivilegedNever(mmuIndex))
            return rights;
        if (isUser ? userRead : read)
            rights |= PageRights.Read;
        return (isUser ? userWrite : write) ? rights | PageRights.Write : rights;
    }

    private bool TryEntry(ulong place, uint control, out uint entry)
    {
        entry = 0;
        if (cpu.HasStage2 && !TryTablePlace(ref place, writes: false))
            return false;
        bool found = _memory.TryRead(place & ~7ul, false, out ulong both);
        entry = (uint)((place & 4) != 0 ? both >> 32 : both);
        if ((control & BigEndian) != 0)
            entry = BinaryPrimitives.ReverseEndianness(entry);
        return found;
    }

    private bool FailShort(int status, int domain)
    {
        if (!Fault.IsStage2)                             // that of an access to a table
            Fault = new WalkFault(status, Domain: domain);
        return false;
    }
}

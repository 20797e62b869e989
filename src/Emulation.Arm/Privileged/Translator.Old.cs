using Emulation.Cpu;

namespace Emulation.Arm;

// Descriptors of Armv5, and of Armv6 while SCTLR.XP is 0. Arm DDI 0100I, B4.7.2 "First-level descriptors", B4.7.5 "Coarse page tables", B4.7.8 "Fine page tables".
internal sealed partial class Translator
{
    private const uint SystemProtection = 1 << 8, RomProtection = 1 << 9, ExtendedPages = 1 << 23;

    // Armv7 has the new descriptors alone
    private bool HasOldDescriptors(uint control)
        => !_isVersion7 && (!_isVersion6 || (control & ExtendedPages) == 0);

    private bool TryOld(uint address, uint entry, MemoryAccessKind kind, int mmuIndex, uint control, out WalkResult result)
    {
        const int Coarse = 1, Fine = 3;
        int domain = (int)(entry >> 5) & 15, type = (int)entry & 3, level = Section, access, extension;
        result = new WalkResult { IsGlobal = true, Reach = 20 };
        if (type == 0 || (type == Fine && _isVersion6))
            return FailShort(FaultStatus.Translation | Section, 0);
        if (type is Coarse or Fine)
        {
            level = SmallPage;
            uint place = type == Coarse ? (entry & ~0x3ffu) | (address >> 12 & 0xff) << 2 : (entry & ~0xfffu) | (address >> 10 & 0x3ff) << 2;
            if (!TryEntry(place, control, out entry))
                return FailShort(FaultStatus.ExternalOnWalk | SmallPage, domain);
            if (!TryOldPage(address, entry, type == Fine, ref result, out access, out extension))
                return FailShort(FaultStatus.Translation | SmallPage, domain);
        }
        else
        {
            if (_isVersion6 && (entry & (1 << 18)) != 0)
                (result.Reach, domain) = (24, 0);
            (access, extension) = ((int)(entry >> 10) & 3, (int)(entry >> 12) & 7);
        }

        int control2 = (int)(cpu.DomainsOf(mmuIndex) >> (2 * domain)) & 3;
        if ((control2 & 1) == 0)
            return FailShort(A32FaultStatus.Domain | level, domain);
        result.Rights = control2 == 3 ? PageRights.All : OldRights(access, cpu.IsUserRegime(mmuIndex), control);
        if ((result.Rights & Needed(kind)) == 0)
            return FailShort(FaultStatus.Permission | level, domain);
        uint offset = (1u << result.Reach) - 1;
        result.Address = (entry & ~offset) | (address & offset);
        SetOldAttributes((int)(entry >> 2 & 3) | (_isVersion6 ? extension << 2 : 0), ref result);
        return true;
    }

    // large pages have four subpages of 16 KiB, small ones four of 1 KiB
    private bool TryOldPage(uint address, uint entry, bool fine, ref WalkResult result, out int access, out int extension)
    {
        const int Large = 1, Small = 2, Extended = 3;
        (access, extension) = (0, 0);
        switch (entry & 3)
        {
            case Large:
                result.Reach = 16;
                access = (int)(entry >> (4 + (2 * (int)(address >> 14 & 3)))) & 3;
                extension = (int)(entry >> 12) & 7;
                return true;
            case Small:
                result.Reach = 12;
                result.IsSplit = (entry >> 4 & 0xff) != (entry >> 4 & 3) * 0x55;
                access = (int)(entry >> (4 + (2 * (int)(address >> 10 & 3)))) & 3;
                return true;
            case Extended when fine:
                result.Reach = 10;
                result.IsSplit = true;
                access = (int)(entry >> 4) & 3;
                return true;
            case Extended when _isVersion6:
                result.Reach = 12;
                access = (int)(entry >> 4) & 3;
                extension = (int)(entry >> 6) & 7;
                return true;
            default:
                return false;
        }
    }

    // What an access permission of 0 means, SCTLR.S and SCTLR.R say; both together are UNPREDICTABLE, here no access. DDI 0100I, B4.3.1.
    private static PageRights OldRights(int access, bool isUser, uint control)
    {
        const PageRights Fetched = PageRights.Read | PageRights.Execute, All = PageRights.All;
        return access switch
        {
            1 => isUser ? PageRights.None : All,
            2 => isUser ? Fetched : All,
            3 => All,
            _ => (control & (SystemProtection | RomProtection)) switch
            {
                RomProtection => Fetched,
                SystemProtection when !isUser => Fetched,
                _ => PageRights.None,
            },
        };
    }

    // before Armv6 there are no memory types: nothing is checked for alignment by them
    private void SetOldAttributes(int attributes, ref WalkResult result)
    {
        (result.Attributes, bool device) = ShortAttributes.Of(attributes);
        result.IsDevice = _isVersion6 && device;
    }

    private static PageRights Needed(MemoryAccessKind kind)
        => kind switch { MemoryAccessKind.Read => PageRights.Read, MemoryAccessKind.Write => PageRights.Write, _ => PageRights.Execute };
}

namespace Emulation.Arm.Tests.MProfile.Protection;

/// <summary>What the manuals' pseudocode says of one address, without a thought of speed: what the units are compared with.</summary>
internal static class ManualProtection
{
    /// <summary>ValidateAddress() and CheckPermission() of DDI 0403E, B3.5.3: whether it may be read, written, fetched.</summary>
    /// <param name="address">The address.</param>
    /// <param name="control">MPU_CTRL.</param>
    /// <param name="regions">MPU_RBAR and MPU_RASR.</param>
    /// <param name="privileged">Whether the access is.</param>
    /// <param name="negative">Whether the execution priority is negative.</param>
    public static (bool Read, bool Write, bool Fetch) V7(uint address, uint control, (uint Base, uint Attributes)[] regions, bool privileged, bool negative)
    {
        (uint permission, bool never) = Default(address);
        bool hit = false;
        if (address >> 20 == 0xe00 || (control & 1) == 0 || ((control & 2) == 0 && negative))
        {
            hit = true;
        }
        else
        {
            hit = (control & 4) != 0 && privileged;
            foreach ((uint start, uint attributes) in regions)
            {
                int low = (int)((attributes >> 1) & 31) + 1;
                if ((attributes & 1) == 0 || low < 5)
                    continue;
                if (low < 32 && address >> low != start >> low)
                    continue;
                if (low >= 8 && ((attributes >> (8 + (int)((address >> (low - 3)) & 7))) & 1) != 0)
                    continue;
                (permission, never, hit) = ((attributes >> 24) & 7, (attributes & (1 << 28)) != 0, true);
            }
        }

        never |= address >> 29 == 7;
        if (!hit)
            return default;
        bool read = permission switch { 0 or 4 => false, 1 or 5 => privileged, _ => true };
        bool write = permission switch { 1 or 2 => privileged, 3 => true, _ => false };
        return (read, write, read && !never);
    }

    /// <summary>MPUCheck() and CheckPermission() of DDI 0553.</summary>
    /// <param name="address">The address.</param>
    /// <param name="control">MPU_CTRL.</param>
    /// <param name="regions">MPU_RBAR and MPU_RLAR.</param>
    /// <param name="privileged">Whether the access is.</param>
    /// <param name="negative">Whether the execution priority is negative.</param>
    public static (bool Read, bool Write, bool Fetch) V8(uint address, uint control, (uint Base, uint Limit)[] regions, bool privileged, bool negative)
    {
        (_, bool never) = Default(address);
        uint permission = 1;
        bool hit = false;
        if (address >> 20 == 0xe00 || (control & 1) == 0 || ((control & 2) == 0 && negative))
        {
            hit = true;
        }
        else
        {
            hit = (control & 4) != 0 && privileged;
            int matched = 0;
            foreach ((uint start, uint limit) in regions)
            {
                if ((limit & 1) == 0 || address < (start & ~31u) || address > (limit | 31))
                    continue;
                (permission, never) = ((start >> 1) & 3, (start & 1) != 0);
                hit = ++matched == 1;
            }
        }

        never |= address >> 29 == 7;
        if (!hit || (!privileged && (permission & 1) == 0))
            return default;
        return (true, (permission & 2) == 0, !never);
    }

    /// <summary>SecurityCheck() of DDI 0553, without an IDAU.</summary>
    /// <param name="address">The address.</param>
    /// <param name="fetch">Whether it is for a fetch.</param>
    /// <param name="secure">State of who asks.</param>
    /// <param name="control">SAU_CTRL.</param>
    /// <param name="regions">SAU_RBAR and SAU_RLAR.</param>
    public static (bool NonSecure, bool Callable, int Region) Security(uint address, bool fetch, bool secure, uint control, (uint Base, uint Limit)[] regions)
    {
        if (fetch && address >> 28 == 15)
            return (false, false, -1);
        bool exempt = address is (>= 0xe000_0000 and <= 0xe000_2fff) or (>= 0xe000_e000 and <= 0xe000_efff) or (>= 0xe002_e000 and <= 0xe002_efff)
            or (>= 0xe004_0000 and <= 0xe004_1fff) or (>= 0xe00f_f000 and <= 0xe00f_ffff);
        if (!fetch && exempt)
            return (!secure, false, -1);
        if ((control & 1) == 0)
            return ((control & 2) != 0, false, -1);
        int[] hits = [.. Enumerable.Range(0, regions.Length).Where(r => (regions[r].Limit & 1) != 0 && address >= (regions[r].Base & ~31u) && address <= (regions[r].Limit | 31))];
        if (hits.Length != 1)
            return (false, false, -1);
        bool callable = (regions[hits[0]].Limit & 2) != 0;
        return (!callable, callable, hits[0]);
    }

    // full access everywhere
    private static (uint Permission, bool Never) Default(uint address) => (3, address >> 29 is 2 or 5 or 6 or 7);
}

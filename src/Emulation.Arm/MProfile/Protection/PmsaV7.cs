using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm;

/// <summary>The MPU of Armv7-M (PMSAv7) and of Armv6-M. DDI 0403E, B3.5; DDI 0419, B3.5.</summary>
/// <remarks>
/// Of overlapping regions the one with the highest number counts. What the manual leaves UNPREDICTABLE: a region of less than 32 bytes (Armv6-M: 256) matches nothing;
/// bits of an address below the size of its region are not compared; AP 0b100 allows nothing; region numbers without a region read as zero and store nothing.
/// </remarks>
internal sealed class PmsaV7 : MpuUnit
{
    private const uint Valid = 1 << 4;
    private readonly int _smallest;

    /// <summary>Defines the registers.</summary>
    /// <param name="map">The System Control Space.</param>
    /// <param name="count">Regions, at most 16.</param>
    /// <param name="isV6">Whether it is that of Armv6-M: no region below 256 bytes, no TEX, no aliases.</param>
    /// <param name="changed">Called when answers may have changed.</param>
    public PmsaV7(RegisterMap map, int count, bool isV6, Action changed)
        : base(map, count, "", changed)
    {
        _smallest = isV6 ? 8 : 5;
        BaseBits = isV6 ? 0xffff_ff00 : 0xffff_ffe0;
        AttributeBits = isV6 ? 0x1707_ff3fu : 0x173f_ff3fu;
        int pairs = isV6 ? 1 : 4;
        for (int i = 0; i < pairs; i++)
            DefinePair(map, i, isV6);
    }

    /// <inheritdoc/>
    protected override uint BaseBits { get; }

    /// <inheritdoc/>
    protected override uint AttributeBits { get; }

    /// <inheritdoc/>
    protected override ProtectionResult Find(uint address, bool privileged, ProtectionResult background)
    {
        uint first = background.First, last = background.Last;
        for (int r = Count - 1; r >= 0; r--)
        {
            uint attributes = Attributes[r];
            int bits = (int)((attributes >> 1) & 31) + 1;
            if ((attributes & 1) == 0 || bits < _smallest)
                continue;
            uint inside = (uint)((1UL << bits) - 1), start = Bases[r] & ~inside, end = start | inside;
            if (address < start)
            {
                last = Math.Min(last, start - 1);
                continue;
            }

            if (address > end)
            {
                first = Math.Max(first, end + 1);
                continue;
            }

            bool hit = true;
            if (bits >= 8)
                (hit, start, end) = SubregionRun(address, start, bits, (attributes >> 8) & 0xff);
            first = Math.Max(first, start);
            last = Math.Min(last, end);
            if (hit)
                return new ProtectionResult(RightsOf(attributes, privileged), TypeOf(attributes), first, last, r);
        }

        return background with { First = first, Last = last };
    }

    // whether the subregion of an address counts, and the neighbours that do alike
    private static (bool Hit, uint First, uint Last) SubregionRun(uint address, uint start, int bits, uint disabled)
    {
        int each = bits - 3;
        int from = (int)((address - start) >> each), to = from;
        uint own = (disabled >> from) & 1;
        while (from > 0 && ((disabled >> (from - 1)) & 1) == own)
            from--;
        while (to < 7 && ((disabled >> (to + 1)) & 1) == own)
            to++;
        return (own == 0, start + ((uint)from << each), start + (uint)(((ulong)(to + 1) << each) - 1));
    }

    private static PageRights RightsOf(uint attributes, bool privileged)
    {
        PageRights data = ((attributes >> 24) & 7) switch
        {
            1 => privileged ? PageRights.Read | PageRights.Write : PageRights.None,
            2 => privileged ? PageRights.Read | PageRights.Write : PageRights.Read,
            3 => PageRights.Read | PageRights.Write,
            5 => privileged ? PageRights.Read : PageRights.None,
            6 or 7 => PageRights.Read,
            _ => PageRights.None,
        };
        bool executable = (data & PageRights.Read) != 0 && (attributes & (1 << 28)) == 0;
        return executable ? data | PageRights.Execute : data;
    }

    // Table B3-13: TEX, C, B
    private static MemoryType TypeOf(uint attributes) => ((attributes >> 19) & 7, (attributes >> 16) & 3) switch
    {
        (0, 0) => MemoryType.StronglyOrdered,
        (0, 1) or (2, 0) => MemoryType.Device,
        _ => MemoryType.Normal,
    };

    private void DefinePair(RegisterMap map, int index, bool isV6)
    {
        ulong at = Offset + 0xc + (8 * (ulong)index);
        string alias = index == 0 ? "" : $"_A{index}";
        map.Define(at, "MPU_RBAR" + alias).Bits(31, 0, "ADDR, VALID, REGION", read: ReadBase, write: WriteBase);
        Register attributes = map.Define(at + 4, "MPU_RASR" + alias).Reserved(31, 29);
        DefineField(attributes, 28, 28, "XN").Reserved(27, 27);
        DefineField(attributes, 26, 24, "AP").Reserved(23, 22);
        if (isV6)
            attributes.Reserved(21, 19);
        else
            DefineField(attributes, 21, 19, "TEX");
        DefineField(attributes, 18, 18, "S");
        DefineField(attributes, 17, 17, "C");
        DefineField(attributes, 16, 16, "B");
        DefineField(attributes, 15, 8, "SRD").Reserved(7, 6);
        DefineField(attributes, 5, 1, "SIZE");
        DefineField(attributes, 0, 0, "ENABLE");
    }

    private Register DefineField(Register register, int high, int low, string name)
    {
        uint mask = (uint)(((2UL << (high - low)) - 1) << low);
        return register.Bits(high, low, name, read: () => (Fetch(Attributes, Number) & mask) >> low, write: value => Store(Attributes, Number, mask, (uint)value << low));
    }

    private ulong ReadBase() => Number < Count ? Bases[Number] | ((uint)Number & 15) : 0u;

    private void WriteBase(ulong value)
    {
        if ((value & Valid) != 0)
        {
            int region = (int)(value & 15);
            if (region >= Count)
                return;
            Number = region;
        }

        Store(Bases, Number, BaseBits, (uint)value);
    }
}

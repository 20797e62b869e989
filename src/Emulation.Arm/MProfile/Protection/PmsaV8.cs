using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm;

/// <summary>The MPU of Armv8-M (PMSAv8). DDI 0553, B7, and MPUCheck() there.</summary>
/// <remarks>An address in more than one region cannot be accessed at all. Region numbers without a region read as zero and store nothing.</remarks>
internal sealed class PmsaV8 : MpuUnit
{
    private readonly RegisterArray _attributes;

    /// <summary>Defines the registers.</summary>
    /// <param name="map">The System Control Space, as the unit's security state sees it.</param>
    /// <param name="count">Regions.</param>
    /// <param name="hasAliases">Whether there are MPU_RBAR_A1 and following: with the Main Extension.</param>
    /// <param name="suffix">Of register names: "_S", "_NS" or nothing.</param>
    /// <param name="changed">Called when answers may have changed.</param>
    public PmsaV8(RegisterMap map, int count, bool hasAliases, string suffix, Action changed)
        : base(map, count, suffix, changed)
    {
        for (int i = 0; i < (hasAliases ? 4 : 1); i++)
            DefinePair(map, i, suffix);
        _attributes = map.DefineMany(Offset + 0x30, 2, 4, "MPU_MAIR" + suffix);
        for (int i = 3; i >= 0; i--)
            _attributes.Bits((8 * i) + 7, 8 * i, $"Attr{i}", count == 0 ? FieldMode.ReadOnly : FieldMode.ReadWrite);
        _attributes.Then(_ => Notify());
    }

    /// <inheritdoc/>
    protected override uint BaseBits => uint.MaxValue;

    /// <inheritdoc/>
    protected override uint AttributeBits => 0xffff_ffef;

    /// <inheritdoc/>
    protected override ProtectionResult Find(uint address, bool privileged, ProtectionResult background)
    {
        uint first = background.First, last = background.Last;
        int hit = -1;
        bool several = false;
        for (int r = 0; r < Count; r++)
        {
            uint start = Bases[r] & ~31u, end = Attributes[r] | 31;
            if ((Attributes[r] & 1) == 0 || start > end)
                continue;
            if (address < start)
            {
                last = Math.Min(last, start - 1);
            }
            else if (address > end)
            {
                first = Math.Max(first, end + 1);
            }
            else
            {
                first = Math.Max(first, start);
                last = Math.Min(last, end);
                several |= hit >= 0;
                hit = r;
            }
        }

        if (hit < 0)
            return background with { First = first, Last = last };
        return several
            ? new ProtectionResult(PageRights.None, MemoryType.Normal, first, last)
            : new ProtectionResult(RightsOf(Bases[hit], privileged), TypeOf(Attributes[hit]), first, last, hit);
    }

    private static PageRights RightsOf(uint region, bool privileged)
    {
        if (!privileged && (region & 2) == 0)
            return PageRights.None;
        PageRights rights = (region & 4) != 0 ? PageRights.Read : PageRights.Read | PageRights.Write;
        return (region & 1) != 0 ? rights : rights | PageRights.Execute;
    }

    private MemoryType TypeOf(uint limit)
    {
        int index = (int)(limit >> 1) & 7;
        uint attributes = (uint)(_attributes[index >> 2] >> (8 * (index & 3))) & 0xff;
        if (attributes >> 4 != 0)
            return MemoryType.Normal;
        return attributes == 0 ? MemoryType.StronglyOrdered : MemoryType.Device;
    }

    private void DefinePair(RegisterMap map, int index, string suffix)
    {
        ulong at = Offset + 0xc + (8 * (ulong)index);
        string alias = (index == 0 ? "" : $"_A{index}") + suffix;
        Register start = map.Define(at, "MPU_RBAR" + alias), limit = map.Define(at + 4, "MPU_RLAR" + alias);
        DefineField(start, Bases, index, 31, 5, "BASE");
        DefineField(start, Bases, index, 4, 3, "SH");
        DefineField(start, Bases, index, 2, 1, "AP");
        DefineField(start, Bases, index, 0, 0, "XN");
        DefineField(limit, Attributes, index, 31, 5, "LIMIT").Reserved(4, 4);
        DefineField(limit, Attributes, index, 3, 1, "AttrIndx");
        DefineField(limit, Attributes, index, 0, 0, "EN");
    }

    // the aliases name the four regions around MPU_RNR; the register itself exactly that one
    private Register DefineField(Register register, uint[] values, int index, int high, int low, string name)
    {
        uint mask = (uint)(((2UL << (high - low)) - 1) << low);
        int Region() => index == 0 ? Number : (Number & ~3) | index;
        return register.Bits(high, low, name, read: () => (Fetch(values, Region()) & mask) >> low, write: value => Store(values, Region(), mask, (uint)value << low));
    }
}

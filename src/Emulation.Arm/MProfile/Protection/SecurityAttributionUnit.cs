using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The SAU of Armv8-M with the Security Extension. DDI 0553, "SAU_CTRL" and following, and SecurityCheck().</summary>
internal sealed class SecurityAttributionUnit
{
    private const ulong Offset = 0xdd0;
    private const uint Enable = 1, Callable = 2, Address = 0xffff_ffe0;

    // Always with the security of whoever accesses them: ITM, DWT and FPB; the SCS and its alias; TPIU and ETM; ROM table
    private static readonly (uint First, uint Last)[] s_exempt =
    [
        (0xe000_0000, 0xe000_2fff), (0xe000_e000, 0xe000_efff), (0xe002_e000, 0xe002_efff), (0xe004_0000, 0xe004_1fff), (0xe00f_f000, 0xe00f_ffff),
    ];

    private readonly IArmIdau? _idau;
    private readonly Action _changed;
    private readonly FlagField _enable, _allNonSecure;
    private readonly BitField _number;
    private readonly uint[] _bases, _limits;

    /// <summary>Defines the registers.</summary>
    /// <param name="map">The System Control Space as Secure code sees it.</param>
    /// <param name="count">Regions.</param>
    /// <param name="idau">The board's attribution; null for none: everything may be Non-secure.</param>
    /// <param name="changed">Called when answers may have changed.</param>
    public SecurityAttributionUnit(RegisterMap map, int count, IArmIdau? idau, Action changed)
    {
        _idau = idau;
        _changed = changed;
        _bases = new uint[count];
        _limits = new uint[count];
        map.Define(Offset, "SAU_CTRL").Reserved(31, 2).Flag(1, "ALLNS", out _allNonSecure).Flag(0, "ENABLE", out _enable).Then(changed);
        map.Define(Offset + 4, "SAU_TYPE", (ulong)count).Ignored(31, 8).Bits(7, 0, "SREGION", FieldMode.ReadOnly);
        map.Define(Offset + 8, "SAU_RNR").Reserved(31, 8).Bits(7, 0, "REGION", out _number);
        DefineField(map.Define(Offset + 0xc, "SAU_RBAR"), _bases, 31, 5, "BADDR").Reserved(4, 0);
        Register limit = DefineField(map.Define(Offset + 0x10, "SAU_RLAR"), _limits, 31, 5, "LADDR").Reserved(4, 2);
        DefineField(limit, _limits, 1, 1, "NSC");
        DefineField(limit, _limits, 0, 0, "ENABLE");
    }

    /// <summary>Declares the registers as Non-secure code sees them: they read as zero and ignore writes.</summary>
    /// <param name="map">The System Control Space as Non-secure code sees it.</param>
    public static void DefineHidden(RegisterMap map)
        => map.DefineMany(Offset, 5, 4, "SAU (Secure)").Ignored(31, 0);

    /// <summary>The security of an address. It changes nothing.</summary>
    /// <param name="address">The address.</param>
    /// <param name="isFetch">Whether it is asked for an instruction fetch.</param>
    /// <param name="isSecure">Security state of who asks, for addresses that follow it.</param>
    public SecurityAttribution Check(uint address, bool isFetch, bool isSecure)
    {
        if (isFetch && address >= 0xf000_0000)
            return new SecurityAttribution(false, false, 0xf000_0000, uint.MaxValue);
        (uint first, uint last) = (0, uint.MaxValue);
        if (isFetch)
            last = 0xefff_ffff;
        foreach ((uint start, uint end) in s_exempt)
        {
            if (Narrow(start, end, address, ref first, ref last) && !isFetch)
                return new SecurityAttribution(!isSecure, false, first, last);
        }

        IdauAttribution idau = _idau?.Check(address) ?? new IdauAttribution(true, false, 0, uint.MaxValue);
        first = Math.Max(first, idau.First);
        last = Math.Min(last, idau.Last);
        if (idau.IsExempt)
            return new SecurityAttribution(!isSecure, false, first, last);
        SecurityAttribution result = _enable.Value
            ? Regions(address, first, last)
            : new SecurityAttribution(_allNonSecure.Value, false, first, last);
        if (!idau.IsNonSecure && (result.IsNonSecure || (!idau.IsCallable && result.IsCallable)))
            result = result with { IsNonSecure = false, IsCallable = idau.IsCallable };
        return result with { IdauRegion = idau.Region };
    }

    /// <summary>Brings what the register map does not store to its reset values.</summary>
    public void Reset()
    {
        Array.Clear(_bases);
        Array.Clear(_limits);
        _changed();
    }

    /// <summary>Writes what the register map does not store.</summary>
    /// <param name="writer">The CPU's section.</param>
    public void Save(StateWriter writer)
    {
        foreach (uint value in _bases)
            writer.Write(value);
        foreach (uint value in _limits)
            writer.Write(value);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, after the register map.</summary>
    /// <param name="reader">The CPU's section.</param>
    public void Load(StateReader reader)
    {
        foreach (ref uint value in _bases.AsSpan())
            value = reader.ReadUInt32() & Address;
        foreach (ref uint value in _limits.AsSpan())
            value = reader.ReadUInt32() & (Address | Callable | Enable);
        _changed();
    }

    private SecurityAttribution Regions(uint address, uint first, uint last)
    {
        int hit = -1;
        bool several = false;
        for (int r = 0; r < _bases.Length; r++)
        {
            uint start = _bases[r], end = _limits[r] | ~Address;
            if ((_limits[r] & Enable) == 0 || start > end || !Narrow(start, end, address, ref first, ref last))
                continue;
            several |= hit >= 0;
            hit = r;
        }

        if (hit < 0 || several)
            return new SecurityAttribution(false, false, first, last);
        bool callable = (_limits[hit] & Callable) != 0;
        return new SecurityAttribution(!callable, callable, first, last, (byte)hit);
    }

    // whether a range has an address; what is known around it ends at the range's ends
    private static bool Narrow(uint start, uint end, uint address, ref uint first, ref uint last)
    {
        if (address < start)
        {
            last = Math.Min(last, start - 1);
            return false;
        }

        if (address > end)
        {
            first = Math.Max(first, end + 1);
            return false;
        }

        first = Math.Max(first, start);
        last = Math.Min(last, end);
        return true;
    }

    private Register DefineField(Register register, uint[] values, int high, int low, string name)
    {
        uint mask = (uint)(((2UL << (high - low)) - 1) << low);
        return register.Bits(high, low, name, read: () => Number is int n and >= 0 ? (values[n] & mask) >> low : 0, write: value =>
        {
            if (Number is not (int n and >= 0))
                return;
            values[n] = (values[n] & ~mask) | (((uint)value << low) & mask);
            _changed();
        });
    }

    private int Number => (int)_number.Value is int n && n < _bases.Length ? n : -1;
}

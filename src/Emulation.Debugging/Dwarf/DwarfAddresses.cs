namespace Emulation.Debugging;

/// <summary>The addresses that entries have. DWARF 5, 2.17 and 7.28; DWARF 2 to 4, "Non-Contiguous Address Ranges".</summary>
internal sealed class DwarfAddresses(ElfContent elf)
{
    private readonly ReadOnlyMemory<byte> _addresses = elf.Section(".debug_addr"), _ranges = elf.Section(".debug_ranges"), _rangeLists = elf.Section(".debug_rnglists");

    // many entries of a damaged file may share one long list
    private int _left = 4_000_000;

    /// <summary>An address as a value; null when it is none.</summary>
    public ulong? Address(DwarfUnit unit, DwarfValue value) => value.Class switch
    {
        DwarfClass.Address => value.Number,
        DwarfClass.AddressIndex => Indexed(unit, value.Number),
        _ => null,
    };

    /// <summary>The address that a location expression names; null where it is not a fixed one.</summary>
    public ulong? Static(DwarfEntry entry)
    {
        const byte Addr = 0x03, PlusConstant = 0x23, AddrIndex = 0xa1;
        DwarfValue location = entry[DwarfAttribute.Location];
        if (location.Class != DwarfClass.Block || location.Bytes.IsEmpty)
            return null;
        var code = new DwarfCursor(location.Bytes.Span, elf.Name, "a location");
        ulong? address = code.U8() switch
        {
            Addr => code.Unsigned(entry.Unit.AddressSize),
            AddrIndex => Indexed(entry.Unit, code.Uleb()),
            _ => null,
        };
        if (address is not null && !code.AtEnd && code.U8() == PlusConstant)
            address += code.Uleb();
        return code.AtEnd ? address : null;
    }

    /// <summary>The ranges of code of an entry.</summary>
    public List<(ulong Low, ulong High)> Ranges(DwarfEntry entry)
    {
        var ranges = new List<(ulong, ulong)>();
        if (entry[DwarfAttribute.Ranges] is { Exists: true } list)
        {
            if (entry.Unit.Version >= 5)
                ReadList(entry.Unit, list, ranges);
            else
                ReadOldList(entry.Unit, list.Number, ranges);
        }
        else if (Address(entry.Unit, entry[DwarfAttribute.LowPc]) is { } low && entry[DwarfAttribute.HighPc] is { Exists: true } high)
        {
            Add(ranges, low, Address(entry.Unit, high) ?? low + high.Number);
        }

        return ranges;
    }

    private static void Add(List<(ulong Low, ulong High)> ranges, ulong low, ulong high)
    {
        if (high > low)
            ranges.Add((low, high));
    }

    private ulong Indexed(DwarfUnit unit, ulong index)
    {
        DwarfCursor cursor = At(_addresses, ".debug_addr", unit.Base(DwarfAttribute.AddressBase, unit.Wide ? 16u : 8u), index, unit.AddressSize);
        return cursor.Unsigned(unit.AddressSize);
    }

    private void ReadOldList(DwarfUnit unit, ulong offset, List<(ulong Low, ulong High)> ranges)
    {
        DwarfCursor cursor = At(_ranges, ".debug_ranges", offset, 0, 1);
        ulong top = unit.AddressSize == 8 ? ulong.MaxValue : (1UL << (8 * unit.AddressSize)) - 1;
        ulong start = Address(unit, unit.Root?[DwarfAttribute.LowPc] ?? default) ?? 0;
        while (!cursor.AtEnd && _left-- > 0)
        {
            ulong low = cursor.Unsigned(unit.AddressSize), high = cursor.Unsigned(unit.AddressSize);
            if ((low, high) == (0UL, 0UL))
                break;
            if (low == top)
                start = high;
            else
                Add(ranges, start + low, start + high);
        }
    }

    private void ReadList(DwarfUnit unit, DwarfValue list, List<(ulong Low, ulong High)> ranges)
    {
        ulong offset = list.Number;
        if (list.Class == DwarfClass.ListIndex)
        {
            ulong table = unit.Base(DwarfAttribute.RangeListsBase, unit.Wide ? 20u : 12u);
            offset = table + At(_rangeLists, ".debug_rnglists", table, list.Number, unit.OffsetSize).Unsigned(unit.OffsetSize);
        }

        DwarfCursor cursor = At(_rangeLists, ".debug_rnglists", offset, 0, 1);
        ulong start = Address(unit, unit.Root?[DwarfAttribute.LowPc] ?? default) ?? 0;
        while (!cursor.AtEnd && _left-- > 0)
        {
            ulong low;
            switch (cursor.U8())
            {
                case 0: return;
                case 1: start = Indexed(unit, cursor.Uleb()); break;
                case 2: Add(ranges, Indexed(unit, cursor.Uleb()), Indexed(unit, cursor.Uleb())); break;
                case 3:
                    low = Indexed(unit, cursor.Uleb());
                    Add(ranges, low, low + cursor.Uleb());
                    break;
                case 4: Add(ranges, start + cursor.Uleb(), start + cursor.Uleb()); break;
                case 5: start = cursor.Unsigned(unit.AddressSize); break;
                case 6: Add(ranges, cursor.Unsigned(unit.AddressSize), cursor.Unsigned(unit.AddressSize)); break;
                case 7:
                    low = cursor.Unsigned(unit.AddressSize);
                    Add(ranges, low, low + cursor.Uleb());
                    break;
                default: throw cursor.Error("a range of an unknown kind");
            }
        }
    }

    private DwarfCursor At(ReadOnlyMemory<byte> section, string name, ulong offset, ulong index, int size)
    {
        var cursor = new DwarfCursor(section.Span, elf.Name, name);
        ulong length = (ulong)section.Length;
        if (offset > length || index > length || offset + (index * (ulong)size) > length)
            throw cursor.Error($"0x{offset:x} + {index} lies behind the section");
        cursor.Position = (int)(offset + (index * (ulong)size));
        return cursor;
    }
}

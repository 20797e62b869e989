using System.Text;

namespace Emulation.Debugging;

/// <summary>The debugging information entries of a file: functions, variables and types, as far as they are of use here. DWARF 2 to 5, <c>.debug_info</c>.</summary>
internal sealed class DwarfInfo
{
    private const int MaxEntries = 4_000_000, MaxDepth = 256;
    private readonly ElfContent _elf;
    private readonly ReadOnlyMemory<byte> _section, _abbreviations, _strings, _lineStrings, _stringOffsets;
    private readonly Dictionary<ulong, Dictionary<ulong, Abbreviation>> _tables = [];
    private readonly Dictionary<ulong, DwarfEntry> _entries = [];

    private DwarfInfo(ElfContent elf)
    {
        _elf = elf;
        _section = elf.Section(".debug_info");
        _abbreviations = elf.Section(".debug_abbrev");
        _strings = elf.Section(".debug_str");
        _lineStrings = elf.Section(".debug_line_str");
        _stringOffsets = elf.Section(".debug_str_offsets");
        Addresses = new DwarfAddresses(elf);
    }

    public List<DwarfUnit> Units { get; } = [];

    public DwarfAddresses Addresses { get; }

    public string File => _elf.Name;

    public static DwarfInfo Read(ElfContent elf)
    {
        var info = new DwarfInfo(elf);
        if (elf.IsBigEndian)
            return info;
        var cursor = new DwarfCursor(info._section.Span, elf.Name, ".debug_info");
        while (!cursor.AtEnd)
            info.ReadUnit(ref cursor);
        return info;
    }

    /// <summary>The entry at an offset; null when there is none, or one that is of no use here.</summary>
    public DwarfEntry? At(ulong offset) => _entries.GetValueOrDefault(offset);

    public string TextOf(DwarfEntry entry, DwarfValue value)
    {
        var cursor = new DwarfCursor(_section.Span, File, ".debug_info") { Position = (int)Math.Min(entry.Offset, (ulong)_section.Length) };
        switch (value.Class)
        {
            case DwarfClass.Text: return Encoding.UTF8.GetString(value.Bytes.Span);
            case DwarfClass.TextOffset: return cursor.TextAt(_strings.Span, value.Number);
            case DwarfClass.LineTextOffset: return cursor.TextAt(_lineStrings.Span, value.Number);
            case DwarfClass.TextIndex:
                DwarfUnit unit = entry.Unit;
                ulong at = unit.Base(DwarfAttribute.StringOffsetsBase, unit.Wide ? 16u : 8u) + (value.Number * (ulong)unit.OffsetSize);
                if (value.Number > (ulong)_stringOffsets.Length || at > (ulong)_stringOffsets.Length)
                    throw cursor.Error($"text {value.Number} lies behind its section");
                var offsets = new DwarfCursor(_stringOffsets.Span, File, ".debug_str_offsets") { Position = (int)at };
                return cursor.TextAt(_strings.Span, offsets.Unsigned(unit.OffsetSize));
            default: return "";
        }
    }

    private static bool IsKept<T>(ulong number)
        where T : struct, Enum
        => number is > 0 and <= int.MaxValue && Enum.IsDefined((T)Enum.ToObject(typeof(T), (int)number));

    private void ReadUnit(ref DwarfCursor section)
    {
        int offset = section.Position;
        ulong length = section.InitialLength(out bool wide);
        int start = section.Position;
        DwarfCursor cursor = section.Part(length);
        int version = cursor.U16();
        if (version is < 2 or > 5)
            return;                                           // an unknown version costs its names, not the file
        int kind = 1, addressSize;
        ulong abbreviations;
        if (version >= 5)
        {
            (kind, addressSize) = (cursor.U8(), cursor.U8());
            abbreviations = wide ? cursor.U64() : cursor.U32();
            cursor.Take(kind switch { 2 or 6 => wide ? 16u : 12u, 4 or 5 => 8u, _ => 0u });
        }
        else
        {
            abbreviations = wide ? cursor.U64() : cursor.U32();
            addressSize = cursor.U8();
        }

        if (addressSize is not (2 or 4 or 8))
            throw cursor.Error($"addresses of {addressSize} bytes");
        var unit = new DwarfUnit(this, (ulong)offset, version, wide, addressSize);
        Units.Add(unit);
        ReadEntries(ref cursor, unit, start, TableAt(abbreviations));
    }

    private void ReadEntries(ref DwarfCursor cursor, DwarfUnit unit, int start, Dictionary<ulong, Abbreviation> table)
    {
        // an entry of no use is not kept; its children belong to what it belongs to
        var parents = new Stack<DwarfEntry?>();
        while (!cursor.AtEnd)
        {
            ulong offset = (ulong)(start + cursor.Position), code = cursor.Uleb();
            if (code == 0)
            {
                parents.TryPop(out _);
                continue;
            }

            if (!table.TryGetValue(code, out Abbreviation? shape))
                throw cursor.Error($"an entry of the unknown shape {code}");
            parents.TryPeek(out DwarfEntry? parent);
            DwarfEntry? entry = unit.Root is null || shape.Tag != DwarfTag.None ? new DwarfEntry(unit, offset, shape.Tag, parent) : null;
            foreach ((DwarfAttribute name, ulong form, long constant) in shape.Attributes)
            {
                DwarfValue value = DwarfFormReader.Read(ref cursor, _section, start, form, constant, unit);
                if (entry is not null && value.Exists && name != DwarfAttribute.None)
                    entry.Add(name, value);
            }

            if (entry is not null)
                Keep(entry, ref cursor);
            if (!shape.HasChildren)
                continue;
            if (parents.Count >= MaxDepth)
                throw cursor.Error("entries nest too deep");
            parents.Push(entry ?? parent);
        }
    }

    private void Keep(DwarfEntry entry, ref DwarfCursor cursor)
    {
        if (_entries.Count >= MaxEntries)
            throw cursor.Error("too many entries");
        _entries[entry.Offset] = entry;
        entry.Unit.Root ??= entry;
        entry.Parent?.Add(entry);
    }

    private Dictionary<ulong, Abbreviation> TableAt(ulong offset)
    {
        if (_tables.TryGetValue(offset, out Dictionary<ulong, Abbreviation>? table))
            return table;
        table = [];
        var cursor = new DwarfCursor(_abbreviations.Span, File, ".debug_abbrev");
        if (offset > (ulong)_abbreviations.Length)
            throw cursor.Error($"a table at 0x{offset:x} lies behind the section");
        cursor.Position = (int)offset;
        while (!cursor.AtEnd && cursor.Uleb() is > 0 and var code)
        {
            ulong tag = cursor.Uleb();
            bool hasChildren = cursor.U8() != 0;
            var attributes = new List<(DwarfAttribute Name, ulong Form, long Constant)>();
            while (true)
            {
                ulong name = cursor.Uleb(), form = cursor.Uleb();
                long constant = form == DwarfFormReader.ImplicitConstant ? cursor.Sleb() : 0;
                if ((name, form) == (0UL, 0UL))
                    break;
                attributes.Add((IsKept<DwarfAttribute>(name) ? (DwarfAttribute)name : DwarfAttribute.None, form, constant));
            }

            table[code] = new Abbreviation(IsKept<DwarfTag>(tag) ? (DwarfTag)tag : DwarfTag.None, hasChildren, [.. attributes]);
        }

        _tables.Add(offset, table);
        return table;
    }

    private sealed record Abbreviation(DwarfTag Tag, bool HasChildren, (DwarfAttribute Name, ulong Form, long Constant)[] Attributes);
}

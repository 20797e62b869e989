namespace Emulation.Debugging;

/// <summary>Makes types of entries. DWARF 5, chapter 5.</summary>
internal sealed class TypeReader
{
    private const int MaxDepth = 64, MaxDimensions = 8;
    private readonly Dictionary<ulong, FirmwareType> _types = [];

    // members and targets are looked at when they are asked for, by any thread
    private readonly Lock _lock = new();

    /// <summary>The type that an entry refers to; null for void.</summary>
    public FirmwareType? TypeOf(DwarfEntry entry)
    {
        lock (_lock)
            return TypeOf(entry, 0);
    }

    private FirmwareType? TypeOf(DwarfEntry entry, int depth)
        => entry.FromOrigin(DwarfAttribute.Type) is { Class: DwarfClass.Reference } reference
            ? entry.Unit.Info.At(reference.Number) is { } type ? Read(type, depth) : FirmwareType.Unknown()
            : null;

    private FirmwareType Read(DwarfEntry entry, int depth)
    {
        if (depth > MaxDepth)
            return FirmwareType.Unknown();
        if (!_types.TryGetValue(entry.Offset, out FirmwareType? type))
            _types[entry.Offset] = type = Create(entry, depth + 1);
        return type;
    }

    private FirmwareType Create(DwarfEntry entry, int depth)
    {
        ulong size = entry[DwarfAttribute.ByteSize] is { IsConstant: true } bytes ? bytes.Number : 0;
        string name = entry.Name ?? "";
        switch (entry.Tag)
        {
            case DwarfTag.BaseType: return new(Base(entry[DwarfAttribute.Encoding].Number, name), name, size);
            case DwarfTag.Typedef: return (TypeOf(entry, depth) ?? FirmwareType.Unknown("void")).Named(name);
            case DwarfTag.ConstType or DwarfTag.VolatileType or DwarfTag.RestrictType or DwarfTag.AtomicType: return TypeOf(entry, depth) ?? FirmwareType.Unknown("void");
            case DwarfTag.PointerType or DwarfTag.ReferenceType or DwarfTag.RvalueReferenceType: return Pointer(entry, size);
            case DwarfTag.StructureType: return Aggregate(FirmwareTypeKind.Structure, entry, $"struct {Or(name)}", size);
            case DwarfTag.ClassType: return Aggregate(FirmwareTypeKind.Structure, entry, Or(name), size);
            case DwarfTag.UnionType: return Aggregate(FirmwareTypeKind.Union, entry, $"union {Or(name)}", size);
            case DwarfTag.EnumerationType: return Enumeration(entry, name, size, depth);
            case DwarfTag.ArrayType: return Array(entry, depth);
            case DwarfTag.SubroutineType: return FirmwareType.Unknown("function");
            default: return FirmwareType.Unknown(Or(name), size);
        }
    }

    private static string Or(string name) => name.Length > 0 ? name : "(anonymous)";

    // DWARF 5, table 7.11; signed char and unsigned char are small numbers: uint8_t is one
    private static FirmwareTypeKind Base(ulong encoding, string name) => encoding switch
    {
        0x06 when name.StartsWith("signed", StringComparison.Ordinal) => FirmwareTypeKind.Signed,
        0x08 when name.StartsWith("unsigned", StringComparison.Ordinal) => FirmwareTypeKind.Unsigned,
        0x02 => FirmwareTypeKind.Boolean,
        0x04 => FirmwareTypeKind.Real,
        0x05 => FirmwareTypeKind.Signed,
        0x06 or 0x08 or 0x10 => FirmwareTypeKind.Character,
        0x01 or 0x07 => FirmwareTypeKind.Unsigned,
        _ => FirmwareTypeKind.Unknown,
    };

    // types may contain pointers to themselves
    private FirmwareType Pointer(DwarfEntry entry, ulong size)
        => new(FirmwareTypeKind.Pointer, $"{NameOfTarget(entry)} *", size > 0 ? size : (ulong)entry.Unit.AddressSize, null, () => TypeOf(entry));

    private static string NameOfTarget(DwarfEntry entry)
    {
        DwarfEntry? target = entry.Follow(DwarfAttribute.Type);
        for (int depth = 0; depth < MaxDepth && target is { Name: null, Tag: DwarfTag.ConstType or DwarfTag.VolatileType }; depth++)
            target = target.Follow(DwarfAttribute.Type);
        return target switch
        {
            null => "void",
            { Name: { } name } => target.Tag == DwarfTag.StructureType ? $"struct {name}" : name,
            { Tag: DwarfTag.SubroutineType } => "function",
            _ => "?",
        };
    }

    private FirmwareType Aggregate(FirmwareTypeKind kind, DwarfEntry entry, string name, ulong size)
        => new(kind, name, size, () => [.. entry.Children.Where(static c => c.Tag is DwarfTag.Member or DwarfTag.Inheritance).Select(c => Member(c, entry))]);

    private FirmwareMember Member(DwarfEntry entry, DwarfEntry outer)
    {
        FirmwareType type = TypeOf(entry) ?? FirmwareType.Unknown();
        ulong offset = MemberOffset(entry[DwarfAttribute.DataMemberLocation]);
        string name = entry.Tag == DwarfTag.Inheritance ? "" : entry.Name ?? "";
        if (entry[DwarfAttribute.BitSize] is not { IsConstant: true } bits)
            return new FirmwareMember(name, offset, type);

        // DWARF 4 counts from the start of the structure; DWARF 2 and 3 from the highest bit of the storage unit (5.5.6)
        long first;
        if (entry[DwarfAttribute.DataBitOffset] is { IsConstant: true } fromStart)
        {
            first = (long)fromStart.Number + (8 * (long)offset);
        }
        else
        {
            ulong unit = entry[DwarfAttribute.ByteSize] is { IsConstant: true } bytes ? bytes.Number : type.Size;
            first = (8 * (long)(offset + unit)) - (long)entry[DwarfAttribute.BitOffset].Number - (long)bits.Number;
        }

        ulong last = outer[DwarfAttribute.ByteSize].Number;
        return first < 0 || bits.Number > 64 || (ulong)first + bits.Number > 8 * last
            ? new FirmwareMember(name, offset, FirmwareType.Unknown(type.Name))
            : new FirmwareMember(name, (ulong)first / 8, type, (int)(first % 8), (int)bits.Number);
    }

    // a constant, or of old producers the operation "plus constant"
    private static ulong MemberOffset(DwarfValue location)
    {
        if (location.IsConstant)
            return location.Number;
        if (location.Class != DwarfClass.Block || location.Bytes.Length < 2 || location.Bytes.Span[0] != 0x23)
            return 0;
        return new DwarfCursor(location.Bytes.Span[1..], "firmware", "a member").Uleb();
    }

    private FirmwareType Enumeration(DwarfEntry entry, string name, ulong size, int depth)
    {
        var names = new List<(string, long)>();
        foreach (DwarfEntry child in entry.Children)
        {
            if (child.Tag == DwarfTag.Enumerator && child[DwarfAttribute.ConstValue] is { IsConstant: true } value)
                names.Add((child.Name ?? "?", (long)value.Number));
        }

        return new FirmwareType(FirmwareTypeKind.Enumeration, $"enum {Or(name)}", size > 0 ? size : TypeOf(entry, depth)?.Size ?? 0) { Enumerators = names };
    }

    // int a[2][3] is one entry with two subranges
    private FirmwareType Array(DwarfEntry entry, int depth)
    {
        FirmwareType element = TypeOf(entry, depth) ?? FirmwareType.Unknown();
        DwarfEntry[] dimensions = [.. entry.Children.Where(static c => c.Tag == DwarfTag.SubrangeType).Take(MaxDimensions)];
        string name = element.Name;
        for (int i = dimensions.Length - 1; i >= 0; i--)
        {
            DwarfValue count = dimensions[i][DwarfAttribute.Count], last = dimensions[i][DwarfAttribute.UpperBound];
            ulong elements = count.IsConstant ? count.Number : last.IsConstant && last.Number < long.MaxValue ? last.Number + 1 : 0;
            FirmwareType inner = element;
            string suffix = string.Concat(dimensions.Skip(i).Select(static d => d[DwarfAttribute.Count].IsConstant ? $"[{d[DwarfAttribute.Count].Number}]" : d[DwarfAttribute.UpperBound].IsConstant ? $"[{d[DwarfAttribute.UpperBound].Number + 1}]" : "[]"));
            ulong size = elements > 0 && inner.Size > ulong.MaxValue / elements ? 0 : elements * inner.Size;
            element = new FirmwareType(FirmwareTypeKind.Array, name + suffix, size, null, () => inner) { Count = elements };
        }

        return element;
    }
}

namespace Emulation.Debugging;

/// <summary>A value as it stands in the section; what it means depends on its unit.</summary>
internal readonly record struct DwarfValue(DwarfClass Class, ulong Number, ReadOnlyMemory<byte> Bytes = default)
{
    public bool Exists => Class != DwarfClass.None;

    public bool IsConstant => Class is DwarfClass.Constant or DwarfClass.SignedConstant;
}

/// <summary>A debugging information entry. DWARF 5, 2.1.</summary>
internal sealed class DwarfEntry(DwarfUnit unit, ulong offset, DwarfTag tag, DwarfEntry? parent)
{
    private readonly List<(DwarfAttribute Name, DwarfValue Value)> _values = [];
    private List<DwarfEntry>? _children;

    public DwarfUnit Unit => unit;

    public ulong Offset => offset;

    public DwarfTag Tag => tag;

    public DwarfEntry? Parent => parent;

    public IReadOnlyList<DwarfEntry> Children => _children ?? (IReadOnlyList<DwarfEntry>)[];

    /// <summary>Its name, or that of what it completes or is a copy of.</summary>
    public string? Name => FromOrigin(DwarfAttribute.Name) is { Exists: true } name ? unit.Info.TextOf(this, name) : null;

    public DwarfValue this[DwarfAttribute name]
    {
        get
        {
            foreach ((DwarfAttribute own, DwarfValue value) in _values)
            {
                if (own == name)
                    return value;
            }

            return default;
        }
    }

    public void Add(DwarfAttribute name, DwarfValue value) => _values.Add((name, value));

    public void Add(DwarfEntry child) => (_children ??= []).Add(child);

    /// <summary>The entry that an attribute refers to; null when there is none.</summary>
    public DwarfEntry? Follow(DwarfAttribute name) => this[name] is { Class: DwarfClass.Reference } value ? unit.Info.At(value.Number) : null;

    /// <summary>The entry that this one is a concrete copy of, or completes; itself else.</summary>
    public DwarfEntry Origin()
    {
        DwarfEntry entry = this;
        for (int depth = 0; depth < 8 && (entry.Follow(DwarfAttribute.AbstractOrigin) ?? entry.Follow(DwarfAttribute.Specification)) is { } next; depth++)
            entry = next;
        return entry;
    }

    /// <summary>An attribute of this entry or of what it is a copy of.</summary>
    public DwarfValue FromOrigin(DwarfAttribute name)
    {
        DwarfEntry? entry = this;
        for (int depth = 0; depth < 8 && entry is not null; depth++)
        {
            if (entry[name] is { Exists: true } value)
                return value;
            entry = entry.Follow(DwarfAttribute.AbstractOrigin) ?? entry.Follow(DwarfAttribute.Specification);
        }

        return default;
    }
}

/// <summary>A compilation unit. DWARF 5, 7.5.1.</summary>
internal sealed class DwarfUnit(DwarfInfo info, ulong offset, int version, bool wide, int addressSize)
{
    public DwarfInfo Info => info;

    public ulong Offset => offset;

    public int Version => version;

    public bool Wide => wide;

    public int AddressSize => addressSize;

    public int OffsetSize => wide ? 8 : 4;

    public DwarfEntry? Root { get; set; }

    public ulong Base(DwarfAttribute name, ulong otherwise) => Root?[name] is { Exists: true } value ? value.Number : otherwise;
}

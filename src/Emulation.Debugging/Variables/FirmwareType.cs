namespace Emulation.Debugging;

/// <summary>A type of the firmware's language, without its qualifiers.</summary>
public sealed class FirmwareType
{
    private readonly Lazy<IReadOnlyList<FirmwareMember>> _members;
    private readonly Lazy<FirmwareType?> _element;

    internal FirmwareType(FirmwareTypeKind kind, string name, ulong size, Func<IReadOnlyList<FirmwareMember>>? members = null, Func<FirmwareType?>? element = null)
    {
        (Kind, Name, Size) = (kind, name, size);
        _members = new(members ?? (static () => []));
        _element = new(element ?? (static () => null));
    }

    /// <summary>What it is.</summary>
    public FirmwareTypeKind Kind { get; }

    /// <summary>Its name as in the source, such as <c>uint8_t</c> or <c>struct state</c>.</summary>
    public string Name { get; }

    /// <summary>Bytes; 0 where not known.</summary>
    public ulong Size { get; }

    /// <summary>Members of a structure or union.</summary>
    public IReadOnlyList<FirmwareMember> Members => _members.Value;

    /// <summary>What an array has elements of, or a pointer points to; null for other types, pointers to functions and to void.</summary>
    public FirmwareType? Element => _element.Value;

    /// <summary>Number of elements of an array.</summary>
    public ulong Count { get; internal init; }

    /// <summary>Names of an enumeration's numbers, in the order of the source.</summary>
    public IReadOnlyList<(string Name, long Value)> Enumerators { get; internal init; } = [];

    /// <summary>The name of a number of an enumeration; null when it has none.</summary>
    /// <param name="value">The number.</param>
    public string? NameOf(long value)
    {
        foreach ((string name, long number) in Enumerators)
        {
            if (number == value)
                return name;
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static FirmwareType Unknown(string name = "?", ulong size = 0) => new(FirmwareTypeKind.Unknown, name, size);

    /// <summary>The same under a name of its own.</summary>
    internal FirmwareType Named(string name) => new(Kind, name, Size, () => Members, () => Element) { Count = Count, Enumerators = Enumerators };
}

/// <summary>A member of a structure or union.</summary>
/// <param name="Name">Its name; empty for one whose own members are taken as those of the outer type.</param>
/// <param name="Offset">Bytes from the start.</param>
/// <param name="Type">Its type.</param>
/// <param name="BitOffset">Of a bit field, its lowest bit, counted from the lowest of the byte at <paramref name="Offset"/>.</param>
/// <param name="BitSize">Of a bit field, its bits; 0 for other members.</param>
public sealed record FirmwareMember(string Name, ulong Offset, FirmwareType Type, int BitOffset = 0, int BitSize = 0);

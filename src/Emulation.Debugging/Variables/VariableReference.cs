using System.Globalization;

namespace Emulation.Debugging;

/// <summary>A variable of the firmware or a part of one, found by an expression as a debugger takes it: <c>state.counter</c>, <c>table[3].name</c>, <c>head-&gt;next</c>, <c>*buffer</c>.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="Address">Virtual address of its first byte.</param>
/// <param name="Type">Its type.</param>
/// <param name="BitOffset">Of a bit field, its lowest bit in the bytes at <paramref name="Address"/>.</param>
/// <param name="BitSize">Of a bit field, its bits; else 0.</param>
public sealed record VariableReference(string Expression, ulong Address, FirmwareType Type, int BitOffset = 0, int BitSize = 0)
{
    /// <summary>Bytes that it lies in.</summary>
    public int Size => BitSize > 0 ? (BitOffset + BitSize + 7) / 8 : (int)Math.Min(Type.Size, int.MaxValue);

    /// <summary>Finds it.</summary>
    /// <param name="variables">The firmware's variables.</param>
    /// <param name="expression">The name of a variable, or <c>file.c:name</c>; then members, elements, and what pointers point to.</param>
    /// <param name="readPointer">Reads an address of a number of bytes from memory; null where there is no memory.</param>
    /// <exception cref="KeyNotFoundException">There is no such variable or member; the message has what there is.</exception>
    /// <exception cref="ArgumentException">The expression cannot be understood, or does not fit the types.</exception>
    public static VariableReference Find(VariableTable variables, string expression, Func<ulong, int, ulong?> readPointer)
    {
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentNullException.ThrowIfNull(readPointer);
        ArgumentException.ThrowIfNullOrEmpty(expression);
        string text = expression.Trim();
        int stars = text.Length - text.TrimStart('*').Length;
        text = text[stars..];
        int end = EndOfName(text);
        VariableInfo variable = variables.Get(text[..end].Trim());
        var found = new VariableReference(text[..end], variable.Address, variable.Type);
        for (string rest = text[end..]; rest.Length > 0;)
            found = found.Next(ref rest, expression, readPointer);
        for (; stars > 0; stars--)
            found = found.Target(readPointer);
        return found with { Expression = expression };
    }

    /// <summary>A member of a structure or union, also of one without a name inside of it.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none; the message has those that there are.</exception>
    public VariableReference Member(string name)
    {
        if (Type.Kind is not (FirmwareTypeKind.Structure or FirmwareTypeKind.Union))
            throw new ArgumentException($"'{Expression}' is of type {Type} and has no members", nameof(name));
        return MemberOf(this, name, 0) is { } found
            ? found with { Expression = $"{Expression}.{name}" }
            : throw new KeyNotFoundException($"'{Expression}' is of type {Type}, which has no member '{name}'; it has {string.Join(", ", Type.Members.Select(static m => m.Name.Length > 0 ? m.Name : $"({m.Type})"))}");
    }

    /// <summary>An element of an array, or of what a pointer points to.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="readPointer">Reads an address of a number of bytes from memory; null where there is no memory.</param>
    /// <exception cref="ArgumentOutOfRangeException">The array has fewer elements.</exception>
    public VariableReference Element(long index, Func<ulong, int, ulong?> readPointer)
    {
        if (Type.Kind == FirmwareTypeKind.Pointer)
        {
            VariableReference target = Target(readPointer);
            return target with { Expression = $"{Expression}[{index}]", Address = target.Address + ((ulong)index * target.Type.Size) };
        }

        if (Type is not { Kind: FirmwareTypeKind.Array, Element: { } element })
            throw new ArgumentException($"'{Expression}' is of type {Type}, which is no array", nameof(index));
        if (index < 0 || (Type.Count > 0 && (ulong)index >= Type.Count))
            throw new ArgumentOutOfRangeException(nameof(index), $"'{Expression}' has {Type.Count} elements, and {index} is none of them");
        return new VariableReference($"{Expression}[{index}]", Address + ((ulong)index * element.Size), element);
    }

    /// <summary>What a pointer points to now.</summary>
    /// <param name="readPointer">Reads an address of a number of bytes from memory; null where there is no memory.</param>
    /// <exception cref="ArgumentException">It is no pointer, or points to what has no type.</exception>
    /// <exception cref="InvalidOperationException">It points to nothing.</exception>
    public VariableReference Target(Func<ulong, int, ulong?> readPointer)
    {
        ArgumentNullException.ThrowIfNull(readPointer);
        if (Type is not { Kind: FirmwareTypeKind.Pointer, Element: { } element })
            throw new ArgumentException($"'{Expression}' is of type {Type}, which does not point to anything with a type");
        ulong target = readPointer(Address, Size) ?? throw new InvalidOperationException($"'{Expression}' at 0x{Address:x8} does not lie in memory");
        return target == 0 ? throw new InvalidOperationException($"'{Expression}' is a null pointer") : new VariableReference($"*{Expression}", target, element);
    }

    private static VariableReference? MemberOf(VariableReference outer, string name, int depth)
    {
        foreach (FirmwareMember member in outer.Type.Members)
        {
            var place = new VariableReference(outer.Expression, outer.Address + member.Offset, member.Type, member.BitOffset, member.BitSize);
            if (member.Name == name)
                return place;
            if (member.Name.Length == 0 && depth < 8 && MemberOf(place, name, depth + 1) is { } inner)
                return inner;
        }

        return null;
    }

    // a file before a single colon has dots of its own
    private static int EndOfName(string text)
    {
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != ':')
                continue;
            if (i + 1 < text.Length && text[i + 1] == ':')
            {
                i++;
                continue;
            }

            start = i + 1;
            break;
        }

        int end = text.AsSpan(start).IndexOfAny(".[-");
        return end < 0 ? text.Length : start + end;
    }

    private VariableReference Next(ref string rest, string expression, Func<ulong, int, ulong?> readPointer)
    {
        if (rest[0] == '[')
        {
            int close = rest.IndexOf(']', StringComparison.Ordinal);
            if (close < 0 || !TryIndex(rest[1..close].Trim(), out long index))
                throw new ArgumentException($"'{expression}': '{rest}' is no index", nameof(expression));
            rest = rest[(close + 1)..];
            return Element(index, readPointer);
        }

        bool arrow = rest.StartsWith("->", StringComparison.Ordinal);
        if (!arrow && rest[0] != '.')
            throw new ArgumentException($"'{expression}': '{rest}' is not understood; members are '.name' or '->name', elements '[1]'", nameof(expression));
        string name = rest[(arrow ? 2 : 1)..];
        int end = name.AsSpan().IndexOfAny(".[-");
        rest = end < 0 ? "" : name[end..];
        name = (end < 0 ? name : name[..end]).Trim();

        // who writes '.' for '->' means the same thing
        VariableReference outer = arrow || Type.Kind == FirmwareTypeKind.Pointer ? Target(readPointer) with { Expression = Expression } : this;
        return outer.Member(name);
    }

    private static bool TryIndex(string text, out long index)
        => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out index)
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index);
}

using System.Globalization;
using System.Text;

namespace Emulation.Debugging;

/// <summary>Reads values of variables and writes them as a debugger shows them.</summary>
public static class VariableText
{
    private const int MaxElements = 32, MaxDepth = 6, MaxBytes = 1 << 16, MaxText = 1 << 14;

    /// <summary>The number that bytes are: of integers, enumerations, characters, pointers and bit fields.</summary>
    /// <param name="variable">Where they are from, for its type.</param>
    /// <param name="bytes">Its bytes, little-endian.</param>
    public static long NumberOf(VariableReference variable, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(variable);
        UInt128 raw = 0;
        for (int i = Math.Min(bytes.Length, 16) - 1; i >= 0; i--)
            raw = (raw << 8) | bytes[i];
        int bits = Math.Min(64, variable.BitSize > 0 ? variable.BitSize : 8 * bytes.Length);
        if (bits == 0)
            return 0;
        ulong value = (ulong)(raw >> variable.BitOffset) << (64 - bits);
        bool signed = variable.Type.Kind == FirmwareTypeKind.Signed || (variable.Type.Kind == FirmwareTypeKind.Enumeration && variable.Type.Enumerators.Any(static e => e.Value < 0));
        return signed ? (long)value >> (64 - bits) : (long)(value >> (64 - bits));
    }

    /// <summary>The floating-point number that bytes are; of other types the number they are.</summary>
    /// <param name="variable">Where they are from, for its type.</param>
    /// <param name="bytes">Its bytes, little-endian.</param>
    public static double RealOf(VariableReference variable, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return variable.Type.Kind != FirmwareTypeKind.Real ? NumberOf(variable, bytes) : bytes.Length switch
        {
            2 => (double)BitConverter.ToHalf(bytes),
            4 => BitConverter.ToSingle(bytes),
            8 => BitConverter.ToDouble(bytes),
            _ => double.NaN,
        };
    }

    /// <summary>A value as text: <c>3</c>, <c>RUNNING</c>, <c>"abc"</c>, <c>{counter = 3, mode = RUNNING}</c>.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="read">Reads a number of bytes from an address; null where there is no memory.</param>
    public static string Format(VariableReference variable, Func<ulong, int, byte[]?> read)
    {
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(read);
        var text = new StringBuilder();
        Append(text, variable, read, 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, VariableReference variable, Func<ulong, int, byte[]?> read, int depth)
    {
        FirmwareType type = variable.Type;
        switch (type.Kind)
        {
            case FirmwareTypeKind.Structure or FirmwareTypeKind.Union when depth < MaxDepth:
                Members(text, variable, read, depth);
                return;
            case FirmwareTypeKind.Array when depth < MaxDepth && type.Element is { Kind: FirmwareTypeKind.Character, Size: 1 }:
                text.Append(read(variable.Address, (int)Math.Min(type.Size, MaxBytes)) is { } characters ? Quote(characters) : "?");
                return;
            case FirmwareTypeKind.Array when depth < MaxDepth && type.Element is { } element:
                Elements(text, variable, element, read, depth);
                return;
        }

        if (variable.Size is 0 or > 64 || read(variable.Address, variable.Size) is not { } bytes)
        {
            text.Append('?');
            return;
        }

        long number = NumberOf(variable, bytes);
        text.Append(type.Kind switch
        {
            FirmwareTypeKind.Boolean => number != 0 ? "true" : "false",
            FirmwareTypeKind.Signed => number.ToString(CultureInfo.InvariantCulture),
            FirmwareTypeKind.Unsigned => ((ulong)number).ToString(CultureInfo.InvariantCulture),
            FirmwareTypeKind.Character => number is >= 0x20 and < 0x7f ? $"'{(char)number}'" : number.ToString(CultureInfo.InvariantCulture),
            FirmwareTypeKind.Real => RealOf(variable, bytes).ToString("R", CultureInfo.InvariantCulture),
            FirmwareTypeKind.Enumeration => type.NameOf(number) ?? number.ToString(CultureInfo.InvariantCulture),
            FirmwareTypeKind.Pointer => $"0x{(ulong)number:x8}",
            _ => Convert.ToHexStringLower(bytes),
        });
    }

    private static void Members(StringBuilder text, VariableReference variable, Func<ulong, int, byte[]?> read, int depth)
    {
        text.Append('{');
        string comma = "";
        foreach (FirmwareMember member in variable.Type.Members)
        {
            text.Append(comma);
            comma = ", ";
            if (text.Length > MaxText)
            {
                text.Append("...");
                break;
            }

            if (member.Name.Length > 0)
                text.Append(member.Name).Append(" = ");
            Append(text, new VariableReference(member.Name, variable.Address + member.Offset, member.Type, member.BitOffset, member.BitSize), read, depth + 1);
        }

        text.Append('}');
    }

    private static void Elements(StringBuilder text, VariableReference variable, FirmwareType element, Func<ulong, int, byte[]?> read, int depth)
    {
        text.Append('{');
        for (ulong i = 0; i < variable.Type.Count; i++)
        {
            if (i > 0)
                text.Append(", ");
            if (i >= MaxElements || text.Length > MaxText)
            {
                text.Append("...");
                break;
            }

            Append(text, new VariableReference("", variable.Address + (i * element.Size), element), read, depth + 1);
        }

        text.Append('}');
    }

    private static string Quote(ReadOnlySpan<byte> characters)
    {
        int end = characters.IndexOf((byte)0);
        var text = new StringBuilder("\"");
        foreach (byte c in end < 0 ? characters : characters[..end])
            text.Append(c is >= 0x20 and < 0x7f and not ((byte)'"' or (byte)'\\') ? ((char)c).ToString() : $"\\x{c:x2}");
        return text.Append('"').ToString();
    }
}

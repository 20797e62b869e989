using System.Globalization;

namespace Emulation.Cpu.Decode;

/// <summary>A named field of a pattern.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shift">Number of its least significant bit.</param>
/// <param name="Width">Its width in bits.</param>
public readonly record struct EncodingField(string Name, int Shift, int Width);

/// <summary>Words that a pattern does not match although its fixed bits do.</summary>
/// <param name="Mask">Bits compared.</param>
/// <param name="Value">What they must not be.</param>
public readonly record struct EncodingExclusion(uint Mask, uint Value);

/// <summary>
/// The bits of an encoding. Text: blank-separated tokens, most significant bit first: runs of <c>0</c>, <c>1</c> and
/// <c>.</c> (don't care); field names, with <c>:width</c> unless the schema knows the field, and with <c>!=a,b</c> for
/// values that do not belong to the instruction: <c>"011 imm:1 rd!=0,2 imm:5 01"</c>.
/// </summary>
public sealed class EncodingPattern
{
    private readonly EncodingField[] _fields;
    private readonly EncodingExclusion[] _exclusions;

    private EncodingPattern(uint mask, uint value, EncodingField[] fields, EncodingExclusion[] exclusions)
        => (Mask, Value, _fields, _exclusions) = (mask, value, fields, exclusions);

    /// <summary>The fixed bits.</summary>
    public uint Mask { get; }

    /// <summary>What the fixed bits are.</summary>
    public uint Value { get; }

    /// <summary>The fields, most significant first.</summary>
    public ReadOnlySpan<EncodingField> Fields => _fields;

    /// <summary>Words excluded.</summary>
    public ReadOnlySpan<EncodingExclusion> Exclusions => _exclusions;

    /// <summary>Whether a word is of this pattern.</summary>
    /// <param name="word">An instruction word.</param>
    public bool Matches(uint word)
    {
        if ((word & Mask) != Value)
            return false;
        foreach (EncodingExclusion exclusion in _exclusions)
        {
            if ((word & exclusion.Mask) == exclusion.Value)
                return false;
        }

        return true;
    }

    /// <summary>Whether some word is of both patterns.</summary>
    /// <param name="other">Another pattern of the same length.</param>
    public bool Overlaps(EncodingPattern other)
    {
        if ((Mask & other.Mask & (Value ^ other.Value)) != 0)
            return false;
        uint mask = Mask | other.Mask, value = Value | other.Value;
        return !Excluded(_exclusions, mask, value) && !Excluded(other._exclusions, mask, value);
    }

    /// <summary>Whether this pattern fixes all that the other fixes, and more.</summary>
    /// <param name="other">Another pattern of the same length.</param>
    public bool Refines(EncodingPattern other) => (Mask & other.Mask) == other.Mask && Mask != other.Mask;

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">See the type.</param>
    /// <param name="schema">Knows fields and word length.</param>
    /// <exception cref="FormatException">The text is not a pattern or has the wrong length.</exception>
    public static EncodingPattern Parse(string text, EncodingSchema schema)
    {
        uint mask = 0, value = 0;
        int position = schema.WordBits;
        var fields = new List<EncodingField>();
        var exclusions = new List<EncodingExclusion>();
        foreach (string token in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (char.IsAsciiLetter(token[0]))
                AddField(token);
            else
                AddBits(token);
        }

        if (position != 0)
            throw new FormatException($"pattern '{text}' is not {schema.WordBits} bits long");
        return new EncodingPattern(mask, value, [.. fields], [.. exclusions]);

        void AddBits(string token)
        {
            foreach (char c in token)
            {
                position--;
                if (position < 0 || c is not ('0' or '1' or '.'))
                    throw new FormatException($"'{token}' does not fit in pattern '{text}'");
                if (c == '.')
                    continue;
                mask |= 1u << position;
                if (c == '1')
                    value |= 1u << position;
            }
        }

        void AddField(string token)
        {
            int bang = token.IndexOf('!', StringComparison.Ordinal);
            string spec = bang < 0 ? token : token[..bang];
            int colon = spec.IndexOf(':', StringComparison.Ordinal);
            string name = colon < 0 ? spec : spec[..colon];
            int width = colon < 0 ? schema.FieldWidth(name) : int.Parse(spec.AsSpan(colon + 1), CultureInfo.InvariantCulture);
            position -= width;
            if (width <= 0 || position < 0)
                throw new FormatException($"field '{token}' is unknown or does not fit in pattern '{text}'");
            fields.Add(new EncodingField(name, position, width));
            if (bang < 0)
                return;
            uint fieldMask = ((1u << width) - 1) << position;
            foreach (string number in token[(bang + 2)..].Split(','))
                exclusions.Add(new EncodingExclusion(fieldMask, uint.Parse(number, CultureInfo.InvariantCulture) << position));
        }
    }

    private static bool Excluded(EncodingExclusion[] exclusions, uint mask, uint value)
    {
        foreach (EncodingExclusion exclusion in exclusions)
        {
            if ((exclusion.Mask & ~mask) == 0 && (value & exclusion.Mask) == exclusion.Value)
                return true;
        }

        return false;
    }
}

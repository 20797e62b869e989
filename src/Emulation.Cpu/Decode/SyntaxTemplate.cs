using System.Text;

namespace Emulation.Cpu.Decode;

/// <summary>Assembly text with operands in braces: <c>"mul {rd}, {rs1}, {rs2}"</c>. What an operand looks like is the schema's business.</summary>
public sealed class SyntaxTemplate
{
    private readonly string[] _parts;                    // literal, operand, literal, operand, ..., literal

    private SyntaxTemplate(string text, string[] parts)
    {
        Text = text;
        _parts = parts;
        string head = parts[0];
        int blank = head.IndexOf(' ', StringComparison.Ordinal);
        Mnemonic = blank < 0 ? head : head[..blank];
    }

    /// <summary>The template.</summary>
    public string Text { get; }

    /// <summary>The first word.</summary>
    public string Mnemonic { get; }

    /// <summary>Names of the operands, from left to right.</summary>
    public IEnumerable<string> Operands
    {
        get
        {
            for (int i = 1; i < _parts.Length; i += 2)
                yield return _parts[i];
        }
    }

    /// <summary>Reads a template.</summary>
    /// <param name="text">See the type.</param>
    public static SyntaxTemplate Parse(string text) => new(text, text.Split('{', '}'));

    /// <summary>Appends the text of an instruction.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="schema">Formats the operands.</param>
    /// <param name="word">The instruction word.</param>
    /// <param name="pc">Its address.</param>
    /// <param name="features">What the CPU has.</param>
    public void Format(StringBuilder text, EncodingSchema schema, uint word, ulong pc, in FeatureSet features)
    {
        for (int i = 0; i < _parts.Length; i++)
        {
            if ((i & 1) == 0)
                text.Append(_parts[i]);
            else if (!schema.TryFormat(text, _parts[i], word, pc, features))
                throw new FormatException($"unknown operand '{_parts[i]}' in '{Text}'");
        }
    }
}

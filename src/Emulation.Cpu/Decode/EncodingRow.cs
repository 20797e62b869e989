using System.Numerics;

namespace Emulation.Cpu.Decode;

/// <summary>One encoding: bits, text, features, emitter.</summary>
public sealed class EncodingRow
{
    internal EncodingRow(string extension, EncodingPattern pattern, FeatureRequirement requirement, SyntaxTemplate? syntax, string method, nint emitter)
    {
        Extension = extension;
        Pattern = pattern;
        Requirement = requirement;
        Syntax = syntax;
        Method = method;
        Emitter = emitter;
        FixedBits = BitOperations.PopCount(pattern.Mask);
    }

    /// <summary>Name of the group it belongs to.</summary>
    public string Extension { get; }

    /// <summary>Its bits.</summary>
    public EncodingPattern Pattern { get; }

    /// <summary>Features it needs.</summary>
    public FeatureRequirement Requirement { get; }

    /// <summary>Its text; null for reserved encodings.</summary>
    public SyntaxTemplate? Syntax { get; }

    /// <summary>First word of its text; empty for reserved encodings.</summary>
    public string Mnemonic => Syntax?.Mnemonic ?? "";

    /// <summary>Whether words of this pattern are illegal.</summary>
    public bool IsReserved => Syntax is null;

    /// <summary>Name of the emitter method.</summary>
    public string Method { get; }

    /// <summary>Managed pointer to the emitter method; 0 for reserved encodings.</summary>
    public nint Emitter { get; }

    /// <summary>Number of fixed bits: the more, the earlier it is tried.</summary>
    public int FixedBits { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Extension}.{Method}: {Syntax?.Text ?? "(reserved)"}";
}

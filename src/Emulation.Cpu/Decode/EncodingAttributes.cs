namespace Emulation.Cpu.Decode;

/// <summary>Marks a static class of emitter methods as one extension or chapter of an instruction set.</summary>
/// <param name="name">Name in listings.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ExtensionAttribute(string name) : Attribute
{
    /// <summary>Name in listings.</summary>
    public string Name { get; } = name;

    /// <summary>Features that all its encodings need; the feature of the same name when null. See <see cref="FeatureRequirement"/>.</summary>
    public string? Requires { get; init; }
}

/// <summary>One encoding of the instruction whose emitter it stands on. Several encodings are several attributes.</summary>
/// <param name="pattern">See <see cref="EncodingPattern"/>.</param>
/// <param name="syntax">See <see cref="SyntaxTemplate"/>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EncodingAttribute(string pattern, string syntax) : Attribute
{
    /// <summary>Bits and fields, most significant first.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>Assembly text with operands in braces.</summary>
    public string Syntax { get; } = syntax;

    /// <summary>Features needed besides those of the group.</summary>
    public string? Requires { get; init; }
}

/// <summary>Encodings that look like an instruction of the group but are reserved: illegal unless a more exact encoding matches.</summary>
/// <param name="pattern">See <see cref="EncodingPattern"/>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class ReservedAttribute(string pattern) : Attribute
{
    /// <summary>Bits and fields, most significant first.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>Features besides those of the group with which it is reserved.</summary>
    public string? Requires { get; init; }
}

namespace Emulation.Debugging;

/// <summary>What a type of the firmware's language is.</summary>
public enum FirmwareTypeKind
{
    /// <summary>Bytes that the debug information says no more about.</summary>
    Unknown,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A number with a sign.</summary>
    Signed,

    /// <summary>A number without one.</summary>
    Unsigned,

    /// <summary>A character of text.</summary>
    Character,

    /// <summary>A binary floating-point number.</summary>
    Real,

    /// <summary>One of named numbers.</summary>
    Enumeration,

    /// <summary>An address, of a thing or of a function.</summary>
    Pointer,

    /// <summary>Members one after the other: a structure or class.</summary>
    Structure,

    /// <summary>Members at one place.</summary>
    Union,

    /// <summary>Elements of one type.</summary>
    Array,
}

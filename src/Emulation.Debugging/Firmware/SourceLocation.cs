namespace Emulation.Debugging;

/// <summary>Where in the source an address is.</summary>
/// <param name="Address">The address.</param>
/// <param name="Function">Name of the function; null where not known.</param>
/// <param name="Offset">Bytes from the function's start.</param>
/// <param name="File">The source file as the compiler named it; null where not known.</param>
/// <param name="Line">Line, from 1; 0 where not known.</param>
public sealed record SourceLocation(ulong Address, string? Function, ulong Offset, string? File, int Line)
{
    /// <summary>The innermost function that was inlined there; null for none.</summary>
    public string? InlinedFunction { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        string text = $"0x{Address:x8}";
        if (Function is not null)
            text += Offset == 0 ? $" {Function}" : $" {Function}+0x{Offset:x}";
        if (InlinedFunction is not null)
            text += $", inlined {InlinedFunction}";
        return File is null ? text : $"{text} ({File}:{Line})";
    }
}

namespace Emulation.Debugging;

/// <summary>What a symbol names.</summary>
public enum SymbolKind
{
    /// <summary>A label.</summary>
    Label,

    /// <summary>A function.</summary>
    Function,

    /// <summary>A variable.</summary>
    Variable,
}

/// <summary>A name of the firmware.</summary>
/// <param name="Name">The name as the linker knows it.</param>
/// <param name="Address">Virtual address; of a Thumb function without bit 0.</param>
/// <param name="Size">Bytes; 0 where not known.</param>
/// <param name="Kind">What it names.</param>
/// <param name="IsGlobal">Whether other files can see it.</param>
public sealed record Symbol(string Name, ulong Address, ulong Size, SymbolKind Kind, bool IsGlobal)
{
    /// <summary>Whether <paramref name="address"/> lies in it.</summary>
    /// <param name="address">A virtual address.</param>
    public bool Contains(ulong address) => address - Address < Math.Max(1, Size);
}

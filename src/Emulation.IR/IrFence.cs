namespace Emulation.IR;

/// <summary>Which accesses a fence keeps in order.</summary>
public enum IrFence : byte
{
    /// <summary>All before it with all after it.</summary>
    Full,

    /// <summary>Loads before it with all after it.</summary>
    Acquire,

    /// <summary>All before it with stores after it.</summary>
    Release,
}

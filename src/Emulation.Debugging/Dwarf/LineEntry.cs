namespace Emulation.Debugging;

/// <summary>A run of addresses that come from one source line.</summary>
/// <param name="Address">First virtual address.</param>
/// <param name="End">The address behind the last.</param>
/// <param name="File">The source file as the compiler named it.</param>
/// <param name="Line">Line, from 1; 0 for code that belongs to none.</param>
/// <param name="IsStatement">Whether the compiler recommends it for a breakpoint: a statement begins there.</param>
public sealed record LineEntry(ulong Address, ulong End, string File, int Line, bool IsStatement);

namespace Emulation.Debugging;

/// <summary>A function whose code the compiler put into another one.</summary>
/// <param name="Function">Its name.</param>
/// <param name="Entry">Address of its first instruction there.</param>
/// <param name="Depth">1 for one that is in a function, 2 for one that is in such a one.</param>
/// <param name="CallFile">The file of the call, as the compiler named it; null where not known.</param>
/// <param name="CallLine">Its line, from 1; 0 where not known.</param>
/// <param name="File">The file that the function itself is in; null where not known.</param>
/// <param name="Line">The line where it begins; 0 where not known.</param>
public sealed record InlinedCall(string Function, ulong Entry, int Depth, string? CallFile, int CallLine, string? File, int Line);

namespace Emulation.Boards.Loading;

/// <summary>The largest part of main memory in which nothing was loaded, for programs that ask for a heap.</summary>
/// <param name="Start">Physical address.</param>
/// <param name="End">The address behind it.</param>
internal sealed record FreeMemory(ulong Start, ulong End)
{
    public ulong Size => End - Start;
}

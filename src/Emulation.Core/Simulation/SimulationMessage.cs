namespace Emulation.Core;

/// <summary>Something on its way between two machines.</summary>
/// <param name="Time">Virtual time of its arrival in nanoseconds.</param>
/// <param name="Link">Index of the link.</param>
/// <param name="End">The end it arrives at.</param>
/// <param name="Content">What the link made of it.</param>
internal readonly record struct SimulationMessage(long Time, int Link, int End, ReadOnlyMemory<byte> Content);

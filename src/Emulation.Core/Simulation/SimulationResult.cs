namespace Emulation.Core;

/// <summary>How a run of a <see cref="Simulation"/> ended.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Machine">The machine that ended it; null where a limit of the whole simulation did.</param>
/// <param name="Result">How that machine's own run ended.</param>
/// <param name="Instructions">Instructions that all machines executed.</param>
/// <param name="Elapsed">Virtual nanoseconds that passed for every machine.</param>
public readonly record struct SimulationResult(StopReason Reason, Machine? Machine, RunResult? Result, ulong Instructions, long Elapsed);

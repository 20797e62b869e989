namespace Emulation.Devices;

/// <summary>What became of a semihosting call.</summary>
public enum SemihostingResult
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>It waits for input: the CPU makes it again when <see cref="Semihosting.InputReady"/> names it.</summary>
    Waits,
}

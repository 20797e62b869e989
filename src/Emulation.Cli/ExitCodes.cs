namespace Emulation.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCodes
{
    /// <summary>Done: the guest powered off, the text appeared, the user left.</summary>
    public const int Success = 0;

    /// <summary>The guest finished and said that it failed, or the command itself failed.</summary>
    public const int Failure = 1;

    /// <summary>Wrong usage, or a file that cannot be used.</summary>
    public const int Usage = 2;

    /// <summary>The time given with --timeout is over.</summary>
    public const int Timeout = 3;

    /// <summary>The guest cannot go on: a fault that nothing in it handles.</summary>
    public const int GuestFault = 4;

    /// <summary>A signal ended the command: 128 and the number of SIGINT.</summary>
    public const int Interrupted = 130;
}

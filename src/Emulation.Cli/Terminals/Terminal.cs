namespace Emulation.Cli.Terminals;

/// <summary>Finds the terminal of this process.</summary>
internal static class Terminal
{
    /// <summary>The terminal of standard input; null where nobody knows how to use it.</summary>
    public static ITerminal? Create()
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            return UnixTerminal.Open();
        return OperatingSystem.IsWindows() ? new WindowsTerminal() : null;
    }
}

using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Emulation.Cli.Terminals;

/// <summary>A terminal on Linux and macOS, through termios(3) of the C library.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
internal sealed partial class UnixTerminal : ITerminal
{
    private const int StandardInput = 0;
    private const int AfterDrain = 1;                     // TCSADRAIN

    // The structure is 60 bytes on Linux and 72 on macOS; only the C library looks inside, but for one flag.
    private const int StructureSize = 256;
    private const byte ProcessOutput = 1;                 // OPOST, the lowest bit of c_oflag, which is the second word

    private readonly Lock _lock = new();
    private readonly byte[] _original;
    private bool _raw;

    private UnixTerminal(byte[] original) => _original = original;

    /// <summary>The terminal of standard input; null when that is none.</summary>
    public static UnixTerminal? Open()
    {
        byte[] settings = new byte[StructureSize];
        return GetAttributes(StandardInput, settings) == 0 ? new UnixTerminal(settings) : null;
    }

    public void EnterRawMode()
    {
        lock (_lock)
        {
            byte[] settings = [.. _original];
            MakeRaw(settings);

            // a line feed of our own messages still returns the carriage
            settings[OperatingSystem.IsMacOS() ? 8 : 4] |= ProcessOutput;
            _raw = SetAttributes(StandardInput, AfterDrain, settings) == 0;
        }
    }

    public void Restore()
    {
        lock (_lock)
        {
            if (_raw)
                _ = SetAttributes(StandardInput, AfterDrain, _original);
            _raw = false;
        }
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static partial int GetAttributes(int descriptor, [Out] byte[] settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int SetAttributes(int descriptor, int action, byte[] settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw([In, Out] byte[] settings);
}

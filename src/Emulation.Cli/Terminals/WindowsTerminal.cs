using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Emulation.Cli.Terminals;

/// <summary>The console of Windows, in the mode where it understands and sends terminal sequences.</summary>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsTerminal : ITerminal
{
    private const int StandardInput = -10;
    private const int StandardOutput = -11;
    private const uint ProcessedInput = 0x1;
    private const uint LineInput = 0x2;
    private const uint EchoInput = 0x4;
    private const uint VirtualTerminalInput = 0x200;
    private const uint VirtualTerminalOutput = 0x4;
    private readonly Lock _lock = new();
    private uint _input;
    private uint _output;
    private bool _raw;

    public void EnterRawMode()
    {
        lock (_lock)
        {
            nint input = GetHandle(StandardInput), output = GetHandle(StandardOutput);
            if (_raw || !GetMode(input, out _input))
                return;
            _raw = SetMode(input, (_input & ~(ProcessedInput | LineInput | EchoInput)) | VirtualTerminalInput);
            if (GetMode(output, out _output))
                SetMode(output, _output | VirtualTerminalOutput);
        }
    }

    public void Restore()
    {
        lock (_lock)
        {
            if (!_raw)
                return;
            SetMode(GetHandle(StandardInput), _input);
            if (_output != 0)
                SetMode(GetHandle(StandardOutput), _output);
            _raw = false;
        }
    }

    [LibraryImport("kernel32.dll", EntryPoint = "GetStdHandle")]
    private static partial nint GetHandle(int handle);

    [LibraryImport("kernel32.dll", EntryPoint = "GetConsoleMode")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetMode(nint handle, out uint mode);

    [LibraryImport("kernel32.dll", EntryPoint = "SetConsoleMode")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetMode(nint handle, uint mode);
}

using Emulation.Core;

namespace Emulation.Devices;

/// <summary>What semihosting gives to programs of the guest.</summary>
public sealed class SemihostingOptions
{
    /// <summary>The host's end of the console (<c>:tt</c>); null for one of its own. A port of a serial device may be shared: what the device does not take, programs read.</summary>
    public SerialPort? Console { get; set; }

    /// <summary>Where <c>stderr</c> goes; null for the console.</summary>
    public SerialPort? ErrorConsole { get; set; }

    /// <summary>What SYS_GET_CMDLINE gives: the program's name and arguments, with spaces between them.</summary>
    public string CommandLine { get; set; } = "";

    /// <summary>A folder of the host whose files the guest may use, and no others; it should hold plain files only, for a pipe would make the machine wait. Null: files are in the machine's memory and part of its state.</summary>
    public string? Directory { get; set; }

    /// <summary>Whether files of <see cref="Directory"/> cannot be written, created, renamed or removed.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>Files in memory that there are at reset, by name.</summary>
    public IDictionary<string, byte[]> Files { get; } = new Dictionary<string, byte[]>(StringComparer.Ordinal);

    /// <summary>Most bytes that all files in memory have together.</summary>
    public long MemoryLimit { get; set; } = 16 << 20;

    /// <summary>Whether unprivileged software may call, too.</summary>
    public bool UserMode { get; set; }

    /// <summary>What SYS_TIME counts from. Null: 2025-01-01 00:00 UTC in deterministic mode, and the host's time in real time.</summary>
    public DateTimeOffset? Epoch { get; set; }
}

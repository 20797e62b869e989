using Emulation.Core;
using Emulation.Cpu;
using Emulation.Debugging;

namespace Emulation.Testing;

/// <summary>What a virtual board runs, and how.</summary>
public sealed class FirmwareOptions
{
    private readonly List<FirmwareImage> _images = [];
    private readonly List<Action<MachineBuilder>> _changes = [];

    /// <summary>How code is executed. Tier 0 starts at once; the JIT is faster where a test executes hundreds of millions of instructions.</summary>
    public EngineKind Engine { get; set; } = EngineKind.Tier0;

    /// <summary>What an access to an address that no device models does.</summary>
    public UnmodelledAccess Unmodelled { get; set; } = UnmodelledAccess.Throw;

    /// <summary>How long waits wait where they are not told: virtual time.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many of the last accesses to devices are remembered for failures; 0 for none.</summary>
    public int MmioLogSize { get; set; } = 24;

    /// <summary>How many of the last transfers on buses and lines of serial ports are remembered for failures; 0 for none.</summary>
    public int TranscriptSize { get; set; } = 32;

    /// <summary>How many of the last instructions are remembered for failures; 0 for none. Each instruction then costs a call.</summary>
    public int InstructionTraceSize { get; set; }

    /// <summary>Whether coverage is recorded from power-on. Each instruction then costs a call.</summary>
    public bool RecordCoverage { get; set; }

    /// <summary>Names for registers that no device models; null for none.</summary>
    public SvdDevice? Svd { get; set; }

    /// <summary>The firmware. The first one's symbols and debug information are used.</summary>
    public IReadOnlyList<FirmwareImage> Images => _images;

    internal IReadOnlyList<Action<MachineBuilder>> Changes => _changes;

    /// <summary>Loads an ELF file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FirmwareFormatException">It cannot be used; the message says why and what to do.</exception>
    public FirmwareOptions Elf(string path) => Image(FirmwareImage.LoadElf(path));

    /// <summary>Loads an ELF file from memory.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="name">Shown in messages.</param>
    /// <exception cref="FirmwareFormatException">It cannot be used.</exception>
    public FirmwareOptions Elf(ReadOnlyMemory<byte> bytes, string name = "firmware") => Image(FirmwareImage.FromElf(bytes, name));

    /// <summary>Loads the bytes of a file as they are.</summary>
    /// <param name="path">The file.</param>
    /// <param name="address">Physical address of the first byte.</param>
    /// <exception cref="FirmwareFormatException">It cannot be read.</exception>
    public FirmwareOptions Bin(string path, ulong address) => Image(FirmwareImage.LoadBinary(path, address));

    /// <summary>Loads bytes as they are.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="address">Physical address of the first one.</param>
    public FirmwareOptions Bin(ReadOnlyMemory<byte> bytes, ulong address) => Image(FirmwareImage.FromBinary(bytes, address));

    /// <summary>Loads an Intel HEX file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FirmwareFormatException">It cannot be used; the message has the line.</exception>
    public FirmwareOptions Hex(string path) => Image(FirmwareImage.LoadHex(path));

    /// <summary>Loads firmware that was read before. One object may serve any number of boards: its symbols are then read once.</summary>
    /// <param name="image">The firmware.</param>
    public FirmwareOptions Image(FirmwareImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        _images.Add(image);
        return this;
    }

    /// <summary>Records coverage from power-on.</summary>
    public FirmwareOptions Coverage()
    {
        RecordCoverage = true;
        return this;
    }

    /// <summary>Changes the machine beyond the board: adds devices, loggers, files.</summary>
    /// <param name="change">Gets the builder after the board.</param>
    public FirmwareOptions Configure(Action<MachineBuilder> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        _changes.Add(change);
        return this;
    }
}

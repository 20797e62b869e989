namespace Emulation.Debugging;

/// <summary>A firmware file: what is loaded, and what its symbols and debug information say. Immutable; any number of machines and threads may share one.</summary>
/// <remarks>Symbols and debug information are read when they are first asked for.</remarks>
public sealed class FirmwareImage
{
    private const long MaxBytes = 512L << 20;
    private readonly Lazy<SymbolTable> _symbols;
    private readonly Lazy<LineTable> _lines;
    private readonly Lazy<CallFrameTable> _frames;
    private readonly Lazy<InlineTable> _inlined;
    private readonly Lazy<VariableTable> _variables;
    private readonly Lazy<List<(ulong Address, bool IsData)>> _mapping;
    private readonly Lazy<ulong[]> _branches;

    internal FirmwareImage(string name, FirmwareArchitecture architecture, ulong? entry, IReadOnlyList<FirmwareSegment> segments, ElfContent? elf)
    {
        Name = name;
        Architecture = architecture;
        Entry = entry;
        Segments = segments;
        _symbols = new(() => elf is null ? SymbolTable.Empty : elf.ReadSymbols());
        _lines = new(() => elf is null ? LineTable.Empty : LineTable.Read(elf));
        var info = new Lazy<DwarfInfo?>(() => elf is null ? null : DwarfInfo.Read(elf));
        _inlined = new(() => ReadInlined(info, () => Lines));
        _variables = new(() => info.Value is { } entries ? VariableTable.Read(entries, Symbols) : VariableTable.Empty);
        _mapping = new(() => elf is null ? [] : elf.ReadMapping());
        _branches = new(() => [.. Lines.Entries.SelectMany(run => BranchScanner.Find(this, run)).Distinct()]);
        _frames = new(() => elf is null ? CallFrameTable.Empty : CallFrameTable.Read(elf));
    }

    /// <summary>The file's path, or the name that was given for bytes.</summary>
    public string Name { get; }

    /// <summary>What it was built for.</summary>
    public FirmwareArchitecture Architecture { get; }

    /// <summary>Address of the first instruction; null where the file does not say. Of Thumb code bit 0 is set.</summary>
    public ulong? Entry { get; }

    /// <summary>What is loaded.</summary>
    public IReadOnlyList<FirmwareSegment> Segments { get; }

    /// <summary>Names of functions and variables; empty for files that have none.</summary>
    /// <exception cref="FirmwareFormatException">They are damaged.</exception>
    public SymbolTable Symbols => _symbols.Value;

    /// <summary>Source lines of addresses; empty for files that have none.</summary>
    /// <exception cref="FirmwareFormatException">They are damaged.</exception>
    public LineTable Lines => _lines.Value;

    /// <summary>How to unwind the stack; empty for files that do not say.</summary>
    /// <exception cref="FirmwareFormatException">The section is damaged.</exception>
    public CallFrameTable Frames => _frames.Value;

    /// <summary>Functions that the compiler put into others; empty for files that do not say, or whose debug information is damaged.</summary>
    public InlineTable Inlined => _inlined.Value;

    /// <summary>Variables with their types; empty for files that have no debug information.</summary>
    /// <exception cref="FirmwareFormatException">It is damaged.</exception>
    public VariableTable Variables => _variables.Value;

    /// <summary>Reads an ELF file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FirmwareFormatException">It cannot be used; the message says why and what to do.</exception>
    public static FirmwareImage LoadElf(string path) => FromElf(ReadFile(path), path);

    /// <summary>Reads an ELF file from memory.</summary>
    /// <param name="bytes">Its bytes; they must not change afterwards.</param>
    /// <param name="name">Shown in messages.</param>
    /// <exception cref="FirmwareFormatException">It cannot be used.</exception>
    public static FirmwareImage FromElf(ReadOnlyMemory<byte> bytes, string name = "firmware")
    {
        ElfContent elf = ElfContent.Read(bytes, name);
        return new FirmwareImage(name, elf.Architecture, elf.Entry, elf.Segments, elf);
    }

    /// <summary>Takes bytes as they are.</summary>
    /// <param name="bytes">The bytes; they must not change afterwards.</param>
    /// <param name="address">Physical address of the first one.</param>
    /// <param name="name">Shown in messages.</param>
    /// <exception cref="FirmwareFormatException">There are none.</exception>
    public static FirmwareImage FromBinary(ReadOnlyMemory<byte> bytes, ulong address, string name = "firmware")
    {
        if (bytes.IsEmpty)
            throw new FirmwareFormatException(name, "is empty", "check how it was made");
        return new FirmwareImage(name, FirmwareArchitecture.Unknown, null, [new FirmwareSegment(address, address, bytes, (ulong)bytes.Length)], null);
    }

    /// <summary>Reads a file of bytes as they are.</summary>
    /// <param name="path">The file.</param>
    /// <param name="address">Physical address of the first byte.</param>
    /// <exception cref="FirmwareFormatException">It cannot be read.</exception>
    public static FirmwareImage LoadBinary(string path, ulong address) => FromBinary(ReadFile(path), address, path);

    /// <summary>Reads an Intel HEX file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FirmwareFormatException">It cannot be used; the message has the line.</exception>
    public static FirmwareImage LoadHex(string path) => FromHex(System.Text.Encoding.Latin1.GetString(ReadFile(path)), path);

    /// <summary>Reads Intel HEX text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">Shown in messages.</param>
    /// <exception cref="FirmwareFormatException">It cannot be used; the message has the line.</exception>
    public static FirmwareImage FromHex(string text, string name = "firmware")
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            (IReadOnlyList<(ulong Address, byte[] Data)> runs, ulong? entry) = IntelHex.Read(text);
            return new FirmwareImage(name, FirmwareArchitecture.Unknown, entry, [.. runs.Select(static r => new FirmwareSegment(r.Address, r.Address, r.Data, (ulong)r.Data.Length))], null);
        }
        catch (FormatException e)
        {
            throw new FirmwareFormatException(name, e.Message, "make it again", e);
        }
    }

    /// <summary>The function, file and line of an address, as far as they are known.</summary>
    /// <param name="address">A virtual address.</param>
    public SourceLocation Locate(ulong address)
    {
        Symbol? function = Symbols.FunctionAt(address);
        LineEntry? line = Lines.Find(address);
        return new SourceLocation(address, function?.Name, function is null ? 0 : address - function.Address, line?.File, line?.Line ?? 0)
        {
            InlinedFunction = Inlined.At(address) is [var innermost, ..] ? innermost.Function : null,
        };
    }

    /// <summary>The functions that an address belongs to, the innermost first: inlined ones with the lines where they are, and the one that contains them.</summary>
    /// <param name="address">A virtual address.</param>
    public IReadOnlyList<SourceLocation> LocateInlined(ulong address)
    {
        SourceLocation place = Locate(address);
        var places = new List<SourceLocation>();
        foreach (InlinedCall call in Inlined.At(address))
        {
            places.Add(place with { Function = call.Function, Offset = 0, InlinedFunction = null });
            place = place with { File = call.CallFile, Line = call.CallLine };
        }

        places.Add(place with { InlinedFunction = null });
        return places;
    }

    /// <summary>The conditional branches of the code that has source lines.</summary>
    internal IReadOnlyList<ulong> Branches => _branches.Value;

    /// <summary>Whether data lies at an address among code, such as a literal pool.</summary>
    internal bool IsData(ulong address)
    {
        List<(ulong Address, bool IsData)> mapping = _mapping.Value;
        int low = 0, high = mapping.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (mapping[middle].Address <= address)
                low = middle + 1;
            else
                high = middle;
        }

        return low > 0 && mapping[low - 1].IsData;
    }

    private static InlineTable ReadInlined(Lazy<DwarfInfo?> info, Func<LineTable> lines)
    {
        try
        {
            return info.Value is { } entries ? InlineTable.Read(entries, lines()) : InlineTable.Empty;
        }
        catch (FirmwareFormatException)
        {
            return InlineTable.Empty;                         // a failure is to be reported as well as it goes
        }
    }

    internal static byte[] ReadFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new FirmwareFormatException(path, "is a directory", "name a file");
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (stream.Length > MaxBytes)
                throw new FirmwareFormatException(path, $"has {stream.Length} bytes", $"files of more than {MaxBytes >> 20} MiB are not read");
            if (stream.Length == 0)
                throw new FirmwareFormatException(path, "is empty", "check how it was made");
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FirmwareFormatException(path, $"does not exist (looked in '{Environment.CurrentDirectory}')", "build the firmware first, and copy it to the output of the test project", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new FirmwareFormatException(path, $"cannot be read ({e.Message})", "check the path and its permissions", e);
        }
    }
}

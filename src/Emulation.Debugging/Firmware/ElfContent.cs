using LibObjectFile.Diagnostics;
using LibObjectFile.Elf;

namespace Emulation.Debugging;

/// <summary>An ELF file: what is loaded, its sections and symbols. Parsed by LibObjectFile; every place in the file is checked here before it is used.</summary>
internal sealed class ElfContent
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ElfFile _elf;

    private ElfContent(ReadOnlyMemory<byte> bytes, ElfFile elf, string name)
    {
        _bytes = bytes;
        _elf = elf;
        Name = name;
    }

    public string Name { get; }

    public FirmwareArchitecture Architecture { get; private set; }

    public ulong Entry => _elf.EntryPointAddress;

    public bool Is64Bit => _elf.FileClass == ElfFileClass.Is64;

    public bool IsBigEndian => _elf.Encoding == ElfEncoding.Msb;

    public IReadOnlyList<FirmwareSegment> Segments { get; private set; } = [];

    public static ElfContent Read(ReadOnlyMemory<byte> bytes, string name)
    {
        ReadOnlySpan<byte> head = bytes.Span;
        if (head.Length < 4 || !head.StartsWith("\x7f"u8) || !head[1..].StartsWith("ELF"u8))
            throw new FirmwareFormatException(name, "is no ELF file", "give the linker's output, or load it with Bin(path, address) or Hex(path)");
        if (head.Length < 20)
            throw Truncated(name, "its header");
        new ElfGuard(head, name).Check();
        ElfFile elf = Parse(bytes, name);
        var content = new ElfContent(bytes, elf, name) { Architecture = ArchitectureOf(elf) };
        if (elf.FileType is not (ElfFileType.Executable or ElfFileType.Dynamic))
            throw new FirmwareFormatException(name, elf.FileType == ElfFileType.Relocatable ? "is an object file that was not linked" : $"is an ELF file of type {elf.FileType}", "give a linked executable");
        content.Segments = content.ReadSegments();
        return content;
    }

    /// <summary>The bytes of a section; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Section(string name) => Section(name, out _);

    /// <summary>The bytes of a section and its virtual address; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Section(string name, out ulong address)
    {
        address = 0;
        foreach (ElfSection section in _elf.Sections)
        {
            if (section.Name.Value != name || section.Type == ElfSectionType.NoBits)
                continue;
            address = section.VirtualAddress;
            if (((uint)section.Flags & (uint)ElfSectionFlags.Compressed) != 0)
                throw new FirmwareFormatException(Name, $"has a compressed section {name}", "link without -gz");
            return Slice(section.Position, section.Size, $"its section {name}");
        }

        return default;
    }

    /// <summary>The names. Mapping symbols ($t, $d ...) are left out.</summary>
    public SymbolTable ReadSymbols()
    {
        var symbols = new List<Symbol>();
        foreach (ElfSymbolTable table in _elf.Sections.OfType<ElfSymbolTable>())
        {
            foreach (ElfSymbol entry in table.Entries)
            {
                string name = entry.Name.Value ?? "";
                if (name.Length == 0 || name[0] == '$' || KindOf(entry.Type) is not { } kind || entry.SectionLink.IsEmpty)
                    continue;
                bool thumb = Architecture == FirmwareArchitecture.Arm && kind == SymbolKind.Function;
                symbols.Add(new Symbol(name, thumb ? entry.Value & ~1UL : entry.Value, entry.Size, kind, entry.Bind != ElfSymbolBind.Local));
            }
        }

        return new SymbolTable(symbols);
    }

    /// <summary>Where data begins (true) and ends (false) among code, by address: mapping symbols. ELF for the Arm Architecture, 5.5.5; RISC-V ELF psABI, "Mapping Symbol".</summary>
    public List<(ulong Address, bool IsData)> ReadMapping()
    {
        var mapping = new List<(ulong Address, bool IsData)>();
        foreach (ElfSymbolTable table in _elf.Sections.OfType<ElfSymbolTable>())
        {
            foreach (ElfSymbol entry in table.Entries)
            {
                if (entry.Name.Value is ['$', 'a' or 'd' or 't' or 'x', ..] name && (name.Length == 2 || name[1] == 'x' || name[2] == '.'))
                    mapping.Add((entry.Value, name[1] == 'd'));
            }
        }

        mapping.Sort(static (a, b) => a.Address.CompareTo(b.Address));
        return mapping;
    }

    private static SymbolKind? KindOf(ElfSymbolType type) => type switch
    {
        ElfSymbolType.Function => SymbolKind.Function,
        ElfSymbolType.Object => SymbolKind.Variable,
        ElfSymbolType.NoType => SymbolKind.Label,
        _ => null,
    };

    private static FirmwareArchitecture ArchitectureOf(ElfFile elf)
    {
        if (elf.Encoding == ElfEncoding.Msb)
            return FirmwareArchitecture.Other;
        return (ushort)elf.Arch.Value switch
        {
            40 => FirmwareArchitecture.Arm,
            183 => FirmwareArchitecture.AArch64,
            243 => elf.FileClass == ElfFileClass.Is64 ? FirmwareArchitecture.RiscV64 : FirmwareArchitecture.RiscV32,
            _ => FirmwareArchitecture.Other,
        };
    }

    private static ElfFile Parse(ReadOnlyMemory<byte> bytes, string name)
    {
        try
        {
            using var stream = new MemoryStream(bytes.ToArray(), writable: false);
            if (ElfFile.TryRead(stream, out ElfFile? elf, out DiagnosticBag? diagnostics) && elf is not null)
                return elf;
            string first = diagnostics?.Messages.Where(static m => m.Kind == DiagnosticKind.Error).Select(static m => m.Message).FirstOrDefault() ?? "it cannot be parsed";
            throw new FirmwareFormatException(name, $"is a damaged or truncated ELF file: {first}", "copy or build it again");
        }
#pragma warning disable CA1031 // whatever a damaged file makes the parser throw is a fault of the file
        catch (Exception e) when (e is not (FirmwareFormatException or OutOfMemoryException))
#pragma warning restore CA1031
        {
            throw new FirmwareFormatException(name, $"is a damaged or truncated ELF file: {e.Message}", "copy or build it again", e);
        }
    }

    private static FirmwareFormatException Truncated(string name, string what) => new(name, $"is a truncated ELF file: {what} lies behind its end", "copy or build it again");

    private List<FirmwareSegment> ReadSegments()
    {
        var segments = new List<FirmwareSegment>();
        foreach (ElfSegment segment in _elf.Segments)
        {
            if (segment.Type.Value != (uint)ElfSegmentTypeCore.Load || segment.SizeInMemory == 0)
                continue;
            if (segment.Size > segment.SizeInMemory || segment.SizeInMemory > ulong.MaxValue - segment.PhysicalAddress)
                throw new FirmwareFormatException(Name, $"has a segment of {segment.Size} bytes for {segment.SizeInMemory} bytes of memory at 0x{segment.PhysicalAddress:x}", "it is damaged: copy or build it again");
            ReadOnlyMemory<byte> data = Slice(segment.Position, segment.Size, $"the segment for 0x{segment.PhysicalAddress:x}");
            segments.Add(new FirmwareSegment(segment.PhysicalAddress, segment.VirtualAddress, data, segment.SizeInMemory));
        }

        if (segments.Count == 0)
            throw new FirmwareFormatException(Name, "has nothing to load: no loadable segment", "give a linked executable; check that the linker script has sections with content");
        CheckOverlaps(segments);
        return segments;
    }

    private void CheckOverlaps(List<FirmwareSegment> segments)
    {
        FirmwareSegment[] sorted = [.. segments.Where(static s => !s.Data.IsEmpty).OrderBy(static s => s.Address)];
        for (int i = 1; i < sorted.Length; i++)
        {
            FirmwareSegment before = sorted[i - 1];
            if (sorted[i].Address - before.Address < (ulong)before.Data.Length)
                throw new FirmwareFormatException(Name, $"loads 0x{sorted[i].Address:x} twice: segments at 0x{before.Address:x} and 0x{sorted[i].Address:x} overlap", "check the load addresses (AT> or LMA) in the linker script");
        }
    }

    private ReadOnlyMemory<byte> Slice(ulong position, ulong size, string what)
        => position <= (ulong)_bytes.Length && size <= (ulong)_bytes.Length - position
            ? _bytes.Slice((int)position, (int)size)
            : throw Truncated(Name, what);
}

using System.Buffers.Binary;

namespace Emulation.Debugging;

/// <summary>Checks the tables of an ELF file before the parser sees them: it allocates by what they say. System V ABI, "Object Files".</summary>
/// <param name="file">The bytes.</param>
/// <param name="name">Shown in messages.</param>
internal readonly ref struct ElfGuard(ReadOnlySpan<byte> file, string name)
{
    private const uint NoBits = 8;
    private readonly ReadOnlySpan<byte> _file = file;

    private bool Wide => _file[4] == 2;

    private bool Big => _file[5] == 2;

    public void Check()
    {
        if (_file.Length < 6 || _file[4] is not (1 or 2) || _file[5] is not (1 or 2))
            throw Damaged("an unknown class or byte order");
        if (_file.Length < (Wide ? 64 : 52))
            throw Truncated("its header");
        CheckTable("program headers", Word(Wide ? 32 : 28), Half(Wide ? 54 : 42), Half(Wide ? 56 : 44), Wide ? 56 : 32);
        ulong sections = Word(Wide ? 40 : 32);
        int count = Half(Wide ? 60 : 48), size = Wide ? 64 : 40;
        if (sections == 0)
            return;
        if (count == 0 || Half(Wide ? 62 : 50) >= count)
            throw Damaged($"{count} section headers");
        CheckTable("section headers", sections, Half(Wide ? 58 : 46), count, size);
        for (int i = 0; i < count; i++)
            CheckSection((int)sections + (i * size));
        ulong programs = Word(Wide ? 32 : 28);
        for (int i = 0; i < Half(Wide ? 56 : 44); i++)
        {
            int at = (int)programs + (i * (Wide ? 56 : 32));
            CheckRange("a segment", Word(at + (Wide ? 8 : 4)), Word(at + (Wide ? 32 : 16)));
        }
    }

    private void CheckTable(string what, ulong offset, int entry, int count, int expected)
    {
        if (count > 0 && entry != expected)
            throw Damaged($"{what} of {entry} bytes");
        CheckRange(count > 0 ? "its " + what : "", count > 0 ? offset : 0, (ulong)(count * expected));
    }

    private void CheckSection(int at)
    {
        uint type = Int(at + 4);
        if (type is 0 or NoBits)
            return;
        ulong size = Word(at + (Wide ? 32 : 20)), entry = Word(at + (Wide ? 56 : 36));
        CheckRange("a section", Word(at + (Wide ? 24 : 16)), size);
        int? expected = type switch
        {
            2 or 11 => Wide ? 24 : 16,
            4 => Wide ? 24 : 12,
            6 or 9 => Wide ? 16 : 8,
            _ => null,
        };
        if (expected is { } bytes && (entry != (ulong)bytes || size % entry != 0))
            throw Damaged($"a section of type {type} with entries of {entry} bytes");
    }

    private void CheckRange(string what, ulong offset, ulong size)
    {
        if (offset > (ulong)_file.Length || size > (ulong)_file.Length - offset)
            throw Truncated(what);
    }

    private ushort Half(int at) => Big ? BinaryPrimitives.ReadUInt16BigEndian(_file[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(_file[at..]);

    private uint Int(int at) => Big ? BinaryPrimitives.ReadUInt32BigEndian(_file[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(_file[at..]);

    private ulong Word(int at)
    {
        if (!Wide)
            return Int(at);
        return Big ? BinaryPrimitives.ReadUInt64BigEndian(_file[at..]) : BinaryPrimitives.ReadUInt64LittleEndian(_file[at..]);
    }

    private FirmwareFormatException Truncated(string what) => new(name, $"is a truncated ELF file: {what} lies behind its end", "copy or build it again");

    private FirmwareFormatException Damaged(string what) => new(name, $"is a damaged ELF file: it has {what}", "copy or build it again");
}

using System.Buffers.Binary;

namespace Emulation.Boards.Loading;

/// <summary>Reads what is loaded of an ELF file: its program headers and their bytes. System V ABI, "Object Files".</summary>
/// <remarks>
/// Sections, symbols and debug information, which may be a hundred times larger, are never read, and each number is checked before it is used:
/// these are the reasons not to take a general ELF library.
/// </remarks>
internal static class ElfReader
{
    private const uint Load = 1;
    private const ushort Executable = 2;
    private const ushort SharedObject = 3;

    public static bool IsElf(ReadOnlySpan<byte> head) => head.StartsWith("\x7f"u8) && head[1..].StartsWith("ELF"u8);

    public static GuestImage Read(GuestFile file, Stream stream, GuestTarget target)
    {
        byte[] head = new byte[64];
        stream.Position = 0;
        int length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (length < 20)
            throw Truncated(file, "its header");
        int bits = head[4] switch { 1 => 32, 2 => 64, byte other => throw file.Error($"is an ELF file of unknown class {other}", "build it again") };
        bool big = head[5] == 2;
        ushort machine = big ? BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(18)) : BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(18));
        if (machine != target.ElfMachine)
            throw file.Error($"is an ELF file for {ElfMachines.Name(machine)}, and {target.Board} is {target.Architecture}", $"give one for {target.Architecture}");
        if (bits != target.Bits)
            throw file.Error($"is a {bits}-bit ELF file, and {target.Board} is a {target.Bits}-bit machine", $"give a {target.Bits}-bit one, or choose another board");
        if (big)
            throw file.Error($"is a big-endian ELF file, and {target.Board} is little-endian", "build it for little-endian");
        if (length < (bits == 64 ? 64 : 52))
            throw Truncated(file, "its header");
        return ReadProgram(file, stream, head, bits == 64);
    }

    private static GuestImage ReadProgram(GuestFile file, Stream stream, byte[] head, bool wide)
    {
        ushort type = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(16));
        if (type is not (Executable or SharedObject))
            throw file.Error(type == 1 ? "is an object file that was not linked" : $"is an ELF file of type {type}", "give a linked executable");
        ulong entry = Word(head, 24, wide);
        ulong table = Word(head, wide ? 32 : 28, wide);
        int entrySize = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(wide ? 54 : 42));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(wide ? 56 : 44));
        if (count == 0)
            throw file.Error("has no program headers", "give a linked executable");
        if (entrySize < (wide ? 56 : 32))
            throw file.Error($"has program headers of {entrySize} bytes", "it is damaged: copy or build it again");
        ulong size = (ulong)stream.Length;
        if (table > size || (ulong)(entrySize * count) > size - table)
            throw Truncated(file, "its program headers");
        byte[] headers = file.Read(stream, (long)table, entrySize * count);
        var segments = new List<ImageSegment>();
        ulong? physicalEntry = null;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = headers.AsSpan(i * entrySize, entrySize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Load)
                continue;
            ulong offset = Word(header, wide ? 8 : 4, wide), virtualAddress = Word(header, wide ? 16 : 8, wide), physical = Word(header, wide ? 24 : 12, wide);
            ulong bytes = Word(header, wide ? 32 : 16, wide), memory = Word(header, wide ? 40 : 20, wide);
            if (memory == 0)
                continue;
            if (bytes > memory || memory > ulong.MaxValue - physical)
                throw file.Error($"has a segment of {bytes} bytes for {memory} bytes of memory at 0x{physical:x}", "it is damaged: copy or build it again");
            if (offset > size || bytes > size - offset)
                throw Truncated(file, $"the segment for 0x{physical:x}");
            segments.Add(new ImageSegment(physical, file.Read(stream, (long)offset, (long)bytes), memory));

            // the entry is a virtual address; kernels that are linked high start at the physical address of the same byte
            if (entry >= virtualAddress && entry - virtualAddress < memory)
                physicalEntry ??= entry - virtualAddress + physical;
        }

        if (segments.Count == 0)
            throw file.Error("has nothing to load", "give a linked executable");
        return new GuestImage(file.Purpose, file.Path, physicalEntry ?? entry, segments);
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int offset, bool wide)
        => wide ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static GuestImageException Truncated(GuestFile file, string what) => file.Error($"is a truncated ELF file: {what} lies behind its end", "copy or build it again");
}

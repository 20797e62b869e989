using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Emulation.Core;

/// <summary>Writes a snapshot file; the format is described at <see cref="SnapshotFormat"/>.</summary>
internal sealed class SnapshotWriter
{
    private readonly Stream _stream;
    private uint _crc;

    private SnapshotWriter(Stream stream) => _stream = stream;

    public static void Write(Machine machine, Stream stream)
    {
        var writer = new SnapshotWriter(stream);
        StateSection[] sections = MachineState.Save(machine);
        writer.Raw(SnapshotFormat.Magic);
        Span<byte> version = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(version, SnapshotFormat.Version);
        writer.Raw(version);
        writer.Section(SectionKind.Manifest, machine.Name, 1, Manifest(machine, sections));
        foreach (RamBlock ram in machine.RamBlocks)
            writer.Memory(ram);
        foreach (StateSection section in sections)
            writer.Section(SectionKind.State, section.Name, section.Version, section.Data);
        writer.Section(SectionKind.End, "", 1, []);
        stream.Flush();
    }

    private static byte[] Manifest(Machine machine, StateSection[] sections)
    {
        var writer = new StateWriter();
        writer.Write(machine.RamBlocks.Count);
        foreach (RamBlock ram in machine.RamBlocks)
        {
            writer.Write(ram.Name);
            writer.Write(ram.Size);
        }

        writer.Write(sections.Length);
        foreach (StateSection section in sections)
        {
            writer.Write(section.Name);
            writer.Write(section.Version);
        }

        return writer.Written.ToArray();
    }

    private unsafe void Memory(RamBlock ram)
    {
        int chunks = (int)((ram.Size + RamBlock.ChunkSize - 1) >> RamBlock.ChunkShift);
        var maps = new ushort[chunks];
        ulong head = ram.Background == 0 ? 8UL : 9;
        ulong length = head + (2 * (ulong)chunks);
        for (int i = 0; i < chunks; i++)
        {
            maps[i] = PageMap(ram, (ulong)i << RamBlock.ChunkShift);
            length += (ulong)BitOperations.PopCount(maps[i]) * RamBlock.PageSize;
        }

        Begin(SectionKind.Memory, ram.Name, ram.Background == 0 ? 1 : 2, length);
        Span<byte> number = stackalloc byte[9];
        BinaryPrimitives.WriteUInt64LittleEndian(number, ram.Size);
        number[8] = ram.Background;
        Raw(number[..(int)head]);
        for (int i = 0; i < chunks; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(number, maps[i]);
            Raw(number[..2]);
            for (int page = 0; page < SnapshotFormat.PagesPerChunk; page++)
            {
                if ((maps[i] & (1 << page)) != 0)
                    Raw(new ReadOnlySpan<byte>(ram.ReadPointer(((ulong)i << RamBlock.ChunkShift) + ((ulong)page << RamBlock.PageShift)), RamBlock.PageSize));
            }
        }

        End();
    }

    private static unsafe ushort PageMap(RamBlock ram, ulong chunk)
    {
        int map = 0;
        if (ram.IsUntouched(chunk))
            return 0;
        for (int page = 0; page < SnapshotFormat.PagesPerChunk; page++)
        {
            ulong offset = chunk + ((ulong)page << RamBlock.PageShift);
            if (offset < ram.Size && new ReadOnlySpan<byte>(ram.ReadPointer(offset), RamBlock.PageSize).ContainsAnyExcept(ram.Background))
                map |= 1 << page;
        }

        return (ushort)map;
    }

    private void Section(SectionKind kind, string name, int version, byte[] data)
    {
        if (data.Length > SnapshotFormat.MaxState)
            throw new SnapshotException($"the state of '{name}' is larger than {SnapshotFormat.MaxState} bytes; large memories belong in a {nameof(RamBlock)}");
        Begin(kind, name, version, (ulong)data.Length);
        Raw(data);
        End();
    }

    private void Begin(SectionKind kind, string name, int version, ulong length)
    {
        byte[] text = Encoding.UTF8.GetBytes(name);
        if (text.Length > SnapshotFormat.MaxName)
            throw new SnapshotException($"the name '{name[..32]}...' is longer than {SnapshotFormat.MaxName} bytes");
        byte[] head = new byte[3 + text.Length + 12];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(1), (ushort)text.Length);
        text.CopyTo(head, 3);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(3 + text.Length), version);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(7 + text.Length), length);
        _crc = uint.MaxValue;
        Raw(head);
    }

    private void End()
    {
        Span<byte> crc = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(crc, _crc);
        Raw(crc);
    }

    private void Raw(ReadOnlySpan<byte> data)
    {
        _crc = SnapshotFormat.Crc(_crc, data);
        _stream.Write(data);
    }
}

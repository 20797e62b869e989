using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Emulation.Boards.DeviceTree;

/// <summary>Flattens a tree.</summary>
internal static class FdtWriter
{
    public static byte[] Write(FlattenedDeviceTree tree)
    {
        var structure = new Cells();
        var strings = new StringTable();
        WriteNode(structure, strings, tree.Root);
        structure.Add(FdtFormat.End);

        // the blocks in the order that the specification wants; the reservation block has to be aligned to 8
        int reservations = FdtFormat.HeaderSize;
        int structureStart = reservations + (16 * (tree.Reservations.Count + 1));
        int stringsStart = structureStart + structure.Length;
        byte[] blob = new byte[(stringsStart + strings.Length + 7) & ~7];
        Span<byte> header = blob;
        ReadOnlySpan<uint> fields =
        [
            FdtFormat.Magic, (uint)blob.Length, (uint)structureStart, (uint)stringsStart, (uint)reservations,
            FdtFormat.Version, FdtFormat.LastCompatibleVersion, tree.BootCpu, (uint)strings.Length, (uint)structure.Length,
        ];
        for (int i = 0; i < fields.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(header[(4 * i)..], fields[i]);
        Span<byte> entry = blob.AsSpan(reservations);
        foreach ((ulong address, ulong size) in tree.Reservations)
        {
            BinaryPrimitives.WriteUInt64BigEndian(entry, address);
            BinaryPrimitives.WriteUInt64BigEndian(entry[8..], size);
            entry = entry[16..];
        }

        structure.CopyTo(blob.AsSpan(structureStart));
        strings.CopyTo(blob.AsSpan(stringsStart));
        return blob;
    }

    private static void WriteNode(Cells cells, StringTable strings, FdtNode node)
    {
        cells.Add(FdtFormat.BeginNode);
        cells.AddBytes([.. Encoding.ASCII.GetBytes(node.Name), 0]);
        foreach (FdtProperty property in node.Properties)
        {
            cells.Add(FdtFormat.Property);
            cells.Add((uint)property.Value.Length);
            cells.Add(strings.OffsetOf(property.Name));
            cells.AddBytes(property.Value.Span);
        }

        foreach (FdtNode child in node.Children)
            WriteNode(cells, strings, child);
        cells.Add(FdtFormat.EndNode);
    }

    private sealed class Cells
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();

        public int Length => _bytes.WrittenCount;

        public void Add(uint cell)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, cell);
            _bytes.Write(bytes);
        }

        public void AddBytes(ReadOnlySpan<byte> bytes)
        {
            _bytes.Write(bytes);
            ReadOnlySpan<byte> padding = [0, 0, 0];
            _bytes.Write(padding[..(-_bytes.WrittenCount & 3)]);
        }

        public void CopyTo(Span<byte> destination) => _bytes.WrittenSpan.CopyTo(destination);
    }

    private sealed class StringTable
    {
        private readonly Dictionary<string, uint> _offsets = new(StringComparer.Ordinal);
        private readonly ArrayBufferWriter<byte> _bytes = new();

        public int Length => _bytes.WrittenCount;

        public uint OffsetOf(string text)
        {
            if (_offsets.TryGetValue(text, out uint offset))
                return offset;
            offset = (uint)_bytes.WrittenCount;
            _offsets.Add(text, offset);
            _bytes.Write(Encoding.ASCII.GetBytes(text));
            _bytes.Write((ReadOnlySpan<byte>)[0]);
            return offset;
        }

        public void CopyTo(Span<byte> destination) => _bytes.WrittenSpan.CopyTo(destination);
    }
}

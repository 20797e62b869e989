using System.Buffers.Binary;
using System.Text;

namespace Emulation.Boards.DeviceTree;

/// <summary>Reads a flattened tree, which may come from anywhere: every offset and length is checked.</summary>
internal sealed class FdtReader
{
    private readonly ReadOnlyMemory<byte> _structure;
    private readonly ReadOnlyMemory<byte> _strings;
    private readonly ReadOnlyMemory<byte> _reservations;
    private int _position;

    public FdtReader(ReadOnlyMemory<byte> blob)
    {
        if (blob.Length < FdtFormat.HeaderSize || Field(blob, 0) != FdtFormat.Magic)
            throw new FdtException("it is no device tree blob: the magic number 0xd00dfeed is missing");
        uint size = Field(blob, 1);
        if (size > (uint)blob.Length || size < FdtFormat.HeaderSize)
            throw new FdtException($"the device tree is truncated: its header says {size} bytes, there are {blob.Length}");
        if (Field(blob, 6) > FdtFormat.Version || Field(blob, 5) < FdtFormat.LastCompatibleVersion)
            throw new FdtException($"version {Field(blob, 5)} of the device tree format is not supported; {FdtFormat.LastCompatibleVersion} and {FdtFormat.Version} are");
        blob = blob[..(int)size];
        BootCpu = Field(blob, 7);
        uint structure = Field(blob, 2), strings = Field(blob, 3), reservations = Field(blob, 4);
        uint structureSize = Field(blob, 5) >= 17 ? Field(blob, 9) : Math.Max(structure, size) - structure;
        _structure = Slice(blob, structure, structureSize, "structure");
        _strings = Slice(blob, strings, Field(blob, 8), "strings");
        _reservations = Slice(blob, reservations, Math.Max(reservations, size) - reservations, "reservation");
    }

    public uint BootCpu { get; }

    public FdtNode ReadTree()
    {
        if (NextToken() != FdtFormat.BeginNode)
            throw Damaged("it does not begin with a node");
        var root = new FdtNode(ReadName());
        ReadContent(root, 0);
        return root;
    }

    public IEnumerable<(ulong Address, ulong Size)> ReadReservations()
    {
        for (int at = 0; at + 16 <= _reservations.Length; at += 16)
        {
            ulong address = BinaryPrimitives.ReadUInt64BigEndian(_reservations.Span[at..]);
            ulong size = BinaryPrimitives.ReadUInt64BigEndian(_reservations.Span[(at + 8)..]);
            if (address == 0 && size == 0)
                yield break;
            yield return (address, size);
        }

        throw Damaged("the reservation block has no end");
    }

    private void ReadContent(FdtNode node, int depth)
    {
        if (depth > FdtFormat.MaxDepth)
            throw Damaged("nodes are nested too deeply");
        while (true)
        {
            switch (NextToken())
            {
                case FdtFormat.Property:
                    uint length = ReadCell();
                    string name = StringAt(ReadCell());
                    node.Set(name, ReadBytes(length));
                    break;
                case FdtFormat.BeginNode:
                    string child = ReadName();
                    ReadContent(child.Length > 0 ? node.AddNode(child) : throw Damaged("a node has no name"), depth + 1);
                    break;
                case FdtFormat.EndNode:
                    return;
                case uint token:
                    throw Damaged($"unexpected token {token}");
            }
        }
    }

    private uint NextToken()
    {
        uint token;
        do
            token = ReadCell();
        while (token == FdtFormat.Nop);
        return token;
    }

    private uint ReadCell() => BinaryPrimitives.ReadUInt32BigEndian(ReadBytes(4).Span);

    private ReadOnlyMemory<byte> ReadBytes(uint length)
    {
        if (length > (uint)(_structure.Length - _position))
            throw Damaged($"{length} bytes are needed, {_structure.Length - _position} are left");
        ReadOnlyMemory<byte> bytes = _structure.Slice(_position, (int)length);
        _position = Math.Min(_structure.Length, (_position + (int)length + 3) & ~3);
        return bytes;
    }

    private string ReadName()
    {
        int length = _structure.Span[_position..].IndexOf((byte)0);
        if (length < 0)
            throw Damaged("a node name has no end");
        return Encoding.ASCII.GetString(ReadBytes((uint)length + 1).Span[..length]);
    }

    private string StringAt(uint offset)
    {
        int length = offset < (uint)_strings.Length ? _strings.Span[(int)offset..].IndexOf((byte)0) : -1;
        return length > 0 ? Encoding.ASCII.GetString(_strings.Span.Slice((int)offset, length)) : throw Damaged($"a property name at {offset} does not exist");
    }

    private FdtException Damaged(string what) => new($"the device tree is damaged at byte {_position} of its structure: {what}");

    private static uint Field(ReadOnlyMemory<byte> blob, int index) => BinaryPrimitives.ReadUInt32BigEndian(blob.Span[(4 * index)..]);

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> blob, uint start, uint length, string what)
        => start <= (uint)blob.Length && length <= (uint)blob.Length - start
            ? blob.Slice((int)start, (int)length)
            : throw new FdtException($"the device tree is damaged: its {what} block (0x{start:x}, {length} bytes) lies outside the blob of {blob.Length} bytes");
}

using System.Buffers.Binary;
using System.Text;

namespace Emulation.Boards.DeviceTree;

/// <summary>One property of a device tree node: a name and bytes.</summary>
/// <param name="Name">Name without a terminator.</param>
/// <param name="Value">The bytes as they lie in the blob: cells are big-endian.</param>
public sealed record FdtProperty(string Name, ReadOnlyMemory<byte> Value)
{
    /// <summary>The first cell.</summary>
    /// <exception cref="FdtException">The value is shorter.</exception>
    public uint AsUInt32() => Value.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(Value.Span) : throw Short(4);

    /// <summary>The first two cells as one number.</summary>
    /// <exception cref="FdtException">The value is shorter.</exception>
    public ulong AsUInt64() => Value.Length >= 8 ? BinaryPrimitives.ReadUInt64BigEndian(Value.Span) : throw Short(8);

    /// <summary>The value as text.</summary>
    public string AsString() => AsStrings() is [var first, ..] ? first : "";

    /// <summary>The value as a list of texts.</summary>
    public IReadOnlyList<string> AsStrings()
    {
        string text = Encoding.UTF8.GetString(Value.Span);
        return text.Length == 0 ? [] : text.TrimEnd('\0').Split('\0');
    }

    /// <summary>The value as cells.</summary>
    public IReadOnlyList<uint> AsCells()
    {
        var cells = new uint[Value.Length / 4];
        for (int i = 0; i < cells.Length; i++)
            cells[i] = BinaryPrimitives.ReadUInt32BigEndian(Value.Span[(4 * i)..]);
        return cells;
    }

    private FdtException Short(int bytes) => new($"property '{Name}' has {Value.Length} bytes where {bytes} are needed");
}

using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A small queue of bytes.</summary>
internal sealed class ByteQueue(int capacity)
{
    private readonly byte[] _bytes = new byte[capacity];
    private int _first;

    public int Count { get; private set; }

    public int Free => capacity - Count;

    /// <summary>Appends a byte; one for which there is no room is lost.</summary>
    public void Add(byte value)
    {
        if (Count < capacity)
            _bytes[(_first + Count++) % capacity] = value;
    }

    /// <summary>Takes the first byte; the caller has checked that there is one.</summary>
    public byte Take()
    {
        byte value = _bytes[_first];
        _first = (_first + 1) % capacity;
        Count--;
        return value;
    }

    public void Clear() => _first = Count = 0;

    public void Save(StateWriter writer)
    {
        writer.Write((byte)Count);
        for (int i = 0; i < Count; i++)
            writer.Write(_bytes[(_first + i) % capacity]);
    }

    public void Load(StateReader reader)
    {
        Clear();
        int count = reader.ReadByte();
        if (count > capacity)
            throw reader.Damaged($"{count} bytes in a queue of {capacity}");
        for (int i = 0; i < count; i++)
            Add(reader.ReadByte());
    }
}

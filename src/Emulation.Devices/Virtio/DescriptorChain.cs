namespace Emulation.Devices;

/// <summary>One request of a driver: buffers the device reads, then buffers it writes, each addressed as one run of bytes.</summary>
internal sealed class DescriptorChain(GuestMemory memory, int capacity)
{
    // Virtio 1.2, 2.7.4: the total length of a chain is at most 2^32 bytes
    private const ulong MaxBytes = 1UL << 32;

    private readonly Segment[] _segments = new Segment[capacity];
    private int _count;
    private int _readable;
    private Cursor _reader;
    private Cursor _writer;

    /// <summary>What the driver is told when the chain is given back: head index (split) or buffer id (packed).</summary>
    public ushort Id { get; private set; }

    /// <summary>Ring entries the chain takes.</summary>
    public int Slots { get; set; }

    /// <summary>Bytes the device may read.</summary>
    public ulong Readable { get; private set; }

    /// <summary>Bytes the device may write.</summary>
    public ulong Writable { get; private set; }

    public void Begin(ushort id)
    {
        Id = id;
        Slots = 1;
        _count = _readable = 0;
        Readable = Writable = 0;
        _reader = _writer = default;
    }

    public void SetId(ushort id) => Id = id;

    /// <summary>Appends a buffer.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public string? Add(in Descriptor descriptor)
    {
        if (descriptor.Length == 0)
            return null;
        if (_count == _segments.Length)
            return "descriptor chain longer than the queue";
        if (!memory.IsMemory(descriptor.Address, descriptor.Length, descriptor.IsWrite))
            return "buffer outside memory";
        if (descriptor.IsWrite)
        {
            Writable += descriptor.Length;
        }
        else
        {
            if (_readable != _count)
                return "device-readable buffer behind a device-writable one";
            Readable += descriptor.Length;
            _readable++;
        }

        _segments[_count++] = new Segment(descriptor.Address, descriptor.Length);
        if (_readable == _count)
            _writer.Index = _readable;
        return Readable + Writable > MaxBytes ? "descriptor chain of more than 4 GiB" : null;
    }

    /// <summary>Copies out of the readable buffers.</summary>
    /// <returns>False when the range is not there.</returns>
    public bool Read(ulong position, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (!Seek(ref _reader, 0, _readable, position, out ulong address, out ulong left))
                return false;
            int count = (int)Math.Min((ulong)destination.Length, left);
            if (!memory.TryRead(address, destination[..count]))
                return false;
            destination = destination[count..];
            position += (ulong)count;
        }

        return true;
    }

    /// <summary>Copies into the writable buffers.</summary>
    /// <returns>False when the range is not there.</returns>
    public bool Write(ulong position, ReadOnlySpan<byte> source)
    {
        while (!source.IsEmpty)
        {
            if (!Seek(ref _writer, _readable, _count, position, out ulong address, out ulong left))
                return false;
            int count = (int)Math.Min((ulong)source.Length, left);
            if (!memory.TryWrite(address, source[..count]))
                return false;
            source = source[count..];
            position += (ulong)count;
        }

        return true;
    }

    private bool Seek(ref Cursor cursor, int first, int end, ulong position, out ulong address, out ulong left)
    {
        if (position < cursor.Start)
            cursor = new Cursor { Index = first };
        while (cursor.Index < end && position - cursor.Start >= _segments[cursor.Index].Length)
            cursor.Start += _segments[cursor.Index++].Length;
        if (cursor.Index >= end)
        {
            cursor = new Cursor { Index = first };
            address = left = 0;
            return false;
        }

        Segment segment = _segments[cursor.Index];
        address = segment.Address + (position - cursor.Start);
        left = segment.Length - (position - cursor.Start);
        return true;
    }

    private readonly record struct Segment(ulong Address, uint Length);

    // Where the last access ended, so that sequential ones do not search: a segment and the position of its first byte.
    private struct Cursor
    {
        public int Index;
        public ulong Start;
    }
}

using System.Security.Cryptography;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The non-volatile memory of a part: a first content that is never written, shared by forks, and the pages that differ from it.</summary>
public sealed class PartMemory
{
    private const int PageSize = 4096;

    private readonly Image _image;
    private readonly SortedDictionary<int, byte[]> _pages = [];
    private readonly RamBlock? _ram;

    /// <summary>Creates an erased memory.</summary>
    /// <param name="size">Bytes.</param>
    /// <param name="content">Its first bytes; the rest is erased.</param>
    /// <param name="erased">What an erased byte reads.</param>
    /// <exception cref="ArgumentException">The content does not fit.</exception>
    public PartMemory(int size, ReadOnlySpan<byte> content = default, byte erased = 0xff)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (content.Length > size)
            throw new ArgumentException($"{content.Length} bytes do not fit in a memory of {size}", nameof(content));
        _image = new Image(size, content.ToArray(), erased);
    }

    /// <summary>Creates a memory whose content is a block of the machine's memory, which is saved and forked with it: for flash that a vCPU executes from.</summary>
    /// <param name="ram">The block; its content is the board's to load. Only parts that are attached during composition may use it.</param>
    /// <param name="size">Bytes of it.</param>
    public PartMemory(RamBlock ram, int size) : this(size)
    {
        ArgumentNullException.ThrowIfNull(ram);
        if ((ulong)size > ram.Size)
            throw new ArgumentException($"memory '{ram.Name}' has {ram.Size} bytes, fewer than {size}", nameof(size));
        _ram = ram;
    }

    private PartMemory(PartMemory other)
    {
        if (other._ram is not null)
            throw new InvalidOperationException($"a part with memory '{other._ram.Name}' has to be attached during composition to be forked");
        _image = other._image;
    }

    /// <summary>Bytes.</summary>
    public int Size => _image.Size;

    /// <summary>Reads or writes a byte; nothing is there beyond the end.</summary>
    /// <param name="address">0 to <see cref="Size"/> - 1.</param>
    public byte this[int address]
    {
        get
        {
            if ((uint)address >= (uint)Size)
                return _image.Erased;
            if (_ram is not null)
            {
                Span<byte> one = stackalloc byte[1];
                _ram.Read((ulong)address, one);
                return one[0];
            }

            return _pages.TryGetValue(address / PageSize, out byte[]? page) ? page[address % PageSize] : _image[address];
        }

        set
        {
            if ((uint)address >= (uint)Size || this[address] == value)
                return;
            if (_ram is not null)
                _ram.Write((ulong)address, [value]);
            else
                Page(address / PageSize)[address % PageSize] = value;
        }
    }

    /// <summary>Copies bytes out.</summary>
    /// <param name="address">Where they begin.</param>
    /// <param name="destination">Filled whole; erased bytes beyond the end.</param>
    public void Read(int address, Span<byte> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = this[address + i];
    }

    /// <summary>Copies bytes in, whatever was there.</summary>
    /// <param name="address">Where they begin.</param>
    /// <param name="source">The bytes; those beyond the end are dropped.</param>
    public void Write(int address, ReadOnlySpan<byte> source)
    {
        for (int i = 0; i < source.Length; i++)
            this[address + i] = source[i];
    }

    /// <summary>Sets bytes to the erased value.</summary>
    /// <param name="address">Where they begin.</param>
    /// <param name="count">How many.</param>
    public void Erase(int address, int count)
    {
        int end = Math.Min(address + count, Size);
        if (_ram is not null)
        {
            byte[] erased = new byte[PageSize];
            Array.Fill(erased, _image.Erased);
            for (int i = address; i < end; i += PageSize)
                _ram.Write((ulong)i, erased.AsSpan(0, Math.Min(PageSize, end - i)));
            return;
        }

        for (int i = address; i < end;)
        {
            // whole pages that never had content are not kept
            if (i % PageSize == 0 && end - i >= PageSize && i >= _image.ContentLength)
            {
                _pages.Remove(i / PageSize);
                i += PageSize;
                continue;
            }

            this[i++] = _image.Erased;
        }
    }

    /// <summary>All of it.</summary>
    public byte[] ToArray()
    {
        byte[] all = new byte[Size];
        Read(0, all);
        return all;
    }

    /// <summary>A memory of the same first content, without what was written since.</summary>
    internal PartMemory Fork() => new(this);

    internal void Save(StateWriter writer)
    {
        writer.Write(_image.Digest);
        writer.Write(_pages.Count);
        foreach ((int index, byte[] page) in _pages)
        {
            writer.Write(index);
            writer.WriteRaw(page);
        }
    }

    internal void Load(StateReader reader)
    {
        if (reader.ReadUInt64() != _image.Digest)
            throw reader.Damaged("holds changes of a memory that had another content, or size, when it was created");
        _pages.Clear();
        for (int left = reader.ReadCount(4 + PageSize); left > 0; left--)
        {
            int index = reader.ReadInt32();
            if (index < 0 || (long)index * PageSize >= Size)
                throw reader.Damaged("a page is out of range");
            reader.ReadRaw(Page(index));
        }
    }

    private byte[] Page(int index)
    {
        if (_pages.TryGetValue(index, out byte[]? page))
            return page;
        page = new byte[PageSize];
        for (int i = 0; i < PageSize; i++)
            page[i] = _image[(index * PageSize) + i];
        _pages.Add(index, page);
        return page;
    }

    private sealed class Image(int size, byte[] content, byte erased)
    {
        private readonly Lazy<ulong> _digest = new(() =>
        {
            Span<byte> hash = stackalloc byte[32];
            SHA256.HashData(content, hash);
            return BitConverter.ToUInt64(hash) ^ ((ulong)size << 8) ^ erased;
        });

        public int Size => size;

        public byte Erased => erased;

        public int ContentLength => content.Length;

        public ulong Digest => _digest.Value;

        public byte this[int address] => address < content.Length ? content[address] : erased;
    }
}

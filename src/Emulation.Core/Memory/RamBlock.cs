using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Emulation.Core;

/// <summary>Guest memory: native, in reference-counted chunks that snapshots and forks share, with a state byte per page.</summary>
/// <remarks>
/// Every write goes through <see cref="PrepareWrite"/> once per page before a fast path may keep a pointer: it makes a shared chunk private,
/// marks the page dirty and tells who translated code from it. A fast path must forget its pointers on <see cref="Remapped"/>.
/// </remarks>
public sealed unsafe class RamBlock : IDisposable
{
    /// <summary>log2 of <see cref="PageSize"/>.</summary>
    public const int PageShift = 12;

    /// <summary>Granularity of dirty tracking and code protection, in bytes.</summary>
    public const int PageSize = 1 << PageShift;

    /// <summary>log2 of the bytes in a chunk, the unit of copy-on-write.</summary>
    public const int ChunkShift = 16;

    /// <summary>Bytes in a chunk.</summary>
    public const int ChunkSize = 1 << ChunkShift;

    private readonly RamChunk[] _chunks;
    private readonly PageState[] _pages;
    private bool _disposed;

    /// <summary>Allocates memory. Until it is written it takes next to nothing on the host.</summary>
    /// <param name="name">Shown in memory maps; names the snapshot section.</param>
    /// <param name="size">Bytes; a multiple of <see cref="PageSize"/>.</param>
    /// <param name="background">What every byte holds at first: 0, or 0xff for erased flash.</param>
    public RamBlock(string name, ulong size, byte background = 0)
    {
        if (size == 0 || size % PageSize != 0)
            throw new ArgumentOutOfRangeException(nameof(size), $"memory '{name}' of {size} bytes is not a whole number of {PageSize}-byte pages");
        if (size > 1UL << 40)
            throw new ArgumentOutOfRangeException(nameof(size), $"memory '{name}' of {size} bytes is larger than 1 TiB");
        Name = name;
        Size = size;
        Background = background;
        int count = (int)((size + ChunkSize - 1) >> ChunkShift);
        _chunks = new RamChunk[count];
        _pages = new PageState[size >> PageShift];
        if (background != 0)
        {
            // all chunks are one, shared until they are written
            var filled = new RamSlab(ChunkSize, 1);
            new Span<byte>(filled.Pointer, ChunkSize).Fill(background);
            _chunks[0] = new RamChunk(filled, filled.Pointer);
            for (int i = 1; i < count; i++)
                _chunks[i] = _chunks[0].AddReference();
            return;
        }

        var slab = new RamSlab((nuint)count << ChunkShift, count);
        for (int i = 0; i < count; i++)
            _chunks[i] = new RamChunk(slab, slab.Pointer + ((nuint)i << ChunkShift));
    }

    private RamBlock(RamBlock source)
    {
        Name = source.Name;
        Size = source.Size;
        Background = source.Background;
        _pages = new PageState[source._pages.Length];
        _chunks = Array.ConvertAll(source._chunks, static c => c.AddReference());
        source.Protect();
    }

    /// <summary>State of one page.</summary>
    [Flags]
    private enum PageState : byte
    {
        None = 0,
        Dirty = 1,
        Code = 2,
        Mapped = 4,
    }

    /// <summary>Shown in memory maps; names the snapshot section.</summary>
    public string Name { get; }

    /// <summary>Bytes.</summary>
    public ulong Size { get; }

    /// <summary>What every byte held at first.</summary>
    public byte Background { get; }

    /// <summary>Raised after bytes of a page that holds translated code changed: block, first byte, count. Runs on the writer's thread.</summary>
    /// <remarks>After, not before: what another thread translated from the old bytes meanwhile must not outlive the report.</remarks>
    public event Action<RamBlock, ulong, ulong>? CodeModified;

    /// <summary>Raised after host pointers or write permissions changed: block, first byte, count. Cached pointers into the range are void.</summary>
    /// <remarks>The count is <see cref="PageSize"/> where one page may not be written through pointers any more, which are right otherwise; else whole chunks, maybe past the end.</remarks>
    public event Action<RamBlock, ulong, ulong>? Remapped;

    /// <summary>Runs an action while no other vCPU thread executes; set where several threads share the memory.</summary>
    internal Action<Action>? Exclusive { get; set; }

    /// <summary>Pointer for reading the page that holds <paramref name="offset"/>; valid to the end of the page until <see cref="Remapped"/>.</summary>
    /// <param name="offset">Byte offset in the block.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* ReadPointer(ulong offset) => _chunks[offset >> ChunkShift].Pointer + (offset & (ChunkSize - 1));

    /// <summary>Makes the page that holds <paramref name="offset"/> writable and dirty.</summary>
    /// <param name="offset">Byte offset in the block.</param>
    /// <returns>Pointer for writing, or null when the page holds translated code: such a page is written through <see cref="Write(ulong, int, ulong)"/>.</returns>
    public byte* PrepareWrite(ulong offset)
    {
        if (IsCode(offset))
            return null;
        MakeWritable(offset);
        return TrySet(offset, PageState.Mapped, unless: PageState.Code) ? ReadPointer(offset) : null;
    }

    /// <summary>Whether the page that holds <paramref name="offset"/> may be written through its pointer with nothing else to do, as <see cref="PrepareWrite"/> left it.</summary>
    /// <param name="offset">Byte offset in the block.</param>
    public bool IsWritable(ulong offset)
        => (_pages[offset >> PageShift] & (PageState.Dirty | PageState.Code | PageState.Mapped)) == (PageState.Dirty | PageState.Mapped)
            && !_chunks[offset >> ChunkShift].IsShared;

    /// <summary>Whether somebody may hold a pointer for writing to the page that holds <paramref name="offset"/>.</summary>
    /// <param name="offset">Byte offset in the block.</param>
    public bool IsMapped(ulong offset) => (_pages[offset >> PageShift] & PageState.Mapped) != 0;

    /// <summary>Whether the next write to the page that holds <paramref name="offset"/> copies its chunk first.</summary>
    /// <param name="offset">Byte offset in the block.</param>
    public bool IsShared(ulong offset) => _chunks[offset >> ChunkShift].IsShared;

    /// <summary>Reads 1, 2, 4 or 8 bytes, little-endian.</summary>
    /// <param name="offset">Byte offset; the access lies inside the block.</param>
    /// <param name="size">Width in bytes.</param>
    public ulong Read(ulong offset, int size)
    {
        if ((offset & (PageSize - 1)) + (ulong)size > PageSize)
        {
            ulong value = 0;
            Read(offset, new Span<byte>(&value, size));
            return value;
        }

        byte* p = ReadPointer(offset);
        return size switch
        {
            1 => *p,
            2 => Unsafe.ReadUnaligned<ushort>(p),
            4 => Unsafe.ReadUnaligned<uint>(p),
            _ => Unsafe.ReadUnaligned<ulong>(p),
        };
    }

    /// <summary>Writes 1, 2, 4 or 8 bytes, little-endian, in one host store where the page allows it.</summary>
    /// <param name="offset">Byte offset; the access lies inside the block.</param>
    /// <param name="size">Width in bytes.</param>
    /// <param name="value">The value; higher bytes are ignored.</param>
    public void Write(ulong offset, int size, ulong value)
    {
        if ((offset & (PageSize - 1)) + (ulong)size > PageSize)
        {
            Write(offset, new ReadOnlySpan<byte>(&value, size));
            return;
        }

        MakeWritable(offset);
        byte* p = ReadPointer(offset);
        switch (size)
        {
            case 1: *p = (byte)value; break;
            case 2: Unsafe.WriteUnaligned(p, (ushort)value); break;
            case 4: Unsafe.WriteUnaligned(p, (uint)value); break;
            default: Unsafe.WriteUnaligned(p, value); break;
        }

        EndWrite(offset, (ulong)size);
    }

    /// <summary>Copies bytes out.</summary>
    /// <param name="offset">First byte; the range lies inside the block.</param>
    /// <param name="destination">Filled whole.</param>
    public void Read(ulong offset, Span<byte> destination)
    {
        CheckRange(offset, destination.Length);
        while (!destination.IsEmpty)
        {
            int count = Math.Min(destination.Length, ChunkSize - (int)(offset & (ChunkSize - 1)));
            new ReadOnlySpan<byte>(ReadPointer(offset), count).CopyTo(destination);
            destination = destination[count..];
            offset += (ulong)count;
        }
    }

    /// <summary>Copies bytes in; code translated from them is invalidated.</summary>
    /// <param name="offset">First byte; the range lies inside the block.</param>
    /// <param name="source">The bytes.</param>
    public void Write(ulong offset, ReadOnlySpan<byte> source)
    {
        CheckRange(offset, source.Length);
        while (!source.IsEmpty)
        {
            int count = Math.Min(source.Length, PageSize - (int)(offset & (PageSize - 1)));
            MakeWritable(offset);
            source[..count].CopyTo(new Span<byte>(ReadPointer(offset), count));
            EndWrite(offset, (ulong)count);
            source = source[count..];
            offset += (ulong)count;
        }
    }

    /// <summary>Marks the page that holds <paramref name="offset"/> as a source of translated code: writes to it are reported from now on.</summary>
    /// <param name="offset">Byte offset in the block.</param>
    public void MarkCode(ulong offset)
    {
        if (IsCode(offset))
            return;
        PageState old = Change(offset, set: PageState.Code, clear: PageState.Mapped);
        if ((old & PageState.Mapped) != 0)
            Remapped?.Invoke(this, offset & ~(ulong)(PageSize - 1), PageSize);
    }

    /// <summary>Does what <see cref="MarkCode"/> does, unless somebody may hold a pointer for writing to the page.</summary>
    /// <param name="offset">Byte offset in the block.</param>
    /// <returns>False when nothing was done: <see cref="MarkCode"/> is to be called while no other vCPU executes.</returns>
    public bool TryMarkCode(ulong offset) => TrySet(offset, PageState.Code, unless: PageState.Mapped);

    /// <summary>Whether the page that holds <paramref name="offset"/> is a source of translated code.</summary>
    /// <param name="offset">Byte offset in the block.</param>
    public bool IsCode(ulong offset) => (_pages[offset >> PageShift] & PageState.Code) != 0;

    /// <summary>Ends the tracking that <see cref="MarkCode"/> began: nothing is translated from the page any more.</summary>
    /// <param name="offset">Byte offset in the block.</param>
    public void UnmarkCode(ulong offset) => Change(offset, clear: PageState.Code);

    /// <summary>Whether the page that holds <paramref name="offset"/> was written since creation, <see cref="ClearDirty"/> or a snapshot.</summary>
    /// <param name="offset">Byte offset in the block.</param>
    public bool IsDirty(ulong offset) => (_pages[offset >> PageShift] & PageState.Dirty) != 0;

    /// <summary>Forgets which pages were written, and catches the next write to each.</summary>
    public void ClearDirty()
    {
        foreach (ref PageState page in _pages.AsSpan())
            page &= ~PageState.Dirty;
        Protect();
    }

    /// <summary>A second block with the same content that shares every chunk until one of the two writes to it. O(chunks), no bytes are copied.</summary>
    public RamBlock Fork() => new(this);

    /// <summary>Takes a copy-on-write image of the content.</summary>
    public RamImage Capture()
    {
        var image = new RamImage(Array.ConvertAll(_chunks, static c => c.AddReference()), Size, Background);
        foreach (ref PageState page in _pages.AsSpan())
            page &= ~PageState.Dirty;
        Protect();
        return image;
    }

    /// <summary>Returns to the content of <paramref name="image"/>; only chunks that differ change.</summary>
    /// <param name="image">An image of a block of the same size.</param>
    public void Restore(RamImage image)
    {
        if (image.Size != Size)
            throw new SnapshotException($"memory '{Name}' has {Size} bytes, the snapshot {image.Size}");
        if (image.Background != Background)
            throw new SnapshotException($"memory '{Name}' is 0x{Background:x2} where it was never written, in the snapshot 0x{image.Background:x2}");
        ReadOnlySpan<RamChunk> saved = image.Chunks;
        for (int i = 0; i < _chunks.Length; i++)
        {
            if (ReferenceEquals(_chunks[i], saved[i]))
                continue;
            ulong offset = (ulong)i << ChunkShift;
            RamChunk old = _chunks[i];
            _chunks[i] = saved[i].AddReference();
            old.Release();
            ReportCode(offset, Math.Min(ChunkSize, Size - offset));
        }

        foreach (ref PageState page in _pages.AsSpan())
            page &= ~PageState.Dirty;
        Protect();
    }

    /// <summary>Whether every byte of the chunk that holds <paramref name="offset"/> is <see cref="Background"/>. A chunk that was never written is not read for that.</summary>
    /// <param name="offset">Byte offset in the block.</param>
    public bool IsBackgroundChunk(ulong offset)
    {
        if (IsUntouched(offset))
            return true;
        ulong start = offset & ~(ulong)(ChunkSize - 1);
        return !new ReadOnlySpan<byte>(ReadPointer(start), (int)Math.Min(ChunkSize, Size - start)).ContainsAnyExcept(Background);
    }

    /// <summary>Whether the chunk that holds <paramref name="offset"/> was never written, here or where it was forked from, and so is all <see cref="Background"/>.</summary>
    /// <param name="offset">Byte offset in the block.</param>
    internal bool IsUntouched(ulong offset) => !_chunks[offset >> ChunkShift].IsTouched;

    /// <summary>Releases the memory. Pointers into it are void.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (RamChunk chunk in _chunks)
            chunk.Release();
    }

    // Whoever translates marks the page, then reads it; the writer writes, then looks for the mark: one of the two sees the other.
    private void EndWrite(ulong offset, ulong count)
    {
        Interlocked.MemoryBarrier();
        if (IsCode(offset))
            CodeModified?.Invoke(this, offset, count);
    }

    // Several vCPUs change the state of one page at once; no change may be lost.
    private PageState Change(ulong offset, PageState set = PageState.None, PageState clear = PageState.None)
    {
        ref PageState page = ref _pages[offset >> PageShift];
        while (true)
        {
            PageState old = page;
            if (Interlocked.CompareExchange(ref page, (old | set) & ~clear, old) == old)
                return old;
        }
    }

    // One vCPU may begin to write through pointers while another begins to translate: one of the two must see the other.
    private bool TrySet(ulong offset, PageState set, PageState unless)
    {
        ref PageState page = ref _pages[offset >> PageShift];
        while (true)
        {
            PageState old = page;
            if ((old & unless) != 0)
                return false;
            if ((old & set) == set || Interlocked.CompareExchange(ref page, old | set, old) == old)
                return true;
        }
    }

    private void MakeWritable(ulong offset)
    {
        if (!IsDirty(offset))
            Change(offset, set: PageState.Dirty);
        if (_chunks[offset >> ChunkShift].IsShared)
            BreakSharing((int)(offset >> ChunkShift));
        RamChunk chunk = _chunks[offset >> ChunkShift];
        if (!chunk.IsTouched)
            chunk.IsTouched = true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void BreakSharing(int index)
    {
        if (Exclusive is { } exclusive)
            exclusive(() => Unshare(index));
        else
            Unshare(index);
    }

    private void Unshare(int index)
    {
        // another vCPU may have done it while this one waited for the others
        if (!_chunks[index].IsShared)
            return;
        RamChunk old = _chunks[index];
        var slab = new RamSlab(ChunkSize, 1);
        Buffer.MemoryCopy(old.Pointer, slab.Pointer, ChunkSize, ChunkSize);
        _chunks[index] = new RamChunk(slab, slab.Pointer) { IsTouched = true };
        old.Release();
        ulong offset = (ulong)index << ChunkShift;
        Remapped?.Invoke(this, offset, ChunkSize);
    }

    private void ReportCode(ulong offset, ulong count)
    {
        if (CodeModified is null)
            return;
        for (ulong page = offset; page < offset + count; page += PageSize)
        {
            if (IsCode(page))
                CodeModified(this, page, PageSize);
        }
    }

    private void Protect()
    {
        foreach (ref PageState page in _pages.AsSpan())
            page &= ~PageState.Mapped;
        Remapped?.Invoke(this, 0, Math.Max(Size, ChunkSize));
    }

    private void CheckRange(ulong offset, int count)
    {
        if (offset > Size || (ulong)count > Size - offset)
            throw new ArgumentOutOfRangeException(nameof(offset), $"{count} bytes at 0x{offset:x} lie outside memory '{Name}' of 0x{Size:x} bytes");
    }
}

/// <summary>The content of a <see cref="RamBlock"/> at one moment, shared with it until it writes.</summary>
public sealed class RamImage : IDisposable
{
    private RamChunk[]? _chunks;

    internal RamImage(RamChunk[] chunks, ulong size, byte background)
    {
        _chunks = chunks;
        Size = size;
        Background = background;
    }

    /// <summary>Bytes of the block it was taken from.</summary>
    public ulong Size { get; }

    internal byte Background { get; }

    internal ReadOnlySpan<RamChunk> Chunks => _chunks ?? throw new ObjectDisposedException(nameof(RamImage));

    /// <summary>Gives up the image; memory no block shares is freed.</summary>
    public void Dispose()
    {
        foreach (RamChunk chunk in Interlocked.Exchange(ref _chunks, null) ?? [])
            chunk.Release();
    }
}

using System.Runtime.InteropServices;

namespace Emulation.Core;

/// <summary>Native memory that chunks are cut from; freed when the last chunk is.</summary>
internal sealed unsafe class RamSlab
{
    // A small machine touches little of its memory: whole huge pages would cost it more than they save.
    private const nuint LargeSlab = 64 << 20;
    private readonly void* _base;
    private int _chunks;

    public RamSlab(nuint bytes, int chunks)
    {
        // calloc of a large block maps zero pages lazily, so untouched guest memory costs nothing
        nuint alignment = (nuint)(bytes >= LargeSlab ? HugePages.Size : RamBlock.PageSize);
        _base = NativeMemory.AllocZeroed(bytes + alignment);
        Pointer = (byte*)(((nuint)_base + alignment - 1) & ~(alignment - 1));
        _chunks = chunks;
        if (bytes >= LargeSlab)
            HugePages.Advise(Pointer, bytes);
    }

    ~RamSlab()
    {
        if (_chunks > 0)
            NativeMemory.Free(_base);
    }

    public byte* Pointer { get; }

    public void Release()
    {
        if (Interlocked.Decrement(ref _chunks) != 0)
            return;
        NativeMemory.Free(_base);
        GC.SuppressFinalize(this);
    }
}

/// <summary>A reference-counted piece of guest memory, shared by forks and snapshots until somebody writes.</summary>
internal sealed unsafe class RamChunk(RamSlab slab, byte* pointer)
{
    private int _references = 1;
    private volatile bool _touched;

    public byte* Pointer { get; } = pointer;

    public bool IsShared => Volatile.Read(ref _references) > 1;

    /// <summary>Whether a pointer for writing was ever given out: else it holds what it was filled with at first, and nobody need look.</summary>
    public bool IsTouched
    {
        get => _touched;
        set => _touched = value;
    }

    public RamChunk AddReference()
    {
        Interlocked.Increment(ref _references);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
            slab.Release();
    }
}

using System.Runtime.InteropServices;

namespace Emulation.Cpu;

/// <summary>Native memory for tier-0 operations: grows in pieces to a bound, freed as a whole.</summary>
internal sealed unsafe class CodeArena(long limit) : IDisposable
{
    private const int PieceSize = 1 << 18;
    private readonly List<nint> _pieces = [];
    private byte* _next;
    private byte* _end;

    /// <summary>Bytes allocated from the host.</summary>
    public long Size { get; private set; }

    /// <summary>Whether the bound is reached: the owner starts over.</summary>
    public bool IsFull => Size >= limit;

    /// <summary>Allocates 8-byte aligned memory.</summary>
    public byte* Allocate(int bytes)
    {
        bytes = (bytes + 7) & ~7;
        if (_end - _next < bytes)
        {
            int size = Math.Max(PieceSize, bytes);
            _next = (byte*)NativeMemory.Alloc((nuint)size);
            _end = _next + size;
            _pieces.Add((nint)_next);
            Size += size;
        }

        byte* result = _next;
        _next += bytes;
        return result;
    }

    public void Reset()
    {
        foreach (nint piece in _pieces)
            NativeMemory.Free((void*)piece);
        _pieces.Clear();
        _next = null;
        _end = null;
        Size = 0;
    }

    public void Dispose() => Reset();
}

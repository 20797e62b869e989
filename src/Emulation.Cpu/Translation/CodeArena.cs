using System.Runtime.InteropServices;

namespace Emulation.Cpu;

/// <summary>Native memory for tier-0 operations: grows in pieces to a bound, given up as a whole.</summary>
/// <param name="limit">The bound, in bytes.</param>
/// <param name="isQuiescent">Whether nobody can be inside code any more that was given up under a number.</param>
internal sealed unsafe class CodeArena(long limit, Func<long, bool> isQuiescent) : IDisposable
{
    private const int PieceSize = 1 << 18;
    private readonly Queue<(nint Piece, long Number)> _retired = [];
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
            FreeRetired();
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

    /// <summary>Starts over. A CPU that waits in the middle of code (for a device, for exclusive work of another) still comes back to it, so it is freed later.</summary>
    /// <param name="number">What <c>isQuiescent</c> is asked with.</param>
    public void Reset(long number)
    {
        foreach (nint piece in _pieces)
            _retired.Enqueue((piece, number));
        _pieces.Clear();
        _next = null;
        _end = null;
        Size = 0;
    }

    public void Dispose()
    {
        Reset(0);
        while (_retired.TryDequeue(out (nint Piece, long Number) retired))
            NativeMemory.Free((void*)retired.Piece);
    }

    private void FreeRetired()
    {
        long asked = -1;
        while (_retired.TryPeek(out (nint Piece, long Number) oldest) && (oldest.Number == asked || isQuiescent(oldest.Number)))
        {
            asked = oldest.Number;
            NativeMemory.Free((void*)_retired.Dequeue().Piece);
        }
    }
}

namespace Emulation.Storage;

/// <summary>A page of a cache, and which part of it is newer than the device below.</summary>
internal sealed class CachePage(long index, int size)
{
    public byte[] Bytes { get; } = new byte[size];

    public long Index { get; } = index;

    public int DirtyFrom { get; private set; } = size;

    public int DirtyTo { get; private set; }

    public bool IsDirty => DirtyTo > DirtyFrom;

    public void MarkDirty(int from, int to) => (DirtyFrom, DirtyTo) = (Math.Min(DirtyFrom, from), Math.Max(DirtyTo, to));

    public void MarkClean() => (DirtyFrom, DirtyTo) = (Bytes.Length, 0);
}

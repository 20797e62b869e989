namespace Emulation.Storage;

/// <summary>What a page of a table holds; decides when it may be written.</summary>
internal enum TablePageKind
{
    L2,
    Refcount,
}

/// <summary>A piece of a table in memory. Its owner reuses it: nobody keeps one over a call that may fetch another.</summary>
internal sealed class TablePage(int size)
{
    public byte[] Data { get; } = new byte[size];

    public long Offset { get; set; }

    public TablePageKind Kind { get; set; }

    public bool Dirty { get; set; }

    /// <summary>Used since the clock hand passed.</summary>
    public bool Used { get; set; }
}

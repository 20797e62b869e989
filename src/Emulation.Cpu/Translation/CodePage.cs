namespace Emulation.Cpu;

/// <summary>The blocks whose code begins on one page, and those that cross into it.</summary>
internal sealed class CodePage
{
    private const int LineShift = StateLayout.PageShift - 6;

    // One bit per 64th of the page that code was translated from, to tell writes to data beside it.
    private ulong _lines;

    public Dictionary<(ulong Pc, uint Mode), TranslationBlock> Blocks { get; } = [];

    public Dictionary<(ulong Pc, uint Mode), TranslationBlock> Singles { get; } = [];

    public HashSet<TranslationBlock> Crossing { get; } = [];

    public bool IsEmpty => Blocks.Count == 0 && Singles.Count == 0 && Crossing.Count == 0;

    /// <summary>Adds a block that begins on the page.</summary>
    public void Add(TranslationBlock block, bool single)
    {
        (single ? Singles : Blocks).Add((block.Pc, block.Mode), block);
        _lines |= LinesOf(block);
    }

    /// <summary>Adds a block that begins on the page before.</summary>
    public void AddCrossing(TranslationBlock block)
    {
        Crossing.Add(block);
        _lines |= 1;
    }

    /// <summary>Whether a write may have changed code.</summary>
    /// <param name="offset">First byte written; higher bits than those inside a page are ignored.</param>
    /// <param name="count">Bytes, all on the page.</param>
    public bool MayTouch(ulong offset, ulong count) => (_lines & Lines(offset, count)) != 0;

    /// <summary>Drops the blocks that match.</summary>
    public void RemoveWhere(Func<TranslationBlock, bool> match, Action<TranslationBlock> drop)
    {
        List<TranslationBlock>? dropped = null;
        foreach (TranslationBlock block in Blocks.Values)
            Choose(block);
        foreach (TranslationBlock block in Singles.Values)
            Choose(block);
        foreach (TranslationBlock block in Crossing)
            Choose(block);
        foreach (TranslationBlock block in dropped ?? [])
        {
            Forget(block);
            if (block.IsValid)
                drop(block);
        }

        void Choose(TranslationBlock block)
        {
            if (match(block))
                (dropped ??= []).Add(block);
        }
    }

    public void Forget(TranslationBlock block)
    {
        Remove(Blocks, block);
        Remove(Singles, block);
        Crossing.Remove(block);
    }

    private static ulong LinesOf(TranslationBlock block)
        => Lines(block.Offset, Math.Clamp((ulong)block.Bytes, 1, StateLayout.PageSize - (block.Offset & (StateLayout.PageSize - 1))));

    private static ulong Lines(ulong offset, ulong count)
    {
        int first = (int)((offset & (StateLayout.PageSize - 1)) >> LineShift);
        int last = (int)(((offset & (StateLayout.PageSize - 1)) + count - 1) >> LineShift);
        return (ulong.MaxValue << first) & (ulong.MaxValue >> (63 - last));
    }

    private static void Remove(Dictionary<(ulong Pc, uint Mode), TranslationBlock> from, TranslationBlock block)
    {
        if (from.TryGetValue((block.Pc, block.Mode), out TranslationBlock? found) && ReferenceEquals(found, block))
            from.Remove((block.Pc, block.Mode));
    }
}

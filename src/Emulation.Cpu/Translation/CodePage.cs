namespace Emulation.Cpu;

/// <summary>The blocks whose code begins on one page, and those that cross into it.</summary>
internal sealed class CodePage
{
    public Dictionary<(ulong Pc, uint Mode), TranslationBlock> Blocks { get; } = [];

    public Dictionary<(ulong Pc, uint Mode), TranslationBlock> Singles { get; } = [];

    public HashSet<TranslationBlock> Crossing { get; } = [];

    public bool IsEmpty => Blocks.Count == 0 && Singles.Count == 0 && Crossing.Count == 0;

    public bool RemoveWhere(Func<TranslationBlock, bool> match, Action<TranslationBlock> drop)
    {
        TranslationBlock[] dropped = [.. Blocks.Values.Where(match), .. Singles.Values.Where(match), .. Crossing.Where(match)];
        foreach (TranslationBlock block in dropped)
        {
            Forget(block);
            if (block.IsValid)
                drop(block);
        }

        return dropped.Length > 0;
    }

    public void Forget(TranslationBlock block)
    {
        Remove(Blocks, block);
        Remove(Singles, block);
        Crossing.Remove(block);
    }

    private static void Remove(Dictionary<(ulong Pc, uint Mode), TranslationBlock> from, TranslationBlock block)
    {
        if (from.TryGetValue((block.Pc, block.Mode), out TranslationBlock? found) && ReferenceEquals(found, block))
            from.Remove((block.Pc, block.Mode));
    }
}

namespace Emulation.Storage;

/// <content>More blocks: what lies where the table is to be moves to the end first, so that at no time anything is in two places or in none.</content>
internal abstract partial class TableMap
{
    public override bool CanResize => true;

    public override async ValueTask ReserveAsync(long length)
    {
        long blocks = ImageFields.Blocks(length, BlockSize);
        if (blocks > TableLayout.MaxEntries)
            throw Name.Error($"a disk of {length} bytes has {blocks} blocks of {BlockSize} bytes; {TableLayout.MaxEntries} are the most");
        if (blocks > _table.Count)
            await GrowTableAsync((int)blocks).ConfigureAwait(false);
    }

    /// <summary>Makes room for more entries behind the table. Until the header says so, they are not part of it.</summary>
    protected virtual async ValueTask GrowTableAsync(int blocks)
    {
        int old = _table.Count;
        long end = (Layout.TableOffset + (blocks * 4L) + ImageFields.Sector - 1) & -ImageFields.Sector;
        long dataStart = Math.Max(Layout.DataStart, Layout.Align(end));
        await EvacuateAsync(dataStart).ConfigureAwait(false);
        ReplaceTable(Layout with { Count = blocks, DataStart = dataStart }, 0);
        await WriteEntriesAsync(old).ConfigureAwait(false);
    }

    /// <summary>Moves the blocks that begin before a byte of the file to its end, and lets no more come there.</summary>
    protected async ValueTask EvacuateAsync(long dataStart)
    {
        await FlushAsync().ConfigureAwait(false);
        _free.RemoveWhere(place => place < dataStart);
        End = Math.Max(End, Layout.Align(dataStart));
        byte[] piece = new byte[Math.Min(Layout.Stride, 1 << 16)];
        foreach ((long from, int index) in Blocks())
        {
            if (from >= dataStart)
                break;
            long to = await AllocateAsync().ConfigureAwait(false) - Layout.Prefix;
            await MoveAsync(from, to, piece).ConfigureAwait(false);
            await SetAsync(index, new BlockEntry(BlockKind.Data, to + Layout.Prefix)).ConfigureAwait(false);
        }

        await FlushAsync().ConfigureAwait(false);
        _free.RemoveWhere(place => place < dataStart);
    }

    /// <summary>Another table in memory, whose entries of data are lower than before by a number.</summary>
    protected void ReplaceTable(TableLayout layout, uint shift) => (Layout, _table) = (layout, _table.With(layout, shift));

    /// <summary>Makes all entries of the table from one on durable.</summary>
    protected async ValueTask WriteEntriesAsync(int first)
    {
        await File.ReserveAsync(Layout.TableOffset + (Layout.Count * 4L)).ConfigureAwait(false);
        await _table.WriteFromAsync(first).ConfigureAwait(false);
        await File.FlushAsync().ConfigureAwait(false);
    }

    private async ValueTask MoveAsync(long from, long to, byte[] piece)
    {
        for (long done = 0; done < Layout.Stride; done += piece.Length)
        {
            Memory<byte> part = piece.AsMemory(0, (int)Math.Min(piece.Length, Layout.Stride - done));
            await File.ReadAsync(from + done, part).ConfigureAwait(false);
            await File.WriteAsync(to + done, part).ConfigureAwait(false);
        }
    }
}

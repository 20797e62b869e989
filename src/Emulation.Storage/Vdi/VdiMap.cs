using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>The map of a VDI image. Its header counts blocks; other programs append behind as many, so the count never is too small.</summary>
internal sealed class VdiMap : TableMap
{
    private VdiHeader _header;
    private uint _count;

    private VdiMap(HostFile file, ImageName name, VdiHeader header, TableLayout layout, AllocationTable table)
        : base(file, name, layout, table) => (_header, _count) = (header, header.BlocksAllocated);

    private uint Count => (uint)((End - Layout.DataStart) / Layout.Stride);

    public static async ValueTask<VdiMap> OpenAsync(HostFile file, VdiHeader header, ImageName name)
    {
        TableLayout layout = header.ToLayout();
        return new VdiMap(file, name, header, layout, await AllocationTable.ReadAsync(file, layout, name).ConfigureAwait(false));
    }

    protected override ValueTask<bool> BeforeTableAsync() => Count > _count ? WriteCountAsync() : new(false);

    protected override ValueTask<bool> AfterTableAsync() => Count != _count ? WriteCountAsync() : new(false);

    public override async ValueTask ReserveAsync(long length)
    {
        int old = Layout.Count;
        await base.ReserveAsync(length).ConfigureAwait(false);
        for (long index = old; _header.Fixed && index < Layout.Count; index++)
        {
            long host = await AllocateAsync().ConfigureAwait(false);
            await File.ZeroAsync(host, BlockSize).ConfigureAwait(false);
            await SetAsync(index, new BlockEntry(BlockKind.Data, host)).ConfigureAwait(false);
        }
    }

    // the header is one sector: it tells of the new table and the new size at once
    public override async ValueTask WriteSizeAsync(long length)
    {
        _header = _header with
        {
            DiskSize = length,
            Blocks = (uint)Layout.Count,
            TableOffset = (uint)Layout.TableOffset,
            DataOffset = (uint)Layout.DataStart,
            BlocksAllocated = Count,
        };
        await File.WriteAsync(0, _header.ToChangedBytes()).ConfigureAwait(false);
        await File.FlushAsync().ConfigureAwait(false);
        _count = Count;
    }

    // entries count from the first block: where that changes, a second table takes the place of the first blocks
    protected override async ValueTask GrowTableAsync(int blocks)
    {
        TableLayout old = Layout;
        if (old.TableOffset + (blocks * 4L) <= old.DataStart)
        {
            ReplaceTable(old with { Count = blocks }, 0);
            await WriteEntriesAsync(old.Count).ConfigureAwait(false);
            return;
        }

        uint gone = (uint)ImageFields.Blocks(blocks * 4L, old.BlockSize);
        long dataStart = old.DataStart + (gone * (long)old.BlockSize);
        if (dataStart > uint.MaxValue)
            throw Name.Error($"a table of {blocks} blocks has no room");
        await EvacuateAsync(dataStart).ConfigureAwait(false);
        ReplaceTable(old with { TableOffset = old.DataStart, Count = blocks, DataStart = dataStart, Base = dataStart }, gone);
        await WriteEntriesAsync(0).ConfigureAwait(false);
        // before anything else is written by the new table
        await WriteSizeAsync(_header.DiskSize).ConfigureAwait(false);
    }

    private async ValueTask<bool> WriteCountAsync()
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Count);
        await File.WriteAsync(VdiHeader.BlocksAllocatedOffset, bytes).ConfigureAwait(false);
        _count = Count;
        return true;
    }
}

namespace Emulation.Storage;

/// <summary>The map of a Parallels image. The mark of an image that was not closed goes once the table, which is sound, is written.</summary>
internal sealed class ParallelsMap : TableMap
{
    private ParallelsHeader _header;
    private bool _marked;

    private ParallelsMap(HostFile file, ImageName name, ParallelsHeader header, TableLayout layout, AllocationTable table)
        : base(file, name, layout, table) => (_header, _marked) = (header, header.InUse);

    public static async ValueTask<ParallelsMap> OpenAsync(HostFile file, ParallelsHeader header, ImageName name)
    {
        TableLayout layout = header.ToLayout();
        return new ParallelsMap(file, name, header, layout, await AllocationTable.ReadAsync(file, layout, name).ConfigureAwait(false));
    }

    public override async ValueTask ReserveAsync(long length)
    {
        if (_header.CountsSectors && length / ImageFields.Sector > uint.MaxValue)
            throw Name.Error($"a disk of {length} bytes has more sectors than 32 bits can count");
        await base.ReserveAsync(length).ConfigureAwait(false);
    }

    public override async ValueTask WriteSizeAsync(long length)
    {
        _header = _header with { DiskSize = length, Blocks = (uint)Layout.Count, DataOffset = Layout.DataStart };
        await File.WriteAsync(0, _header.ToChangedBytes()).ConfigureAwait(false);
        await File.FlushAsync().ConfigureAwait(false);
    }

    protected override async ValueTask<bool> AfterTableAsync()
    {
        if (!_marked)
            return false;
        await File.WriteAsync(ParallelsHeader.InUseOffset, new byte[4]).ConfigureAwait(false);
        _header.Bytes.AsSpan(ParallelsHeader.InUseOffset, 4).Clear();
        _marked = false;
        return true;
    }
}

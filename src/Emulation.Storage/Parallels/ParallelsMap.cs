namespace Emulation.Storage;

/// <summary>The map of a Parallels image. The mark of an image that was not closed goes once the table, which is sound, is written.</summary>
internal sealed class ParallelsMap : TableMap
{
    private bool _marked;

    private ParallelsMap(HostFile file, ImageName name, ParallelsHeader header, TableLayout layout, AllocationTable table)
        : base(file, name, layout, table) => _marked = header.InUse;

    public static async ValueTask<ParallelsMap> OpenAsync(HostFile file, ParallelsHeader header, ImageName name)
    {
        TableLayout layout = header.ToLayout();
        return new ParallelsMap(file, name, header, layout, await AllocationTable.ReadAsync(file, layout, name).ConfigureAwait(false));
    }

    protected override async ValueTask<bool> AfterTableAsync()
    {
        if (!_marked)
            return false;
        await File.WriteAsync(ParallelsHeader.InUseOffset, new byte[4]).ConfigureAwait(false);
        _marked = false;
        return true;
    }
}

namespace Emulation.Storage;

/// <summary>The map of a dynamic VHD image. The footer behind the last block moves with it; its copy at the start of the file stays.</summary>
internal sealed class VhdMap : TableMap
{
    private readonly byte[] _footer;
    private readonly byte[] _bitmap;

    // where the footer is; -1 when it is to be written anew
    private long _footerAt;

    private VhdMap(HostFile file, ImageName name, VhdFooter footer, VhdSparseHeader header, TableLayout layout, AllocationTable table)
        : base(file, name, layout, table)
    {
        _footer = footer.Bytes;
        _footerAt = End;
        // all sectors of a block are there
        _bitmap = new byte[header.BitmapSize];
        _bitmap.AsSpan().Fill(0xff);
    }

    public static async ValueTask<VhdMap> OpenAsync(HostFile file, VhdFooter footer, VhdSparseHeader header, ImageName name)
    {
        TableLayout layout = header.ToLayout(footer.DataOffset);
        return new VhdMap(file, name, footer, header, layout, await AllocationTable.ReadAsync(file, layout, name).ConfigureAwait(false));
    }

    protected override ValueTask PrepareAsync(long place)
    {
        // the footer is where the next block comes to be
        _footerAt = -1;
        return File.WriteAsync(place, _bitmap);
    }

    protected override async ValueTask<bool> AfterTableAsync()
    {
        if (_footerAt == End)
            return false;
        await File.WriteAsync(End, _footer).ConfigureAwait(false);
        await File.CutAsync(End + VhdFooter.Length).ConfigureAwait(false);
        _footerAt = End;
        return true;
    }

    protected override long FileEnd => End + VhdFooter.Length;
}

namespace Emulation.Storage;

/// <summary>The map of a dynamic or differencing VHD image. The footer behind the last block moves with it; its copy at the start of the file stays.</summary>
internal sealed class VhdMap : SectorBitmapMap
{
    private readonly bool _differencing;

    // where the footer is; -1 when it is to be written anew
    private long _footerAt;

    private VhdMap(HostFile file, ImageName name, VhdFooter footer, TableLayout layout, AllocationTable table, IBlockDevice? parent)
        : base(file, name, layout, table, highBitFirst: true, parent)
    {
        Footer = footer;
        _differencing = footer.Type == VhdFooter.TypeDifferencing;
        _footerAt = End;
    }

    public VhdFooter Footer { get; private set; }

    // no entry hides the parent
    public override bool CanUnmap => !_differencing;

    public override bool HasZero => !_differencing;

    // a child has the size of its parent
    public override bool CanResize => !_differencing;

    public override bool IsLinked => _differencing;

    protected override bool HasBitmaps => _differencing;

    /// <summary>Opens the table. What the bitmaps of a dynamic image say is ignored, as by other programs: a block is there or not.</summary>
    public static async ValueTask<VhdMap> OpenAsync(HostFile file, VhdFooter footer, VhdSparseHeader header, IBlockDevice? parent, ImageName name)
    {
        TableLayout layout = header.ToLayout(footer.DataOffset);
        return new VhdMap(file, name, footer, layout, await AllocationTable.ReadAsync(file, layout, name).ConfigureAwait(false), parent);
    }

    public override async ValueTask ReserveAsync(long length)
    {
        if (length > VhdFooter.MaxDiskSize)
            throw Name.Error($"a disk of {length} bytes is too large; {VhdFooter.MaxDiskSize} bytes are the most");
        int old = Layout.Count;
        await base.ReserveAsync(length).ConfigureAwait(false);
        // more blocks than the disk needs do no harm
        if (Layout.Count > old)
            await VhdSparseHeader.WriteBlocksAsync(File, Footer.DataOffset, (uint)Layout.Count).ConfigureAwait(false);
    }

    // the footer at the start decides
    public override async ValueTask WriteSizeAsync(long length)
    {
        Footer = Footer.WithSize(length);
        await File.WriteAsync(0, Footer.Bytes).ConfigureAwait(false);
        await File.FlushAsync().ConfigureAwait(false);
        _footerAt = -1;
        await AfterTableAsync().ConfigureAwait(false);
        await File.FlushAsync().ConfigureAwait(false);
    }

    // the time at which the parent was made, which stays; the time of its last change is not known before it is closed
    public override ValueTask RelinkAsync(IBlockDevice backing)
        => VhdSparseHeader.WriteParentTimeAsync(File, Footer.DataOffset, VhdParentOpener.FooterOf((BlockDevice)backing).Time);

    protected override ValueTask PrepareAsync(long place)
    {
        // the footer is where the next block comes to be
        _footerAt = -1;
        return base.PrepareAsync(place);
    }

    protected override async ValueTask<bool> AfterTableAsync()
    {
        if (_footerAt == End)
            return false;
        await File.WriteAsync(End, Footer.Bytes).ConfigureAwait(false);
        await File.CutAsync(End + VhdFooter.Length).ConfigureAwait(false);
        _footerAt = End;
        return true;
    }

    protected override long FileEnd => End + VhdFooter.Length;
}

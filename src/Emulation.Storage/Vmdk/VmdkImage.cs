namespace Emulation.Storage;

/// <summary>A VMware image: extents one after another, and perhaps an image below that shows through all of them.</summary>
internal sealed class VmdkImage : BlockDevice, IPackedTarget, IImageOfFiles, ILayer, IDescribed, IMappedDisk
{
    private readonly ImageName _name;
    private readonly VmdkExtent[] _extents;
    private readonly IReadOnlyList<IDisposable> _files;
    private readonly VmdkContentId? _contentId;
    private readonly VmdkPackedDisk? _packed;

    /// <param name="name">For messages.</param>
    /// <param name="extents">In the order of the disk, without gaps.</param>
    /// <param name="files">What is open besides the extents' own files, and closed after these.</param>
    /// <param name="contentId">To be changed with the first write; null when it is not.</param>
    /// <param name="readOnly">Whether changes are refused.</param>
    public VmdkImage(ImageName name, IReadOnlyList<VmdkExtent> extents, IReadOnlyList<IDisposable> files, VmdkContentId? contentId, bool readOnly)
    {
        (_name, _extents, _files, _contentId, ReadOnly) = (name, [.. extents], files, contentId, readOnly);
        Length = extents[^1].End;
        _packed = extents.Count == 1 ? extents[0].Device as VmdkPackedDisk : null;
    }

    public override long Length { get; }

    public override bool ReadOnly { get; }

    public override bool AllowsConcurrentCalls => ReadOnly && Array.TrueForAll(_extents, e => e.Device.AllowsConcurrentCalls);

    /// <summary>What the content is called; null where nothing says it.</summary>
    public uint? ContentId => _contentId?.Current ?? FirstContentId;

    /// <summary>What it was called when the image was opened.</summary>
    public uint? FirstContentId { get; init; }

    /// <summary>Where the name of the content of the image below is recorded; null without one.</summary>
    public VmdkContentId? ParentContentId { get; init; }

    public IBlockDevice? Backing => Parent;

    /// <summary>The image below.</summary>
    public VmdkImage? Parent { get; init; }

    public DiskImageInfo Info { get; init; } = new() { Format = "vmdk" };

    public bool IsLinked => Parent is not null;

    public IReadOnlyList<string> MoreFiles { get; init; } = [];

    public bool CanCompress => _packed is not null;

    public int ClusterSize => _packed?.GrainSize ?? 4096;

    public int PackedLimit => _packed?.PackedLimit ?? ClusterSize;

    public ClusterCompressor CreateCompressor() => new DeflateCompressor(framed: true);

    public async ValueTask WritePackedAsync(long offset, ReadOnlyMemory<byte> packed, CancellationToken cancellationToken)
    {
        CheckWritable();
        await BeginAsync().ConfigureAwait(false);
        await _packed!.WritePackedAsync(offset, packed, cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            foreach (VmdkExtent extent in _extents)
                await extent.Device.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            // what is left after a failure too
            Dispose();
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (int i = Find(offset); !buffer.IsEmpty; i++)
        {
            VmdkExtent extent = _extents[i];
            int count = (int)Math.Min(buffer.Length, extent.End - offset);
            await extent.Device.ReadAsync(offset - extent.Start, buffer[..count], cancellationToken).ConfigureAwait(false);
            offset += count;
            buffer = buffer[count..];
        }
    }

    protected override async ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await BeginAsync().ConfigureAwait(false);
        for (int i = Find(offset); !buffer.IsEmpty; i++)
        {
            int count = (int)Math.Min(buffer.Length, _extents[i].End - offset);
            await Writable(i, offset).WriteAsync(offset - _extents[i].Start, buffer[..count], cancellationToken).ConfigureAwait(false);
            offset += count;
            buffer = buffer[count..];
        }
    }

    protected override async ValueTask FlushCoreAsync(CancellationToken cancellationToken)
    {
        foreach (VmdkExtent extent in _extents)
            await extent.Device.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async ValueTask DiscardCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        await BeginAsync().ConfigureAwait(false);
        for (int i = Find(offset); length > 0; i++)
        {
            long count = Math.Min(length, _extents[i].End - offset);
            if (!_extents[i].IsZero)
                await Writable(i, offset).DiscardAsync(offset - _extents[i].Start, count, cancellationToken).ConfigureAwait(false);
            offset += count;
            length -= count;
        }
    }

    protected override async ValueTask WriteZeroesCoreAsync(long offset, long length, bool mayUnmap, CancellationToken cancellationToken)
    {
        await BeginAsync().ConfigureAwait(false);
        for (int i = Find(offset); length > 0; i++)
        {
            long count = Math.Min(length, _extents[i].End - offset);
            if (!_extents[i].IsZero)
                await Writable(i, offset).WriteZeroesAsync(offset - _extents[i].Start, count, mayUnmap, cancellationToken).ConfigureAwait(false);
            offset += count;
            length -= count;
        }
    }

    protected override async ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        VmdkExtent extent = _extents[Find(offset)];
        return await extent.Device.GetStatusAsync(offset - extent.Start, Math.Min(length, extent.End - offset), cancellationToken).ConfigureAwait(false);
    }

    protected override void Close()
    {
        // every file is closed, whatever happens to the others
        Exception? failure = null;
        foreach (IDisposable file in _extents.Select(IDisposable (e) => e.Device).Concat(_files))
        {
            try
            {
                file.Dispose();
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                failure ??= e;
            }
        }

        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    public async ValueTask<DiskExtent> MapAsync(long offset, long length)
    {
        VmdkExtent extent = _extents[Find(offset)];
        length = Math.Min(length, extent.End - offset);
        if (extent.Device is not IMappedDisk disk)
        {
            BlockRun run = await GetOwnStatusAsync(offset, length).ConfigureAwait(false);
            bool zero = (run.Status & BlockStatus.Zero) != 0;
            return new DiskExtent(offset, run.Length, 0, true, zero, !zero, false, null);
        }

        DiskExtent found = await disk.MapAsync(offset - extent.Start, length).ConfigureAwait(false);
        // the place counts in the file of the extent
        return found with { Start = offset, Offset = extent.Type.Length == 0 ? found.Offset : null };
    }

    public async ValueTask<BlockRun> GetOwnStatusAsync(long offset, long length)
    {
        VmdkExtent extent = _extents[Find(offset)];
        length = Math.Min(length, extent.End - offset);
        if (extent.Device is ILayer layer)
            return await layer.GetOwnStatusAsync(offset - extent.Start, length).ConfigureAwait(false);
        BlockRun run = await extent.Device.GetStatusAsync(offset - extent.Start, length).ConfigureAwait(false);
        return run with { Status = run.Status | BlockStatus.Allocated };
    }

    public async ValueTask RelinkAsync()
    {
        if (Parent is null)
            return;
        if (!Parent.ReadOnly)
            await Parent.BeginAsync().ConfigureAwait(false);
        if (ParentContentId is null || Parent.ContentId is not { } id)
            throw _name.Error("the content identifier of the image below cannot be recorded");
        await ParentContentId.WriteAsync(id, _name).ConfigureAwait(false);
    }

    private ValueTask BeginAsync() => _contentId?.ChangeAsync() ?? ValueTask.CompletedTask;

    private BlockDevice Writable(int index, long offset)
    {
        VmdkExtent extent = _extents[index];
        return !extent.Device.ReadOnly ? extent.Device
            : throw _name.At(extent.At, $"byte 0x{offset:x} of the disk lies in an extent {(extent.IsZero ? "of zeros, which cannot be written" : "that is read-only")}");
    }

    private int Find(long offset)
    {
        int low = 0;
        for (int high = _extents.Length - 1; low < high;)
        {
            int middle = (low + high) / 2;
            if (offset < _extents[middle].End)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}

namespace Emulation.Storage;

/// <summary>An open qcow2 image. <see cref="DiskImage"/> opens and creates them.</summary>
/// <remarks>
/// Writes are ordered so that the image is consistent whenever the host stops: clusters may then be counted as used that are not
/// (<see cref="DiskImage.Check"/> gives them back), never the other way, and all that was flushed is there.
/// </remarks>
public sealed partial class Qcow2Image : BlockDevice, IPackedTarget, IRebasable, IDescribed
{
    private readonly Qcow2Metadata _metadata;
    private readonly Qcow2Mapper _mapper;
    private readonly Qcow2Reader _reader;
    private readonly Qcow2Writer _writer;
    private readonly ClusterCompressor _compressor;
    private readonly Qcow2Resizer _resizer;
    private readonly Qcow2Snapshots _snapshots;
    private readonly Qcow2Bitmaps _bitmaps;
    private bool _closed;

    internal Qcow2Image(Qcow2Metadata metadata, IBlockDevice? backing, List<Qcow2Snapshot> snapshots, long snapshotTableLength, Qcow2Bitmaps bitmaps, bool readOnly)
    {
        _metadata = metadata;
        _mapper = new Qcow2Mapper(metadata);
        _compressor = CompressorOf(metadata);
        _reader = new Qcow2Reader(metadata, _mapper, _compressor, backing);
        _writer = new Qcow2Writer(metadata, _mapper, _reader, _compressor);
        _resizer = new Qcow2Resizer(metadata, _reader, _writer);
        _snapshots = new Qcow2Snapshots(metadata, _mapper, _writer, bitmaps, snapshots, snapshotTableLength);
        _bitmaps = bitmaps;
        ReadOnly = readOnly;
    }

    /// <inheritdoc/>
    public override long Length => _metadata.Header.Size;

    /// <inheritdoc/>
    public override bool ReadOnly { get; }

    /// <inheritdoc/>
    public override bool CanResize => !ReadOnly;

    /// <inheritdoc/>
    public override BlockHints Hints => BlockHints.Default with { OptimalTransferSize = ClusterSize };

    /// <summary>Version of the format: 2 or 3.</summary>
    public int Version => _metadata.Header.Version;

    /// <summary>Bytes of a cluster.</summary>
    public int ClusterSize => _metadata.Geometry.ClusterSize;

    /// <summary>Width of a reference count in bits.</summary>
    public int RefcountBits => 1 << _metadata.Header.RefcountOrder;

    /// <summary>Whether subclusters are allocated one by one.</summary>
    public bool ExtendedL2 => _metadata.Geometry.ExtendedL2;

    /// <summary>Whether reference counts are written late.</summary>
    public bool LazyRefcounts => _metadata.Header.LazyRefcounts;

    /// <summary>How compressed clusters are compressed.</summary>
    public Qcow2Compression Compression => (Qcow2Compression)_metadata.Header.CompressionType;

    /// <summary>Whether the guest's data are encrypted.</summary>
    public bool IsEncrypted => _metadata.Encryption is not null;

    /// <summary>The image below, by the name that is recorded; null without one.</summary>
    public string? BackingFile => _metadata.Header.BackingFile;

    /// <summary>The recorded format of the image below.</summary>
    public string? BackingFormat => _metadata.Header.BackingFormat;

    /// <summary>The file with the guest's data, by the name that is recorded; null when the image holds them itself.</summary>
    public string? DataFile => _metadata.Header.DataFile;

    /// <summary>The image below, open for reading; null without one.</summary>
    public IBlockDevice? Backing => _reader.Backing;

    /// <summary>Writes one cluster compressed, or as it is where that takes no less room. Meant for images that are written once.</summary>
    /// <param name="offset">Start of a cluster.</param>
    /// <param name="cluster">A whole cluster; the last one may be shorter.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask WriteCompressedAsync(long offset, ReadOnlyMemory<byte> cluster, CancellationToken cancellationToken = default)
    {
        CheckWritable();
        if (offset < 0 || offset >= Length || _metadata.Geometry.Within(offset) != 0)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"no cluster of {ClusterSize} bytes begins here");
        if (cluster.Length != Math.Min(ClusterSize, Length - offset))
            throw new ArgumentException($"a cluster here has {Math.Min(ClusterSize, Length - offset)} bytes, not {cluster.Length}", nameof(cluster));
        return WriteCompressedCoreAsync(offset, cluster, cancellationToken);
    }

    /// <summary>Checks the image's tables and reference counts, after writing what waits in memory.</summary>
    public async ValueTask<DiskCheckResult> CheckAsync()
    {
        if (!ReadOnly)
            await _metadata.SettleAsync().ConfigureAwait(false);
        return await new Qcow2Checker(_metadata.File, _metadata.Header, _metadata.Name).RunAsync(DiskRepair.None).ConfigureAwait(false);
    }

    /// <summary>Gives the parts of the disk that have no place in the file one each. The content stays as it is; nothing must show through from below there.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes; whole clusters are taken.</param>
    /// <param name="mode">What is done with the places; <see cref="DiskPreallocation.Falloc"/> is as <see cref="DiskPreallocation.Metadata"/> here.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async ValueTask PreallocateAsync(long offset, long length, DiskPreallocation mode, CancellationToken cancellationToken = default)
    {
        if (offset < 0 || offset > Length || length < 0 || length > Length - offset)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"the range leaves a device of {Length} bytes");
        CheckWritable();
        if (mode == DiskPreallocation.Off || length == 0)
            return;
        if (!ExtendedL2 && offset < _reader.BackingEnd)
            throw _metadata.Name.Error("space for what shows through from below can be taken with extended L2 entries only");
        await new Qcow2Preallocator(_metadata, _mapper).RunAsync(offset, length, mode, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (!ReadOnly && !_closed)
        {
            try
            {
                await _metadata.CloseAsync(_bitmaps).ConfigureAwait(false);
            }
            finally
            {
                _closed = true;
                Dispose();
            }
        }

        await base.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>What the image lies on.</summary>
    internal IBlockDevice File => _metadata.File.Device;

    bool IPackedTarget.CanCompress => _metadata.DataFile is null && _metadata.Encryption is null;

    int IPackedTarget.PackedLimit => ClusterSize;

    internal int CachedPages => _metadata.Cache.Count;

    /// <summary>Where the bytes from an offset on lie.</summary>
    internal ValueTask<Qcow2Run> MapAsync(long offset, long length) => _mapper.MapAsync(_metadata.L1, offset, length);

    ClusterCompressor IPackedTarget.CreateCompressor() => CompressorOf(_metadata);

    async ValueTask IPackedTarget.WritePackedAsync(long offset, ReadOnlyMemory<byte> packed, CancellationToken cancellationToken)
    {
        CheckWritable();
        await RecordAsync(offset, Math.Min(ClusterSize, Length - offset)).ConfigureAwait(false);
        await _writer.WritePackedAsync(offset, packed, cancellationToken).ConfigureAwait(false);
    }

    internal void ClaimTables() => _metadata.ClaimTables(_snapshots.Tables);

    /// <inheritdoc/>
    protected override ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => _reader.ReadAsync(_metadata.L1, offset, buffer, cancellationToken);

    /// <inheritdoc/>
    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => _bitmaps.IsEmpty
            ? _writer.WriteAsync(offset, buffer, cancellationToken)
            : WriteRecordedAsync(offset, buffer, cancellationToken);

    /// <inheritdoc/>
    protected override ValueTask FlushCoreAsync(CancellationToken cancellationToken) => _metadata.FlushAsync();

    /// <inheritdoc/>
    protected override ValueTask DiscardCoreAsync(long offset, long length, CancellationToken cancellationToken)
        => ZeroAsync(offset, length, Qcow2Zeroing.Discard, cancellationToken);

    /// <inheritdoc/>
    protected override ValueTask WriteZeroesCoreAsync(long offset, long length, bool mayUnmap, CancellationToken cancellationToken)
        => ZeroAsync(offset, length, mayUnmap ? Qcow2Zeroing.Unmap : Qcow2Zeroing.Keep, cancellationToken);

    /// <inheritdoc/>
    protected override async ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        Qcow2Run run = await _mapper.MapAsync(_metadata.L1, offset, length).ConfigureAwait(false);
        return await _reader.StatusAsync(run, offset, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override ValueTask ResizeCoreAsync(long length, CancellationToken cancellationToken)
        => _bitmaps.IsEmpty ? _resizer.ResizeAsync(length, cancellationToken) : _bitmaps.ResizeAsync(length, () => _resizer.ResizeAsync(length, cancellationToken));

    /// <inheritdoc/>
    protected override void Close()
    {
        try
        {
            if (!ReadOnly && !_closed)
                Blocking.Wait(_metadata.CloseAsync(_bitmaps));
        }
        finally
        {
            _closed = true;
            _reader.Dispose();
            _compressor.Dispose();
            _metadata.Encryption?.Cipher.Dispose();
            _metadata.DataFile?.Dispose();
            _metadata.File.Dispose();
        }
    }

    private async ValueTask ZeroAsync(long offset, long length, Qcow2Zeroing how, CancellationToken cancellationToken)
    {
        await RecordAsync(offset, length).ConfigureAwait(false);
        await _writer.ZeroAsync(offset, length, how, cancellationToken).ConfigureAwait(false);
    }

    private static ClusterCompressor CompressorOf(Qcow2Metadata metadata)
        => metadata.Header.CompressionType == 0 ? new DeflateCompressor(framed: false) : new ZstdCompressor();
}

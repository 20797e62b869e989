namespace Emulation.Storage;

/// <summary>A copy-on-write layer in memory: reads fall through to the image below, writes stay here and vanish with the layer.</summary>
public sealed class OverlayDisk : VolatileDisk
{
    private readonly IBlockDevice _below;
    private readonly bool _leaveOpen;

    /// <summary>Creates a layer without changes.</summary>
    /// <param name="below">The image below; nobody may change it while the layer exists.</param>
    /// <param name="leaveOpen">Whether disposing the layer leaves the image open.</param>
    public OverlayDisk(IBlockDevice below, bool leaveOpen = false) : this(below, leaveOpen, new ClusterMap()) { }

    private OverlayDisk(IBlockDevice below, bool leaveOpen, ClusterMap map)
        : base((below ?? throw new ArgumentNullException(nameof(below))).Length, map)
    {
        _below = below;
        _leaveOpen = leaveOpen;
    }

    /// <inheritdoc/>
    public override BlockHints Hints => _below.Hints;

    /// <inheritdoc/>
    public override IVolatileBlockDevice Fork() => new OverlayDisk(_below, leaveOpen: true, Map.Fork());

    /// <inheritdoc/>
    protected override void Close()
    {
        Map.Clear();
        if (!_leaveOpen)
            _below.Dispose();
    }

    private protected override ValueTask ReadBelowAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => _below.ReadAsync(offset, buffer, cancellationToken);

    private protected override async ValueTask<BlockRun> GetStatusBelowAsync(long offset, long length, CancellationToken cancellationToken)
    {
        BlockRun run = await _below.GetStatusAsync(offset, length, cancellationToken).ConfigureAwait(false);
        return run with { Status = run.Status & ~BlockStatus.Allocated };
    }

    private protected override void Zero(long index) => Map.Set(index, null);
}

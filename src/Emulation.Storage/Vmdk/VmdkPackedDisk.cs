using System.Buffers;

namespace Emulation.Storage;

/// <summary>A sparse extent with compressed grains. A grain that is written goes to the end of the file; where it was before stays lost.</summary>
internal sealed class VmdkPackedDisk(VmdkGrainMap map, VmdkHeader header, ImageName name, long length, IBlockDevice? backing, bool readOnly) : TableDisk, ILayer, IMappedDisk
{
    private const int MaxDataRun = 4 << 20;

    private readonly DeflateCompressor _compressor = new(framed: true);

    // the grain that was read last in part
    private CachedGrain? _cached;
    private byte[] _packed = [];

    public override long Length => length;

    public override bool ReadOnly => readOnly;

    public override BlockHints Hints => BlockHints.Default;

    // reading changes nothing but the cached grain, which one caller at a time takes away
    public override bool AllowsConcurrentCalls => readOnly && map.File.Device.AllowsConcurrentCalls && backing?.AllowsConcurrentCalls != false;

    public override IBlockDevice? Backing => backing;

    protected override BlockMap Tables => map;

    public int GrainSize => header.GrainSize;

    /// <summary>Room for what deflate makes of a grain that it cannot compress.</summary>
    public int PackedLimit => header.GrainSize + (header.GrainSize >> 10) + 64;

    /// <summary>Writes one grain that has been compressed elsewhere.</summary>
    public async ValueTask WritePackedAsync(long offset, ReadOnlyMemory<byte> packed, CancellationToken cancellationToken)
    {
        int total = (VmdkMarker.GrainLength + packed.Length + ImageFields.Sector - 1) & -ImageFields.Sector;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(total);
        try
        {
            VmdkMarker.WriteGrain(bytes, offset, packed.Length);
            packed.Span.CopyTo(bytes.AsSpan(VmdkMarker.GrainLength));
            bytes.AsSpan(VmdkMarker.GrainLength + packed.Length, total - VmdkMarker.GrainLength - packed.Length).Clear();
            long host = await map.AppendAsync(offset / GrainSize, total).ConfigureAwait(false);
            await map.File.WriteAsync(host, bytes.AsMemory(0, total), cancellationToken).ConfigureAwait(false);
            _cached = null;
            await map.SetAsync(offset / GrainSize, new BlockEntry(BlockKind.Data, host)).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            (long index, int within, int count) = Part(offset, buffer.Length);
            Memory<byte> part = buffer[..count];
            BlockEntry entry = await map.GetAsync(index).ConfigureAwait(false);
            if (entry.Kind == BlockKind.Data)
                await ReadGrainAsync(index, entry.Host, within, part, cancellationToken).ConfigureAwait(false);
            else if (entry.Kind == BlockKind.None)
                await ReadBelowAsync(offset, part, cancellationToken).ConfigureAwait(false);
            else
                part.Span.Clear();
            offset += count;
            buffer = buffer[count..];
        }
    }

    protected override async ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        byte[] grain = ArrayPool<byte>.Shared.Rent(GrainSize);
        try
        {
            while (!buffer.IsEmpty)
            {
                (long index, int within, int count) = Part(offset, buffer.Length);
                long start = index * GrainSize;
                int present = (int)Math.Min(GrainSize, length - start);
                grain.AsSpan(present, GrainSize - present).Clear();
                if (count < present)
                    await ReadCoreAsync(start, grain.AsMemory(0, present), cancellationToken).ConfigureAwait(false);
                buffer.Span[..count].CopyTo(grain.AsSpan(within));
                if (_packed.Length == 0)
                    _packed = new byte[PackedLimit];
                int packed = _compressor.Compress(grain.AsMemory(0, GrainSize), _packed);
                await WritePackedAsync(start, _packed.AsMemory(0, packed), cancellationToken).ConfigureAwait(false);
                offset += count;
                buffer = buffer[count..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(grain);
        }
    }

    protected override ValueTask FlushCoreAsync(CancellationToken cancellationToken) => map.FlushAsync();

    protected override async ValueTask DiscardCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        for (long end = offset + length; map.CanUnmap && offset < end;)
        {
            (long index, _, int count) = Part(offset, end - offset);
            if (IsWhole(offset, count))
                await UnmapAsync(index).ConfigureAwait(false);
            offset += count;
        }
    }

    protected override async ValueTask WriteZeroesCoreAsync(long offset, long length, bool mayUnmap, CancellationToken cancellationToken)
    {
        for (long end = offset + length; offset < end;)
        {
            (long index, _, int count) = Part(offset, end - offset);
            BlockKind kind = (await map.GetAsync(index).ConfigureAwait(false)).Kind;
            bool isZero = kind == BlockKind.Zero || (kind == BlockKind.None && offset >= BackingEnd);
            // what takes the place of data takes no room either
            if (!isZero && map.CanUnmap && IsWhole(offset, count))
                await UnmapAsync(index).ConfigureAwait(false);
            else if (!isZero)
                await base.WriteZeroesCoreAsync(offset, count, mayUnmap, cancellationToken).ConfigureAwait(false);
            offset += count;
        }
    }

    public async ValueTask<DiskExtent> MapAsync(long offset, long length)
    {
        BlockRun run = await GetOwnStatusAsync(offset, length).ConfigureAwait(false);
        bool data = run.Status == BlockStatus.Allocated;
        return new DiskExtent(offset, run.Length, 0, run.Status != BlockStatus.None, !data, data, data, null);
    }

    public async ValueTask<BlockRun> GetOwnStatusAsync(long offset, long length)
    {
        (BlockKind kind, long run) = await map.FindKindAsync(offset, length, MaxDataRun).ConfigureAwait(false);
        return new BlockRun(run, kind switch { BlockKind.None => BlockStatus.None, BlockKind.Zero => BlockStatus.Allocated | BlockStatus.Zero, _ => BlockStatus.Allocated });
    }

    protected override async ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        BlockRun own = await GetOwnStatusAsync(offset, length).ConfigureAwait(false);
        if (own.Status != BlockStatus.None)
            return own;
        long run = own.Length;
        long below = Math.Min(BackingEnd - offset, run);
        if (below <= 0)
            return new BlockRun(run, BlockStatus.Zero);
        BlockRun beneath = await backing!.GetStatusAsync(offset, below, cancellationToken).ConfigureAwait(false);
        return beneath with { Status = beneath.Status & ~BlockStatus.Allocated };
    }

    protected override void Close()
    {
        try
        {
            base.Close();
        }
        finally
        {
            map.Dispose();
        }
    }

    private async ValueTask UnmapAsync(long index)
    {
        BlockEntry entry = await map.GetAsync(index).ConfigureAwait(false);
        _cached = null;
        if (entry.Kind != BlockKind.Zero)
            await map.SetAsync(index, new BlockEntry(BlockKind.Zero)).ConfigureAwait(false);
    }

    private async ValueTask ReadGrainAsync(long index, long host, int within, Memory<byte> part, CancellationToken cancellationToken)
    {
        int present = (int)Math.Min(GrainSize, length - (index * GrainSize));
        if (part.Length == present)
        {
            await UnpackAsync(index, host, part, cancellationToken).ConfigureAwait(false);
            return;
        }

        CachedGrain? grain = Interlocked.Exchange(ref _cached, null);
        if (grain?.Index != index)
        {
            grain = new CachedGrain(index, new byte[present]);
            await UnpackAsync(index, host, grain.Bytes, cancellationToken).ConfigureAwait(false);
        }

        grain.Bytes.AsSpan(within, part.Length).CopyTo(part.Span);
        _cached = grain;
    }

    private async ValueTask UnpackAsync(long index, long host, Memory<byte> grain, CancellationToken cancellationToken)
    {
        int size = 2 * GrainSize;
        if (header.HasMarkers)
        {
            byte[] marker = new byte[VmdkMarker.GrainLength];
            await map.File.ReadAsync(host, marker, cancellationToken).ConfigureAwait(false);
            ulong sector = ImageFields.U64(marker, 0);
            uint said = ImageFields.U32(marker, 8);
            if (sector != (ulong)(index * GrainSize / ImageFields.Sector))
                throw name.At(host, $"what should be grain {index} says that it begins at sector {sector}");
            if (said == 0 || said > size || host + VmdkMarker.GrainLength + said > map.File.Length)
                throw name.At(host + 8, $"compressed data of {said} bytes for grain {index} are not possible here");
            host += VmdkMarker.GrainLength;
            size = (int)said;
        }

        byte[] data = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            await map.File.ReadAsync(host, data.AsMemory(0, size), cancellationToken).ConfigureAwait(false);
            if (!_compressor.TryDecompress(data.AsMemory(0, size), grain))
                throw name.At(host, $"the compressed data of grain {index} are damaged");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(data);
        }
    }

    private bool IsWhole(long offset, int count) => offset % GrainSize == 0 && (count == GrainSize || offset + count == length);

    private sealed record CachedGrain(long Index, byte[] Bytes);
}

using System.Buffers;

namespace Emulation.Storage;

/// <summary>Reads guest bytes through an L1 table: the active one or a snapshot's.</summary>
/// <param name="metadata">The image's tables.</param>
/// <param name="mapper">Finds guest bytes.</param>
/// <param name="compressor">Decompresses.</param>
/// <param name="backing">The image below.</param>
/// <param name="size">Size of the disk that is read; null for the active one, whose size changes.</param>
internal sealed class Qcow2Reader(
    Qcow2Metadata metadata, Qcow2Mapper mapper, ClusterCompressor compressor, IBlockDevice? backing, long? size = null) : IDisposable
{
    private readonly Qcow2Geometry _geometry = metadata.Geometry;
    private byte[] _compressed = [];
    private byte[] _cluster = [];

    // the compressed cluster whose content _cluster holds
    private long _clusterHost = -1;

    public IBlockDevice? Backing { get; set; } = backing;

    /// <summary>End of what shows through from below: the image may be shorter than its backing file.</summary>
    public long BackingEnd => Backing is null ? 0 : Math.Min(Backing.Length, size ?? metadata.Header.Size);

    public ValueTask ReadAsync(ulong[] l1, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // one run of data whose table is in memory is the common case
        ValueTask<Qcow2Run> mapping = mapper.MapAsync(l1, offset, buffer.Length);
        if (!mapping.IsCompletedSuccessfully)
            return ReadSlowAsync(l1, offset, buffer, mapping, cancellationToken);
        Qcow2Run run = mapping.Result;
        return run.Kind == Qcow2RunKind.Data && run.Length == buffer.Length
            ? ReadDataAsync(run.Host, offset, buffer, cancellationToken)
            : ReadSlowAsync(l1, offset, buffer, new(run), cancellationToken);
    }

    /// <summary>Forgets decompressed bytes: compressed data was written or given up.</summary>
    public void ForgetCompressed() => _clusterHost = -1;

    public void Dispose() => Backing?.Dispose();

    /// <summary>Bytes of the backing file, zeros past its end.</summary>
    public async ValueTask ReadBackingAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int present = (int)Math.Clamp(BackingEnd - offset, 0, buffer.Length);
        buffer.Span[present..].Clear();
        if (present > 0)
            await Backing!.ReadAsync(offset, buffer[..present], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What is known about a run without reading it.</summary>
    public async ValueTask<BlockRun> StatusAsync(Qcow2Run run, long offset, CancellationToken cancellationToken)
    {
        if (run.Kind != Qcow2RunKind.Unallocated)
            return new BlockRun(run.Length, run.Kind == Qcow2RunKind.Zero ? BlockStatus.Allocated | BlockStatus.Zero : BlockStatus.Allocated);
        long below = Math.Min(BackingEnd - offset, run.Length);
        if (below <= 0)
            return new BlockRun(run.Length, BlockStatus.Zero);
        BlockRun beneath = await Backing!.GetStatusAsync(offset, below, cancellationToken).ConfigureAwait(false);
        return beneath with { Status = beneath.Status & ~BlockStatus.Allocated };
    }

    private async ValueTask ReadSlowAsync(ulong[] l1, long offset, Memory<byte> buffer, ValueTask<Qcow2Run> first, CancellationToken cancellationToken)
    {
        Qcow2Run run = await first.ConfigureAwait(false);
        while (true)
        {
            Memory<byte> part = buffer[..(int)run.Length];
            switch (run.Kind)
            {
                case Qcow2RunKind.Data:
                    await ReadDataAsync(run.Host, offset, part, cancellationToken).ConfigureAwait(false);
                    break;
                case Qcow2RunKind.Compressed:
                    await LoadCompressedAsync(run, cancellationToken).ConfigureAwait(false);
                    _cluster.AsSpan(_geometry.Within(offset), part.Length).CopyTo(part.Span);
                    break;
                case Qcow2RunKind.Unallocated when Backing is not null:
                    await ReadBackingAsync(offset, part, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    part.Span.Clear();
                    break;
            }

            offset += part.Length;
            buffer = buffer[part.Length..];
            if (buffer.IsEmpty)
                return;
            run = await mapper.MapAsync(l1, offset, buffer.Length).ConfigureAwait(false);
        }
    }

    private ValueTask ReadDataAsync(long host, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => metadata.Encryption is null ? ReadStoredAsync(host, buffer, cancellationToken) : ReadEncryptedAsync(host, offset, buffer, cancellationToken);

    // whole sectors, a part of which is wanted
    private async ValueTask ReadEncryptedAsync(long host, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Qcow2Encryption encryption = metadata.Encryption!;
        int head = (int)(host & (SectorCipher.Sector - 1));
        int length = (head + buffer.Length + SectorCipher.Sector - 1) & -SectorCipher.Sector;
        byte[] sectors = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await ReadStoredAsync(host - head, sectors.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            encryption.Cipher.Decrypt(sectors, 0, length, encryption.SectorOf(host - head, offset - head));
            sectors.AsMemory(head, buffer.Length).CopyTo(buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(sectors);
        }
    }

    private ValueTask ReadStoredAsync(long host, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (metadata.DataFile is not { } data)
            return metadata.File.ReadAsync(host, buffer, cancellationToken);
        int present = (int)Math.Clamp(data.Length - host, 0, buffer.Length);
        buffer.Span[present..].Clear();
        return data.ReadAsync(Math.Min(host, data.Length), buffer[..present], cancellationToken);
    }

    private async ValueTask LoadCompressedAsync(Qcow2Run run, CancellationToken cancellationToken)
    {
        if (_clusterHost == run.Host)
            return;
        if (_cluster.Length == 0)
            (_cluster, _compressed) = (new byte[_geometry.ClusterSize], new byte[2 * _geometry.ClusterSize]);
        _clusterHost = -1;
        int length = (run.Sectors * 512) - (int)(run.Host & 511);
        await metadata.File.ReadAsync(run.Host, _compressed.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        if (!compressor.TryDecompress(_compressed.AsMemory(0, length), _cluster))
            throw metadata.Name.At(run.Host, "a compressed cluster cannot be decompressed");
        _clusterHost = run.Host;
    }
}

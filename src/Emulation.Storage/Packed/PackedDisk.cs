using System.Buffers;

namespace Emulation.Storage;

/// <summary>A disk in compressed chunks, for reading. Those that were unpacked last are kept, in bounded memory.</summary>
internal abstract class PackedDisk(HostFile file, long length, ImageName name) : BlockDevice, IDescribed
{
    /// <summary>Most bytes of a compressed chunk, in the file and on the disk.</summary>
    public const int MaxChunk = 64 << 20;

    private const long MaxCache = 16 << 20;

    private readonly LinkedList<(long Start, byte[] Bytes)> _unpacked = new();

    // of a chunk that could not be unpacked: a damaged image must not cost a new array with every read
    private byte[]? _spare;

    public override long Length => length;

    public override bool ReadOnly => true;

    public DiskImageInfo Info { get; } = new() { Format = name.Format };

    /// <summary>The chunk that holds a byte of the disk.</summary>
    protected abstract PackedChunk Find(long offset);

    /// <summary>Fills a chunk's bytes from the compressed ones; false when that is not possible.</summary>
    protected abstract bool Unpack(PackedChunk chunk, ReadOnlyMemory<byte> packed, Memory<byte> target);

    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            PackedChunk chunk = Find(offset);
            long within = offset - chunk.Start;
            Memory<byte> part = buffer[..(int)Math.Min(buffer.Length, chunk.Length - within)];
            if (chunk.Kind == PackedKind.Zero)
                part.Span.Clear();
            else if (chunk.Kind == PackedKind.Plain)
                await file.ReadAsync(chunk.Host + within, part, cancellationToken).ConfigureAwait(false);
            else
                (await UnpackAsync(chunk, cancellationToken).ConfigureAwait(false)).AsMemory((int)within, part.Length).CopyTo(part);
            offset += part.Length;
            buffer = buffer[part.Length..];
        }
    }

    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => throw new InvalidOperationException("the block device is read-only");

    protected override ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        PackedChunk chunk = Find(offset);
        return new(new BlockRun(Math.Min(length, chunk.Start + chunk.Length - offset), chunk.Kind == PackedKind.Zero ? BlockStatus.Zero : BlockStatus.Allocated));
    }

    protected override void Close()
    {
        _unpacked.Clear();
        file.Dispose();
    }

    private async ValueTask<byte[]> UnpackAsync(PackedChunk chunk, CancellationToken cancellationToken)
    {
        for (LinkedListNode<(long Start, byte[] Bytes)>? node = _unpacked.First; node is not null; node = node.Next)
        {
            if (node.Value.Start != chunk.Start)
                continue;
            _unpacked.Remove(node);
            _unpacked.AddFirst(node);
            return node.Value.Bytes;
        }

        byte[] bytes = Room((int)chunk.Length);
        byte[] packed = ArrayPool<byte>.Shared.Rent((int)chunk.HostLength);
        try
        {
            Memory<byte> input = packed.AsMemory(0, (int)chunk.HostLength);
            await file.ReadAsync(chunk.Host, input, cancellationToken).ConfigureAwait(false);
            if (!Unpack(chunk, input, bytes.AsMemory(0, (int)chunk.Length)))
                throw name.At(chunk.Host, $"the compressed chunk of {chunk.HostLength} bytes for byte 0x{chunk.Start:x} of the disk cannot be decompressed");
        }
        catch
        {
            _spare = bytes;
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }

        _unpacked.AddFirst((chunk.Start, bytes));
        return bytes;
    }

    // the array of a chunk that goes, where it is large enough and not much too large
    private byte[] Room(int wanted)
    {
        byte[]? room = _spare is { } spare && Fits(spare, wanted) ? spare : null;
        _spare = null;
        while (_unpacked.Last is { } last && _unpacked.Sum(c => (long)c.Bytes.Length) + wanted > MaxCache)
        {
            room = Fits(last.Value.Bytes, wanted) ? last.Value.Bytes : room;
            _unpacked.RemoveLast();
        }

        return room ?? new byte[wanted];
    }

    private static bool Fits(byte[] array, int wanted) => array.Length >= wanted && array.Length / 4 <= wanted;
}

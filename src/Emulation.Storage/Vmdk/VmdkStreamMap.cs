using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>The map of a stream that is being written: its tables are in memory until it is closed, and then follow the grains.</summary>
/// <remarks>VMware Virtual Disk Format 5.0, "Stream-Optimized Compressed Sparse Extents".</remarks>
internal sealed class VmdkStreamMap(HostFile file, VmdkHeader header, ImageName name) : VmdkGrainMap
{
    private readonly uint[]?[] _tables = new uint[header.Tables][];
    private long _end = header.DataOffset;
    private bool _closed;

    public override HostFile File => file;

    public override int BlockSize => header.GrainSize;

    public override bool CanUnmap => false;

    public override bool HasZero => false;

    public override ValueTask<BlockEntry> GetAsync(long index)
    {
        uint entry = _tables[index / header.TableEntries]?[index % header.TableEntries] ?? 0;
        return new(entry == 0 ? default : new BlockEntry(BlockKind.Data, entry * (long)ImageFields.Sector));
    }

    public override async ValueTask<long> AppendAsync(long index, long length)
    {
        if ((await GetAsync(index).ConfigureAwait(false)).Kind == BlockKind.Data)
            throw name.At(_end, $"grain {index} was written before: a stream holds each grain once");
        return await MakeRoomAsync(length).ConfigureAwait(false);
    }

    public override ValueTask SetAsync(long index, BlockEntry entry)
    {
        uint[] table = _tables[index / header.TableEntries] ??= new uint[header.TableEntries];
        table[index % header.TableEntries] = (uint)(entry.Host / ImageFields.Sector);
        return ValueTask.CompletedTask;
    }

    public override ValueTask<long> AllocateAsync() => throw new NotSupportedException();

    public override void Undo(long host) { }

    public override ValueTask FlushAsync() => file.FlushAsync();

    public override async ValueTask CloseAsync()
    {
        if (_closed)
            return;
        byte[] directory = new byte[((header.Tables * 4) + ImageFields.Sector - 1) & -ImageFields.Sector];
        byte[] table = new byte[header.TableBytes];
        for (int i = 0; i < _tables.Length; i++)
        {
            if (_tables[i] is not { } entries)
                continue;
            for (int j = 0; j < entries.Length; j++)
                BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(j * 4), entries[j]);
            await WriteAsync(VmdkMarker.Of(VmdkMarker.Table, table.Length)).ConfigureAwait(false);
            long place = await WriteAsync(table).ConfigureAwait(false);
            BinaryPrimitives.WriteUInt32LittleEndian(directory.AsSpan(i * 4), (uint)(place / ImageFields.Sector));
        }

        await WriteAsync(VmdkMarker.Of(VmdkMarker.Directory, directory.Length)).ConfigureAwait(false);
        VmdkHeader footer = header with { DirectoryOffset = await WriteAsync(directory).ConfigureAwait(false) };
        await WriteAsync(VmdkMarker.Of(VmdkMarker.Footer, VmdkHeader.Length)).ConfigureAwait(false);
        await WriteAsync(footer.ToBytes()).ConfigureAwait(false);
        await WriteAsync(VmdkMarker.Of(VmdkMarker.EndOfStream, 0)).ConfigureAwait(false);
        // the footer is found by its distance from the end
        await file.CutAsync(_end).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        _closed = true;
    }

    private async ValueTask<long> WriteAsync(byte[] bytes)
    {
        long place = await MakeRoomAsync(bytes.Length).ConfigureAwait(false);
        await file.WriteAsync(place, bytes).ConfigureAwait(false);
        return place;
    }

    private async ValueTask<long> MakeRoomAsync(long length)
    {
        long place = _end;
        if (place / ImageFields.Sector > uint.MaxValue)
            throw name.At(place, "the stream is full: its tables cannot express a place so far into the file");
        await file.ReserveAsync(place + length).ConfigureAwait(false);
        _end = place + length;
        return place;
    }
}

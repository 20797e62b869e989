using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>Looks at every entry of the BAT: every block inside the file, none where something else is. [MS-VHDX] 2.5.1.</summary>
internal sealed class VhdxScan(HostFile file, VhdxImageParts parts, ImageName name, Action<DiskImageException> report)
{
    private readonly VhdxLayout _layout = parts.Layout;
    private readonly bool _hasParent = parts.Metadata.Parent is not null;
    private readonly long _blocks = parts.Layout.Blocks(parts.Metadata.DiskSize);
    private long _used;
    private bool _anchors;

    // the last block of the present chunk that needs its sector bitmap
    private long _partial = -1;

    /// <summary>Marks what is in use; how many payload blocks there are.</summary>
    public async ValueTask<long> RunAsync()
    {
        await WalkAsync(Look).ConfigureAwait(false);
        if (_anchors)
            await WalkAsync(Keep).ConfigureAwait(false);
        return _used;
    }

    private async ValueTask WalkAsync(Action<long, ulong> look)
    {
        byte[] piece = new byte[1 << 16];
        long entries = _layout.Entries(parts.Metadata.DiskSize, _hasParent);
        for (long first = 0; first < entries; first += piece.Length / VhdxLayout.EntryLength)
        {
            int bytes = (int)Math.Min(piece.Length, (entries - first) * VhdxLayout.EntryLength);
            await file.ReadAsync(_layout.TableOffset + (first * VhdxLayout.EntryLength), piece.AsMemory(0, bytes)).ConfigureAwait(false);
            // most of a large table is empty
            for (int at = 0; at < bytes; at += VhdxLayout.EntryLength)
                look(first + (at / VhdxLayout.EntryLength), BinaryPrimitives.ReadUInt64LittleEndian(piece.AsSpan(at)));
        }
    }

    private void Look(long index, ulong entry)
    {
        long place = index % (_layout.ChunkRatio + 1);
        if (place == _layout.ChunkRatio)
        {
            LookAtBitmap(index, entry);
            return;
        }

        if (entry == 0)
            return;
        long block = index - (index / (_layout.ChunkRatio + 1));
        var state = (VhdxBlockState)(entry & 7);
        if (block >= _blocks || state is VhdxBlockState.NotPresent or VhdxBlockState.Zero)
            return;
        if (state is VhdxBlockState.Undefined or VhdxBlockState.Unmapped)
        {
            _anchors |= entry >> 20 != 0;
            return;
        }

        if (state == VhdxBlockState.PartiallyPresent && _hasParent)
            _partial = block;
        else if (state != VhdxBlockState.FullyPresent)
            Report(index, $"block {block} has state {(int)state}, which {(_hasParent ? "is not defined" : "it cannot have without a parent")}");
        Take(index, entry, _layout.BlockSize, $"block {block}");
        _used++;
    }

    // without a parent sector bitmaps mean nothing; QEMU before 8.0 leaves anything in their entries
    private void LookAtBitmap(long index, ulong entry)
    {
        long chunk = index / (_layout.ChunkRatio + 1);
        int state = (int)(entry & 7);
        if (_hasParent && state == (int)VhdxBlockState.FullyPresent)
            Take(index, entry, VhdxLayout.Unit, $"sector bitmap {chunk}");
        else if (_hasParent && state != 0)
            Report(index, $"sector bitmap {chunk} has state {state}, which is not defined");
        else if (_partial >= 0)
            Report(index, $"block {_partial} needs sector bitmap {chunk}, which is not there");
        _partial = -1;
    }

    // blocks that are of no use may keep their places for the time when they are
    private void Keep(long index, ulong entry)
    {
        bool payload = index % (_layout.ChunkRatio + 1) != _layout.ChunkRatio;
        bool anchored = (VhdxBlockState)(entry & 7) is VhdxBlockState.Undefined or VhdxBlockState.Unmapped;
        long offset = (long)(entry >> 20 << 20);
        if (payload && anchored && offset > 0 && offset < Math.Min(file.Length, VhdxLayout.MaxFileSize))
            parts.Space.Take(offset, _layout.BlockSize);
    }

    private void Take(long index, ulong entry, int length, string what)
    {
        ulong offset = entry >> 20 << 20;
        if (offset >= (ulong)Math.Min(file.Length, VhdxLayout.MaxFileSize))
            Report(index, $"{what} is said to be at byte 0x{offset:x}, past the end of the file");
        else if (!parts.Space.Take((long)offset, length))
            Report(index, $"{what} is said to be at byte 0x{offset:x}, where something else is");
    }

    private void Report(long index, string what) => report(name.At(_layout.TableOffset + (index * VhdxLayout.EntryLength), what));
}

using System.Buffers.Binary;
using System.Text;

namespace Emulation.Storage;

/// <summary>The disk of a QED image, which can be put on another one.</summary>
/// <param name="map">The tables; the disk owns their file.</param>
/// <param name="header">The header.</param>
/// <param name="name">For messages.</param>
/// <param name="backing">The image below, owned.</param>
/// <param name="source">Where the image is.</param>
/// <param name="readOnly">Whether changes are refused.</param>
internal sealed class QedDisk(TwoLevelMap map, QedHeader header, ImageName name, BlockDevice? backing, ImageSource source, bool readOnly)
    : BlockDisk(map, header.DiskSize, backing, readOnly), IRebasable
{
    private const int Sector = 512;

    public int ClusterSize => header.ClusterSize;

    public ImageSource? Source => source;

    public ValueTask WriteUnchangedAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) => WriteCoreAsync(offset, buffer, cancellationToken);

    public async ValueTask ZeroUnchangedAsync(long offset, long length, CancellationToken cancellationToken)
    {
        for (long end = offset + length; offset < end;)
        {
            long index = offset / ClusterSize;
            long start = index * ClusterSize;
            long stop = Math.Min(end, start + ClusterSize);
            if ((await map.GetAsync(index).ConfigureAwait(false)).Kind == BlockKind.None)
            {
                bool whole = offset == start && (stop == start + ClusterSize || stop == Length);
                if (whole)
                    await map.SetAsync(index, new BlockEntry(BlockKind.Zero)).ConfigureAwait(false);
                else
                    await WriteCoreAsync(offset, new byte[stop - offset], cancellationToken).ConfigureAwait(false);
            }

            offset = stop;
        }
    }

    // a disk writes one sector whole or not at all: a name behind the first one is there before that tells of it
    public async ValueTask RecordBackingAsync(string? file, string? format)
    {
        CheckWritable();
        await map.FlushAsync().ConfigureAwait(false);
        byte[] sector = new byte[Sector];
        await map.File.ReadAsync(0, sector).ConfigureAwait(false);
        byte[] text = Encoding.UTF8.GetBytes(file ?? "");
        if (text.Length > QedHeader.MaxBackingName)
            throw name.Error($"the name of a backing file has 1 to {QedHeader.MaxBackingName} bytes");
        ulong features = ImageFields.U64(sector, 16) & ~(QedHeader.FeatureBackingFile | QedHeader.FeatureBackingRaw);
        features |= (file is null ? 0 : QedHeader.FeatureBackingFile) | (file is not null && format == "raw" ? QedHeader.FeatureBackingRaw : 0);
        int place = QedHeader.Length;
        if (place + text.Length <= Sector)
        {
            text.CopyTo(sector, place);
        }
        else
        {
            (int old, int length) = ((int)ImageFields.U32(sector, 56), (int)ImageFields.U32(sector, 60));
            place = old >= Sector + text.Length ? Sector : Math.Max(Sector, old + length);
            if (place + text.Length > header.HeaderBytes)
                throw name.Error("there is no room for the name of the new backing file");
            await map.File.WriteAsync(place, text).ConfigureAwait(false);
            await map.File.FlushAsync().ConfigureAwait(false);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(sector.AsSpan(16), features);
        BinaryPrimitives.WriteInt32LittleEndian(sector.AsSpan(56), file is null ? 0 : place);
        BinaryPrimitives.WriteInt32LittleEndian(sector.AsSpan(60), text.Length);
        await map.File.WriteAsync(0, sector).ConfigureAwait(false);
        await map.File.FlushAsync().ConfigureAwait(false);
    }
}

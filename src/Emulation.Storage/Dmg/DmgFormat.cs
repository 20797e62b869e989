using System.Xml;

namespace Emulation.Storage;

/// <summary>Apple's UDIF images ("dmg"), for reading. What shows the format lies at the end of the file.</summary>
internal sealed class DmgFormat : IDiskFormat
{
    public string Name => "dmg";

    public bool Probe(ReadOnlySpan<byte> head) => false;

    public bool ProbeTail(ReadOnlySpan<byte> tail) => DmgTrailer.IsMagic(tail);

    public async ValueTask<BlockDevice> OpenAsync(IBlockDevice file, ImageSource source)
    {
        var name = new ImageName(Name, source.DisplayName);
        if (!source.ReadOnly && !file.ReadOnly)
            throw name.Error("it can be opened read-only only");
        var host = new HostFile(file);
        DmgTrailer trailer = await DmgTrailer.ReadAsync(host, name).ConfigureAwait(false);
        byte[] plist = await ImageFields.ReadAsync(host, trailer.PlistOffset, trailer.PlistLength, name).ConfigureAwait(false);
        List<byte[]> tables;
        try
        {
            tables = DmgPlist.ReadTables(plist);
        }
        catch (Exception e) when (e is XmlException or FormatException or InvalidOperationException)
        {
            throw name.At(trailer.PlistOffset, $"the property list is damaged: {e.Message}");
        }

        PackedChunk[] chunks = new DmgChunks(host, trailer, name).Read(tables);
        long end = Math.Max(trailer.Sectors * ImageFields.Sector, chunks.Length == 0 ? 0 : chunks[^1].Start + chunks[^1].Length);
        if (end == 0)
            throw name.At(trailer.PlistOffset, "it has no chunks");
        return new DmgDisk(host, chunks, end, name);
    }

    public ValueTask<BlockDevice> CreateAsync(IBlockDevice file, long length, DiskCreateOptions options, ImageSource source)
        => throw ImageFields.CannotCreate(Name);

    private sealed class DmgDisk(HostFile file, PackedChunk[] chunks, long length, ImageName name) : PackedDisk(file, length, name)
    {
        protected override PackedChunk Find(long offset)
        {
            (int low, int high) = (0, chunks.Length);
            while (low < high)
            {
                int middle = (low + high) / 2;
                (low, high) = chunks[middle].Start <= offset ? (middle + 1, high) : (low, middle);
            }

            long before = low == 0 ? 0 : chunks[low - 1].Start + chunks[low - 1].Length;
            if (offset < before)
                return chunks[low - 1];
            // between chunks nothing was ever written
            return new(before, (low < chunks.Length ? chunks[low].Start : Length) - before, PackedKind.Zero);
        }

        protected override bool Unpack(PackedChunk chunk, ReadOnlyMemory<byte> packed, Memory<byte> target) => chunk.Type switch
        {
            DmgChunks.Adc => Unpacker.Adc(packed, target),
            DmgChunks.Zlib => Unpacker.Zlib(packed, target),
            DmgChunks.Bzip2 => Unpacker.Bzip2(packed, target),
            _ => Unpacker.Xz(packed, target),
        };
    }
}

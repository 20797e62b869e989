using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>A grain directory in memory: the sectors where grain tables begin.</summary>
internal sealed class VmdkDirectory
{
    private const int Piece = 1 << 16;

    private readonly HostFile _file;
    private readonly long _offset;
    private readonly uint[] _tables;

    private VmdkDirectory(HostFile file, long offset, uint[] tables) => (_file, _offset, _tables) = (file, offset, tables);

    public int Count => _tables.Length;

    /// <summary>Reads a directory; it must lie in the file whole.</summary>
    public static async ValueTask<VmdkDirectory> ReadAsync(HostFile file, long offset, int count, ImageName name)
    {
        if (offset < VmdkHeader.Length || offset > file.Length - ((long)count * 4))
            throw name.At(offset, $"a grain directory of {count} entries is not inside the file of {file.Length} bytes");
        uint[] tables = new uint[count];
        byte[] piece = new byte[Math.Min(Piece, count * 4L)];
        for (int first = 0; first < count;)
        {
            int entries = Math.Min(count - first, piece.Length / 4);
            await file.ReadAsync(offset + ((long)first * 4), piece.AsMemory(0, entries * 4)).ConfigureAwait(false);
            for (int i = 0; i < entries; i++)
                tables[first + i] = ImageFields.U32(piece, i * 4);
            first += entries;
        }

        return new VmdkDirectory(file, offset, tables);
    }

    /// <summary>Where an entry is in the file.</summary>
    public long At(long index) => _offset + (index * 4);

    /// <summary>Where a table begins, in bytes; 0 where there is none.</summary>
    public long this[long index] => (long)_tables[index] * ImageFields.Sector;

    public void Set(long index, long table) => _tables[index] = (uint)(table / ImageFields.Sector);

    /// <summary>Writes one entry.</summary>
    public async ValueTask WriteAsync(long index)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, _tables[index]);
        await _file.WriteAsync(At(index), bytes).ConfigureAwait(false);
    }
}

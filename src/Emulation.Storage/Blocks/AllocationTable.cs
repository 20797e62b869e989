using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>A table of 32-bit entries in memory, written by sectors.</summary>
internal sealed class AllocationTable
{
    private const int Sector = 512;
    private const int MaxRun = 1 << 16;

    private readonly HostFile _file;
    private readonly TableLayout _layout;
    private readonly uint[] _entries;
    private readonly SortedSet<long> _dirty = [];

    private AllocationTable(HostFile file, TableLayout layout, uint[] entries) => (_file, _layout, _entries) = (file, layout, entries);

    public int Count => _entries.Length;

    public bool IsDirty => _dirty.Count > 0;

    /// <summary>Reads a table; it must lie in the file whole.</summary>
    public static async ValueTask<AllocationTable> ReadAsync(HostFile file, TableLayout layout, ImageName name)
    {
        long bytes = (long)layout.Count * 4;
        if (layout.Count is < 0 or > TableLayout.MaxEntries)
            throw name.At(layout.TableOffset, $"a table of {layout.Count} blocks is too large; {TableLayout.MaxEntries} are the most");
        if (layout.TableOffset < 0 || layout.TableOffset > file.Length - bytes)
            throw name.At(layout.TableOffset, $"the table of {layout.Count} blocks is not inside the file of {file.Length} bytes");
        uint[] entries = new uint[layout.Count];
        byte[] piece = new byte[Math.Min(bytes, MaxRun)];
        for (int first = 0; first < entries.Length;)
        {
            int count = Math.Min(entries.Length - first, piece.Length / 4);
            await file.ReadAsync(layout.TableOffset + ((long)first * 4), piece.AsMemory(0, count * 4)).ConfigureAwait(false);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<byte> at = piece.AsSpan(i * 4);
                entries[first + i] = layout.BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
            }

            first += count;
        }

        return new AllocationTable(file, layout, entries);
    }

    public uint this[long index]
    {
        get => _entries[index];
        set
        {
            if (_entries[index] == value)
                return;
            _entries[index] = value;
            _dirty.Add((_layout.TableOffset + (index * 4)) / Sector);
        }
    }

    /// <summary>The table with more entries, or elsewhere; nothing is written.</summary>
    /// <param name="layout">Where it is, and how many entries it has.</param>
    /// <param name="shift">What entries of data are lower.</param>
    public AllocationTable With(TableLayout layout, uint shift)
    {
        uint[] entries = new uint[layout.Count];
        entries.AsSpan().Fill(layout.None);
        for (int i = 0; i < Math.Min(entries.Length, _entries.Length); i++)
            entries[i] = layout.IsData(_entries[i]) ? _entries[i] - shift : _entries[i];
        return new AllocationTable(_file, layout, entries);
    }

    /// <summary>Writes all entries from one on.</summary>
    public async ValueTask WriteFromAsync(int first)
    {
        long end = _layout.TableOffset + ((long)_entries.Length * 4);
        for (long from = _layout.TableOffset + (first * 4L); from < end; from += MaxRun)
            await _file.WriteAsync(from, Encode(from, Math.Min(from + MaxRun, end))).ConfigureAwait(false);
    }

    /// <summary>Writes what changed, in sectors, neighbours together; bytes of a sector that are not the table's stay.</summary>
    public async ValueTask WriteAsync()
    {
        long end = _layout.TableOffset + ((long)_entries.Length * 4);
        long[] sectors = [.. _dirty];
        for (int first = 0; first < sectors.Length;)
        {
            int count = 1;
            while (count < MaxRun / Sector && first + count < sectors.Length && sectors[first + count] == sectors[first] + count)
                count++;
            long from = Math.Max(sectors[first] * Sector, _layout.TableOffset);
            long to = Math.Min((sectors[first] + count) * Sector, end);
            await _file.WriteAsync(from, Encode(from, to)).ConfigureAwait(false);
            first += count;
        }

        _dirty.Clear();
    }

    private byte[] Encode(long from, long to)
    {
        byte[] bytes = new byte[to - from];
        long index = (from - _layout.TableOffset) / 4;
        for (int i = 0; i < bytes.Length; i += 4, index++)
        {
            if (_layout.BigEndian)
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i), _entries[index]);
            else
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i), _entries[index]);
        }

        return bytes;
    }
}

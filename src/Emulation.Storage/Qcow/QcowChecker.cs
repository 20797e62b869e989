using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>Looks at every entry of a qcow image's tables: clusters past the end, clusters of two owners, and such as nobody owns.</summary>
internal sealed class QcowChecker(HostFile file, QcowHeader header, TwoLevelMap map, ImageName name)
{
    private const int MaxMessages = 100;

    private readonly List<string> _messages = [];

    // numbers of the clusters that hold data, with the place of the entry that says so, and of those that hold compressed data
    private readonly List<(long Cluster, long At)> _data = [];
    private readonly List<long> _packed = [];
    private long _corruptions;
    private long _packedCount;

    public async ValueTask<DiskCheckResult> RunAsync()
    {
        await WalkAsync().ConfigureAwait(false);
        _data.Sort();
        for (int i = 1; i < _data.Count; i++)
        {
            if (_data[i].Cluster == _data[i - 1].Cluster)
                Wrong(_data[i].At, $"the cluster at byte 0x{_data[i].Cluster * header.ClusterSize:x} has an owner already, the entry at byte 0x{_data[i - 1].At:x}");
        }

        long leaks = Leaks();
        if (leaks > 0)
            Report($"{leaks} clusters of the file are in no use");
        return new DiskCheckResult
        {
            Corruptions = _corruptions,
            Leaks = leaks,
            Messages = _messages,
            ImageEnd = map.End,
            TotalClusters = ImageFields.Blocks(header.DiskSize, header.ClusterSize),
            AllocatedClusters = _data.Count + _packedCount,
            CompressedClusters = _packedCount,
        };
    }

    private async ValueTask WalkAsync()
    {
        byte[] piece = new byte[8 << header.TableBits];
        foreach (long table in map.Tables)
        {
            await file.ReadAsync(table, piece).ConfigureAwait(false);
            for (int i = 0; i < piece.Length; i += 8)
            {
                ulong entry = BinaryPrimitives.ReadUInt64BigEndian(piece.AsSpan(i));
                if (entry != 0)
                    Look(entry, table + i);
            }
        }
    }

    private void Look(ulong entry, long at)
    {
        (BlockEntry found, string? wrong) = map.Decode(entry);
        if (wrong is not null)
        {
            Wrong(at, $"a cluster is said to be at byte 0x{(ulong)found.Host:x}, {wrong}");
            return;
        }

        if (found.Kind == BlockKind.Data)
        {
            _data.Add((found.Host / header.ClusterSize, at));
            return;
        }

        // several may share a cluster of the file
        _packedCount++;
        for (long cluster = found.Host / header.ClusterSize; cluster <= (found.Host + found.Length - 1) / header.ClusterSize; cluster++)
            _packed.Add(cluster);
    }

    private long Leaks()
    {
        var owned = new List<long>(_data.Count + _packed.Count);
        owned.AddRange(_data.Select(static d => d.Cluster));
        owned.AddRange(_packed);
        long tableEnd = 0;
        foreach (long table in map.Tables)
        {
            tableEnd = table + (8L << header.TableBits);
            for (long cluster = table / header.ClusterSize; cluster * header.ClusterSize < tableEnd; cluster++)
                owned.Add(cluster);
        }

        long first = ImageFields.Blocks(header.L1Offset + (header.L1Entries * 8), header.ClusterSize);
        owned.Sort();
        long used = 0;
        for (int i = 0; i < owned.Count; i++)
        {
            if (owned[i] >= first && (i == 0 || owned[i] != owned[i - 1]))
                used++;
        }

        return Math.Max(0, (map.End / header.ClusterSize) - first - used);
    }

    private void Wrong(long at, string what)
    {
        _corruptions++;
        Report(name.At(at, what).Message);
    }

    private void Report(string message)
    {
        if (_messages.Count < MaxMessages)
            _messages.Add(message);
    }
}

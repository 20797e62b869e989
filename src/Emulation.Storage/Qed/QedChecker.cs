using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>Looks at every entry of a QED image's tables.</summary>
internal sealed class QedChecker(HostFile file, QedHeader header, TwoLevelMap map, ImageName name)
{
    private const int MaxMessages = 100;
    private const int MaxRepairs = 1 << 20;

    // entries that point past the end: their data never came to be, so there is nothing to lose
    private readonly List<long> _dangling = [];
    private readonly List<string> _messages = [];
    private long _corruptions;
    private long _used;

    public async ValueTask<DiskCheckResult> RunAsync(DiskRepair repair)
    {
        await WalkAsync().ConfigureAwait(false);
        long tables = (map.Tables.Count + 1) * header.TableSize;
        long leaks = Math.Max(0, (map.End / header.ClusterSize) - header.HeaderSize - tables - _used);
        if (leaks > 0)
            Report($"{leaks} clusters of the file are in no use");
        bool repaired = repair == DiskRepair.All && _corruptions == 0 && _dangling.Count <= MaxRepairs;
        if (repaired)
            await RepairAsync().ConfigureAwait(false);
        return new DiskCheckResult
        {
            Corruptions = _corruptions + (repaired ? 0 : _dangling.Count),
            RepairedCorruptions = repaired ? _dangling.Count : 0,
            Leaks = leaks,
            Messages = _messages,
            ImageEnd = map.End,
            TotalClusters = ImageFields.Blocks(header.DiskSize, header.ClusterSize),
            AllocatedClusters = _used,
        };
    }

    private async ValueTask WalkAsync()
    {
        byte[] piece = new byte[Math.Min(header.TableBytes, 1 << 16)];
        foreach (long table in map.Tables)
        {
            for (long done = 0; done < header.TableBytes; done += piece.Length)
            {
                await file.ReadAsync(table + done, piece).ConfigureAwait(false);
                for (int i = 0; i < piece.Length; i += 8)
                    Look(ImageFields.U64(piece, i), table + done + i);
            }
        }
    }

    private void Look(ulong entry, long at)
    {
        if (entry <= 1)
            return;
        if (map.WhatIsWrong(entry) is not { } wrong)
        {
            _used++;
            return;
        }

        Report(name.At(at, $"a cluster is said to be at byte 0x{entry:x}, {wrong}").Message);
        if (entry % (uint)header.ClusterSize == 0 && entry >= (ulong)map.End && _dangling.Count <= MaxRepairs)
            _dangling.Add(at);
        else
            _corruptions++;
    }

    private async ValueTask RepairAsync()
    {
        byte[] none = new byte[8];
        foreach (long at in _dangling)
            await file.WriteAsync(at, none).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        if (!header.NeedCheck)
            return;
        byte[] features = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(features, header.Features & ~QedHeader.FeatureNeedCheck);
        await file.WriteAsync(16, features).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
    }

    private void Report(string message)
    {
        if (_messages.Count < MaxMessages)
            _messages.Add(message);
    }
}

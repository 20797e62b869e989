using Emulation.Cpu;

namespace Emulation.Jit;

/// <content>What the engine takes from a profile, and adds to it.</content>
public sealed unsafe partial class JitEngine
{
    private readonly JitProfile? _profile;
    private readonly ulong _seed;

    /// <inheritdoc/>
    int ITierOne.ThresholdOf(TranslationBlock block) => IsKnown(block, out _) ? EarlyThreshold : _options.Threshold;

    /// <summary>Notes in <see cref="JitOptions.Profile"/> how often what is compiled was entered until now. Also done when the machine is disposed of.</summary>
    public void RecordProfile()
    {
        if (_profile is null)
            return;
        _cache.Synchronize(() =>
        {
            foreach (Region region in _live)
                Record(region);
        });
    }

    private int EarlyThreshold => Math.Clamp(_options.ProfileThreshold, 1, Math.Max(_options.Threshold, 1));

    private bool IsKnown(TranslationBlock block, out ProfileRegion region)
    {
        region = default;
        return _profile is not null && KeyOf(block) is { } key && _profile.TryFind(key, out region);
    }

    private ProfileKey? KeyOf(TranslationBlock block)
    {
        ProfileKey? key = null;
        if (block.SecondRam is null)
        {
            _cache.Synchronize(() =>
            {
                if (block.IsValid)
                    key = new ProfileKey(OffsetOf(block), block.Mode, HashOf(block));
            });
        }

        return key;
    }

    // Under the cache's lock, of a valid block.
    private ulong HashOf(TranslationBlock block) => ProfileKey.HashOf(_seed, new ReadOnlySpan<byte>(block.Code, block.Bytes));

    private static ushort OffsetOf(TranslationBlock block) => (ushort)(block.Pc & (StateLayout.PageSize - 1));

    // Under the cache's lock, when the region is installed.
    private void Record(Region region, bool isKnown)
    {
        if (_profile is null || KeyOf(region.EntryBlock) is not { } key)
            return;
        region.Key = key;
        region.Uncounted = isKnown ? _options.Threshold - EarlyThreshold : 0;
        ProfileMember[]? members = isKnown ? null : Array.ConvertAll(region.Blocks[1..], b => new ProfileMember(OffsetOf(b), (uint)HashOf(b)));
        _profile.Note(key, members, EntriesOf(region));
    }

    // Under the cache's lock, later.
    private void Record(Region region)
    {
        if (region.Key is { } key)
            _profile?.Note(key, null, EntriesOf(region));
    }

    private long EntriesOf(Region region) => _cache.EntriesAt(region.EntryBlock.Ops->High) - region.Uncounted;
}

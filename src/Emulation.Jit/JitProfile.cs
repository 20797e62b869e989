using System.Diagnostics.CodeAnalysis;

namespace Emulation.Jit;

/// <summary>What earlier runs compiled, so that a later one compiles it before it gets hot.</summary>
/// <remarks>
/// Thread-safe. Machines that are given the same object share it: what one has compiled, the next compiles early.
/// Regions are found by the bytes of their code, wherever it is loaded, so that a profile of other code, or of another instruction set,
/// matches nothing. Whatever it says, it never changes what a guest computes.
/// </remarks>
public sealed class JitProfile
{
    /// <summary>Most regions kept: about a megabyte. Those of the latest run that were entered most stay.</summary>
    public const int MaxRegions = 16384;

    private readonly Lock _lock = new();
    private Dictionary<ProfileKey, ProfileRegion> _regions = [];

    /// <summary>Regions known.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _regions.Count;
        }
    }

    /// <summary>Reads a profile. A file that is not there, or is no good, gives an empty one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">Why the file was not used, as one line; null when it was, or when there is none.</param>
    public static JitProfile Load(string path, out string? problem)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var profile = new JitProfile();
        problem = null;
        try
        {
            if (!File.Exists(path))
                return profile;
            using FileStream stream = File.OpenRead(path);
            profile.Read(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            problem = e.Message.ReplaceLineEndings(" ");
        }

        return profile;
    }

    /// <summary>Adds what a stream holds.</summary>
    /// <param name="stream">Written by <see cref="Write"/>.</param>
    /// <exception cref="InvalidDataException">It is damaged, of another version, or something else. Nothing was added.</exception>
    public void Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Add(ProfileFile.Read(stream));
    }

    /// <summary>Adds what another profile knows.</summary>
    /// <param name="other">The other; it stays as it is.</param>
    public void Merge(JitProfile other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!ReferenceEquals(this, other))
            Add(other.Snapshot());
    }

    /// <summary>Writes the profile.</summary>
    /// <param name="stream">Where to.</param>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ProfileFile.Write(stream, Snapshot());
    }

    /// <summary>Writes the profile into a file, which is replaced as a whole. A file that is something else than a profile is left alone.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be written, or holds something else.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (File.Exists(path))
        {
            using FileStream old = File.OpenRead(path);
            if (!ProfileFile.MayReplace(old))
                throw new IOException($"'{path}' is not a profile and is left as it is");
        }

        // Several processes may save at once: each writes a file of its own, the last one stays.
        string temporary = $"{path}.{Guid.NewGuid():n}.part";
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew))
                Write(stream);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
            throw;
        }
    }

    internal bool TryFind(in ProfileKey key, out ProfileRegion region)
    {
        lock (_lock)
            return _regions.TryGetValue(key, out region);
    }

    /// <summary>Notes that a region was compiled, and how often it was entered until now.</summary>
    /// <param name="key">Its entry.</param>
    /// <param name="members">Its other blocks; null leaves those that are known.</param>
    /// <param name="heat">Entries.</param>
    internal void Note(in ProfileKey key, ProfileMember[]? members, long heat)
    {
        lock (_lock)
        {
            bool known = _regions.TryGetValue(key, out ProfileRegion old);
            if (!known && members is null)
                return;

            // Twice the bound, so that sorting is rare.
            if (!known && _regions.Count >= 2 * MaxRegions)
                _regions = Bounded(_regions).ToDictionary();

            // A busier run counts at once, a quieter one little by little.
            uint now = (uint)Math.Clamp(heat, 0, uint.MaxValue);
            uint before = old.Age == 0 ? old.Heat : old.Heat - (old.Heat / 4);
            _regions[key] = new ProfileRegion(members ?? old.Members, Math.Max(now, before), 0);
        }
    }

    private void Add(IEnumerable<KeyValuePair<ProfileKey, ProfileRegion>> regions)
    {
        lock (_lock)
        {
            foreach ((ProfileKey key, ProfileRegion region) in regions)
            {
                if (!_regions.TryGetValue(key, out ProfileRegion old))
                    _regions.Add(key, region);
                else
                    _regions[key] = new ProfileRegion(old.Heat >= region.Heat ? old.Members : region.Members, Math.Max(old.Heat, region.Heat), Math.Min(old.Age, region.Age));
            }

            if (_regions.Count > MaxRegions)
                _regions = Bounded(_regions).ToDictionary();
        }
    }

    private List<KeyValuePair<ProfileKey, ProfileRegion>> Snapshot()
    {
        lock (_lock)
            return [.. Bounded(_regions)];
    }

    private static IEnumerable<KeyValuePair<ProfileKey, ProfileRegion>> Bounded(Dictionary<ProfileKey, ProfileRegion> regions)
        => regions.OrderBy(static r => r.Value.Age).ThenByDescending(static r => r.Value.Heat).Take(MaxRegions);
}

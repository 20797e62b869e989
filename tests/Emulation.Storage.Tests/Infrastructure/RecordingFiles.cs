namespace Emulation.Storage.Tests;

/// <summary>The further files of an image, each of which remembers its writes; the power is one for all.</summary>
/// <param name="power">Shared with the image's own file.</param>
/// <param name="record">Whether they remember, and can be cut.</param>
internal sealed class RecordingFiles(PowerSupply power, bool record = true) : IImageFiles
{
    private readonly SortedDictionary<string, RecordingDisk> _disks = new(StringComparer.Ordinal);

    /// <summary>Files with a first content, durable.</summary>
    public RecordingFiles(PowerSupply power, IReadOnlyDictionary<string, byte[]> contents, bool record = true) : this(power, record)
    {
        foreach ((string path, byte[] content) in contents)
            _disks.Add(path, new RecordingDisk([.. content], record) { Power = power });
    }

    public Dictionary<string, byte[]> Contents => _disks.ToDictionary(d => d.Key, d => d.Value.Content);

    /// <summary>Writes and resizes so far.</summary>
    public long Operations => _disks.Values.Sum(d => d.Operations);

    /// <summary>The files after a power cut.</summary>
    public Dictionary<string, byte[]> Cut(Random random) => _disks.ToDictionary(d => d.Key, d => d.Value.Cut(random));

    public IBlockDevice Open(string path, bool readOnly)
        => _disks.TryGetValue(path, out RecordingDisk? disk) ? new Borrowed(disk) : throw new DiskImageException($"disk image '{path}' does not exist");

    public IBlockDevice Create(string path)
    {
        var disk = new RecordingDisk(record: record) { Power = power };
        _disks.Add(path, disk);
        return new Borrowed(disk);
    }

    public void Delete(string path) => _disks.Remove(path);

    private sealed class Borrowed(RecordingDisk disk) : PassThrough(disk, leaveOpen: true);
}

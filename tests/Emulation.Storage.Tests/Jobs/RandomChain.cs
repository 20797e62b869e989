namespace Emulation.Storage.Tests.Jobs;

/// <summary>A chain of images in a folder, of random formats, sizes and content.</summary>
internal sealed class RandomChain
{
    private readonly TempFolder _folder;
    private readonly Random _random;

    public RandomChain(TempFolder folder, int seed, int images = 0)
    {
        (_folder, _random) = (folder, new Random(seed));
        images = images > 0 ? images : _random.Next(2, 5);
        for (int i = 0; i < images; i++)
            Add();
    }

    /// <summary>Paths and formats, from the base up.</summary>
    public List<(string Path, string Format)> Images { get; } = [];

    public string Top => Images[^1].Path;

    /// <summary>What the top reads as, to qemu-img.</summary>
    public byte[] Content() => QemuImg.Read(Top, Images[^1].Format);

    public DiskImageOptions Options(int index) => new() { Format = Images[index].Format };

    /// <summary>An image beside the chain.</summary>
    public (string Path, string Format) AddOther()
    {
        Add(alone: true);
        (string, string) other = Images[^1];
        Images.RemoveAt(Images.Count - 1);
        return other;
    }

    private void Add(bool alone = false)
    {
        bool first = Images.Count == 0 || alone;
        string path = _folder[alone ? "other" : $"i{Images.Count}"];
        int length = _random.Next(400, 2000) * 512;
        bool raw = first && _random.Next(2) == 0;
        DiskCreateOptions options = raw ? new RawCreateOptions() : new Qcow2CreateOptions
        {
            Version = _random.Next(4) == 0 ? 2 : 3,
            ClusterSize = 512 << _random.Next(8),
            BackingFile = first ? null : Path.GetFileName(Images[^1].Path),
            BackingFormat = first ? null : Images[^1].Format,
        };
        if (options is Qcow2CreateOptions { Version: 3 } qcow2 && _random.Next(3) == 0)
            options = qcow2 with { ExtendedL2 = true, ClusterSize = 16384 };
        using BlockDevice image = DiskImage.Create(path, length, options);
        for (int i = _random.Next(12); i >= 0; i--)
        {
            int offset = _random.Next(length);
            int count = Math.Min(_random.Next(60_000), length - offset);
            if (_random.Next(3) > 0)
                image.WriteAsync(offset, Shadow.RandomBytes(_random, count)).AsTask().Wait();
            else
                image.WriteZeroesAsync(offset, count, _random.Next(2) == 0).AsTask().Wait();
        }

        Images.Add((path, options.Format));
    }
}

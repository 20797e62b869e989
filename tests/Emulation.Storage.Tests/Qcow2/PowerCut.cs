namespace Emulation.Storage.Tests;

/// <summary>Random operations on an image until the power is cut, and what must be there afterwards.</summary>
internal sealed class PowerCut(Qcow2Case @case, TempFolder folder, int seed)
{
    private const int FirstLength = 700 << 10;

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, byte[]> _snapshots = [];

    // the disk at the last flush, and after each operation since
    private readonly List<byte[]> _versions = [];
    private string? _uncertain;

    /// <summary>Gives the file that the power cut left.</summary>
    public async Task<byte[]> RunAsync()
    {
        var shadow = new Shadow(Math.Max(FirstLength, @case.Filled));
        if (@case.Backing)
        {
            new Random(1).NextBytes(shadow.Bytes.AsSpan(0, 300_000));
            await File.WriteAllBytesAsync(folder["base.raw"], shadow.Bytes.AsSpan(0, 300_000).ToArray());
        }

        var file = new RecordingDisk();
        var image = (Qcow2Image)await DiskImage.CreateAsync(file, shadow.Bytes.Length, @case.In(folder), folder["disk.qcow2"]);
        new Random(2).NextBytes(shadow.Bytes.AsSpan(0, @case.Filled));
        await image.WriteAsync(0, shadow.Bytes.AsMemory(0, @case.Filled));
        await image.FlushAsync();
        Flushed(shadow);
        file.FailAfter(_random.Next(1 << _random.Next(4, 10)));
        try
        {
            while (file.Operations < 100_000)
                await StepAsync(image, shadow);
        }
        catch (IOException e) when (e.Message == "the power is gone")
        {
            // cut
        }

        return file.Cut(_random);
    }

    /// <summary>Opens what is left, compares it with what was flushed, goes on with it.</summary>
    public async Task VerifyAsync(byte[] cut)
    {
        DiskCheckResult check = await DiskImage.CheckAsync(new RecordingDisk([.. cut]));
        if (!@case.Options.LazyRefcounts && check.Corruptions > 0)
            Assert.Fail($"seed {seed}: {string.Join(Environment.NewLine, check.Messages)}");
        var file = new RecordingDisk([.. cut]);
        await using var image = (Qcow2Image)await DiskImage.OpenAsync(file, new DiskImageOptions(), folder["disk.qcow2"]);
        byte[] content = new byte[image.Length];
        await image.ReadAsync(0, content);
        Compare(content);
        image.Snapshots.Select(s => s.Name).Should().OnlyHaveUniqueItems();
        foreach ((string name, byte[] expected) in _snapshots)
        {
            if (image.Snapshots.All(s => s.Name != name))
            {
                name.Should().Be(_uncertain, $"seed {seed}: a snapshot that was taken must be there");
                continue;
            }

            await using IBlockDevice snapshot = await image.OpenSnapshotAsync(name);
            await new Shadow(0) { Bytes = expected }.CheckAsync(snapshot);
        }

        var shadow = new Shadow(0) { Bytes = content };
        for (int i = 0; i < 10; i++)
            await shadow.StepAsync(image, _random, 30_000);
        await shadow.CheckAsync(image);
        (await image.CheckAsync()).Corruptions.Should().Be(0, $"seed {seed}");
    }

    private async Task StepAsync(Qcow2Image image, Shadow shadow)
    {
        int length = shadow.Bytes.Length;
        switch (_random.Next(30))
        {
            case 0 or 1 or 2:
                await image.FlushAsync();
                Flushed(shadow);
                break;
            case 3 when @case.Options.RefcountBits > 2:
                string name = $"s{_snapshots.Count}-{_random.Next(1000)}";
                _snapshots[name] = [.. shadow.Bytes];
                _uncertain = name;
                await image.CreateSnapshotAsync(name, _random.Next(2) == 0 ? Shadow.RandomBytes(_random, 5000) : default);
                _uncertain = null;
                Flushed(shadow);
                break;
            case 4 when image.Snapshots.Count > 0:
                string applied = image.Snapshots[_random.Next(image.Snapshots.Count)].Name;
                shadow.Bytes = [.. _snapshots[applied]];
                _versions.Add([.. shadow.Bytes]);
                await image.ApplySnapshotAsync(applied);
                Flushed(shadow);
                break;
            case 5 when image.Snapshots.Count > 1:
                string gone = image.Snapshots[_random.Next(image.Snapshots.Count)].Name;
                _uncertain = gone;
                await image.DeleteSnapshotAsync(gone);
                _snapshots.Remove(gone);
                _uncertain = null;
                Flushed(shadow);
                break;
            case 6 when _random.Next(3) == 0:
                shadow.Resize(_random.Next(1, 2000) * 512);
                _versions.Add([.. shadow.Bytes]);
                // what is cut off is zero before the size says so
                _versions.Add([.. shadow.Bytes, .. new byte[Math.Max(0, length - shadow.Bytes.Length)]]);
                await image.ResizeAsync(shadow.Bytes.Length);
                Flushed(shadow);
                break;
            case 7 or 8:
                int cluster = _random.Next(length) & -image.ClusterSize;
                byte[] whole = Shadow.RandomBytes(_random, Math.Min(image.ClusterSize, length - cluster));
                whole.CopyTo(shadow.Bytes, cluster);
                _versions.Add([.. shadow.Bytes]);
                await image.WriteCompressedAsync(cluster, whole);
                break;
            case int other:
                int offset = _random.Next(length);
                int count = Math.Min(_random.Next(1, _random.Next(3) == 0 ? 60_000 : 5000), length - offset);
                byte[] data = other < 24 ? Shadow.RandomBytes(_random, count) : new byte[count];
                data.CopyTo(shadow.Bytes, offset);
                _versions.Add([.. shadow.Bytes]);
                if (other < 24)
                    await image.WriteAsync(offset, data);
                else if (other < 27)
                    await image.WriteZeroesAsync(offset, count, other == 24);
                else
                    await DiscardAsync(image, shadow, offset, count);
                break;
        }
    }

    // may leave the old bytes: what they are shows only afterwards
    private static async Task DiscardAsync(Qcow2Image image, Shadow shadow, int offset, int count)
    {
        await image.DiscardAsync(offset, count);
        await image.ReadAsync(offset, shadow.Bytes.AsMemory(offset, count));
    }

    private void Flushed(Shadow shadow)
    {
        _versions.Clear();
        _versions.Add([.. shadow.Bytes]);
    }

    // every byte is what it was at the flush or at some time since
    private void Compare(byte[] content)
    {
        _versions.Select(v => v.Length).Should().Contain(content.Length, $"seed {seed}");
        for (int i = 0; i < content.Length; i++)
        {
            bool found = false;
            for (int v = 0; !found && v < _versions.Count; v++)
                found = i < _versions[v].Length && _versions[v][i] == content[i];
            if (!found)
                Assert.Fail($"seed {seed}: byte 0x{i:x} is 0x{content[i]:x2}, which it never was since the last flush (0x{_versions[0].ElementAtOrDefault(i):x2})");
        }
    }
}

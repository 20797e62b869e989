namespace Emulation.Storage.Tests;

/// <summary>Wherever the power is cut, an image of blocks opens, and all that was flushed is there.</summary>
/// <remarks><c>EMULATION_SEEDS=2000</c> makes so many cuts of each image instead of the few that every run makes.</remarks>
public sealed class BlockPowerCutTests
{
    private const int About = (3 << 20) + 512;

    private static readonly int s_cuts = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "12");

    [TestCaseSource(typeof(BlockCase), nameof(BlockCase.WithUnknown))]
    public async Task Flushed_data_survive(BlockCase @case)
    {
        using var folder = new TempFolder();
        byte[] below = new byte[@case.Backing ? @case.Length(About) : 0];
        new Random(1).NextBytes(below);
        @case.WriteBacking(folder, below, About);
        for (int seed = 0; seed < s_cuts; seed++)
        {
            var versions = new List<byte[]>();
            (byte[] left, Dictionary<string, byte[]> more) = await RunAsync(@case, folder["disk.img"], below, versions, seed);
            await VerifyAsync(@case, folder["disk.img"], left, more, versions, seed);
            if (seed >= 3 || !@case.HasOracle)
                continue;
            more.Add(folder["disk.img"], left);
            foreach ((string path, byte[] content) in more)
                await File.WriteAllBytesAsync(path, content);
            @case.Settle(folder["disk.img"]);
            Compare(QemuImg.Read(folder["disk.img"], @case.QemuFormat), versions, seed);
            if (@case.Format == "vmdk")
                @case.ShouldBeClean(folder["disk.img"]);
            foreach (string path in more.Keys)
                File.Delete(path);
        }
    }

    private static async Task<(byte[] File, Dictionary<string, byte[]> More)> RunAsync(BlockCase @case, string path, byte[] below, List<byte[]> versions, int seed)
    {
        var random = new Random(seed);
        var file = new RecordingDisk();
        var files = new RecordingFiles(file.Power);
        byte[] disk = new byte[@case.Length(About)];
        below.CopyTo(disk, 0);
        var shadow = new Shadow(0) { Bytes = disk };
        BlockDevice image = await @case.CreateAsync(file, disk.Length, path, files);
        versions.Add([.. shadow.Bytes]);
        file.FailAfter(random.Next(1 << random.Next(3, 8)));
        try
        {
            for (int i = 0; i < 200; i++)
                await StepAsync(image, shadow, versions, random);
            await image.DisposeAsync();
        }
        catch (IOException e) when (e.Message == "the power is gone")
        {
            // cut
        }

        return (file.Cut(random), files.Cut(random));
    }

    private static async Task StepAsync(BlockDevice image, Shadow shadow, List<byte[]> versions, Random random)
    {
        int kind = random.Next(10);
        if (kind < 2)
        {
            await image.FlushAsync();
            versions.Clear();
            versions.Add([.. shadow.Bytes]);
            return;
        }

        bool large = random.Next(4) == 0;
        int length = shadow.Bytes.Length;
        int offset = large ? Math.Min(random.Next(4) << 20, length) : random.Next(length);
        int count = Math.Min(large ? random.Next(1, 3) << 20 : random.Next(1, 20_000), length - offset);
        byte[] data = kind < 7 ? Shadow.RandomBytes(random, count) : new byte[count];
        byte[] next = [.. shadow.Bytes];
        data.CopyTo(next, offset);
        versions.Add(next);
        shadow.Bytes = [.. next];
        if (kind < 7)
        {
            await image.WriteAsync(offset, data);
        }
        else if (kind < 9)
        {
            await image.WriteZeroesAsync(offset, count, kind == 7);
        }
        else
        {
            // may leave the old bytes: what they are shows only afterwards
            await image.DiscardAsync(offset, count);
            await image.ReadAsync(offset, shadow.Bytes.AsMemory(offset, count));
        }

        if (versions.Count > 12)
        {
            await image.FlushAsync();
            versions.Clear();
            versions.Add([.. shadow.Bytes]);
        }
    }

    private static async Task VerifyAsync(BlockCase @case, string path, byte[] left, Dictionary<string, byte[]> more, List<byte[]> versions, int seed)
    {
        var files = new RecordingFiles(new PowerSupply(), more, record: false);
        var file = new RecordingDisk([.. left], record: false);
        byte[] content = new byte[@case.Length(About)];
        await using (BlockDevice image = await @case.OpenAsync(file, path, files))
        {
            image.Length.Should().Be(content.Length);
            await image.ReadAsync(0, content);
            Compare(content, versions, seed);
            var shadow = new Shadow(0) { Bytes = content };
            var random = new Random(seed);
            for (int i = 0; i < 10; i++)
                await shadow.StepAsync(image, random, 1_500_000);
        }

        await using BlockDevice again = await @case.OpenAsync(new RecordingDisk(file.Content, record: false), path, files);
        await new Shadow(0) { Bytes = content }.CheckAsync(again);
        (await @case.CheckAsync(new RecordingDisk(file.Content, record: false), path, files)).Corruptions.Should().Be(0);
    }

    // every byte is what it was at the flush or at some time since
    private static void Compare(byte[] content, List<byte[]> versions, int seed)
    {
        content.Length.Should().Be(versions[0].Length);
        for (int sector = 0; sector < content.Length; sector += 512)
        {
            if (content.AsSpan(sector, 512).SequenceEqual(versions[0].AsSpan(sector, 512)))
                continue;
            for (int i = sector; i < sector + 512; i++)
            {
                if (!versions.Exists(v => v[i] == content[i]))
                    Assert.Fail($"seed {seed}: byte 0x{i:x} is 0x{content[i]:x2}, which it never was since the last flush (0x{versions[0][i]:x2})");
            }
        }
    }
}

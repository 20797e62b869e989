namespace Emulation.Storage.Tests;

/// <summary>Wherever the power is cut, an image of blocks opens, and all that was flushed is there.</summary>
/// <remarks><c>EMULATION_SEEDS=2000</c> makes so many cuts of each image instead of the few that every run makes.</remarks>
public sealed class BlockPowerCutTests
{
    private const int Length = (3 << 20) + 512;

    private static readonly int s_cuts = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "12");

    [TestCaseSource(typeof(BlockCase), nameof(BlockCase.All))]
    public async Task Flushed_data_survive(BlockCase @case)
    {
        using var folder = new TempFolder();
        byte[] below = new byte[@case.Backing ? Length : 0];
        new Random(1).NextBytes(below);
        @case.WriteBelow(folder, below, Length);
        for (int seed = 0; seed < s_cuts; seed++)
        {
            var versions = new List<byte[]>();
            byte[] left = await RunAsync(@case, folder["disk.img"], below, versions, seed);
            await VerifyAsync(@case, folder["disk.img"], left, versions, seed);
            if (seed >= 3)
                continue;
            await File.WriteAllBytesAsync(folder["disk.img"], left);
            if (@case.ReadWithQemu(folder["disk.img"]) is { } read)
                Compare(read, versions, seed);
            File.Delete(folder["disk.img"]);
        }
    }

    private static async Task<byte[]> RunAsync(BlockCase @case, string path, byte[] below, List<byte[]> versions, int seed)
    {
        var random = new Random(seed);
        var file = new RecordingDisk();
        byte[] disk = new byte[Length];
        below.CopyTo(disk, 0);
        var shadow = new Shadow(0) { Bytes = disk };
        BlockDevice image = await DiskImage.CreateAsync(file, Length, @case.Options, path);
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

        return file.Cut(random);
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
        int offset = large ? random.Next(4) << 20 : random.Next(Length);
        int count = Math.Min(large ? random.Next(1, 3) << 20 : random.Next(1, 20_000), Length - offset);
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

    private static async Task VerifyAsync(BlockCase @case, string path, byte[] left, List<byte[]> versions, int seed)
    {
        var options = new DiskImageOptions { Format = @case.Format };
        var file = new RecordingDisk([.. left], record: false);
        byte[] content = new byte[Length];
        await using (BlockDevice image = await DiskImage.OpenAsync(file, options, path))
        {
            image.Length.Should().Be(Length);
            await image.ReadAsync(0, content);
            Compare(content, versions, seed);
            var shadow = new Shadow(0) { Bytes = content };
            var random = new Random(seed);
            for (int i = 0; i < 10; i++)
                await shadow.StepAsync(image, random, 1_500_000);
        }

        await using BlockDevice again = await DiskImage.OpenAsync(new RecordingDisk(file.Content, record: false), options, path);
        await new Shadow(0) { Bytes = content }.CheckAsync(again);
    }

    // every byte is what it was at the flush or at some time since
    private static void Compare(byte[] content, List<byte[]> versions, int seed)
    {
        content.Length.Should().Be(Length);
        for (int sector = 0; sector < Length; sector += 512)
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

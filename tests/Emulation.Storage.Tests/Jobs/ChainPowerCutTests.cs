namespace Emulation.Storage.Tests.Jobs;

/// <summary>Wherever the power is cut during work on a chain, the chain reads as before.</summary>
/// <remarks><c>EMULATION_SEEDS=2000</c> makes so many cuts of each kind.</remarks>
public sealed class ChainPowerCutTests
{
    private static readonly int s_cuts = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "40");

    [Test]
    public async Task Commit()
    {
        for (int seed = 0; seed < s_cuts; seed++)
        {
            using var folder = new TempFolder();
            var random = new Random(seed);
            var chain = new RandomChain(folder, 3000 + seed, images: 2);
            byte[] expected = chain.Content();
            var files = chain.Images.ConvertAll(i => new RecordingDisk(File.ReadAllBytes(i.Path)));
            (Qcow2Image top, IBlockDevice below) = await OpenAsync(chain, files[1], files[0]);
            files[random.Next(2)].FailAfter(random.Next(1 << random.Next(1, 8)));
            await UntilCut(() => CommitJob.RunAsync(top, below, new DiskCommitOptions(), null, CancellationToken.None));
            byte[][] cut = [files[0].Cut(random), files[1].Cut(random)];
            (await DiskImage.CheckAsync(new RecordingDisk([.. cut[1]]))).Corruptions.Should().Be(0, $"seed {seed}");
            (top, _) = await OpenAsync(chain, new RecordingDisk(cut[1]), new RecordingDisk(cut[0]));
            await new Shadow(0) { Bytes = expected }.CheckAsync(top);
        }
    }

    [Test]
    public Task Stream() => TopAsync(5000, (top, _) => DiskJobs.StreamAsync(top));

    [Test]
    public Task Rebase() => TopAsync(7000, async (top, chain) =>
    {
        (string path, string format) = chain.AddOther();
        using BlockDevice other = DiskImage.Open(path, new DiskImageOptions { Format = format, ReadOnly = true });
        await new RebaseJob(top, other, null).RunAsync(CancellationToken.None);
        await top.RecordBackingAsync(path, format);
    });

    // the last write decides: cuts right around it
    [TestCase("qcow2")]
    [TestCase("qed")]
    public async Task The_name_of_the_backing_file(string format)
    {
        for (int seed = 0; seed < s_cuts; seed++)
        {
            using var folder = new TempFolder();
            var random = new Random(seed);
            using (BlockDevice created = DiskImage.Create(folder["b1"], 1 << 16))
                await created.WriteAsync(0, new byte[] { 1, 2, 3 });
            string second = folder[new string('b', random.Next(2, 200))];
            File.Copy(folder["b1"], second);
            int clusterSize = 4096 << random.Next(4);
            DiskCreateOptions options = format == "qed"
                ? new QedCreateOptions { ClusterSize = clusterSize, BackingFile = "b1", BackingFormat = "raw" }
                : new Qcow2CreateOptions { ClusterSize = clusterSize, BackingFile = "b1", BackingFormat = "raw" };
            DiskImage.Create(folder["top"], 1 << 16, options).Dispose();
            // so long that the name does not fit into the first sector
            string far = string.Concat(Enumerable.Repeat("./", random.Next(250))) + Path.GetFileName(second);
            var file = new RecordingDisk(await File.ReadAllBytesAsync(folder["top"]));
            var top = (IRebasable)await DiskImage.OpenAsync(file, new DiskImageOptions(), folder["top"]);
            for (int names = 0; names < 3; names++)
                await top.RecordBackingAsync(names % 2 == 0 ? far : "b1", "raw");
            file.FailAfter(random.Next(8));
            await UntilCut(async () => await top.RecordBackingAsync(far, "raw"));
            await File.WriteAllBytesAsync(folder["top"], file.Cut(random));
            using BlockDevice left = DiskImage.Open(folder["top"], readOnly: true);
            byte[] read = new byte[3];
            await left.ReadAsync(0, read);
            read.Should().Equal([1, 2, 3], $"seed {seed}");
        }
    }

    private static async Task TopAsync(int first, Func<Qcow2Image, RandomChain, Task> job)
    {
        for (int seed = first; seed < first + s_cuts; seed++)
        {
            using var folder = new TempFolder();
            var random = new Random(seed);
            var chain = new RandomChain(folder, seed, images: 3);
            byte[] expected = chain.Content();
            var file = new RecordingDisk(await File.ReadAllBytesAsync(chain.Top));
            var top = (Qcow2Image)await DiskImage.OpenAsync(file, new DiskImageOptions(), chain.Top);
            file.FailAfter(random.Next(1 << random.Next(1, 8)));
            await UntilCut(() => job(top, chain));
            // the chain's files are still open, to be read
            await File.WriteAllBytesAsync(chain.Top, file.Cut(random));
            await using var left = (Qcow2Image)DiskImage.Open(chain.Top, readOnly: true);
            await new Shadow(0) { Bytes = expected }.CheckAsync(left);
            (await left.CheckAsync()).Corruptions.Should().Be(0, $"seed {seed}");
        }
    }

    private static async Task<(Qcow2Image Top, IBlockDevice Base)> OpenAsync(RandomChain chain, IBlockDevice topFile, IBlockDevice baseFile)
    {
        BlockDevice below = await DiskImage.OpenAsync(baseFile, new DiskImageOptions { Format = chain.Images[0].Format });
        var top = (Qcow2Image)await DiskImage.OpenAsync(topFile, new DiskImageOptions { IgnoreBacking = true }, chain.Top);
        top.ExchangeBacking(below);
        return (top, below);
    }

    private static async Task UntilCut(Func<Task> job)
    {
        try
        {
            await job();
        }
        catch (IOException e) when (e.Message == "the power is gone")
        {
            // cut
        }
    }
}

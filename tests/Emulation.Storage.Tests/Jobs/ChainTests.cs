using System.Text.Json;

namespace Emulation.Storage.Tests.Jobs;

/// <summary>Commit, stream and rebase of random chains, with qemu-img as the judge.</summary>
public sealed class ChainTests
{
    private static readonly int s_seeds = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "25");

    [Test]
    public async Task A_commit_gives_the_base_what_the_top_reads_as()
    {
        for (int seed = 0; seed < s_seeds; seed++)
        {
            using var folder = new TempFolder();
            var chain = new RandomChain(folder, seed);
            var random = new Random(seed);
            byte[] expected = chain.Content();
            int place = random.Next(chain.Images.Count - 1);
            bool direct = place == chain.Images.Count - 2;
            (string path, string format) = chain.Images[place];
            long before = new FileInfo(path).Length;
            var options = new DiskCommitOptions { Base = direct && random.Next(2) == 0 ? null : path, KeepTop = random.Next(2) == 0 };
            await DiskJobs.CommitAsync(chain.Top, options);
            byte[] read = QemuImg.Read(path, format);
            read.Length.Should().BeGreaterThanOrEqualTo(expected.Length);
            read.AsSpan(0, expected.Length).SequenceEqual(expected).Should().BeTrue($"seed {seed}");
            chain.Content().AsSpan().SequenceEqual(expected).Should().BeTrue($"seed {seed}: the top");
            Clean(chain);
            using BlockDevice top = DiskImage.Open(chain.Top, readOnly: true);
            List<DiskExtent> extents = await MapAsync(top);
            if (direct && !options.KeepTop)
                extents.Should().NotContain(e => e.Present && e.Depth == 0, $"seed {seed}: it is empty");
        }
    }

    [Test]
    public async Task A_stream_makes_an_image_that_needs_less_below()
    {
        for (int seed = 100; seed < 100 + s_seeds; seed++)
        {
            using var folder = new TempFolder();
            var chain = new RandomChain(folder, seed);
            byte[] expected = chain.Content();
            int place = new Random(seed).Next(-1, chain.Images.Count - 1);
            await using (var top = (Qcow2Image)DiskImage.Open(chain.Top))
            {
                await DiskJobs.StreamAsync(top, place < 0 ? null : Below(top, chain.Images.Count - 1 - place));
                // open, too
                await new Shadow(0) { Bytes = expected }.CheckAsync(top);
                (top.Backing is null).Should().Be(place < 0);
                await top.WriteAsync(0, expected.AsMemory(0, 5000));
            }

            chain.Content().AsSpan().SequenceEqual(expected).Should().BeTrue($"seed {seed}");
            Clean(chain);
            BackingOf(chain.Top).Should().Be(place < 0 ? null : Path.GetFileName(chain.Images[place].Path), $"seed {seed}");
        }
    }

    [Test]
    public async Task A_rebase_changes_what_is_below_and_not_what_is_read()
    {
        for (int seed = 200; seed < 200 + s_seeds; seed++)
        {
            using var folder = new TempFolder();
            var chain = new RandomChain(folder, seed);
            byte[] expected = chain.Content();
            (string path, string format) = new Random(seed).Next(3) switch
            {
                0 => chain.AddOther(),
                1 => chain.Images[0],
                _ => ("", ""),
            };
            await DiskJobs.RebaseAsync(chain.Top, path.Length == 0 ? new DiskRebaseOptions() : new DiskRebaseOptions { BackingFile = path, BackingFormat = format });
            chain.Content().AsSpan().SequenceEqual(expected).Should().BeTrue($"seed {seed}");
            Clean(chain);
            BackingOf(chain.Top).Should().Be(path.Length == 0 ? null : path, $"seed {seed}");
        }
    }

    [TestCase("commit")]
    [TestCase("stream")]
    [TestCase("rebase")]
    public async Task What_is_cancelled_leaves_everything_as_it_reads(string job)
    {
        for (int seed = 0; seed < 12; seed++)
        {
            using var folder = new TempFolder();
            var chain = new RandomChain(folder, seed, images: 3);
            byte[] expected = chain.Content();
            using var stop = new CancellationTokenSource();
            int after = new Random(seed).Next(20);
            var progress = new Callback(() =>
            {
                if (after-- == 0)
                    stop.Cancel();
            });
            try
            {
                switch (job)
                {
                    case "commit":
                        await DiskJobs.CommitAsync(chain.Top, null, progress, stop.Token);
                        break;
                    case "rebase":
                        await DiskJobs.RebaseAsync(chain.Top, new DiskRebaseOptions(), progress, stop.Token);
                        break;
                    default:
                        await using (var top = (Qcow2Image)DiskImage.Open(chain.Top))
                            await DiskJobs.StreamAsync(top, null, null, progress, stop.Token);
                        break;
                }
            }
            catch (OperationCanceledException)
            {
                // sooner or later
            }

            chain.Content().AsSpan().SequenceEqual(expected).Should().BeTrue($"seed {seed}");
            Clean(chain);
        }
    }

    [Test]
    public async Task Names_follow_from_one_folder_to_another()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["sub"]);
        QemuImg.Run("create", "-f", "raw", folder["sub/base"], "1M");
        QemuImg.Run("create", "-f", "qcow2", "-b", "base", "-F", "raw", folder["sub/mid"]);
        QemuImg.Io("qcow2", folder["sub/mid"], "write -P 1 0 64k");
        QemuImg.Run("create", "-f", "qcow2", "-b", "sub/mid", "-F", "qcow2", folder["top"]);
        await using (var top = (Qcow2Image)DiskImage.Open(folder["top"]))
            await DiskJobs.StreamAsync(top, Below(top, 2));
        BackingOf(folder["top"]).Should().Be(folder["sub/base"]);
        QemuImg.Read(folder["top"], "qcow2")[0].Should().Be(1);
        await DiskJobs.RebaseAsync(folder["top"], new DiskRebaseOptions { BackingFile = "gone", BackingFormat = "qcow2", Unsafe = true });
        BackingOf(folder["top"]).Should().Be("gone");
        await DiskJobs.RebaseAsync(folder["top"], new DiskRebaseOptions { BackingFile = "sub/base", BackingFormat = "raw", Unsafe = true });
        QemuImg.Read(folder["top"], "qcow2")[0].Should().Be(1);
    }

    [TestCase(512)]
    [TestCase(4096)]
    [TestCase(65536)]
    public async Task A_header_takes_names_of_every_length(int clusterSize)
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "qcow2", "-o", $"cluster_size={clusterSize}", folder["a"], "1M");
        QemuImg.Run("bitmap", "--add", folder["a"], "bits");
        int most = clusterSize == 512 ? 200 : 1023;
        foreach (int length in (int[])[1, most, 7, 100, most - 1, 0, 3])
        {
            string? name = length == 0 ? null : new string('x', length);
            string? format = length % 3 == 0 ? "parallels" : length % 3 == 1 ? "raw" : null;
            await DiskJobs.RebaseAsync(folder["a"], new DiskRebaseOptions { BackingFile = name, BackingFormat = name is null ? null : format, Unsafe = true });
            using var image = (Qcow2Image)DiskImage.Open(folder["a"], new DiskImageOptions { ReadOnly = true, IgnoreBacking = true });
            (image.BackingFile, image.BackingFormat).Should().Be((name, name is null ? null : format));
            image.Bitmaps.Should().ContainSingle();
            BackingOf(folder["a"]).Should().Be(name);
            (await image.CheckAsync()).IsClean.Should().BeTrue();
        }
    }

    [Test]
    public async Task What_cannot_be_is_refused()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "raw", folder["raw"], "1M");
        QemuImg.Run("create", "-f", "qcow2", folder["q"], "1M");
        QemuImg.Run("create", "-f", "qcow2", "-b", "q", "-F", "qcow2", folder["top"], "2M");
        QemuImg.Run("create", "-f", "qcow2", folder["other"], "1M");
        await Refused(() => DiskJobs.CommitAsync(folder["raw"]), "*no backing file*");
        await Refused(() => DiskJobs.CommitAsync(folder["q"]), "*no backing file*");
        await Refused(() => DiskJobs.CommitAsync(folder["top"], new DiskCommitOptions { Base = folder["other"] }), "*not below*");
        await Refused(() => DiskJobs.RebaseAsync(folder["raw"], new DiskRebaseOptions()), "*raw image*qcow2 and qed*");
        await Refused(() => DiskJobs.RebaseAsync(folder["top"], new DiskRebaseOptions { BackingFile = "nothing", BackingFormat = "raw" }), "*does not exist*");
        await Refused(() => DiskJobs.RebaseAsync(folder["q"], new DiskRebaseOptions { BackingFile = "q", BackingFormat = "qcow2" }), "*loop*");
        await Refused(() => DiskJobs.RebaseAsync(folder["top"], new DiskRebaseOptions { BackingFile = new string('n', 1024), BackingFormat = "raw", Unsafe = true }), "*too long*");
        QemuImg.ShouldBeClean(folder["top"]);
    }

    internal static async Task Refused(Func<Task> what, string expected) => await what.Should().ThrowAsync<DiskImageException>().WithMessage(expected);

    internal static IBlockDevice Below(IBlockDevice top, int depth)
    {
        for (; depth > 0; depth--)
            top = ((Qcow2Image)top).Backing!;
        return top;
    }

    internal static async Task<List<DiskExtent>> MapAsync(IBlockDevice disk)
    {
        var extents = new List<DiskExtent>();
        await foreach (DiskExtent extent in DiskJobs.MapAsync(disk))
            extents.Add(extent);
        return extents;
    }

    private static void Clean(RandomChain chain)
    {
        foreach ((string path, string format) in chain.Images.Where(i => i.Format == "qcow2"))
            QemuImg.ShouldBeClean(path);
    }

    private static string? BackingOf(string path)
        => JsonDocument.Parse(QemuImg.Run("info", "--output=json", path)).RootElement.TryGetProperty("backing-filename", out JsonElement name) ? name.GetString() : null;

    private sealed class Callback(Action then) : IProgress<DiskProgress>
    {
        public void Report(DiskProgress value) => then();
    }
}

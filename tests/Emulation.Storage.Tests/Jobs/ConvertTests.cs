namespace Emulation.Storage.Tests.Jobs;

public sealed class ConvertTests
{
    private const int Size = (9 << 20) + 512;

    private static IEnumerable<TestCaseData> Targets()
    {
        yield return new TestCaseData(new RawCreateOptions(), false).SetName("raw");
        yield return new TestCaseData(new Qcow2CreateOptions(), false).SetName("qcow2");
        yield return new TestCaseData(new Qcow2CreateOptions { ClusterSize = 512 }, false).SetName("qcow2, small clusters");
        yield return new TestCaseData(new Qcow2CreateOptions { ClusterSize = 2 << 20 }, true).SetName("qcow2, large clusters, compressed");
        yield return new TestCaseData(new Qcow2CreateOptions { ExtendedL2 = true }, false).SetName("qcow2, subclusters");
        yield return new TestCaseData(new Qcow2CreateOptions { Version = 2 }, true).SetName("qcow2, version 2, zlib");
        yield return new TestCaseData(new Qcow2CreateOptions { Compression = Qcow2Compression.Zstd }, true).SetName("qcow2, zstd");
        yield return new TestCaseData(new Qcow2CreateOptions { LazyRefcounts = true }, false).SetName("qcow2, lazy refcounts");
        yield return new TestCaseData(new VmdkCreateOptions(), false).SetName("vmdk");
        yield return new TestCaseData(new VmdkCreateOptions { ZeroedGrain = true }, false).SetName("vmdk, zeroed grains");
        yield return new TestCaseData(new VmdkCreateOptions { Subformat = VmdkSubformat.StreamOptimized }, true).SetName("vmdk, compressed");
        yield return new TestCaseData(new VmdkCreateOptions { Subformat = VmdkSubformat.StreamOptimized, Sequential = true }, true).SetName("vmdk, a stream");
        yield return new TestCaseData(new VmdkCreateOptions { Subformat = VmdkSubformat.StreamOptimized, GrainSize = 1 << 20 }, true).SetName("vmdk, compressed, large grains");
        yield return new TestCaseData(new VmdkCreateOptions { Subformat = VmdkSubformat.TwoGbMaxExtentSparse, ExtentSize = 1 << 20 }, false).SetName("vmdk, several sparse files");
        yield return new TestCaseData(new VmdkCreateOptions { Subformat = VmdkSubformat.MonolithicFlat }, false).SetName("vmdk, flat");
    }

    [TestCaseSource(nameof(Targets))]
    public async Task What_is_converted_reads_the_same_in_qemu(DiskCreateOptions target, bool compress)
    {
        using var folder = new TempFolder();
        byte[] content = Content(Size);
        using MemoryDisk source = DiskImage.InMemory(content);
        await DiskJobs.ConvertAsync(source, folder["target"], new DiskConvertOptions { Target = target, Compress = compress });
        if (target is RawCreateOptions)
        {
            (await File.ReadAllBytesAsync(folder["target"])).AsSpan().SequenceEqual(content).Should().BeTrue();
            return;
        }

        QemuImg.Run("check", "-f", target.Format, folder["target"]);
        QemuImg.Read(folder["target"], target.Format).AsSpan().SequenceEqual(content).Should().BeTrue();
        DiskCheckResult check = DiskImage.Check(folder["target"]);
        check.IsClean.Should().BeTrue();
        (check.CompressedClusters > 0).Should().Be(compress);
        check.AllocatedClusters.Should().BeLessThanOrEqualTo(check.TotalClusters);
    }

    [Test]
    public async Task Images_of_qemu_are_converted_with_their_chain()
    {
        using var folder = new TempFolder();
        byte[] content = Content(4 << 20);
        await File.WriteAllBytesAsync(folder["base.raw"], content);
        QemuImg.Run("convert", "-O", "qcow2", "-c", folder["base.raw"], folder["base"]);
        QemuImg.Run("create", "-f", "qcow2", "-b", folder["base"], "-F", "qcow2", folder["top"], "6M");
        QemuImg.Io("qcow2", folder["top"], "write -P 7 1000000 5000", "write -z 2M 128k");
        byte[] expected = QemuImg.Read(folder["top"], "qcow2");
        using BlockDevice source = DiskImage.Open(folder["top"], readOnly: true);
        await DiskJobs.ConvertAsync(source, folder["raw"], new DiskConvertOptions { Target = new RawCreateOptions() });
        (await File.ReadAllBytesAsync(folder["raw"])).AsSpan().SequenceEqual(expected).Should().BeTrue();
    }

    [Test]
    public async Task A_disk_that_ends_within_a_sector_is_rounded_up()
    {
        using var folder = new TempFolder();
        byte[] content = Content(100_001);
        using MemoryDisk source = DiskImage.InMemory(content);
        await DiskJobs.ConvertAsync(source, folder["q"], new DiskConvertOptions { Target = new Qcow2CreateOptions(), Compress = true });
        byte[] read = QemuImg.Read(folder["q"], "qcow2");
        read.Length.Should().Be(100_352);
        read.AsSpan(0, content.Length).SequenceEqual(content).Should().BeTrue();
        read.AsSpan(content.Length).ContainsAnyExcept((byte)0).Should().BeFalse();
    }

    [Test]
    public async Task Zeros_take_no_room()
    {
        using var folder = new TempFolder();
        byte[] content = new byte[8 << 20];
        content[5 << 20] = 1;
        using MemoryDisk source = DiskImage.InMemory(content);
        await DiskJobs.ConvertAsync(source, folder["q"], new DiskConvertOptions { Target = new Qcow2CreateOptions() });
        DiskImage.Check(folder["q"]).AllocatedClusters.Should().Be(1);
    }

    [Test]
    public async Task The_same_source_gives_the_same_image()
    {
        using var folder = new TempFolder();
        using MemoryDisk source = DiskImage.InMemory(Content(Size));
        foreach (string name in (string[])["a", "b"])
            await DiskJobs.ConvertAsync(source, folder[name], new DiskConvertOptions { Target = new Qcow2CreateOptions(), Compress = true });
        byte[] second = await File.ReadAllBytesAsync(folder["b"]);
        (await File.ReadAllBytesAsync(folder["a"])).AsSpan().SequenceEqual(second).Should().BeTrue();
    }

    [Test]
    public async Task A_copy_over_old_content_leaves_nothing_of_it()
    {
        using var folder = new TempFolder();
        byte[] content = Content(3 << 20);
        using MemoryDisk source = DiskImage.InMemory(content);
        foreach (bool compress in (bool[])[false, true])
        {
            using BlockDevice target = DiskImage.Create(folder[$"q{compress}"], 4 << 20, new Qcow2CreateOptions());
            await target.WriteAsync(0, Enumerable.Repeat((byte)9, 4 << 20).ToArray());
            await DiskJobs.CopyAsync(source, target, new DiskCopyOptions { Compress = compress });
            byte[] read = new byte[4 << 20];
            await target.ReadAsync(0, read);
            read.AsSpan(0, content.Length).SequenceEqual(content).Should().BeTrue();
            read.AsSpan(content.Length).ContainsAnyExcept((byte)0).Should().BeFalse();
        }

        QemuImg.ShouldBeClean(folder["qFalse"]);
        QemuImg.ShouldBeClean(folder["qTrue"]);
    }

    [Test]
    public async Task Progress_ends_at_the_end_and_never_goes_back()
    {
        using var folder = new TempFolder();
        using MemoryDisk source = DiskImage.InMemory(Content(Size));
        var progress = new Reports();
        await DiskJobs.ConvertAsync(source, folder["q"], new DiskConvertOptions { Target = new Qcow2CreateOptions() }, progress);
        progress.Seen.Select(p => p.Done).Should().BeInAscendingOrder();
        progress.Seen[^1].Should().Be(new DiskProgress(Size, Size));
    }

    [Test]
    public async Task A_conversion_that_is_cancelled_or_fails_leaves_no_file()
    {
        using var folder = new TempFolder();
        using MemoryDisk source = DiskImage.InMemory(Content(Size));
        using var stop = new CancellationTokenSource();
        var progress = new Reports { Then = stop.Cancel };
        Func<Task> cancelled = () => DiskJobs.ConvertAsync(source, folder["q"], new DiskConvertOptions { Target = new Qcow2CreateOptions() }, progress, stop.Token);
        await cancelled.Should().ThrowAsync<OperationCanceledException>();
        File.Exists(folder["q"]).Should().BeFalse();
        var split = new DiskConvertOptions { Target = new VmdkCreateOptions { Subformat = VmdkSubformat.TwoGbMaxExtentSparse, ExtentSize = 1 << 20 } };
        using var stopSplit = new CancellationTokenSource();
        Func<Task> cancelledSplit = () => DiskJobs.ConvertAsync(source, folder["q"], split, new Reports { Then = stopSplit.Cancel }, stopSplit.Token);
        await cancelledSplit.Should().ThrowAsync<OperationCanceledException>();
        Directory.GetFiles(folder["."]).Should().BeEmpty();
        var broken = new Reports { Then = () => throw new InvalidDataException("broken") };
        Func<Task> failed = () => DiskJobs.ConvertAsync(source, folder["q"], new DiskConvertOptions { Target = new RawCreateOptions() }, broken);
        await failed.Should().ThrowAsync<InvalidDataException>().WithMessage("broken");
        File.Exists(folder["q"]).Should().BeFalse();
    }

    [Test]
    public async Task What_cannot_be_is_refused()
    {
        using var folder = new TempFolder();
        using MemoryDisk source = DiskImage.InMemory(1 << 20);
        using MemoryDisk small = DiskImage.InMemory(1 << 19);
        foreach (DiskConvertOptions options in (DiskConvertOptions[])[
            new() { Target = new RawCreateOptions(), Compress = true },
            new() { Target = new Qcow2CreateOptions { Passphrase = "x" }, Compress = true },
            new() { Target = new VmdkCreateOptions(), Compress = true },
            new() { Target = new VmdkCreateOptions { BackingFile = "b" } },
            new() { Target = new Qcow2CreateOptions { BackingFile = "b", BackingFormat = "raw" } }])
        {
            Func<Task> convert = () => DiskJobs.ConvertAsync(source, folder["q"], options);
            await convert.Should().ThrowAsync<DiskImageException>();
            File.Exists(folder["q"]).Should().BeFalse();
        }

        Func<Task> copy = () => DiskJobs.CopyAsync(source, small);
        await copy.Should().ThrowAsync<DiskImageException>().WithMessage("*does not fit*");
    }

    [Test]
    public async Task The_file_is_flushed_once_at_the_end_or_never()
    {
        foreach (bool complete in (bool[])[false, true])
        {
            var disk = new FlushCounter();
            using (var file = new LateFlushFile(disk))
            {
                await file.FlushAsync();
                file.FlushOnClose = complete;
            }

            disk.Flushes.Should().Be(complete ? 1 : 0);
        }
    }

    // data, stretches of zeros of all sizes, and what does and does not compress
    internal static byte[] Content(int length)
    {
        var random = new Random(5);
        byte[] content = new byte[length];
        for (int offset = 0; offset < length;)
        {
            int count = Math.Min(random.Next(random.Next(2) == 0 ? 20_000 : 900_000), length - offset);
            if (random.Next(3) > 0)
                Shadow.RandomBytes(random, count).CopyTo(content, offset);
            offset += count;
        }

        return content;
    }

    private sealed class Reports : IProgress<DiskProgress>
    {
        public List<DiskProgress> Seen { get; } = [];

        public Action? Then { get; init; }

        public void Report(DiskProgress value)
        {
            Seen.Add(value);
            Then?.Invoke();
        }
    }

    private sealed class FlushCounter() : PassThrough(DiskImage.InMemory(1))
    {
        public int Flushes { get; private set; }

        protected override ValueTask FlushCoreAsync(CancellationToken cancellationToken)
        {
            Flushes++;
            return base.FlushCoreAsync(cancellationToken);
        }
    }
}

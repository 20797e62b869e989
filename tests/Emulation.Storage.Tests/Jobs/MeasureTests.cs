using System.Text.Json;

namespace Emulation.Storage.Tests.Jobs;

public sealed class MeasureTests
{
    private static IEnumerable<TestCaseData> Targets()
    {
        yield return new TestCaseData(new RawCreateOptions(), "raw", "").SetName("raw");
        yield return new TestCaseData(new Qcow2CreateOptions(), "qcow2", "").SetName("qcow2");
        yield return new TestCaseData(new Qcow2CreateOptions { ClusterSize = 512 }, "qcow2", "cluster_size=512").SetName("qcow2 512");
        yield return new TestCaseData(new Qcow2CreateOptions { ClusterSize = 2 << 20, RefcountBits = 1 }, "qcow2", "cluster_size=2M,refcount_bits=1").SetName("qcow2 2M");
        yield return new TestCaseData(new Qcow2CreateOptions { ExtendedL2 = true, RefcountBits = 64 }, "qcow2", "extended_l2=on,refcount_bits=64").SetName("qcow2 extended");
        yield return new TestCaseData(new Qcow2CreateOptions { Version = 2 }, "qcow2", "compat=0.10").SetName("qcow2 v2");
        yield return new TestCaseData(new Qcow2CreateOptions { Preallocation = DiskPreallocation.Full }, "qcow2", "preallocation=full").SetName("qcow2 full");
        yield return new TestCaseData(new Qcow2CreateOptions { Preallocation = DiskPreallocation.Metadata }, "qcow2", "preallocation=metadata").SetName("qcow2 metadata");
    }

    [TestCaseSource(nameof(Targets))]
    public async Task Room_is_what_qemu_says(DiskCreateOptions target, string format, string options)
    {
        using var folder = new TempFolder();
        string[] more = options.Length == 0 ? [] : ["-o", options];
        foreach (long length in (long[])[512, 64 << 10, 1_000_001, 5 << 20, 700L << 20, 3L << 30])
        {
            DiskMeasurement ours = DiskJobs.Measure(length, target);
            Same(ours, QemuImg.Run(["measure", "--output=json", "-O", format, .. more, "--size", length.ToString()]), $"{length} bytes");
        }

        // holes of a sparse file are known
        using (BlockDevice sparse = DiskImage.Create(folder["sparse"], 20 << 20))
        {
            await sparse.WriteAsync(1 << 20, Enumerable.Repeat((byte)3, 300_000).ToArray());
            await sparse.WriteAsync(15 << 20, Enumerable.Repeat((byte)4, 70_000).ToArray());
        }

        using (BlockDevice sparse = DiskImage.Open(folder["sparse"], new DiskImageOptions { Format = "raw", ReadOnly = true }))
            Same(await DiskJobs.MeasureAsync(sparse, target), QemuImg.Run(["measure", "--output=json", "-f", "raw", "-O", format, .. more, folder["sparse"]]), "sparse");

        // whole clusters: qemu also looks for holes in the file
        QemuImg.Run("create", "-f", "qcow2", folder["base"], "7M");
        QemuImg.Io("qcow2", folder["base"], "write -P 1 64k 64k", "write -P 2 3M 128k", "write -z 5M 64k");
        QemuImg.Run("create", "-f", "qcow2", "-b", folder["base"], "-F", "qcow2", folder["top"], "9000448");
        QemuImg.Io("qcow2", folder["top"], "write -P 3 8M 128k", "write -z 3M 64k");
        QemuImg.Run("bitmap", "--add", folder["top"], "bits");
        QemuImg.Run("bitmap", "--add", "-g", "512", folder["top"], "finer bits");
        foreach (string path in (string[])["base", "top"])
        {
            using BlockDevice image = DiskImage.Open(folder[path], readOnly: true);
            DiskMeasurement ours = await DiskJobs.MeasureAsync(image, target);
            Same(ours, QemuImg.Run(["measure", "--output=json", "-O", format, .. more, folder[path]]), path);
        }
    }

    [Test]
    public async Task Room_of_other_formats_is_what_they_take()
    {
        using var folder = new TempFolder();
        byte[] content = ConvertTests.Content(9 << 20);
        using MemoryDisk source = DiskImage.InMemory(content);
        foreach (DiskCreateOptions target in (DiskCreateOptions[])[
            new VdiCreateOptions(), new VdiCreateOptions { Fixed = true }, new VhdCreateOptions(), new VhdCreateOptions { Fixed = true }, new QedCreateOptions(), new ParallelsCreateOptions(),
            new QcowCreateOptions(), new VhdxCreateOptions { BlockSize = 1 << 20 }, new VhdxCreateOptions { BlockSize = 2 << 20, Fixed = true, LogSize = 2 << 20 },
            new VmdkCreateOptions(), new VmdkCreateOptions { GrainSize = 4096, ZeroedGrain = true }, new VmdkCreateOptions { Subformat = VmdkSubformat.StreamOptimized }])
        {
            string path = folder[Guid.NewGuid().ToString("N")];
            DiskMeasurement measured = await DiskJobs.MeasureAsync(source, target);
            await DiskJobs.ConvertAsync(source, path, new DiskConvertOptions { Target = target });
            new FileInfo(path).Length.Should().BeLessThanOrEqualTo(measured.Required, target.ToString());
            measured.Required.Should().BeLessThanOrEqualTo(measured.FullyAllocated);
            using BlockDevice image = DiskImage.Open(path, new DiskImageOptions { Format = target.Format });
            await image.WriteAsync(0, Enumerable.Repeat((byte)1, (int)image.Length).ToArray());
            await image.DisposeAsync();
            // bytes that are all the same take next to nothing compressed
            long least = target is VmdkCreateOptions { Subformat: VmdkSubformat.StreamOptimized } ? 0 : measured.FullyAllocated - (1 << 20);
            new FileInfo(path).Length.Should().BeInRange(least, measured.FullyAllocated, target.ToString());
        }
    }

    [Test]
    public void What_cannot_be_is_refused()
    {
        ((Action)(() => DiskJobs.Measure(1L << 50, new Qcow2CreateOptions { ClusterSize = 512 }))).Should().Throw<DiskImageException>().WithMessage("*too large*");
        ((Action)(() => DiskJobs.Measure(1, new Qcow2CreateOptions { ClusterSize = 3 }))).Should().Throw<DiskImageException>().WithMessage("*3 bytes*");
    }

    private static void Same(DiskMeasurement ours, string json, string what)
    {
        JsonElement theirs = JsonDocument.Parse(json).RootElement;
        ours.Required.Should().Be(theirs.GetProperty("required").GetInt64(), what);
        ours.FullyAllocated.Should().Be(theirs.GetProperty("fully-allocated").GetInt64(), what);
        ours.Bitmaps.Should().Be(theirs.TryGetProperty("bitmaps", out JsonElement bitmaps) ? bitmaps.GetInt64() : null, what);
    }
}

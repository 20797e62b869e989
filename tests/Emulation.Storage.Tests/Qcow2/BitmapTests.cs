namespace Emulation.Storage.Tests;

/// <summary>Persistent bitmaps that qemu-img made, kept up to date by both sides.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BitmapTests : IDisposable
{
    private const int Length = (8 << 20) + 512;

    private readonly TempFolder _folder = new();

    private string Image => _folder["disk.qcow2"];

    public void Dispose() => _folder.Dispose();

    // with clusters of 512 bytes the bits take several of them
    [TestCase(65536, 65536)]
    [TestCase(512, 512)]
    [TestCase(4096, 131072)]
    public async Task Both_sides_record_what_they_write(int clusterSize, int granularity)
    {
        QemuImg.Run("create", "-q", "-f", "qcow2", "-o", $"cluster_size={clusterSize}", Image, $"{Length}");
        QemuImg.Run("bitmap", "--add", "-g", $"{granularity}", Image, "changes");
        QemuImg.Run("bitmap", "--add", "--disable", Image, "asleep");
        bool[] written = new bool[(Length + granularity - 1) / granularity];
        var random = new Random(41);
        for (int round = 0; round < 3; round++)
        {
            int offset = random.Next(Length / 512) * 512;
            int count = Math.Min(random.Next(1, 400) * 512, Length - offset);
            QemuImg.Io("qcow2", Image, $"write -P 3 {offset} {count}");
            Mark(written, granularity, offset, count);
            await using (var image = (Qcow2Image)DiskImage.Open(Image))
            {
                image.Bitmaps.Select(b => (b.Name, b.Enabled, b.Consistent)).Should().Equal(("changes", true, true), ("asleep", false, true));
                image.CanResize.Should().BeFalse();
                await CheckAsync(image, written, granularity);
                for (int i = 0; i < 10; i++)
                    await ChangeAsync(image, random, written, granularity, i);
                if (round == 1)
                    await image.CreateSnapshotAsync("with bitmaps");
                await CheckAsync(image, written, granularity);
            }

            QemuImg.ShouldBeClean(Image);
            DiskImage.Check(Image).Messages.Should().BeEmpty();
            await using var again = (Qcow2Image)DiskImage.Open(Image, readOnly: true);
            await CheckAsync(again, written, granularity);
            (await again.GetWrittenAsync("asleep", 0, Length)).Should().Be(new BitmapRun(Length, false));
        }

        QemuImg.Run("bitmap", "--add", Image, "merged");
        QemuImg.Run("bitmap", "--merge", "changes", Image, "merged");
        await using var merged = (Qcow2Image)DiskImage.Open(Image, readOnly: true);
        for (int i = 0; i < written.Length; i++)
        {
            if (written[i])
                (await merged.GetWrittenAsync("merged", (long)i * granularity, 1)).Written.Should().BeTrue();
        }
    }

    [Test]
    public async Task After_a_crash_a_bitmap_is_not_relied_on()
    {
        QemuImg.Run("create", "-q", "-f", "qcow2", Image, $"{Length}");
        QemuImg.Run("bitmap", "--add", Image, "changes");
        var file = new RecordingDisk(File.ReadAllBytes(Image));
        var image = (Qcow2Image)await DiskImage.OpenAsync(file);
        await image.WriteAsync(0, new byte[] { 1 });
        await image.FlushAsync();
        File.WriteAllBytes(Image, file.Content);
        QemuImg.ShouldBeClean(Image);
        QemuImg.Run("info", Image).Should().Contain("in-use");
        await using (var crashed = (Qcow2Image)DiskImage.Open(Image))
        {
            crashed.Bitmaps.Single().Consistent.Should().BeFalse();
            Func<Task> get = async () => await crashed.GetWrittenAsync("changes", 0, 1);
            await get.Should().ThrowAsync<DiskImageException>().WithMessage("*cannot be relied on*");
            await crashed.WriteAsync(5, new byte[] { 1 });
        }

        QemuImg.ShouldBeClean(Image);
    }

    [Test]
    public async Task An_unchanged_image_keeps_its_bytes()
    {
        QemuImg.Run("create", "-q", "-f", "qcow2", Image, $"{Length}");
        QemuImg.Run("bitmap", "--add", Image, "changes");
        byte[] before = await File.ReadAllBytesAsync(Image);
        await using (var image = (Qcow2Image)DiskImage.Open(Image))
            (await image.GetWrittenAsync("changes", 0, Length)).Written.Should().BeFalse();
        (await File.ReadAllBytesAsync(Image)).Should().Equal(before);
    }

    private static async Task ChangeAsync(Qcow2Image image, Random random, bool[] written, int granularity, int step)
    {
        int offset = random.Next(Length);
        int count = Math.Min(random.Next(1, 50_000), Length - offset);
        switch (step % 4)
        {
            case 0: await image.WriteZeroesAsync(offset, count); break;
            case 1: await image.DiscardAsync(offset, count); break;
            case 2:
                offset &= -image.ClusterSize;
                count = Math.Min(image.ClusterSize, Length - offset);
                await image.WriteCompressedAsync(offset, Shadow.RandomBytes(random, count));
                break;
            default: await image.WriteAsync(offset, Shadow.RandomBytes(random, count)); break;
        }

        Mark(written, granularity, offset, count);
    }

    private static void Mark(bool[] written, int granularity, int offset, int count)
        => written.AsSpan()[(offset / granularity)..((offset + count - 1) / granularity + 1)].Fill(true);

    private static async Task CheckAsync(Qcow2Image image, bool[] written, int granularity)
    {
        for (long offset = 0; offset < Length;)
        {
            BitmapRun run = await image.GetWrittenAsync("changes", offset, Length - offset);
            run.Length.Should().BePositive();
            for (long end = offset + run.Length; offset < end; offset = (offset / granularity + 1) * granularity)
                written[offset / granularity].Should().Be(run.Written, $"byte {offset}");
        }
    }
}

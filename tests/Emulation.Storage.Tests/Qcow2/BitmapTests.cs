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
                image.CanResize.Should().BeTrue();
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

    [TestCase(512, false)]
    [TestCase(4096, true)]
    [TestCase(65536, true)]
    public async Task Added_cleared_and_removed_as_qemu_img_does(int clusterSize, bool backing)
    {
        File.WriteAllBytes(_folder["base.raw"], new byte[Length]);
        var options = new Qcow2CreateOptions { ClusterSize = clusterSize, BackingFile = backing ? "base.raw" : null, BackingFormat = backing ? "raw" : null };
        await using (var image = (Qcow2Image)DiskImage.Create(Image, Length, options))
        {
            await image.WriteAsync(100_000, new byte[] { 1 });
            for (int i = 0; i < 30; i++)
                await image.AddBitmapAsync($"bitmap number {i}", 4096 << (i % 3), enabled: i % 4 != 3);
            await image.WriteAsync(1_000_000, new byte[] { 1 });
            await image.RemoveBitmapAsync("bitmap number 7");
            await image.ClearBitmapAsync("bitmap number 8");
            await image.WriteAsync(2_000_000, new byte[] { 1 });
            Func<Task> again = async () => await image.AddBitmapAsync("bitmap number 1");
            await again.Should().ThrowAsync<DiskImageException>().WithMessage("*already*");
            (await image.CheckAsync()).Messages.Should().BeEmpty();
        }

        QemuImg.ShouldBeClean(Image);
        QemuImg.Run("info", Image).Should().Contain("bitmap number 29").And.NotContain("in-use");
        QemuImg.Run("bitmap", "--remove", Image, "bitmap number 12");
        await using (var image = (Qcow2Image)DiskImage.Open(Image))
        {
            image.Bitmaps.Should().HaveCount(28).And.OnlyContain(b => b.Consistent);
            (await image.GetWrittenAsync("bitmap number 5", 1_000_000, 1)).Written.Should().BeTrue();
            (await image.GetWrittenAsync("bitmap number 5", 100_000, 1)).Written.Should().BeFalse();
            (await image.GetWrittenAsync("bitmap number 8", 1_000_000, 1)).Written.Should().BeFalse();
            (await image.GetWrittenAsync("bitmap number 8", 2_000_000, 1)).Written.Should().BeTrue();
            (await image.GetWrittenAsync("bitmap number 3", 1_000_000, 1)).Written.Should().BeFalse();
            foreach (Qcow2Bitmap bitmap in image.Bitmaps.ToArray())
                await image.RemoveBitmapAsync(bitmap.Name);
            image.CanResize.Should().BeTrue();
            await image.WriteAsync(3_000_000, new byte[] { 1 });
        }

        QemuImg.ShouldBeClean(Image);
        QemuImg.Run("info", Image).Should().NotContain("bitmap number");
        QemuImg.Run("bitmap", "--add", Image, "theirs");
        QemuImg.ShouldBeClean(Image);
    }

    [Test]
    public async Task A_cut_while_bitmaps_change_leaves_a_sound_image()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var file = new RecordingDisk();
            var options = new Qcow2CreateOptions { ClusterSize = random.Next(2) == 0 ? 512 : 4096 };
            var image = (Qcow2Image)await DiskImage.CreateAsync(file, Length, options);
            file.FailAfter(random.Next(150));
            try
            {
                for (int i = 0; ; i++)
                {
                    await image.WriteAsync(random.Next(Length - 100), new byte[100]);
                    if (random.Next(2) == 0 || image.Bitmaps.Count == 0)
                        await image.AddBitmapAsync($"{i}", 4096);
                    else
                        await image.RemoveBitmapAsync(image.Bitmaps[random.Next(image.Bitmaps.Count)].Name);
                }
            }
            catch (IOException)
            {
                // cut
            }

            byte[] left = file.Cut(random);
            DiskCheckResult check = await DiskImage.CheckAsync(new RecordingDisk([.. left]));
            if (check.Corruptions > 0)
                Assert.Fail($"seed {seed}: {string.Join("; ", check.Messages)}");
            await (await DiskImage.OpenAsync(new RecordingDisk(left))).DisposeAsync();
            if (seed % 10 > 0)
                continue;
            File.WriteAllBytes(Image, left);
            QemuImg.Check(Image, out string output).Should().BeOneOf([0, 3], output);
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

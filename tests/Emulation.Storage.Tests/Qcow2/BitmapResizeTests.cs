namespace Emulation.Storage.Tests;

/// <summary>Images with bitmaps and snapshots get other sizes, as with qemu-img.</summary>
public sealed class BitmapResizeTests
{
    private const int Length = (4 << 20) + 512;

    private static readonly int s_cuts = Math.Min(int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "20"), 2000);

    [TestCase(512, 512), TestCase(512, 65536), TestCase(65536, 65536), TestCase(4096, 4096)]
    public async Task Bitmaps_follow_as_those_of_qemu_do(int clusterSize, int granularity)
    {
        using var folder = new TempFolder();
        (string ours, string theirs) = (folder["ours.qcow2"], folder["theirs.qcow2"]);
        QemuImg.Run("create", "-q", "-f", "qcow2", "-o", $"cluster_size={clusterSize}", ours, $"{Length}");
        QemuImg.Run("bitmap", "--add", "-g", $"{granularity}", ours, "changes");
        QemuImg.Run("bitmap", "--add", "--disable", "-g", $"{granularity}", ours, "asleep");
        QemuImg.Io("qcow2", ours, "write 0 1k", $"write {Length - 1024} 1k", "write 2M 700k");
        QemuImg.Run("bitmap", "--merge", "changes", ours, "asleep");
        QemuImg.Run("snapshot", "-c", "before", ours);
        File.Copy(ours, theirs);
        foreach (int length in new[] { 9 << 20, (3 << 20) + 1536, 5 << 20, 30 << 20 })
        {
            QemuImg.Run("resize", "-q", "-f", "qcow2", "--shrink", theirs, $"{length}");
            await using (var image = (Qcow2Image)DiskImage.Open(ours))
            {
                await image.ResizeAsync(length);
                (await image.CheckAsync()).Messages.Should().BeEmpty();
                await image.WriteAsync(length - 512, new byte[] { 5 });
            }

            QemuImg.Io("qcow2", theirs, $"write -P 5 {length - 512} 512");
            QemuImg.ShouldBeClean(ours);
            QemuImg.Run("info", ours).Should().NotContain("in-use");
            await using var mine = (Qcow2Image)DiskImage.Open(ours, readOnly: true);
            await using var other = (Qcow2Image)DiskImage.Open(theirs, readOnly: true);
            mine.Length.Should().Be(other.Length).And.Be(length);
            mine.Bitmaps.Select(b => (b.Name, b.Enabled, b.Consistent)).Should().Equal(other.Bitmaps.Select(b => (b.Name, b.Enabled, b.Consistent)));
            foreach (string name in new[] { "changes", "asleep" })
            {
                for (long offset = 0; offset < length;)
                {
                    BitmapRun run = await other.GetWrittenAsync(name, offset, length - offset);
                    (await mine.GetWrittenAsync(name, offset, length - offset)).Should().Be(run, $"{name} at {offset} of {length}");
                    offset += run.Length;
                }
            }
        }

        // the snapshot has the size it was taken at
        await using (var image = (Qcow2Image)DiskImage.Open(ours, readOnly: true))
        await using (IBlockDevice snapshot = await image.OpenSnapshotAsync("before"))
            snapshot.Length.Should().Be(Length);
        QemuImg.Run("bitmap", "--merge", "changes", ours, "asleep");
    }

    [Test]
    public async Task A_power_cut_leaves_right_bitmaps_or_none()
    {
        for (int seed = 0; seed < s_cuts; seed++)
        {
            var random = new Random(seed);
            var file = new SparseDisk();
            var image = (Qcow2Image)await DiskImage.CreateAsync(new PassThrough(file, leaveOpen: true), Length, new Qcow2CreateOptions { ClusterSize = 512 });
            await image.AddBitmapAsync("changes", 512);
            await image.WriteAsync(1000, new byte[5000]);
            await image.WriteAsync(2_000_000, new byte[] { 9 });
            await image.DisposeAsync();
            PowerCutDisk power = file.WithPowerCut(seed: seed, leaveOpen: true);
            image = (Qcow2Image)await DiskImage.OpenAsync(power);
            long length = random.Next(4000, 20_000) * 512;
            power.CutAfter(random.Next(1 << random.Next(2, 8)));
            try
            {
                await image.ResizeAsync(length);
                await image.DisposeAsync();
            }
            catch (IOException e) when (e.Message == "the power is gone")
            {
                // cut
            }

            await power.CutAsync();
            (await DiskImage.CheckAsync(file)).Corruptions.Should().Be(0, $"seed {seed}");
            await using var again = (Qcow2Image)await DiskImage.OpenAsync(file);
            again.Length.Should().BeOneOf([Length, length], $"seed {seed}");
            byte[] read = new byte[1];
            await again.ReadAsync(2_000_000, read);
            read[0].Should().Be(9);
            if (again.Bitmaps is not [{ Consistent: true }])
                continue;
            (await again.GetWrittenAsync("changes", 0, again.Length)).Should().Be(new BitmapRun(512, false), $"seed {seed}");
            (await again.GetWrittenAsync("changes", 512, again.Length - 512)).Should().Be(new BitmapRun(5632, true), $"seed {seed}");
            (await again.GetWrittenAsync("changes", 2_000_000, 1)).Written.Should().BeTrue($"seed {seed}");
        }
    }
}

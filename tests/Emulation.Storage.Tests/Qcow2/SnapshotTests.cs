namespace Emulation.Storage.Tests;

/// <summary>Internal snapshots, ours and qemu-img's, on the same image.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SnapshotTests : IDisposable
{
    private const int Length = (3 << 20) + 1024;

    private readonly TempFolder _folder = new();
    private readonly Shadow _shadow = new(Length);

    private string Image => _folder["disk.qcow2"];

    public void Dispose() => _folder.Dispose();

    [TestCaseSource(typeof(Qcow2Case), nameof(Qcow2Case.WithSnapshots))]
    public async Task Taken_applied_and_deleted_on_both_sides(Qcow2Case @case)
    {
        var random = new Random(21);
        if (@case.Backing)
        {
            random.NextBytes(_shadow.Bytes.AsSpan(0, 1 << 20));
            File.WriteAllBytes(_folder["base.raw"], _shadow.Bytes.AsSpan(0, 1 << 20).ToArray());
        }

        byte[] state = Shadow.RandomBytes(random, 100_000);
        byte[] first, second, third;
        await using (var image = (Qcow2Image)DiskImage.Create(Image, Length, @case.In(_folder)))
        {
            await Change(image, random, 30);
            first = [.. _shadow.Bytes];
            Qcow2Snapshot taken = await image.CreateSnapshotAsync("first", state, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), 12_345);
            taken.Id.Should().Be("1");
            await _shadow.CheckAsync(image);
            await Change(image, random, 30);
        }

        QemuImg.ShouldBeClean(Image);
        QemuImg.Run("snapshot", "-l", Image).Should().Contain("first").And.Contain("97.7 KiB");
        QemuImg.Read(Image, "qcow2", "-l", "first").Should().Equal(first);
        QemuImg.Run("snapshot", "-c", "second", Image);
        second = [.. _shadow.Bytes];

        await using (var image = (Qcow2Image)DiskImage.Open(Image))
        {
            image.Snapshots.Select(s => s.Name).Should().Equal("first", "second");
            await _shadow.CheckAsync(image);
            await Change(image, random, 30);
            third = [.. _shadow.Bytes];
            await image.CreateSnapshotAsync("third");
            (await image.CheckAsync()).Messages.Should().BeEmpty();
            await image.ApplySnapshotAsync("second");
            _shadow.Bytes = [.. second];
            await _shadow.CheckAsync(image);
            await Change(image, random, 20);
            await image.DeleteSnapshotAsync("second");
            await _shadow.CheckAsync(image);
            (await image.CheckAsync()).Messages.Should().BeEmpty();
            await Change(image, random, 20);
            await CheckSnapshot(image, "1", first);
            await CheckSnapshot(image, "third", third);
            await using IBlockDevice saved = await image.OpenSnapshotStateAsync("first");
            byte[] read = new byte[saved.Length];
            await saved.ReadAsync(0, read);
            read.Should().Equal(state);
        }

        QemuImg.ShouldBeClean(Image);
        QemuImg.Read(Image, "qcow2", "-l", "third").Should().Equal(third);
        QemuImg.Run("snapshot", "-a", "first", Image);
        _shadow.Bytes = [.. first];
        QemuImg.Run("snapshot", "-d", "third", Image);
        await using (var image = (Qcow2Image)DiskImage.Open(Image))
        {
            await _shadow.CheckAsync(image);
            await Change(image, random, 30);
            await image.DeleteSnapshotAsync("first");
            image.Snapshots.Should().BeEmpty();
            await Change(image, random, 30);
            (await image.CheckAsync()).Messages.Should().BeEmpty();
        }

        QemuImg.ShouldBeClean(Image);
        _shadow.Compare(QemuImg.Read(Image, "qcow2"));
    }

    [Test]
    public async Task A_refcount_of_one_bit_has_no_room_for_a_snapshot()
    {
        await using var image = (Qcow2Image)DiskImage.Create(Image, Length, new Qcow2CreateOptions { RefcountBits = 1, ClusterSize = 4096 });
        await Change(image, new Random(1), 30);
        Func<Task> create = async () => await image.CreateSnapshotAsync("no");
        await create.Should().ThrowAsync<DiskImageException>().WithMessage("*1 bits*");
        image.Snapshots.Should().BeEmpty();
        await Change(image, new Random(2), 30);
        await _shadow.CheckAsync(image);
        (await image.CheckAsync()).Corruptions.Should().Be(0);
    }

    [Test]
    public async Task A_failure_half_way_leaves_everything_as_it_was()
    {
        for (int operations = 0; ; operations++)
        {
            var file = new RecordingDisk();
            var image = (Qcow2Image)await DiskImage.CreateAsync(file, Length, new Qcow2CreateOptions { ClusterSize = 4096 });
            _shadow.Bytes.AsSpan().Clear();
            await Change(image, new Random(3), 20);
            await image.FlushAsync();
            file.FailAfter(operations);
            bool failed = false;
            try
            {
                await image.CreateSnapshotAsync("maybe");
            }
            catch (IOException)
            {
                failed = true;
            }

            file.FailAfter(long.MaxValue);
            await _shadow.CheckAsync(image);
            await Change(image, new Random(4), 20);
            await image.FlushAsync();
            (await image.CheckAsync()).Corruptions.Should().Be(0, $"it failed after {operations} operations");
            if (!failed)
                return;
        }
    }

    [Test]
    public async Task A_snapshot_of_another_size_brings_its_size_back()
    {
        await using var image = (Qcow2Image)DiskImage.Create(Image, Length, new Qcow2CreateOptions { ClusterSize = 1024 });
        await Change(image, new Random(5), 30);
        byte[] before = [.. _shadow.Bytes];
        await image.CreateSnapshotAsync("long");
        await image.ResizeAsync(1 << 20);
        await image.CreateSnapshotAsync("short");
        await image.ResizeAsync(4 << 20);
        _shadow.Resize(1 << 20);
        _shadow.Resize(4 << 20);
        await _shadow.CheckAsync(image);
        await CheckSnapshot(image, "long", before);
        await image.ApplySnapshotAsync("short");
        image.Length.Should().Be(1 << 20);
        await image.ApplySnapshotAsync("long");
        _shadow.Bytes = before;
        await _shadow.CheckAsync(image);
        (await image.CheckAsync()).Messages.Should().BeEmpty();
    }

    private static async Task CheckSnapshot(Qcow2Image image, string name, byte[] content)
    {
        await using IBlockDevice disk = await image.OpenSnapshotAsync(name);
        await new Shadow(0) { Bytes = content }.CheckAsync(disk);
    }

    private async Task Change(Qcow2Image image, Random random, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            await _shadow.StepAsync(image, random, 60_000);
            if (i % 8 != 0)
                continue;
            int offset = random.Next(Length) & -image.ClusterSize;
            byte[] cluster = Shadow.RandomBytes(random, Math.Min(image.ClusterSize, Length - offset));
            await image.WriteCompressedAsync(offset, cluster);
            cluster.CopyTo(_shadow.Bytes, offset);
        }
    }
}

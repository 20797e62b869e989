namespace Emulation.Storage.Tests.Jobs;

public sealed class BackupTests
{
    private const int Size = (5 << 20) + 512;

    [Test]
    public async Task A_backup_is_the_disk_at_its_beginning([Values("memory", "raw", "qcow2")] string from, [Values("memory", "raw", "qcow2")] string to)
    {
        using var folder = new TempFolder();
        var shadow = new Shadow(0) { Bytes = ConvertTests.Content(Size) };
        using BlockDevice source = MirrorTests.Create(folder, "from", from);
        using BlockDevice target = MirrorTests.Create(folder, "to", to);
        await source.WriteAsync(0, shadow.Bytes);
        byte[] before = [.. shadow.Bytes];
        using BackupJob job = await BackupJob.StartAsync(source, target, new BackupOptions { TargetIsZero = true });
        using var stop = new CancellationTokenSource();
        Task machine = MirrorTests.UseAsync(job.Disk, shadow, stop.Token);
        await Task.Delay(5);
        await job.RunAsync();
        await stop.CancelAsync();
        await machine;
        await shadow.CheckAsync(source);
        await new Shadow(0) { Bytes = before }.CheckAsync(target);
    }

    [Test]
    public async Task Increments_hold_what_was_written_since()
    {
        using var folder = new TempFolder();
        var shadow = new Shadow(0) { Bytes = ConvertTests.Content(Size) };
        var random = new Random(3);
        await using var source = (Qcow2Image)DiskImage.Create(folder["disk"], Size, new Qcow2CreateOptions());
        await source.WriteAsync(0, shadow.Bytes);
        await source.AddBitmapAsync("since", 4096);
        string? last = null;
        for (int round = 0; round < 5; round++)
        {
            string path = folder[$"b{round}"];
            await using BlockDevice target = DiskImage.Create(path, Size, new Qcow2CreateOptions { BackingFile = last, BackingFormat = last is null ? null : "qcow2" });
            byte[] before = [.. shadow.Bytes];
            using BackupJob job = await BackupJob.StartAsync(source, target, new BackupOptions { Bitmap = "since", Incremental = last is not null });
            using var stop = new CancellationTokenSource();
            Task machine = MirrorTests.UseAsync(job.Disk, shadow, stop.Token);
            if (round == 2)
            {
                // one that fails takes nothing away from the next
                job.Dispose();
                await stop.CancelAsync();
                await machine;
                continue;
            }

            await job.RunAsync();
            await stop.CancelAsync();
            await machine;
            await new Shadow(0) { Bytes = before }.CheckAsync(target);
            (await WrittenAsync(source)).Should().BeLessThan(Size);
            for (int i = 0; i < 5; i++)
                await shadow.StepAsync(source, random, 30_000);
            last = path;
        }

        await shadow.CheckAsync(source);
        await source.DisposeAsync();
        QemuImg.ShouldBeClean(folder["disk"]);
        QemuImg.Run("info", folder["disk"]).Should().NotContain("in-use");
    }

    [Test]
    public async Task A_bitmap_that_records_nothing_is_empty_after_a_backup_and_whole_after_a_failure()
    {
        await using var source = (Qcow2Image)await DiskImage.CreateAsync(new RecordingDisk(), 1 << 20, new Qcow2CreateOptions());
        await source.AddBitmapAsync("b");
        await source.WriteAsync(0, new byte[] { 1 });
        await source.EnableBitmapAsync("b", false);
        var target = new Hook(DiskImage.InMemory(1 << 20), () => throw new IOException("full"));
        using (BackupJob failing = await BackupJob.StartAsync(source, target, new BackupOptions { Bitmap = "b", Incremental = true }))
        {
            // the machine does not notice
            await failing.Disk.WriteAsync(0, new byte[] { 2 });
            Func<Task> run = () => failing.RunAsync();
            await run.Should().ThrowAsync<IOException>().WithMessage("full");
            await failing.Disk.WriteAsync(1, new byte[] { 3 });
        }

        (await WrittenAsync(source)).Should().Be(1 << 16);
        target.Then = () => default;
        using BackupJob job = await BackupJob.StartAsync(source, target, new BackupOptions { Bitmap = "b", Incremental = true });
        await job.Disk.WriteAsync(1 << 18, new byte[] { 4 });
        await job.RunAsync();
        (await WrittenAsync(source)).Should().Be(0);
        byte[] read = new byte[2];
        await target.ReadAsync(0, read);
        read.Should().Equal(2, 3);
    }

    [Test]
    public async Task A_backup_that_is_cancelled_ends()
    {
        using MemoryDisk source = DiskImage.InMemory(4 << 20);
        await source.WriteAsync(0, ConvertTests.Content(4 << 20));
        using var stop = new CancellationTokenSource();
        var target = new Hook(DiskImage.InMemory(4 << 20), () =>
        {
            stop.Cancel();
            return default;
        });
        using BackupJob job = await BackupJob.StartAsync(source, target);
        Func<Task> run = () => job.RunAsync(null, stop.Token);
        await run.Should().ThrowAsync<OperationCanceledException>();
        target.Then = () => throw new InvalidOperationException("nothing is copied any more");
        await job.Disk.WriteAsync(0, new byte[4 << 20]);
        await run.Should().ThrowAsync<ObjectDisposedException>();
    }

    [Test]
    public async Task What_cannot_be_is_refused()
    {
        using MemoryDisk source = DiskImage.InMemory(1 << 20);
        using MemoryDisk target = DiskImage.InMemory(1 << 20);
        await using var image = (Qcow2Image)await DiskImage.CreateAsync(new RecordingDisk(), 1 << 20, new Qcow2CreateOptions());
        await ChainTests.Refused(async () => await BackupJob.StartAsync(source, DiskImage.InMemory(1 << 21)), "*1048576*2097152*");
        await ChainTests.Refused(async () => await BackupJob.StartAsync(source, target.AsReadOnly(true)), "*read-only*");
        await ChainTests.Refused(async () => await BackupJob.StartAsync(source, target, new BackupOptions { Bitmap = "b" }), "*only qcow2*");
        await ChainTests.Refused(async () => await BackupJob.StartAsync(image, target, new BackupOptions { Bitmap = "b" }), "*no bitmap 'b'*");
        await ChainTests.Refused(async () => await BackupJob.StartAsync(image, target, new BackupOptions { Incremental = true }), "*needs a bitmap*");
    }

    private static async Task<long> WrittenAsync(Qcow2Image image)
    {
        long written = 0;
        for (long offset = 0; offset < image.Length;)
        {
            BitmapRun run = await image.GetWrittenAsync(image.Bitmaps[0].Name, offset, image.Length - offset);
            written += run.Written ? run.Length : 0;
            offset += run.Length;
        }

        return written;
    }
}

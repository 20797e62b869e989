namespace Emulation.Storage.Tests.Jobs;

public sealed class MirrorTests
{
    private const int Size = (5 << 20) + 512;

    [Test]
    public async Task A_disk_in_use_is_copied_and_switched([Values("memory", "raw", "qcow2")] string from, [Values("memory", "raw", "qcow2")] string to)
    {
        using var folder = new TempFolder();
        var shadow = new Shadow(0) { Bytes = ConvertTests.Content(Size) };
        using BlockDevice source = Create(folder, "from", from);
        using BlockDevice target = Create(folder, "to", to);
        await source.WriteAsync(0, shadow.Bytes);
        using var job = new MirrorJob(source, target, new MirrorOptions { TargetIsZero = true, Granularity = 4096 });
        using var stop = new CancellationTokenSource();
        Task machine = UseAsync(job.Disk, shadow, stop.Token);
        var progress = new Progress();
        await job.RunAsync(progress);
        await job.CompleteAsync(progress);
        job.IsComplete.Should().BeTrue();
        job.DirtyBytes.Should().Be(0);
        // the machine goes on with the target
        await Task.Delay(20);
        await stop.CancelAsync();
        await machine;
        await shadow.CheckAsync(job.Disk);
        await shadow.CheckAsync(target);
        progress.Last.Done.Should().BeGreaterThanOrEqualTo(Size);
        Func<Task> again = () => job.CompleteAsync();
        await again.Should().ThrowAsync<InvalidOperationException>();
    }

    [Test]
    public async Task Several_writers_at_once_lose_nothing()
    {
        using var folder = new TempFolder();
        using BlockDevice source = DiskImage.Create(folder["a"], 4 << 20);
        using BlockDevice target = DiskImage.Create(folder["b"], 4 << 20);
        using var job = new MirrorJob(source, target);
        using var stop = new CancellationTokenSource();
        byte[][] last = new byte[4][];
        Task[] writers = [.. Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            var random = new Random(i);
            byte[] mine = new byte[1 << 20];
            while (!stop.IsCancellationRequested)
            {
                int offset = random.Next(mine.Length - 5000);
                random.NextBytes(mine.AsSpan(offset, 5000));
                await job.Disk.WriteAsync(((long)i << 20) + offset, mine.AsMemory(offset, 5000));
            }

            last[i] = mine;
        }))];
        await job.RunAsync();
        await job.CompleteAsync();
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        byte[] read = new byte[4 << 20];
        await target.ReadAsync(0, read);
        for (int i = 0; i < 4; i++)
            read.AsSpan(i << 20, 1 << 20).SequenceEqual(last[i]).Should().BeTrue();
    }

    [Test]
    public async Task A_machine_that_writes_faster_than_is_copied_does_not_keep_it_running()
    {
        var source = DiskImage.InMemory(1 << 20);
        // every write to the target is answered by one to the source
        MirrorJob? job = null;
        var target = new Hook(DiskImage.InMemory(1 << 20), async () => await job!.Disk.WriteAsync(0, Enumerable.Repeat((byte)2, 1 << 20).ToArray()));
        await source.WriteAsync(0, Enumerable.Repeat((byte)1, 1 << 20).ToArray());
        job = new MirrorJob(source, target);
        await job.RunAsync();
        job.DirtyBytes.Should().Be(1 << 20);
        target.Then = () => default;
        await job.CompleteAsync();
        job.DirtyBytes.Should().Be(0);
        (await DiskJobs.CompareAsync(source, target)).Should().BeNull();
    }

    [Test]
    public async Task What_is_stopped_or_fails_leaves_the_machine_on_the_source()
    {
        var source = DiskImage.InMemory(3 << 20);
        await source.WriteAsync(0, ConvertTests.Content(3 << 20));
        using var stop = new CancellationTokenSource();
        var target = new Hook(DiskImage.InMemory(3 << 20), () => default);
        using var job = new MirrorJob(source, target);
        target.Then = () =>
        {
            stop.Cancel();
            return default;
        };
        Func<Task> run = () => job.RunAsync(null, stop.Token);
        await run.Should().ThrowAsync<OperationCanceledException>();
        target.Then = () => throw new IOException("full");
        run = () => job.CompleteAsync();
        await run.Should().ThrowAsync<IOException>().WithMessage("full");
        job.IsComplete.Should().BeFalse();
        await job.Disk.WriteAsync(5, new byte[] { 1, 2, 3 });
        byte[] read = new byte[3];
        await source.ReadAsync(5, read);
        read.Should().Equal(1, 2, 3);
        target.Then = () => default;
        await job.CompleteAsync();
        (await DiskJobs.CompareAsync(source, target)).Should().BeNull();
    }

    [Test]
    public void What_cannot_be_is_refused()
    {
        using MemoryDisk source = DiskImage.InMemory(1 << 20);
        using MemoryDisk other = DiskImage.InMemory(1 << 21);
        ((Action)(() => _ = new MirrorJob(source, other))).Should().Throw<DiskImageException>().WithMessage("*1048576*2097152*");
        ((Action)(() => _ = new MirrorJob(source, source.AsReadOnly(true)))).Should().Throw<DiskImageException>().WithMessage("*read-only*");
        ((Action)(() => _ = new MirrorJob(source, DiskImage.InMemory(1 << 20), new MirrorOptions { Granularity = 5 }))).Should().Throw<DiskImageException>().WithMessage("*5 bytes*");
    }

    internal static BlockDevice Create(TempFolder folder, string name, string kind) => kind switch
    {
        "memory" => DiskImage.InMemory(Size),
        "raw" => DiskImage.Create(folder[name], Size),
        _ => DiskImage.Create(folder[name], Size, new Qcow2CreateOptions()),
    };

    internal static Task UseAsync(IBlockDevice disk, Shadow shadow, CancellationToken stop) => Task.Run(async () =>
    {
        var random = new Random(11);
        while (!stop.IsCancellationRequested)
            await shadow.StepAsync(disk, random, 60_000);
    }, CancellationToken.None);

    private sealed class Progress : IProgress<DiskProgress>
    {
        public DiskProgress Last { get; private set; }

        public void Report(DiskProgress value) => Last = value;
    }
}

/// <summary>A device that does something with every write.</summary>
internal sealed class Hook(IBlockDevice inner, Func<ValueTask> then) : PassThrough(inner)
{
    public Func<ValueTask> Then { get; set; } = then;

    protected override async ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await Then();
        await base.WriteCoreAsync(offset, buffer, cancellationToken);
    }
}

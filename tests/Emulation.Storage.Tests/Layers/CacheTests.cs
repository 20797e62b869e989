namespace Emulation.Storage.Tests;

/// <summary>The cache holds what the device holds, writes in time and in order, and stays within its memory.</summary>
public sealed class CacheTests
{
    private static readonly int s_seeds = Math.Min(int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "10"), 200);

    [Test, Combinatorial]
    public async Task Random_operations_agree_with_a_shadow_array([Values] bool writeBack, [Values(512, 4096, 65536)] int page)
    {
        var random = new Random(page);
        var shadow = new Shadow(1_000_100);
        var below = new RecordingDisk(new byte[shadow.Bytes.Length], record: false);
        await using (IBlockDevice cache = below.Cache(new() { PageSize = page, MemoryLimit = 8 * page, WriteBack = writeBack }, leaveOpen: true))
        {
            for (int i = 0; i < 400; i++)
                await shadow.StepAsync(cache, random);
            shadow.Resize(1_500_333);
            await cache.ResizeAsync(1_500_333);
            await shadow.CheckAsync(cache);
            shadow.Resize(777_000);
            await cache.ResizeAsync(777_000);
            for (int i = 0; i < 100; i++)
                await shadow.StepAsync(cache, random);
            await shadow.CheckAsync(cache);
        }

        await shadow.CheckAsync(below);
    }

    [Test]
    public async Task What_was_read_is_not_read_again_and_what_is_old_goes()
    {
        var counted = new List<DiskFault> { new() { Operations = DiskOperations.Read, After = 3 } };
        await using IBlockDevice cache = DiskImage.InMemory(1 << 20).WithFaults(counted).Cache(new() { PageSize = 4096, MemoryLimit = 2 * 4096 });
        byte[] buffer = new byte[100];
        for (int i = 0; i < 10; i++)
            await cache.ReadAsync(i * 300, buffer);
        await cache.ReadAsync(5000, buffer);
        await cache.ReadAsync(0, buffer);
        await cache.ReadAsync(9000, buffer);
        await cache.ReadAsync(0, buffer);
        await FluentActions.Awaiting(() => cache.ReadAsync(5000, buffer).AsTask()).Should().ThrowAsync<IOException>();
    }

    [Test]
    public async Task Writes_wait_for_the_flush_and_the_flush_for_the_writes()
    {
        var below = new RecordingDisk(new byte[1 << 20]);
        await using IBlockDevice cache = below.Cache(new() { WriteBack = true });
        for (int i = 0; i < 100; i++)
            await cache.WriteAsync(i * 700, new byte[] { 1, 2, 3 });
        below.Operations.Should().Be(0);
        await cache.FlushAsync();
        below.Operations.Should().BeInRange(2, 3, "neighbours are written together, then flushed");
        below.FailAfter(0);
        below.Cut(new Random(1))[699 + 1 + 700].Should().Be(1);
    }

    [Test]
    public async Task A_write_that_fails_is_tried_again_at_the_next_flush()
    {
        var memory = DiskImage.InMemory(1 << 20);
        await using IBlockDevice cache = memory.WithFaults([new() { Operations = DiskOperations.Write, Count = 1 }]).Cache(new() { WriteBack = true });
        await cache.WriteAsync(5000, new byte[] { 9 });
        await FluentActions.Awaiting(() => cache.FlushAsync().AsTask()).Should().ThrowAsync<IOException>();
        await cache.FlushAsync();
        byte[] read = new byte[1];
        await memory.ReadAsync(5000, read);
        read[0].Should().Be(9);
    }

    [Test]
    public async Task A_write_through_that_fails_is_not_kept()
    {
        await using IBlockDevice cache = DiskImage.InMemory(1 << 20).WithFaults([new() { Operations = DiskOperations.Write, Count = 1 }]).Cache();
        byte[] read = new byte[1];
        await cache.ReadAsync(5000, read);
        await FluentActions.Awaiting(() => cache.WriteAsync(5000, new byte[] { 9 }).AsTask()).Should().ThrowAsync<IOException>();
        await cache.ReadAsync(5000, read);
        read[0].Should().Be(0);
    }

    [Test]
    public async Task An_image_over_a_cache_survives_a_power_cut()
    {
        for (int seed = 0; seed < s_seeds; seed++)
        {
            var random = new Random(seed);
            var file = new SparseDisk();
            PowerCutDisk power = file.WithPowerCut(seed: seed, leaveOpen: true);
            var options = new DiskCacheOptions { PageSize = 4096, MemoryLimit = 1 << 16, WriteBack = true };
            BlockDevice image = await DiskImage.CreateAsync(power.Cache(options), 1 << 20, new Qcow2CreateOptions { ClusterSize = 4096 });
            byte[] flushed = Shadow.RandomBytes(random, 100_000);
            await image.WriteAsync(0, flushed);
            await image.FlushAsync();
            power.CutAfter(random.Next(30));
            try
            {
                for (int i = 0; i < 100; i++)
                    await image.WriteAsync(100_000 + random.Next(900_000), new byte[] { 7 });
                await image.DisposeAsync();
            }
            catch (IOException e) when (e.Message == "the power is gone")
            {
                // cut
            }

            await power.CutAsync();
            (await DiskImage.CheckAsync(file)).Corruptions.Should().Be(0, $"seed {seed}");
            await using BlockDevice again = await DiskImage.OpenAsync(file);
            byte[] read = new byte[flushed.Length];
            await again.ReadAsync(0, read);
            read.AsSpan().SequenceEqual(flushed).Should().BeTrue($"seed {seed}");
        }
    }
}

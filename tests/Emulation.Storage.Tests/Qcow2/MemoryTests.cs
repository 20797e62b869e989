namespace Emulation.Storage.Tests;

/// <summary>Measures the whole process, so it runs alone.</summary>
[NonParallelizable]
public sealed class MemoryTests
{
    [Test]
    public async Task Tables_of_a_large_disk_take_bounded_memory()
    {
        await using var image = (Qcow2Image)await DiskImage.CreateAsync(new SparseDisk(), 1L << 44, new Qcow2CreateOptions());
        var random = new Random(1);
        byte[] data = new byte[4096];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < 5000; i++)
            await image.WriteAsync(random.NextInt64(1L << 32) << 12, data);
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(40 << 20);
    }

    [Test]
    public async Task Snapshots_of_a_large_disk_take_bounded_memory()
    {
        const int Pages = 64;
        var file = new SparseDisk();
        var created = (Qcow2Image)await DiskImage.CreateAsync(file, 16 << 20, new Qcow2CreateOptions { ClusterSize = 512 });
        byte[] data = Shadow.RandomBytes(new Random(1), 16 << 20);
        await created.WriteAsync(0, data);
        await created.FlushAsync();
        await using var image = (Qcow2Image)await DiskImage.OpenAsync(file, new DiskImageOptions { CacheSize = 0 });
        await image.CreateSnapshotAsync("one");
        image.CachedPages.Should().BeLessThanOrEqualTo(Pages);
        await image.WriteAsync(1000, data.AsMemory(0, 8 << 20));
        await image.DeleteSnapshotAsync("one");
        image.CachedPages.Should().BeLessThanOrEqualTo(Pages);
        await image.DiscardAsync(0, 16 << 20);
        await image.FlushAsync();
        image.CachedPages.Should().BeLessThanOrEqualTo(Pages);
        (await image.CheckAsync()).Corruptions.Should().Be(0);
    }
}

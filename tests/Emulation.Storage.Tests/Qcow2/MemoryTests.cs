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
}

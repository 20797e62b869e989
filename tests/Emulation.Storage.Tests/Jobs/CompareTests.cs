namespace Emulation.Storage.Tests.Jobs;

public sealed class CompareTests
{
    [TestCase(0)]
    [TestCase(4095)]
    [TestCase((1 << 20) - 1)]
    [TestCase(1 << 20)]
    [TestCase((3 << 20) - 1)]
    public async Task The_first_byte_that_differs_is_found(int at)
    {
        byte[] content = ConvertTests.Content(3 << 20);
        using MemoryDisk first = DiskImage.InMemory(content);
        content[at] ^= 1;
        content[^1] ^= 2;
        using MemoryDisk second = DiskImage.InMemory(content);
        (await DiskJobs.CompareAsync(first, second)).Should().Be(new DiskDifference(DiskDifferenceKind.Content, at));
        (await DiskJobs.CompareAsync(first, first)).Should().BeNull();
    }

    [Test]
    public async Task A_longer_disk_is_the_same_if_it_goes_on_with_zeros()
    {
        using MemoryDisk first = DiskImage.InMemory(1 << 20);
        using MemoryDisk second = DiskImage.InMemory(3 << 20);
        (await DiskJobs.CompareAsync(first, second)).Should().BeNull();
        (await DiskJobs.CompareAsync(second, first, strict: true)).Should().Be(new DiskDifference(DiskDifferenceKind.Length, 1 << 20));
        await second.WriteAsync((2 << 20) + 5, new byte[] { 1 });
        (await DiskJobs.CompareAsync(first, second)).Should().Be(new DiskDifference(DiskDifferenceKind.Content, (2 << 20) + 5));
        (await DiskJobs.CompareAsync(second, first)).Should().Be(new DiskDifference(DiskDifferenceKind.Content, (2 << 20) + 5));
    }

    [Test]
    public async Task A_strict_comparison_minds_what_is_known_about_zeros()
    {
        using var folder = new TempFolder();
        using BlockDevice first = DiskImage.Create(folder["a"], 1 << 20, new Qcow2CreateOptions());
        using BlockDevice second = DiskImage.Create(folder["b"], 1 << 20, new Qcow2CreateOptions());
        await second.WriteAsync(1 << 17, new byte[1 << 16]);
        (await DiskJobs.CompareAsync(first, second)).Should().BeNull();
        (await DiskJobs.CompareAsync(first, second, strict: true)).Should().Be(new DiskDifference(DiskDifferenceKind.Status, 1 << 17));
    }
}

using System.Buffers.Binary;

namespace Emulation.Storage.Tests;

/// <summary>The check of qcow images.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class QcowCheckTests : IDisposable
{
    private const int Cluster = 4096;
    private const int L1 = 48;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Disk => _folder["disk.qcow"];

    [TestCase(false), TestCase(true)]
    public async Task A_sound_image_is_sound(bool theirs)
    {
        await WriteAsync(theirs);
        DiskCheckResult result = DiskImage.Check(Disk);
        result.IsClean.Should().BeTrue(string.Join(", ", result.Messages));
        (result.AllocatedClusters, result.CompressedClusters, result.TotalClusters).Should().Be((4, 0, 1024));
        result.ImageEnd.Should().BeGreaterThanOrEqualTo(new FileInfo(Disk).Length);
    }

    [Test]
    public void Compressed_clusters_are_counted()
    {
        byte[] content = new byte[4 << 20];
        content.AsSpan(0, 8 * Cluster).Fill(1);
        new Random(1).NextBytes(content.AsSpan(1 << 20, 2 * Cluster));
        File.WriteAllBytes(_folder["raw"], content);
        // complete, although qemu-img 7.2 ends with 1
        QemuImg.TryRun(out _, "convert", "-c", "-f", "raw", "-O", "qcow", _folder["raw"], Disk);
        DiskCheckResult result = DiskImage.Check(Disk);
        result.Corruptions.Should().Be(0, string.Join(", ", result.Messages));
        (result.AllocatedClusters, result.CompressedClusters).Should().Be((10, 8));
    }

    [Test]
    public async Task A_cluster_past_the_end_is_found()
    {
        await WriteAsync();
        (byte[] file, int table) = Read();
        Put(file, table + 8, 1 << 30);
        Put(file, table + 24, BinaryPrimitives.ReadInt64BigEndian(file.AsSpan(table)) + 512);
        await File.WriteAllBytesAsync(Disk, file);
        DiskCheckResult result = DiskImage.Check(Disk);
        result.Corruptions.Should().Be(2);
        result.Messages.Should().Contain(m => m.Contains($"byte 0x{table + 8:x}") && m.Contains("0x40000000") && m.Contains("past the end"))
            .And.Contain(m => m.Contains($"byte 0x{table + 24:x}") && m.Contains("no cluster begins"));
        result.Leaks.Should().Be(2, "the clusters that the entries pointed to before have no owner");
    }

    [Test]
    public async Task A_cluster_of_two_owners_is_found()
    {
        await WriteAsync();
        (byte[] file, int table) = Read();
        Put(file, table + 8, BinaryPrimitives.ReadInt64BigEndian(file.AsSpan(table)));
        await File.WriteAllBytesAsync(Disk, file);
        DiskCheckResult result = DiskImage.Check(Disk);
        (result.Corruptions, result.Leaks).Should().Be((1, 1));
        result.Messages.Should().Contain(m => m.Contains($"byte 0x{table + 8:x}") && m.Contains($"the entry at byte 0x{table:x}"));
    }

    [Test]
    public async Task Lost_clusters_are_found()
    {
        await WriteAsync();
        byte[] file = await File.ReadAllBytesAsync(Disk);
        await File.WriteAllBytesAsync(Disk, [.. file, .. new byte[3 * Cluster]]);
        DiskCheckResult result = DiskImage.Check(Disk, DiskRepair.All);
        (result.Corruptions, result.Leaks).Should().Be((0, 3));
        result.Messages.Should().ContainSingle().Which.Should().Contain("3 clusters");
    }

    private async Task WriteAsync(bool theirs = false)
    {
        if (theirs)
        {
            QemuImg.Run("create", "-f", "qcow", Disk, "4M");
            QemuImg.Io("qcow", Disk, "write -P 1 0 16k");
            return;
        }

        await using BlockDevice image = DiskImage.Create(Disk, 4 << 20, new QcowCreateOptions());
        await image.WriteAsync(0, Enumerable.Repeat((byte)1, 4 * Cluster).ToArray());
    }

    private (byte[] File, int Table) Read()
    {
        byte[] file = File.ReadAllBytes(Disk);
        return (file, (int)BinaryPrimitives.ReadInt64BigEndian(file.AsSpan(L1)));
    }

    private static void Put(byte[] file, int at, long value) => BinaryPrimitives.WriteInt64BigEndian(file.AsSpan(at), value);
}

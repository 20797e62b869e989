namespace Emulation.Storage.Tests;

/// <summary>The need-check bit, features, checks and chains of QED images.</summary>
public sealed class QedTests
{
    private const int Length = 1 << 20;

    [Test]
    public async Task An_image_that_was_not_closed_is_repaired_when_it_is_opened_for_writing()
    {
        using var folder = new TempFolder();
        byte[] image = await MakeAsync();
        image[16] |= 2;
        // the second cluster's entry came to the file, its data did not
        int l2 = BitConverter.ToInt32(image, 65536);
        BitConverter.GetBytes((long)image.Length + 65536).CopyTo(image, l2 + 8);
        var file = new SparseDisk(image);
        await using (BlockDevice readOnly = await DiskImage.OpenAsync(file.AsReadOnly(leaveOpen: true), new DiskImageOptions { ReadOnly = true }))
        {
            Func<Task> read = async () => await readOnly.ReadAsync(65536, new byte[10]);
            await read.Should().ThrowAsync<DiskImageException>();
        }

        file.Operations.Should().Be(0);
        await File.WriteAllBytesAsync(folder["disk.qed"], image);
        await using (BlockDevice disk = DiskImage.Open(folder["disk.qed"]))
        {
            byte[] content = new byte[Length];
            await disk.ReadAsync(0, content);
            content[..5000].Should().AllBeEquivalentTo((byte)7);
            content[5000..].Should().AllBeEquivalentTo((byte)0);
        }

        QemuImg.Run("check", "-f", "qed", folder["disk.qed"]);
        File.ReadAllBytes(folder["disk.qed"])[16].Should().Be(0);
    }

    [Test]
    public async Task An_image_that_was_not_closed_and_is_damaged_is_not_written()
    {
        byte[] image = await MakeAsync();
        image[16] |= 2;
        int l2 = BitConverter.ToInt32(image, 65536);
        BitConverter.GetBytes((long)l2).CopyTo(image, l2 + 8);
        var file = new SparseDisk(image);
        Func<Task> open = async () => await DiskImage.OpenAsync(file);
        (await open.Should().ThrowAsync<DiskImageException>()).Which.Offset.Should().Be(16);
        file.Operations.Should().Be(0);
    }

    [Test]
    public async Task Lost_clusters_are_counted_and_unknown_features_refused()
    {
        byte[] image = await MakeAsync();
        DiskCheckResult result = await DiskImage.CheckAsync(new SparseDisk([.. image, .. new byte[65536 * 2]]));
        (result.Corruptions, result.Leaks, result.AllocatedClusters).Should().Be((0, 2, 1));
        image[16] |= 8;
        Func<Task> open = async () => await DiskImage.OpenAsync(new SparseDisk(image));
        (await open.Should().ThrowAsync<DiskImageException>()).Which.Message.Should().Contain("features 0x8");
    }

    [Test]
    public async Task A_chain_without_a_recorded_format_needs_it_given()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-q", "-f", "qed", folder["base.qed"], $"{Length}");
        QemuImg.Io("qed", folder["base.qed"], "write -P 9 0 200k");
        QemuImg.Run("create", "-q", "-f", "qed", "-b", "base.qed", "-F", "qed", folder["top.qed"], $"{Length}");
        Func<Task> open = () => Task.Run(() => DiskImage.Open(folder["top.qed"]).Dispose());
        (await open.Should().ThrowAsync<DiskImageException>()).Which.Message.Should().Contain("looks like qed");
        await using (BlockDevice top = DiskImage.Open(folder["top.qed"], new DiskImageOptions { BackingFormat = "qed" }))
            await top.WriteAsync(1000, new byte[] { 1, 2, 3 });
        QemuImg.Run("check", "-f", "qed", folder["top.qed"]);
        byte[] read = QemuImg.Read(folder["top.qed"], "qed");
        read[999..1004].Should().Equal(9, 1, 2, 3, 9);
        read[200 << 10].Should().Be(0);
    }

    private static async Task<byte[]> MakeAsync()
    {
        var file = new RecordingDisk(record: false);
        await using (BlockDevice disk = await DiskImage.CreateAsync(file, Length, new QedCreateOptions { TableSize = 2 }))
            await disk.WriteAsync(0, Enumerable.Repeat((byte)7, 5000).ToArray());
        return file.Content;
    }
}

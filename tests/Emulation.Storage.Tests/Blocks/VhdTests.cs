namespace Emulation.Storage.Tests;

/// <summary>Sizes, footers and checksums of VHD images.</summary>
public sealed class VhdTests
{
    // below, at and above each change of the geometry's rule
    [TestCase(1L), TestCase(4 * 17 + 1), TestCase(10_000), TestCase(1024 * 16 * 17 + 1), TestCase(1024 * 16 * 31), TestCase(3_000_001)]
    [TestCase(65535L * 16 * 63 - 1), TestCase(65535L * 16 * 63), TestCase(65535L * 16 * 255), TestCase(65535L * 16 * 255 + 1)]
    public void Sizes_by_geometry_are_those_of_qemu(long sectors)
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-q", "-f", "vpc", folder["theirs.vhd"], $"{sectors * 512}");
        using BlockDevice theirs = DiskImage.Open(folder["theirs.vhd"]);
        using BlockDevice ours = DiskImage.Create(folder["ours.vhd"], sectors * 512, new VhdCreateOptions { RoundToGeometry = true });
        ours.Length.Should().Be(theirs.Length).And.BeGreaterThanOrEqualTo(sectors * 512);
        ours.Dispose();
        QemuImg.Run("info", "-f", "vpc", "--output=json", folder["ours.vhd"]).Should().Contain($"\"virtual-size\": {theirs.Length},");
    }

    [Test]
    public async Task A_dynamic_image_is_detected_and_a_fixed_one_is_not()
    {
        using var folder = new TempFolder();
        DiskImage.Create(folder["dynamic.vhd"], 1 << 20, new VhdCreateOptions()).Dispose();
        await using (BlockDevice disk = DiskImage.Create(folder["fixed.vhd"], 1 << 20, new VhdCreateOptions { Fixed = true }))
            // a guest that makes its first sector look like a dynamic image
            await disk.WriteAsync(0, File.ReadAllBytes(folder["dynamic.vhd"]));
        DiskImage.DetectFormat(folder["dynamic.vhd"]).Should().Be("vhd");
        await using BlockDevice again = DiskImage.Open(folder["fixed.vhd"], new DiskImageOptions { Format = "vhd" });
        again.Length.Should().Be(1 << 20);
        byte[] first = new byte[8];
        await again.ReadAsync(0, first);
        first.Should().Equal("conectix"u8.ToArray());
    }

    [Test]
    public async Task A_lost_copy_at_the_start_is_replaced_by_the_footer()
    {
        byte[] image = await MakeAsync();
        image.AsSpan(0, 512).Clear();
        await using BlockDevice disk = await DiskImage.OpenAsync(new SparseDisk(image), new DiskImageOptions { Format = "vhd" });
        disk.Length.Should().Be(1 << 20);
    }

    [Test]
    public async Task Wrong_sums_are_errors()
    {
        byte[] image = await MakeAsync();
        image[0x200 + 40]++;
        (await OpenAsync(image)).Should().Contain("checksum");
        image[0]++;
        image[^512]++;
        (await OpenAsync(image)).Should().Contain("footer");
    }

    private static async Task<string> OpenAsync(byte[] image)
    {
        Func<Task> open = async () => await DiskImage.OpenAsync(new SparseDisk(image), new DiskImageOptions { Format = "vhd" });
        return (await open.Should().ThrowAsync<DiskImageException>()).Which.Message;
    }

    private static async Task<byte[]> MakeAsync()
    {
        var file = new RecordingDisk(record: false);
        await (await DiskImage.CreateAsync(file, 1 << 20, new VhdCreateOptions())).DisposeAsync();
        return file.Content;
    }
}

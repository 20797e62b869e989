using System.Text.Json;

namespace Emulation.Storage.Tests.Jobs;

public sealed class MapTests
{
    [Test]
    public async Task The_map_is_that_of_qemu()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "raw", folder["raw"], "2M");
        await File.WriteAllBytesAsync(folder["raw"], ConvertTests.Content(2 << 20).Select(b => (byte)(b | 1)).ToArray());
        QemuImg.Run("create", "-f", "qcow2", "-b", folder["raw"], "-F", "raw", folder["mid"], "4M");
        QemuImg.Io("qcow2", folder["mid"], "write -P 1 100k 200k", "write -P 2 3M 64k", "write -z 1M 64k");
        QemuImg.Run("create", "-f", "qcow2", "-b", folder["mid"], "-F", "qcow2", folder["top"]);
        QemuImg.Io("qcow2", folder["top"], "write -P 3 0 64k", "write -P 4 512k 192k");
        await CompareAsync(folder["top"], "qcow2");
    }

    [TestCase("vhdx")]
    [TestCase("vpc")]
    [Platform("Linux")]
    public async Task Holes_of_the_file_of_a_format_need_not_be_read(string format)
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", format, folder["image"], "64M");
        QemuImg.Io(format, folder["image"], "write -P 1 0 64k", "write -P 2 1M 64k");
        using BlockDevice image = DiskImage.Open(folder["image"], readOnly: true);
        long data = 0;
        for (long offset = 0; offset < image.Length;)
        {
            BlockRun run = await image.GetStatusAsync(offset, image.Length - offset);
            if ((run.Status & BlockStatus.Zero) == 0)
                data += run.Length;
            offset += run.Length;
        }

        // blocks need not begin at pages of the file
        data.Should().BeInRange(128 << 10, 160 << 10);
        foreach (long offset in new[] { 0L, 1 << 20 })
        {
            BlockRun run = await image.GetStatusAsync(offset, 64 << 10);
            run.Should().Be(new BlockRun(64 << 10, BlockStatus.Allocated));
        }
    }

    [Test]
    [Platform("Linux")]
    public async Task Holes_of_a_file_are_those_of_qemu()
    {
        using var folder = new TempFolder();
        byte[] data = [.. ConvertTests.Content(1 << 20).Select(b => (byte)(b | 1))];
        using (BlockDevice image = DiskImage.Create(folder["raw"], 8 << 20))
        {
            await image.WriteAsync(1 << 20, data);
            await image.WriteAsync(4 << 20, data);
            await image.FlushAsync();
        }

        await CompareAsync(folder["raw"], "raw");
        using (BlockDevice image = DiskImage.Open(folder["raw"]))
        {
            await image.DiscardAsync(1 << 20, 256 << 10);
            await image.WriteZeroesAsync((4 << 20) + (256 << 10), 512 << 10);
            await image.FlushAsync();
            (await image.GetStatusAsync(1 << 20, 4096)).Should().Be(new BlockRun(4096, BlockStatus.Allocated | BlockStatus.Zero));
        }

        await CompareAsync(folder["raw"], "raw");
    }

    private static async Task CompareAsync(string path, string format)
    {
        using JsonDocument expected = JsonDocument.Parse(QemuImg.Run("map", "-f", format, "--output=json", path));
        using BlockDevice image = DiskImage.Open(path, readOnly: true);
        var actual = new List<DiskExtent>();
        await foreach (DiskExtent extent in DiskJobs.MapAsync(image))
            actual.Add(extent);
        actual.Select(e => (e.Start, e.Length, e.Present, e.Zero, e.Data, e.Offset, Depth: e.Present ? e.Depth : 0)).Should().Equal(
            expected.RootElement.EnumerateArray().Select(e => (
                e.GetProperty("start").GetInt64(), e.GetProperty("length").GetInt64(), e.GetProperty("present").GetBoolean(), e.GetProperty("zero").GetBoolean(),
                e.GetProperty("data").GetBoolean(), e.TryGetProperty("offset", out JsonElement offset) ? offset.GetInt64() : (long?)null,
                e.GetProperty("present").GetBoolean() ? e.GetProperty("depth").GetInt32() : 0)));
    }
}

namespace Emulation.Storage.Tests;

/// <summary>Damaged tables, lost blocks and compaction of images with one table.</summary>
public sealed class TableTests
{
    private const int Length = 4 << 20;

    // format, where its table is, and an entry that is wrong
    [TestCase("vdi", 0x200, 0u, TestName = "vdi: two blocks in one place")]
    [TestCase("vdi", 0x200, 77u, TestName = "vdi: a block past the end")]
    [TestCase("vhd", 0x600, 0x0300_0000u, TestName = "vhd: a block in the tables")]
    [TestCase("parallels", 0x40, 2u, TestName = "parallels: two blocks in one place")]
    [TestCase("parallels", 0x40, 0x7fff_ffffu, TestName = "parallels: a block past the end")]
    public async Task A_damaged_table_is_an_error_with_its_place(string format, int table, uint entry)
    {
        byte[] image = await MakeAsync(format, 0, 1 << 21);
        int at = format == "vdi" ? table + 8 : table;
        BitConverter.GetBytes(entry).CopyTo(image, at);
        var file = new SparseDisk(image);
        Func<Task> open = async () => await DiskImage.OpenAsync(file, new DiskImageOptions { Format = format });
        DiskImageException error = (await open.Should().ThrowAsync<DiskImageException>()).Which;
        error.Format.Should().Be(format);
        error.Offset.Should().BeInRange(table, table + 12);
        file.Operations.Should().Be(0);
    }

    [TestCase("vdi"), TestCase("vhd"), TestCase("parallels")]
    public async Task What_is_discarded_is_given_back_on_closing(string format)
    {
        var file = new RecordingDisk(record: false);
        long before;
        await using (BlockDevice image = await DiskImage.CreateAsync(file, 8 << 20, Options(format)))
        {
            for (int i = 0; i < 4; i++)
                await image.WriteAsync(i << 21, new byte[] { (byte)(i + 1) });
            await image.FlushAsync();
            before = file.Length;
            await image.DiscardAsync(1 << 21, 1 << 21);
        }

        file.Length.Should().BeLessThan(before - (1 << 20) + 1);
        await using BlockDevice again = await DiskImage.OpenAsync(new SparseDisk(file.Content), new DiskImageOptions { Format = format });
        byte[] read = new byte[8 << 20];
        await again.ReadAsync(0, read);
        new[] { read[0], read[1 << 21], read[2 << 21], read[3 << 21] }.Should().Equal(1, 0, 3, 4);
        (await DiskImage.CheckAsync(new SparseDisk(file.Content), format: format)).IsClean.Should().BeTrue();
    }

    [TestCase("vdi", 0x200, 0xffff_ffffu), TestCase("parallels", 0x40, 0u)]
    public async Task Lost_blocks_are_found_and_given_back(string format, int table, uint none)
    {
        byte[] image = await MakeAsync(format, 0, 1 << 21);
        BitConverter.GetBytes(none).CopyTo(image, table);
        var file = new RecordingDisk(image, record: false);
        (await DiskImage.CheckAsync(file, format: format)).Leaks.Should().Be(1);
        (await DiskImage.CheckAsync(file, DiskRepair.Leaks, format)).RepairedLeaks.Should().Be(1);
        (await DiskImage.CheckAsync(file, format: format)).IsClean.Should().BeTrue();
        file.Length.Should().Be(image.Length - (1 << 20));
        await using BlockDevice disk = await DiskImage.OpenAsync(file, new DiskImageOptions { Format = format });
        byte[] read = new byte[2];
        await disk.ReadAsync(1 << 21, read);
        read.Should().Equal(7, 0);
    }

    [Test]
    public async Task A_parallels_image_in_sectors_that_was_not_closed_is_used_and_closed()
    {
        using var folder = new TempFolder();
        byte[] image = await MakeAsync("parallels", 0, 1 << 21);
        "WithoutFreeSpace"u8.CopyTo(image);
        BitConverter.GetBytes(2048).CopyTo(image, 64);
        BitConverter.GetBytes(4096).CopyTo(image, 64 + 8);
        BitConverter.GetBytes(0x746f_6e59).CopyTo(image, 44);
        await File.WriteAllBytesAsync(folder["disk.hds"], image);
        await using (BlockDevice disk = DiskImage.Open(folder["disk.hds"]))
            await disk.WriteAsync(1 << 20, new byte[] { 9 });
        byte[] read = QemuImg.Read(folder["disk.hds"], "parallels");
        new[] { read[0], read[1 << 20], read[1 << 21] }.Should().Equal(7, 9, 7);
        File.ReadAllBytes(folder["disk.hds"])[44..48].Should().AllBeEquivalentTo((byte)0);
    }

    private static DiskCreateOptions Options(string format) => format switch
    {
        "vdi" => new VdiCreateOptions(),
        "vhd" => new VhdCreateOptions(),
        _ => new ParallelsCreateOptions(),
    };

    private static async Task<byte[]> MakeAsync(string format, params int[] written)
    {
        var file = new RecordingDisk(record: false);
        await using (BlockDevice disk = await DiskImage.CreateAsync(file, Length, Options(format)))
        {
            foreach (int offset in written)
                await disk.WriteAsync(offset, new byte[] { 7 });
        }

        return file.Content;
    }
}

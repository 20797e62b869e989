namespace Emulation.Storage.Tests.Vmdk;

/// <summary>Grain tables and their copies: damage, checks, repairs, and the mark of an extent that was not closed.</summary>
public sealed class VmdkTableTests
{
    private const int Length = 4 << 20;

    // where our images have them: header, descriptor, then directory and table, twice
    private const int CopiedDirectory = 21 * 512;
    private const int CopiedTable = 22 * 512;
    private const int Directory = 26 * 512;
    private const int Table = 27 * 512;

    [TestCase(Table, 0x00ff_ffffu, "past the end", TestName = "a grain past the end")]
    [TestCase(Table, 1u, "where the descriptor is", TestName = "a grain in the descriptor")]
    [TestCase(Table, 26u, "where the grain directory is", TestName = "a grain in the directory")]
    [TestCase(Table, 28u, "where a grain table is", TestName = "a grain in a table")]
    public async Task A_wrong_grain_is_an_error_with_its_place(int at, uint entry, string message)
    {
        byte[] image = await MakeAsync();
        BitConverter.GetBytes(entry).CopyTo(image, at);
        var file = new SparseDisk(image);
        await using BlockDevice disk = await DiskImage.OpenAsync(file);
        foreach (Func<Task> use in (Func<Task>[])[
            async () => await disk.ReadAsync(5, new byte[10]),
            async () => await disk.GetStatusAsync(5, 10),
            async () => await disk.WriteZeroesAsync(0, 65536)])
        {
            DiskImageException error = (await use.Should().ThrowAsync<DiskImageException>()).Which;
            error.Message.Should().Contain(message);
            error.Offset.Should().Be(at);
        }

        DiskCheckResult check = await DiskImage.CheckAsync(new SparseDisk(image));
        check.Corruptions.Should().BeGreaterThan(0);
        check.Messages[0].Should().Contain(message);
    }

    [TestCase(Directory, 0x00ff_ffffu, false)]
    [TestCase(Directory, 3u, false)]
    [TestCase(Directory, 26u, false)]
    [TestCase(CopiedDirectory, 0x00ff_ffffu, true)]
    [TestCase(CopiedDirectory, 27u, true)]
    public async Task A_wrong_table_is_an_error_and_nothing_is_written(int at, uint entry, bool isCopy)
    {
        byte[] image = await MakeAsync();
        BitConverter.GetBytes(entry).CopyTo(image, at);
        var file = new SparseDisk(image);
        Func<Task> open = async () => await DiskImage.OpenAsync(file);
        (await open.Should().ThrowAsync<DiskImageException>()).Which.Offset.Should().BeOneOf(at, Directory);
        file.Operations.Should().Be(0);
        // the copy does not matter to readers
        Func<Task> read = async () => await DiskImage.OpenAsync(new SparseDisk(image), new DiskImageOptions { ReadOnly = true });
        if (isCopy)
            await read.Should().NotThrowAsync();
        else
            await read.Should().ThrowAsync<DiskImageException>();
    }

    [Test]
    public async Task Two_owners_of_a_grain_are_found()
    {
        byte[] image = await MakeAsync();
        image.AsSpan(Table, 4).CopyTo(image.AsSpan(Table + 40));
        image.AsSpan(Table, 4).CopyTo(image.AsSpan(CopiedTable + 40));
        DiskCheckResult check = await DiskImage.CheckAsync(new SparseDisk(image), DiskRepair.All);
        (check.Corruptions, check.RepairedCorruptions).Should().Be((1, 0));
        check.Messages[0].Should().Contain("where another one is");
    }

    [TestCase(CopiedTable + 8, 77u, TestName = "an entry differs")]
    [TestCase(CopiedDirectory, 0u, TestName = "no copy")]
    [TestCase(CopiedDirectory, 0x00ff_ffffu, TestName = "a copy past the end")]
    [TestCase(CopiedDirectory, 27u, TestName = "a copy in the table itself")]
    [TestCase(CopiedDirectory, 130u, TestName = "a copy in a grain")]
    public async Task Copies_that_differ_are_found_and_made_equal(int at, uint entry)
    {
        byte[] image = await MakeAsync();
        BitConverter.GetBytes(entry).CopyTo(image, at);
        var file = new RecordingDisk(image, record: false);
        (await DiskImage.CheckAsync(file)).Corruptions.Should().Be(1);
        file.Operations.Should().Be(0);
        (await DiskImage.CheckAsync(file, DiskRepair.Leaks)).Corruptions.Should().Be(1);
        (await DiskImage.CheckAsync(file, DiskRepair.All)).RepairedCorruptions.Should().Be(1);
        (await DiskImage.CheckAsync(file)).Corruptions.Should().Be(0);
        await ReadAsync(file);
    }

    [Test]
    public async Task An_extent_that_was_not_closed_gets_its_copies_when_it_is_opened_for_writing()
    {
        byte[] image = await MakeAsync();
        image[72].Should().Be(0);
        image[72] = 1;
        BitConverter.GetBytes(123).CopyTo(image, CopiedTable + 4);
        var file = new RecordingDisk([.. image], record: false);
        await using (BlockDevice reader = await DiskImage.OpenAsync(file.AsReadOnly(leaveOpen: true)))
            await reader.ReadAsync(0, new byte[10]);
        file.Operations.Should().Be(0);
        await ReadAsync(file);
        file.Content[72].Should().Be(0);
        file.Content[CopiedTable..(CopiedTable + 2048)].Should().Equal(image[Table..(Table + 2048)]);
    }

    [Test]
    public async Task The_mark_stays_until_the_image_is_closed()
    {
        var file = new RecordingDisk(record: false);
        await using (BlockDevice disk = await DiskImage.CreateAsync(file, Length, new VmdkCreateOptions()))
        {
            file.Content[72].Should().Be(0);
            await disk.WriteAsync(0, new byte[] { 1 });
            await disk.FlushAsync();
            file.Content[72].Should().Be(1);
        }

        file.Content[72].Should().Be(0);
    }

    [Test]
    public async Task Tables_that_are_not_there_are_added()
    {
        using var folder = new TempFolder();
        byte[] image = await MakeAsync(empty: true);
        image.AsSpan(CopiedDirectory, 4).Clear();
        image.AsSpan(Directory, 4).Clear();
        await File.WriteAllBytesAsync(folder["disk.vmdk"], image);
        await using (BlockDevice disk = DiskImage.Open(folder["disk.vmdk"]))
        {
            await disk.WriteZeroesAsync(0, Length);
            await disk.WriteAsync(100_000, new byte[] { 1, 2, 3 });
            await disk.FlushAsync();
            await disk.WriteAsync(3_000_000, new byte[] { 4 });
        }

        QemuImg.Run("check", "-f", "vmdk", folder["disk.vmdk"]);
        byte[] read = QemuImg.Read(folder["disk.vmdk"], "vmdk");
        (read[99_999], read[100_001], read[3_000_000]).Should().Be((0, 2, 4));
        DiskImage.Check(folder["disk.vmdk"]).Corruptions.Should().Be(0);
    }

    [Test]
    public async Task A_disk_of_nothing_is_not_looked_at_grain_by_grain()
    {
        long length = VmdkHeader.MaxTables * 512 * 65536;
        var file = new SparseDisk();
        await file.ResizeAsync(32 << 20);
        await file.WriteAsync(0, new VmdkHeader { Capacity = length, GrainSize = 65536, DirectoryOffset = 512, DataOffset = 32 << 20 }.ToBytes());
        await using BlockDevice disk = await DiskImage.OpenAsync(file, new DiskImageOptions { ReadOnly = true });
        disk.Length.Should().Be(length);
        (await disk.GetStatusAsync(5, length - 5)).Should().Be(new BlockRun(length - 5, BlockStatus.Zero));
    }

    [Test]
    public async Task Room_behind_the_last_grain_is_given_back()
    {
        byte[] image = [.. await MakeAsync(), .. new byte[3 << 16]];
        var file = new RecordingDisk(image, record: false);
        (await DiskImage.CheckAsync(file)).Leaks.Should().Be(3);
        (await DiskImage.CheckAsync(file, DiskRepair.Leaks)).RepairedLeaks.Should().Be(3);
        (await DiskImage.CheckAsync(file)).IsClean.Should().BeTrue();
        file.Length.Should().Be(image.Length - (3 << 16));
    }

    [TestCase(true), TestCase(false)]
    public async Task What_is_discarded_is_used_again(bool zeroedGrain)
    {
        var file = new RecordingDisk(record: false);
        await using BlockDevice disk = await DiskImage.CreateAsync(file, Length, new VmdkCreateOptions { ZeroedGrain = zeroedGrain });
        await disk.WriteAsync(0, Enumerable.Repeat((byte)7, 1 << 20).ToArray());
        await disk.FlushAsync();
        long before = file.Length;
        for (int i = 0; i < 10; i++)
        {
            await disk.DiscardAsync(0, 1 << 20);
            await disk.FlushAsync();
            await disk.WriteAsync(1 << 20, Enumerable.Repeat((byte)8, 1 << 20).ToArray());
            await disk.DiscardAsync(1 << 20, 1 << 20);
            await disk.FlushAsync();
        }

        file.Length.Should().Be(before);
    }

    [Test]
    public async Task Extents_of_ESX_servers_are_read()
    {
        using var folder = new TempFolder();
        byte[] image = Cowd();
        await File.WriteAllBytesAsync(folder["disk-delta.vmdk"], image);
        await File.WriteAllTextAsync(folder["disk.vmdk"], "# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\ncreateType=\"vmfsSparse\"\nRW 64 VMFSSPARSE \"disk-delta.vmdk\"\n");
        foreach (string name in (string[])["disk.vmdk", "disk-delta.vmdk"])
        {
            await using (BlockDevice disk = DiskImage.Open(folder[name], readOnly: true))
            {
                byte[] read = new byte[disk.Length];
                await disk.ReadAsync(0, read);
                // qemu does not open one without a descriptor
                read.AsSpan().SequenceEqual(QemuImg.Read(folder["disk.vmdk"], "vmdk")).Should().BeTrue();
                (read.Length, read[511], read[512], read[1023], read[1024]).Should().Be((32768, 0, 9, 9, 0));
            }

            Action write = () => DiskImage.Open(folder[name]);
            write.Should().Throw<DiskImageException>().WithMessage("*read-only only*");
            DiskImage.Check(folder[name]).Corruptions.Should().Be(0);
        }
    }

    // 64 sectors in grains of one sector, of which the second is there
    private static byte[] Cowd()
    {
        byte[] image = new byte[2048 + 512 + 16384 + 512];
        "COWD"u8.CopyTo(image);
        int[] fields = [1, 3, 64, 1, 4, 1, 38];
        for (int i = 0; i < fields.Length; i++)
            BitConverter.GetBytes(fields[i]).CopyTo(image, 4 + (i * 4));
        BitConverter.GetBytes(5).CopyTo(image, 2048);
        BitConverter.GetBytes(37).CopyTo(image, 2560 + 4);
        image.AsSpan(37 * 512, 512).Fill(9);
        return image;
    }

    private static async Task ReadAsync(RecordingDisk file)
    {
        await using BlockDevice disk = await DiskImage.OpenAsync(file);
        byte[] read = new byte[Length];
        await disk.ReadAsync(0, read);
        (read[0], read[4999], read[5000], read[Length / 2]).Should().Be((7, 7, 0, 7));
    }

    private static async Task<byte[]> MakeAsync(bool empty = false)
    {
        var file = new RecordingDisk(record: false);
        await using (BlockDevice disk = await DiskImage.CreateAsync(file, Length, new VmdkCreateOptions()))
        {
            for (int offset = 0; offset < Length && !empty; offset += Length / 2)
                await disk.WriteAsync(offset, Enumerable.Repeat((byte)7, 5000).ToArray());
        }

        return file.Content;
    }
}

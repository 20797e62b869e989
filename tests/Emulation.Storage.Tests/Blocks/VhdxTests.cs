using System.Text;

namespace Emulation.Storage.Tests;

/// <summary>Headers, region tables, metadata, the BAT, sizes and checks of VHDX images.</summary>
public sealed class VhdxTests
{
    private const int Length = 4 << 20;
    private const int Metadata = 2 << 20;
    private const int Items = Metadata + 0x1_0000;
    private const int Bat = 3 << 20;

    private static readonly VhdxCreateOptions s_small = new() { BlockSize = 1 << 20 };

    // RFC 3720, B.4, and the usual check value
    [TestCase("313233343536373839", 0xe306_9283u)]
    [TestCase("0000000000000000000000000000000000000000000000000000000000000000", 0x8a91_36aau)]
    [TestCase("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", 0x62a8_ab43u)]
    [TestCase("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", 0x46dd_794eu)]
    [TestCase("1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100", 0x113f_db5cu)]
    [TestCase("01c000000000000000000000000000001400000000000400000000140000001828000000000000000200000000000000", 0xd996_3a56u)]
    [TestCase("", 0u)]
    public void Crc32c(string bytes, uint sum)
    {
        VhdxChecksum.Of(Convert.FromHexString(bytes)).Should().Be(sum);
        VhdxBytes.Crc(Convert.FromHexString(bytes)).Should().Be(sum);
    }

    [Test]
    public async Task The_first_change_gives_new_identities_and_opening_gives_none()
    {
        byte[] image = await MakeAsync(s_small);
        var file = new RecordingDisk([.. image], record: false);
        await using (BlockDevice disk = await DiskImage.OpenAsync(new KeptOpen(file)))
        {
            await disk.ReadAsync(0, new byte[100]);
            await disk.FlushAsync();
        }

        file.Content.Should().Equal(image);
        await using (BlockDevice disk = await DiskImage.OpenAsync(new KeptOpen(file)))
        {
            await disk.WriteAsync(0, new byte[] { 1 });
            VhdxBytes.Header(file.Content).Slice(16, 16).SequenceEqual(VhdxBytes.Header(image).Slice(16, 16)).Should().BeFalse("the file changed");
            VhdxBytes.Header(file.Content).Slice(32, 16).SequenceEqual(VhdxBytes.Header(image).Slice(32, 16)).Should().BeFalse("the disk changed");
        }

        byte[] once = file.Content;
        BitConverter.ToUInt64(VhdxBytes.Header(once)[8..]).Should().Be(BitConverter.ToUInt64(VhdxBytes.Header(image)[8..]) + 2);
    }

    [Test]
    public async Task One_sound_header_and_region_table_are_enough_and_a_check_repairs_the_other()
    {
        foreach (int at in new[] { 0x1_0000, 0x2_0000, 0x3_0000, 0x4_0000 })
        {
            byte[] image = await MakeAsync(s_small);
            image[at + 9]++;
            await ReadAsync(image);
            var file = new RecordingDisk(image, record: false);
            DiskCheckResult found = await DiskImage.CheckAsync(file);
            (found.Corruptions, found.Messages.Count).Should().Be((1, 1));
            (await DiskImage.CheckAsync(file, DiskRepair.All)).RepairedCorruptions.Should().Be(1);
            (await DiskImage.CheckAsync(file)).IsClean.Should().BeTrue();
        }
    }

    [Test]
    public async Task Two_headers_of_one_number_must_be_the_same()
    {
        byte[] image = await MakeAsync(s_small);
        image.AsSpan(0x1_0000, 4096).CopyTo(image.AsSpan(0x2_0000));
        await ReadAsync(image);
        image[0x2_0010]++;
        VhdxBytes.SumUp(image.AsSpan(0x2_0000, 4096));
        (await FailAsync(image)).Message.Should().Contain("same sequence number");
    }

    [Test]
    public async Task What_is_not_known_and_required_is_refused()
    {
        byte[] image = await MakeAsync(s_small);
        // a third region and a sixth item, first not required, then so
        image[0x3_0008] = image[0x4_0008] = 3;
        byte[] region = [.. Guid.NewGuid().ToByteArray(), .. BitConverter.GetBytes((long)image.Length), .. BitConverter.GetBytes(1 << 20), 0, 0, 0, 0];
        byte[] item = [.. Guid.NewGuid().ToByteArray(), .. BitConverter.GetBytes(0x1_1000), .. BitConverter.GetBytes(8), 0, 0, 0, 0, 0, 0, 0, 0];
        image = [.. image, .. new byte[1 << 20]];
        region.CopyTo(image, 0x3_0000 + 16 + 64);
        region.CopyTo(image, 0x4_0000 + 16 + 64);
        item.CopyTo(image, Metadata + 32 + (5 * 32));
        image[Metadata + 10] = 6;
        VhdxBytes.SumUp(image);
        var file = new RecordingDisk([.. image], record: false);
        await using (BlockDevice disk = await DiskImage.OpenAsync(new KeptOpen(file)))
            await disk.WriteAsync(0, new byte[Length]);
        // nothing is put where the unknown region is
        file.Content.AsSpan(image.Length - (1 << 20), 1 << 20).SequenceEqual(new byte[1 << 20]).Should().BeTrue();
        image[Metadata + 32 + (5 * 32) + 24] = 4;
        (await FailAsync(image)).Message.Should().Contain("metadata item");
        image[Metadata + 32 + (5 * 32) + 24] = 0;
        image[0x3_0000 + 16 + 64 + 28] = image[0x4_0000 + 16 + 64 + 28] = 1;
        VhdxBytes.SumUp(image);
        (await FailAsync(image)).Message.Should().Contain("region").And.Contain("not known");
    }

    // where, how many bytes, value, message
    [TestCase(Items, 4, 3L << 20, "block size")]
    [TestCase(Items, 4, 512L << 20, "block size")]
    [TestCase(Items + 4, 4, 2L, "parent")]
    [TestCase(Items + 8, 8, 0L, "a disk of")]
    [TestCase(Items + 8, 8, 513L, "a disk of")]
    [TestCase(Items + 8, 8, (64L << 40) + 512, "a disk of")]
    [TestCase(Items + 8, 8, 1L << 40, "too small")]
    [TestCase(Items + 32, 4, 1024L, "logical sector size")]
    [TestCase(Items + 36, 4, 0L, "physical sector size")]
    [TestCase(Metadata, 1, 0L, "signature")]
    [TestCase(Metadata + 10, 2, 2048L, "too many")]
    [TestCase(Metadata + 10, 2, 4L, "do not say the physical")]
    [TestCase(Bat, 8, 4L, "not defined|cannot have")]
    [TestCase(Bat, 8, (4L << 20) | 7, "cannot have")]
    [TestCase(Bat, 8, (3L << 20) | 6, "something else")]
    [TestCase(Bat, 8, 6L, "something else")]
    [TestCase(Bat, 8, (5000L << 20) | 6, "past the end")]
    [TestCase(Bat + 8, 8, (4L << 20) | 6, "something else")]
    public async Task What_cannot_be_is_refused_with_its_place(int at, int size, long value, string message)
    {
        byte[] image = await MakeAsync(s_small);
        BitConverter.GetBytes(value).AsSpan(0, size).CopyTo(image.AsSpan(at));
        DiskImageException error = await FailAsync(image);
        message.Split('|').Should().Contain(m => error.Message.Contains(m));
        error.Offset.Should().NotBe(0);
    }

    [Test]
    public async Task A_check_counts_blocks_that_cannot_be()
    {
        byte[] image = await MakeAsync(s_small);
        BitConverter.GetBytes((4L << 20) | 6).CopyTo(image, Bat + 16);
        BitConverter.GetBytes((99L << 20) | 6).CopyTo(image, Bat + 24);
        var file = new RecordingDisk(image, record: false);
        DiskCheckResult result = await DiskImage.CheckAsync(file, DiskRepair.All);
        (result.Corruptions, result.RepairedCorruptions).Should().Be((2, 0));
        result.Messages.Should().Contain(m => m.Contains("something else")).And.Contain(m => m.Contains("past the end"));
        file.Operations.Should().Be(0);
    }

    [Test]
    public async Task Blocks_of_no_use_are_zero_and_keep_the_place_they_have()
    {
        byte[] image = await MakeAsync(s_small);
        image.AsSpan(4 << 20, 1 << 20).Fill(7);
        foreach (long state in new[] { 0L, 1L, 2L, 3L })
        {
            BitConverter.GetBytes(state == 1 || state == 3 ? (4L << 20) | state : state).CopyTo(image, Bat);
            var file = new RecordingDisk([.. image], record: false);
            await using BlockDevice disk = await DiskImage.OpenAsync(new KeptOpen(file));
            byte[] read = new byte[10];
            await disk.ReadAsync(0, read);
            read.Should().AllBeEquivalentTo((byte)0);
            await disk.WriteAsync(2 << 20, new byte[] { 1 });
            file.Content[4 << 20].Should().Be((byte)(state is 1 or 3 ? 7 : 1));
        }
    }

    [Test]
    public async Task The_creator_and_the_identifier_are_there()
    {
        byte[] image = await MakeAsync(s_small with { Creator = "one of us" });
        Encoding.ASCII.GetString(image, 0, 8).Should().Be("vhdxfile");
        Encoding.Unicode.GetString(image, 8, 20).Should().Be("one of us\0");
    }

    [TestCase("block size", 1 << 19, 1 << 20, 512, 512, 9)]
    [TestCase("block size", 3 << 20, 1 << 20, 512, 512, 9)]
    [TestCase("log", 1 << 20, 1 << 19, 512, 512, 9)]
    [TestCase("sectors", 1 << 20, 1 << 20, 2048, 512, 9)]
    [TestCase("sectors", 1 << 20, 1 << 20, 512, 520, 9)]
    [TestCase("creator", 1 << 20, 1 << 20, 512, 512, 256)]
    public async Task Options_that_cannot_be_are_refused(string message, int block, int log, int logical, int physical, int creator)
    {
        var options = new VhdxCreateOptions { BlockSize = block, LogSize = log, LogicalSectorSize = logical, PhysicalSectorSize = physical, Creator = new string('x', creator) };
        Func<Task> create = () => MakeAsync(options);
        await create.Should().ThrowAsync<DiskImageException>().WithMessage($"*{message}*");
    }

    [TestCase(1 << 20, 512), TestCase(32 << 20, 512), TestCase(256 << 20, 512), TestCase(1 << 20, 4096), TestCase(256 << 20, 4096)]
    public async Task The_largest_disk_is_used_at_its_ends_and_between(int block, int sector)
    {
        const long Most = 64L << 40;
        var file = new SparseDisk();
        long[] places = [0, Most / 3, (1L << 45) - 1, Most - 1];
        await using (BlockDevice disk = await DiskImage.CreateAsync(new KeptOpen(file), Most, new VhdxCreateOptions { BlockSize = block, LogicalSectorSize = sector }))
        {
            disk.Hints.LogicalBlockSize.Should().Be(sector);
            disk.Hints.PhysicalBlockSize.Should().Be(4096);
            foreach (long place in places)
                await disk.WriteAsync(place, new byte[] { 5 });
        }

        file.Length.Should().BeLessThan((places.Length * (long)block) + (600L << 20));
        long before = GC.GetAllocatedBytesForCurrentThread();
        await using (BlockDevice disk = await DiskImage.OpenAsync(new KeptOpen(file)))
        {
            byte[] read = new byte[1];
            foreach (long place in places)
            {
                await disk.ReadAsync(place, read);
                read[0].Should().Be(5);
            }
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(20 << 20);
    }

    [Test]
    public async Task A_larger_disk_is_too_large()
    {
        Func<Task> create = async () => await DiskImage.CreateAsync(new SparseDisk(), (64L << 40) + 512, new VhdxCreateOptions());
        await create.Should().ThrowAsync<DiskImageException>().WithMessage("*at most*");
    }

    [TestCase(false), TestCase(true)]
    public async Task A_disk_grows_and_its_new_part_is_zero(bool @fixed)
    {
        using var folder = new TempFolder();
        await using (BlockDevice disk = DiskImage.Create(folder["disk.vhdx"], (2 << 20) + 512, s_small with { Fixed = @fixed }))
        {
            await disk.WriteAsync(0, Enumerable.Repeat((byte)3, (2 << 20) + 512).ToArray());
            disk.CanResize.Should().BeTrue();
            await disk.ResizeAsync((4 << 20) + 1024);
            await disk.WriteAsync(4 << 20, new byte[] { 4 });
            Func<Task> shrink = async () => await disk.ResizeAsync(1 << 20);
            await shrink.Should().ThrowAsync<DiskImageException>().WithMessage("*smaller*");
            Func<Task> odd = async () => await disk.ResizeAsync((5 << 20) + 1);
            await odd.Should().ThrowAsync<DiskImageException>();
            Func<Task> huge = async () => await disk.ResizeAsync(1L << 40);
            await huge.Should().ThrowAsync<DiskImageException>().WithMessage("*no room*");
        }

        byte[] read = QemuImg.Read(folder["disk.vhdx"], "vhdx");
        read.Length.Should().Be((4 << 20) + 1024);
        read.AsSpan(0, (2 << 20) + 512).ContainsAnyExcept((byte)3).Should().BeFalse();
        read.AsSpan((2 << 20) + 512, (2 << 20) - 512).ContainsAnyExcept((byte)0).Should().BeFalse();
        read[4 << 20].Should().Be(4);
        DiskImage.Check(folder["disk.vhdx"]).AllocatedClusters.Should().Be(@fixed ? 5 : 4);
    }

    [Test]
    public async Task Room_that_a_discard_gives_back_is_used_again_and_the_file_becomes_shorter()
    {
        var file = new RecordingDisk(record: false);
        long full;
        await using (BlockDevice disk = await DiskImage.CreateAsync(new KeptOpen(file), Length, s_small))
        {
            await disk.WriteAsync(0, Enumerable.Repeat((byte)1, 3 << 20).ToArray());
            await disk.FlushAsync();
            full = file.Length;
            await disk.DiscardAsync(1 << 20, 2 << 20);
            await disk.FlushAsync();
            await disk.WriteAsync(3 << 20, new byte[] { 2 });
        }

        file.Length.Should().Be(full - (1 << 20));
        await using BlockDevice again = await DiskImage.OpenAsync(new KeptOpen(file));
        byte[] read = new byte[Length];
        await again.ReadAsync(0, read);
        new[] { read[0], read[1 << 20], read[2 << 20], read[3 << 20], read[(3 << 20) + 1] }.Should().Equal(1, 0, 0, 2, 0);
    }

    [Test]
    public async Task More_changes_than_fit_into_an_entry_of_the_log_come_in_several()
    {
        // each write changes another page of the BAT
        var file = new SparseDisk();
        await using (BlockDevice disk = await DiskImage.CreateAsync(new KeptOpen(file), 300L << 29, new VhdxCreateOptions { BlockSize = 1 << 20 }))
        {
            for (long i = 0; i < 300; i++)
                await disk.WriteAsync(i << 29, new byte[] { (byte)(i + 1) });
        }

        (await DiskImage.CheckAsync(file)).AllocatedClusters.Should().Be(300);
        await using BlockDevice again = await DiskImage.OpenAsync(new KeptOpen(file));
        byte[] read = new byte[1];
        for (long i = 0; i < 300; i++)
        {
            await again.ReadAsync(i << 29, read);
            read[0].Should().Be((byte)(i + 1));
        }
    }

    [Test]
    public async Task An_image_without_a_log_can_be_read_only()
    {
        byte[] image = await MakeAsync(s_small);
        foreach (int at in new[] { 0x1_0000, 0x2_0000 })
        {
            image.AsSpan(at + 68, 12).Clear();
            VhdxBytes.SumUp(image.AsSpan(at, 4096));
        }

        (await FailAsync(image)).Message.Should().Contain("no log");
        await using BlockDevice disk = await DiskImage.OpenAsync(new SparseDisk(image), new DiskImageOptions { ReadOnly = true });
        disk.Length.Should().Be(Length);
    }

    [Test]
    public async Task What_is_converted_to_it_reads_the_same_in_qemu_and_may_have_a_parent()
    {
        using var folder = new TempFolder();
        byte[] content = new byte[(5 << 20) + 512];
        new Random(3).NextBytes(content.AsSpan(1 << 20, 1 << 20));
        content[^1] = 1;
        using MemoryDisk source = DiskImage.InMemory(content);
        await DiskJobs.ConvertAsync(source, folder["disk.vhdx"], new DiskConvertOptions { Target = s_small });
        new Shadow(0) { Bytes = content }.Compare(QemuImg.Read(folder["disk.vhdx"], "vhdx"));
        QemuImg.Run("check", "-f", "vhdx", folder["disk.vhdx"]);
        // as qemu-img has it: what the source has no bytes of its own for shows through
        await DiskJobs.ConvertAsync(source, folder["child"], new DiskConvertOptions { Target = new VhdxCreateOptions { BackingFile = "disk.vhdx" } });
        await using BlockDevice over = DiskImage.Open(folder["child"], readOnly: true);
        await new Shadow(0) { Bytes = content }.CheckAsync(over);
    }

    private static async Task<byte[]> MakeAsync(VhdxCreateOptions options)
    {
        var file = new RecordingDisk(record: false);
        await using (BlockDevice disk = await DiskImage.CreateAsync(new KeptOpen(file), Length, options))
            await disk.WriteAsync(0, new byte[] { 1 });
        return file.Content;
    }

    private static async Task ReadAsync(byte[] image)
    {
        await using BlockDevice disk = await DiskImage.OpenAsync(new SparseDisk(image));
        byte[] read = new byte[1];
        await disk.ReadAsync(0, read);
        read[0].Should().Be(1);
    }

    private static async Task<DiskImageException> FailAsync(byte[] image)
    {
        var file = new SparseDisk(image);
        Func<Task> open = async () => await DiskImage.OpenAsync(new KeptOpen(file));
        DiskImageException error = (await open.Should().ThrowAsync<DiskImageException>()).Which;
        error.Format.Should().Be("vhdx");
        file.Operations.Should().Be(0);
        return error;
    }
}

namespace Emulation.Storage.Tests;

/// <summary>Logs made by hand: what is replayed, what is not, and what is refused. [MS-VHDX] 2.3.</summary>
public sealed class VhdxLogTests
{
    private const int Length = 4 << 20;
    private const int LogLength = 1 << 20;
    private const int Bat = 3 << 20;

    private static readonly Guid s_log = new("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0");

    // the second block is written; the log takes its entry away or gives it back
    private byte[] _image = [];
    private byte[] _with = [];
    private byte[] _without = [];

    [SetUp]
    public async Task Make()
    {
        var file = new RecordingDisk(record: false);
        await using (BlockDevice disk = await DiskImage.CreateAsync(file, Length, new VhdxCreateOptions { BlockSize = 1 << 20 }))
            await disk.WriteAsync(1 << 20, Enumerable.Repeat((byte)7, 1 << 20).ToArray());
        _image = file.Content;
        _with = _image[Bat..(Bat + 4096)];
        _without = new byte[4096];
        _without.CopyTo(_image, Bat);
    }

    [Test]
    public async Task One_entry_is_replayed_and_a_reader_leaves_the_file_alone()
    {
        Put(0, Entry(1, 0, (Bat, _with)));
        await ShouldHoldAsync(7);
        var file = new SparseDisk(_image);
        await using (BlockDevice disk = await DiskImage.OpenAsync(file.AsReadOnly(leaveOpen: true)))
            (await ReadAsync(disk)).Should().Be(7);
        file.Operations.Should().Be(0);
    }

    [Test]
    public async Task Several_entries_are_replayed_in_their_order()
    {
        Put(0, Entry(5, 0, (Bat, null)));
        Put(4096, Entry(6, 0, (Bat, _with)));
        Put(4096 * 3, Entry(7, 0, (Bat, null)));
        Put(4096 * 4, Entry(8, 0, (Bat, _with)));
        await ShouldHoldAsync(7);
    }

    [Test]
    public async Task Entries_before_the_tail_are_not_replayed()
    {
        // by itself it would write where there is nothing
        Put(0, Entry(5, 0, (Bat, _without), (Bat + 4096, _with)));
        Put(4096 * 3, Entry(6, 4096 * 3, (Bat, _with)));
        await ShouldHoldAsync(7);
        byte[] replayed = await ReplayAsync();
        replayed[(Bat + 4096)..(Bat + 8192)].Should().AllBeEquivalentTo((byte)0);
    }

    [Test]
    public async Task A_sequence_goes_around_the_end_of_the_log()
    {
        Put(LogLength - 4096, Entry(9, LogLength - 4096, (Bat, _with)));
        // an older one of the same log behind it
        Put(4096, Entry(10, LogLength - 4096, (Bat, null)));
        Put(8192, Entry(11, LogLength - 4096, (Bat, _with)));
        await ShouldHoldAsync(7);
    }

    [Test]
    public async Task Of_two_sequences_the_later_one_counts()
    {
        Put(0, Entry(20, 0, (Bat, _with)));
        Put(40960, Entry(12, 40960, (Bat, _without)));
        Put(40960 + 8192, Entry(13, 40960, (Bat, _without)));
        await ShouldHoldAsync(7);
    }

    [Test]
    public async Task A_sequence_whose_tail_is_gone_does_not_count()
    {
        Put(0, Entry(3, 0, (Bat, _with)));
        Put(40960, Entry(30, 16384, (Bat, _without)));
        await ShouldHoldAsync(7);
    }

    [Test]
    public async Task A_torn_entry_ends_the_sequence()
    {
        Put(0, Entry(1, 0, (Bat, _with)));
        byte[] torn = Entry(2, 0, (Bat, _without));
        torn[5000]++;
        Put(8192, torn);
        await ShouldHoldAsync(7);
    }

    [Test]
    public async Task Entries_of_another_log_do_not_count()
    {
        Put(0, Entry(1, 0, (Bat, _with)));
        VhdxBytes.PutLog(_image, 8192, VhdxBytes.LogEntry(Guid.NewGuid(), 2, 0, _image.Length, (Bat, _without)));
        await ShouldHoldAsync(7);
    }

    [Test]
    public async Task A_log_that_is_empty_is_not_looked_at()
    {
        Put(0, Entry(1, 0, (Bat, _with)));
        VhdxBytes.SetLog(_image, Guid.Empty);
        await ShouldHoldAsync(0);
    }

    [Test]
    public async Task An_entry_of_many_descriptors_has_several_sectors_of_them()
    {
        (long, byte[]?)[] writes = [.. Enumerable.Range(0, 130).Select(i => ((long)Bat + (i * 4096), (byte[]?)(i == 0 ? _with : _without)))];
        Put(LogLength - (20 * 4096), Entry(1, LogLength - (20 * 4096), writes));
        await ShouldHoldAsync(7);
    }

    [Test]
    public async Task The_file_becomes_as_long_as_the_log_says()
    {
        byte[] entry = Entry(1, 0, (Bat, _with));
        BitConverter.GetBytes(_image.Length + (2L << 20)).CopyTo(entry, 56);
        VhdxBytes.SumUp(entry.AsSpan());
        Put(0, entry);
        (await ReplayAsync()).Length.Should().Be(_image.Length + (2 << 20));
    }

    [Test]
    public async Task What_cannot_be_right_is_refused()
    {
        Put(0, Entry(1, 0, (0x1_0000, _with)));
        await ShouldFailAsync("where the headers are");
        Put(0, Entry(1, 0, (0x10_0000, _with)));
        await ShouldFailAsync("where itself is");
        Put(0, Entry(1, 0, (1L << 60, _with)));
        await ShouldFailAsync("the log is to write");
        byte[] cut = Entry(1, 0, (Bat, _with));
        BitConverter.GetBytes(_image.Length + 1L).CopyTo(cut, 48);
        VhdxBytes.SumUp(cut.AsSpan());
        Put(0, cut);
        await ShouldFailAsync("cut off");
        byte[] torn = Entry(1, 0, (Bat, _with));
        torn[4097]++;
        Put(0, torn);
        await ShouldFailAsync("nothing sound");
        byte[] zeroes = Entry(1, 0, (Bat, null));
        BitConverter.GetBytes(1L << 40).CopyTo(zeroes, 64 + 8);
        VhdxBytes.SumUp(zeroes.AsSpan());
        Put(0, zeroes);
        await ShouldFailAsync("more zero");
        // what the log brings is looked at before it is brought
        byte[] wrong = [.. _with];
        BitConverter.GetBytes(0x10_0006L).CopyTo(wrong, 8);
        Put(0, Entry(1, 0, (Bat, wrong)));
        await ShouldFailAsync("where something else is");
    }

    [Test]
    public async Task A_log_full_of_damaged_entries_is_given_up()
    {
        for (int at = 0; at < LogLength; at += 4096)
        {
            byte[] entry = Entry(1, at, (Bat, _with));
            BitConverter.GetBytes(LogLength).CopyTo(entry, 8);
            VhdxBytes.PutLog(_image, at, entry[..4096]);
        }

        VhdxBytes.SetLog(_image, s_log);
        await ShouldFailAsync("more damaged entries");
    }

    [Test]
    public async Task A_check_replays_the_log()
    {
        using var folder = new TempFolder();
        Put(0, Entry(1, 0, (Bat, _with)));
        var file = new RecordingDisk(_image, record: false);
        (await DiskImage.CheckAsync(file)).Corruptions.Should().Be(1);
        (await DiskImage.CheckAsync(file, DiskRepair.Leaks)).Corruptions.Should().Be(1);
        file.Operations.Should().Be(0);
        DiskCheckResult result = await DiskImage.CheckAsync(file, DiskRepair.All);
        (result.Corruptions, result.RepairedCorruptions, result.AllocatedClusters).Should().Be((0, 1, 1));
        (await DiskImage.CheckAsync(file)).IsClean.Should().BeTrue();
        await File.WriteAllBytesAsync(folder["disk.vhdx"], file.Content);
        QemuImg.Read(folder["disk.vhdx"], "vhdx")[1 << 20].Should().Be(7);
    }

    [Test]
    public async Task Qemu_replays_what_we_left()
    {
        using var folder = new TempFolder();
        var file = new RecordingDisk(record: false);
        BlockDevice disk = await DiskImage.CreateAsync(file, Length, new VhdxCreateOptions { BlockSize = 1 << 20 });
        await disk.WriteAsync(1 << 20, new byte[] { 9 });
        await disk.FlushAsync();
        byte[] left = file.Content;
        new Guid(VhdxBytes.Header(left).Slice(48, 16)).Should().NotBe(Guid.Empty);
        // the table never got there
        left.AsSpan(Bat, 4096).Clear();
        await File.WriteAllBytesAsync(folder["disk.vhdx"], left);
        QemuImg.Run("check", "-q", "-r", "all", "-f", "vhdx", folder["disk.vhdx"]);
        QemuImg.Read(folder["disk.vhdx"], "vhdx")[1 << 20].Should().Be(9);
        await disk.DisposeAsync();
        new Guid(VhdxBytes.Header(file.Content).Slice(48, 16)).Should().Be(Guid.Empty);
    }

    private static byte[] Entry(ulong sequence, int tail, params (long Offset, byte[]? Data)[] writes)
        => VhdxBytes.LogEntry(s_log, sequence, tail, Bat + (2 << 20), writes);

    private void Put(int place, byte[] entry)
    {
        VhdxBytes.PutLog(_image, place, entry);
        VhdxBytes.SetLog(_image, s_log);
    }

    // to a reader, and after the replay of a writer, ours and qemu's
    private async Task ShouldHoldAsync(byte expected)
    {
        using var folder = new TempFolder();
        await using (BlockDevice disk = await DiskImage.OpenAsync(new SparseDisk(_image), new DiskImageOptions { ReadOnly = true }))
            (await ReadAsync(disk)).Should().Be(expected);
        byte[] replayed = await ReplayAsync();
        new Guid(VhdxBytes.Header(replayed).Slice(48, 16)).Should().Be(Guid.Empty);
        VhdxBytes.Header(replayed).Slice(16, 16).SequenceEqual(VhdxBytes.Header(_image).Slice(16, 16)).Should().Be(replayed.AsSpan().SequenceEqual(_image));
        VhdxBytes.Header(replayed).Slice(32, 16).SequenceEqual(VhdxBytes.Header(_image).Slice(32, 16)).Should().BeTrue("the disk is what it was");
        await File.WriteAllBytesAsync(folder["disk.vhdx"], replayed);
        QemuImg.Read(folder["disk.vhdx"], "vhdx")[1 << 20].Should().Be(expected);
    }

    private async Task<byte[]> ReplayAsync()
    {
        var file = new RecordingDisk([.. _image], record: false);
        await using (BlockDevice disk = await DiskImage.OpenAsync(file))
            disk.Length.Should().Be(Length);
        return file.Content;
    }

    private async Task ShouldFailAsync(string message)
    {
        var file = new SparseDisk(_image);
        Func<Task> open = async () => await DiskImage.OpenAsync(file);
        DiskImageException error = (await open.Should().ThrowAsync<DiskImageException>().WithMessage($"*{message}*")).Which;
        error.Format.Should().Be("vhdx");
        file.Operations.Should().Be(0);
    }

    private static async Task<byte> ReadAsync(BlockDevice disk)
    {
        byte[] read = new byte[1];
        await disk.ReadAsync(1 << 20, read);
        return read[0];
    }
}

using System.Buffers.Binary;

namespace Emulation.Storage.Tests;

/// <summary>Formats that are for reading only: read as qemu-img does, and no worse than an error when they are damaged.</summary>
public sealed class ReadOnlyFormatTests
{
    private const long MaxMemory = 300 << 20;

    private static readonly int s_count = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "40");

    [TestCaseSource(typeof(ReadOnlyCase), nameof(ReadOnlyCase.All))]
    public async Task Images_are_detected_and_read(ReadOnlyCase @case)
    {
        using var folder = new TempFolder();
        byte[] disk = ReadOnlyCase.Disk(2_031_616 - 1024);
        string path = folder["disk.dmg"]; // QEMU goes by the name
        await File.WriteAllBytesAsync(path, @case.Make(disk));
        DiskImage.DetectFormat(path).Should().Be(@case.Format);
        await using BlockDevice image = DiskImage.Open(path, readOnly: true);
        image.Length.Should().BeInRange(disk.Length, disk.Length + 65535);
        byte[] read = new byte[image.Length];
        await image.ReadAsync(0, read);
        var shadow = new Shadow(0) { Bytes = [.. disk, .. new byte[read.Length - disk.Length]] };
        shadow.Compare(read);
        var random = new Random(1);
        for (int i = 0; i < 60; i++)
        {
            int offset = random.Next(read.Length - 10_000);
            await image.ReadAsync(offset, read.AsMemory(0, 10_000));
            read.AsSpan(0, 10_000).SequenceEqual(shadow.Bytes.AsSpan(offset, 10_000)).Should().BeTrue();
            BlockRun run = await image.GetStatusAsync(offset, image.Length - offset);
            if (run.Status.HasFlag(BlockStatus.Zero))
                shadow.Bytes.AsSpan(offset, (int)run.Length).ContainsAnyExcept((byte)0).Should().BeFalse();
        }

        if (@case.QemuReads)
            shadow.Compare(QemuImg.Read(path, @case.Format));
        await FluentActions.Awaiting(() => image.WriteAsync(0, new byte[1]).AsTask()).Should().ThrowAsync<InvalidOperationException>();
        await image.DisposeAsync();
        FluentActions.Invoking(() => DiskImage.Open(path)).Should().Throw<DiskImageException>().WithMessage("*read-only*");
    }

    [TestCaseSource(typeof(ReadOnlyCase), nameof(ReadOnlyCase.All))]
    public async Task Damage_is_an_error_and_no_more(ReadOnlyCase @case)
    {
        byte[] sound = @case.Make(ReadOnlyCase.Disk(600 << 10));
        // 23094: a cloop block of 64 MiB that cannot be unpacked, read again and again
        foreach (int seed in Enumerable.Range(0, s_count).Append(23094))
        {
            var random = new Random(seed);
            byte[] damaged = Damage(sound, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var file = new SparseDisk(damaged);
            try
            {
                await UseAsync(@case, file, random);
            }
            catch (Exception e) when (e is not AssertionException)
            {
                Assert.Fail($"seed {seed}: {e}");
            }

            file.Operations.Should().Be(0);
            long used = GC.GetAllocatedBytesForCurrentThread() - before;
            if (used > MaxMemory)
                Assert.Fail($"seed {seed}: {used >> 20} MiB were allocated");
        }
    }

    [Test]
    public async Task Images_of_the_tools_themselves_are_read()
    {
        using var folder = new TempFolder();
        byte[] disk = ReadOnlyCase.Disk(1 << 20);
        await File.WriteAllBytesAsync(folder["disk.raw"], disk);
        Tool.Run("create_compressed_fs", "-q", "-B", "32768", folder["disk.raw"], folder["disk.cloop"]);
        await using (BlockDevice image = DiskImage.Open(folder["disk.cloop"], readOnly: true))
            await new Shadow(0) { Bytes = disk }.CheckAsync(image);
        Tool.Run("bximage", "-q", "-func=create", "-hd=10", "-imgmode=growing", folder["disk.img"]);
        await using (BlockDevice image = DiskImage.Open(folder["disk.img"], readOnly: true))
            await new Shadow(0) { Bytes = QemuImg.Read(folder["disk.img"], "bochs") }.CheckAsync(image);
        Tool.Run("bximage", "-q", "-func=convert", "-imgmode=growing", folder["disk.raw"], folder["full.img"]);
        await using (BlockDevice image = DiskImage.Open(folder["full.img"], readOnly: true))
        {
            byte[] read = new byte[Math.Min(image.Length, disk.Length)];
            await image.ReadAsync(0, read);
            read.AsSpan().SequenceEqual(disk.AsSpan(0, read.Length)).Should().BeTrue();
        }
    }

    [Test]
    public async Task Chunks_that_are_not_supported_are_named()
    {
        byte[] image = ImageWriters.Dmg(ReadOnlyCase.Disk(300 << 10), 0x8000_0007, ImageWriters.Zlib);
        (await FailAsync("dmg", image)).Message.Should().Contain("LZFSE");
        image = ImageWriters.Dmg(ReadOnlyCase.Disk(300 << 10), 0x8000_0055, ImageWriters.Zlib);
        (await FailAsync("dmg", image)).Message.Should().Contain("0x80000055");
        (await FailAsync("dmg", new byte[1000])).Message.Should().Contain("trailer");
    }

    [Test]
    public async Task A_bomb_unpacks_no_further_than_its_chunk()
    {
        byte[] bomb = ImageWriters.Bzip2(new byte[16 << 20]);
        byte[] image = ImageWriters.Dmg([.. Enumerable.Repeat((byte)1, 4 * 65536)], 0x8000_0006, _ => bomb);
        await using BlockDevice disk = await DiskImage.OpenAsync(new SparseDisk(image), new DiskImageOptions { Format = "dmg", ReadOnly = true });
        long before = GC.GetAllocatedBytesForCurrentThread();
        byte[] read = new byte[1];
        for (int i = 0; i < 4; i++)
            await disk.ReadAsync(i * 65536, read);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(40 << 20);
        byte[] cloop = ImageWriters.Cloop(new byte[65536]);
        BinaryPrimitives.WriteInt32BigEndian(cloop.AsSpan(128), int.MaxValue & -512);
        (await FailAsync("cloop", cloop)).Offset.Should().Be(128);
    }

    [Test]
    public async Task A_raw_disk_cannot_be_made_to_look_like_dmg_by_its_end()
    {
        using var folder = new TempFolder();
        byte[] trailer = ImageWriters.Dmg(new byte[65536], 0x8000_0005, ImageWriters.Zlib)[^512..];
        await File.WriteAllBytesAsync(folder["disk.raw"], new byte[100_000]);
        await using (BlockDevice disk = DiskImage.Open(folder["disk.raw"]))
        {
            await disk.WriteAsync(100_000 - 512 + 100, trailer.AsMemory(100));
            (await FluentActions.Awaiting(() => disk.WriteAsync(100_000 - 520, new byte[8].Concat(trailer).ToArray().AsMemory(0, 100)).AsTask())
                .Should().ThrowAsync<DiskImageException>()).Which.Message.Should().Contain("dmg");
        }

        DiskImage.DetectFormat(folder["disk.raw"]).Should().Be("raw");
    }

    private static async Task<DiskImageException> FailAsync(string format, byte[] image)
        => (await FluentActions.Awaiting(async () => await DiskImage.OpenAsync(new SparseDisk(image), new DiskImageOptions { Format = format, ReadOnly = true }))
            .Should().ThrowAsync<DiskImageException>()).Which;

    private static async Task UseAsync(ReadOnlyCase @case, SparseDisk file, Random random)
    {
        BlockDevice? image = null;
        await Expect(@case, async () => image = await DiskImage.OpenAsync(file, new DiskImageOptions { Format = @case.Format, ReadOnly = true }));
        if (image is null)
            return;
        byte[] buffer = new byte[20_000];
        for (int i = 0; i < 12; i++)
        {
            long offset = random.NextInt64(random.Next(3) == 0 ? image.Length : Math.Min(image.Length, 600 << 10));
            await Expect(@case, () => image.ReadAsync(offset, buffer.AsMemory(0, (int)Math.Min(buffer.Length, image.Length - offset))).AsTask());
            await Expect(@case, () => image.GetStatusAsync(offset, image.Length - offset).AsTask());
        }

        await image.DisposeAsync();
    }

    private static async Task Expect(ReadOnlyCase @case, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (DiskImageException e)
        {
            e.Format.Should().Be(@case.Format);
            e.Offset.Should().NotBeNull();
        }
    }

    // in the head, in the tail, in the tables that are base64 within, and anywhere
    private static byte[] Damage(byte[] sound, Random random)
    {
        byte[] damaged = [.. sound];
        int plist = sound.AsSpan().IndexOf("<data>"u8);
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(4) switch
            {
                0 => random.Next(600),
                1 => sound.Length - 512 + random.Next(512),
                2 when plist >= 0 => random.Next(plist, sound.Length),
                _ => random.Next(sound.Length),
            };
            byte[] value = BitConverter.GetBytes(random.Next(3) switch { 0 => ulong.MaxValue, 1 => 1UL << random.Next(64), _ => (ulong)random.NextInt64() });
            int count = plist >= 0 && at > plist && at < sound.Length - 512 ? 1 : random.Next(1, 9);
            value.AsSpan(0, Math.Min(count, sound.Length - at)).CopyTo(damaged.AsSpan(at));
            if (count == 1 && plist >= 0 && random.Next(2) == 0)
                damaged[at] = (byte)"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[random.Next(64)];
        }

        return random.Next(20) == 0 ? damaged[..random.Next(1, damaged.Length)] : damaged;
    }
}

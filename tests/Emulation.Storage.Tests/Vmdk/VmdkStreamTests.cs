using System.IO.Compression;

namespace Emulation.Storage.Tests.Vmdk;

/// <summary>Compressed extents: as qemu-img writes them, as a stream with a footer, damaged ones.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VmdkStreamTests : IDisposable
{
    private const int Length = (3 << 20) + 1536;

    private readonly TempFolder _folder = new();
    private readonly Shadow _shadow = new(Length) { Bytes = Jobs.ConvertTests.Content(Length) };

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Images_of_qemu_are_read_in_any_order_and_overwritten()
    {
        await File.WriteAllBytesAsync(_folder["raw"], _shadow.Bytes);
        QemuImg.Run("convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=streamOptimized", _folder["raw"], _folder["disk.vmdk"]);
        var random = new Random(5);
        await using (BlockDevice disk = DiskImage.Open(_folder["disk.vmdk"], readOnly: true))
        {
            disk.AllowsConcurrentCalls.Should().BeTrue();
            await _shadow.CheckAsync(disk);
            await Parallel.ForAsync(0, 50, async (i, stop) =>
            {
                int offset = new Random(i).Next(Length - 70_000);
                byte[] read = new byte[new Random(i).Next(70_000)];
                await disk.ReadAsync(offset, read, stop);
                read.AsSpan().SequenceEqual(_shadow.Bytes.AsSpan(offset, read.Length)).Should().BeTrue();
            });
        }

        await using (BlockDevice disk = DiskImage.Open(_folder["disk.vmdk"]))
        {
            for (int i = 0; i < 100; i++)
                await _shadow.StepAsync(disk, random);
        }

        QemuImg.Run("check", "-f", "vmdk", _folder["disk.vmdk"]);
        _shadow.Compare(QemuImg.Read(_folder["disk.vmdk"], "vmdk"));
        DiskCheckResult check = DiskImage.Check(_folder["disk.vmdk"]);
        check.Corruptions.Should().Be(0);
        check.CompressedClusters.Should().Be(check.AllocatedClusters).And.BePositive();
    }

    [TestCase(true), TestCase(false)]
    public async Task A_stream_with_a_footer_is_read_and_can_be_written(bool readByQemu)
    {
        byte[] stream = MakeStream();
        await File.WriteAllBytesAsync(_folder["disk.vmdk"], stream);
        await using (BlockDevice disk = DiskImage.Open(_folder["disk.vmdk"], readOnly: true))
            await _shadow.CheckAsync(disk);
        if (readByQemu)
            _shadow.Compare(QemuImg.Read(_folder["disk.vmdk"], "vmdk"));
        await using (BlockDevice disk = DiskImage.Open(_folder["disk.vmdk"]))
            await disk.ReadAsync(0, new byte[10]);
        (await File.ReadAllBytesAsync(_folder["disk.vmdk"])).AsSpan().SequenceEqual(stream).Should().BeTrue();
        await using (BlockDevice disk = DiskImage.Open(_folder["disk.vmdk"]))
        {
            for (int i = 0; i < 50; i++)
                await _shadow.StepAsync(disk, new Random(i));
        }

        _shadow.Compare(QemuImg.Read(_folder["disk.vmdk"], "vmdk"));
        await using BlockDevice again = DiskImage.Open(_folder["disk.vmdk"]);
        await _shadow.CheckAsync(again);
    }

    [Test]
    public async Task A_footer_that_is_not_there_is_an_error()
    {
        byte[] stream = MakeStream();
        for (int cut = 1; cut < stream.Length; cut += 7000)
        {
            var file = new SparseDisk(stream[..^cut]);
            Func<Task> open = async () => await DiskImage.OpenAsync(file, new DiskImageOptions { Format = "vmdk" });
            (await open.Should().ThrowAsync<DiskImageException>()).Which.Format.Should().Be("vmdk");
            file.Operations.Should().Be(0);
        }
    }

    [TestCase(0, 77, "begins at sector 77", TestName = "another grain's marker")]
    [TestCase(8, 0, "0 bytes", TestName = "no data")]
    [TestCase(8, 0x7fff_ffff, "2147483647 bytes", TestName = "more data than possible")]
    [TestCase(8, 131_072, "not possible here", TestName = "data past the end")]
    [TestCase(12, 0x1234_5678, "are damaged", TestName = "no zlib data")]
    [TestCase(8, 20, "are damaged", TestName = "data that end too early")]
    public async Task A_damaged_grain_is_an_error_with_its_place(int field, int value, string message)
    {
        var file = new RecordingDisk(record: false);
        await using (BlockDevice disk = await DiskImage.CreateAsync(file, 65536, new VmdkCreateOptions { Subformat = VmdkSubformat.StreamOptimized }))
            await disk.WriteAsync(0, _shadow.Bytes.AsMemory(0, 65536));
        byte[] image = file.Content;
        int grain = BitConverter.ToInt32(image, 27 * 512) * 512;
        BitConverter.GetBytes(value).CopyTo(image, grain + field);
        await using BlockDevice damaged = await DiskImage.OpenAsync(new SparseDisk(image));
        foreach (int count in (int[])[65536, 100])
        {
            Func<Task> read = async () => await damaged.ReadAsync(0, new byte[count]);
            DiskImageException error = (await read.Should().ThrowAsync<DiskImageException>()).Which;
            error.Message.Should().Contain(message);
            error.Offset.Should().BeInRange(grain, grain + 12);
        }
    }

    [Test]
    public async Task Grains_without_markers_are_read_only()
    {
        byte[] header = new VmdkHeader
        {
            Version = 3,
            Capacity = 65536,
            GrainSize = 65536,
            DirectoryOffset = 512,
            DataOffset = 2560 + 512,
            IsCompressed = true,
        }.ToBytes();
        byte[] image = [.. header, .. new byte[2560], .. Pack(_shadow.Bytes.AsSpan(0, 65536))];
        BitConverter.GetBytes(2).CopyTo(image, 512);
        BitConverter.GetBytes(6).CopyTo(image, 1024);
        await using BlockDevice disk = await DiskImage.OpenAsync(new SparseDisk(image), new DiskImageOptions { ReadOnly = true });
        byte[] read = new byte[65536];
        await disk.ReadAsync(0, read);
        read.AsSpan().SequenceEqual(_shadow.Bytes.AsSpan(0, 65536)).Should().BeTrue();
        Func<Task> write = async () => await DiskImage.OpenAsync(new SparseDisk(image));
        (await write.Should().ThrowAsync<DiskImageException>()).Which.Message.Should().Contain("without markers");
    }

    [Test]
    public async Task What_is_compressed_on_all_cores_is_what_one_writes()
    {
        using MemoryDisk source = DiskImage.InMemory(_shadow.Bytes);
        foreach (bool compress in (bool[])[true, false])
        {
            var options = new DiskConvertOptions { Target = new VmdkCreateOptions { Subformat = VmdkSubformat.StreamOptimized }, Compress = compress };
            await DiskJobs.ConvertAsync(source, _folder[$"disk{compress}"], options);
        }

        byte[] one = await File.ReadAllBytesAsync(_folder["diskTrue"]);
        byte[] other = await File.ReadAllBytesAsync(_folder["diskFalse"]);
        one.AsSpan(512 + 10240).SequenceEqual(other.AsSpan(512 + 10240)).Should().BeTrue();
    }

    [Test]
    public async Task A_stream_is_written_in_the_order_of_its_file_and_each_grain_once()
    {
        var file = new RecordingDisk(record: false);
        var ordered = new Ordered(file);
        await using (BlockDevice disk = await DiskImage.CreateAsync(ordered, Length, new VmdkCreateOptions { Subformat = VmdkSubformat.StreamOptimized, Sequential = true }))
        {
            // zeros, a part of a grain, everything else out of the disk's order
            await disk.WriteZeroesAsync(0, Length);
            await disk.WriteAsync(100_000, _shadow.Bytes.AsMemory(100_000, 10));
            await disk.WriteAsync(2 << 20, _shadow.Bytes.AsMemory(2 << 20));
            await disk.WriteAsync(131_072, _shadow.Bytes.AsMemory(131_072, (2 << 20) - 131_072));
            Func<Task> again = async () => await disk.WriteAsync(100_010, new byte[] { 1 });
            (await again.Should().ThrowAsync<DiskImageException>()).Which.Message.Should().Contain("each grain once");
            Func<Task> open = async () => await DiskImage.OpenAsync(new SparseDisk(file.Content), new DiskImageOptions { ReadOnly = true });
            (await open.Should().ThrowAsync<DiskImageException>()).Which.Message.Should().Contain("footer");
        }

        _shadow.Bytes.AsSpan(0, 100_000).Clear();
        _shadow.Bytes.AsSpan(100_010, 131_072 - 100_010).Clear();
        await File.WriteAllBytesAsync(_folder["disk.vmdk"], file.Content);
        _shadow.Compare(QemuImg.Read(_folder["disk.vmdk"], "vmdk"));
        QemuImg.Run("check", "-f", "vmdk", _folder["disk.vmdk"]);
        DiskImage.Check(_folder["disk.vmdk"]).IsClean.Should().BeTrue();
        await using BlockDevice reader = DiskImage.Open(_folder["disk.vmdk"], readOnly: true);
        await _shadow.CheckAsync(reader);
    }

    // header, grains, a table with its marker, the directory with its own, footer, end
    private byte[] MakeStream()
    {
        var header = new VmdkHeader { Version = 3, Capacity = Length, GrainSize = 65536, DescriptorOffset = 512, DescriptorLength = 10240, DirectoryOffset = 0, DataOffset = 65536, IsCompressed = true, HasMarkers = true };
        var stream = new MemoryStream();
        stream.Write(header.ToBytes(atEnd: true));
        stream.Write("# Disk DescriptorFile\nversion=1\nCID=7654321\nparentCID=ffffffff\ncreateType=\"streamOptimized\"\n"u8);
        stream.SetLength(65536);
        stream.Position = 65536;
        byte[] table = new byte[2048];
        for (int grain = 0; grain * 65536 < Length; grain++)
        {
            ReadOnlySpan<byte> bytes = _shadow.Bytes.AsSpan(grain * 65536, Math.Min(65536, Length - (grain * 65536)));
            if (!bytes.ContainsAnyExcept((byte)0))
                continue;
            BitConverter.GetBytes((int)(stream.Position / 512)).CopyTo(table, grain * 4);
            byte[] packed = Pack(bytes);
            byte[] marker = new byte[12];
            VmdkMarker.WriteGrain(marker, grain * 65536L, packed.Length);
            stream.Write(marker);
            stream.Write(packed);
            Pad(stream);
        }

        stream.Write(VmdkMarker.Of(VmdkMarker.Table, 2048));
        int tableAt = (int)(stream.Position / 512);
        stream.Write(table);
        stream.Write(VmdkMarker.Of(VmdkMarker.Directory, 512));
        long directoryAt = stream.Position;
        stream.Write(BitConverter.GetBytes(tableAt));
        Pad(stream);
        stream.Write(VmdkMarker.Of(VmdkMarker.Footer, 512));
        stream.Write((header with { DirectoryOffset = directoryAt }).ToBytes());
        stream.Write(VmdkMarker.Of(VmdkMarker.EndOfStream, 0));
        return stream.ToArray();
    }

    private static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(bytes);
        return packed.ToArray();
    }

    private static void Pad(MemoryStream stream) => stream.Write(new byte[(int)(-stream.Position & 511)]);

    private sealed class Ordered(IBlockDevice inner) : PassThrough(inner)
    {
        private long _end;

        protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        {
            offset.Should().BeGreaterThanOrEqualTo(_end);
            _end = offset + buffer.Length;
            return base.WriteCoreAsync(offset, buffer, cancellationToken);
        }
    }
}

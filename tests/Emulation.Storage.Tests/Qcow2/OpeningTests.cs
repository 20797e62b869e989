using System.Buffers.Binary;
using System.Text;

namespace Emulation.Storage.Tests;

/// <summary>What opening accepts, refuses and repairs.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OpeningTests : IDisposable
{
    private const int Length = 1 << 20;

    private readonly TempFolder _folder = new();

    private string Image => _folder["disk.qcow2"];

    public void Dispose() => _folder.Dispose();

    [Test]
    public void The_format_is_detected_by_content()
    {
        DiskImage.Create(Image, Length, new Qcow2CreateOptions()).Dispose();
        DiskImage.DetectFormat(Image).Should().Be("qcow2");
        using BlockDevice image = DiskImage.Open(Image);
        image.Should().BeOfType<Qcow2Image>().Which.Length.Should().Be(Length);
    }

    [Test]
    public async Task With_the_format_given_nothing_is_detected()
    {
        DiskImage.Create(Image, Length, new Qcow2CreateOptions()).Dispose();
        await using BlockDevice raw = DiskImage.Open(Image, new DiskImageOptions { Format = "raw", ReadOnly = true });
        raw.Length.Should().Be(new FileInfo(Image).Length);
        byte[] magic = new byte[4];
        await raw.ReadAsync(0, magic);
        magic.Should().Equal([0x51, 0x46, 0x49, 0xfb]);
        Action wrong = () => DiskImage.Open(Image, new DiskImageOptions { Format = "qcow7", ReadOnly = true });
        wrong.Should().Throw<DiskImageException>().WithMessage("*qcow7*raw, qcow2*");
    }

    [Test]
    public async Task A_detected_raw_disk_does_not_turn_into_an_image()
    {
        File.WriteAllBytes(_folder["raw.img"], new byte[8192]);
        byte[] header = [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3];
        await using (BlockDevice disk = DiskImage.Open(_folder["raw.img"]))
        {
            Func<Task> write = async () => await disk.WriteAsync(0, header);
            await write.Should().ThrowAsync<DiskImageException>().WithMessage("*look like qcow2*");
            await disk.WriteAsync(0, header.AsMemory(0, 3));
            write = async () => await disk.WriteAsync(3, header.AsMemory(3));
            await write.Should().ThrowAsync<DiskImageException>();
            await disk.WriteAsync(512, header);
        }

        DiskImage.DetectFormat(_folder["raw.img"]).Should().Be("raw");
        await using BlockDevice given = DiskImage.Open(_folder["raw.img"], new DiskImageOptions { Format = "raw" });
        await given.WriteAsync(0, header);
    }

    [Test]
    public void A_recorded_backing_format_is_honoured()
    {
        // a guest's disk that looks like an image is still a raw disk to those who call it so
        DiskImage.Create(_folder["base"], Length, new Qcow2CreateOptions()).Dispose();
        byte[] looks = File.ReadAllBytes(_folder["base"]);
        using BlockDevice image = DiskImage.Create(Image, Length, new Qcow2CreateOptions { BackingFile = "base", BackingFormat = "raw" });
        byte[] start = new byte[1000];
        image.ReadAsync(0, start).AsTask().Wait();
        start.Should().Equal(looks[..1000]);
    }

    [Test]
    public void An_unrecorded_backing_format_must_look_raw()
    {
        File.WriteAllBytes(_folder["base"], new byte[Length]);
        QemuImg.Run("create", "-q", "-f", "qcow2", "-u", "-o", "backing_file=base,backing_fmt=raw", Image, $"{Length}");
        QemuImg.Run("rebase", "-u", "-f", "qcow2", "-b", "base", "-F", "raw", Image);
        byte[] bytes = File.ReadAllBytes(Image);
        int extension = bytes.AsSpan().IndexOf((byte[])[0xe2, 0x79, 0x2a, 0xca]);
        bytes[extension] = 0x11; // now an extension that nobody knows
        File.WriteAllBytes(Image, bytes);
        DiskImage.Open(Image, readOnly: true).Dispose();

        File.Delete(_folder["base"]);
        DiskImage.Create(_folder["base"], Length, new Qcow2CreateOptions()).Dispose();
        Action open = () => DiskImage.Open(Image, readOnly: true).Dispose();
        open.Should().Throw<DiskImageException>().WithMessage("*does not record*base*looks like qcow2*");
        DiskImage.Open(Image, new DiskImageOptions { ReadOnly = true, BackingFormat = "qcow2" }).Dispose();
    }

    [Test]
    public void A_loop_of_backing_files_is_refused()
    {
        DiskImage.Create(_folder["a"], Length, new Qcow2CreateOptions()).Dispose();
        DiskImage.Create(_folder["b"], Length, new Qcow2CreateOptions { BackingFile = "a", BackingFormat = "qcow2" }).Dispose();
        QemuImg.Run("rebase", "-u", "-f", "qcow2", "-b", "b", "-F", "qcow2", _folder["a"]);
        Action open = () => DiskImage.Open(_folder["a"], readOnly: true);
        open.Should().Throw<DiskImageException>().WithMessage("*loop*");
        QemuImg.Run("rebase", "-u", "-f", "qcow2", "-b", "./a", "-F", "qcow2", _folder["a"]);
        open.Should().Throw<DiskImageException>().WithMessage("*loop*");
    }

    [Test]
    public void A_chain_has_a_depth_limit()
    {
        File.WriteAllBytes(_folder["0"], new byte[4096]);
        for (int i = 1; i <= 200; i++)
        {
            var file = new RecordingDisk(record: false);
            var options = new Qcow2CreateOptions { ClusterSize = 512, BackingFile = $"{i - 1}", BackingFormat = i == 1 ? "raw" : "qcow2" };
            if (i < 200)
            {
                // the chain below need not be opened each time
                Qcow2Creator.CreateAsync(file, 4096, options, new ImageName("qcow2", "test")).AsTask().Wait();
                File.WriteAllBytes(_folder[$"{i}"], file.Content);
                continue;
            }

            Action create = () => DiskImage.Create(_folder["200"], 4096, options);
            create.Should().Throw<DiskImageException>().WithMessage("*more than 200 images*");
        }

        DiskImage.Open(_folder["199"], readOnly: true).Dispose();
    }

    [TestCase("ftp://host/disk", "not supported")]
    [TestCase("json:{}", "not supported")]
    [TestCase("missing", "does not exist")]
    [TestCase("/dev/zero", "not a regular file")]
    public void Other_backing_files_are_named(string backing, string what)
    {
        QemuImg.Run("create", "-q", "-f", "qcow2", "-u", "-b", backing, "-F", "raw", Image, $"{Length}");
        Action open = () => DiskImage.Open(Image, readOnly: true);
        open.Should().Throw<DiskImageException>().WithMessage($"*{backing}*{what}*");
    }

    [Test]
    public void An_unknown_feature_is_refused_by_the_name_the_image_gives()
    {
        DiskImage.Create(Image, Length, new Qcow2CreateOptions()).Dispose();
        Change(bytes =>
        {
            bytes[74] = 0x10; // incompatible features 44 and 0
            int table = bytes.AsSpan().IndexOf("dirty bit"u8) - 2;
            bytes[table + 1] = 44;
            Encoding.ASCII.GetBytes("quantum clusters").CopyTo(bytes, table + 2);
        });
        Action open = () => DiskImage.Open(Image, readOnly: true);
        open.Should().Throw<DiskImageException>().WithMessage("*'quantum clusters' (bit 44)*").Which.Offset.Should().Be(72);
        Change(bytes => bytes[73] = 1);
        open.Should().Throw<DiskImageException>().WithMessage("*'quantum clusters' (bit 44), bit 48*");
    }

    [Test]
    public async Task A_corrupt_image_is_only_read_until_it_is_repaired()
    {
        await Write(new Qcow2CreateOptions());
        Change(bytes => bytes[79] |= 2);
        DiskImage.Open(Image, readOnly: true).Dispose();
        Action open = () => DiskImage.Open(Image);
        open.Should().Throw<DiskImageException>().WithMessage("*marked as corrupt*");
        DiskImage.Check(Image, DiskRepair.All).IsClean.Should().BeTrue();
        DiskImage.Open(Image).Dispose();
        QemuImg.ShouldBeClean(Image);
    }

    [Test]
    public async Task A_dirty_image_is_repaired_when_it_is_opened_for_writing()
    {
        var file = new RecordingDisk();
        var image = (Qcow2Image)await DiskImage.CreateAsync(file, Length, new Qcow2CreateOptions { LazyRefcounts = true });
        byte[] data = Shadow.RandomBytes(new Random(1), 200_000);
        await image.WriteAsync(1234, data);
        await image.FlushAsync();
        File.WriteAllBytes(Image, file.Content);
        QemuImg.Check(Image, out _).Should().NotBe(0, "refcounts have not been written");
        await using (BlockDevice reader = DiskImage.Open(Image, readOnly: true))
        {
            byte[] read = new byte[data.Length];
            await reader.ReadAsync(1234, read);
            read.Should().Equal(data);
        }

        DiskImage.Open(Image).Dispose();
        QemuImg.ShouldBeClean(Image);
    }

    [Test]
    public async Task Autoclear_bits_go_with_the_first_write_only()
    {
        await Write(new Qcow2CreateOptions());
        Change(bytes => bytes[88] = 0x40);
        DiskImage.Open(Image).Dispose();
        File.ReadAllBytes(Image)[88].Should().Be(0x40);
        await using (BlockDevice image = DiskImage.Open(Image))
            await image.WriteAsync(0, new byte[1]);
        File.ReadAllBytes(Image)[88].Should().Be(0);
    }

    [Test]
    public async Task Unknown_header_extensions_stay()
    {
        await Write(new Qcow2CreateOptions());
        byte[] extension = [0x12, 0x34, 0x56, 0x78, 0, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0];
        Change(bytes =>
        {
            int end = 112 + 8 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(116));
            extension.CopyTo(bytes, end);
        });
        await using (var image = (Qcow2Image)DiskImage.Open(Image))
        {
            await image.CreateSnapshotAsync("x");
            await image.ResizeAsync(2 * Length);
        }

        File.ReadAllBytes(Image).AsSpan().IndexOf(extension).Should().BePositive();
        QemuImg.ShouldBeClean(Image);
    }

    [TestCase(1, "AES): a passphrase is needed")]
    [TestCase(2, "LUKS): a passphrase is needed")]
    [TestCase(7, "method 7 is not supported")]
    public void Encryption_is_named(byte method, string what)
    {
        DiskImage.Create(Image, Length, new Qcow2CreateOptions()).Dispose();
        Change(bytes => bytes[35] = method);
        Action open = () => DiskImage.Open(Image, readOnly: true);
        open.Should().Throw<DiskImageException>().WithMessage($"*{what}*").Which.Offset.Should().Be(32);
    }

    [Test]
    public async Task A_cluster_that_is_said_to_be_a_table_is_not_written()
    {
        await Write(new Qcow2CreateOptions());
        byte[] bytes = File.ReadAllBytes(Image);
        int l1 = (int)BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(40));
        int l2 = (int)(BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(l1)) & 0xff_ffff_fe00);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(l2), (uint)l2 | 1UL << 63);
        File.WriteAllBytes(Image, bytes);
        await using (BlockDevice image = DiskImage.Open(Image))
        {
            Func<Task> write = async () => await image.WriteAsync(0, new byte[512]);
            await write.Should().ThrowAsync<DiskImageException>().WithMessage("*where a table is*");
            await write.Should().ThrowAsync<DiskImageException>().WithMessage("*no more writing*");
        }

        File.ReadAllBytes(Image).Should().Equal(bytes);
    }

    [TestCase(2, 512, 16, "")]
    [TestCase(4, 512, 16, "version 4")]
    [TestCase(3, 256, 16, "256 bytes")]
    [TestCase(3, 4 << 20, 16, "4194304 bytes")]
    [TestCase(3, 65000, 16, "65000 bytes")]
    [TestCase(3, 65536, 3, "3 bits")]
    [TestCase(2, 65536, 8, "version 2")]
    public void Options_are_checked(int version, int clusterSize, int refcountBits, string what)
    {
        Action create = () => DiskImage.Create(Image, Length, new Qcow2CreateOptions { Version = version, ClusterSize = clusterSize, RefcountBits = refcountBits }).Dispose();
        if (what.Length == 0)
            create.Should().NotThrow();
        else
            create.Should().Throw<DiskImageException>().WithMessage($"*{what}*");
        File.Exists(Image).Should().Be(what.Length == 0);
    }

    private async Task Write(Qcow2CreateOptions options)
    {
        await using BlockDevice image = DiskImage.Create(Image, Length, options);
        await image.WriteAsync(0, Shadow.RandomBytes(new Random(1), 300_000));
    }

    private void Change(Action<byte[]> change)
    {
        byte[] bytes = File.ReadAllBytes(Image);
        change(bytes);
        File.WriteAllBytes(Image, bytes);
    }
}

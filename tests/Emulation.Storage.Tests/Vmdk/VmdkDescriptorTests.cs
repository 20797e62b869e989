using System.Text;

namespace Emulation.Storage.Tests.Vmdk;

/// <summary>Descriptors: extents of all kinds, and what is refused.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VmdkDescriptorTests : IDisposable
{
    private const string Head = "# Disk DescriptorFile\nversion=1\nCID=12345678\nparentCID=ffffffff\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCase("RW 8 FLAT", "does not name its file", TestName = "no file")]
    [TestCase("RW 8 FLAT flat.bin 0", "does not name its file", TestName = "no quotation marks")]
    [TestCase("RW 8 FLAT \"flat.bin", "does not name its file", TestName = "one quotation mark")]
    [TestCase("RW 0 FLAT \"flat.bin\" 0", "'0' sectors", TestName = "no sectors")]
    [TestCase("RW -8 FLAT \"flat.bin\" 0", "'-8' sectors", TestName = "negative sectors")]
    [TestCase("RW 99999999999999999999 FLAT \"flat.bin\" 0", "sectors is not possible", TestName = "too many sectors")]
    [TestCase("RW 9007199254740992 ZERO\nRW 9007199254740992 ZERO", "too large", TestName = "too large together")]
    [TestCase("RW 8 FLAT \"flat.bin\" x", "sector 'x'", TestName = "a place that is no number")]
    [TestCase("RW 17 FLAT \"flat.bin\" 0", "has 8192 bytes, too few", TestName = "past the end of the file")]
    [TestCase("RW 8 FLAT \"flat.bin\" 9", "too few", TestName = "past the end of the file by its offset")]
    [TestCase("RW 8 FLAT \"flat.bin\" 0\nRW 8 FLAT \"flat.bin\" 7", "share bytes", TestName = "two owners")]
    [TestCase("RW 8 FLAT \"none.bin\" 0", "does not exist", TestName = "a file that is not there")]
    [TestCase("RW 8 FLAT \"disk.vmdk\" 0", "names itself", TestName = "itself")]
    [TestCase("RW 8 FLAT \"folder\" 0", "is a directory", TestName = "a directory")]
    [TestCase("RW 8 FLAT \"/dev/zero\" 0", "not a regular file", TestName = "a device")]
    [TestCase("RW 8 FLAT \"pipe\" 0", "not a regular file", TestName = "a pipe")]
    [TestCase("RW 8 FLAT \"nbd:host:1\" 0", "not a local file", TestName = "a protocol")]
    [TestCase("RW 8 FLAT \"\" 0", "not a file name", TestName = "an empty name")]
    [TestCase("RW 8 SPARSE \"flat.bin\"", "signature", TestName = "no sparse extent")]
    [TestCase("RW 99999 SPARSE \"sparse.vmdk\"", "which has", TestName = "a sparse extent that is too small")]
    [TestCase("RW 8 SESPARSE \"flat.bin\"", "type SESPARSE are not supported", TestName = "SESPARSE")]
    [TestCase("RW 8 VMFSRDM \"flat.bin\"", "type VMFSRDM are not supported", TestName = "VMFSRDM")]
    [TestCase("NOACCESS 8 ZERO", "may not be accessed", TestName = "NOACCESS")]
    [TestCase("RDONLYX 8 ZERO", "'RDONLYX'", TestName = "unknown access")]
    [TestCase("", "names no extents", TestName = "no extents")]
    [TestCase("CID=123456789\nRW 8 ZERO", "hexadecimal", TestName = "a long content identifier")]
    [TestCase("CID=xyz\nRW 8 ZERO", "hexadecimal", TestName = "a content identifier that is no number")]
    [TestCase("version=4\nRW 8 ZERO", "version '4'", TestName = "unknown version")]
    [TestCase("parentCID=00000001\nRW 8 ZERO", "does not say on which", TestName = "a parent without a name")]
    [TestCase("parentCID=00000001\nparentFileNameHint=\"disk.vmdk\"\nRW 8 ZERO", "is a loop", TestName = "a loop")]
    [TestCase("parentCID=00000001\nparentFileNameHint=\"none.vmdk\"\nRW 8 ZERO", "cannot be opened", TestName = "a parent that is not there")]
    [TestCase("parentCID=00000001\nparentFileNameHint=\"flat.bin\"\nRW 8 ZERO", "signature", TestName = "a parent of another format")]
    [TestCase("parentCID=00000001\nparentFileNameHint=\"sparse.vmdk\"\nRW 8 ZERO", "has the content identifier 00000001; it has|when that had the content identifier 00000001", TestName = "a parent that has changed")]
    public async Task Wrong_descriptors_are_errors(string lines, string message)
    {
        await PrepareAsync();
        if (message.Contains("pipe", StringComparison.Ordinal) || lines.Contains("\"pipe\"", StringComparison.Ordinal))
            System.Diagnostics.Process.Start("mkfifo", _folder["pipe"]).WaitForExit();
        await File.WriteAllTextAsync(_folder["disk.vmdk"], Head + lines + "\n");
        byte[] before = await File.ReadAllBytesAsync(_folder["flat.bin"]);
        foreach (bool readOnly in (bool[])[false, true])
        {
            if (readOnly && message == "share bytes")
                continue; // that does no harm
            Action open = () => DiskImage.Open(_folder["disk.vmdk"], readOnly);
            DiskImageException error = open.Should().Throw<DiskImageException>().Which;
            message.Split('|').Should().Contain(m => error.Message.Contains(m, StringComparison.Ordinal), error.Message);
            error.Format.Should().Be("vmdk");
            error.Offset.Should().NotBeNull();
        }

        (await File.ReadAllBytesAsync(_folder["flat.bin"])).Should().Equal(before);
    }

    [Test]
    public async Task Extents_of_all_kinds_make_one_disk()
    {
        await PrepareAsync();
        string text = Head + "createType=\"custom\"\r\nRW 4 VMFS \"flat.bin\"\r\n  RW 8 ZERO  \r\nRW\t6 FLAT \"flat.bin\" 10\nRW 100 SPARSE \"sparse.vmdk\"\n# RW 5 ZERO\nRDONLY 2 FLAT \"flat.bin\" 8";
        await File.WriteAllTextAsync(_folder["disk.vmdk"], text);
        byte[] flat = await File.ReadAllBytesAsync(_folder["flat.bin"]);
        byte[] expected = [.. flat[..2048], .. new byte[4096], .. flat[5120..8192], .. Enumerable.Repeat((byte)7, 5000), .. new byte[51200 - 5000], .. flat[4096..5120]];
        await using (BlockDevice disk = DiskImage.Open(_folder["disk.vmdk"]))
        {
            await new Shadow(0) { Bytes = expected }.CheckAsync(disk);
            (await disk.GetStatusAsync(2048, 9000)).Should().Be(new BlockRun(4096, BlockStatus.Zero));
            await disk.WriteZeroesAsync(2000, 5000);
            expected.AsSpan(2000, 5000).Clear();
            await disk.WriteAsync(9000, new byte[] { 1, 2, 3 });
            ((byte[])[1, 2, 3]).CopyTo(expected, 9000);
            Func<Task> zero = async () => await disk.WriteAsync(3000, new byte[] { 1 });
            (await zero.Should().ThrowAsync<DiskImageException>()).Which.Message.Should().Contain("extent of zeros");
            Func<Task> fixedPart = async () => await disk.WriteAsync(disk.Length - 1, new byte[] { 1 });
            (await fixedPart.Should().ThrowAsync<DiskImageException>()).Which.Message.Should().Contain("read-only");
        }

        await using BlockDevice again = DiskImage.Open(_folder["disk.vmdk"], readOnly: true);
        again.AllowsConcurrentCalls.Should().BeTrue();
        await new Shadow(0) { Bytes = expected }.CheckAsync(again);
        DiskImage.Check(_folder["disk.vmdk"]).IsClean.Should().BeTrue();
    }

    [Test]
    public async Task An_extent_file_is_a_disk_of_its_own_and_an_embedded_descriptor_may_name_others()
    {
        await PrepareAsync();
        byte[] header = new byte[512 + 10240];
        new VmdkHeader { Capacity = 0, GrainSize = 65536, DirectoryOffset = 0, DescriptorOffset = 512, DescriptorLength = 10240 }.ToBytes().CopyTo(header, 0);
        Encoding.ASCII.GetBytes(Head + "RW 16 FLAT \"flat.bin\" 0\n").CopyTo(header, 512);
        await File.WriteAllBytesAsync(_folder["disk.vmdk"], header);
        byte[] flat = await File.ReadAllBytesAsync(_folder["flat.bin"]);
        await using (BlockDevice disk = DiskImage.Open(_folder["disk.vmdk"]))
            await new Shadow(0) { Bytes = flat }.CheckAsync(disk);
        DiskImage.DetectFormat(_folder["disk.vmdk"]).Should().Be("vmdk");
    }

    [Test]
    public async Task A_descriptor_is_bounded()
    {
        await File.WriteAllTextAsync(_folder["big.vmdk"], Head + new string('\n', 2 << 20));
        Action open = () => DiskImage.Open(_folder["big.vmdk"]);
        open.Should().Throw<DiskImageException>().WithMessage("*too large*");
        await File.WriteAllTextAsync(_folder["many.vmdk"], Head + string.Concat(Enumerable.Repeat("RW 1 ZERO\n", 5000)));
        open = () => DiskImage.Open(_folder["many.vmdk"]);
        open.Should().Throw<DiskImageException>().WithMessage("*more than 4096 extents*");
    }

    [TestCase("monolithicSparse", "hwversion=9,adapter_type=lsilogic")]
    [TestCase("twoGbMaxExtentFlat", "adapter_type=ide")]
    public void Descriptors_say_what_those_of_qemu_say(string subformat, string options)
    {
        QemuImg.Run("create", "-q", "-f", "vmdk", "-o", $"subformat={subformat},{options}", _folder["a.vmdk"], "5G");
        Directory.CreateDirectory(_folder["ours"]);
        bool scsi = options.Contains("lsi", StringComparison.Ordinal);
        DiskImage.Create(_folder["ours/a.vmdk"], 5L << 30, new VmdkCreateOptions
        {
            Subformat = Enum.Parse<VmdkSubformat>(subformat, ignoreCase: true),
            AdapterType = scsi ? VmdkAdapterType.LsiLogic : VmdkAdapterType.Ide,
            HardwareVersion = scsi ? 9 : 4,
        }).Dispose();
        Lines(_folder["ours/a.vmdk"]).Should().Equal(Lines(_folder["a.vmdk"]));
        static string[] Lines(string path)
        {
            string text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
            int start = text.IndexOf("# Disk", StringComparison.Ordinal);
            int end = text.IndexOf('\0', start);
            return [.. text[start..(end < 0 ? text.Length : end)].Split('\n').Where(l => l.Length > 0 && !l.StartsWith("CID", StringComparison.Ordinal))];
        }
    }

    [TestCase(VmdkSubformat.MonolithicFlat, true, false, "flat image")]
    [TestCase(VmdkSubformat.MonolithicFlat, false, true, "zero")]
    [TestCase(VmdkSubformat.StreamOptimized, false, true, "zero")]
    public void What_cannot_be_created_is_refused_and_leaves_no_files(VmdkSubformat subformat, bool backing, bool zeroed, string message)
    {
        DiskImage.Create(_folder["base.vmdk"], 4096, new VmdkCreateOptions()).Dispose();
        Action create = () => DiskImage.Create(_folder["disk.vmdk"], 1 << 20, new VmdkCreateOptions { Subformat = subformat, BackingFile = backing ? "base.vmdk" : null, ZeroedGrain = zeroed });
        create.Should().Throw<DiskImageException>().WithMessage($"*{message}*");
        Directory.GetFiles(_folder["."]).Should().HaveCount(1);
    }

    [Test]
    public void A_file_in_the_way_of_an_extent_stays()
    {
        File.WriteAllText(_folder["disk-s002.vmdk"], "precious");
        Action create = () => DiskImage.Create(_folder["disk.vmdk"], 1 << 20, new VmdkCreateOptions { Subformat = VmdkSubformat.TwoGbMaxExtentSparse, ExtentSize = 1 << 19 });
        create.Should().Throw<DiskImageException>().WithMessage("*disk-s002.vmdk*exists already*");
        Directory.GetFiles(_folder["."]).Should().ContainSingle();
        File.ReadAllText(_folder["disk-s002.vmdk"]).Should().Be("precious");
    }

    private async Task PrepareAsync()
    {
        byte[] flat = new byte[8192];
        new Random(3).NextBytes(flat);
        await File.WriteAllBytesAsync(_folder["flat.bin"], flat);
        Directory.CreateDirectory(_folder["folder"]);
        await using BlockDevice sparse = DiskImage.Create(_folder["sparse.vmdk"], 51200, new VmdkCreateOptions { GrainSize = 8192 });
        await sparse.WriteAsync(0, Enumerable.Repeat((byte)7, 5000).ToArray());
    }
}

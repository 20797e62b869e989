using Emulation.Storage;
using Emulation.Storage.Tests;

namespace Emulation.Cli.Tests.Images;

/// <summary>The options of emu img convert and dd against qemu-img.</summary>
public sealed class ConvertTests
{
    [Test]
    public async Task An_existing_target_is_written_into()
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["raw"], Img.Content());
        foreach ((string format, bool zero) in ((string, bool)[])[("raw", false), ("qcow2", false), ("qcow2", true)])
        {
            QemuImg.Run("create", "-f", format, folder["t"], "4M");
            if (!zero)
                QemuImg.Io(format, folder["t"], "write -P 9 0 4M");
            await Img.Run(["convert", "-n", "-O", format, .. zero ? (string[])["--target-is-zero"] : [], folder["raw"], folder["t"]]);
            byte[] read = QemuImg.Read(folder["t"], format);
            read.Length.Should().Be(4 << 20);
            read.AsSpan(0, 3 << 20).SequenceEqual(Img.Content()).Should().BeTrue();
            read.AsSpan(3 << 20).ContainsAnyExcept((byte)0).Should().BeFalse();
        }

        QemuImg.Run("create", "-f", "raw", folder["small"], "1M");
        await Img.Fails(1, ["convert", "-n", folder["raw"], folder["small"]], "does not fit");
        await Img.Fails(1, ["convert", "-n", folder["raw"], folder["none"]], "does not exist");
    }

    [TestCase("")]
    [TestCase("-c")]
    [TestCase("-o cluster_size=4k")]
    [TestCase("-o cluster_size=2M")]
    [TestCase("-c -o cluster_size=512k,compat=0.10")]
    public async Task A_target_on_a_backing_file_holds_what_the_source_holds(string options)
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["base"], Img.Content());
        QemuImg.Run("create", "-f", "qcow2", "-b", folder["base"], "-F", "raw", folder["top"], "4M");
        QemuImg.Io("qcow2", folder["top"], "write -P 4 100k 200k", "write -z 1M 64k", "write -P 5 3M 64k", "write -z 1536k 200k");
        string[] more = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        await Img.Run(["convert", "-O", "qcow2", "-B", folder["base"], "-F", "raw", .. more, folder["top"], folder["a"]]);
        QemuImg.Run(["convert", "-O", "qcow2", "-B", folder["base"], "-F", "raw", .. more, folder["top"], folder["b"]]);
        QemuImg.ShouldBeClean(folder["a"]);
        byte[] read = QemuImg.Read(folder["a"], "qcow2");
        read.AsSpan().SequenceEqual(QemuImg.Read(folder["top"], "qcow2")).Should().BeTrue();
        Img.Json(QemuImg.Run("info", "--output=json", folder["a"])).GetProperty("backing-filename").GetString().Should().Be(folder["base"]);
        if (options.Length == 0)
            Allocated(folder["a"]).Should().BeLessThanOrEqualTo(Allocated(folder["b"]) + 2);
    }

    [Test]
    public async Task Snapshots_several_sources_and_bitmaps_are_converted()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "qcow2", folder["q"], "1M");
        QemuImg.Io("qcow2", folder["q"], "write -P 1 0 64k");
        QemuImg.Run("snapshot", "-c", "first", folder["q"]);
        QemuImg.Run("bitmap", "--add", "-g", "4096", folder["q"], "bits");
        QemuImg.Run("bitmap", "--add", "--disable", folder["q"], "none");
        QemuImg.Io("qcow2", folder["q"], "write -P 2 0 64k", "write -P 3 512k 4k");
        foreach (string snapshot in (string[])["first", "1", "snapshot.id=1", "snapshot.name=first", "snapshot.id=1,snapshot.name=first"])
        {
            await Img.Run("convert", "-l", snapshot, folder["q"], folder["s"]);
            (await File.ReadAllBytesAsync(folder["s"]))[0].Should().Be(1, snapshot);
        }

        await File.WriteAllBytesAsync(folder["raw"], [.. Enumerable.Repeat((byte)7, 100 * 512)]);
        await Img.Run("convert", "-O", "qcow2", folder["q"], folder["raw"], folder["q"], folder["joined"]);
        QemuImg.Run("convert", "-O", "raw", folder["q"], folder["raw"], folder["q"], folder["theirs"]);
        byte[] joined = await File.ReadAllBytesAsync(folder["theirs"]);
        QemuImg.Read(folder["joined"], "qcow2").AsSpan().SequenceEqual(joined).Should().BeTrue();
        await Img.Run("convert", "--bitmaps", "-O", "qcow2", folder["q"], folder["a"]);
        QemuImg.Run("convert", "--bitmaps", "-O", "qcow2", folder["q"], folder["b"]);
        Bitmaps(folder["a"]).Should().Be(Bitmaps(folder["b"]));
        using var ours = (Qcow2Image)DiskImage.Open(folder["a"], readOnly: true);
        using var theirs = (Qcow2Image)DiskImage.Open(folder["b"], readOnly: true);
        (await Runs(ours)).Should().Equal(await Runs(theirs));
    }

    [TestCase("-m 1")]
    [TestCase("-m 16 -W -C")]
    [TestCase("-r 500M")]
    [TestCase("-S 64k")]
    [TestCase("-S 12k -t none -T none -U")]
    [TestCase("--salvage")]
    public async Task Options_that_change_how_change_no_content(string options)
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["raw"], Img.Content());
        await Img.Run(["convert", .. options.Split(' '), "-O", "qcow2", folder["raw"], folder["a"]]);
        QemuImg.Run("compare", "-f", "raw", folder["raw"], folder["a"]);
        QemuImg.ShouldBeClean(folder["a"]);
    }

    [Test]
    public async Task Without_a_search_for_zeros_everything_is_allocated()
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["raw"], Img.Content());
        await Img.Run("convert", "-S", "0", "-O", "qcow2", folder["raw"], folder["a"]);
        Allocated(folder["a"]).Should().Be(48);
        QemuImg.Run("compare", "-f", "raw", folder["raw"], folder["a"]);
    }

    [Test]
    public async Task What_cannot_be_read_is_salvaged_as_zeros()
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["raw"], [.. Enumerable.Repeat((byte)7, 1 << 20)]);
        QemuImg.Run("convert", "-c", "-O", "qcow2", folder["raw"], folder["q"]);
        // the first compressed cluster is no compressed cluster any more
        long offset = Offset(folder["q"]);
        await using (FileStream file = File.OpenWrite(folder["q"]))
        {
            file.Position = offset;
            file.Write(Enumerable.Repeat((byte)0xff, 20).ToArray());
        }

        await Img.Fails(1, ["convert", folder["q"], folder["t"]], "cannot be decompressed");
        File.Exists(folder["t"]).Should().BeFalse();
        EmuRun run = await EmuRun.RunAsync(["img", "convert", "--salvage", folder["q"], folder["t"]]);
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().Contain("warning: 512 bytes from byte 0 ");
        byte[] read = await File.ReadAllBytesAsync(folder["t"]);
        read.AsSpan(0, 1 << 16).ContainsAnyExcept((byte)0).Should().BeFalse();
        read.AsSpan(1 << 16).ContainsAnyExcept((byte)7).Should().BeFalse();
        (await EmuRun.RunAsync(["img", "convert", "-q", "--salvage", folder["q"], folder["t"]])).Error.Should().BeEmpty();
    }

    [TestCase("bs=1k count=3")]
    [TestCase("bs=64k")]
    [TestCase("bs=1000 skip=7")]
    [TestCase("")]
    public async Task Blocks_are_copied_as_by_qemu(string operands)
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["raw"], Img.Content(900 << 10));
        string[] more = operands.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        await Img.Run(["dd", "-f", "raw", $"if={folder["raw"]}", $"of={folder["a"]}", .. more]);
        QemuImg.Run(["dd", "-f", "raw", $"if={folder["raw"]}", $"of={folder["b"]}", .. more]);
        byte[] theirs = await File.ReadAllBytesAsync(folder["b"]);
        // qemu ends with a whole sector
        byte[] ours = await File.ReadAllBytesAsync(folder["a"]);
        Array.Resize(ref ours, theirs.Length);
        ours.AsSpan().SequenceEqual(theirs).Should().BeTrue();
        await Img.Run(["dd", "-O", "qcow2", $"if={folder["raw"]}", $"of={folder["q"]}", .. more]);
        QemuImg.Read(folder["q"], "qcow2").AsSpan(0, theirs.Length).SequenceEqual(theirs).Should().BeTrue();
    }

    [TestCase("convert x", "'convert'")]
    [TestCase("convert -l s x y z", "-l")]
    [TestCase("convert -B b -F raw -O qcow2 x y z", "-B")]
    [TestCase("convert -B b -F raw -n x y", "-n")]
    [TestCase("convert -F raw x y", "-B")]
    [TestCase("convert -n -o size=1 x y", "-n")]
    [TestCase("convert --target-is-zero x y", "-n")]
    [TestCase("convert --target-image-opts x y", "--target-image-opts is not supported")]
    [TestCase("convert -m 17 x y", "-m", "16")]
    [TestCase("convert -S 5 @raw y", "-S", "512")]
    [TestCase("convert -B @raw -F raw @raw y", "raw images have no backing file")]
    [TestCase("convert -l s @raw y", "snapshots")]
    [TestCase("convert --bitmaps @raw y", "--bitmaps")]
    [TestCase("convert --image-opts driver=qcow2,file.driver=nbd,file.host=h y", "file.driver=nbd", "not supported")]
    [TestCase("convert --image-opts -f raw driver=raw,file.filename=@raw y", "exclude each other")]
    [TestCase("convert --image-opts driver=raw y", "names no file")]
    [TestCase("dd if=@raw", "of=FILE")]
    [TestCase("dd if=@raw of=y seek=1", "seek=1")]
    [TestCase("dd if=@raw of=y skip=100", "nothing to copy")]
    [TestCase("dd if=@raw of=y count=0", "nothing to copy")]
    [TestCase("dd if=@raw of=y bs=0", "block of 0")]
    [TestCase("dd", "'dd'")]
    public async Task Wrong_usage_is_explained(string line, params string[] expected)
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["raw"], new byte[4096]);
        await Img.Fails(1, [.. line.Split(' ').Select(o => o.Replace("@raw", folder["raw"], StringComparison.Ordinal))], expected);
        Directory.GetFiles(folder[""]).Should().ContainSingle();
    }

    private static long Allocated(string path) => Img.Json(QemuImg.Run("check", "--output=json", path)).GetProperty("allocated-clusters").GetInt64();

    private static string Bitmaps(string path)
        => Img.Json(QemuImg.Run("info", "--output=json", path)).GetProperty("format-specific").GetProperty("data").GetProperty("bitmaps").GetRawText();

    private static async Task<List<BitmapRun>> Runs(Qcow2Image image)
    {
        var runs = new List<BitmapRun>();
        foreach (Qcow2Bitmap bitmap in image.Bitmaps.OrderBy(b => b.Name, StringComparer.Ordinal))
        {
            for (long offset = 0; offset < image.Length; offset += runs[^1].Length)
                runs.Add(await image.GetWrittenAsync(bitmap.Name, offset, image.Length - offset));
        }

        return runs;
    }

    private static long Offset(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        long Word(long at) => System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan((int)at));
        long table = Word(Word(40)) & 0x00ff_ffff_ffff_fe00;
        return Word(table) & ((1L << 54) - 1);
    }
}

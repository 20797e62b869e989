using System.Text.Json;
using Emulation.Storage.Tests;

namespace Emulation.Cli.Tests.Images;

/// <summary>emu img bitmap, amend, resize, bench and info against qemu-img.</summary>
public sealed class BitmapTests
{
    [TestCase("--add @a x", "--clear @a x", "--disable @a x", "--enable @a x")]
    [TestCase("--add --disable -g 4096 @a x", "--add -g 1M @a y", "--remove @a x")]
    [TestCase("--merge old @a more", "--clear --merge old --disable @a more")]
    [TestCase("--add @a x", "--merge old -b @b -F qcow2 @a x", "--merge old @a x")]
    [TestCase("--add --merge old --merge more @a x", "--remove @a old")]
    public async Task Bitmaps_change_as_by_qemu(params string[] lines)
    {
        using var ours = new TempFolder();
        using var theirs = new TempFolder();
        foreach (TempFolder folder in (TempFolder[])[ours, theirs])
        {
            foreach (string name in (string[])["a", "b"])
            {
                QemuImg.Run("create", "-f", "qcow2", folder[name], "4M");
                QemuImg.Run("bitmap", "--add", "-g", "64k", folder[name], "old");
                QemuImg.Io("qcow2", folder[name], name == "a" ? "write 100k 10k" : "write 2M 70k");
                QemuImg.Run("bitmap", "--add", "-g", "8k", folder[name], "more");
                QemuImg.Io("qcow2", folder[name], "write 3M 10k");
            }
        }

        foreach (string line in lines)
        {
            QemuImg.Run(["bitmap", .. line.Split(' ').Select(o => o.StartsWith('@') ? theirs[o[1..]] : o)]);
            (await Img.Run(["bitmap", .. line.Split(' ').Select(o => o.StartsWith('@') ? ours[o[1..]] : o)])).Should().BeEmpty();
            // what is recorded from now on too
            foreach (TempFolder folder in (TempFolder[])[ours, theirs])
                QemuImg.Io("qcow2", folder["a"], "write 1M 4k");
            Facts(ours["a"]).Should().Be(Facts(theirs["a"]), line);
            QemuImg.ShouldBeClean(ours["a"]);
            foreach (string bitmap in Names(theirs["a"]))
                Map(ours["a"], bitmap).Should().Be(Map(theirs["a"], bitmap), $"{line}: {bitmap}");
        }

        JsonElement info = Img.Json(await Img.Run("info", "--json", ours["a"]));
        info.GetProperty("format-specific").GetProperty("data").GetProperty("bitmaps").EnumerateArray().Select(b => $"{b.GetProperty("name")} {b.GetProperty("granularity")} {b.GetProperty("flags").GetArrayLength()}")
            .Should().BeEquivalentTo(Img.Json(Facts(theirs["a"])).EnumerateArray().Select(b => $"{b.GetProperty("name")} {b.GetProperty("granularity")} {b.GetProperty("flags").GetArrayLength()}"));
    }

    [TestCase("lazy_refcounts=on")]
    [TestCase("lazy_refcounts=off,size=8M")]
    [TestCase("compat=1.1,refcount_bits=16")]
    public async Task Options_are_amended_as_by_qemu(string options)
    {
        using var ours = new TempFolder();
        using var theirs = new TempFolder();
        foreach (TempFolder folder in (TempFolder[])[ours, theirs])
        {
            QemuImg.Run("create", "-f", "qcow2", folder["b"], "4M");
            QemuImg.Run("create", "-f", "qcow2", "-o", options.Contains("off", StringComparison.Ordinal) ? "lazy_refcounts=on" : "lazy_refcounts=off", folder["a"], "4M");
            QemuImg.Io("qcow2", folder["a"], "write -P 1 0 100k");
        }

        QemuImg.Run("amend", "-f", "qcow2", "-o", options.Replace("@b", theirs["b"], StringComparison.Ordinal), theirs["a"]);
        await Img.Run("amend", "-f", "qcow2", "-o", options.Replace("@b", ours["b"], StringComparison.Ordinal), ours["a"]);
        JsonElement mine = Img.Json(QemuImg.Run("info", "--output=json", ours["a"])), yours = Img.Json(QemuImg.Run("info", "--output=json", theirs["a"]));
        mine.GetProperty("format-specific").GetRawText().Should().Be(yours.GetProperty("format-specific").GetRawText());
        mine.GetProperty("virtual-size").GetInt64().Should().Be(yours.GetProperty("virtual-size").GetInt64());
        mine.TryGetProperty("backing-filename", out _).Should().Be(yours.TryGetProperty("backing-filename", out _));
        QemuImg.Io("qcow2", ours["a"], "read -P 1 0 100k", "write -P 2 1M 100k");
        QemuImg.ShouldBeClean(ours["a"]);
    }

    // qemu-img 7.2 refuses what its help offers
    [Test]
    public async Task The_backing_file_is_amended()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "qcow2", folder["b"], "4M");
        QemuImg.Run("create", "-f", "qcow2", folder["a"], "4M");
        await Img.Run("amend", "-f", "qcow2", "-o", "backing_file=b,backing_fmt=qcow2", folder["a"]);
        JsonElement info = Img.Json(QemuImg.Run("info", "--output=json", folder["a"]));
        info.GetProperty("backing-filename").GetString().Should().Be("b");
        info.GetProperty("backing-filename-format").GetString().Should().Be("qcow2");
        await Img.Run("amend", "-f", "qcow2", "-o", "backing_file=", folder["a"]);
        Img.Json(QemuImg.Run("info", "--output=json", folder["a"])).TryGetProperty("backing-filename", out _).Should().BeFalse();
    }

    [TestCase("metadata")]
    [TestCase("full")]
    public async Task What_grows_may_take_its_space_at_once(string preallocation)
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "qcow2", folder["a"], "1M");
        await Img.Run("resize", "--preallocation", preallocation, folder["a"], "3M");
        JsonElement check = Img.Json(QemuImg.Run("check", "--output=json", folder["a"]));
        check.GetProperty("allocated-clusters").GetInt64().Should().Be(32);
        QemuImg.Io("qcow2", folder["a"], "read -P 0 0 3M");
        QemuImg.Run("create", "-f", "raw", folder["raw"], "1M");
        if (preallocation == "full")
            await Img.Run("resize", "-f", "raw", "--preallocation", "full", folder["raw"], "2M");
        else
            await Img.Fails(1, ["resize", "-f", "raw", "--preallocation", "metadata", folder["raw"], "2M"], "no tables");
        await Img.Fails(1, ["resize", "--shrink", "--preallocation", "full", folder["a"], "1M"], "grows");
    }

    [Test]
    public async Task An_image_is_described_whether_or_not_its_backing_file_is_there()
    {
        using var folder = new TempFolder();
        await Img.Run("create", "-u", "-f", "qcow2", "-b", "gone", "-F", "raw", folder["a"], "1M");
        JsonElement theirs = Img.Json(QemuImg.Run("info", "--output=json", folder["a"]));
        theirs.GetProperty("backing-filename").GetString().Should().Be("gone");
        Img.Json(await Img.Run("info", "-U", "--json", folder["a"])).GetProperty("backing-filename").GetString().Should().Be("gone");
        await Img.Fails(1, ["info", "--backing-chain", folder["a"]], "gone");
        foreach (string format in (string[])["vdi", "vpc", "qed", "parallels"])
        {
            QemuImg.Run("create", "-f", format, folder["f"], "1M");
            Img.Json(await Img.Run("info", "--json", folder["f"])).GetProperty("format").GetString().Should().Be(format == "vpc" ? "vhd" : format);
        }
    }

    [Test]
    public async Task A_part_of_the_map_is_that_of_qemu()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "qcow2", folder["a"], "4M");
        QemuImg.Io("qcow2", folder["a"], "write -P 1 64k 256k", "write -P 1 2M 64k");
        string[] line = ["map", "--output=json", "--start-offset", "100k", "--max-length", "2M", folder["a"]];
        JsonElement theirs = Img.Json(QemuImg.Run(line)), ours = Img.Json(await Img.Run(line));
        ours.EnumerateArray().Select(e => (e.GetProperty("start").GetInt64(), e.GetProperty("length").GetInt64()))
            .Should().Equal(theirs.EnumerateArray().Select(e => (e.GetProperty("start").GetInt64(), e.GetProperty("length").GetInt64())));
    }

    [Test]
    public async Task A_bench_does_so_many_requests()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "qcow2", folder["a"], "1M");
        JsonElement facts = Img.Json(await Img.Run("bench", "--json", "-c", "100", "-d", "4", "-s", "4k", "-S", "8k", "-w", "--pattern", "7", "--flush-interval", "10", "-n", "-t", "none", folder["a"]));
        facts.GetProperty("requests").GetInt32().Should().Be(100);
        facts.GetProperty("seconds").GetDouble().Should().BePositive();
        QemuImg.Io("qcow2", folder["a"], "read -P 7 0 4k", "read -P 7 8k 4k");
        QemuImg.ShouldBeClean(folder["a"]);
        (await Img.Run("bench", "-c", "10", folder["a"])).Should().StartWith("10 reads of 4096 bytes, 64 at once, from byte 0 in steps of 4096").And.Contain("done in ");
        (await Img.Run("bench", "-q", "-c", "10", "--no-drain", folder["a"])).Should().BeEmpty();
        (await Img.Run("bench", "-c", "0", "-o", "4k", folder["a"])).Should().StartWith("0 reads");
        await File.WriteAllBytesAsync(folder["raw"], new byte[1 << 20]);
        await Img.Run("bench", "-f", "raw", "-c", "1000", "-w", "--pattern", "255", "-d", "8", folder["raw"]);
        (await File.ReadAllBytesAsync(folder["raw"])).AsSpan(0, 200 << 12).ContainsAnyExcept((byte)255).Should().BeFalse();
    }

    [TestCase("bitmap @a x", "--add")]
    [TestCase("bitmap --add @a old", "'old' already")]
    [TestCase("bitmap --remove @a nothing", "no bitmap 'nothing'")]
    [TestCase("bitmap --merge nothing @a old", "no bitmap 'nothing'")]
    [TestCase("bitmap --clear -g 4096 @a old", "-g")]
    [TestCase("bitmap --clear -b @a @a old", "-b")]
    [TestCase("bitmap --add -g 5 @a x", "power of two")]
    [TestCase("bitmap --add -f raw @raw x", "no qcow2 image")]
    [TestCase("bitmap --merge old -b @raw -F raw @a old", "no qcow2 image")]
    [TestCase("amend -o cluster_size=4k @a", "cluster_size", "does not change")]
    [TestCase("amend -o compat=0.10 @a", "version 3")]
    [TestCase("amend -o refcount_bits=1 @a", "16 bits")]
    [TestCase("amend -o size=1k @a", "--shrink")]
    [TestCase("amend -o lazy_refcounts=often @a", "often", "on or off")]
    [TestCase("amend -f raw -o size=8M @raw", "no qcow2 image")]
    [TestCase("amend @a", "-o")]
    [TestCase("bench -c -1 @a", "-c")]
    [TestCase("bench -d 0 @a", "-d")]
    [TestCase("bench --flush-interval 100 @a", "-w")]
    [TestCase("bench -w --flush-interval 2 @a", "64")]
    [TestCase("bench -s 5M @a", "does not fit")]
    [TestCase("bench -o 4M @a", "does not fit")]
    [TestCase("bench --pattern 300 @a", "300")]
    public async Task Wrong_usage_is_explained(string line, params string[] expected)
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "qcow2", folder["a"], "4M");
        QemuImg.Run("bitmap", "--add", folder["a"], "old");
        QemuImg.Run("create", "-f", "raw", folder["raw"], "1M");
        byte[] before = await File.ReadAllBytesAsync(folder["a"]);
        await Img.Fails(1, [.. line.Split(' ').Select(o => o.StartsWith('@') ? folder[o[1..]] : o)], expected);
        (await File.ReadAllBytesAsync(folder["a"])).Should().Equal(before);
    }

    [Test]
    public async Task Every_command_has_help_and_what_it_prints_fits_80_columns()
    {
        using var folder = new TempFolder();
        string[] commands = ["amend", "bench", "bitmap", "check", "commit", "compare", "convert", "create", "dd", "info", "map", "measure", "rebase", "resize", "snapshot"];
        EmuRun all = await EmuRun.RunAsync(["img", "--help"]);
        foreach (string command in commands)
        {
            all.Output.Should().Contain($"  {command}");
            EmuRun help = await EmuRun.RunAsync(["img", command, "--help"]);
            help.Code.Should().Be(0);
            help.Output.Should().Contain("Description:");
        }

        QemuImg.Run("create", "-f", "qcow2", folder["a"], "4M");
        QemuImg.Run("bitmap", "--add", folder["a"], "old");
        QemuImg.Run("snapshot", "-c", "a snapshot", folder["a"]);
        foreach (string line in (string[])["info @", "snapshot -l @", "check @", "map @", "measure -O qcow2 @", "bench -c 5 @", "amend -o help", "create -f qcow2 -o help"])
        {
            string output = await Img.Run([.. line.Split(' ').Select(o => o == "@" ? folder["a"] : o)]);
            output.Replace(folder["a"], "a", StringComparison.Ordinal).Split(Environment.NewLine).Should().OnlyContain(l => l.Length <= 80, line);
        }
    }

    private static string Facts(string path)
        => Img.Json(QemuImg.Run("info", "--output=json", path)).GetProperty("format-specific").GetProperty("data").TryGetProperty("bitmaps", out JsonElement bitmaps) ? bitmaps.GetRawText() : "";

    private static IEnumerable<string> Names(string path) => Facts(path) is { Length: > 0 } facts ? Img.Json(facts).EnumerateArray().Select(b => b.GetProperty("name").GetString()!) : [];

    // what our own reading of both files gives
    private static string Map(string path, string bitmap)
    {
        using var image = (Emulation.Storage.Qcow2Image)Emulation.Storage.DiskImage.Open(path, readOnly: true);
        var text = new System.Text.StringBuilder();
        for (long offset = 0; offset < image.Length;)
        {
            Emulation.Storage.BitmapRun run = image.GetWrittenAsync(bitmap, offset, image.Length - offset).AsTask().Result;
            text.Append(run);
            offset += run.Length;
        }

        return text.ToString();
    }
}

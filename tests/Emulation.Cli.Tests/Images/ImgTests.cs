using System.Text.Json;
using Emulation.Storage.Tests;

namespace Emulation.Cli.Tests.Images;

/// <summary>emu img against qemu-img.</summary>
public sealed class ImgTests
{
    [TestCase("")]
    [TestCase("compat=0.10")]
    [TestCase("cluster_size=2M,refcount_bits=1")]
    [TestCase("extended_l2=on,compression_type=zstd")]
    [TestCase("lazy_refcounts=on,cluster_size=4K,preallocation=off")]
    public async Task What_is_created_is_what_qemu_creates(string options)
    {
        using var folder = new TempFolder();
        string[] more = options.Length == 0 ? [] : ["-o", options];
        (await Img.Run(["create", "-f", "qcow2", .. more, folder["a"], "100M"])).Should().Contain("104857600");
        QemuImg.Run(["create", "-f", "qcow2", .. more, folder["b"], "100M"]);
        QemuImg.ShouldBeClean(folder["a"]);
        JsonElement ours = Img.Json(QemuImg.Run("info", "--output=json", folder["a"]));
        JsonElement theirs = Img.Json(QemuImg.Run("info", "--output=json", folder["b"]));
        foreach (string name in (string[])["virtual-size", "cluster-size", "format", "format-specific"])
            ours.GetProperty(name).GetRawText().Should().Be(theirs.GetProperty(name).GetRawText());
        JsonElement facts = Img.Json(await Img.Run("info", "--output=json", folder["b"]));
        foreach (JsonProperty fact in facts.GetProperty("format-specific").GetProperty("data").EnumerateObject())
            fact.Value.ToString().Should().Be(theirs.GetProperty("format-specific").GetProperty("data").GetProperty(fact.Name).ToString(), fact.Name);
        facts.GetProperty("virtual-size").GetInt64().Should().Be(100 << 20);
    }

    [Test]
    public async Task An_image_on_a_backing_file_takes_its_size()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "raw", folder["base"], "3M");
        await Img.Run("create", "-f", "qcow2", "-b", "base", "-F", "raw", folder["top"]);
        JsonElement theirs = Img.Json(QemuImg.Run("info", "--output=json", folder["top"]));
        JsonElement ours = Img.Json(await Img.Run("info", "--json", folder["top"]));
        foreach (string name in (string[])["virtual-size", "backing-filename", "backing-filename-format", "full-backing-filename"])
            ours.GetProperty(name).ToString().Should().Be(theirs.GetProperty(name).ToString());
        Img.Json(await Img.Run("info", "--json", "--backing-chain", folder["top"])).GetArrayLength().Should().Be(2);
        (await Img.Run("info", "--backing-chain", folder["top"])).Should().Contain("base (raw)").And.Contain("3 MiB (3145728 bytes)");
    }

    [TestCase("-O qcow2")]
    [TestCase("-O qcow2 -c")]
    [TestCase("-O qcow2 -c -o compression_type=zstd,cluster_size=128K -t unsafe")]
    [TestCase("-f raw -O raw")]
    public async Task What_is_converted_is_the_same_to_qemu(string options)
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["source"], Img.Content());
        await File.WriteAllTextAsync(folder["target"], "an old file, to be replaced");
        await Img.Run(["convert", .. options.Split(' '), folder["source"], folder["target"]]);
        QemuImg.Run("compare", "-f", "raw", folder["source"], folder["target"]);
        Directory.GetFiles(folder[""]).Should().HaveCount(2);
        if (options.Contains("qcow2", StringComparison.Ordinal))
            QemuImg.ShouldBeClean(folder["target"]);
        await Img.Run("convert", folder["target"], folder["back"]);
        (await File.ReadAllBytesAsync(folder["back"])).Should().Equal(await File.ReadAllBytesAsync(folder["source"]));
    }

    [Test]
    public async Task Progress_is_a_bar_on_a_terminal_and_lines_elsewhere()
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["source"], Img.Content());
        EmuRun bar = await EmuRun.RunAsync(["img", "convert", folder["source"], folder["a"]], errorIsTerminal: true);
        bar.Code.Should().Be(0);
        bar.Error.Should().Contain("converting").And.Contain("\e[");
        EmuRun lines = await EmuRun.RunAsync(["img", "convert", "-p", folder["source"], folder["a"]]);
        lines.Error.Should().EndWith($"100 %{Environment.NewLine}");
        (await EmuRun.RunAsync(["img", "convert", folder["source"], folder["a"]])).Error.Should().BeEmpty();
        (await EmuRun.RunAsync(["img", "convert", "-q", folder["source"], folder["a"]], errorIsTerminal: true)).Error.Should().BeEmpty();
    }

    [Test]
    public async Task A_file_that_is_in_use_is_not_replaced()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "qcow2", folder["a"], "1M");
        byte[] before = await File.ReadAllBytesAsync(folder["a"]);
        await Img.Fails(1, ["convert", "-O", "qcow2", folder["a"], folder["a"]], "cannot be replaced");
        await Img.Fails(1, ["create", "-f", "qcow2", "-b", "a", "-F", "qcow2", folder["a"]], "'" + folder["a"]);
        (await File.ReadAllBytesAsync(folder["a"])).Should().Equal(before);
        Directory.GetFiles(folder[""]).Should().ContainSingle();
    }

    [Test]
    public async Task A_comparison_ends_as_that_of_qemu()
    {
        using var folder = new TempFolder();
        byte[] content = Img.Content();
        await File.WriteAllBytesAsync(folder["a"], content);
        QemuImg.Run("convert", "-O", "qcow2", folder["a"], folder["b"]);
        await Img.Run("compare", folder["a"], folder["b"]);
        content[70_000] ^= 1;
        await File.WriteAllBytesAsync(folder["c"], [.. content, .. new byte[512]]);
        EmuRun run = await EmuRun.RunAsync(["img", "compare", folder["c"], folder["b"]]);
        run.Code.Should().Be(1);
        run.Output.Should().Contain("byte 70000").And.Contain("sizes differ");
        JsonElement json = Img.Json((await EmuRun.RunAsync(["img", "compare", "--json", folder["c"], folder["b"]])).Output);
        json.GetProperty("identical").GetBoolean().Should().BeFalse();
        json.GetProperty("offset").GetInt64().Should().Be(70_000);
        (await EmuRun.RunAsync(["img", "compare", "-s", "--json", folder["c"], folder["a"]])).Output.Should().Contain("length");
        await Img.Fails(2, ["compare", folder["a"], folder["nothing"]], "nothing");
        await Img.Fails(2, ["compare", folder["a"]], "'compare'", "emu img compare --help");
    }

    [Test]
    public async Task A_check_ends_as_that_of_qemu()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "qcow2", folder["a"], "4M");
        QemuImg.Io("qcow2", folder["a"], "write -P 1 0 200k");
        JsonElement theirs = Img.Json(QemuImg.Run("check", "--output=json", folder["a"]));
        JsonElement ours = Img.Json(await Img.Run("check", "--output=json", folder["a"]));
        foreach (string name in (string[])["image-end-offset", "total-clusters", "check-errors", "allocated-clusters", "format", "filename"])
            ours.GetProperty(name).ToString().Should().Be(theirs.GetProperty(name).ToString());
        ours.TryGetProperty("leaks", out _).Should().BeFalse();

        // one reference more is counted than there is: the third cluster holds the counts, the fourth the L1 table
        await PatchAsync(folder["a"], (2 << 16) + (2 * 3), 2);
        QemuImg.Check(folder["a"], out _).Should().Be(3);
        EmuRun leaking = await EmuRun.RunAsync(["img", "check", "--json", folder["a"]]);
        leaking.Code.Should().Be(3);
        Img.Json(leaking.Output).GetProperty("leaks").GetInt64().Should().Be(1);
        (await Img.Run("check", "-r", "leaks", folder["a"])).Should().Contain("1 lost clusters").And.Contain("sound");
        QemuImg.ShouldBeClean(folder["a"]);

        // and one less, in an image whose counts have not moved in a repair
        QemuImg.Run("create", "-f", "qcow2", folder["a"], "4M");
        await PatchAsync(folder["a"], (2 << 16) + (2 * 3), 0);
        QemuImg.Check(folder["a"], out _).Should().Be(2);
        (await EmuRun.RunAsync(["img", "check", folder["a"]])).Code.Should().Be(2);
        await Img.Run("check", "-r", "all", folder["a"]);
        QemuImg.ShouldBeClean(folder["a"]);
        await File.WriteAllBytesAsync(folder["raw"], new byte[4096]);
        await Img.Fails(63, ["check", folder["raw"]], "raw");
        await Img.Fails(1, ["check", folder["nothing"]], "nothing");
    }

    [Test]
    public async Task Sizes_change_absolutely_and_relatively()
    {
        using var folder = new TempFolder();
        await Img.Run("create", "-f", "qcow2", folder["a"], "4M");
        await Img.Run("resize", folder["a"], "8M");
        await Img.Run("resize", folder["a"], "+1M");
        await Img.Fails(1, ["resize", folder["a"], "-2M"], "--shrink");
        await Img.Run("resize", "--shrink", folder["a"], "-2M");
        Img.Json(QemuImg.Run("info", "--output=json", folder["a"])).GetProperty("virtual-size").GetInt64().Should().Be(7 << 20);
        QemuImg.ShouldBeClean(folder["a"]);
        await Img.Fails(1, ["resize", "--shrink", folder["a"], "-7M"], "not possible");
        await Img.Fails(1, ["resize", folder["a"], "lots"], "not a size");
        await File.WriteAllBytesAsync(folder["raw"], new byte[4096]);
        await Img.Run("resize", folder["raw"], "8K");
        new FileInfo(folder["raw"]).Length.Should().Be(8192);
    }

    [Test]
    public async Task The_map_is_that_of_qemu()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "qcow2", folder["base"], "4M");
        QemuImg.Io("qcow2", folder["base"], "write -P 1 100k 200k", "write -z 2M 64k");
        QemuImg.Run("create", "-f", "qcow2", "-b", folder["base"], "-F", "qcow2", folder["top"]);
        QemuImg.Io("qcow2", folder["top"], "write -P 3 256k 192k");
        JsonElement theirs = Img.Json(QemuImg.Run("map", "--output=json", folder["top"]));
        JsonElement ours = Img.Json(await Img.Run("map", "--json", folder["top"]));
        ours.GetArrayLength().Should().Be(theirs.GetArrayLength());
        for (int i = 0; i < ours.GetArrayLength(); i++)
        {
            foreach (JsonProperty fact in theirs[i].EnumerateObject().Where(f => f.Name != "depth" || theirs[i].GetProperty("present").GetBoolean()))
                ours[i].GetProperty(fact.Name).ToString().Should().Be(fact.Value.ToString(), $"{fact.Name} of {theirs[i]}");
        }

        (await Img.Run("map", folder["top"])).Should().Contain(folder["base"]).And.Contain(folder["top"]).And.Contain("0x40000");
    }

    [Test]
    public async Task Snapshots_are_those_of_qemu()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "qcow2", folder["a"], "1M");
        QemuImg.Io("qcow2", folder["a"], "write -P 1 0 64k");
        await Img.Run("snapshot", "-c", "one", folder["a"]);
        QemuImg.Io("qcow2", folder["a"], "write -P 2 0 64k");
        QemuImg.Run("snapshot", "-c", "two", folder["a"]);
        (await Img.Run("snapshot", "-l", folder["a"])).Should().Contain("one").And.Contain("two");
        JsonElement theirs = Img.Json(QemuImg.Run("info", "--output=json", folder["a"])).GetProperty("snapshots");
        JsonElement ours = Img.Json(await Img.Run("snapshot", "--json", folder["a"]));
        for (int i = 0; i < 2; i++)
        {
            foreach (JsonProperty fact in ours[i].EnumerateObject())
                fact.Value.ToString().Should().Be(theirs[i].GetProperty(fact.Name).ToString(), fact.Name);
        }

        await Img.Run("snapshot", "-a", "one", folder["a"]);
        QemuImg.Read(folder["a"], "qcow2")[0].Should().Be(1);
        await Img.Run("snapshot", "-d", "two", folder["a"]);
        QemuImg.Run("snapshot", "-l", folder["a"]).Should().Contain("one").And.NotContain("two");
        QemuImg.ShouldBeClean(folder["a"]);
        await Img.Fails(1, ["snapshot", "-d", "two", folder["a"]], "two");
        await Img.Fails(1, ["snapshot", "-c", "x", "-d", "one", folder["a"]], "exclude each other");
    }

    [TestCase("create", "'create'", "emu img create --help")]
    [TestCase("create -f floppy x 1M", "floppy", "qcow2")]
    [TestCase("create -f dmg x 1M", "dmg", "not created")]
    [TestCase("create -f qcow2 -o shape=round x 1M", "shape", "cluster_size")]
    [TestCase("create -f qcow2 -o cluster_size=3000 x 1M", "3000")]
    [TestCase("create -o cluster_size=3000 x 1M", "raw", "cluster_size")]
    [TestCase("create -f qcow2 x", "SIZE")]
    [TestCase("create -f qcow2 -b nothing x 1M", "'x'", "nothing' does not exist")]
    [TestCase("create -b nothing -F raw x 1M", "no backing file")]
    [TestCase("create /no/such/folder/x 1M", "/no/such/folder")]
    [TestCase("info /no/such/image", "/no/such/image")]
    [TestCase("info -f floppy x", "floppy")]
    [TestCase("convert -O raw -c /no/such/image x", "/no/such/image")]
    [TestCase("resize /no/such/image 1M", "/no/such/image")]
    [TestCase("map /no/such/image", "/no/such/image")]
    [TestCase("snapshot -l /no/such/image", "/no/such/image")]
    [TestCase("frobnicate x", "frobnicate")]
    [TestCase("check -r everything x", "everything")]
    public async Task Wrong_usage_is_explained(string line, params string[] expected) => await Img.Fails(1, line.Split(' '), expected);

    private static async Task PatchAsync(string path, long offset, ushort value)
    {
        await using FileStream file = File.OpenWrite(path);
        file.Position = offset;
        await file.WriteAsync(new[] { (byte)(value >> 8), (byte)value });
    }
}

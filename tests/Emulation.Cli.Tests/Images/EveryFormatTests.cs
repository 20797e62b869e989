using System.Text.Json;
using Emulation.Storage;
using Emulation.Storage.Tests;

namespace Emulation.Cli.Tests.Images;

/// <summary>emu img over all formats: from each to each, what they say about themselves, sizes, images of several files.</summary>
public sealed class EveryFormatTests
{
    private const int Size = 3 << 20;

    // ours, qemu-img's name, options
    private static readonly (string Format, string Theirs, string Options)[] s_targets =
    [
        ("raw", "raw", ""),
        ("qcow2", "qcow2", ""),
        ("qcow", "qcow", ""),
        ("vdi", "vdi", ""),
        ("vhd", "vpc", "force_size=on"),
        ("vhdx", "vhdx", "block_size=1M"),
        ("qed", "qed", ""),
        ("parallels", "parallels", ""),
        ("vmdk", "vmdk", ""),
    ];

    private static readonly string[] s_vmdk = ["monolithicSparse", "monolithicFlat", "twoGbMaxExtentSparse", "twoGbMaxExtentFlat", "streamOptimized"];

    private static IEnumerable<TestCaseData> Sources() => s_targets.Select(t => new TestCaseData(t.Format, t.Theirs).SetArgDisplayNames(t.Format));

    [TestCaseSource(nameof(Sources))]
    public async Task Every_format_is_converted_to_every_other(string source, string theirs)
    {
        using var folder = new TempFolder();
        byte[] content = Img.Content(Size);
        await File.WriteAllBytesAsync(folder["raw"], content);
        QemuImg.Run(["convert", "-f", "raw", "-O", theirs, .. theirs == "vpc" ? (string[])["-o", "force_size=on"] : [], folder["raw"], folder["source"]]);
        foreach ((string format, string known, string options) in s_targets)
        {
            string target = folder[$"target.{format}"];
            string[] more = options.Length == 0 ? [] : ["-o", options];
            await Img.Run(["convert", "-f", source, "-O", format, .. more, folder["source"], target]);
            QemuImg.Read(target, known).AsSpan().SequenceEqual(content).Should().BeTrue(format);
        }
    }

    [TestCase("vmdk")]
    [TestCase("vhdx")]
    [TestCase("qcow")]
    public async Task Images_behind_uris_are_converted(string format)
    {
        using var folder = new TempFolder();
        byte[] content = Img.Content(Size);
        await File.WriteAllBytesAsync(folder["raw"], content);
        QemuImg.Run("convert", "-f", "raw", "-O", format, folder["raw"], folder["image"]);
        using var http = new HttpFileServer(await File.ReadAllBytesAsync(folder["image"]));
        await Img.Run("convert", "-f", format, "-O", "raw", $"{http.Uri}", folder["a"]);
        (await File.ReadAllBytesAsync(folder["a"])).AsSpan().SequenceEqual(content).Should().BeTrue();
        using (QemuNbd.Start(folder["socket"], "-f", "raw", "-r", folder["image"]))
            await Img.Run("convert", "-f", format, "-O", "vmdk", $"nbd+unix:///?socket={folder["socket"]}", folder["b"]);
        QemuImg.Read(folder["b"], "vmdk").AsSpan().SequenceEqual(content).Should().BeTrue();
        // into what a server holds
        QemuImg.Run("create", "-f", "raw", folder["target"], $"{Size}");
        using (QemuNbd.Start(folder["socket2"], "-f", "raw", folder["target"]))
            await Img.Run("convert", "-n", "-f", format, "-O", "raw", folder["image"], $"nbd+unix:///?socket={folder["socket2"]}");
        (await File.ReadAllBytesAsync(folder["target"])).AsSpan().SequenceEqual(content).Should().BeTrue();
        await Img.Fails(1, ["convert", "-O", format, folder["raw"], "nbd://127.0.0.1/x"], "not a file");
    }

    [TestCaseSource(nameof(s_vmdk))]
    public async Task Every_kind_of_vmdk_image_gets_its_files_under_their_names(string subformat)
    {
        using var folder = new TempFolder();
        byte[] content = Img.Content(Size);
        await File.WriteAllBytesAsync(folder["raw"], content);
        string[] options = ["-O", "vmdk", "-o", $"subformat={subformat}"];
        bool packed = subformat == "streamOptimized";
        await Img.Run(["convert", "-f", "raw", .. packed ? (string[])["-c"] : [], .. options, folder["raw"], folder["disk.vmdk"]]);
        QemuImg.Run("check", folder["disk.vmdk"]);
        QemuImg.Read(folder["disk.vmdk"], "vmdk").AsSpan().SequenceEqual(content).Should().BeTrue();
        Directory.GetFiles(folder[""]).Select(Path.GetFileName).Should().OnlyContain(n => n == "raw" || n!.StartsWith("disk", StringComparison.Ordinal));
        // a second one in its place: where further files are in the way, all stays as it was
        byte[] before = await File.ReadAllBytesAsync(folder["disk.vmdk"]);
        bool several = Directory.GetFiles(folder[""]).Length > 2;
        EmuRun again = await EmuRun.RunAsync(["img", "convert", "-f", "raw", .. options, folder["raw"], folder["disk.vmdk"]]);
        again.Code.Should().Be(several ? 1 : 0, again.Error);
        if (several)
        {
            again.Error.Should().Contain("exists already");
            (await File.ReadAllBytesAsync(folder["disk.vmdk"])).Should().Equal(before);
        }

        QemuImg.Read(folder["disk.vmdk"], "vmdk").AsSpan().SequenceEqual(content).Should().BeTrue();
        // what fails half way leaves nothing
        int files = Directory.GetFiles(folder[""]).Length;
        await Img.Fails(1, ["convert", "-f", "raw", "-c", "-O", "vmdk", "-o", $"subformat={(packed ? "monolithicFlat" : subformat)}", folder["raw"], folder["new.vmdk"]], "compressed");
        Directory.GetFiles(folder[""]).Should().HaveCount(files);
        await Img.Run(["create", "-f", "vmdk", "-o", $"subformat={subformat}", folder["empty.vmdk"], "1M"]);
        QemuImg.Run("check", folder["empty.vmdk"]);
    }

    [TestCase("vmdk", "vmdk", "")]
    [TestCase("vmdk", "vmdk", "subformat=streamOptimized")]
    [TestCase("vmdk", "vmdk", "subformat=twoGbMaxExtentFlat")]
    [TestCase("vmdk", "vmdk", "subformat=twoGbMaxExtentSparse")]
    [TestCase("vhdx", "vhdx", "")]
    [TestCase("qcow", "qcow", "")]
    [TestCase("vdi", "vdi", "")]
    [TestCase("vhd", "vpc", "")]
    [TestCase("qed", "qed", "")]
    [TestCase("parallels", "parallels", "")]
    public async Task An_image_is_described_as_by_qemu(string format, string theirs, string options)
    {
        using var folder = new TempFolder();
        QemuImg.Run(["create", "-f", theirs, .. options.Length == 0 ? (string[])[] : ["-o", options], folder["a"], "9M"]);
        JsonElement expected = Img.Json(QemuImg.Run("info", "--output=json", folder["a"]));
        JsonElement facts = Img.Json(await Img.Run("info", "--json", folder["a"]));
        facts.GetProperty("format").GetString().Should().Be(format);
        foreach (string name in (string[])["virtual-size", "cluster-size"])
        {
            if (expected.TryGetProperty(name, out JsonElement value))
                facts.GetProperty(name).GetInt64().Should().Be(value.GetInt64(), name);
        }

        if (expected.TryGetProperty("format-specific", out JsonElement specific))
            Same(facts.GetProperty("format-specific"), specific, "format-specific");
        string text = await Img.Run("info", folder["a"]);
        text.Should().Contain(format);
        if (format == "vmdk")
            text.Should().Contain("create type      ").And.Contain("extents          virtual-size=9437184");
    }

    [TestCase("vmdk", "vmdk")]
    [TestCase("qcow", "qcow")]
    [TestCase("qed", "qed")]
    public async Task A_chain_is_described_and_mapped_as_by_qemu(string format, string below)
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", below, folder["base"], "4M");
        QemuImg.Io(below, folder["base"], "write -P 1 64k 192k", "write -P 2 2M 64k");
        QemuImg.Run("create", "-f", format, "-b", "base", "-F", below, folder["top"]);
        QemuImg.Io(format, folder["top"], "write -P 3 128k 64k", "write -P 4 3M 64k");
        JsonElement theirs = Img.Json(QemuImg.Run("info", "--output=json", "--backing-chain", folder["top"]));
        JsonElement ours = Img.Json(await Img.Run("info", "--json", "--backing-chain", "--backing-format", below, folder["top"]));
        ours.GetArrayLength().Should().Be(2);
        foreach (string name in (string[])["virtual-size", "backing-filename", "full-backing-filename"])
            ours[0].GetProperty(name).ToString().Should().Be(theirs[0].GetProperty(name).ToString(), name);
        (await Img.Run("info", folder["top"])).Should().Contain("backing file     base");
        JsonElement map = Img.Json(QemuImg.Run("map", "--output=json", folder["top"]));
        JsonElement mine = Img.Json(await Img.Run("map", "--json", "--backing-format", below, folder["top"]));
        Data(mine).Should().Equal(Data(map));
        await Img.Run("compare", "--backing-format", below, folder["top"], folder["top"]);
        // and whether or not it is there
        File.Delete(folder["base"]);
        Img.Json(await Img.Run("info", "--json", folder["top"])).GetProperty("backing-filename").GetString().Should().Be("base");
        await Img.Fails(1, ["info", "--backing-chain", folder["top"]], "base");
    }

    [TestCase("vhd")]
    [TestCase("vhdx")]
    [TestCase("vmdk")]
    public async Task Images_that_know_what_is_below_are_created_described_and_committed(string format)
    {
        using var folder = new TempFolder();
        string[] names = ["base", "mid", "top"];
        await Img.Run("create", "-f", format, folder[$"base.{format}"], "4M");
        byte[] content;
        await using (BlockDevice disk = DiskImage.Open(folder[$"base.{format}"], new DiskImageOptions { Format = format }))
        {
            content = new byte[disk.Length];
            await WriteAsync(disk, content, 1, 100_000, 1_000_000);
        }

        for (int i = 1; i < 3; i++)
        {
            await Img.Run("create", "-f", format, "-b", $"{names[i - 1]}.{format}", folder[$"{names[i]}.{format}"]);
            await using BlockDevice disk = DiskImage.Open(folder[$"{names[i]}.{format}"]);
            await WriteAsync(disk, content, (byte)(i + 1), i * 500_000, 600_000);
        }

        Img.Json(await Img.Run("info", "--json", "--backing-chain", folder[$"top.{format}"])).EnumerateArray().Select(i => i.GetProperty("format").GetString())
            .Should().Equal(format, format, format);
        // a block of a vhd image holds all of it from the first write on
        if (format != "vhd")
            (await Img.Run("map", folder[$"top.{format}"])).Should().Contain($"base.{format}").And.Contain($"mid.{format}").And.Contain($"top.{format}");
        // one step, then all the way
        (await Img.Run("commit", folder[$"top.{format}"])).Should().Contain("is committed");
        await ReadsAsync(folder[$"top.{format}"], content);
        await ReadsAsync(folder[$"mid.{format}"], content);
        await using (BlockDevice disk = DiskImage.Open(folder[$"top.{format}"]))
            await WriteAsync(disk, content, 9, 3_000_000, 100_000);
        await Img.Run("commit", "-b", folder[$"base.{format}"], folder[$"top.{format}"]);
        foreach (string name in (string[])["top", "mid", "base"])
        {
            if (name != "mid")
                await ReadsAsync(folder[$"{name}.{format}"], content);
            await Img.Run("check", folder[$"{name}.{format}"]);
        }

        if (format == "vmdk")
            QemuImg.Read(folder["top.vmdk"], "vmdk").AsSpan().SequenceEqual(content).Should().BeTrue();
        await Img.Fails(1, ["rebase", "-u", "-b", $"base.{format}", "-F", format, folder[$"top.{format}"]], format, "qcow2 and qed");
    }

    [TestCase("qed", "raw", "")]
    [TestCase("qed", "raw", "-d")]
    [TestCase("qcow", "raw", "")]
    public async Task Other_images_are_committed_as_by_qemu(string format, string below, string options)
    {
        using var ours = new TempFolder();
        using var theirs = new TempFolder();
        string[] more = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (TempFolder folder in (TempFolder[])[ours, theirs])
        {
            QemuImg.Run("create", "-f", below, folder["base"], "3M");
            QemuImg.Io(below, folder["base"], "write -P 1 0 3M");
            QemuImg.Run("create", "-f", format, "-b", folder["base"], "-F", below, folder["top"], "4M");
            QemuImg.Io(format, folder["top"], "write -P 4 128k 192k", "write -P 5 3200k 64k", "write -z 512k 64k");
        }

        byte[] before = QemuImg.Read(ours["top"], format);
        QemuImg.Run(["commit", .. more, theirs["top"]]);
        await Img.Run(["commit", .. more, ours["top"]]);
        QemuImg.Read(ours["top"], format).AsSpan().SequenceEqual(before).Should().BeTrue();
        QemuImg.Read(ours["base"], below).AsSpan().SequenceEqual(QemuImg.Read(theirs["base"], below)).Should().BeTrue();
    }

    [TestCase("-b @other -F raw")]
    [TestCase("-b @small -F raw")]
    [TestCase("-b ''")]
    [TestCase("-b @@ -F raw")]
    public async Task A_qed_image_is_put_on_another(string options)
    {
        using var folder = new TempFolder();
        string distant = folder[new string('d', 200)];
        for (int i = 0; i < 2; i++)
            distant = Path.Combine(Directory.CreateDirectory(distant).FullName, new string('e', 200));
        foreach ((string name, string size, int value) in ((string, string, int)[])[(folder["base"], "3M", 1), (folder["other"], "4M", 2), (folder["small"], "1000000", 1), (distant, "3M", 3)])
        {
            QemuImg.Run("create", "-f", "raw", name, size);
            QemuImg.Io("raw", name, $"write -P {value} 64k 512k");
        }

        QemuImg.Run("create", "-f", "qed", "-b", folder["base"], "-F", "raw", folder["top"], "4M");
        QemuImg.Io("qed", folder["top"], "write -P 4 128k 64k", "write -z 256k 64k");
        byte[] before = QemuImg.Read(folder["top"], "qed");
        string[] line = [.. options.Split(' ').Select(o => o switch { "''" => "", "@@" => distant, ['@', ..] => folder[o[1..]], _ => o })];
        (await Img.Run(["rebase", .. line, folder["top"]])).Should().BeEmpty();
        QemuImg.Run("check", folder["top"]);
        QemuImg.Read(folder["top"], "qed").AsSpan().SequenceEqual(before).Should().BeTrue();
        JsonElement info = Img.Json(QemuImg.Run("info", "--output=json", folder["top"]));
        if (line[1].Length == 0)
            info.TryGetProperty("backing-filename", out _).Should().BeFalse();
        else
            info.GetProperty("backing-filename").GetString().Should().Be(line[1]);
        // and back again, by name only
        await Img.Run("rebase", "-u", "-b", folder["base"], "-F", "raw", folder["top"]);
        Img.Json(QemuImg.Run("info", "--output=json", folder["top"])).GetProperty("backing-filename").GetString().Should().Be(folder["base"]);
    }

    [TestCase("raw", "raw")]
    [TestCase("qcow2", "qcow2")]
    [TestCase("vdi", "vdi")]
    [TestCase("vhd", "vpc")]
    [TestCase("vhdx", "vhdx")]
    [TestCase("qed", "qed")]
    [TestCase("parallels", "parallels")]
    [TestCase("qcow", "qcow", false)]
    [TestCase("vmdk", "vmdk", false)]
    public async Task Sizes_change_where_the_format_allows_it(string format, string theirs, bool can = true)
    {
        using var folder = new TempFolder();
        QemuImg.Run(["create", "-f", theirs, .. theirs == "vpc" ? (string[])["-o", "force_size=on"] : [], folder["a"], "4M"]);
        QemuImg.Io(theirs, folder["a"], "write -P 7 1M 1M");
        if (!can)
        {
            await Img.Fails(1, ["resize", "-f", format, folder["a"], "5M"], $"{format} image", "cannot be changed");
            return;
        }

        await Img.Run("resize", "-f", format, folder["a"], "+2M");
        byte[] content = new byte[6 << 20];
        content.AsSpan(1 << 20, 1 << 20).Fill(7);
        QemuImg.Read(folder["a"], theirs).AsSpan().SequenceEqual(content).Should().BeTrue();
        await Img.Fails(1, ["resize", "-f", format, folder["a"], "1536K"], "--shrink");
        if (format != "vhdx")
        {
            await Img.Run("resize", "-f", format, "--shrink", folder["a"], "1536K");
            QemuImg.Read(folder["a"], theirs).AsSpan().SequenceEqual(content.AsSpan(0, 1536 << 10)).Should().BeTrue();
        }

        if (format is not ("raw" or "qcow2"))
            await Img.Fails(1, ["resize", "-f", format, "--preallocation", "falloc", folder["a"], "8M"], "not taken at once");
    }

    [TestCase("falloc")]
    [TestCase("full")]
    public async Task Space_of_a_raw_image_is_taken_when_it_grows(string how)
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "raw", folder["a"], "1M");
        await Img.Run("resize", "--preallocation", how, folder["a"], "5M");
        new FileInfo(folder["a"]).Length.Should().Be(5 << 20);
        Img.Json(QemuImg.Run("info", "-f", "raw", "--output=json", folder["a"])).GetProperty("actual-size").GetInt64().Should().BeGreaterThanOrEqualTo(4 << 20);
        (await File.ReadAllBytesAsync(folder["a"])).AsSpan().ContainsAnyExcept((byte)0).Should().BeFalse();
    }

    [TestCase("vmdk")]
    [TestCase("vhdx")]
    [TestCase("qcow")]
    public async Task Room_is_at_least_what_the_image_takes(string format)
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["raw"], Img.Content(Size));
        JsonElement room = Img.Json(await Img.Run("measure", "--json", "-f", "raw", "-O", format, folder["raw"]));
        await Img.Run("convert", "-f", "raw", "-O", format, folder["raw"], folder["a"]);
        new FileInfo(folder["a"]).Length.Should().BeLessThanOrEqualTo(room.GetProperty("required").GetInt64());
        room.GetProperty("required").GetInt64().Should().BeLessThanOrEqualTo(room.GetProperty("fully-allocated").GetInt64());
    }

    private static async Task WriteAsync(BlockDevice disk, byte[] content, byte value, int offset, int length)
    {
        content.AsSpan(offset, length).Fill(value);
        await disk.WriteAsync(offset, content.AsMemory(offset, length));
        await disk.FlushAsync();
    }

    private static async Task ReadsAsync(string path, byte[] content)
    {
        await using BlockDevice disk = DiskImage.Open(path, readOnly: true);
        byte[] read = new byte[disk.Length];
        await disk.ReadAsync(0, read);
        read.AsSpan().SequenceEqual(content).Should().BeTrue(path);
    }

    // where data lie: what is zero or nowhere is told apart by few formats
    private static IEnumerable<string> Data(JsonElement map)
        => map.EnumerateArray().Where(e => e.GetProperty("data").GetBoolean()).Select(e => $"{e.GetProperty("start")} {e.GetProperty("length")} {e.GetProperty("depth")} {(e.TryGetProperty("offset", out JsonElement at) ? at : "")}");

    // what qemu says is there and the same; empty texts may be missing
    private static void Same(JsonElement ours, JsonElement theirs, string place)
    {
        if (theirs.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty fact in theirs.EnumerateObject())
                Same(ours.GetProperty(fact.Name), fact.Value, $"{place}.{fact.Name}");
        }
        else if (theirs.ValueKind == JsonValueKind.Array)
        {
            ours.GetArrayLength().Should().Be(theirs.GetArrayLength(), place);
            for (int i = 0; i < theirs.GetArrayLength(); i++)
                Same(ours[i], theirs[i], $"{place}[{i}]");
        }
        else
        {
            ours.ToString().Should().Be(theirs.ToString(), place);
        }
    }
}

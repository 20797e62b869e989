using System.Text.Json;
using Emulation.Storage.Tests;

namespace Emulation.Cli.Tests.Images;

/// <summary>emu img commit, rebase and measure against qemu-img on copies of the same images.</summary>
public sealed class ChainCommandTests
{
    [TestCase("")]
    [TestCase("-d")]
    [TestCase("-q -t unsafe")]
    [TestCase("-b @base")]
    [TestCase("-b @mid")]
    [TestCase("-f qcow2 -p -r 1G")]
    public async Task A_commit_does_what_that_of_qemu_does(string options)
    {
        using var ours = new TempFolder();
        using var theirs = new TempFolder();
        foreach (TempFolder folder in (TempFolder[])[ours, theirs])
            Chain(folder);
        string[] Options(TempFolder folder) => [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(o => o.StartsWith('@') ? folder[o[1..]] : o)];
        QemuImg.Run(["commit", .. Options(theirs).Select(o => o == "1G" ? "1000000000" : o), theirs["top"]]);
        EmuRun run = await EmuRun.RunAsync(["img", "commit", .. Options(ours), ours["top"]]);
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().Be(options.Contains("-q", StringComparison.Ordinal) ? "" : $"'{ours["top"]}' is committed{Environment.NewLine}");
        if (options.Contains("-p", StringComparison.Ordinal))
            run.Error.Should().EndWith($"100 %{Environment.NewLine}");
        foreach (string name in (string[])["base", "mid", "top"])
        {
            string format = name == "base" ? "raw" : "qcow2";
            QemuImg.Read(ours[name], format).AsSpan().SequenceEqual(QemuImg.Read(theirs[name], format)).Should().BeTrue(name);
            if (name != "base")
            {
                QemuImg.ShouldBeClean(ours[name]);
                Allocated(ours[name]).Should().Be(Allocated(theirs[name]), name);
            }
        }
    }

    [TestCase("-b @base -F raw")]
    [TestCase("-b @other -F qcow2")]
    [TestCase("-b @other -F qcow2 -u")]
    [TestCase("-b nothing -F raw -u")]
    [TestCase("-b @small -F raw")]
    [TestCase("-b @large -F raw")]
    [TestCase("-b ''")]
    [TestCase("-b '' -u -q -t writeback -T none")]
    public async Task A_rebase_does_what_that_of_qemu_does(string options)
    {
        using var ours = new TempFolder();
        using var theirs = new TempFolder();
        foreach (TempFolder folder in (TempFolder[])[ours, theirs])
        {
            Chain(folder);
            QemuImg.Run("create", "-f", "qcow2", folder["other"], "3M");
            QemuImg.Io("qcow2", folder["other"], "write -P 9 0 128k", "write -P 2 1M 64k");
            QemuImg.Run("create", "-f", "raw", folder["small"], "1M");
            QemuImg.Run("create", "-f", "raw", folder["large"], "8M");
            QemuImg.Io("raw", folder["large"], "write -P 6 0 8M");
        }

        string[] Options(TempFolder folder) => [.. options.Split(' ').Select(o => o == "''" ? "" : o.StartsWith('@') ? folder[o[1..]] : o)];
        byte[] before = QemuImg.Read(ours["top"], "qcow2");
        QemuImg.Run(["rebase", .. Options(theirs), theirs["top"]]);
        (await Img.Run(["rebase", .. Options(ours), ours["top"]])).Should().BeEmpty();
        JsonElement mine = Img.Json(QemuImg.Run("info", "--output=json", ours["top"])), yours = Img.Json(QemuImg.Run("info", "--output=json", theirs["top"]));
        foreach (string name in (string[])["backing-filename", "backing-filename-format"])
            Text(mine, name)?.Replace(ours[""], "", StringComparison.Ordinal).Should().Be(Text(yours, name)?.Replace(theirs[""], "", StringComparison.Ordinal), name);
        if (options.Contains("nothing", StringComparison.Ordinal))
            return;
        byte[] after = QemuImg.Read(ours["top"], "qcow2");
        after.AsSpan().SequenceEqual(QemuImg.Read(theirs["top"], "qcow2")).Should().BeTrue();
        if (!options.Contains("-u", StringComparison.Ordinal))
            after.AsSpan().SequenceEqual(before).Should().BeTrue();
        QemuImg.ShouldBeClean(ours["top"]);
    }

    [TestCase("-O qcow2 --size 10M")]
    [TestCase("-O qcow2 --size 0")]
    [TestCase("-O raw --size 1000")]
    [TestCase("-O qcow2 -o cluster_size=4k,refcount_bits=8 --size 3G")]
    [TestCase("-O qcow2 -o preallocation=full -o extended_l2=on --size 3G")]
    [TestCase("-O qcow2 @top")]
    [TestCase("-O qcow2 -f qcow2 -l s @mid")]
    [TestCase("-O qcow2 -f raw @base")]
    [TestCase("@top")]
    public async Task Room_is_told_as_by_qemu(string options)
    {
        using var folder = new TempFolder();
        Chain(folder);
        string[] arguments = ["measure", "--output=json", .. options.Split(' ').Select(o => o.StartsWith('@') ? folder[o[1..]] : o)];
        JsonElement theirs = Img.Json(QemuImg.Run(arguments));
        JsonElement ours = Img.Json(await Img.Run(arguments));
        ours.EnumerateObject().Should().HaveSameCount(theirs.EnumerateObject());
        foreach (JsonProperty fact in theirs.EnumerateObject())
            ours.GetProperty(fact.Name).GetInt64().Should().Be(fact.Value.GetInt64(), fact.Name);
        (await Img.Run([.. arguments.Where(a => a != "--output=json")])).Should().Contain(theirs.GetProperty("required").GetInt64().ToString()).And.Contain("fully allocated");
    }

    [TestCase("commit @base", "no backing file")]
    [TestCase("commit -b nothing @top", "'nothing' is not below")]
    [TestCase("commit -t sometimes @top", "sometimes")]
    [TestCase("commit", "'commit'")]
    [TestCase("rebase @top", "-b")]
    [TestCase("rebase -b @base @top", "-F")]
    [TestCase("rebase -b @none -F raw @top", "none' does not exist")]
    [TestCase("rebase -b @base -F floppy @top", "floppy", "qcow2")]
    [TestCase("rebase -b @base -F raw @base", "raw image", "qcow2 and qed")]
    [TestCase("rebase -b @top -F qcow2 @top", "loop")]
    [TestCase("measure -O qcow2", "--size")]
    [TestCase("measure -O qcow2 --size 1M @top", "either")]
    [TestCase("measure -O qcow2 --size 1M -l s", "-l")]
    [TestCase("measure -O qcow2 -l nothing @mid", "nothing")]
    [TestCase("measure -O floppy --size 1M", "floppy")]
    [TestCase("measure -O qcow2 -o cluster_size=512 --size 100T", "too large")]
    public async Task Wrong_usage_is_explained(string line, params string[] expected)
    {
        using var folder = new TempFolder();
        Chain(folder);
        byte[] before = await File.ReadAllBytesAsync(folder["top"]);
        await Img.Fails(1, [.. line.Split(' ').Select(o => o.StartsWith('@') ? folder[o[1..]] : o)], expected);
        (await File.ReadAllBytesAsync(folder["top"])).Should().Equal(before);
    }

    // base (raw) - mid - top, each with something of its own, zeros and a larger size
    private static void Chain(TempFolder folder)
    {
        QemuImg.Run("create", "-f", "raw", folder["base"], "3M");
        QemuImg.Io("raw", folder["base"], "write -P 1 0 3M");
        QemuImg.Run("create", "-f", "qcow2", "-b", folder["base"], "-F", "raw", folder["mid"], "4M");
        QemuImg.Io("qcow2", folder["mid"], "write -P 2 64k 128k", "write -z 1M 64k");
        QemuImg.Run("snapshot", "-c", "s", folder["mid"]);
        QemuImg.Io("qcow2", folder["mid"], "write -P 3 2M 64k", "write -P 3 3584k 64k");
        QemuImg.Run("create", "-f", "qcow2", "-b", folder["mid"], "-F", "qcow2", folder["top"], "5M");
        QemuImg.Io("qcow2", folder["top"], "write -P 4 128k 192k", "write -P 5 4M 64k", "write -z 512k 64k");
    }

    private static long Allocated(string path) => Img.Json(QemuImg.Run("check", "--output=json", path)).TryGetProperty("allocated-clusters", out JsonElement count) ? count.GetInt64() : 0;

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}

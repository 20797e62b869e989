using System.Diagnostics;
using System.Text.Json;
using Emulation.Storage;
using Emulation.Storage.Tests;

namespace Emulation.Cli.Tests.Nbd;

/// <summary>emu nbd against QEMU's tools.</summary>
public sealed class NbdCommandTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Serve_ends_when_the_last_client_has_left()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "qcow2", folder["a"], "8M");
        Task<EmuRun> serving = EmuRun.RunAsync(["nbd", "serve", "-f", "qcow2", "-k", folder["s"], "-x", "a disk", "-D", "for a test", folder["a"]]);
        string uri = $"nbd+unix:///a%20disk?socket={folder["s"]}";
        await ReadyAsync(folder["s"], serving);
        EmuRun list = await EmuRun.RunAsync(["nbd", "connect", "--list", "--json", uri]);
        list.Code.Should().Be(0, list.Error);
        JsonElement export = JsonDocument.Parse(list.Output).RootElement.GetProperty("exports")[0];
        export.GetProperty("name").GetString().Should().Be("a disk");
        export.GetProperty("description").GetString().Should().Be("for a test");
        export.GetProperty("size").GetInt64().Should().Be(8 << 20);
        export.GetProperty("contexts")[0].GetString().Should().Be("base:allocation");
        (await EmuRun.RunAsync(["nbd", "connect", uri])).Output.Should().Contain("8 MiB").And.Contain("fast-zero");
        serving.IsCompleted.Should().BeFalse("nobody has used the export yet");
        QemuImg.Io("raw", uri, "write -P 9 1M 64k");
        EmuRun run = await serving.WaitAsync(s_patience);
        run.Code.Should().Be(0, run.Error);
        run.Output.Trim().Should().Be(uri);
        QemuImg.ShouldBeClean(folder["a"]);
        QemuImg.Io("qcow2", folder["a"], "read -P 9 1M 64k");
    }

    [Test]
    public async Task An_overlay_leaves_the_image_as_it_is()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "raw", folder["a"], "1M");
        Task<EmuRun> serving = EmuRun.RunAsync(["nbd", "serve", "--overlay", "-k", folder["s"], folder["a"]]);
        await ReadyAsync(folder["s"], serving);
        QemuImg.Io("raw", $"nbd+unix:///?socket={folder["s"]}", "write -P 9 0 64k", "read -P 9 0 64k");
        (await serving.WaitAsync(s_patience)).Code.Should().Be(0);
        (await File.ReadAllBytesAsync(folder["a"])).Should().AllBeEquivalentTo((byte)0);
    }

    [Test]
    public async Task A_bitmap_and_a_free_port_are_offered_until_a_signal_comes()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "qcow2", folder["a"], "1M");
        QemuImg.Run("bitmap", "--add", folder["a"], "b0");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[typeof(EmuApplication).Assembly.Location, "nbd", "serve", "-r", "-t", "-p", "0", "-B", "b0", "-e", "3", folder["a"]])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        string uri = (await process.StandardOutput.ReadLineAsync())!;
        try
        {
            uri.Should().StartWith("nbd://127.0.0.1:");
            NbdExportInfo info = await NbdClient.GetInfoAsync(NbdUri.Parse(uri));
            info.Contexts.Should().Equal("base:allocation", "qemu:dirty-bitmap:b0");
            info.Flags.Should().HaveFlag(NbdExportFlags.ReadOnly);
            await (await NbdDisk.ConnectAsync(uri)).DisposeAsync();
            await (await NbdDisk.ConnectAsync(uri)).DisposeAsync();
        }
        finally
        {
            // a shell's background job, as the tests may run in one, does not get SIGINT
            using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        try
        {
            await process.WaitForExitAsync().WaitAsync(s_patience);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }

        process.ExitCode.Should().Be(0);
    }

    [Test]
    public async Task A_uri_stands_for_an_image_file()
    {
        using var folder = new TempFolder();
        byte[] content = new byte[1 << 20];
        new Random(1).NextBytes(content.AsSpan(0, 300_000));
        using MemoryDisk disk = DiskImage.InMemory(content);
        await using var server = new NbdServer();
        server.Add(new NbdExport { Name = "x", Device = disk });
        string uri = (server.Listen(folder["s"]) with { ExportName = "x" }).ToString();
        await File.WriteAllBytesAsync(folder["a"], content);
        await DoesAsync(["img", "convert", "-O", "qcow2", uri, folder["b"]]);
        QemuImg.Run("compare", "-f", "raw", "-F", "qcow2", folder["a"], folder["b"]);
        await DoesAsync(["img", "compare", uri, folder["a"]]);
        (await DoesAsync(["img", "info", uri])).Should().Contain("1 MiB").And.NotContain("file length");
        (await DoesAsync(["img", "info", "--json", uri])).Should().Contain("\"raw\"");
        (await DoesAsync(["img", "map", "--json", uri])).Should().Contain("\"offset\":0");
        await DoesAsync(["img", "create", "-f", "qcow2", "-b", uri, "-F", "raw", folder["c"]]);
        (await DoesAsync(["img", "info", "--backing-chain", folder["c"]])).Should().Contain(uri);
        QemuImg.Run("compare", "-f", "raw", "-F", "qcow2", folder["a"], folder["c"]);
        EmuRun target = await EmuRun.RunAsync(["img", "convert", folder["a"], uri]);
        target.Code.Should().Be(1);
        target.Error.Should().Contain("is not a file");
    }

    [TestCase("serve /no/such/file", 1, "/no/such/file")]
    [TestCase("serve", 1, "serve")]
    [TestCase("serve -p 70000 x", 1, "70000 is not a port")]
    [TestCase("serve -b everywhere x", 1, "'everywhere' is not an address")]
    [TestCase("serve -e 0 x", 1, "too few")]
    [TestCase("serve -k s -p 1 x", 1, "excludes")]
    [TestCase("serve --overlay -B b x", 1, "--bitmap excludes --overlay")]
    [TestCase("serve --tls-verify-peer x", 1, "needs --tls-certificates")]
    [TestCase("connect http://x/", 1, "is not an NBD URI")]
    [TestCase("connect nbd+unix:///?socket=/no/such/socket", 1, "/no/such/socket")]
    public async Task Wrong_usage_is_explained(string line, int code, string error)
    {
        EmuRun run = await EmuRun.RunAsync(["nbd", .. line.Split(' ')]);
        run.Code.Should().Be(code);
        run.Output.Should().BeEmpty();
        run.Error.Should().StartWith("emu: ").And.Contain(error);
    }

    private static async Task<string> DoesAsync(string[] arguments)
    {
        EmuRun run = await EmuRun.RunAsync(arguments);
        run.Code.Should().Be(0, run.Error);
        return run.Output;
    }

    private static async Task ReadyAsync(string socket, Task serving)
    {
        for (int i = 0; i < 1000 && !File.Exists(socket) && !serving.IsCompleted; i++)
            await Task.Delay(10);
    }
}

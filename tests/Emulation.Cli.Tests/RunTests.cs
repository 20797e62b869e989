using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Emulation.Storage;

namespace Emulation.Cli.Tests;

public sealed class RunTests
{
    private const string CtrlA = "\x01";

    [TestCase("interpreter", "deterministic")]
    [TestCase("tier0", "real")]
    [TestCase("auto", "real")]
    [TestCase("jit", "deterministic")]
    public async Task A_guest_that_powers_off_ends_with_0(string engine, string time)
    {
        EmuRun run = await EmuRun.RunAsync([.. EmuRun.Hello().Where(a => a is not ("--time" or "deterministic")), "--engine", engine, "--time", time], "board\rpoweroff\r");
        run.Error.Should().BeEmpty();
        run.Code.Should().Be(0);
        run.Output.Should().Contain("Hello from the sample firmware").And.EndWith("bye\r\n");
    }

    [Test]
    public async Task The_text_of_until_ends_with_0()
    {
        EmuRun run = await EmuRun.RunAsync(EmuRun.Hello("--until", "type help"));
        run.Code.Should().Be(0);
        run.Output.Should().EndWith("type help");
    }

    [Test]
    public async Task A_timeout_ends_with_3()
    {
        EmuRun run = await EmuRun.RunAsync([.. EmuRun.Hello().Where(a => a is not ("--timeout" or "60" or "--time" or "deterministic")), "--timeout", "0.5"]);
        run.Code.Should().Be(3);
        run.Error.Should().Contain("--timeout");
    }

    [Test]
    public async Task A_fault_that_nothing_handles_ends_with_4_and_is_shown()
    {
        // an illegal instruction at the start of memory, with no trap vector
        string program = WriteWords(0x0010_0093 /* li x1, 1 */, 0xffff_ffff, 0x0000_006f);
        EmuRun run = await EmuRun.RunAsync(["run", "--board", "riscv64-virt", "--firmware", "none", "--load", program + "@0x80000000", "--timeout", "60"]);
        run.Code.Should().Be(4);
        run.Error.Should().Contain("illegal instruction").And.Contain("pc 0x80000004").And.Contain("x1").And.Contain("80000004:").And.Contain("80000008:");
    }

    [Test]
    public async Task A_guest_that_reports_failure_ends_with_1()
    {
        // lui x1, 0x100; lui x2, 0x73; addi x2, x2, 0x333; sw x2, 0(x1): code 7
        string program = WriteWords(0x0010_00b7, 0x0007_3137, 0x3331_0113, 0x0020_a023, 0x0000_006f);
        EmuRun run = await EmuRun.RunAsync(["run", "--board", "riscv64-virt", "--firmware", "none", "--load", program + "@0x80000000", "--timeout", "60"]);
        run.Code.Should().Be(1);
        run.Error.Should().Contain("failure 7");
    }

    [TestCase("a64", "aarch64-virt")]
    [TestCase("t32-svc", "arm-virt")]
    public async Task A_program_with_semihosting_prints_and_ends_with_its_code(string name, string board)
    {
        string program = Path.Combine(TestContext.CurrentContext.TestDirectory, "semihosting", name + ".elf");
        EmuRun run = await EmuRun.RunAsync(["run", "--board", board, "--load", program, "--semihosting", "arg=calls,arg=one", "--timeout", "60"]);
        run.Error.Should().BeEmpty();
        run.Code.Should().Be(42);
        run.Output.Should().StartWith("hello\n").And.Contain("calls one | 9\n").And.EndWith("bye\n");
    }

    [Test]
    public async Task No_reboot_ends_at_a_reset()
    {
        EmuRun run = await EmuRun.RunAsync(EmuRun.Hello("--no-reboot"), "reboot\r");
        run.Code.Should().Be(0);
        run.Output.Split("Hello").Should().HaveCount(2);
    }

    [Test]
    public async Task A_reset_starts_again()
    {
        // the reset empties the UART, what was typed ahead for it included
        EmuRun run = await EmuRun.RunAsync(EmuRun.Hello(), "reboot\r");
        run.Output.Split("Hello").Should().HaveCount(3);
        run.Output.Should().EndWith("> ");
        run.Code.Should().Be(4, "it waits for ever at the prompt");
    }

    [Test]
    public async Task A_deterministic_guest_that_waits_for_ever_is_told()
    {
        EmuRun run = await EmuRun.RunAsync(EmuRun.Hello());
        run.Code.Should().Be(4);
        run.Error.Should().Contain("waits for an interrupt");
        run.Output.Should().EndWith("> ");
    }

    [Test]
    public async Task Statistics_can_be_read_by_programs()
    {
        EmuRun run = await EmuRun.RunAsync(EmuRun.Hello("--stats", "json"), "poweroff\r");
        run.Code.Should().Be(0);
        using JsonDocument json = JsonDocument.Parse(run.Error);
        json.RootElement.GetProperty("instructions").GetInt64().Should().BeGreaterThan(1000);
        json.RootElement.GetProperty("stateHash").GetString().Should().HaveLength(64);
        json.RootElement.GetProperty("wallSeconds").GetDouble().Should().BePositive();
        (await EmuRun.RunAsync(EmuRun.Hello("--stats"), "poweroff\r")).Error.Should().Contain("instructions ").And.Contain("tlbMisses");
    }

    [Test]
    public async Task The_state_hash_does_not_depend_on_the_engine()
    {
        var hashes = new HashSet<string?>();
        foreach (string engine in (string[])["interpreter", "tier0", "jit"])
        {
            EmuRun run = await EmuRun.RunAsync(EmuRun.Hello("--stats", "json", "--until", "type help", "--engine", engine));
            using JsonDocument json = JsonDocument.Parse(run.Error);
            hashes.Add(json.RootElement.GetProperty("stateHash").GetString());
        }

        hashes.Should().HaveCount(1);
    }

    [Test]
    public async Task A_saved_state_goes_on_where_it_was()
    {
        string state = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"state-{Guid.NewGuid():n}");
        try
        {
            (await EmuRun.RunAsync(EmuRun.Hello("--until", "harts", "--save-state", state))).Code.Should().Be(0);
            File.Exists(state).Should().BeTrue();
            EmuRun run = await EmuRun.RunAsync(EmuRun.Hello("--load-state", state), "poweroff\r");
            run.Code.Should().Be(0);
            run.Output.Should().StartWith("   1\r\n").And.EndWith("bye\r\n").And.NotContain("Hello");
        }
        finally
        {
            File.Delete(state);
        }
    }

    [Test]
    public async Task A_profile_is_written_and_used()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"profile-{Guid.NewGuid():n}");
        try
        {
            for (int i = 0; i < 3; i++)
            {
                EmuRun run = await EmuRun.RunAsync(EmuRun.Hello("--profile", path), "board\rpoweroff\r");
                (run.Code, run.Error).Should().Be((0, ""));
                run.Output.Should().EndWith("bye\r\n");
                Emulation.Jit.JitProfile.Load(path, out string? problem);
                problem.Should().BeNull();
            }

            File.Exists(path).Should().BeTrue();
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public async Task The_state_hash_does_not_depend_on_a_profile()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"profile-{Guid.NewGuid():n}");
        try
        {
            var hashes = new HashSet<string?>();
            foreach (string[] more in (string[][])[["--engine", "tier0"], ["--profile", path], ["--profile", path]])
            {
                EmuRun run = await EmuRun.RunAsync(EmuRun.Hello(["--stats", "json", "--until", "type help", .. more]));
                using JsonDocument json = JsonDocument.Parse(run.Error);
                hashes.Add(json.RootElement.GetProperty("stateHash").GetString());
            }

            hashes.Should().HaveCount(1);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public async Task A_profile_that_is_no_good_is_told_and_the_run_goes_on()
    {
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "something else");
            EmuRun run = await EmuRun.RunAsync(EmuRun.Hello("--profile", path), "poweroff\r");
            run.Code.Should().Be(0);
            run.Output.Should().EndWith("bye\r\n");
            run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2);
            run.Error.Should().Contain($"'{path}' is not used").And.Contain("is not written");
            (await File.ReadAllTextAsync(path)).Should().Be("something else");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public async Task A_profile_without_tier_1_is_told()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"profile-{Guid.NewGuid():n}");
        EmuRun run = await EmuRun.RunAsync(EmuRun.Hello("--profile", path, "--engine", "tier0"), "poweroff\r");
        run.Code.Should().Be(0);
        run.Error.Should().Contain("jit");
        File.Exists(path).Should().BeFalse();
    }

    [Test]
    public async Task A_profile_that_cannot_be_written_is_told()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"no-{Guid.NewGuid():n}", "profile");
        EmuRun run = await EmuRun.RunAsync(EmuRun.Hello("--profile", path), "poweroff\r");
        run.Code.Should().Be(0);
        run.Error.Should().StartWith($"emu: --profile: '{path}' is not written:");
    }

    [Test]
    public async Task The_console_goes_into_a_file()
    {
        string path = Path.GetTempFileName();
        try
        {
            EmuRun run = await EmuRun.RunAsync(EmuRun.Hello("--serial", "file:" + path, "--until", "type help"));
            run.Code.Should().Be(0);
            run.Output.Should().BeEmpty();
            (await File.ReadAllTextAsync(path)).Should().EndWith("type help");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public async Task The_console_goes_over_TCP_both_ways()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<EmuRun> run = Task.Run(() => EmuRun.RunAsync(EmuRun.Hello("--serial", $"tcp:127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")));
        using TcpClient client = await listener.AcceptTcpClientAsync();
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync("poweroff\r"u8.ToArray());
        using var reader = new StreamReader(stream, Encoding.ASCII);
        (await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60))).Should().EndWith("bye\r\n");
        (await run).Code.Should().Be(0);
    }

    [Test]
    public async Task Keys_behind_Ctrl_A_are_commands_on_a_terminal()
    {
        var terminal = new FakeTerminal();
        EmuRun run = await EmuRun.RunAsync(EmuRun.Hello(), $"board\r{CtrlA}h{CtrlA}x", terminal);
        run.Code.Should().Be(0);
        run.Error.Should().Contain("Ctrl-A X");
        (terminal.IsRaw, terminal.Changes).Should().Be((false, 1));
    }

    [Test]
    public async Task The_monitor_shows_registers_and_goes_on()
    {
        EmuRun run = await EmuRun.RunAsync(EmuRun.Hello(), $"{CtrlA}cinfo registerz\x7f\x7fs\x7frs\rinfo registers\rfoo\rhelp\rstats\rcontinue\rpoweroff\r", new FakeTerminal());
        run.Code.Should().Be(0);
        run.Error.Should().Contain("(emu)").And.Contain("cpu0: pc 0x").And.Contain("x31").And.Contain("no command 'foo'").And.Contain("tlbMisses");
        run.Output.Should().EndWith("bye\r\n");
    }

    [Test]
    public async Task The_monitor_can_leave()
    {
        EmuRun run = await EmuRun.RunAsync(EmuRun.Hello(), $"{CtrlA}cquit\r", new FakeTerminal());
        run.Code.Should().Be(0);
    }

    [Test]
    public async Task Without_a_terminal_every_byte_is_the_guests()
    {
        EmuRun run = await EmuRun.RunAsync(EmuRun.Hello(), $"{CtrlA}xpoweroff\r");
        run.Output.Should().Contain("> xpoweroff").And.Contain("unknown command");
        run.Code.Should().Be(4, "the guest went on and waits for more");
    }

    [Test]
    public async Task A_disk_is_not_changed_through_an_overlay()
    {
        string disk = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(disk, new byte[4096]);
            EmuRun run = await EmuRun.RunAsync(EmuRun.Hello("--disk", $"file={disk},overlay", "--disk", $"file={disk},readonly,format=raw,bus=virtio", "--until", "type help"));
            run.Code.Should().Be(0, run.Error);
        }
        finally
        {
            File.Delete(disk);
        }
    }

    [TestCase("")]
    [TestCase(",format=qcow2")]
    [TestCase(",overlay")]
    [TestCase(",readonly")]
    public async Task A_qcow2_disk_is_found_by_its_content_or_by_its_name(string more)
    {
        string disk = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"disk-{Guid.NewGuid():n}.qcow2");
        DiskImage.Create(disk, 1 << 20, new Qcow2CreateOptions()).Dispose();
        byte[] before = await File.ReadAllBytesAsync(disk);
        try
        {
            EmuRun run = await EmuRun.RunAsync(EmuRun.Hello("--disk", $"file={disk}{more}", "--until", "type help"));
            run.Code.Should().Be(0, run.Error);
            (await File.ReadAllBytesAsync(disk)).Should().Equal(before, "nothing was written");
        }
        finally
        {
            File.Delete(disk);
        }
    }

    [Test]
    public async Task A_disk_of_the_wrong_format_is_refused()
    {
        string disk = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(disk, new byte[4096]);
            EmuRun run = await EmuRun.RunAsync(EmuRun.Hello("--disk", $"file={disk},format=qcow2"));
            run.Code.Should().NotBe(0);
            run.Error.Should().Contain(disk).And.Contain("not a qcow2 image");
        }
        finally
        {
            File.Delete(disk);
        }
    }

    private static string WriteWords(params uint[] words)
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"program-{Guid.NewGuid():n}");
        byte[] bytes = new byte[4 * words.Length];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), words[i]);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}

namespace Emulation.Cli.Tests;

/// <summary>Wrong usage: exit code 2, a sentence that says what is wrong, and nothing on standard output.</summary>
public sealed class UsageTests
{
    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return Case("frobnicate", "frobnicate");
        yield return Case("run", "--board");
        yield return Case("run --board nope", "no board 'nope'", "riscv64-virt");
        yield return Case("boards nope", "no board 'nope'");
        yield return Case("run --board riscv64-virt", "nothing to run");
        yield return Case("run --board riscv64-virt --bogus", "--bogus");
        yield return Case("run --board riscv64-virt --cpus 0", "1 to 8");
        yield return Case("run --board aarch64-virt,gic=4", "2 or 3");
        yield return Case("run --board aarch64-virt,acpi=on", "gic, secure, virtualization");
        yield return Case("run --board riscv64-virt,gic=3", "no option 'gic'");
        yield return Case("run --board riscv64-virt --cpus 9", "1 to 8");
        yield return Case("run --board riscv64-virt --cpus two", "two");
        yield return Case("run --board riscv64-virt --firmware none --memory 12Q", "12Q", "512M");
        yield return Case("run --board riscv64-virt --firmware none --memory 0", "not a size");
        yield return Case("run --board riscv64-virt --firmware none --memory 99999999999G", "not a size");
        yield return Case("run --board riscv64-virt --firmware none --memory 4K", "64 KiB");
        yield return Case("run --board riscv64-virt --firmware none --cpu rv64gc_zfoo", "zfoo");
        yield return Case("run --board riscv64-virt --firmware none --cpu rv32gc", "rv64");
        yield return Case("run --board riscv32-virt --firmware none --cpu rv64gc", "rv32");
        yield return Case("run --board riscv64-virt --firmware none --cpu cortex-a72", "cortex-a72");
        yield return Case("run --board riscv64-virt --kernel /no/such/kernel", "/no/such/kernel", "does not exist");
        yield return Case("run --board riscv64-virt --firmware /no/such/fw", "/no/such/fw", "does not exist");
        yield return Case("run --board riscv64-virt --append x --firmware none", "--append needs --kernel");
        yield return Case("run --board riscv64-virt --initrd x --firmware none", "--initrd needs --kernel");
        yield return Case("run --board riscv64-virt --firmware none --load /no/such/file@0x80000000", "/no/such/file'", "does not exist");
        yield return Case("run --board riscv64-virt --firmware none --dtb /no/such/tree", "/no/such/tree");
        yield return Case("run --board riscv64-virt --firmware none --disk file=/no/such/disk", "/no/such/disk");
        yield return Case("run --board riscv64-virt --firmware none --disk /no/such/disk", "not understood", "file=");
        yield return Case("run --board riscv64-virt --firmware none --disk readonly", "no file=");
        yield return Case("run --board riscv64-virt --firmware none --disk file=x,format=floppy", "floppy", "not supported yet", "qcow2");
        yield return Case("run --board riscv64-virt --firmware none --disk file=x,bus=nvme", "nvme", "not supported yet");
        yield return Case("run --board riscv64-virt --firmware none --disk file=x,color=red", "color=red");
        yield return Case("run --board riscv64-virt --firmware none --disk file=x,passphrase-file=/no/such/passphrase", "/no/such/passphrase");
        yield return Case("run --board riscv64-virt --firmware none --cdrom x", "--cdrom is not supported yet");
        yield return Case("run --board riscv64-virt --firmware none --net user", "not supported yet");
        yield return Case("run --board riscv64-virt --firmware none --gdb 1234", "--gdb is not supported yet");
        yield return Case("run --board riscv64-virt --firmware none --qmp s", "--qmp is not supported yet");
        yield return Case("run --board riscv64-virt --firmware none --engine kvm", "not supported yet");
        yield return Case("run --board riscv64-virt --firmware none --engine warp", "warp", "tier0");
        yield return Case("run --board riscv64-virt --firmware none --time sometimes", "sometimes", "deterministic");
        yield return Case("run --board riscv64-virt --firmware none --serial morse", "morse", "stdio");
        yield return Case("run --board riscv64-virt --firmware none --serial tcp:localhost", "tcp:HOST:PORT");
        yield return Case("run --board riscv64-virt --firmware none --serial none --serial none", "one serial line");
        yield return Case("run --board riscv64-virt --firmware none --serial file:/no/such/dir/f", "cannot be written");
        yield return Case("run --board riscv64-virt --firmware none --serial tcp:127.0.0.1:1", "cannot be reached");
        yield return Case("run --board riscv64-virt --firmware none --timeout -1", "out of range");
        yield return Case("run --board riscv64-virt --firmware none --timeout soon", "soon");
        yield return Case("run --board riscv64-virt --firmware none --stats xml", "xml", "json");
        yield return Case("run --board riscv64-virt --firmware none --load-state /no/such/state", "/no/such/state");
        yield return Case("run --board riscv64-virt --firmware none --semihosting", "Arm CPUs");
        yield return Case("run --board arm-virt --firmware none --semihosting dir=/no/such/dir", "/no/such/dir");
        yield return Case("run --board arm-virt --firmware none --semihosting readonly", "dir=DIR");
        yield return Case("run --board arm-virt --firmware none --semihosting files", "'files' is not understood", "arg=TEXT");
        yield return Case("user ls -l", "'user' is not supported yet");

        static TestCaseData Case(string line, params string[] expected) => new TestCaseData(line, expected).SetName("emu " + line.Replace('.', '_'));
    }

    [TestCaseSource(nameof(Wrong))]
    public async Task Wrong_usage_is_explained(string line, string[] expected)
    {
        EmuRun run = await EmuRun.RunAsync(line.Split(' '));
        run.Code.Should().Be(2);
        run.Output.Should().BeEmpty();
        run.Error.Should().StartWith("emu: ");
        foreach (string text in expected)
            run.Error.Should().Contain(text);
    }

    [Test]
    public async Task A_saved_state_of_another_machine_is_refused()
    {
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "no state at all");
            EmuRun run = await EmuRun.RunAsync(["run", "--board", "riscv64-virt", "--firmware", "none", "--load-state", path]);
            run.Code.Should().Be(2);
            run.Error.Should().Contain(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public async Task Help_and_version_are_facts()
    {
        (await EmuRun.RunAsync(["--version"])).Output.Should().MatchRegex(@"^emu \d+\.\d+\.\d+");
        EmuRun help = await EmuRun.RunAsync(["run", "--help"]);
        help.Code.Should().Be(0);
        foreach (string option in (string[])["--board", "--cpus", "--memory", "--cpu", "--kernel", "--initrd", "--append", "--firmware", "--load", "--dtb", "--disk", "--cdrom", "--net", "--serial", "--engine", "--time", "--no-reboot", "--until", "--timeout", "--stats", "--gdb", "--qmp", "--load-state", "--save-state"])
            help.Output.Should().Contain(option);
        foreach (string format in Emulation.Storage.DiskImage.Formats)
            help.Output.Should().Contain(format);
        (await EmuRun.RunAsync(["--help"])).Code.Should().Be(0);
        (await EmuRun.RunAsync(["boards", "--help"])).Code.Should().Be(0);
    }
}

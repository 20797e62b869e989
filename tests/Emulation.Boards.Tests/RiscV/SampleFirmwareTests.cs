using System.Security.Cryptography;
using Emulation.Boards.RiscV;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Boards.Tests.RiscV;

/// <summary>The sample firmware as a guest: console, interrupts, clocks, saved state.</summary>
public sealed class SampleFirmwareTests
{
    private static readonly TimeSpan s_limit = 10.VirtualSeconds();

    [Test]
    public void It_tells_what_the_machine_is([Values(32, 64)] int bits, [Values(1, 2, 8)] int harts, [Values(EngineKind.Interpreter, EngineKind.Tier0)] EngineKind engine)
    {
        using Machine machine = Build(bits, harts, engine, out SerialPort tty);
        machine.RunUntilText(tty, "> ", s_limit).Reason.Should().Be(StopReason.Condition);
        tty.RecentText.Should().Contain("Hello from the sample firmware").And.Contain($"harts   {harts}\r").And.Contain($"isa     rv{bits}ima").And.Contain("memory  32 MiB at 0x80000000");
    }

    [Test]
    public void It_computes_digests_and_powers_off([Values(32, 64)] int bits, [Values(TimeMode.Deterministic, TimeMode.RealTime)] TimeMode time)
    {
        using Machine machine = Build(bits, 2, EngineKind.Tier0, out SerialPort tty, time);
        machine.RunUntilText(tty, "> ", s_limit);
        byte[] bytes = new byte[3000];
        machine.Memory.TryRead(0x8000_0000, bytes).Should().BeTrue();
        tty.Send("md5 0x80000000 3000\r");
        machine.RunUntilText(tty, "> ", s_limit);
#pragma warning disable CA5351 // what the guest computes
        tty.RecentText.Should().Contain(Convert.ToHexStringLower(MD5.HashData(bytes)));
#pragma warning restore CA5351
        tty.Send("poweroff\r");
        machine.RunFor(s_limit).Reason.Should().Be(StopReason.PowerOff);
        tty.RecentText.Should().EndWith("bye\r\n");
    }

    [Test]
    public void The_clock_shows_the_epoch()
    {
        using Machine machine = Build(64, 1, EngineKind.Tier0, out SerialPort tty);
        machine.RunUntilText(tty, "> ", s_limit);
        tty.Send("time\r");
        machine.RunUntilText(tty, "since 1970", s_limit).Reason.Should().Be(StopReason.Condition);
        tty.RecentText.Should().Contain("at 10000000 Hz").And.Contain("clock 17356896000", "virtual time has hardly passed since the beginning of 2025");
    }

    [Test]
    public void A_reboot_starts_it_again()
    {
        using Machine machine = Build(64, 2, EngineKind.Tier0, out SerialPort tty);
        machine.RunUntilText(tty, "> ", s_limit);
        tty.Send("reboot\r");
        machine.RunUntilText(tty, "Hello", s_limit).Reason.Should().Be(StopReason.Condition);
        machine.ResetPolicy = ResetPolicy.Stop;
        machine.RunUntilText(tty, "> ", s_limit);
        tty.Send("reboot\r");
        machine.RunFor(s_limit).Reason.Should().Be(StopReason.Reset);
    }

    [Test]
    public void An_idle_prompt_halts_a_deterministic_machine()
    {
        using Machine machine = Build(64, 2, EngineKind.Tier0, out SerialPort tty);
        machine.Run().Reason.Should().Be(StopReason.Halted);
        tty.RecentText.Should().EndWith("> ");
    }

    [Test]
    public void A_saved_state_goes_on_in_another_machine_to_the_same_end([Values(32, 64)] int bits, [Values(1UL, 999UL, 5000UL, 20_011UL)] ulong after)
    {
        using Machine first = Build(bits, 2, EngineKind.Tier0, out SerialPort tty);
        first.Run(after).Reason.Should().Be(StopReason.InstructionLimit);
        using var saved = new MemoryStream();
        first.Save(saved);
        long position = tty.TransmittedCount;
        (string text, string hash) = Finish(first, tty, position);

        using Machine second = Build(bits, 2, EngineKind.Interpreter, out SerialPort tty2);
        saved.Position = 0;
        second.Load(saved);
        Finish(second, tty2, 0).Should().Be((text, hash), "the other engine computes the same from the same state");
    }

    [Test]
    public void A_fork_goes_its_own_way()
    {
        using Machine original = Build(64, 2, EngineKind.Tier0, out SerialPort tty);
        original.RunUntilText(tty, "> ", s_limit);
        using Machine fork = original.Fork();
        SerialPort forkTty = fork.CounterpartOf(tty);
        forkTty.Should().NotBeSameAs(tty);
        forkTty.Send("mem 0x80000000 4\r");
        fork.RunUntilText(forkTty, "> ", s_limit).Reason.Should().Be(StopReason.Condition);
        long before = tty.TransmittedCount;
        tty.Send("poweroff\r");
        original.RunFor(s_limit).Reason.Should().Be(StopReason.PowerOff);
        tty.GetText(before).Should().NotContain("mem");
        forkTty.Send("poweroff\r");
        fork.RunFor(s_limit).Reason.Should().Be(StopReason.PowerOff);
    }

    [TestCase(TimeMode.Deterministic)]
    [TestCase(TimeMode.RealTime)]
    public void A_fork_is_reset_to_the_same_start_when_its_files_are_gone(TimeMode time)
    {
        using var files = new TestFiles();
        string path = files.Write("firmware", File.ReadAllBytes(TestFiles.Firmware(64)));
        using Machine machine = new MachineBuilder().UseRiscVVirt().WithMemory(32.MiB()).WithTime(time).WithFirmware(path).AddConsole(out SerialPort tty).Build();
        byte[] tree = machine.Get<RiscVVirtBoard>().DeviceTree.Write();
        File.Delete(path);
        using Machine fork = machine.Fork();
        fork.Reset();
        fork.Get<RiscVVirtBoard>().DeviceTree.Write().Should().Equal(tree, "seed and all");
        fork.RunUntilText(fork.CounterpartOf(tty), "> ", s_limit).Reason.Should().Be(StopReason.Condition);
    }

    [Test]
    public void A_snapshot_brings_the_prompt_back()
    {
        using Machine machine = Build(64, 1, EngineKind.Tier0, out SerialPort tty);
        machine.RunUntilText(tty, "> ", s_limit);
        using Snapshot ready = machine.Snapshot();
        string hash = machine.StateHash().Hex;
        for (int i = 0; i < 2; i++)
        {
            tty.Send("time\r");
            machine.RunUntilText(tty, "> ", s_limit);
            machine.Restore(ready);
            machine.StateHash().Hex.Should().Be(hash);
        }
    }

    [Test]
    public async Task Waiting_for_a_line_that_does_not_come_shows_the_output()
    {
        await using Machine machine = Build(64, 1, EngineKind.Tier0, out SerialPort tty);
        (await machine.WaitForLineAsync(tty, "type help", s_limit)).Reason.Should().Be(StopReason.Condition);
        Func<Task> wait = () => machine.WaitForLineAsync(tty, "login:", 1.VirtualSeconds());
        (await wait.Should().ThrowAsync<TimeoutException>()).WithMessage("*login:*type help*");
    }

    private static (string Text, string Hash) Finish(Machine machine, SerialPort tty, long position)
    {
        if (!tty.GetText(position).Contains("> ", StringComparison.Ordinal))
            machine.RunUntilText(tty, "> ", s_limit).Reason.Should().Be(StopReason.Condition);
        tty.Send("md5 0x80001000 512\rpoweroff\r");
        machine.RunFor(s_limit).Reason.Should().Be(StopReason.PowerOff);
        return (tty.GetText(position), machine.StateHash().Hex);
    }

    private static Machine Build(int bits, int harts, EngineKind engine, out SerialPort tty, TimeMode time = TimeMode.Deterministic)
        => new MachineBuilder()
            .UseRiscVVirt(o => (o.Isa, o.Cpus, o.Engine) = (BoardTests.Isa(bits), harts, new EngineOptions { Engine = engine }))
            .WithMemory(32.MiB()).WithTime(time).WithFirmware(TestFiles.Firmware(bits)).AddConsole(out tty).Build();
}

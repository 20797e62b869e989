namespace FirmwareTests;

public sealed class SampleTests
{
    // Booted once; each test gets a copy of its own, which is cheaper than booting.
    private static readonly Lazy<RiscVVirtBench> s_ready = new(() =>
    {
        var board = new RiscVVirtBench(fw => fw.Elf(Path.Combine(TestContext.CurrentContext.TestDirectory, "firmware", "app.elf")).Coverage());
        board.Uart.WaitForLine("ready", within: 100.VirtualMilliseconds());
        return board;
    });

    [Test]
    public void Answers_on_its_console()
    {
        using RiscVVirtBench board = s_ready.Value.Fork();
        board.Uart.WriteLine("temp");
        board.Uart.WaitForLine("T=21.5", within: 10.VirtualMilliseconds());
    }

    [Test]
    public void Shows_a_temperature_that_changed()
    {
        using RiscVVirtBench board = s_ready.Value.Fork();
        board.Write("latest", 305);
        board.Uart.WriteLine("temp");
        board.Uart.WaitForLine("T=30.5");
    }

    [Test]
    public void Toggles_the_led_every_ten_ticks()
    {
        using RiscVVirtBench board = s_ready.Value.Fork();
        board.WaitForChange<uint>("led");
        (board.Read<uint>("ticks") % 10).Should().Be(0);
    }

    [TestCase(false, 1)]
    [TestCase(true, 2)]
    public void Survives_a_power_cut_while_it_counts_boots(bool torn, int boots)
    {
        using var board = new RiscVVirtBench(fw => fw.Elf(Path.Combine(TestContext.CurrentContext.TestDirectory, "firmware", "app.elf")));
        Fault cut = board.Faults.PowerCut(at: board.Flash.Write(1), torn: torn);
        board.RunFor(50.VirtualMilliseconds());
        cut.Should().HaveFired();                             // a fault that missed is a failed test
        board.PowerCycle();
        board.Uart.WaitForLine($"boot {boots}", within: 2.VirtualSeconds());
    }

    [Test]
    public void Covers_the_command_that_classifies()
    {
        using RiscVVirtBench board = s_ready.Value.Fork();
        board.Uart.WriteLine("classify");
        board.Uart.WaitForLine("12");
        board.Coverage.File("app.c")!.Functions["classify"].Calls.Should().Be(2);
        board.Coverage.SaveCobertura("coverage.xml");
    }
}

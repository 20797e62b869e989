namespace Emulation.Compare.Tests;

public sealed class RoundsTests
{
    private const string Good = "BOOT-OK riscv64\ncrc 00000000000000aa 1.0\nPOWEROFF\n";

    private static readonly Scenario s_scenario = new("bench", "kernel", "initrd", "", null);

    [Test]
    public void Equal_results_are_no_failure()
    {
        Failures(Run(Good), Run(Good)).Should().BeEmpty();
    }

    [Test]
    public void Different_checksums_are_a_failure()
    {
        Failures(Run(Good), Run(Good.Replace("aa", "ab")))
            .Should().Equal("bench round 1: crc gave 00000000000000aa on emu, 00000000000000ab on qemu");
    }

    [Test]
    public void A_program_that_only_one_ran_is_a_failure()
    {
        Failures(Run("BOOT-OK\nPOWEROFF\n"), Run(Good))
            .Should().Equal("bench round 1: crc gave nothing on emu, 00000000000000aa on qemu");
    }

    [Test]
    public void Lost_console_lines_are_a_failure()
    {
        Failures(Run(Good), Run("line 00001\n" + Good)).Should().ContainSingle().Which.Should().Contain("0 console lines from emu");
    }

    [TestCase("BOOT-OK\n", 0, false, "ended with status 0")]
    [TestCase(Good, 4, false, "ended with status 4")]
    [TestCase(Good, 0, true, "timed out")]
    public void A_run_that_did_not_end_well_is_a_failure_and_not_compared(string console, int exitCode, bool timedOut, string why)
    {
        var rounds = new Rounds(s_scenario, [(Run(console, exitCode, timedOut), Run(Good))]);

        rounds.Failures().Should().ContainSingle().Which.Should().Contain(why);
        rounds.Compare().Should().BeEmpty();
    }

    private static IEnumerable<string> Failures(Sample ours, Sample reference) =>
        new Rounds(s_scenario, [(ours, reference)]).Failures();

    private static Sample Run(string text, int exitCode = 0, bool timedOut = false)
    {
        var console = new GuestConsole();
        console.Add(text, 1);
        return new Sample
        {
            Console = console,
            WallSeconds = 2,
            CpuSeconds = 1.5,
            PeakMebibytes = 100,
            ExitCode = exitCode,
            TimedOut = timedOut,
            StandardError = "",
        };
    }
}

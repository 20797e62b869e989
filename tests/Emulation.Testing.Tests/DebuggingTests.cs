using System.Xml.Linq;
using Emulation.Cpu;
using Emulation.Debugging;

namespace Emulation.Testing.Tests;

/// <summary>Recorders of Emulation.Debugging on a board.</summary>
[TestFixture]
public sealed class DebuggingTests
{
    [Test]
    public void Coverage_has_lines_and_both_ways_of_branches()
    {
        using RiscVVirtBench board = Programs.Ready(static fw => fw.Coverage());
        (int below, int above) = (Programs.LineOf("if (value < 0)"), Programs.LineOf("if (value > 100)"));
        board.Coverage.Hits("app.c", below).Should().Be(0);
        board.Uart.WriteLine("classify");
        board.Uart.WaitForLine("12");
        CoverageReport report = board.Coverage;
        report.File("app.c")!.Functions["classify"].Calls.Should().Be(2);
        report.Hits("app.c", below).Should().Be(2);
        BranchCoverage branch = report.File("app.c")!.Lines[below].Branches.Values.Single();
        (branch.Taken + branch.NotTaken, branch.Covered).Should().Be((2UL, 1));
        report.File("app.c")!.Lines[above].Branches.Values.First().Should().Be(new BranchCoverage(1, 1));
        report.File("app.c")!.Lines[Programs.LineOf("source = PLIC")].Branches.Should().BeEmpty();
        report.File("app.c")!.Lines[Programs.LineOf("while (*a && *a == *b)")].Branches.Should().NotBeEmpty();
        CoverageReport before = board.Coverage;
        before.BranchOutcomes.Should().Be(report.BranchOutcomes, "branches that are never reached count, too");
        report.Should().Cover("app.c", below, above);
        report.Invoking(r => r.Should().Cover("checks.h")).Should().Throw<AssertionException>().WithMessage("*checks.h*");
    }

    [Test]
    public void Coverage_of_several_runs_adds_up_and_is_written()
    {
        using RiscVVirtBench template = Programs.Ready(static fw => fw.Coverage());
        CoverageReport[] reports = [.. new[] { "classify", "check" }.Select(command =>
        {
            using RiscVVirtBench board = template.Fork();
            board.Uart.WriteLine(command);
            board.RunFor(5.VirtualMilliseconds());
            return board.Coverage;
        })];
        CoverageReport all = CoverageReport.Merge([template.Coverage, .. reports]);
        all.CoveredLines.Should().BeGreaterThan(reports.Max(static r => r.CoveredLines));
        int line = Programs.LineOf("sum += i", "checks.h");
        all.Hits("checks.h", line).Should().Be(100);
        string folder = TestContext.CurrentContext.WorkDirectory;
        all.SaveCobertura(Path.Combine(folder, "coverage.xml"));
        all.SaveLcov(Path.Combine(folder, "coverage.info"));
        XElement root = XDocument.Load(Path.Combine(folder, "coverage.xml")).Root!;
        root.Attribute("lines-covered")!.Value.Should().Be(all.CoveredLines.ToString(System.Globalization.CultureInfo.InvariantCulture));
        root.Descendants("class").Select(static c => c.Attribute("filename")!.Value).Should().Contain(["firmware/app.c", "firmware/checks.h"]);
        root.Descendants("line").Should().Contain(static l => l.Attribute("condition-coverage") != null);
        File.ReadAllLines(Path.Combine(folder, "coverage.info")).Should().Contain(["SF:firmware/app.c", $"DA:{line},100", "end_of_record"]).And.ContainMatch("BRDA:*").And.ContainMatch("FNDA:2,classify");
    }

    [Test]
    public void Stack_use_is_seen()
    {
        using RiscVVirtBench board = Programs.NewBoard();
        using StackMonitor stack = board.WatchStack("stack_bottom", "stack_top");
        board.Uart.WaitForLine("ready");
        ulong before = stack.HighWater;
        before.Should().BeInRange(16, 400);
        board.Uart.WriteLine("dig");
        board.Uart.WaitForLine("210");
        stack.HighWater.Should().BeInRange(before + (20 * 64), 4096);
        board.Firmware.Locate(stack.DeepestPc).Function.Should().Be("dig");
        stack.Should().HaveFree(1024);
    }

    [Test]
    public void Latency_of_interrupts_is_measured()
    {
        using RiscVVirtBench board = Programs.Ready();
        using InterruptLatency latency = board.MeasureLatency(board.Board.Uart.Irq, "trap_entry");
        for (int i = 0; i < 5; i++)
        {
            board.Uart.Write("x");
            board.RunFor(50.VirtualMicroseconds());
        }

        latency.Samples.Should().HaveCount(5);
        latency.Minimum.Should().BeGreaterThanOrEqualTo(0);
        latency.Percentile(1).Should().Be(latency.Maximum).And.BeLessThan(1000);
    }

    [Test]
    public void Waveforms_are_written()
    {
        using RiscVVirtBench board = Programs.Ready();
        using var vcd = new VcdRecorder(board.Machine);
        vcd.Add(board.Board.Uart.Irq);
        vcd.AddMemory("firmware.led", board.Symbol("led").Address, 4);
        board.WaitForChange<uint>("led");
        board.WaitForChange<uint>("led");
        string text = vcd.ToString();
        text.Should().StartWith("$timescale 1ns $end\n$scope module uart0 $end\n$var wire 1 ! ").And.Contain("$scope module firmware $end\n$var wire 32 \" led $end").And.Contain("\nb1 \"\n").And.Contain("\nb0 \"\n");
    }

    [Test]
    public void Transcripts_have_lines_and_times()
    {
        using RiscVVirtBench board = Programs.NewBoard();
        using var transcript = new BusTranscript(board.Machine);
        transcript.Attach(board.Uart.Port);
        board.Uart.WaitForLine("ready");
        transcript.Entries.Select(static e => e.Text).Should().Equal("> boot 1", "> ready");
    }

    [Test]
    public void The_trace_hash_is_the_same_on_every_engine()
    {
        ulong[] hashes = [.. Enum.GetValues<EngineKind>().Select(engine =>
        {
            using RiscVVirtBench board = Programs.NewBoard(fw => fw.Engine = engine);
            board.RecordTraceHash();
            board.Uart.WaitForLine("ready");
            board.Uart.WriteLine("check");
            board.RunFor(5.VirtualMilliseconds());
            return board.TraceHash;
        })];
        hashes.Distinct().Should().ContainSingle();
    }

    [Test]
    public void The_call_stack_goes_through_every_function_of_a_recursion()
    {
        using RiscVVirtBench board = Programs.Ready();
        board.Uart.WriteLine("dig");
        for (int i = 0; i < 5; i++)
            board.WaitForFunction("dig");
        board.Step();
        board.Step();
        board.CallStack.Select(static f => f.Location.Function).Should().Equal("dig", "dig", "dig", "dig", "dig", "execute", "main_loop", "main", "_start");
        board.CallStack.Skip(1).Should().OnlyContain(static f => f.Location.Line > 0);
    }
}

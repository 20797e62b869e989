using Emulation.Boards.RiscV;
using Emulation.Core;

namespace Emulation.Boards.Tests.RiscV;

/// <summary>Machines of one process do not notice each other.</summary>
[TestFixture]
public sealed class ManyMachinesTests
{
    private const int Count = 64;

    [Test]
    public void At_once_they_end_as_one_after_the_other()
    {
        string[] alone = [.. Enumerable.Range(0, Count).Select(i => Run(i, Hash))];
        string[] together = new string[Count];
        Thread[] threads = [.. Enumerable.Range(0, Count).Select(i => new Thread(() => together[i] = Run(i, Hash)))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        together.Should().Equal(alone);
        alone.Distinct().Should().HaveCount(Count, "each got input of its own");
    }

    [Test]
    public void Made_and_disposed_they_leave_no_memory_behind()
    {
        for (int i = 0; i < 200; i++)
            Run(0, static _ => "");
        long before = Settled();
        for (int i = 0; i < 2000; i++)
            Run(0, static _ => "");
        (Settled() - before).Should().BeLessThan(24 << 20);

        static long Settled()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            return Environment.WorkingSet;
        }
    }

    private static string Hash(Machine machine) => machine.StateHash().Hex;

    private static string Run(int number, Func<Machine, string> result)
    {
        using Machine machine = new MachineBuilder()
            .UseRiscVVirt()
            .WithMemory(16.MiB())
            .WithFirmware(Path.Combine(AppContext.BaseDirectory, "firmware", "hello-rv64.elf"))
            .AddConsole(out SerialPort tty)
            .Build();
        tty.Send($"md5 80000000 {(number + 1) * 64:x}\r");
        machine.Run(500_000).Reason.Should().BeOneOf(StopReason.InstructionLimit, StopReason.Halted);
        return result(machine);
    }
}

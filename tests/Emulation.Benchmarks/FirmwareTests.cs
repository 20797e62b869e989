using System.Diagnostics;
using System.Globalization;
using Emulation.Core;
using Emulation.Debugging;
using Emulation.Testing;

namespace Emulation.Benchmarks;

/// <summary>How long many small firmware tests take on two threads, each with a board of its own, and whether they always do the same thing.</summary>
internal static class FirmwareTests
{
    private const int Threads = 2;

    /// <summary>Runs the thermometer of samples/FirmwareTests for 10 ms on many boards, and repeats it.</summary>
    /// <param name="counts">Number of tests and of repetitions; 1,000 and 20 where not given.</param>
    public static void Run(IReadOnlyList<string> counts)
    {
        int tests = Count(counts, 0, 1000), repetitions = Count(counts, 1, 20);
        FirmwareImage image = FirmwareImage.LoadElf(Path.Combine(AppContext.BaseDirectory, "firmware", "stm32f4.elf"));
        using var ready = new Stm32F4Discovery(fw => fw.Image(image));
        ready.Usart2.WaitForLine("ready");
        Print($"{tests} tests of 10 ms, {Threads} threads   seconds   hash of all traces");
        var hashes = new HashSet<ulong>();
        for (int i = 0; i < repetitions; i++)
        {
            double boards = Measure(tests, () => new Stm32F4Discovery(fw => fw.Image(image)), hash: false, out _);
            double forks = Measure(tests, ready.Fork, hash: false, out _);
            double hashed = Measure(tests, () => new Stm32F4Discovery(fw => fw.Image(image)), hash: true, out ulong all);
            hashes.Add(all);
            Print($"{i + 1,3}: new boards {boards:f2}, forks {forks:f2}, new boards with trace hash {hashed:f2}   {all:x16}");
        }

        Print($"different hashes: {hashes.Count}");
    }

    private static double Measure(int tests, Func<Stm32F4Discovery> create, bool hash, out ulong all)
    {
        ulong sum = 0;
        long start = Stopwatch.GetTimestamp();
        Parallel.For(0, tests, new ParallelOptions { MaxDegreeOfParallelism = Threads }, _ =>
        {
            using Stm32F4Discovery board = create();
            if (hash)
                board.RecordTraceHash();
            board.RunFor(10.VirtualMilliseconds());
            if (!board.Usart2.Lines.Any(static l => l.Text == "ready"))
                throw new InvalidOperationException("the firmware was not ready in time");
            if (hash)
                Interlocked.Add(ref sum, board.TraceHash);
        });
        all = sum;
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static int Count(IReadOnlyList<string> counts, int index, int value)
        => index < counts.Count ? int.Parse(counts[index], CultureInfo.InvariantCulture) : value;

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}

using System.Diagnostics;
using System.Text;

namespace Emulation.Compare;

/// <summary>Runs an emulator once and measures it from outside, so that both are measured alike.</summary>
internal static class GuestProcess
{
    // an emulator that keeps its own time limit gets this long to notice it
    private const int GraceSeconds = 20;
    private const int MemoryPollMilliseconds = 40;

    public static Sample Run(ProcessStartInfo command, int timeoutSeconds)
    {
        var console = new GuestConsole();
        double? cpuBefore = ResourceUsage.ChildrenCpuSeconds();
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(command) ?? throw new MissingPartException($"{command.FileName} does not start");

        // Standard input stays open and silent: at its end an emulator might leave.
        Task<string> errors = process.StandardError.ReadToEndAsync();
        var reader = Task.Run(() => Follow(process.StandardOutput.BaseStream, console, start));
        long peak = 0;
        bool timedOut = false;
        while (!process.WaitForExit(MemoryPollMilliseconds))
        {
            peak = Math.Max(peak, ResourceUsage.PeakBytes(process.Id));
            if (!timedOut && Stopwatch.GetElapsedTime(start).TotalSeconds > timeoutSeconds + GraceSeconds)
            {
                timedOut = true;
                process.Kill(entireProcessTree: true);
            }
        }

        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double? cpu = ResourceUsage.ChildrenCpuSeconds() - cpuBefore;
        reader.Wait();
        return new Sample
        {
            Console = console,
            WallSeconds = wall,
            CpuSeconds = cpu,
            PeakMebibytes = peak > 0 ? peak / 1048576.0 : null,
            ExitCode = process.ExitCode,
            TimedOut = timedOut,
            StandardError = errors.Result,
        };
    }

    private static void Follow(Stream output, GuestConsole console, long start)
    {
        var bytes = new byte[64 * 1024];
        int count;
        while ((count = output.Read(bytes)) > 0)
            console.Add(Encoding.Latin1.GetString(bytes, 0, count), Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}

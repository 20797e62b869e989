using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.Semantics;

/// <summary>Runs code in one of the ways.</summary>
internal static class Ways
{
    /// <summary>Runs up to an address, or to what stops it.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="way">How.</param>
    /// <param name="start">First instruction.</param>
    /// <param name="end">Behind the last one.</param>
    /// <param name="after">Called behind every instruction, except of whole runs; in hooks, before every one.</param>
    public static RunResult Run(TestCpu cpu, WayOfRunning way, ulong start, ulong end, Action? after = null)
    {
        const int Limit = 1000;
        ArmCpu arm = cpu.Cpu;
        if (way == WayOfRunning.Whole)
            return arm.Run(start, end, Limit);
        if (way == WayOfRunning.Hooked)
        {
            int seen = 0;
            using IDisposable hook = arm.Hooks.Code(start, end - 1, (in CodeEvent _) =>
            {
                seen++;
                after?.Invoke();
            });
            RunResult whole = arm.Run(start, end, Limit);
            seen.Should().BeGreaterThan(0);
            return whole;
        }

        RunResult result = arm.Run(start, end, 1);
        for (int i = 0; i < Limit && result.Reason == StopReason.InstructionLimit && arm.Pc != end; i++)
        {
            after?.Invoke();
            if (way == WayOfRunning.Saved)
                SaveAndLoad(arm);
            result = arm.Run(arm.Pc, end, 1);
        }

        return arm.Pc == end ? result with { Reason = StopReason.ExitAddress } : result;
    }

    private static void SaveAndLoad(ArmCpu cpu)
    {
        var writer = new StateWriter();
        cpu.Save(writer);
        cpu.Reset();
        cpu.Load(new StateReader(cpu.Name, 1, writer.Written.ToArray()));
    }
}

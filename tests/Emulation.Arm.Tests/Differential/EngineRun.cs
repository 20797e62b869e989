using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.Differential;

/// <summary>Our side of the comparison.</summary>
internal static class EngineRun
{
    /// <summary>Runs a program up to its system calls; gives its data.</summary>
    /// <param name="program">The program.</param>
    /// <param name="engine">What executes it.</param>
    /// <param name="start">What happens to the CPU first; null for nothing.</param>
    /// <param name="isa">What the CPU has; null for everything.</param>
    /// <param name="options">Its options; null for those of code without an operating system.</param>
    public static byte[] Run(Program program, EngineKind engine, Action<ArmCpu>? start = null, ArmIsa? isa = null, ArmCpuOptions? options = null)
    {
        using TestCpu cpu = options is null ? new(engine, isa) : new(engine, options, isa);
        start?.Invoke(cpu.Cpu);
        cpu.Memory.Map(Program.Base, ((ulong)program.Image.Length + 0xfff) & ~0xfffUL, program.Image);
        var initial = new StateWriter();
        cpu.Cpu.Save(initial);
        Run(program, cpu);
        if (engine == EngineKind.Jit)
        {
            // The first time through everything was compiled; now it runs.
            cpu.Regions.Should().BePositive();
            cpu.Cpu.Load(new StateReader("cpu", 1, initial.Written.ToArray()));
            cpu.Memory.Write(Program.Base + (ulong)program.DataOffset, program.Image.AsSpan(program.DataOffset));
            Run(program, cpu);
        }

        return cpu.Read(Program.Base + (ulong)program.DataOffset, Program.DataBytes);
    }

    private static void Run(Program program, TestCpu cpu)
    {
        RunResult result = cpu.Cpu.Run(Program.Base, program.End, 1_000_000);
        if (result.Reason != StopReason.ExitAddress)
        {
            uint word = BitConverter.ToUInt32(program.Image, (int)(result.Pc - Program.Base));
            throw new InvalidOperationException($"stopped by {result.Reason} at 0x{result.Pc:x} ({word:x8}) after {result.Instructions}: {result.Fault}");
        }
    }
}

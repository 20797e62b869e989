using Emulation.Core;
using Emulation.Cpu;
using Emulation.RiscV.Tests.Semantics;

namespace Emulation.RiscV.Tests.Differential;

/// <summary>Our side of the comparison.</summary>
internal static class EngineRun
{
    /// <summary>Runs a program up to its system calls; gives its data.</summary>
    /// <param name="program">The program.</param>
    /// <param name="isa">What the hart has.</param>
    /// <param name="engine">What executes it.</param>
    public static byte[] Run(Program program, string isa, EngineKind engine)
    {
        using var hart = new TestHart(isa, engine);
        ulong size = ((ulong)program.Image.Length + 0xfff) & ~0xfffUL;
        hart.Map(Program.Base, size, program.Image);
        var initial = new StateWriter();
        hart.Cpu.Save(initial);
        Run(program, hart);
        if (engine == EngineKind.Jit)
        {
            // The first time through everything was compiled; now it runs.
            hart.Regions.Should().BePositive();
            hart.Cpu.Load(new StateReader("cpu", 1, initial.Written.ToArray()));
            hart.Write(Program.Base + (ulong)program.DataOffset, program.Image.AsSpan(program.DataOffset));
            Run(program, hart);
        }

        return hart.Read(Program.Base + (ulong)program.DataOffset, Program.DataBytes);
    }

    private static void Run(Program program, TestHart hart)
    {
        RunResult result = hart.Cpu.Run(Program.Base, program.End, 1_000_000);
        if (result.Reason != StopReason.ExitAddress)
            throw new InvalidOperationException($"stopped by {result.Reason} at 0x{result.Pc:x} after {result.Instructions}: {result.Fault}");
    }
}

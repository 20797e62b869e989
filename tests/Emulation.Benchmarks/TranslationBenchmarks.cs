using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Emulation.Cpu;
using Emulation.IR;
using Emulation.IR.Passes;
using Emulation.Jit;
using Emulation.RiscV;
using Emulation.TestHarness;

namespace Emulation.Benchmarks;

/// <summary>Cost of getting from guest bytes to code, per guest instruction.</summary>
public class TranslationBenchmarks
{
    private const int Count = 64;
    private readonly RiscVFrontend _frontend = new(RiscVIsa.Parse("rv64gc"));
    private readonly IrBuilder _builder = new();
    private readonly IrBlock _block = new();
    private byte[] _code = [];

    /// <summary>Makes straight RISC-V code.</summary>
    [GlobalSetup]
    public void Setup()
    {
        uint[] words = new uint[Count];
        for (int i = 0; i < Count; i++)
        {
            words[i] = (i % 4) switch
            {
                0 => 0x00b50533,                              // add a0, a0, a1
                1 => 0x0085b603,                              // ld a2, 8(a1)
                2 => 0x00c5b823,                              // sd a2, 16(a1)
                _ => 0x00158593,                              // addi a1, a1, 1
            };
        }

        _code = MemoryMarshal.AsBytes<uint>(words).ToArray();
    }

    /// <summary>Decodes and builds IR.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public int Frontend()
    {
        _builder.Begin(_block, 0x1000, 0);
        _frontend.Translate(_builder, _code, 0x1000, 0, Count, null);
        return _block.Count;
    }

    /// <summary>Decodes, builds IR and runs all passes.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public int FrontendAndPasses()
    {
        Frontend();
        IrPasses.Optimize(_block);
        return _block.Count;
    }
}

/// <summary>Compile time of regions, per guest instruction: random toy programs, which are dearer than ordinary code.</summary>
public class CompilationBenchmarks
{
    /// <summary>Compiles every block of a program that is entered three times.</summary>
    /// <returns>Instructions compiled; divide by them.</returns>
    [Benchmark]
    public long Regions()
    {
        var random = new Random(3);
        using var machine = new ToyMachine(new ToyEngine("jit", EngineKind.Jit, new JitOptions { Threshold = 3, Synchronous = true }));
        machine.Load(ToyMachine.Code, RandomProgram.Generate(random, 300));
        RandomProgram.Fill(random, machine);
        machine.RunTo(3000);
        return machine.Jit!.Statistics.Instructions;
    }
}

using BenchmarkDotNet.Attributes;
using Emulation.Cpu;
using Emulation.IR;
using Emulation.Jit;
using Emulation.TestHarness;

namespace Emulation.Benchmarks;

/// <summary>Time per guest instruction of small loops on each engine.</summary>
public class ExecutionBenchmarks
{
    private const int Instructions = 1_000_000;
    private ToyMachine _machine = null!;

    /// <summary>The loop.</summary>
    [Params("alu", "memory", "chase", "branches", "float", "call", "atomic", "vector", "vector-memory", "vector-double", "vector-single")]
    public string Loop { get; set; } = "";

    /// <summary>The engine.</summary>
    [Params(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)]
    public EngineKind Engine { get; set; }

    /// <summary>Loads and warms up.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _machine = new ToyMachine(new ToyEngine(Engine.ToString(), Engine, new JitOptions { Threshold = 100, Synchronous = true }));
        _machine.Load(ToyMachine.Code, Loops.Named(Loop));
        for (int i = 0; i < 4; i++)
        {
            ulong number = BitConverter.DoubleToUInt64Bits(0.999 + (i * 0.0001));
            uint single = BitConverter.SingleToUInt32Bits(0.999f + (i * 0.0001f));
            _machine.Cpu.SetRegister(_machine.Toy.D[i], number);
            if (Loop == "vector-single")
                number = ((ulong)single << 32) | single;
            _machine.Cpu.SetWideRegister(_machine.Toy.V[i], new UInt128(number, number));
        }

        _machine.Cpu.Run(Instructions);
    }

    /// <summary>Frees the machine.</summary>
    [GlobalCleanup]
    public void Cleanup() => _machine.Dispose();

    /// <summary>Runs.</summary>
    [Benchmark(OperationsPerInvoke = Instructions)]
    public void Run() => _machine.Cpu.Run(Instructions);
}

internal static class Loops
{
    public static uint[] Named(string name) => name switch
    {
        "alu" => [Toy.Add(1, 1, 2), Toy.Encode(IrOp.Xor, 3, 3, 1), Toy.Addi(4, 3, 5), Toy.Encode(IrOp.Shl, 5, 4, imm: 2 + (3 << 4)), Toy.Add(6, 5, 6), Toy.Encode(IrOp.Sub, 7, 6, 7), Toy.Addi(2, 2, 1), Toy.Jump(-7)],
        "memory" => [Toy.Ld(3, 1), Toy.Add(2, 2, 3), Toy.Sd(2, 1, 1), Toy.Addi(1, 1, 8), Toy.Encode(IrOp.And, 1, 1, imm: 2 | (127 << 4)), Toy.Jump(-5)],
        "chase" => [Toy.Ld(1, 1), Toy.Addi(2, 2, 1), Toy.Jump(-2)],
        "branches" => [Toy.Encode(IrOp.Mul, 1, 1, imm: 2 | (109 << 4)), Toy.Addi(1, 1, 17), Toy.Encode(IrOp.And, 2, 1, imm: 2 | (8 << 4)), Toy.Bnz(2, 3), Toy.Addi(3, 3, 1), Toy.Jump(2), Toy.Addi(4, 4, 1), Toy.Jump(-7)],
        "float" => [Toy.Encode(IrOp.FMul, 0, 0, 1, 8), Toy.Encode(IrOp.FAdd, 0, 0, 2, 8), Toy.Jump(-2)],
        "call" => [Toy.Encode(IrOp.JumpIndirect, ra: 8, imm: 3), Toy.Addi(3, 3, 1), Toy.Jump(-2), Toy.Addi(2, 2, 1), Toy.Encode(IrOp.JumpIndirect, ra: 8, imm: -3)],
        "atomic" => [Toy.Encode(IrOp.AtomicRmw, 1, 2, 3, 4), Toy.Addi(2, 2, 8), Toy.Addi(4, 4, 1), Toy.Jump(-3)],
        "vector" => [Toy.Encode(IrOp.VAdd, 1, 1, 2, 2), Toy.Encode(IrOp.VXor, 3, 3, 1), Toy.Encode(IrOp.VMaxU, 0, 3, 0), Toy.Encode(IrOp.VShrU, 2, 0, imm: 3 | (5 << 3) | -2048), Toy.Encode(IrOp.VMul, 3, 2, 3, 1), Toy.Encode(IrOp.VSub, 2, 2, 3, 3), Toy.Encode(IrOp.VEq, 0, 0, 1), Toy.Jump(-7)],
        "vector-memory" => [Toy.Encode(Toy.VectorLoad, 0, 1), Toy.Encode(IrOp.VAdd, 1, 1, 0, 2), Toy.Encode(Toy.VectorStore, 1, 1, imm: 2), Toy.Addi(1, 1, 16), Toy.Encode(IrOp.And, 1, 1, imm: 2 | (127 << 4)), Toy.Jump(-5)],
        "vector-double" => [Toy.Encode(IrOp.VFMul, 0, 0, 1, 1 | (7 << 3)), Toy.Encode(IrOp.VFAdd, 0, 0, 2, 1 | (7 << 3)), Toy.Jump(-2)],
        "vector-single" => [Toy.Encode(IrOp.VFMul, 0, 0, 1, 7 << 3), Toy.Encode(IrOp.VFAdd, 0, 0, 2, 7 << 3), Toy.Jump(-2)],
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}

using System.Runtime.InteropServices;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.Semantics;

/// <summary>Conditions behind floating-point comparisons in one block, where they are made of the comparison's outcome. Arm DDI 0487, C1.2.4.</summary>
public sealed class FloatConditionTests
{
    private const ulong Code = 0x1000, One = 0x3ff0_0000_0000_0000, Two = 0x4000_0000_0000_0000, Nan = 0x7ff8_0000_0000_0000;

    // by condition, less, equal, greater, unordered
    private static readonly string[] s_holds =
    [
        "0100", "1011", "0111", "1000", "1000", "0111", "0001", "1110", "0011", "1100", "0110", "1001", "0010", "1101",
    ];

    [Test]
    public void Fcmp([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Values] bool conditional)
    {
        using var cpu = new TestCpu(engine);
        uint compare = conditional ? 0x1e61_e400u : 0x1e61_2000;             // fccmp d0, d1, #0, al, or fcmp d0, d1
        uint[] words = [compare, .. Enumerable.Range(0, 14).Select(c => 0x9a9f_07e0u | ((uint)(c ^ 1) << 12) | (uint)c)];
        cpu.Memory.Map(Code, 0x1000, MemoryMarshal.AsBytes(words.AsSpan()));
        (ulong A, ulong B)[] operands = [(One, Two), (Two, Two), (Two, One), (One, Nan)];
        for (int n = 0; n < 12; n++)
        {
            (ulong a, ulong b) = operands[n % 4];
            cpu.SetV(0, a);
            cpu.SetV(1, b);
            cpu.Cpu.Run(Code, Code + (4 * (ulong)words.Length), 100).Reason.Should().Be(StopReason.ExitAddress);
            for (int condition = 0; condition < 14; condition++)
                cpu[condition].Should().Be((ulong)(s_holds[condition][n % 4] - '0'), $"condition {condition}, outcome {n % 4}");
            cpu.Cpu.Nzcv.Should().Be((n % 4) switch { 0 => 0x8000_0000, 1 => 0x6000_0000, 2 => 0x2000_0000, _ => 0x3000_0000u });
        }
    }

    // fccmp whose condition fails sets the flags to a constant; what follows goes by that
    [Test]
    public void Fccmp_that_does_not_compare([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using var cpu = new TestCpu(engine);
        uint[] words = [0x1e61_2000, 0x1e60_0425, 0x9a9f_07e2, 0x9a9f_57e3]; // fcmp d0, d1; fccmp d1, d0, #5, eq; cset x2, ne; cset x3, mi
        cpu.Memory.Map(Code, 0x1000, MemoryMarshal.AsBytes(words.AsSpan()));
        cpu.SetV(0, One);
        cpu.SetV(1, Two);
        cpu.Cpu.Run(Code, Code + 16, 100).Reason.Should().Be(StopReason.ExitAddress);
        (cpu[2], cpu[3], cpu.Cpu.Nzcv).Should().Be((0UL, 0UL, 0x5000_0000U));
    }
}

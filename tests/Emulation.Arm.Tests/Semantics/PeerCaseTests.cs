using System.Runtime.InteropServices;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.Semantics;

/// <summary>Cases that other emulators got wrong, on every engine and in every way of running.</summary>
public sealed class PeerCaseTests
{
    private const ulong Code = 0x1000;
    private const uint Infinity = 0x7f80_0000, Two = 0x4000_0000, OneAndHalf = 0x3fc0_0000;
    private const ulong Fused = 0x3c9f_ffff_ffff_fffe, A = 0x3ff0_0000_0000_0001, B = 0x3fef_ffff_ffff_ffff, MinusOne = 0xbff0_0000_0000_0000;

    // case T4, and a branch with a condition behind the block: cmp r2, r3; ite ne; movne r2, #0x68; moveq r2, #0x4d; bne . + 4; movs r2, #0; nop
    [Test]
    public void It_block([Values] EngineKind engine, [Values] WayOfRunning way, [Values] bool equal)
    {
        using TestCpu cpu = Thumb(engine, 0x9a, 0x42, 0x14, 0xbf, 0x68, 0x22, 0x4d, 0x22, 0x00, 0xd1, 0x00, 0x25, 0x00, 0xbf);
        (cpu[2], cpu[3], cpu[5]) = (equal ? 1u : 0, 1, 7);
        var states = new List<int>();
        RunResult result = Ways.Run(cpu, way, Code, Code + 14, () => states.Add(It(cpu.Cpu)));
        result.Reason.Should().Be(StopReason.ExitAddress, $"{result}");
        (cpu[2], cpu[5], It(cpu.Cpu)).Should().Be((equal ? 0x4dUL : 0x68, equal ? 0UL : 7, 0));
        if (way != WayOfRunning.Whole)
            states.Where(s => s != 0).Should().Equal(0x14, 0x08);
    }

    // case T9: BLX with H = 1, and a BLX that is none before Armv5
    [Test]
    public void Blx_to_a_halfword_is_undefined([Values] EngineKind engine, [Values] WayOfRunning way)
    {
        // movs r0, #1; blx
        using TestCpu cpu = Thumb(engine, 0x01, 0x20, 0x00, 0xf0, 0x01, 0xe8);
        RunResult result = Ways.Run(cpu, way, Code, Code + 6);
        (result.Reason, result.Pc, result.Fault!.Kind).Should().Be((StopReason.UnhandledException, Code + 2, "undefined instruction"));
        (cpu[0], cpu[14]).Should().Be((1UL, 0UL));
    }

    // case T9: the host can set any PC; branches of A32 keep bit 1
    [TestCase(false, 0x1001ul)]
    [TestCase(false, 0x1002ul)]
    [TestCase(true, 0x1001ul)]
    public void A_PC_that_is_not_aligned_faults_before_any_fetch(bool thumb, ulong pc)
    {
        foreach (EngineKind engine in Enum.GetValues<EngineKind>())
        {
            foreach (ulong budget in (ulong[])[1, 100])
            {
                using TestCpu cpu = Start(engine, thumb, [0, 0x20, 0, 0x20, 0, 0x20, 0, 0x20]);
                RunResult result = cpu.Cpu.Run(pc, Code + 8, budget);
                (result.Reason, result.Pc, result.Fault!.Kind).Should().Be((StopReason.UnhandledException, pc, "PC alignment fault"));
            }
        }
    }

    [Test]
    public void A_branch_to_a_halfword_of_A32_faults_there([Values] EngineKind engine, [Values] WayOfRunning way)
    {
        // bx r0
        using TestCpu cpu = Arm(engine, 0xe12f_ff10);
        cpu[0] = Code + 6;
        RunResult result = Ways.Run(cpu, way, Code, Code + 64);
        (result.Reason, result.Pc, result.Fault!.Kind).Should().Be((StopReason.UnhandledException, Code + 6, "PC alignment fault"));
    }

    [Test]
    public void An_A64_PC_that_is_not_aligned_faults([Values] EngineKind engine, [Values] WayOfRunning way)
    {
        // br x0
        using TestCpu cpu = Start64(engine, 0xd61f_0000);
        cpu[0] = Code + 2;
        RunResult result = Ways.Run(cpu, way, Code, Code + 64);
        (result.Reason, result.Pc, result.Fault!.Kind).Should().Be((StopReason.UnhandledException, Code + 2, "PC alignment fault"));
    }

    // case T10: frecps s0, s1, s2; frsqrts s4, s1, s2; both of vectors; fmadd d16, d17, d18, d19; fmla v20.2d, v17.2d, v18.2d
    [Test]
    public void Steps_and_fused_products_of_A64([Values] EngineKind engine, [Values] WayOfRunning way)
    {
        using TestCpu cpu = Start64(engine, 0x5e22_fc20, 0x5ea2_fc24, 0x4e22_fc25, 0x4ea2_fc26, 0x1f52_4e30, 0x4e72_ce34);
        cpu.SetV(1, Same32(Infinity));
        cpu.SetV(2, 0);
        cpu.SetV(17, Same64(A));
        cpu.SetV(18, Same64(B));
        cpu.SetV(19, MinusOne);
        cpu.SetV(20, Same64(MinusOne));
        RunResult result = Ways.Run(cpu, way, Code, Code + 24);
        result.Reason.Should().Be(StopReason.ExitAddress, $"{result}");
        (cpu.V(0), cpu.V(4), cpu.V(5), cpu.V(6)).Should().Be(((UInt128)Two, (UInt128)OneAndHalf, Same32(Two), Same32(OneAndHalf)));
        (cpu.V(16), cpu.V(20)).Should().Be(((UInt128)Fused, Same64(Fused)));
    }

    // vrecps.f32 q0, q1, q2; vrsqrts.f32 q3, q1, q2; vfma.f64 d16, d18, d20; vfnms.f64 d17, d18, d20; vfma.f32 q12, q13, q14
    [Test]
    public void Steps_and_fused_products_of_A32([Values] EngineKind engine, [Values] WayOfRunning way, [Values] bool thumb)
    {
        uint[] words = [0xf202_0f54, 0xf222_6f54, 0xeee2_0ba4, 0xeed2_1ba4, 0xf24a_8cfc];
        using TestCpu cpu = Start(engine, thumb, [.. words.SelectMany(w => BitConverter.GetBytes(thumb ? ToThumb(w) : w))]);
        cpu.SetV(1, Same32(Infinity));
        cpu.SetV(2, 0);
        cpu.SetV(8, new UInt128(0x3ff0_0000_0000_0000, MinusOne));
        cpu.SetV(9, Same64(A));
        cpu.SetV(10, Same64(B));
        cpu.SetV(12, Same32(0xbf80_0000));
        cpu.SetV(13, Same32(0x3f80_0001));
        cpu.SetV(14, Same32(0x3f7f_ffff));
        RunResult result = Ways.Run(cpu, way, Code, Code + 20);
        result.Reason.Should().Be(StopReason.ExitAddress, $"{result}");
        (cpu.V(0), cpu.V(3)).Should().Be((Same32(Two), Same32(OneAndHalf)));
        (cpu.V(8), cpu.V(12)).Should().Be((new UInt128(Fused, Fused), Same32(0x337f_fffe)));
    }

    private static UInt128 Same32(uint value) => value * new UInt128(0x0000_0001_0000_0001, 0x0000_0001_0000_0001);

    private static UInt128 Same64(ulong value) => new(value, value);

    // the halfwords in the order of memory
    private static uint ToThumb(uint word)
    {
        uint wide = word >> 25 == 0b1111001 ? 0xef00_0000 | ((word >> 24 & 1) << 28) | (word & 0x00ff_ffff) : word;
        return (wide << 16) | (wide >> 16);
    }

    private static int It(ArmCpu cpu) => (int)((cpu.Cpsr >> 25) & 3) | (int)((cpu.Cpsr >> 8) & 0xfc);

    private static TestCpu Thumb(EngineKind engine, params byte[] code) => Start(engine, true, code);

    private static TestCpu Arm(EngineKind engine, params uint[] words) => Start(engine, false, MemoryMarshal.AsBytes(words.AsSpan()).ToArray());

    private static TestCpu Start(EngineKind engine, bool thumb, byte[] code)
    {
        var cpu = new TestCpu(engine);
        cpu.Memory.Map(Code, 0x1000, code);
        cpu.Cpu.EnterAArch32(thumb);
        return cpu;
    }

    private static TestCpu Start64(EngineKind engine, params uint[] words)
    {
        var cpu = new TestCpu(engine);
        cpu.Memory.Map(Code, 0x1000, MemoryMarshal.AsBytes(words.AsSpan()));
        return cpu;
    }
}

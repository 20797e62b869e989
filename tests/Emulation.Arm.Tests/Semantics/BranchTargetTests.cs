using System.Runtime.InteropServices;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.Semantics;

/// <summary>Indirect branches into guarded pages. Arm DDI 0487, D8.4.5.</summary>
public sealed class BranchTargetTests
{
    private const ulong Code = 0x1000, Target = 0x2000;
    private const uint Nop = 0xd503_201f, Bti = 0xd503_241f, BtiC = 0xd503_245f, BtiJ = 0xd503_249f, BtiJc = 0xd503_24df, Paciasp = 0xd503_233f, Brk = 0xd420_0000;
    private const uint BrX1 = 0xd61f_0020, BrX16 = 0xd61f_0200, BlrX1 = 0xd63f_0020, BlraazX1 = 0xd63f_083f, RetX1 = 0xd65f_0020, BTarget = 0x1400_03ff;

    // branch, landing instruction, BTYPE of the exception or -1
    private static readonly (uint Branch, uint Landing, int Type)[] s_cases =
    [
        (BrX1, Nop, 3), (BrX1, Bti, 3), (BrX1, BtiC, 3), (BrX1, BtiJ, -1), (BrX1, BtiJc, -1), (BrX1, Paciasp, -1),
        (BrX16, Nop, 1), (BrX16, BtiC, -1), (BrX16, BtiJ, -1), (BrX16, Paciasp, -1),
        (BlrX1, Nop, 2), (BlrX1, BtiC, -1), (BlrX1, BtiJ, 2), (BlrX1, BtiJc, -1), (BlrX1, Paciasp, -1), (BlraazX1, Nop, 2), (BlraazX1, BtiC, -1),
        (RetX1, Nop, -1), (BTarget, Nop, -1),
    ];

    [Test]
    public void Landings([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Values] bool steps)
    {
        foreach ((uint branch, uint landing, int type) in s_cases)
        {
            using TestCpu cpu = Start(engine, branch, landing);
            cpu.Cpu.GuardPages(_ => true);
            Check(cpu, steps, type < 0 ? null : 0x3600_0000UL | (uint)type, $"{branch:x8} to {landing:x8}");
        }
    }

    [Test]
    public void Pages_and_modes([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using (TestCpu cpu = Start(engine, BlrX1, Nop))
            Check(cpu, false, null, "nothing is guarded");
        using (TestCpu cpu = Start(engine, BlrX1, Nop))
        {
            cpu.Cpu.GuardPages(a => a < Target);
            Check(cpu, false, null, "the target is not guarded");
        }

        using (TestCpu cpu = Start(engine, BrX1, BtiC))
        {
            cpu.Cpu.GuardPages(a => a >= Target);
            Check(cpu, false, null, "a jump from a page that is not guarded is like one through x16");
        }

        using (TestCpu cpu = Start(engine, BrX1, Paciasp))
        {
            cpu.Cpu.GuardPages(_ => true);
            cpu.Cpu.PointerRules = new Strict();
            Check(cpu, false, 0x3600_0003, "paciasp is no target of jumps");
        }

        using (TestCpu cpu = Start(engine, BlrX1, Brk))
        {
            cpu.Cpu.GuardPages(_ => true);
            Check(cpu, false, 0xf200_0000, "brk comes first");
        }
    }

    private static TestCpu Start(EngineKind engine, uint branch, uint landing)
    {
        var cpu = new TestCpu(engine, TestCpu.Hosted(new ArmCpuOptions { PointerAuthentication = new PointerAuthentication(Variant: PointerVariant.PAuth) }));
        uint[] first = [Nop, branch], second = [landing, Nop, Nop];
        cpu.Memory.Map(Code, 0x1000, MemoryMarshal.AsBytes(first.AsSpan()));
        cpu.Memory.Map(Target, 0x1000, MemoryMarshal.AsBytes(second.AsSpan()));
        (cpu[1], cpu[16]) = (Target, Target);
        if (branch == BlraazX1)
            cpu[1] = Signed(cpu);
        return cpu;
    }

    // what paciza makes of the target
    private static ulong Signed(TestCpu cpu)
    {
        cpu.Memory.Map(0x3000, 0x1000, BitConverter.GetBytes(0xdac1_23e1));
        cpu.Cpu.Run(0x3000, 0x3004).Reason.Should().Be(StopReason.ExitAddress);
        return cpu[1];
    }

    private static void Check(TestCpu cpu, bool steps, ulong? syndrome, string because)
    {
        cpu.Cpu.SetPc(Code);
        RunResult result = steps ? cpu.Cpu.RunAlone(1) : cpu.Cpu.Run(Code, Target + 12, 10);
        for (int i = 0; steps && i < 4 && result.Reason != StopReason.UnhandledException; i++)
            result = cpu.Cpu.RunAlone(1);
        if (syndrome is null)
        {
            result.Reason.Should().NotBe(StopReason.UnhandledException, because);
            cpu.Cpu["btype"].Should().Be(0, because);
            return;
        }

        result.Reason.Should().Be(StopReason.UnhandledException, because);
        (cpu.Cpu.Syndrome, result.Pc).Should().Be((syndrome.Value, Target), because);
    }

    private sealed class Strict : PointerRules
    {
        public override bool RestrictsJumps => true;
    }
}

using Emulation.Cpu;

namespace Emulation.Arm.Tests.Privileged;

/// <summary>Branch targets on pages whose descriptors say GP. Arm DDI 0487, D8.4.5.</summary>
public sealed class GuardedPageTests
{
    private const ulong Target = 0x4000, Table = 0xc000, Guarded = 1UL << 50, StrictJumps = 3UL << 35;
    private const ulong Block = 1, User = 1 << 6, ReadOnly = 1 << 7, Inner = 3 << 8, Accessed = 1 << 10, Descriptor = Block | User | ReadOnly | Inner | Accessed;
    private const uint Nop = 0xd503_201f, BtiC = 0xd503_245f, BlrX1 = 0xd63f_0020, BrX1 = 0xd61f_0020, Paciasp = 0xd503_233f, Eret = 0xd69f_03e0, Svc = 0xd400_0001;

    [Test, Combinatorial]
    public void Calls([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Values(0, 1)] int level)
    {
        using (SystemCpu s = Start(engine, level, Guarded, BlrX1, BtiC))
        {
            s.Run(3);
            s.Cpu.Pc.Should().Be(Target + 4);
            s.Cpu["btype"].Should().Be(0);
        }

        using (SystemCpu s = Start(engine, level, 0, BlrX1, Nop))
        {
            s.Run(3);
            s.Cpu.Pc.Should().Be(Target + 4, "the page is not guarded");
        }

        using (SystemCpu s = Start(engine, level, Guarded, BlrX1, Nop))
        {
            s.Memory.Write(SystemCpu.Vectors + (level == 0 ? 0x400UL : 0x200), BitConverter.GetBytes(Eret));
            Fails(s, level, 2);
            s.Cpu[SystemSlot.EsrEl1] = 0;
            s.Run(1);
            s.Cpu["btype"].Should().Be(2, "it is part of the state that comes back");
            Fails(s, level, 2);
            s.Cpu[SystemSlot.SpsrEl1] &= ~0xc00UL;
            s.Run(2);
            s.Cpu.Pc.Should().Be(Target + 4);
        }
    }

    [Test, Combinatorial]
    public void Jumps_to_signing([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Values(0, 1)] int level)
    {
        using (SystemCpu s = Start(engine, level, Guarded, BrX1, Paciasp))
        {
            s.Run(3);
            s.Cpu.Pc.Should().Be(Target + 4);
        }

        using (SystemCpu s = Start(engine, level, Guarded, BrX1, Paciasp))
        {
            s.Register("SCTLR_EL1", s.Register("SCTLR_EL1") | StrictJumps);
            Fails(s, level, 3);
        }
    }

    [Test]
    public void Calls_of_the_system_return_without_a_type([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using SystemCpu s = Start(engine, 0, Guarded, BlrX1, BtiC);
        s.Memory.Write(Target + 4, BitConverter.GetBytes(Svc));
        s.Run(4);
        (s.Register("ESR_EL1") >> 26, s.Register("SPSR_EL1") & 0xc00).Should().Be((0x15, 0));
    }

    [Test]
    public void The_first_branch_from_other_pages_is_seen([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        const ulong Other = 1UL << 30;
        using SystemCpu s = Start(engine, 1, 0, BlrX1, Nop);
        s.Memory.Write(Table + 8, BitConverter.GetBytes(Descriptor | Guarded));
        s[1] = Other | Target;
        for (int i = 0; i < 4 && s.Register("ESR_EL1") == 0; i++)
            s.Run(1);
        (s.Register("ESR_EL1"), s.Register("ELR_EL1")).Should().Be((0x3600_0002UL, Other | Target));
    }

    private static void Fails(SystemCpu s, int level, ulong type)
    {
        for (int i = 0; i < 4 && s.Register("ESR_EL1") == 0; i++)
            s.Run(1);
        s.Register("ESR_EL1").Should().Be(0x3600_0000 | type);
        s.Register("ELR_EL1").Should().Be(Target);
        (s.Register("SPSR_EL1") & 0xc0f).Should().Be((type << 10) | (level == 0 ? 0UL : 5));
        s.Cpu["btype"].Should().Be(0);
    }

    // 1 GiB that all may read and execute, where it is
    private static SystemCpu Start(EngineKind engine, int level, ulong attributes, uint branch, uint landing)
    {
        var s = new SystemCpu(engine, null, 1, Nop, branch);
        s.Memory.Write(Target, BitConverter.GetBytes(landing | ((ulong)Nop << 32)));
        s.Memory.Write(Table, BitConverter.GetBytes(Descriptor | attributes));
        s.Register("MAIR_EL1", 0xff);
        s.Register("TCR_EL1", 25 | (1 << 23));
        s.Register("TTBR0_EL1", Table);
        s.Register("SCTLR_EL1", s.Register("SCTLR_EL1") | 1);
        s.Cpu.EnterLevel(level);
        s.Cpu.SetPc(SystemCpu.Code);
        s[1] = Target;
        return s;
    }
}

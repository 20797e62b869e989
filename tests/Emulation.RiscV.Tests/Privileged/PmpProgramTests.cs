using Emulation.Core;
using Emulation.Cpu;
using static Emulation.RiscV.Tests.Privileged.Words;

namespace Emulation.RiscV.Tests.Privileged;

/// <summary>Protection whose boundaries lie inside a page, seen from running code on every engine. RISC-V Privileged, "Physical Memory Protection".</summary>
[TestFixture(EngineKind.Interpreter)]
[TestFixture(EngineKind.Tier0)]
[TestFixture(EngineKind.Jit)]
public sealed class PmpProgramTests(EngineKind engine)
{
    private const string Isa = "rv64imac_zicsr";
    private const ulong Base = HartProgram.Base, Page = Base + 0x4000;
    private const int Mcause = 0x342, Mepc = 0x341, Mtval = 0x343;
    private const byte R = PmpUnit.Read, W = PmpUnit.Write, X = PmpUnit.Execute, L = PmpUnit.Lock, All = R | W | X;

    [Test]
    public void A_block_ends_where_fetching_ends([Values(4, 8, 12, 20)] int allowed, [Values(PrivilegeLevel.User, PrivilegeLevel.Supervisor)] PrivilegeLevel privilege)
    {
        using HartProgram p = new(engine, Isa, [.. Enumerable.Repeat(Addi(10, 10, 1), 16)]);
        Protect(p, (Base + (ulong)allowed, All), (Base + 0x100, R | W));
        p.Cpu.EnterPrivilege(privilege);
        p.Run(30);
        (p.Csr(Mcause), p.Csr(Mepc), p.Csr(Mtval), p[10]).Should().Be((1UL, Base + (ulong)allowed, Base + (ulong)allowed, (ulong)allowed / 4));
    }

    [Test]
    public void An_island_without_rights_is_not_run_over()
    {
        using HartProgram p = new(engine, Isa, [.. Enumerable.Repeat(Addi(10, 10, 1), 16)]);
        Protect(p, (Base + 16, All), (Base + 20, 0), (ulong.MaxValue, All));
        p.Cpu.EnterPrivilege(PrivilegeLevel.User);
        p.Run(30);
        (p.Csr(Mcause), p.Csr(Mepc), p[10]).Should().Be((1UL, Base + 16, 4UL));

        p.Cpu.SetPc(Base + 20);
        p.Cpu.EnterPrivilege(PrivilegeLevel.User);
        p.Cpu["x10"] = 0;
        p.Run(11);
        p[10].Should().Be(11, "behind it code runs");
    }

    [Test]
    public void Code_that_ran_and_was_linked_before_the_boundary_came_is_checked()
    {
        // 0: count, 4: j 16, 8: spin; 16: count, 20: bne back
        uint[] code = [Addi(10, 10, 1), Jump(12), Spin, Nop, Addi(11, 11, 1), Bne(11, 12, -20), Spin];
        using HartProgram p = new(engine, Isa, code);
        p.OpenMemory();
        p.Cpu["x12"] = 1000;
        p.Cpu.EnterPrivilege(PrivilegeLevel.User);
        p.Run(200);
        p[11].Should().Be(50);

        Protect(p, (Base + 16, All), (Base + 20, R), (ulong.MaxValue, All));
        p.Cpu.SetPc(Base);
        p.Run(20);
        (p.Csr(Mcause), p.Csr(Mepc), p[10], p[11]).Should().Be((1UL, Base + 16, 51UL, 50UL));

        p.OpenMemory();
        p.Cpu.SetPc(Base);
        p.Cpu.EnterPrivilege(PrivilegeLevel.User);
        p.Run(400);
        p[11].Should().Be(150);
    }

    [Test]
    public void An_instruction_across_the_boundary_faults_at_its_second_half()
    {
        // c.nop three times, so that the next instruction begins two bytes before the boundary
        using HartProgram p = new(engine, Isa, 0x0001_0001, (Addi(10, 10, 1) << 16) | 0x0001, (Addi(10, 10, 1) >> 16) | 0x0001_0000, Nop);
        Protect(p, (Base + 8, All), (Base + 12, R), (ulong.MaxValue, All));
        p.Cpu.EnterPrivilege(PrivilegeLevel.User);
        p.Run(10);
        (p.Csr(Mcause), p.Csr(Mepc), p.Csr(Mtval), p[10]).Should().Be((1UL, Base + 6, Base + 8, 0UL));
    }

    [Test]
    public void An_instruction_across_pages_faults_at_its_second_half()
    {
        using HartProgram p = new(engine, Isa, Nop);
        p.Load(Base + 0x2ffc, (Addi(10, 10, 1) << 16) | 0x0001, Addi(10, 10, 1) >> 16);
        Protect(p, (Base + 0x3000, All), (Base + 0x3004, R), (ulong.MaxValue, All));
        p.Cpu.SetPc(Base + 0x2ffc);
        p.Cpu.EnterPrivilege(PrivilegeLevel.User);
        p.Run(10);
        (p.Csr(Mcause), p.Csr(Mepc), p.Csr(Mtval), p[10]).Should().Be((1UL, Base + 0x2ffe, Base + 0x3000, 0UL));
    }

    [Test]
    public void Locked_entries_bind_machine_mode_too()
    {
        using HartProgram p = new(engine, Isa, [.. Enumerable.Repeat(Addi(10, 10, 1), 8)]);
        Protect(p, (Base + 12, 0), (Base + 16, L | R), (ulong.MaxValue, All));
        p.Run(10);
        (p.Csr(Mcause), p.Csr(Mepc), p[10]).Should().Be((1UL, Base + 12, 3UL));
    }

    [Test]
    public void Every_load_of_a_walk_over_a_page_is_checked([Values] bool store)
    {
        // x2 goes up by 8 until it meets the 8 bytes that are closed
        uint[] code = [store ? Sd(2, 0, 0) : Ld(3, 2), Addi(2, 2, 8), Jump(-8)];
        using HartProgram p = new(engine, Isa, code);
        Protect(p, (Page + 0x800, All), (Page + 0x808, (byte)(store ? R | X : X)), (ulong.MaxValue, All));
        p.Cpu["x2"] = Page;
        p.Cpu.EnterPrivilege(PrivilegeLevel.User);
        p.Run(3000);
        (p.Csr(Mcause), p.Csr(Mepc), p.Csr(Mtval)).Should().Be((store ? 7UL : 5UL, Base, Page + 0x800));
    }

    [Test]
    public void Rights_that_a_page_lost_in_part_are_gone_at_once()
    {
        uint[] code = [Ld(3, 2), Ld(4, 5), Jump(-8)];
        using HartProgram p = new(engine, Isa, code);
        p.OpenMemory();
        p.Cpu["x2"] = Page;
        p.Cpu["x5"] = Page + 0x800;
        p.Cpu.EnterPrivilege(PrivilegeLevel.User);
        p.Run(300);
        Protect(p, (Page + 0x800, All), (Page + 0x808, 0), (ulong.MaxValue, All));
        p.Run(30);
        (p.Csr(Mcause), p.Csr(Mepc), p.Csr(Mtval)).Should().Be((5UL, Base + 4, Page + 0x800));
    }

    [TestCase(0x7fcUL, 0x7fcUL, TestName = "inside a page")]
    [TestCase(0x7feUL, 0x7feUL, TestName = "inside a page, two bytes in")]
    [TestCase(0xff6UL, 0xff6UL, TestName = "the last but not the last byte of a page")]
    public void A_misaligned_access_across_a_boundary_fails_whole(ulong offset, ulong fault)
    {
        ulong boundary = (Page + offset + 7) & ~3UL;
        foreach (bool store in (bool[])[false, true])
        {
            using HartProgram p = Misaligned(store, Page + offset);
            Protect(p, (boundary, All), (ulong.MaxValue, R | W));
            Fails(p, store, Page + fault);
        }
    }

    // A part on each page: the part that lies in two entries fails, and nothing is written
    [TestCase(0xffaUL, 0xffcUL, 0xffaUL, TestName = "on the first page")]
    [TestCase(0xffeUL, 0x1004UL, 0x1000UL, TestName = "on the second page")]
    public void An_access_across_pages_fails_at_the_part_across_a_boundary(ulong offset, ulong boundary, ulong fault)
    {
        foreach (bool store in (bool[])[false, true])
        {
            using HartProgram p = Misaligned(store, Page + offset);
            Protect(p, (Page + boundary, All), (ulong.MaxValue, All));
            Fails(p, store, Page + fault);
        }
    }

    [TestCase(0xffeUL, 0x1000UL, 0x1000UL)]
    [TestCase(0xffaUL, 0x1004UL, null)]
    public void An_access_across_pages_needs_rights_on_both(ulong offset, ulong boundary, ulong? fault)
    {
        foreach (bool store in (bool[])[false, true])
        {
            using HartProgram p = Misaligned(store, Page + offset);
            Protect(p, (Page + boundary, All), (Page + 0x2000, X), (ulong.MaxValue, All));
            if (fault is { } at)
            {
                Fails(p, store, Page + at);
                continue;
            }

            p.Run(1);
            p.Csr(Mcause).Should().Be(0);
            p[3].Should().Be(store ? 99 : 0x1122_3344_5566_7788UL);
        }
    }

    private HartProgram Misaligned(bool store, ulong address)
    {
        HartProgram p = new(engine, Isa, store ? Sd(2, 0, 0) : Ld(3, 2), Nop);
        p.Memory.TryLoad(address, BitConverter.GetBytes(0x1122_3344_5566_7788)).Should().BeTrue();
        p.Cpu["x2"] = address;
        p.Cpu["x3"] = 99;
        p.Cpu.EnterPrivilege(PrivilegeLevel.User);
        return p;
    }

    private static void Fails(HartProgram p, bool store, ulong fault)
    {
        ulong address = p[2];
        p.Run(1);
        (p.Csr(Mcause), p.Csr(Mepc), p.Csr(Mtval), p[3]).Should().Be((store ? 7UL : 5UL, Base, fault, 99UL));
        byte[] bytes = new byte[8];
        p.Memory.TryRead(address, bytes);
        BitConverter.ToUInt64(bytes).Should().Be(0x1122_3344_5566_7788, "nothing was written");
    }

    // Top-of-range entries: each from the end of the one before
    private static void Protect(HartProgram p, params (ulong End, byte Rights)[] ranges)
    {
        ulong config = 0;
        for (int i = 0; i < ranges.Length; i++)
        {
            p.Cpu.TryWriteCsr(0x3b0 + i, ranges[i].End >> 2).Should().BeTrue();
            config |= (ulong)(ranges[i].Rights | PmpUnit.TopOfRange) << (8 * i);
        }

        p.Cpu.TryWriteCsr(0x3a0, config).Should().BeTrue();
    }
}

using Emulation.Cpu;
using static Emulation.RiscV.Tests.Privileged.Words;

namespace Emulation.RiscV.Tests.Privileged;

/// <summary>What an instruction unmasks is taken before the very next one, also in loops that went by many times with nothing pending. RISC-V Privileged, "Machine Interrupt (mip and mie) Registers".</summary>
[TestFixture(EngineKind.Interpreter)]
[TestFixture(EngineKind.Tier0)]
[TestFixture(EngineKind.Jit)]
public sealed class InterruptWindowTests(EngineKind engine)
{
    private const int Rounds = 40, Length = 10;
    private const ulong Base = HartProgram.Base, Table = Base + 0x4000, Scratch = Base + 0x5000;
    private const ulong Msip = (1UL << 63) | 3, Ssip = (1UL << 63) | 1;
    private const int Sstatus = 0x100, Sie = 0x104, Stvec = 0x105, Sepc = 0x141, Scause = 0x142, Sip = 0x144, Satp = 0x180;
    private const int Mstatus = 0x300, Medeleg = 0x302, Mideleg = 0x303, Mie = 0x304, Mscratch = 0x340, Mepc = 0x341, Mcause = 0x342, Mtval = 0x343, Mip = 0x344;

    // Each round loads x7 from a table: what makes an interrupt pending only on the last.
    private static readonly uint[] s_next = [Ld(7, 8), Addi(8, 8, 8)];

    [Test]
    public void Mstatus_register() => FromMachine(Loop(Store(7), Csrrs(0, Mstatus, 11), Csrrc(0, Mstatus, 11)), doorbell: true, mstatus: 0, mie: 8, x11: 8);

    [Test]
    public void Mstatus_by_an_immediate() => FromMachine(Loop(Store(7), Csrrsi(0, Mstatus, 8), Csrrc(0, Mstatus, 11)), doorbell: true, mstatus: 0, mie: 8, x11: 8);

    [Test]
    public void Mie_register() => FromMachine(Loop(Store(7), Csrrs(0, Mie, 11), Csrrc(0, Mie, 11)), doorbell: true, mstatus: Status.Mie, mie: 0, x11: 8);

    [Test]
    public void Mip_register() => FromMachine(Loop(Nop, Csrrs(0, Mip, 7), Nop), doorbell: false, mstatus: Status.Mie, mie: 2, x11: 0);

    [Test]
    public void Mret_instruction()
        => FromMachine(Return(Store(7), Csrrs(0, Mstatus, 11), Csrrw(0, Mepc, 10), Mret, Csrrc(0, Mstatus, 12)), doorbell: true, mstatus: 0, mie: 8, x11: Status.Mpie | Status.Mpp, x12: 8, at: 0x1c);

    [Test]
    public void Sstatus_register() => FromSupervisor(Loop(Csrrs(0, Sip, 7), Csrrs(0, Sstatus, 11), Csrrc(0, Sstatus, 11)), mstatus: 0, mie: 2, x11: 2);

    [Test]
    public void Sie_register() => FromSupervisor(Loop(Csrrs(0, Sip, 7), Csrrs(0, Sie, 11), Csrrc(0, Sie, 11)), mstatus: Status.Sie, mie: 0, x11: 2);

    [Test]
    public void Sip_register() => FromSupervisor(Loop(Nop, Csrrs(0, Sip, 7), Nop), mstatus: Status.Sie, mie: 2, x11: 2);

    [Test]
    public void Sret_instruction()
        => FromSupervisor(Return(Csrrs(0, Sip, 7), Csrrs(0, Sstatus, 11), Csrrw(0, Sepc, 10), Sret, Csrrc(0, Sstatus, 12)), mstatus: 0, mie: 2, x11: Status.Spie | Status.Spp, x12: 2, at: 0x1c);

    [Test]
    public void Sret_to_user_mode_unmasks_whatever_sstatus_says()
    {
        // User mode calls back: calls and interrupts both go to the start of the loop.
        using HartProgram p = new(engine, "rv64imac_zicsr", [.. s_next, Csrrs(0, Sip, 7), Csrrc(0, Sstatus, 11), Csrrw(0, Sepc, 10), Sret, Ebreak, Addi(9, 9, 1), Ecall]);
        Prepare(p, 0, 2);
        p.Cpu.TryWriteCsr(Medeleg, 1 << 8);
        p.Cpu.TryWriteCsr(Stvec, Base);
        (p.Cpu["x10"], p.Cpu["x11"]) = (Base + 0x1c, Status.Spie | Status.Spp);
        p.Cpu.EnterPrivilege(PrivilegeLevel.Supervisor);
        p.Run((8 * Rounds) + 50);
        (p[9], p.Csr(Scause)).Should().Be((Rounds, Ssip));
    }

    [Test]
    public void A_return_to_a_page_of_the_supervisor_faults_in_user_mode_however_often_the_supervisor_went_there()
    {
        using HartProgram p = new(engine, "rv64imac_zicsr", Return(Csrrw(0, Sstatus, 7), Nop, Csrrw(0, Sepc, 10), Sret, Nop));
        Prepare(p, 0, 0);
        for (ulong i = 0; i <= Rounds; i++)
            p.Memory.Write(Table + (8 * i), 8, i < Rounds ? Status.Spp : 0);
        p.Memory.Write(Base + 0x8010, 8, (Base >> 2) | 0xcf);              // Sv39: the gigabyte at its own address, not for user mode
        p.Cpu.TryWriteCsr(Satp, (8UL << 60) | ((Base + 0x8000) >> 12));
        p.Cpu["x10"] = Base + 0x1c;
        p.Cpu.EnterPrivilege(PrivilegeLevel.Supervisor);
        p.Run((Length * Rounds) + 50);
        (p[9], p.Csr(Mcause), p.Csr(Mepc), p.Csr(Mtval)).Should().Be((Rounds, 12, Base + 0x1c, Base + 0x1c));
    }

    [Test]
    public void The_instruction_behind_a_write_of_satp_is_that_of_the_new_address_space()
    {
        // One address, two pages: the first switches to the second before its own next instruction, and that back.
        const ulong At = 0x4000_0000, Other = Base + 0x6000;
        using HartProgram p = new(engine, "rv64imac_zicsr", Csrrw(0, Satp, 6), Ebreak, Ebreak, Addi(10, 10, 1), Jump(-16));
        p.Load(Other, Ebreak, Addi(9, 9, 1), Csrrw(0, Satp, 5), Ebreak, Ebreak);
        p.OpenMemory();
        for (ulong i = 0; i < 2; i++)
        {
            ulong root = Base + 0x8000 + (i * 0x3000);
            p.Memory.Write(root + 8, 8, ((root + 0x1000) >> 2) | 1);
            p.Memory.Write(root + 0x1000, 8, ((root + 0x2000) >> 2) | 1);
            p.Memory.Write(root + 0x2000, 8, ((i == 0 ? Base : Other) >> 2) | 0xcb);
            p.Cpu[$"x{5 + i}"] = (8UL << 60) | (root >> 12);
        }

        p.Cpu.TryWriteCsr(Satp, p[5]);
        p.Cpu.EnterPrivilege(PrivilegeLevel.Supervisor);
        p.Cpu.SetPc(At);
        p.Run(5 * 100);
        (p[9], p[10], p.Cpu.Pc, p.Csr(Mcause)).Should().Be((100UL, 100UL, At, 0UL));
    }

    [Test]
    public void Registers_that_do_not_end_a_block_are_read_as_written()
    {
        using HartProgram p = new(
            engine,
            "rv64imac_zicsr",
            Csrrw(5, Mscratch, 5),
            Addi(5, 5, 3),
            Csrrw(0, Mtval, 5),
            Csrrs(6, Mtval, 0),
            Add(9, 9, 6),
            Csrrw(0, Mepc, 6),
            Csrrs(7, Mepc, 0),
            Add(10, 10, 7),
            Csrrw(11, Mcause, 9),
            Jump(-36));
        p.Run(10 * 200);
        ulong x5 = 0, scratch = 0, x9 = 0, x10 = 0, x11 = 0, cause = 0;
        for (int i = 0; i < 200; i++)
        {
            (x5, scratch) = (scratch + 3, x5);
            x9 += x5;
            x10 += x5 & ~1UL;
            (x11, cause) = (cause, x9);
        }

        (p[5], p[9], p[10], p[11], p.Csr(Mscratch), p.Csr(Mcause)).Should().Be((x5, x9, x10, x11, scratch, cause));
    }

    [Test]
    public void Pieces_of_any_length_end_in_the_same_state([Values(1, 3, 7, 64)] long budget)
    {
        // Twice the same hart, in one run and in pieces: interrupt pending while masked, taken behind the return.
        using HartProgram whole = Make(), pieces = Make();
        whole.Run((Length * Rounds) + 50);
        while (pieces.Cpu.InstructionCount < (Length * Rounds) + 50)
            pieces.Cpu.Run(Math.Min(budget, (long)((Length * Rounds) + 50 - pieces.Cpu.InstructionCount)));
        for (int x = 1; x < 32; x++)
            pieces[x].Should().Be(whole[x]);
        foreach (int csr in new[] { Mstatus, Mepc, Mcause, 0xb00, 0xb02 })
            pieces.Csr(csr).Should().Be(whole.Csr(csr));

        HartProgram Make()
        {
            HartProgram p = new(engine, "rv64imac_zicsr_zicntr", Return(Store(7), Csrrs(0, Mstatus, 11), Csrrw(0, Mepc, 10), Mret, Csrrc(0, Mstatus, 12)));
            Prepare(p, 0, 8, Scratch, HartProgram.Doorbell);
            (p.Cpu["x10"], p.Cpu["x11"], p.Cpu["x12"]) = (Base + 0x1c, Status.Mpie | Status.Mpp, 8);
            return p;
        }
    }

    private static uint[] Loop(uint makePending, uint unmask, uint mask) => [.. s_next, makePending, unmask, Addi(9, 9, 1), mask, Jump(-24)];

    private static uint[] Return(uint makePending, uint setUp, uint setTarget, uint unmask, uint mask)
        => [.. s_next, makePending, setUp, setTarget, unmask, Ebreak, Addi(9, 9, 1), mask, Jump(-36)];

    private void FromMachine(uint[] code, bool doorbell, ulong mstatus, ulong mie, ulong x11, ulong x12 = 0, ulong at = 0x10)
    {
        using HartProgram p = new(engine, "rv64imac_zicsr", code);
        Prepare(p, mstatus, mie, doorbell ? Scratch : 0, doorbell ? HartProgram.Doorbell : 2);
        p.Cpu.TryWriteCsr(Mideleg, 0);
        (p.Cpu["x10"], p.Cpu["x11"], p.Cpu["x12"]) = (Base + at, x11, x12);
        p.Run((ulong)(code.Length * Rounds) + 50);
        (p[9], p.Csr(Mcause), p.Csr(Mepc)).Should().Be((Rounds, doorbell ? Msip : Ssip, Base + at));
    }

    private void FromSupervisor(uint[] code, ulong mstatus, ulong mie, ulong x11, ulong x12 = 0, ulong at = 0x10)
    {
        using HartProgram p = new(engine, "rv64imac_zicsr", code);
        Prepare(p, mstatus, mie);
        p.Cpu.TryWriteCsr(Stvec, HartProgram.Handler);
        (p.Cpu["x10"], p.Cpu["x11"], p.Cpu["x12"]) = (Base + at, x11, x12);
        p.Cpu.EnterPrivilege(PrivilegeLevel.Supervisor);
        p.Run((ulong)(code.Length * Rounds) + 50);
        (p[9], p.Csr(Scause), p.Csr(Sepc)).Should().Be((Rounds, Ssip, Base + at));
    }

    private static void Prepare(HartProgram p, ulong mstatus, ulong mie, ulong usual = 0, ulong last = 2)
    {
        p.OpenMemory();
        p.Cpu.TryWriteCsr(Mideleg, 2);
        p.Cpu.TryWriteCsr(Mstatus, mstatus);
        p.Cpu.TryWriteCsr(Mie, mie);
        p.Cpu["x8"] = Table;
        for (ulong i = 0; i <= Rounds; i++)
            p.Memory.Write(Table + (8 * i), 8, i < Rounds ? usual : last);
    }
}

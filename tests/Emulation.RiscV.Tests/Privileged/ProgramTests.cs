using Emulation.Core;
using Emulation.Cpu;
using static Emulation.RiscV.Tests.Privileged.Words;

namespace Emulation.RiscV.Tests.Privileged;

/// <summary>The privileged architecture seen from running code, on every engine.</summary>
[TestFixture(EngineKind.Interpreter)]
[TestFixture(EngineKind.Tier0)]
[TestFixture(EngineKind.Jit)]
public sealed class ProgramTests(EngineKind engine)
{
    private const ulong Base = HartProgram.Base, Doorbell = HartProgram.Doorbell;
    private const int Mstatus = 0x300, Mie = 0x304, Mtvec = 0x305, Mepc = 0x341, Mcause = 0x342, Mtval = 0x343, Minstret = 0xb02;

    [Test]
    public void A_store_that_raises_an_interrupt_of_its_own_hart_is_followed_by_the_handler()
    {
        using HartProgram p = new(engine, "rv64imac_zicsr", Lui(1, (uint)Doorbell), Store(1), Nop, Nop, Nop, Nop);
        p.Cpu.TryWriteCsr(Mstatus, Status.Mie);
        p.Cpu.TryWriteCsr(Mie, 8);
        p.Run(20);
        p.Csr(Mcause).Should().Be((1UL << 63) | 3);
        p.Csr(Mepc).Should().Be(Base + 8);
    }

    [Test]
    public void A_write_that_unmasks_a_pending_interrupt_is_followed_by_the_handler()
    {
        using HartProgram p = new(engine, "rv64imac_zicsr", Addi(1, 0, 8), Nop, Csrrw(0, Mstatus, 1), Nop, Nop);
        p.Cpu.TryWriteCsr(Mie, 8);
        p.Cpu.SetInterrupt(RiscVInterrupt.MachineSoftware, true);
        p.Run(20);
        p.Csr(Mepc).Should().Be(Base + 12);
    }

    [Test]
    public void Counters_are_exact_in_every_block_position()
    {
        using HartProgram p = new(engine, "rv64imac_zicsr", Nop, Csrrs(10, Minstret, 0), Nop, Nop, Csrrs(11, Minstret, 0), Csrrw(0, Minstret, 0), Csrrs(12, Minstret, 0), Csrrw(13, Minstret, 0), Spin);
        p.Run(9);
        (p[10], p[11], p[12], p[13]).Should().Be((1UL, 4UL, 0UL, 1UL));
    }

    [Test]
    public void A_counter_overflow_interrupts_behind_the_very_instruction([Range(1, 12)] int distance)
    {
        uint[] code = [Csrrw(0, 0xb03, 5), .. Enumerable.Repeat(Nop, 20)];
        using HartProgram p = new(engine, "rv64imac_zicsr_sscofpmf", code);
        p.Cpu.TryWriteCsr(Mstatus, Status.Mie);
        p.Cpu.TryWriteCsr(Mie, 1 << 13);
        p.Cpu.TryWriteCsr(0x323, 2);
        p.Cpu["x5"] = 0 - (ulong)distance;
        p.Run(40);
        p.Csr(Mcause).Should().Be((1UL << 63) | 13);
        p.Csr(Mepc).Should().Be(Base + 4 + (4 * (ulong)distance));
    }

    [Test]
    public void Illegal_instructions_leave_their_encoding([Values(0x2220_8053u /* fsgnj.d without D */, 0x30a0_1073u + (0x400u << 20), 0xf140_1073u)] uint word)
    {
        using HartProgram p = new(engine, "rv64imac_zicsr", Nop, word, Nop);
        p.Run(10);
        (p.Csr(Mcause), p.Csr(Mtval), p.Csr(Mepc)).Should().Be((2UL, word, Base + 4));
    }

    [Test]
    public void A_write_only_register_of_the_user_is_not_read()
    {
        // cases.md T8
        using HartProgram p = new(engine, "rv64imac_zicsr", 0x7c06_9073, 0x7c06_d073, Csrrs(10, 0x7c0, 0), Nop);
        List<ulong> seen = [];
        p.Cpu.AddCsr(0x7c0, "sink", null, seen.Add);
        p.Cpu["x13"] = 77;
        p.Run(10);
        seen.Should().Equal(77, 13);
        (p.Csr(Mcause), p.Csr(Mepc)).Should().Be((2UL, Base + 8));
    }

    [Test]
    public void A_call_from_user_mode_goes_to_the_supervisor_and_back()
    {
        using HartProgram p = new(engine, "rv64imac_zicsr", Nop, Ecall, Addi(10, 10, 1), Ebreak);
        p.Load(Base + 0x2000, Csrrs(11, 0x141, 0), Addi(11, 11, 4), Csrrw(0, 0x141, 11), Csrrs(12, 0x142, 0), Sret);
        p.OpenMemory();
        p.Cpu.TryWriteCsr(0x302, 1 << 8);
        p.Cpu.TryWriteCsr(0x105, Base + 0x2000);
        p.Cpu.EnterPrivilege(PrivilegeLevel.User);
        p.Run(30);
        (p[10], p[12]).Should().Be((1UL, 8UL));
        (p.Csr(Mcause), p.Csr(Mepc), p.Cpu.Privilege).Should().Be((3UL, Base + 12, PrivilegeLevel.Machine));
    }

    [Test]
    public void Wfi_halts_until_something_enabled_is_pending_even_if_masked()
    {
        using HartProgram p = new(engine, "rv64imac_zicsr", Wfi, Addi(10, 0, 1), Spin);
        p.Cpu.TryWriteCsr(Mie, 8);
        p.Run(10).Reason.Should().Be(StopReason.Halted);
        p.Cpu.Pc.Should().Be(Base + 4);
        p.Cpu.IsIdle.Should().BeTrue();
        p.Cpu.SetInterrupt(RiscVInterrupt.MachineTimer, true);
        p.Cpu.IsIdle.Should().BeTrue("it is not enabled");
        p.Cpu.SetInterrupt(RiscVInterrupt.MachineSoftware, true);
        p.Cpu.IsIdle.Should().BeFalse();
        p.Run(5);
        p[10].Should().Be(1);
        p.Csr(Mcause).Should().Be(0, "no interrupt was taken");
    }

    [Test]
    public void A_loop_of_wfi_that_an_interrupt_nobody_takes_keeps_awake_rests()
    {
        using HartProgram p = new(engine, "rv64imac_zicsr", Wfi, Jump(-4));
        p.Cpu.TryWriteCsr(Mie, (1 << RiscVInterrupt.MachineSoftware) | (1 << RiscVInterrupt.MachineTimer));
        p.Cpu.SetInterrupt(RiscVInterrupt.MachineSoftware, true);
        p.Cpu.Run(1000).Should().Be(CpuExit.Resting);
        p.Cpu.InstructionCount.Should().Be(3, "the first time the hart may have other things to do behind it");
        p.Cpu.Run(1000).Should().Be(CpuExit.Resting);
        p.Cpu.InstructionCount.Should().Be(5);

        // what comes may be what the guest waits for
        p.Cpu.SetInterrupt(RiscVInterrupt.MachineTimer, true);
        p.Cpu.Run(1000).Should().Be(CpuExit.Resting);
        p.Cpu.InstructionCount.Should().Be(9);

        // rests are no end of a run
        p.Run(100).Should().Match<RunResult>(r => r.Reason == StopReason.InstructionLimit && r.Instructions == 100);
    }

    [Test]
    public void A_wfi_behind_which_interrupts_are_taken_does_not_rest()
    {
        using HartProgram p = new(engine, "rv64imac_zicsr", Csrrw(0, Mstatus, 1), Wfi, Csrrw(0, Mstatus, 2), Nop);
        p.Load(HartProgram.Handler, Csrrw(0, Mepc, 3), Csrrw(0, Mstatus, 4), Addi(10, 10, 1), Mret);
        (p.Cpu["x2"], p.Cpu["x3"], p.Cpu["x4"]) = (Status.Mie, Base, Status.Mpp);
        p.Cpu.TryWriteCsr(Mie, 8);
        p.Cpu.SetInterrupt(RiscVInterrupt.MachineSoftware, true);
        p.Cpu.Run(1000).Should().Be(CpuExit.Budget);
        p[10].Should().BeGreaterThan(100);
    }

    [Test]
    public void Wfi_below_machine_mode_traps_with_tw([Values] bool tw, [Values(PrivilegeLevel.Supervisor, PrivilegeLevel.User)] PrivilegeLevel privilege)
    {
        using HartProgram p = new(engine, "rv64imac_zicsr", Wfi, Nop);
        p.OpenMemory();
        p.Cpu.TryWriteCsr(Mstatus, tw ? Status.Tw : 0);
        p.Cpu.EnterPrivilege(privilege);
        RunResult result = p.Run(5);
        bool traps = tw || privilege == PrivilegeLevel.User;
        result.Reason.Should().Be(traps ? StopReason.InstructionLimit : StopReason.Halted);
        p.Csr(Mcause).Should().Be(traps ? 2UL : 0);
    }

    [Test]
    public void A_stopped_hart_ignores_interrupts()
    {
        using HartProgram p = new(engine, "rv64imac_zicsr", Spin);
        p.Cpu.TryWriteCsr(Mie, 8);
        p.Cpu.SetInterrupt(RiscVInterrupt.MachineSoftware, true);
        p.Cpu.Stop();
        p.Run(5).Reason.Should().Be(StopReason.Halted);
        p.Cpu.IsIdle.Should().BeTrue();
        p.Cpu.Start();
        p.Run(5).Reason.Should().Be(StopReason.InstructionLimit);
    }

    [Test]
    public void Pages_are_fetched_loaded_and_marked_through_the_tables()
    {
        // Sv39: one 1 GiB leaf maps virtual 0x4000_0000 to RAM, first without A and D
        using HartProgram p = new(engine, "rv64imac_zicsr_svadu", Sd(2, 3, 0), Ebreak);
        p.OpenMemory();
        p.Memory.TryLoad(Base + 0x8008, BitConverter.GetBytes((Base >> 2) | 0x0f)).Should().BeTrue();
        p.Cpu.TryWriteCsr(0x180, (8UL << 60) | ((Base + 0x8000) >> 12));
        p.Cpu.EnterPrivilege(PrivilegeLevel.Supervisor);
        p.Cpu.SetPc(0x4000_0000);
        p.Cpu["x2"] = 0x4000_4000;
        p.Cpu["x3"] = 0x1122_3344_5566_7788;
        p.Run(10);
        (p.Csr(Mcause), p.Csr(Mepc)).Should().Be((3UL, 0x4000_0004UL));
        p.Read(Base + 0x4000).Should().Be(0x1122_3344_5566_7788);
        p.Read(Base + 0x8008).Should().Be((Base >> 2) | 0xcf);
    }

    [Test]
    public void A_fence_on_an_address_inside_a_superpage_forgets_all_of_it()
    {
        uint fence = 0x1200_0073 | (4u << 15);
        using HartProgram p = new(engine, "rv64imac_zicsr_svadu", Ld(10, 2), Sd(5, 0, 0), fence, Ld(11, 2), Ebreak);
        p.OpenMemory();
        p.Memory.TryLoad(Base + 0x8008, BitConverter.GetBytes((Base >> 2) | 0xcf));   // data window: 1 GiB at 0x4000_0000
        p.Memory.TryLoad(Base + 0x8010, BitConverter.GetBytes((Base >> 2) | 0xcf));   // the program itself at its own address
        p.Cpu.TryWriteCsr(0x180, (8UL << 60) | ((Base + 0x8000) >> 12));
        p.Cpu.EnterPrivilege(PrivilegeLevel.Supervisor);
        p.Cpu["x2"] = 0x4000_4000;
        p.Cpu["x4"] = 0x4abc_d000;
        p.Cpu["x5"] = Base + 0x8008;
        p.Run(10);
        (p.Csr(Mcause), p.Csr(Mepc), p.Csr(Mtval)).Should().Be((13UL, Base + 12, 0x4000_4000UL));
    }

    [Test]
    public void Protection_inside_a_page_binds_every_access()
    {
        using HartProgram p = new(engine, "rv64imac_zicsr", Ld(10, 2), Ld(11, 2), Ld(12, 3), Nop);
        p.Cpu.TryWriteCsr(0x3b0, (Base + 0x4008) >> 2);
        p.Cpu.TryWriteCsr(0x3b1, (Base + 0x4010) >> 2);
        p.Cpu.TryWriteCsr(0x3b2, ulong.MaxValue);
        p.Cpu.TryWriteCsr(0x3a0, 0x1f_08_0f); // all, nothing for 8 bytes, all
        p.Cpu.EnterPrivilege(PrivilegeLevel.User);
        p.Cpu["x2"] = Base + 0x4000;
        p.Cpu["x3"] = Base + 0x4008;
        p.Run(10);
        (p.Csr(Mcause), p.Csr(Mepc), p.Csr(Mtval)).Should().Be((5UL, Base + 8, Base + 0x4008));
    }

    [Test]
    public void A_host_may_not_set_an_odd_pc()
    {
        using HartProgram p = new(engine, "rv64imac_zicsr", Nop);
        Action odd = () => p.Cpu.SetPc(Base + 1);
        odd.Should().Throw<ArgumentException>();
    }
}

using System.Runtime.InteropServices;
using Emulation.Arm.Tests.Privileged;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>AArch32 below AArch64: what QEMU does otherwise, or does not show.</summary>
public sealed class A32BelowTests
{
    private const uint Eret = 0xd69f_03e0, Code32 = 0x5000;
    private const int SystemTrap = 3, SoftwareStep = 0x32, HardwareBreakpoint = 0x30, Bkpt = 0x38, Unknown = 0, PairTrap = 4;

    // processor mode, MCR or MRC, the register by its number in AArch64
    [TestCase(0x13u, 0xee01_0f10u, 0)]
    [TestCase(0x13u, 0xee01_df10u, 19)]
    [TestCase(0x13u, 0xee01_ef10u, 18)]
    [TestCase(0x11u, 0xee01_8f10u, 24)]
    [TestCase(0x11u, 0xee01_ef10u, 30)]
    [TestCase(0x1bu, 0xee01_df10u, 23)]
    [TestCase(0x1fu, 0xee01_ef10u, 14)]
    public void Syndromes_have_registers_as_AArch64_numbers_them(uint mode, uint word, int register)
    {
        using SystemCpu s = Start(EngineKind.Tier0, 2, 0x1c0 | mode, word);
        s.Cpu[SystemSlot.HcrEl2] = ArmCpu.HcrTvm;
        s.Cpu.OnPrivilegedWrite();
        s.Run(2);
        (s.Cpu.ExceptionLevel, s.Cpu.IsAArch32, s.Cpu.Syndrome >> 26, (s.Cpu.Syndrome >> 5) & 31).Should().Be((2, false, SystemTrap, (ulong)register));
        s.Cpu.Pc.Should().Be(SystemCpu.Vectors + 0x600);
    }

    // SPSR_EL2, HCR_EL2.RW; whether the return is legal
    [TestCase(0x1d3u, false, true)]
    [TestCase(0x1d3u, true, false)]
    [TestCase(0x1d0u, false, true)]
    [TestCase(0x1d0u, true, true)]
    [TestCase(0x1dau, false, false)]
    [TestCase(0x1d6u, false, false)]
    [TestCase(0x3c5u, false, false)]
    [TestCase(0x3c0u, false, false)]
    [TestCase(0x3c5u, true, true)]
    [TestCase(0x3c0u, true, true)]
    public void Returns_are_legal_to_the_state_of_the_level(uint state, bool wide, bool legal)
    {
        using SystemCpu s = Start(EngineKind.Tier0, 2, state, 0);
        s.Cpu[SystemSlot.HcrEl2] = wide ? ArmCpu.HcrRw : 0;
        s.Cpu.OnPrivilegedWrite();
        s.Run(1);
        s.Cpu.ExceptionLevel.Should().Be(legal ? ((state & 15) is 0 ? 0 : 1) : 2);
        s.Cpu.IsAArch32.Should().Be(legal && (state & 0x10) != 0);
        ((s.Cpu[SystemSlot.PState] & ArmCpu.StateIllegal) != 0).Should().Be(!legal);
    }

    [Test]
    public void A_core_without_AArch32_at_EL1_returns_to_EL0_alone([Values(0x10u, 0x13u)] uint mode)
    {
        using SystemCpu s = Start(EngineKind.Tier0, 2, 0x1c0 | mode, "neoverse-n1", 0);
        s.Register("HCR_EL2", 0);
        s.Register("HCR_EL2").Should().Be(ArmCpu.HcrRw);
        s.Run(1);
        s.Cpu.IsAArch32.Should().Be(mode == 0x10);
    }

    // status, words; where the instruction behind is, and the status there
    [TestCase(0x10u, 0xe3a0_0001u, 0x5004u, 0x10u)]       // mov r0, #1
    [TestCase(0x30u, 0x2002_2001u, 0x5002u, 0x30u)]       // movs r0, #1; movs r0, #2
    [TestCase(0x10u, 0xe12f_ff11u, 0x6000u, 0x30u)]       // bx r1
    [TestCase(0x10u, 0xea00_00feu, 0x5400u, 0x10u)]       // b
    [TestCase(0x30u, 0x2001_bf04u, 0x5002u, 0x0000_0430u)]       // itt eq; moveq r0, #1
    public void One_instruction_is_stepped(uint status, uint words, uint next, uint after)
    {
        foreach (EngineKind engine in Enum.GetValues<EngineKind>())
        {
            using SystemCpu s = Start(engine, 1, status | (1 << 21), words, 0xe320_f000);
            (s.Cpu[SystemSlot.MdscrEl1], s.Cpu[SystemSlot.OsLock]) = (1, 0);
            s.Cpu.OnDebugWrite();
            s[1] = 0x6001;
            for (int i = 0; i < 6 && s.Cpu.Pc != SystemCpu.Vectors + 0x600; i++)
                s.Run(1);
            s.Cpu.Pc.Should().Be(SystemCpu.Vectors + 0x600);
            s.Cpu.Syndrome.Should().Be(((ulong)SoftwareStep << 26) | (1 << 25) | (1 << 24) | 0x22);
            s.Cpu[SystemSlot.ElrEl1].Should().Be(next);
            ((uint)s.Cpu[SystemSlot.SpsrEl1] & 0x0620_fc3f).Should().Be(after);
        }
    }

    [TestCase(0x5002u, 0xfu << 5, 0x5002u)]
    [TestCase(0x5000u, 0xcu << 5, 0x5002u)]
    [TestCase(0x5000u, 0x3u << 5, 0x5000u)]
    public void Breakpoints_tell_halfwords(uint address, uint select, uint hit)
    {
        using SystemCpu s = Start(EngineKind.Tier0, 1, 0x30, 0x2002_2001, 0x2004_2003);
        (s.Cpu[SystemSlot.MdscrEl1], s.Cpu[SystemSlot.OsLock]) = (1 << 15, 0);
        (s.Cpu[SystemSlot.BreakpointFirst], s.Cpu[SystemSlot.BreakpointFirst + 1]) = (address & ~3u, (address & 2) != 0 ? 0x185u : select | 5);
        s.Cpu.OnDebugWrite();
        for (int i = 0; i < 8 && s.Cpu.Pc != SystemCpu.Vectors + 0x600; i++)
            s.Run(1);
        (s.Cpu.Syndrome >> 26, s.Cpu[SystemSlot.ElrEl1]).Should().Be((HardwareBreakpoint, hit));
    }

    // SCTLR_EL1, status, words; the class of the exception, or -1
    [TestCase(0x30d0_0820u, 0x10u, 0xf101_0200u, -1)]     // setend be
    [TestCase(0x30d0_0920u, 0x10u, 0xf101_0200u, Unknown)]
    [TestCase(0x30d0_0920u, 0x30u, 0xbf00_b658u, Unknown)]
    [TestCase(0x30d0_0820u, 0x10u, 0xee07_0fbau, -1)]     // mcr p15, 0, r0, c7, c10, 5
    [TestCase(0x30d0_0800u, 0x10u, 0xee07_0fbau, Unknown)]
    [TestCase(0x30d0_0800u, 0x10u, 0xee07_0f95u, Unknown)]
    [TestCase(0x30d0_0820u, 0x30u, 0xbf00_be07u, Bkpt)]
    public void Deprecated_instructions_are_for_the_kernel_to_allow(uint control, uint status, uint word, int exceptionClass)
    {
        using SystemCpu s = Start(EngineKind.Tier0, 1, status, word, 0xe320_f000);
        s.Cpu[SystemSlot.SctlrEl1] = control;
        s.Cpu.OnPrivilegedWrite();
        s.Run(2);
        s.Cpu.IsAArch32.Should().Be(exceptionClass < 0);
        if (exceptionClass < 0)
            return;
        (s.Cpu.Syndrome >> 26).Should().Be((ulong)exceptionClass);
        if (exceptionClass == Bkpt)
            (s.Cpu.Syndrome & 0x3ff_ffff).Should().Be(7, "an instruction of 16 bits has no IL");
    }

    // the instruction, its class, the register of AArch64, ISS without the direction
    [TestCase(0xee14_0f16u, SystemTrap, 0xc230u, true)]   // mrc ICC_PMR
    [TestCase(0xee04_1f16u, SystemTrap, 0xc230u, false)]  // mcr
    [TestCase(0xee1c_0f1cu, SystemTrap, 0xc660u, true)]   // mrc ICC_IAR1
    [TestCase(0xec41_0f0cu, PairTrap, 0xc65du, false)]    // mcrr ICC_SGI1R
    public void The_interrupt_controller_says_what_traps(uint word, int exceptionClass, uint encoding, bool reads)
    {
        foreach (int target in (int[])[0, 2])
        {
            using SystemCpu s = Start(EngineKind.Tier0, 2, 0x1d3, word, 0xe320_f000);
            var controller = new Controller { Target = target };
            s.Cpu.SystemRegisters = controller;
            s.Cpu[SystemSlot.HcrEl2] = 0;
            s.Cpu.OnPrivilegedWrite();
            s.Run(2);
            controller.Asked.Should().Be(((int)encoding, 1));
            controller.Accesses.Should().Be(target == 0 ? 1 : 0);
            if (target == 0)
            {
                s.Cpu.Pc.Should().Be(Code32 + 4);
                continue;
            }

            (s.Cpu.ExceptionLevel, s.Cpu.Pc, s.Cpu.Syndrome >> 26, s.Cpu.Syndrome & 1).Should().Be((2, SystemCpu.Vectors + 0x600, (ulong)exceptionClass, reads ? 1UL : 0));
        }
    }

    // mode, the instruction; whether HSTR_EL2.T13 traps
    [TestCase(0x1d3u, 0xee0d_0f50u, Description = "mcr TPIDRURW")]
    [TestCase(0x1d3u, 0xee1d_0f70u, Description = "mrc TPIDRURO")]
    [TestCase(0x1d0u, 0xee1d_0f50u, Description = "mrc TPIDRURW in User mode")]
    [TestCase(0x1d0u, 0xee1d_0f70u, Description = "mrc TPIDRURO in User mode")]
    public void Thread_registers_trap_to_a_hypervisor_that_wants_it(uint status, uint word)
    {
        foreach (EngineKind engine in Enum.GetValues<EngineKind>())
        {
            foreach (ulong traps in (ulong[])[0, 1 << 13])
            {
                using SystemCpu s = Start(engine, 2, status, word, 0xe320_f000);
                (s.Cpu[SystemSlot.HcrEl2], s.Cpu[SystemSlot.HstrEl2]) = (0, traps);
                s.Cpu.OnPrivilegedWrite();
                s.Run(2);
                (s.Cpu.ExceptionLevel == 2).Should().Be(traps != 0);
                if (traps != 0)
                    (s.Cpu.Syndrome >> 26, s.Cpu[SystemSlot.ElrEl2]).Should().Be((SystemTrap, Code32));
            }
        }
    }

    [Test]
    public void SWP_is_of_older_cores([Values("cortex-a57", "cortex-a15")] string model)
    {
        ArmCpuModel found = ArmCpuModel.Find(model)!;
        using var s = new SystemCpu(EngineKind.Tier0, new ArmCpuOptions { Model = found, StartsInAArch32 = true }, 1, 0xe101_0090);
        s[1] = SystemCpu.Data;
        s.Run(1);
        (s.Cpu.Cpsr & 0x1f).Should().Be(model == "cortex-a57" ? 0x1bu : 0x13);
    }

    [Test]
    public void IT_blocks_are_allowed_for_ever()
    {
        // mcr SCTLR, r0; mrc SCTLR, r1
        var options = new ArmCpuOptions { Model = ArmCpuModel.Find("cortex-a57")!, StartsInAArch32 = true };
        using var s = new SystemCpu(EngineKind.Tier0, options, 1, 0xee01_0f10, 0xee11_1f10);
        s[0] = 0x00c5_08b8;
        s.Run(2);
        s[1].Should().Be(0x00c5_0838);
    }

    [Test]
    public void A_state_that_registers_do_not_allow_harms_nobody()
    {
        // a level that the host has put into a state that registers do not allow
        using SystemCpu s = Start(EngineKind.Tier0, 1, 0, 0);
        s.Cpu[SystemSlot.HcrEl2] = 0;
        s.Cpu.OnPrivilegedWrite();
        s.Cpu.SetInterrupt(ArmInterrupt.Irq, true);
        s.Cpu[SystemSlot.Daif] = 0;
        s.Cpu.OnStateWrite();
        s.Invoking(static c => c.Run(10)).Should().NotThrow();
    }

    private static SystemCpu Start(EngineKind engine, int from, uint state, params uint[] words) => Start(engine, from, state, "cortex-a57", words);

    // at ERET of a level, to code at 0x5000
    private static SystemCpu Start(EngineKind engine, int from, uint state, string model, params uint[] words)
    {
        var options = new ArmCpuOptions { Model = ArmCpuModel.Find(model)!, HasEl2 = true, ResetLevel = from };
        var s = new SystemCpu(engine, options, 1, Eret);
        s.Memory.Write(Code32, MemoryMarshal.AsBytes(words.AsSpan()));
        s.Cpu[SystemSlot.ElrEl1 + (from - 1)] = Code32;
        s.Cpu[SystemSlot.SpsrEl1 + (from - 1)] = state;
        s.Cpu[SystemSlot.CpacrEl1] = 3 << 20;
        s.Cpu.OnPrivilegedWrite();
        return s;
    }

    private sealed class Controller : IArmSystemRegisters
    {
        public int Target { get; init; }

        public (int Encoding, int Level) Asked { get; private set; }

        public int Accesses { get; private set; }

        public int TrapTarget(int encoding, in ArmRegisterAccess access)
        {
            Asked = (encoding, access.Level);
            return Target;
        }

        public bool TryRead(int encoding, in ArmRegisterAccess access, out ulong value)
        {
            (value, Accesses) = (0, Accesses + 1);
            return true;
        }

        public bool TryWrite(int encoding, in ArmRegisterAccess access, ulong value)
        {
            Accesses++;
            return true;
        }
    }
}

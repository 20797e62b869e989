using Emulation.Arm.Tests.Privileged;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>Breakpoints, watchpoints and vector catch of CP14, which monitors of AArch32 take as aborts. Arm DDI 0487, G2; DDI 0406, C3.</summary>
public sealed class A32DebugTests
{
    private const uint Nop = 0xe320_f000, Load = 0xe591_0000, Store = 0xe581_0000, Monitor = 1 << 15, User = 1 << 12;
    private const uint Enabled = 1 | (3 << 1), AllBytes = 15 << 5;
    private static readonly EngineKind[] s_engines = Enum.GetValues<EngineKind>();

    [Test]
    public void A_breakpoint_that_code_sets([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        // OS lock, monitor debug, DBGBVR3, DBGBCR3; then DBGDSCR is read by the handler
        using OldCpu cpu = Start(engine, Mcr(1, 0, 4, 0), Mcr(0, 2, 2, 1), Mcr(0, 3, 4, 2), Mcr(0, 3, 5, 3), Nop, Nop, Nop);
        cpu.Write(OldCpu.PrefetchAbort, Mrc(0, 1, 0, 4));
        (cpu[0], cpu[1], cpu[2], cpu[3]) = (0, Monitor, OldCpu.Code + 0x18, Enabled | AllBytes);
        cpu.Run(6);
        cpu.Cpu.Pc.Should().Be(OldCpu.Code + 0x18);
        cpu.Run(2);
        (cpu.Cpu.Cpsr & 0x1f).Should().Be(0x17);
        cpu[4].Should().Be(Monitor | (1 << 2));
        (cpu[14], (uint)cpu.Cpu[SystemSlot.IfsrEl2]).Should().Be((OldCpu.Code + 0x1c, 2u));
    }

    [TestCase(0u, false, Description = "the OS lock")]
    [TestCase(1u, false, Description = "no monitor debug")]
    [TestCase(2u, false, Description = "not enabled")]
    [TestCase(3u, false, Description = "User mode alone")]
    [TestCase(4u, true, Description = "User, System and Supervisor mode")]
    [TestCase(5u, false, Description = "another halfword")]
    [TestCase(6u, false, Description = "linked to what compares another context")]
    [TestCase(7u, true, Description = "linked to what compares this one")]
    [TestCase(8u, true, Description = "a context")]
    public void What_a_breakpoint_takes(uint which, bool hits)
    {
        using OldCpu cpu = Start(EngineKind.Tier0, Nop, Nop);
        Set(cpu, which == 1 ? 0 : Monitor);
        uint control = which switch
        {
            2 => AllBytes | (3 << 1),
            3 => 1 | (2 << 1) | AllBytes,
            4 => 1 | AllBytes,
            5 => Enabled | (12 << 5),
            6 or 7 => Enabled | AllBytes | (1 << 20) | (5 << 16),
            8 => Enabled | AllBytes | (2 << 20),
            _ => Enabled | AllBytes,
        };
        cpu.Cpu[SystemSlot.ContextIdrEl1] = 0x1234;
        (cpu.Cpu[SystemSlot.BreakpointFirst], cpu.Cpu[SystemSlot.BreakpointFirst + 1]) = (which == 8 ? 0x1234 : OldCpu.Code, control);
        (cpu.Cpu[SystemSlot.BreakpointFirst + 10], cpu.Cpu[SystemSlot.BreakpointFirst + 11]) = (which == 7 ? 0x1234u : 0x1235, 1 | AllBytes | (3 << 20));
        cpu.Cpu[SystemSlot.OsLock] = which == 0 ? 1u : 0;
        cpu.Cpu.OnDebugWrite();
        cpu.Run(1);
        cpu.Cpu.Pc.Should().Be(hits ? OldCpu.PrefetchAbort : OldCpu.Code + 4);
    }

    [Test]
    public void Halfwords_of_T32_have_breakpoints([ValueSource(nameof(s_engines))] EngineKind engine, [Values] bool second)
    {
        using var cpu = new OldCpu(engine, ArmIsa.CortexA15, true, 0xbf00_bf00, 0xbf00_bf00);
        Set(cpu, Monitor);
        (cpu.Cpu[SystemSlot.BreakpointFirst], cpu.Cpu[SystemSlot.BreakpointFirst + 1]) = (OldCpu.Code, Enabled | (second ? 12u << 5 : 3 << 5));
        cpu.Cpu.OnDebugWrite();
        cpu.Run(second ? 2 : 1);
        cpu.Cpu.Pc.Should().Be(OldCpu.PrefetchAbort);
        cpu[14].Should().Be(OldCpu.Code + (second ? 6u : 4));
    }

    [Test]
    public void A_mismatch_steps_user_code([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        using OldCpu cpu = Start(engine, Nop, Nop, Nop);
        Set(cpu, Monitor);
        (cpu.Cpu[SystemSlot.BreakpointFirst], cpu.Cpu[SystemSlot.BreakpointFirst + 1]) = (OldCpu.Code, 1 | (2 << 1) | AllBytes | (4 << 20));
        cpu.Cpu.OnDebugWrite();
        cpu.Cpu.Cpsr = (uint)ProcessorMode.User;
        cpu.Run(1);
        cpu.Cpu.Pc.Should().Be(OldCpu.Code + 4);
        cpu.Run(1);
        cpu.Cpu.Pc.Should().Be(OldCpu.PrefetchAbort);
        cpu[14].Should().Be(OldCpu.Code + 8);
    }

    [Test]
    public void BKPT_says_how_debug_was_entered([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        using OldCpu cpu = Start(engine, 0xe120_0070);
        cpu.Run(1);
        (cpu.Cpu.Pc, (uint)cpu.Cpu[SystemSlot.IfsrEl2], (uint)cpu.Cpu[SystemSlot.MdscrEl1]).Should().Be((OldCpu.PrefetchAbort, 2u, 3u << 2));
    }

    [TestCase(Load, 1u, true)]
    [TestCase(Load, 2u, false)]
    [TestCase(Store, 2u, true)]
    [TestCase(Store, 1u, false)]
    [TestCase(0xe5d1_0003u, 3u, false, Description = "ldrb: a byte that is not selected")]
    [TestCase(0xe5d1_0001u, 3u, true)]
    [TestCase(0xe881_0009u, 2u, true, Description = "stm: a word of several")]
    [TestCase(0xe4b1_0000u, 1u, false, Description = "ldrt is an access of User mode")]
    public void Watchpoints(uint instruction, uint kind, bool hits)
    {
        foreach (EngineKind engine in s_engines)
        {
            foreach (bool saves in (bool[])[false, true])
            {
                using OldCpu cpu = Start(engine, Nop, Load, instruction);
                Set(cpu, Monitor);
                cpu[1] = OldCpu.Data;
                cpu.Run(2);                              // the page is known
                (cpu.Cpu[SystemSlot.WatchpointFirst], cpu.Cpu[SystemSlot.WatchpointFirst + 1]) = (OldCpu.Data, 1 | (1 << 1) | (kind << 3) | (3 << 5));
                cpu.Cpu.OnDebugWrite();
                if (saves)
                    SaveAndLoad(cpu);
                cpu.Run(1);
                cpu.Cpu.Pc.Should().Be(hits ? OldCpu.DataAbort : OldCpu.Code + 12, $"{instruction:x8} {engine}");
                if (!hits)
                    continue;
                bool store = (instruction & (1 << 20)) == 0;
                (cpu.Status, cpu.FaultAddress & ~3u, cpu[14]).Should().Be((store ? 0x802u : 2, OldCpu.Data, OldCpu.Code + 16));
                ((uint)cpu.Cpu[SystemSlot.MdscrEl1], (uint)cpu.Cpu[SystemSlot.WatchFault]).Should().Be((Monitor | (10 << 2), OldCpu.Code + 16));
            }
        }
    }

    [Test]
    public void Vectors_are_caught([ValueSource(nameof(s_engines))] EngineKind engine, [Values] bool caught)
    {
        // svc #0; the handler of SVC stays where it is
        using OldCpu cpu = Start(engine, 0xef00_0000);
        Set(cpu, Monitor);
        cpu.Cpu[SystemSlot.VectorCatch] = caught ? 1u << 2 : 1 << 1;
        cpu.Cpu.OnDebugWrite();
        cpu.Run(2);
        cpu.Cpu.Pc.Should().Be(caught ? OldCpu.PrefetchAbort : 8u);
        if (caught)
            (cpu[14], (uint)cpu.Cpu[SystemSlot.MdscrEl1]).Should().Be((12u, Monitor | (5 << 2)));
    }

    [Test]
    public void Registers_hold_what_they_have([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        // DBGVCR, DBGWVR1, DBGWCR1, DBGBXVR5 are written and read; DBGDIDR, DBGOSLSR; the key locks
        using OldCpu cpu = Start(
            engine, Mcr(0, 7, 0, 0), Mrc(0, 7, 0, 1), Mcr(0, 1, 6, 0), Mrc(0, 1, 6, 2), Mcr(0, 1, 7, 0), Mrc(0, 1, 7, 3), Mcr(1, 5, 1, 0), Mrc(1, 5, 1, 4),
            Mrc(0, 0, 0, 5), Mcr(1, 0, 4, 6), Mrc(1, 1, 4, 7), Mcr(1, 0, 4, 0), Mrc(1, 1, 4, 8), 0xec51_0e01 /* mrrc p14, 0, r0, r1, c1 */);
        (cpu[0], cpu[6]) = (uint.MaxValue - 1, 0xc5ac_ce55);
        cpu.Run(13);
        (cpu[1], cpu[2], cpu[3], cpu[4]).Should().Be((0xde00_dcdeu, 0xffff_fffcu, 0x1f1f_fffeu, 0xffff_fffeu));
        (cpu[5], cpu[7], cpu[8]).Should().Be((0x3515_d000u, 10u, 8u));
        cpu.Run(1);
        (cpu[0], cpu[1], cpu.Cpu.Pc).Should().Be((0u, 0u, OldCpu.Code + 56));
    }

    [Test]
    public void User_mode_reads_until_it_may_not([ValueSource(nameof(s_engines))] EngineKind engine, [Values] bool disabled)
    {
        // mrc DBGDSCRint to the flags; ldc p14, c5, [r1], #4; stc p14, c5, [r1]
        using OldCpu cpu = Start(engine, Mrc(0, 1, 0, 15), 0xecb1_5e01, 0xed81_5e00);
        Set(cpu, disabled ? User : 0);
        cpu.Write(OldCpu.Data + 4, 1);
        cpu.Cpu.Cpsr = (uint)ProcessorMode.User;
        cpu[1] = OldCpu.Data;
        cpu.Run(1);
        cpu.Cpu.Pc.Should().Be(disabled ? OldCpu.Undefined : OldCpu.Code + 4);
        if (disabled)
            return;
        cpu.Run(2);
        (cpu.Cpu.Pc, cpu[1], cpu.Read(OldCpu.Data + 4)).Should().Be((OldCpu.Code + 12, OldCpu.Data + 4, 0u));
    }

    [Test]
    public void A_kernel_of_AArch64_sets_breakpoints_in_A32([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        const uint Eret = 0xd69f_03e0;
        using var s = new SystemCpu(engine, null, 1, Eret, Nop, Nop);
        s.Cpu[SystemSlot.ElrEl1] = SystemCpu.Code + 4;
        s.Cpu[SystemSlot.SpsrEl1] = 0x10;
        s.Cpu[SystemSlot.OsLock] = 0;
        s.Cpu[SystemSlot.MdscrEl1] = Monitor;
        (s.Cpu[SystemSlot.BreakpointFirst], s.Cpu[SystemSlot.BreakpointFirst + 1]) = (SystemCpu.Code + 8, 1 | (2 << 1) | AllBytes);
        s.Cpu.OnDebugWrite();
        s.Run(3);
        (s.Cpu.Pc, s.Cpu[SystemSlot.ElrEl1], s.Cpu[SystemSlot.EsrEl1] >> 26).Should().Be((SystemCpu.Vectors + 0x600, SystemCpu.Code + 8, 0x30UL));
    }

    [Test]
    public void Semihosting_is_called_by_HLT([ValueSource(nameof(s_engines))] EngineKind engine, [Values] bool thumb, [Values] bool answers)
    {
        // hlt #0xf000; mov r2, #1, or in T32 hlt #0x3c; movs r2, #1
        using var cpu = new OldCpu(engine, ArmIsa.Everything, thumb, thumb ? [0x2201_babc] : [0xe10f_0070, 0xe3a0_2001]);
        if (answers)
            cpu.Cpu.Semihosting = new Answer();
        cpu[0] = 5;
        cpu.Run(2);
        if (answers)
            (cpu[0], cpu[2], cpu.Cpu.Pc).Should().Be((6u, 1u, OldCpu.Code + (thumb ? 4u : 8)));
        else
            cpu.Cpu.Pc.Should().Be(OldCpu.Undefined);
    }

    private static void Set(OldCpu cpu, uint status)
    {
        cpu.Cpu[SystemSlot.OsLock] = 0;
        cpu.Cpu[SystemSlot.MdscrEl1] = status;
        cpu.Cpu.OnDebugWrite();
    }

    private static void SaveAndLoad(OldCpu cpu)
    {
        var writer = new StateWriter();
        cpu.Cpu.Save(writer);
        cpu.Cpu.Reset();
        cpu.Cpu.Load(new StateReader("cpu0", 1, writer.Written.ToArray()));
    }

    private static OldCpu Start(EngineKind engine, params uint[] words) => new(engine, ArmIsa.CortexA15, false, words);

    private static uint Mcr(uint crn, uint crm, uint opc2, uint rt) => 0xee00_0e10 | (crn << 16) | (rt << 12) | (opc2 << 5) | crm;

    private static uint Mrc(uint crn, uint crm, uint opc2, uint rt) => Mcr(crn, crm, opc2, rt) | (1 << 20);

    private sealed class Answer : IArmSemihosting
    {
        public bool HandleCall(ArmCpu cpu)
        {
            cpu[cpu.Registers.X[0]]++;
            return true;
        }
    }
}

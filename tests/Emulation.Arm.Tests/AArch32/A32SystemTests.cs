using System.Runtime.InteropServices;
using Emulation.Arm.Tests.Privileged;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>EL1 in AArch32: translation, aborts, interrupts; and EL0 in AArch32 below an EL1 in AArch64.</summary>
public sealed class A32SystemTests
{
    private const uint Load = 0xe591_0000, Store = 0xe581_0000, Nop = 0xe320_f000;
    private const uint Table = 0x4000, SecondTable = 0x9000, OtherTable = 0xc000, Page = 0xb000, Address = 0x50_0000;
    private const uint Section = 2, Coarse = 1, Small = 2, Normal = 1 << 12 | 3 << 2, AllAccess = 3 << 10;
    private static readonly EngineKind[] s_engines = Enum.GetValues<EngineKind>();

    private static IEnumerable<TestCaseData> Aborts =>
    [
        // what the first table says, what the second says, the instruction, the domain's access, DFSR
        new TestCaseData(0u, 0u, Load, 1u, 0x05u).SetArgDisplayNames("section translation"),
        new TestCaseData(0u, 0u, Store, 1u, 0x805u).SetArgDisplayNames("section translation, write"),
        new TestCaseData(Section | AllAccess | Domain(1), 0u, Load, 0u, 0x19u).SetArgDisplayNames("section domain"),
        new TestCaseData(Section | (1u << 15) | (1 << 10) | Domain(1), 0u, Store, 1u, 0x81du).SetArgDisplayNames("section permission"),
        new TestCaseData(Coarse | SecondTable | Domain(1), 0u, Load, 1u, 0x17u).SetArgDisplayNames("page translation"),
        new TestCaseData(Coarse | SecondTable | Domain(1), Small | Page | (3u << 4), Load, 0u, 0x1bu).SetArgDisplayNames("page domain"),
        new TestCaseData(Coarse | SecondTable | Domain(1), Small | Page | (1u << 9) | (1 << 4), Store, 1u, 0x81fu).SetArgDisplayNames("page permission"),
        new TestCaseData(Coarse | 0x4000_0000 | Domain(1), 0u, Load, 1u, 0x1eu).SetArgDisplayNames("no second table"),
    ];

    [TestCaseSource(nameof(Aborts))]
    public void Short_descriptors_fault(uint first, uint second, uint instruction, uint access, uint status)
    {
        using SystemCpu s = Start(EngineKind.Tier0, instruction, Nop);
        Write(s, Table + ((Address >> 20) * 4), first);
        Write(s, SecondTable, second);
        s.Cpu.WriteDomains(1 | (access << 2));
        s[1] = Address;
        s.Run(1);
        s.Cpu.Pc.Should().Be(SystemCpu.Vectors + 0x10);
        ((uint)s.Cpu[SystemSlot.EsrEl1]).Should().Be(status);
        ((uint)s.Cpu[SystemSlot.FarEl1]).Should().Be(Address);
        (s.Cpu.Cpsr & 0x1ff).Should().Be(0x1d7);
        s[20].Should().Be(SystemCpu.Code + 8);
    }

    [Test]
    public void User_mode_has_rights_of_its_own([Values(0u, 1u, 2u, 3u)] uint access, [Values] bool write)
    {
        using SystemCpu s = Start(EngineKind.Tier0, write ? Store : Load, Nop);
        Write(s, Table, Section | AllAccess | Normal);
        Write(s, Table + ((Address >> 20) * 4), Section | (access << 10) | Normal);
        s[1] = Address;
        s.Cpu.Cpsr = (uint)ProcessorMode.User;
        s.Run(1);
        bool allowed = write ? access == 3 : access >= 2;
        s.Cpu.Pc.Should().Be(allowed ? SystemCpu.Code + 4 : SystemCpu.Vectors + 0x10);
        if (!allowed)
            ((uint)s.Cpu[SystemSlot.EsrEl1]).Should().Be(write ? 0x80du : 0x0d);
    }

    [Test]
    public void A_domain_opens_and_closes([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        // mcr p15, 0, r2, c3, c0, 0; ldr r0, [r1]; mcr p15, 0, r3, c3, c0, 0; str r0, [r1]; mcr p15, 0, r4, c3, c0, 0; ldr r0, [r1]
        using SystemCpu s = Start(engine, 0xee03_2f10, Load, 0xee03_3f10, Store, 0xee03_4f10, Load);
        Write(s, Table + ((Address >> 20) * 4), Section | (1u << 15) | (1 << 10) | Domain(1) | Normal);
        (s[1], s[2], s[3], s[4]) = (Address + SystemCpu.Data, 5, 0xd, 1);      // client, manager, none
        s.Run(6);
        s.Cpu.Pc.Should().Be(SystemCpu.Vectors + 0x10);
        ((uint)s.Cpu[SystemSlot.EsrEl1]).Should().Be(0x19);
        s[20].Should().Be(SystemCpu.Code + 20 + 8);
    }

    [Test]
    public void Another_ASID_has_other_translations([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        // ldr r0, [r1]; mcr p15, 0, r2, c13, c0, 1; mcr p15, 0, r3, c2, c0, 0; isb; ldr r4, [r1]
        using SystemCpu s = Start(engine, Load, 0xee0d_2f30, 0xee02_3f10, 0xf57f_f06f, 0xe591_4000);
        foreach (uint table in (uint[])[Table, OtherTable])
        {
            Write(s, table, Section | AllAccess | Normal);
            Write(s, table + ((Address >> 20) * 4), Coarse | (table == Table ? SecondTable : SecondTable + 0x400));
        }

        Write(s, SecondTable, Small | Page | (3 << 4) | (1 << 11) | (1 << 6) | (3 << 2));
        Write(s, SecondTable + 0x400, Small | (Page - 0x1000) | (3 << 4) | (1 << 11) | (1 << 6) | (3 << 2));
        Write(s, Page, 0x1111);
        Write(s, Page - 0x1000, 0x2222);
        (s[1], s[2], s[3]) = (Address, 7, OtherTable);
        s.Run(5);
        (s[0], s[4]).Should().Be((0x1111UL, 0x2222UL));
    }

    [Test]
    public void Long_descriptors_have_status_codes_of_their_own()
    {
        using SystemCpu s = Start(EngineKind.Tier0, Store, Nop);
        s.Cpu[SystemSlot.TcrEl1] = 1UL << 31;
        s.Cpu[SystemSlot.MairEl1] = 0xff;
        Write(s, Table, SecondTable | 3);                // the first gigabyte: a table of 2 MiB blocks
        Write(s, SecondTable, 0x701);
        Write(s, SecondTable + 16, 0x7c1 | (1 << 7));    // Address is in the third; it is read-only
        s.Cpu.FlushTranslations();
        s[1] = Address;
        s.Run(1);
        s.Cpu.Pc.Should().Be(SystemCpu.Vectors + 0x10);
        ((uint)s.Cpu[SystemSlot.EsrEl1]).Should().Be(0xa0e);
    }

    [TestCase(ArmInterrupt.Irq, 0x18u, ProcessorMode.Irq, 0x180u, 16)]
    [TestCase(ArmInterrupt.Fiq, 0x1cu, ProcessorMode.Fiq, 0x1c0u, 30)]
    [TestCase(ArmInterrupt.SError, 0x10u, ProcessorMode.Abort, 0x180u, 20)]
    public void Interrupts_are_taken_in_their_modes(ArmInterrupt input, uint vector, ProcessorMode mode, uint masks, int link)
    {
        // cpsie aif
        using SystemCpu s = Start(EngineKind.Tier0, Nop, 0xf108_01c0, Nop, Nop);
        s.Cpu.SetInterrupt(input, true);
        s.Run(1);
        s.Cpu.Pc.Should().Be(SystemCpu.Code + 4, "it is masked");
        s.Run(2);
        (s.Cpu.Pc & ~7UL).Should().Be((SystemCpu.Vectors + vector) & ~7UL);
        (s.Cpu.Cpsr & 0x1ff).Should().Be(masks | (uint)mode);
        s[link].Should().Be(SystemCpu.Code + 8 + (mode == ProcessorMode.Abort ? 8UL : 4));
    }

    [Test]
    public void A_timer_of_CP15_wakes_a_waiting_CPU()
    {
        // mcr p15, 0, r0, c14, c3, 0 (CNTV_TVAL); mcr p15, 0, r1, c14, c3, 1 (CNTV_CTL); wfi
        using SystemCpu s = Start(EngineKind.Tier0, 0xee0e_0f13, 0xee0e_1f33, 0xe320_f003, Nop);
        s.Cpu.TimerOutput(ArmTimer.Virtual).Connect(level => s.Cpu.SetInterrupt(ArmInterrupt.Irq, level));
        (s[0], s[1]) = (1000, 1);
        s.Run(3);
        s.Run(1).Should().Be(CpuExit.Halted);
        s.Time += 1_000_000;
        s.Clock.RunDue();
        s.Run(1);
        s.Cpu.Pc.Should().Be(SystemCpu.Code + 16, "the interrupt is masked, and wakes");
    }

    [TestCase(0x10u, 0xe3a0_0001u, 0xef00_0005u, 8, true)]   // mov r0, #1; svc #5
    [TestCase(0x30u, 0xdf05_2001u, 0u, 4, false)]             // movs r0, #1; svc #5
    public void ERET_goes_to_AArch32_and_SVC_comes_back(uint status, uint first, uint second, int length, bool wide)
    {
        const uint Eret = 0xd69f_03e0;
        using var s = new SystemCpu(EngineKind.Tier0, null, 1, Eret, first, second);
        s.Cpu[SystemSlot.ElrEl1] = SystemCpu.Code + 4;
        s.Cpu[SystemSlot.SpsrEl1] = status | (1u << 31);
        s[0] = 0xffff_ffff_0000_0000;
        s.Run(1);
        (s.Cpu.IsAArch32, s.Cpu.ExceptionLevel, s.Cpu.Cpsr).Should().Be((true, 0, status | (1u << 31)));
        s.Run(2);
        (s.Cpu.IsAArch32, s.Cpu.ExceptionLevel, s.Cpu.Pc).Should().Be((false, 1, SystemCpu.Vectors + 0x600));
        s[0].Should().Be(1);
        s.Cpu[SystemSlot.ElrEl1].Should().Be(SystemCpu.Code + 4 + (ulong)length);
        ((uint)s.Cpu[SystemSlot.SpsrEl1] & 0x3f).Should().Be(status);
        s.Cpu[SystemSlot.EsrEl1].Should().Be((0x11u << 26) | (wide ? 1u << 25 : 0) | 5);
    }

    private static uint Domain(uint number) => number << 5;

    // the first megabyte is mapped to itself, for privileged code
    private static SystemCpu Start(EngineKind engine, params uint[] words)
    {
        var options = new ArmCpuOptions { Model = ArmCpuModel.Find("cortex-a15")!, StartsInAArch32 = true };
        var s = new SystemCpu(engine, options, 1, words);
        var loops = new uint[8];
        Array.Fill(loops, 0xeaff_fffeu);
        s.Memory.Write(SystemCpu.Vectors, MemoryMarshal.AsBytes(loops.AsSpan()));
        Write(s, Table, Section | (1 << 10) | Normal);
        s.Cpu[SystemSlot.TtbrZeroEl1] = Table;
        s.Cpu.WriteDomains(5);
        s.Cpu[SystemSlot.SctlrEl1] |= 1;
        s.Cpu.FlushTranslations();
        s.Cpu.OnPrivilegedWrite();
        return s;
    }

    private static void Write(SystemCpu s, uint address, uint value) => s.Memory.Write(address, BitConverter.GetBytes(value));
}

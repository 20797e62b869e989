using Emulation.Arm.Tests.Semantics;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile.Debug;

/// <summary>Words of the code region that the FPB takes from its table.</summary>
public sealed class RemapTests
{
    private const uint Code = 0x100, Handler = 0x300, Table = 0x2000_0400, Literal = 6, Ccr = 0xe000_ed14, Cfsr = 0xe000_ed28, Bfar = 0xe000_ed38;
    private const uint Nops = 0xbf00_bf00, Movw = 0xf241, Imm = 0x2034;   // movw r0, #0x1234

    [Test]
    public void Instructions_of_a_word_are_replaced([Values] EngineKind engine, [Values] WayOfRunning way, [Values("cortex-m3", "cortex-m4f")] string name)
    {
        using MCpu cpu = Create(engine, ArmMCpuModel.Find(name));
        cpu.WriteCode(Code, 0x2001, 0x2102, 0x2203, 0x2304, 0x2405);
        Patch(cpu, 0, Code + 4, 0x2344_2233);
        Run(cpu, way, 0x04_03);
        Enable(cpu, true);
        Run(cpu, way, 0x44_33);
        Patch(cpu, 0, Code + 4, 0x2355_2266);
        Run(cpu, way, 0x55_66);
        DebugRegisterTests.Write(cpu, 0xe000_2004, Table + 32);
        cpu.Write(Table + 32, 0x2377_2288);
        Run(cpu, way, 0x77_88);
        DebugRegisterTests.Write(cpu, 0xe000_2008, Code + 4);
        Run(cpu, way, 0x04_03);
        DebugRegisterTests.Write(cpu, 0xe000_2008, (Code + 4) | 1);
        Run(cpu, way, 0x77_88);
        Enable(cpu, false);
        Run(cpu, way, 0x04_03);

        static void Run(MCpu cpu, WayOfRunning way, uint expected)
        {
            for (int i = 0; i < 3; i++)
            {
                ulong before = cpu.Cpu.InstructionCount;
                cpu.Cpu.SetPc(Code);
                cpu.Run(5, way);
                (cpu.Cpu.InstructionCount - before).Should().Be(5);
                (cpu[ArmMRegister.R0], cpu[ArmMRegister.R1], cpu[ArmMRegister.R4]).Should().Be((1u, 2u, 5u));
                (cpu[ArmMRegister.R2] | (cpu[ArmMRegister.R3] << 8)).Should().Be(expected);
            }
        }
    }

    [Test]
    public void Each_comparator_has_its_entry([Values(0u, 1u, 2u, 3u, 4u, 5u)] uint comparator)
    {
        using MCpu cpu = Create(EngineKind.Tier0);
        cpu.WriteCode(Code, 0x2001, 0xbf00);
        Patch(cpu, comparator, Code, 0xbf00_2000 + comparator);
        Enable(cpu, true);
        TraceTests.Run(cpu, 1);
        cpu[ArmMRegister.R0].Should().Be(comparator);
    }

    [Test]
    public void A_program_sees_its_own_patch_at_once([Values] EngineKind engine, [Values] bool table)
    {
        using MCpu cpu = Create(engine);
        cpu.WriteCode(Code, 0x6011, 0xbf00, 0x2001, 0xe7fb);   // str r1, [r2]; nop; movs r0, #1; b
        Patch(cpu, 0, Code + 4, 0xe7fb_2002);
        cpu[ArmMRegister.R2] = 0x2000_0000;
        TraceTests.Run(cpu, 400);
        cpu[ArmMRegister.R0].Should().Be(1);
        if (table)
            Enable(cpu, true);
        cpu[ArmMRegister.R2] = table ? Table : 0xe000_2000;
        cpu[ArmMRegister.R1] = table ? 0xe7fb_2003u : 3;
        TraceTests.Run(cpu, 3);
        cpu[ArmMRegister.R0].Should().Be(table ? 3u : 2);
        cpu[ArmMRegister.R1] = table ? 0xe7fb_2004u : 2;       // FP_CTRL.ENABLE cleared
        cpu.Run(4);
        cpu[ArmMRegister.R0].Should().Be(table ? 4u : 1);
    }

    // place of the instruction, whether the words of its first and second half are replaced
    [Test]
    public void Halves_of_a_long_instruction_are_replaced_by_words(
        [Values] EngineKind engine, [Values(0x104u, 0x102u, 0x1ffeu)] uint at, [Values] bool first, [Values] bool second, [Values(WayOfRunning.Whole, WayOfRunning.Saved)] WayOfRunning way)
    {
        using MCpu cpu = Create(engine);
        cpu.WriteCode(at - 2, 0xbf00, (ushort)Movw, (ushort)Imm, 0xbf00, 0xbf00);
        uint expected = 0x1234;
        Run();
        if (at % 4 == 0)
        {
            Patch(cpu, 0, at, ((second ? 0x2078u : Imm) << 16) | (first ? 0xf245 : Movw));
        }
        else
        {
            if (first)
                Patch(cpu, 0, at - 2, 0xf245_bf00);
            if (second)
                Patch(cpu, 1, at + 2, 0xbf00_2078);
        }

        Enable(cpu, true);
        expected = (first ? 0x5200u : 0x1200) | (second ? 0x78u : 0x34);
        Run();
        if (second)
        {
            cpu.WriteCode(at % 4 == 0 ? Table + 2 : Table + 4, 0x2011);
            expected = (expected & 0xff00) | 0x11;
            Run();
        }

        cpu.WriteCode(at, 0xf244, 0x2099);               // what is not replaced is the code's
        expected = first || (at % 4 == 0) ? expected : (expected & 0xff) | 0x4200;
        expected = second || (at % 4 == 0) ? expected : (expected & 0xff00) | 0x99;
        Run();

        void Run()
        {
            for (int i = 0; i < 3; i++)
            {
                cpu.Cpu.SetPc(at - 2);
                cpu.Run(2, way);
                cpu[ArmMRegister.R0].Should().Be(expected);
                cpu[ArmMRegister.Pc].Should().Be(at + 4);
            }
        }
    }

    // the load, its first address, what it has in r2 and r3; none of the words of 0x104 and 0x108 is replaced where it is not aligned
    [TestCase(0x680a, 0x0u, 0xa1b2_c3d4u, 0u, TestName = "LDR")]
    [TestCase(0x880a, 0x2u, 0xa1b2u, 0u, TestName = "LDRH")]
    [TestCase(0x780a, 0x1u, 0xc3u, 0u, TestName = "LDRB")]
    [TestCase(0x680a, 0x1u, 0x8811_2233u, 0u, TestName = "LDR, unaligned")]
    [TestCase(0x880a, 0x1u, 0x2233u, 0u, TestName = "LDRH, unaligned")]
    [TestCase(0xc90c, 0x0u, 0xa1b2_c3d4u, 0x1122_3344u, TestName = "LDM")]
    [TestCase(0xc90c, 0x4u, 0x1122_3344u, 0x99aa_bbccu, TestName = "LDM of the second word")]
    [TestCase(0x2300_e9d1, 0x0u, 0xa1b2_c3d4u, 0x1122_3344u, TestName = "LDRD")]
    public void Loads_of_a_word_are_replaced(int instruction, uint offset, uint low, uint high)
    {
        foreach (uint word in (uint[])[0x104, 0x1ffc])
        {
            foreach (EngineKind engine in Enum.GetValues<EngineKind>())
            {
                using MCpu cpu = Create(engine);
                cpu.WriteCode(0x3000, (ushort)instruction, (ushort)(instruction >> 16), 0xbf00);
                cpu.Write(word, 0x1122_3344, 0x5566_7788, 0x99aa_bbcc);
                Patch(cpu, Literal, word, 0xa1b2_c3d4);
                Patch(cpu, Literal + 1, word + 4, 0x1122_3344);
                Enable(cpu, true);
                for (int i = 0; i < 2; i++)
                {
                    (cpu[ArmMRegister.R1], cpu[ArmMRegister.R2], cpu[ArmMRegister.R3]) = (word + offset, 0, 0);
                    cpu.Cpu.SetPc(0x3000);
                    cpu.Run(1);
                    (cpu[ArmMRegister.R2], cpu[ArmMRegister.R3]).Should().Be((low, high), $"{engine}, 0x{word:x}");
                }
            }
        }
    }

    [Test]
    public void A_double_is_two_words([Values] EngineKind engine, [Values(0x104u, 0x108u, 0x1ffcu)] uint address, [Values] bool low, [Values] bool high)
    {
        using MCpu cpu = Create(engine);
        DebugRegisterTests.Write(cpu, 0xe000_ed88, 15 << 20);
        cpu.WriteCode(0x3000, 0xed91, 0x0b00, 0xec53, 0x2b10, 0xbf00);   // vldr d0, [r1]; vmov r2, r3, d0
        cpu.Write(address, 0x1111_1111, 0x2222_2222);
        if (low)
            Patch(cpu, Literal, address, 0x3333_3333);
        if (high)
            Patch(cpu, Literal + 1, address + 4, 0x4444_4444);
        Enable(cpu, true);
        cpu[ArmMRegister.R1] = address;
        cpu.Cpu.SetPc(0x3000);
        cpu.Run(2);
        (cpu[ArmMRegister.R2], cpu[ArmMRegister.R3]).Should().Be((low ? 0x3333_3333u : 0x1111_1111, high ? 0x4444_4444u : 0x2222_2222));
    }

    [Test]
    public void Literals_and_instructions_are_told_apart([Values] EngineKind engine, [Values] WayOfRunning way)
    {
        using MCpu cpu = Create(engine);
        cpu.WriteCode(Code, 0x2001, 0x4801, 0x6011, 0x4b00);   // movs r0, #1; ldr r0, [pc, #4]; str r1, [r2]; ldr r3, [pc]
        cpu.Write(Code + 8, 0x1111_1111, 0x2222_2222);
        Patch(cpu, 0, Code + 8, 0xbad0_bad0);                  // fetches only
        Patch(cpu, Literal, Code, 0xbad0_bad0);                // loads only
        Patch(cpu, Literal + 1, Code + 8, 0x3333_3333);
        (cpu[ArmMRegister.R1], cpu[ArmMRegister.R2]) = (0x4444_4444, Code + 8);
        Enable(cpu, true);
        cpu.Cpu.SetPc(Code);
        cpu.Run(4, way);
        (cpu[ArmMRegister.R0], cpu[ArmMRegister.R3]).Should().Be((0x3333_3333u, 0x3333_3333u));
        cpu.Read(Code + 8).Should().Be(0x4444_4444, "stores are not remapped");
        Enable(cpu, false);
        cpu.Cpu.SetPc(Code);
        cpu.Run(2, way);
        cpu[ArmMRegister.R0].Should().Be(0x4444_4444);
    }

    [Test]
    public void Protection_is_that_of_the_replaced_address([Values] EngineKind engine, [Values] bool allowed)
    {
        using MCpu cpu = Create(engine);
        cpu.WriteCode(Code, 0x2001, 0xbf00, 0x4800, 0xbf00);   // ldr r0, [pc]
        cpu.Write(Code + 8, 0x1111_1111);
        Patch(cpu, 0, Code, 0xbf00_2102);                      // movs r1, #2
        Patch(cpu, Literal, Code + 8, 0x2222_2222);
        Enable(cpu, true);
        DebugRegisterTests.Write(cpu, 0xe000_ed9c, 0);
        DebugRegisterTests.Write(cpu, 0xe000_eda0, (allowed ? 3u << 24 : 1u << 24) | (15 << 1) | 1);   // 64 KiB
        DebugRegisterTests.Write(cpu, 0xe000_ed94, 5);         // the table is not for unprivileged code
        cpu[ArmMRegister.Control] = 1;
        TraceTests.Run(cpu, 3);
        (cpu[ArmMRegister.R0], cpu[ArmMRegister.R1]).Should().Be(allowed ? (0x2222_2222u, 2u) : (0u, 0u));
        cpu.Cpu.Ipsr.Should().Be(allowed ? 0 : 3);
        DebugRegisterTests.Bus(cpu, Cfsr).Should().Be(allowed ? 0u : 0x11, "neither code nor stack may be accessed");
    }

    [Test]
    public void A_table_without_memory_is_a_bus_fault([Values] EngineKind engine, [Values] bool literal)
    {
        using MCpu cpu = Create(engine);
        cpu.WriteCode(Code, 0x4800, 0xbf00, 0x2001, 0x2002);
        Patch(cpu, literal ? Literal : 0, Code + 4, 0);
        DebugRegisterTests.Write(cpu, 0xe000_2004, 0x1000_0000);
        Enable(cpu, true);
        TraceTests.Run(cpu, 3);
        cpu.Cpu.Ipsr.Should().Be(3);
        DebugRegisterTests.Bus(cpu, Cfsr).Should().Be(literal ? 0x8200u : 0x100);
        cpu.Read(cpu[ArmMRegister.Msp] + 24).Should().Be(literal ? Code : Code + 4, "the return address");
        if (literal)
            DebugRegisterTests.Bus(cpu, Bfar).Should().Be(Code + 4);
    }

    [Test]
    public void Code_may_be_patched_where_no_memory_is([Values] EngineKind engine)
    {
        const uint Empty = 0x0800_0ff8;
        using MCpu cpu = Create(engine);
        Patch(cpu, 0, Empty, 0x2102_2001);
        Patch(cpu, 1, Empty + 4, 0xf241_bf00);                 // the rest of the last one is missing
        Enable(cpu, true);
        cpu.Cpu.SetPc(Empty);
        cpu.Run(3);
        (cpu[ArmMRegister.R0], cpu[ArmMRegister.R1], cpu.Cpu.Ipsr).Should().Be((1u, 2u, 0));
        cpu.Run(1);
        cpu.Cpu.Ipsr.Should().Be(3);
        cpu.Read(cpu[ArmMRegister.Msp] + 24).Should().Be(Empty + 6);
    }

    [Test]
    public void Patches_are_saved_and_end_with_a_reset([Values] EngineKind engine, [Values] EngineKind other)
    {
        using MCpu cpu = Create(engine), copy = Create(other);
        foreach (MCpu one in (MCpu[])[cpu, copy])
        {
            one.WriteCode(Code, 0x2001, 0x4900, 0xbf00, 0xbf00);   // movs r0, #1; ldr r1, [pc]
            one.Write(Table, 0x4900_2002);
            one.Write(Table + 24, 0x1234_5678);
            TraceTests.Run(one, 2);
            (one[ArmMRegister.R0], one[ArmMRegister.R1]).Should().Be((1u, Nops));
        }

        Patch(cpu, 0, Code, 0x4900_2002);
        Patch(cpu, Literal, Code + 4, 0x1234_5678);
        Enable(cpu, true);
        var writer = new StateWriter();
        cpu.Cpu.Save(writer);
        copy.Cpu.Load(new StateReader("cpu0", 1, writer.Written.ToArray()));
        TraceTests.Run(copy, 2);
        (copy[ArmMRegister.R0], copy[ArmMRegister.R1]).Should().Be((2u, 0x1234_5678u));
        copy.Cpu.Reset();
        TraceTests.Run(copy, 2);
        (copy[ArmMRegister.R0], copy[ArmMRegister.R1]).Should().Be((1u, Nops));
        TraceTests.Run(cpu, 2);
        (cpu[ArmMRegister.R0], cpu[ArmMRegister.R1]).Should().Be((2u, 0x1234_5678u));
    }

    [Test]
    public void Vectors_and_listings()
    {
        using MCpu cpu = Create(EngineKind.Tier0);
        cpu.WriteCode(Code, 0xdf00, 0x2001);                   // svc #0
        Patch(cpu, 0, Code, 0x2001_df01);
        Patch(cpu, Literal, 4 * 11, 0xbad1);
        Enable(cpu, true);
        cpu.Cpu.Disassemble(Code, 2).Select(static line => line.Text).Should().Equal("svc #1", "movs r0, #1");
        TraceTests.Run(cpu, 1);
        (cpu.Cpu.Ipsr, cpu[ArmMRegister.Pc]).Should().Be((11, Handler), "a vector is no literal");
    }

    // FP_REMAP with all bits written: RMPSPT says whether the CPU can remap
    [TestCase("cortex-m3", 0x3fff_ffe0u)]
    [TestCase("cortex-m4", 0x3fff_ffe0u)]
    [TestCase("cortex-m7", 0u)]
    [TestCase("cortex-m33", 0u)]
    [TestCase("cortex-m23", 0u)]
    public void FP_REMAP_says_whether_there_is_remapping(string name, uint expected)
    {
        using var cpu = new MCpu(EngineKind.Tier0, ArmMCpuModel.Find(name)!);
        DebugRegisterTests.Bus(cpu, 0xe000_2004).Should().Be(expected & (1 << 29));
        DebugRegisterTests.Write(cpu, 0xe000_2004, uint.MaxValue);
        DebugRegisterTests.Bus(cpu, 0xe000_2004).Should().Be(expected);
    }

    private static MCpu Create(EngineKind engine, ArmMCpuModel? model = null)
    {
        MCpu cpu = TraceTests.Create(engine, model);
        for (uint n = 2; n < 16; n++)
            cpu.Write(4 * n, Handler | 1);
        cpu.WriteCode(Handler, 0xe7fe);
        DebugRegisterTests.Write(cpu, Ccr, 0x200);             // words may be unaligned
        DebugRegisterTests.Write(cpu, 0xe000_2004, Table);
        return cpu;
    }

    private static void Patch(MCpu cpu, uint comparator, uint address, uint word)
    {
        cpu.Write(Table + (4 * comparator), word);
        DebugRegisterTests.Write(cpu, 0xe000_2008 + (4 * comparator), address | 1);
    }

    private static void Enable(MCpu cpu, bool enabled) => DebugRegisterTests.Write(cpu, 0xe000_2000, enabled ? 3u : 2);
}

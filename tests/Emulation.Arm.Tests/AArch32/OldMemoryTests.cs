using Emulation.Cpu;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>Alignment by SCTLR.A and U, and BE-32. Arm DDI 0100I, A2.7, A2.8.</summary>
public sealed class OldMemoryTests
{
    private const uint Align = 2, WordInvariant = 1 << 7, Unaligned = 1 << 22;

    // ldr r0, [r1]; ldm r1, {r2, r3}; str r0, [r4]; swp r5, r0, [r1]
    private static readonly uint[] s_unaligned = [0xe591_0000, 0xe891_000c, 0xe584_0000, 0xe101_5090];

    [Test]
    public void Misaligned_words_are_rotated([Values] EngineKind engine, [Values] bool version6, [Values] bool translated)
    {
        using OldCpu cpu = Start(engine, version6, s_unaligned);
        if (translated)
            cpu.Translate();
        cpu.Run(4);
        cpu.Cpu.Pc.Should().Be(OldCpu.Code + 16);
        (cpu[0], cpu[2], cpu[3], cpu[5]).Should().Be((0x4411_2233u, 0x1122_3344u, 0x5566_7788u, 0x4411_2233u));
        (cpu.Read(OldCpu.Data), cpu.Read(OldCpu.Data + 0x20)).Should().Be((0x4411_2233u, 0x4411_2233u));
    }

    [Test]
    public void With_SCTLR_A_they_fault([Values] EngineKind engine, [Values] bool version6)
    {
        foreach (uint word in (uint[])[.. s_unaligned, 0xe1c1_20d0, 0xe1d1_00b0])       // ldrd r2, r3, [r1]; ldrh r0, [r1]
        {
            using OldCpu cpu = Start(engine, version6, word);
            cpu.Control |= Align;
            cpu.Run(1);
            cpu.Cpu.Pc.Should().Be(OldCpu.DataAbort, $"{word:x8}");
            (cpu.Status & ~0x800u, cpu.FaultAddress).Should().Be((1u, word == 0xe584_0000 ? OldCpu.Data + 0x22 : OldCpu.Data + 1));
        }
    }

    [Test]
    public void With_SCTLR_U_they_are_accessed([Values] EngineKind engine)
    {
        // ldr r0, [r1]; ldrh r2, [r1]; str r0, [r4]; ldm r1, {r2, r3}
        using OldCpu cpu = Start(engine, true, 0xe591_0000, 0xe1d1_20b0, 0xe584_0000, 0xe891_000c);
        cpu.Translate();
        cpu.Control |= Unaligned;
        cpu.Run(3);
        (cpu[0], cpu[2]).Should().Be((0x8811_2233u, 0x2233u));
        cpu.Machine.Read(OldCpu.Data + 0x22, 4).Should().Equal(0x33, 0x22, 0x11, 0x88);
        cpu.Run(1);
        cpu.Cpu.Pc.Should().Be(OldCpu.DataAbort, "multiples are of whole words");
        cpu.Status.Should().Be(1);
    }

    [Test]
    public void Big_endian_words([Values] EngineKind engine, [Values] bool version6)
    {
        // ldr r0, [r1]; ldrb r2, [r1]; ldrb r3, [r1, #3]; ldrh r4, [r1]; ldrsh r5, [r1, #2]; strb r2, [r6]; strh r4, [r6, #2]; str r0, [r6, #4]; ldrd r8, r9, [r1]; swpb r7, r2, [r1]
        using OldCpu cpu = Start(
            engine, version6, 0xe591_0000, 0xe5d1_2000, 0xe5d1_3003, 0xe1d1_40b0, 0xe1d1_50f2, 0xe5c6_2000, 0xe1c6_40b2, 0xe586_0004, 0xe1c1_80d0, 0xe141_7092);
        cpu.Control |= WordInvariant;
        cpu.Write(OldCpu.Data, 0x1122_f344, 0x5566_7788);
        (cpu[1], cpu[6]) = (OldCpu.Data, OldCpu.Data + 0x40);
        cpu.Run(10);
        (cpu[0], cpu[2], cpu[3], cpu[4], cpu[5], cpu[7]).Should().Be((0x1122_f344u, 0x11u, 0x44u, 0x1122u, 0xffff_f344u, 0x11u));
        (cpu[8], cpu[9]).Should().Be((0x1122_f344u, 0x5566_7788u));
        (cpu.Read(OldCpu.Data + 0x40), cpu.Read(OldCpu.Data + 0x44)).Should().Be((0x1100_1122u, 0x1122_f344u));
    }

    [Test]
    public void Big_endian_doubles([Values] EngineKind engine)
    {
        // fldd d0, [r1]; fstd d0, [r6]; fstmiad r7, {d0}; fldmias r1, {s2, s3}
        using OldCpu cpu = Start(engine, true, 0xed91_0b00, 0xed86_0b00, 0xec87_0b02, 0xec91_1a02);
        cpu.Cpu[SystemSlot.CpacrEl1] = 15 << 20;
        cpu.Cpu.Fpexc = 1 << 30;
        cpu.Control |= WordInvariant;
        cpu.Write(OldCpu.Data, 0x1122_3344, 0x5566_7788);
        (cpu[1], cpu[6], cpu[7]) = (OldCpu.Data, OldCpu.Data + 0x40, OldCpu.Data + 0x48);
        cpu.Run(4);
        cpu.Cpu.Pc.Should().Be(OldCpu.Code + 16);
        cpu.Machine.V(0).Should().Be(new UInt128(0x5566_7788_1122_3344, 0x1122_3344_5566_7788));
        (cpu.Read(OldCpu.Data + 0x40), cpu.Read(OldCpu.Data + 0x44), cpu.Read(OldCpu.Data + 0x48)).Should().Be((0x1122_3344u, 0x5566_7788u, 0x1122_3344u));
    }

    [Test]
    public void T32_code_lies_in_big_endian_words([Values] EngineKind engine, [Values(1, 100)] int step)
    {
        // movs r0, #1; adds r0, #2 (loop of three); adds r2, #1; cmp r2, #3; bne . - 6; b . + 4 (into the middle of a word); nop; adds r0, #0x40; bl halves
        using var cpu = new OldCpu(engine, ArmIsa.Arm926, true, 0x2001_3002, 0x3201_2a03, 0xd1fb_e000, 0x46c0_3040, 0x3001_e7fe);
        cpu.Control |= WordInvariant;
        for (int i = 0; i < 100; i += step)
            cpu.Run(step);
        cpu[0].Should().Be(1 + 6 + 0x40 + 1);
        cpu.Cpu.Pc.Should().Be(OldCpu.Code + 0x12);
    }

    [Test]
    public void An_abort_gives_the_address_of_the_instruction([Values] EngineKind engine)
    {
        using OldCpu cpu = Start(engine, false, 0xe5d1_0000);
        cpu.Translate();
        cpu.Control |= WordInvariant;
        cpu[1] = 0x20_0001;
        cpu.Run(1);
        (cpu.Cpu.Pc, cpu.FaultAddress).Should().Be((OldCpu.DataAbort, 0x20_0001u));
    }

    [Test]
    public void SETEND_is_another_byte_order([Values] EngineKind engine)
    {
        // setend be; ldr r0, [r1]; ldrb r2, [r1]
        using OldCpu cpu = Start(engine, true, 0xf101_0200, 0xe591_0000, 0xe5d1_2000);
        cpu.Control |= Unaligned;
        cpu[1] = OldCpu.Data;
        cpu.Run(3);
        (cpu[0], cpu[2]).Should().Be((0x4433_2211u, 0x44u));
    }

    private static OldCpu Start(EngineKind engine, bool version6, params uint[] words)
    {
        var cpu = new OldCpu(engine, version6 ? ArmIsa.Arm1176 : ArmIsa.Arm926, false, words);
        cpu.Write(OldCpu.Data, 0x1122_3344, 0x5566_7788);
        (cpu[1], cpu[4]) = (OldCpu.Data + 1, OldCpu.Data + 0x22);
        return cpu;
    }
}

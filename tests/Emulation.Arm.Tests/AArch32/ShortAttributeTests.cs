using Emulation.Cpu;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>Memory attributes of short descriptors as PAR shows them, with and without remapping. Arm DDI 0487, G5.7.2, G8.2.112.</summary>
public sealed class ShortAttributeTests
{
    private const uint Section = 0xc02, Shared = 1 << 16, TypeRemap = 1 << 28, Inner = 1 << 4, Outer = 1 << 2, Shareable = 1 << 7;

    // TEX, C:B, S of the descriptor; bits 7-2 of PAR
    [TestCase(0u, 0u, 0u, (1 * Inner) | Shareable)]
    [TestCase(0u, 1u, 0u, (3 * Inner) | Shareable)]
    [TestCase(0u, 2u, 0u, (6 * Inner) | (2 * Outer))]
    [TestCase(0u, 3u, Shared, (7 * Inner) | (3 * Outer) | Shareable)]
    [TestCase(1u, 0u, 0u, 0u)]
    [TestCase(1u, 3u, 0u, (5 * Inner) | (1 * Outer))]
    [TestCase(2u, 0u, Shared, 3 * Inner)]
    [TestCase(4u, 1u, 0u, 5 * Inner)]
    [TestCase(7u, 0u, 0u, 3 * Outer)]
    [TestCase(6u, 3u, Shared, (7 * Inner) | (2 * Outer) | Shareable)]
    public void Without_remapping(uint tex, uint cb, uint shared, uint expected) => Check(0, 0, 0, tex, cb, shared, expected);

    // PRRR, NMRR
    [TestCase(0x0000_0000u, 0u, 0u, 1u, Shared, (1 * Inner) | Shareable)]
    [TestCase(0x0003_0004u, 0u, 0u, 1u, Shared, (3 * Inner) | Shareable)]
    [TestCase(0x0001_0004u, 0u, 0u, 1u, Shared, 3 * Inner)]
    [TestCase(0x0008_0008u, 0x0008_0004u, 0u, 1u, Shared, (5 * Inner) | (2 * Outer) | Shareable)]
    [TestCase(0x0008_0008u, 0x000c_000cu, 6u, 1u, 0u, (7 * Inner) | (3 * Outer))]
    [TestCase(0x0000_8000u, 0x8000_4000u, 1u, 3u, 0u, (5 * Inner) | (2 * Outer))]
    public void Remapped(uint prrr, uint nmrr, uint tex, uint cb, uint shared, uint expected) => Check(TypeRemap, prrr, nmrr, tex, cb, shared, expected);

    [Test]
    public void An_access_flag_that_is_not_set_faults([Values] EngineKind engine, [Values] bool simple)
    {
        // ldr r0, [r1]
        using var cpu = new OldCpu(engine, ArmIsa.CortexA15, false, 0xe591_0000);
        cpu.Translate();
        cpu.Control |= simple ? 1u << 29 : 0;
        cpu.Write(OldCpu.Table + 4, 0x80a);
        cpu[1] = 0x10_0000 + OldCpu.Data;
        cpu.Run(1);
        cpu.Cpu.Pc.Should().Be(simple ? OldCpu.DataAbort : OldCpu.Code + 4);
        if (simple)
            cpu.Status.Should().Be(3);
    }

    private static void Check(uint control, uint prrr, uint nmrr, uint tex, uint cb, uint shared, uint expected)
    {
        // mcr p15, 0, r0, c7, c8, 0 (ATS1CPR); mrc p15, 0, r1, c7, c4, 0 (PAR)
        using var cpu = new OldCpu(EngineKind.Tier0, ArmIsa.CortexA15, false, 0xee07_0f18, 0xee17_1f14);
        cpu.Translate();
        cpu.Cpu[SystemSlot.MairEl1] = prrr | ((ulong)nmrr << 32);
        cpu.Write(OldCpu.Table + 4, Section | 0x10_0000 | (tex << 12) | (cb << 2) | shared);
        cpu.Write(OldCpu.Table, Section | (1 << 12) | (3 << 2));
        cpu.Control |= control;
        cpu[0] = 0x10_0000;
        cpu.Run(2);
        cpu[1].Should().Be(0x10_0000 | expected);
    }
}

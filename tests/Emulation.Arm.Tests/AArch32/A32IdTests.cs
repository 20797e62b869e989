using System.Globalization;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>What identifies AArch32 on CPUs that have AArch64 too: as QEMU 7.2 has it, but for what is not implemented.</summary>
public sealed class A32IdTests
{
    // number, the field's mask, why it differs
    private static readonly (int Number, uint Mask, string Reason)[] s_differences =
    [
        (0, 0x000f_0000, "CSV2 is 1"),
        (1, 0xf000_0000, "a GIC with system registers is the board's"),
        (2, 0x0f0f_000f, "no trace; the debug architecture of ID_AA64DFR0_EL1"),
        (4, 0x00f0_0000, "AxFSR are there on every core"),
        (7, 0x000f_0000, "no PAN in AArch32"),
        (13, 0xf000_0000, "no FCMA in AArch32"),
        (14, 0x000f_0f00, "no HPDS and XNX in AArch32"),
        (15, 0x0fff_0f00, "no FHM, SPECRES, BF16 and I8MM in AArch32"),
        (22, 0x0000_000f, "no ETS"),
    ];

    [TestCase("cortex-a53", "00000131 10010001 03010006 00000000 10101105 40000000 01260000 02102211 02101110 13112111 21232042 01112131 00011142 00011121 00000000 00000000 10110222 12111111 00000043 00000000 00000000 00000000 00000000 00000000")]
    [TestCase("cortex-a57", "00000131 10010001 03010006 00000000 10101105 40000000 01260000 02102211 02101110 13112111 21232042 01112131 00011142 00011121 00000000 00000000 10110222 12111111 00000043 00000000 00000000 00000000 00000000 00000000")]
    [TestCase("cortex-a72", "00000131 10010001 03010006 00000000 10201105 40000000 01260000 02102211 02101110 13112111 21232042 01112131 00011142 00011121 00000000 00000000 10110222 12111111 00000043 00000000 00000000 00000000 00000000 00000000")]
    [TestCase("cortex-a76", "10010131 10010000 04010008 00000000 10201105 40000000 01260000 02122211 02101110 13112111 21232042 01112131 00010142 01011121 00021110 00000010 10110222 13211111 00000043 00000000 00000011 00000000 00000000 00000000")]
    [TestCase("neoverse-n1", "10010131 10010000 04010008 00000000 10201105 40000000 01260000 02122211 02101110 13112111 21232042 01112131 00010142 01011121 00021110 00000010 10110222 13211111 00000043 00000000 00000011 00000000 00000000 00000000")]
    [TestCase("max", "11020131 10010001 06010009 00000000 10101105 40000000 01260000 02122211 02101110 13112111 21232042 01112131 00011142 11011121 00011110 01111111 10110222 13211111 00000043 00000000 00000011 00000000 00000001 00000000")]
    public void Registers_are_those_of_qemu(string model, string values)
    {
        ArmCpuModel found = ArmCpuModel.Find(model)!;
        using var cpu = new TestCpu(EngineKind.Tier0, new ArmCpuOptions { Model = found }, found.Isa);
        uint[] expected = [.. values.Split(' ').Select(v => uint.Parse(v, NumberStyles.HexNumber))];
        for (int n = 0; n < expected.Length; n++)
        {
            uint known = s_differences.Where(d => d.Number == n).Aggregate(0u, (mask, d) => mask | d.Mask);
            (A32IdRegisters.Read(cpu.Cpu, n) & ~known).Should().Be(expected[n] & ~known, $"it is {A32IdRegisters.NameOf(n)} of {model}");
        }
    }

    [Test]
    public void Hyp_mode_is_absent_and_Monitor_mode_follows_EL3([Values("cortex-a15", "cortex-a57")] string model, [Values] bool monitor)
    {
        ArmCpuModel found = ArmCpuModel.Find(model)!;
        using var cpu = new TestCpu(EngineKind.Tier0, new ArmCpuOptions { Model = found, HasEl3 = monitor, StartsInAArch32 = found.IsAArch32Only }, found.Isa);
        (A32IdRegisters.Read(cpu.Cpu, 1) & 0xf0f0).Should().Be(monitor ? 0x10u : 0);
    }

    [TestCase("cortex-a53", 0x22UL)]
    [TestCase("cortex-a57", 0x22UL)]
    [TestCase("cortex-a72", 0x22UL)]
    [TestCase("cortex-a76", 0x12UL)]
    [TestCase("neoverse-n1", 0x12UL)]
    [TestCase("max", 0x22UL)]
    public void Levels_tell_their_states(string model, ulong levels)
    {
        ArmCpuModel found = ArmCpuModel.Find(model)!;
        using var cpu = new TestCpu(EngineKind.Tier0, new ArmCpuOptions { Model = found, HasEl2 = true, HasEl3 = true }, found.Isa);
        cpu.Cpu.TryFindSystemRegister("ID_AA64PFR0_EL1", out int encoding);
        cpu.Cpu.TryReadSystemRegister(encoding, out ulong value);
        (value & 0xffff).Should().Be(levels | 0x1100, "EL2 and EL3 have AArch64 alone");
    }
}

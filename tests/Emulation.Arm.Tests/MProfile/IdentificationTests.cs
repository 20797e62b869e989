using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile;

/// <summary>What the CPUs say of themselves, as the tables of their Technical Reference Manuals have it.</summary>
public sealed class IdentificationTests
{
    // ID_PFR0 to ID_ISAR4: DDI 0337I, table 4-1; DDI 0439D, table 4-1; DDI 0489F, table 3-1; 100230, table 3-2
    private static readonly (string Name, uint CpuId, uint[] Features)[] s_manuals =
    [
        ("cortex-m3", 0x412f_c231, [0x30, 0x200, 0x0010_0000, 0, 0x0010_0030, 0, 0x0100_0000, 0, 0x0110_1110, 0x0211_1000, 0x2111_2231, 0x0111_1110, 0x0131_0132]),
        ("cortex-m4", 0x410f_c241, [0x30, 0x200, 0x0010_0000, 0, 0x0010_0030, 0, 0x0100_0000, 0, 0x0114_1110, 0x0211_2000, 0x2123_2231, 0x0111_1131, 0x0131_0132]),
        ("cortex-m4f", 0x410f_c241, [0x30, 0x200, 0x0010_0000, 0, 0x0010_0030, 0, 0x0100_0000, 0, 0x0114_1110, 0x0211_2000, 0x2123_2231, 0x0111_1131, 0x0131_0132]),
        ("cortex-m7", 0x411f_c272, [0x30, 0x200, 0x0010_0000, 0, 0x0010_0030, 0, 0x0100_0000, 0, 0x0110_1110, 0x0211_2000, 0x2023_2231, 0x0111_1131, 0x0131_0132]),
        ("cortex-m33", 0x410f_d214, [0x30, 0x210, 0x0020_0000, 0, 0x0010_1f40, 0, 0x0100_0000, 0, 0x0110_1110, 0x0221_2000, 0x2023_2232, 0x0111_1131, 0x0131_0132]),
    ];

    [TestCaseSource(nameof(Names))]
    public void Features_are_those_of_the_manual(string name)
    {
        (_, uint id, uint[] features) = s_manuals.First(m => m.Name == name);
        using var cpu = new MCpu(EngineKind.Tier0, ArmMCpuModel.Find(name)!);
        Read(cpu, 0xe000_ed00).Should().Be(id);
        features.Select((_, i) => Read(cpu, 0xe000_ed40 + (4 * (uint)i))).Should().Equal(features);
    }

    [TestCase("cortex-m0", 0x410c_c200u)]
    [TestCase("cortex-m0plus", 0x410c_c601u)]
    [TestCase("cortex-m23", 0x411c_d200u)]
    public void Small_CPUs_have_no_feature_registers(string name, uint id)
    {
        using var cpu = new MCpu(EngineKind.Tier0, ArmMCpuModel.Find(name)!);
        Read(cpu, 0xe000_ed00).Should().Be(id);
        for (uint at = 0xe000_ed40; at < 0xe000_ed74; at += 4)
            Read(cpu, at).Should().Be(0);
    }

    // without an ETM there is one trace input. DDI 0439D, table 11-1 and 11.3.1
    [Test]
    public void The_trace_port_has_one_input_and_a_prescaler_of_13_bits()
    {
        using var cpu = new MCpu(EngineKind.Tier0, ArmMCpuModel.CortexM4F);
        Read(cpu, 0xe004_0fc8).Should().Be(0xca0);
        cpu.Cpu.PrivateBus.Write(0x4_0010, 4, uint.MaxValue);
        Read(cpu, 0xe004_0010).Should().Be(0x1fff);
    }

    private static IEnumerable<string> Names => s_manuals.Select(static m => m.Name);

    private static uint Read(MCpu cpu, uint address) => (uint)cpu.Cpu.PrivateBus.Read(address - 0xe000_0000, 4);
}

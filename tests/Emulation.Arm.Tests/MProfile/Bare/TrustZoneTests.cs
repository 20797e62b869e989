using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile.Bare;

/// <summary>A program of two security states: attribution, TT, gateways, calls and exceptions across them, SecureFault causes; compared with qemu-system-arm 7.2.</summary>
public sealed class TrustZoneTests
{
    // theirs, ours, why ours is right
    private static readonly (string Theirs, string Ours)[] s_differences =
    [
        // DDI 0553, SFSR: AUVIOL comes with SFARVALID
        ("  SFSR: 00000008", "  SFSR: 00000048\n  SFAR: 38200000"),
        // another revision of the CPU
        ("  CPUID: 410fd213", "  CPUID: 410fd214"),
    ];

    [Test]
    public void Shows_what_it_shows_elsewhere([Values] EngineKind engine)
    {
        string expected = File.ReadAllText(Path.Combine(QemuSystem.Folder(), "TrustZone", "trustzone-an505.txt"));
        foreach ((string theirs, string ours) in s_differences)
        {
            expected.Should().Contain(theirs + "\n");
            expected = expected.Replace(theirs + "\n", ours + "\n", StringComparison.Ordinal);
        }

        using MCpu cpu = Create(engine);
        RunResult result = cpu.Run(3_000_000);
        cpu.Output.Should().Be(expected, "it ended with {0}", result);
        cpu.HasExited.Should().BeTrue();
    }

    [Test]
    public void State_saved_anywhere_goes_on_alike([Values(1, 700, 5_003, 20_011, 40_039)] int instructions)
    {
        using MCpu whole = Create(EngineKind.Tier0), other = Create(EngineKind.Tier0);
        whole.Run(3_000_000);
        other.Run((ulong)instructions);
        other.SaveAndLoad();
        other.Run(3_000_000);
        other.Output.Should().Be(whole.Output);
        other.Cpu.InstructionCount.Should().Be(whole.Cpu.InstructionCount);
    }

    private static MCpu Create(EngineKind engine)
    {
        var cpu = new MCpu(engine, new ArmMCpuOptions
        {
            Model = ArmMCpuModel.CortexM33,
            VectorTable = 0x1000_0000,
            PriorityBits = 8,
            Interrupts = 96,
            Idau = new Quarters(),
        });
        foreach (uint at in (uint[])[0x1000_0000, 0x2800_0000, 0x3820_0000, 0x5008_0000, 0x5800_8000])
            cpu.Memory.Map(at, 0x1_0000);
        cpu.Memory.Map(0x2801_0000, 0x1_0000);
        cpu.LoadElf(File.ReadAllBytes(Path.Combine(QemuSystem.Folder(), "TrustZone", "trustzone-an505.elf")));
        return cpu;
    }

    /// <summary>As on the board: bit 28 makes an address Secure, and code at 0x10000000 may be called.</summary>
    private sealed class Quarters : IArmIdau
    {
        public IdauAttribution Check(uint address)
        {
            uint region = address >> 28, first = region << 28;
            if ((address & 0xeff0_0000) == 0xe000_0000)
                return new IdauAttribution(true, false, address & 0xfff0_0000, address | 0x000f_ffff, null, IsExempt: true);
            return new IdauAttribution((region & 1) == 0, region == 1, region >= 14 ? first + 0x10_0000 : first, first | 0x0fff_ffff, (byte)region);
        }
    }
}

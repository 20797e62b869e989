using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile.Debug;

/// <summary>Registers of the debug units of each model: every bit is accounted for, identification, what is stored.</summary>
public sealed class DebugRegisterTests
{
    [Test]
    public void Every_bit_is_accounted_for([ValueSource(nameof(Models))] string name)
    {
        using var cpu = new MCpu(EngineKind.Tier0, ArmMCpuModel.Find(name)!);
        foreach (RegisterMap map in cpu.Cpu.Debug.Maps)
            map.Incomplete().Should().BeEmpty();
        cpu.Cpu.PrivateBus.Shared.Incomplete().Should().BeEmpty();
        for (int bank = 0; bank < (cpu.Cpu.Model.HasSecurity ? 2 : 1); bank++)
            cpu.Cpu.PrivateBus.Space(bank).Incomplete().Should().BeEmpty();
    }

    // part number of the ROM table, and of the first component that it names
    [TestCase("cortex-m0", 0x471u, 0x008u)]
    [TestCase("cortex-m0plus", 0x4c0u, 0x008u)]
    [TestCase("cortex-m3", 0x4c3u, 0x000u)]
    [TestCase("cortex-m4", 0x4c4u, 0x000u)]
    [TestCase("cortex-m4f", 0x4c4u, 0x00cu)]
    [TestCase("cortex-m7", 0x4c7u, 0x00cu)]
    [TestCase("cortex-m23", 0x4cbu, 0xd20u)]
    [TestCase("cortex-m33", 0x4c9u, 0xd21u)]
    public void The_ROM_table_leads_to_every_component(string name, uint table, uint first)
    {
        const uint Table = 0xe00f_f000;
        using var cpu = new MCpu(EngineKind.Tier0, ArmMCpuModel.Find(name)!);
        Part(cpu, Table).Should().Be((table, 0xb105_100du));
        uint entry, count = 0;
        for (uint at = Table; (entry = Bus(cpu, at)) != 0; at += 4)
        {
            if ((entry & 1) == 0)
                continue;
            (uint part, uint component) = Part(cpu, Table + (entry & ~0xfffu));
            (component & 0xffff_0fff).Should().Be(0xb105_000d, $"component at 0x{Table + (entry & ~0xfffu):x8}");
            if (count++ == 0)
                part.Should().Be(first);
        }

        count.Should().Be(cpu.Cpu.Debug.Trace is null ? 3u : 5);
    }

    [TestCase("cortex-m3", 0x260u, 0x4000_0000u)]
    [TestCase("cortex-m7", 0x1000_0080u, 0x4000_0000u)]
    [TestCase("cortex-m33", 0x1000_0080u, 0x4000_0000u)]
    [TestCase("cortex-m23", 0x1000_0040u, 0x4f00_0000u)]
    [TestCase("cortex-m0", 0x40u, 0x2000_0000u)]
    public void Comparators_are_as_many_as_the_CPU_has(string name, uint patch, uint watch)
    {
        using var cpu = new MCpu(EngineKind.Tier0, ArmMCpuModel.Find(name)!);
        Bus(cpu, 0xe000_2000).Should().Be(patch);
        Bus(cpu, 0xe000_1000).Should().Be(watch);
        Write(cpu, 0xe000_2000, 1);
        Bus(cpu, 0xe000_2000).Should().Be(patch, "the key was not written");
        Write(cpu, 0xe000_2000, 3);
        Bus(cpu, 0xe000_2000).Should().Be(patch | 1);
    }

    [Test]
    public void Software_cannot_halt_itself()
    {
        using var cpu = new MCpu(EngineKind.Tier0, ArmMCpuModel.CortexM4F);
        Bus(cpu, 0xe000_edf0).Should().Be(0x0301_0000);
        Bus(cpu, 0xe000_edf0).Should().Be(0x0101_0000, "S_RESET_ST is read once");
        Write(cpu, 0xe000_edf0, 0xa05f_0003);
        Bus(cpu, 0xe000_edf0).Should().Be(0x0101_0000);
        Write(cpu, 0xe000_edfc, uint.MaxValue);
        Bus(cpu, 0xe000_edfc).Should().Be(0x010f_07f1);
    }

    [Test]
    public void State_is_saved_and_loaded([ValueSource(nameof(Models))] string name)
    {
        using var cpu = new MCpu(EngineKind.Tier0, ArmMCpuModel.Find(name)!);
        using var other = new MCpu(EngineKind.Tier0, ArmMCpuModel.Find(name)!);
        byte[] fresh = Save(cpu);
        for (uint at = 0xe000_0e00; at < 0xe000_3000; at += 4)
            Write(cpu, at, 0x5a5a_5a5b ^ at);
        for (uint at = 0xe000_ed90; at < 0xe000_ee00; at += 4)
            Write(cpu, at, 0x0100_0001);
        byte[] saved = Save(cpu);
        saved.Should().NotEqual(fresh);
        other.Cpu.Load(new StateReader("cpu0", 1, saved));
        Save(other).Should().Equal(saved);
        other.Cpu.Reset();
        Save(other).Should().Equal(fresh);
    }

    internal static uint Bus(MCpu cpu, uint address)
    {
        cpu.Cpu.Context.Memory.Read(address, 4, out ulong value).Should().Be(BusResult.Ok);
        return (uint)value;
    }

    internal static void Write(MCpu cpu, uint address, uint value) => cpu.Cpu.Context.Memory.Write(address, 4, value).Should().Be(BusResult.Ok);

    private static IEnumerable<string> Models() => ArmMCpuModel.All.Select(static m => m.Name);

    private static byte[] Save(MCpu cpu)
    {
        var writer = new StateWriter();
        cpu.Cpu.Save(writer);
        return writer.Written.ToArray();
    }

    private static (uint Part, uint Component) Part(MCpu cpu, uint at)
    {
        uint part = (Bus(cpu, at + 0xfe0) & 0xff) | ((Bus(cpu, at + 0xfe4) & 15) << 8), component = 0;
        for (uint i = 0; i < 4; i++)
            component |= Bus(cpu, at + 0xff0 + (4 * i)) << (int)(8 * i);
        return (part, component);
    }
}

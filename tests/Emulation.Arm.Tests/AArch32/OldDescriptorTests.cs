using Emulation.Cpu;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>Translation tables of Armv5 and Armv6: subpages, fine tables, the S and R bits, domains. Arm DDI 0100I, B4.</summary>
public sealed class OldDescriptorTests
{
    private const uint Load = 0xe591_0000, Store = 0xe581_0000, Address = 0x10_0000, Domain1 = 1 << 5;
    private const uint Section = 2, Coarse = 1, Fine = 3, Large = 1, Small = 2, Third = 3, Cached = 3 << 2, S = 1 << 8, R = 1 << 9, Xp = 1 << 23;

    // access permission, S, R; read and write by the kernel, read and write by the user
    [TestCase(0u, 0u, "----")]
    [TestCase(0u, S, "r---")]
    [TestCase(0u, R, "r-r-")]
    [TestCase(1u, 0u, "rw--")]
    [TestCase(2u, 0u, "rwr-")]
    [TestCase(3u, 0u, "rwrw")]
    [TestCase(1u, S | R, "rw--")]
    public void Access_permissions(uint access, uint control, string rights)
    {
        foreach (ArmIsa isa in (ArmIsa[])[ArmIsa.Arm926, ArmIsa.Arm1176])
        {
            for (int i = 0; i < 4; i++)
            {
                using OldCpu cpu = Start(isa, (i & 1) != 0 ? Store : Load);
                cpu.Control |= control;
                cpu.Write(OldCpu.Table + 4, Section | (access << 10) | Domain1 | Cached);
                if (i >= 2)
                    cpu.Cpu.Cpsr = (uint)ProcessorMode.User;
                cpu[1] = Address;
                Expect(cpu, rights[i] != '-', 0x1d);
            }
        }
    }

    [TestCase(Section | (3 << 10), 0u, 1u, true, 0u)]
    [TestCase(Section, 0u, 3u, true, 0u, Description = "a manager is not checked")]
    [TestCase(Section | (3 << 10), 0u, 0u, false, 0x19u)]
    [TestCase(0u, 0u, 1u, false, 0x05u)]
    [TestCase(Coarse | OldCpu.SecondTable, 0u, 1u, false, 0x17u)]
    [TestCase(Coarse | OldCpu.SecondTable, Small | (0xffu << 4), 0u, false, 0x1bu)]
    [TestCase(Coarse | OldCpu.SecondTable, Small, 1u, false, 0x1fu)]
    [TestCase(Coarse | OldCpu.SecondTable, Third | (3 << 4), 1u, false, 0x17u, Description = "XScale has extended pages, Armv5 has not")]
    [TestCase(Fine | OldCpu.SecondTable, Third | (3 << 4), 1u, true, 0u)]
    [TestCase(Fine | 0x4000_0000u, 0u, 1u, false, 0x1eu)]
    [TestCase(Coarse | 0x4000_0000u, 0u, 1u, false, 0x1eu)]
    public void Faults_of_version_5(uint first, uint second, uint access, bool allowed, uint status)
    {
        using OldCpu cpu = Start(ArmIsa.Arm926, Load);
        cpu.Write(OldCpu.Table + 4, first == 0 ? 0 : first | Domain1);
        cpu.Write(OldCpu.SecondTable, second);
        cpu.Cpu.WriteDomains(1 | (access << 2));
        cpu[1] = Address;
        Expect(cpu, allowed, status);
    }

    [Test]
    public void Subpages_have_permissions_of_their_own([Values] EngineKind engine, [Values] bool large)
    {
        // four loads, four stores at a quarter of the page each
        uint size = large ? 0x4000u : 0x400u;
        for (uint part = 0; part < 4; part++)
        {
            using OldCpu cpu = Start(ArmIsa.Arm926, engine, Load, Store, Load, Store);
            cpu.Write(OldCpu.Table + 4, Coarse | OldCpu.SecondTable | Domain1);
            for (uint i = 0; i < 16; i++)
                cpu.Write(OldCpu.SecondTable + (4 * i), (large ? Large : Small | 0x8000) | (0b11_10_01_00u << 4) | Cached);
            cpu.Cpu.Cpsr = (uint)ProcessorMode.User;
            cpu[1] = Address + (part * size);
            cpu.Run(2);
            cpu.Cpu.Pc.Should().Be(part == 3 ? OldCpu.Code + 8 : OldCpu.DataAbort);
            if (part < 3)
                cpu[14].Should().Be(OldCpu.Code + (part == 2 ? 4u : 0) + 8);
        }
    }

    [Test]
    public void Tiny_pages_lie_anywhere([Values] EngineKind engine)
    {
        // the second KiB of the page is the fourth of another
        using OldCpu cpu = Start(ArmIsa.Arm926, engine, Load, Store, Load);
        cpu.Write(OldCpu.Table + 4, Fine | OldCpu.SecondTable | Domain1);
        cpu.Write(OldCpu.SecondTable + 4, Third | 0x8c00 | (3 << 4));
        cpu.Write(0x8c20, 0x1234_5678);
        cpu[1] = Address + 0x420;
        cpu.Run(1);
        cpu[0].Should().Be(0x1234_5678);
        cpu[0] = 0xabcd_ef01;
        cpu.Run(1);
        cpu.Read(0x8c20).Should().Be(0xabcd_ef01);
        cpu[1] = Address;
        cpu.Run(1);
        cpu.Status.Should().Be(0x17);
    }

    [TestCase(0u, Third | 0x8000 | (3 << 4) | Cached, true, 0u, Description = "an extended small page")]
    [TestCase(0u, Small | 0x8000 | (0xffu << 4), true, 0u)]
    [TestCase(0u, Small | 0x8000 | (0xfcu << 4), false, 0x1fu, Description = "the first subpage")]
    [TestCase(Xp, Third | 0x8000 | (3 << 4), true, 0u, Description = "XN forbids to execute only")]
    [TestCase(Xp, Small | 0x8000 | (3 << 4) | (1 << 9), true, 0u, Description = "APX, which is another subpage without XP")]
    [TestCase(Xp, Small | 0x8000, false, 0x1fu)]
    [TestCase(Xp | S, Small | 0x8000, true, 0u)]
    public void Version_6_has_both(uint control, uint second, bool allowed, uint status)
    {
        using OldCpu cpu = Start(ArmIsa.Arm1176, Load);
        cpu.Control |= control;
        cpu.Write(OldCpu.Table + 4, Coarse | OldCpu.SecondTable | Domain1);
        cpu.Write(OldCpu.SecondTable, second);
        cpu[1] = Address;
        Expect(cpu, allowed, status);
    }

    [Test]
    public void A_fine_table_is_no_table_of_version_6([Values] bool extended)
    {
        using OldCpu cpu = Start(ArmIsa.Arm1176, Load);
        cpu.Control |= extended ? Xp : 0;
        cpu.Write(OldCpu.Table + 4, Fine | OldCpu.SecondTable | Domain1);
        cpu[1] = Address;
        Expect(cpu, false, 0x05);
    }

    [Test]
    public void Execute_never_needs_new_descriptors([Values] EngineKind engine, [Values] bool extended)
    {
        // mov pc, r1; there: mov r0, #7
        using OldCpu cpu = Start(ArmIsa.Arm1176, engine, 0xe1a0_f001);
        cpu.Control |= extended ? Xp : 0;
        cpu.Write(OldCpu.Table + 4, Section | (3 << 10) | (1 << 4) | Domain1 | Cached);
        cpu.Write(OldCpu.Data, 0xe3a0_0007);
        cpu[1] = Address + OldCpu.Data;
        cpu.Run(2);
        cpu.Cpu.Pc.Should().Be(extended ? OldCpu.PrefetchAbort : Address + OldCpu.Data + 4);
    }

    [Test]
    public void Code_runs_from_a_page_of_which_a_quarter_is_closed([Values] EngineKind engine)
    {
        // b into the page, three instructions, then one in the closed subpage
        using OldCpu cpu = Start(ArmIsa.Arm926, engine, 0xe1a0_f001);
        cpu.Write(OldCpu.Table + 4, Coarse | OldCpu.SecondTable | Domain1);
        cpu.Write(OldCpu.SecondTable + (8 * 4), Small | 0x8000 | (0b11_11_00_11u << 4) | Cached);
        cpu.Write(OldCpu.Data + 0x3f8, 0xe3a0_0007, 0xe280_0001, 0xe280_0001);
        cpu[1] = Address + OldCpu.Data + 0x3f8;
        cpu.Run(4);
        cpu.Cpu.Pc.Should().Be(OldCpu.PrefetchAbort);
        (cpu[0], cpu[14]).Should().Be((8u, Address + OldCpu.Data + 0x404));
    }

    private static void Expect(OldCpu cpu, bool allowed, uint status)
    {
        cpu.Run(1);
        cpu.Cpu.Pc.Should().Be(allowed ? OldCpu.Code + 4 : OldCpu.DataAbort);
        if (!allowed)
            (cpu.Status & ~0x800u).Should().Be(status);
    }

    private static OldCpu Start(ArmIsa isa, params uint[] words) => Start(isa, EngineKind.Tier0, words);

    private static OldCpu Start(ArmIsa isa, EngineKind engine, params uint[] words)
    {
        var cpu = new OldCpu(engine, isa, false, words);
        cpu.Translate();
        return cpu;
    }
}

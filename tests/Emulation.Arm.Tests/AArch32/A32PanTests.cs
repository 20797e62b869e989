using System.Runtime.InteropServices;
using Emulation.Arm.Tests.Privileged;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>Privileged access never in AArch32, of a core that starts in it and of EL1 below AArch64. Arm DDI 0487, G5.6.2 "About PAN", G8.2.33 "CPSR".</summary>
public sealed class A32PanTests
{
    private const uint Nop = 0xe320_f000, SetPan = 0xf110_0200, ClearPan = 0xf110_0000, Load = 0xe591_0000, Store = 0xe581_0000, LoadUser = 0xe4b1_0000, Pan = 1 << 22;
    private const uint Table = 0x4000, LongTable = 0x7000, Code = 0x1000, Vectors = 0x2000, UserPage = 0x10_8000, KernelPage = 0x20_8000, ReadOnlyPage = 0x30_8000;
    private const uint DataAbort = Vectors + 0x10;
    private static readonly EngineKind[] s_engines = Enum.GetValues<EngineKind>();

    // instructions and the address; how many run, whether the last one aborts
    [TestCase(new[] { SetPan, Load }, UserPage, 2, true)]
    [TestCase(new[] { SetPan, Store }, UserPage, 2, true)]
    [TestCase(new[] { SetPan, Load }, ReadOnlyPage, 2, true)]
    [TestCase(new[] { SetPan, Load }, KernelPage, 2, false)]
    [TestCase(new[] { SetPan, LoadUser }, UserPage, 2, false)]
    [TestCase(new[] { ClearPan, Load }, UserPage, 2, false)]
    [TestCase(new[] { Load, SetPan, Load }, UserPage, 3, true)]
    [TestCase(new[] { SetPan, LoadUser, ClearPan, Load, SetPan, LoadUser, Load }, UserPage, 7, true)]
    public void What_users_may_access_is_kept_from_the_kernel(uint[] words, uint address, int count, bool aborts)
    {
        foreach (EngineKind engine in s_engines)
        {
            foreach (bool below in (bool[])[false, true])
            {
                foreach (bool wide in (bool[])[false, true])
                {
                    string why = $"{engine} below={below} long={wide}";
                    using SystemCpu s = Start(engine, below, wide, words);
                    s[1] = address;
                    for (int i = 0; i < count - 1; i++)
                        s.Run(1);
                    s.Cpu.Pc.Should().Be(Code + (4 * (uint)(count - 1)), why);
                    s.Run(1);
                    s.Cpu.Pc.Should().Be(aborts ? DataAbort : Code + (4 * (uint)count), why);
                    if (!aborts)
                        continue;
                    ((uint)s.Cpu[SystemSlot.EsrEl1] & 0x60f, (uint)s.Cpu[SystemSlot.FarEl1]).Should().Be((wide ? 0x20fu : 0xd, address), why);
                    ((uint)s.Cpu[s.Cpu.Registers.A32.SpsrOf(ProcessorMode.Abort)!] & Pan).Should().Be(Pan, why);
                    (s.Cpu.Cpsr & Pan).Should().Be(Pan, "SCTLR.SPAN is set");
                }
            }
        }
    }

    [Test]
    public void A_manager_of_the_domain_is_not_concerned([Values] bool below)
    {
        using SystemCpu s = Start(EngineKind.Tier0, below, false, SetPan, Load);
        s.Cpu.WriteDomains(3);
        s[1] = UserPage;
        s.Run(2);
        s.Cpu.Pc.Should().Be(Code + 8);
    }

    [Test]
    public void Exceptions_set_it_when_SPAN_is_0([ValueSource(nameof(s_engines))] EngineKind engine, [Values] bool below, [Values] bool span)
    {
        // svc; the handler: mrs r2, cpsr; mrs r3, spsr; movs pc, lr; mrs r4, cpsr
        using SystemCpu s = Start(engine, below, false, 0xef00_0000, 0xe10f_4000, Nop);
        Write(s, Vectors + 8, 0xe10f_2000, 0xe14f_3000, 0xe1b0_f00e);
        if (!span)
            s.Cpu[SystemSlot.SctlrEl1] &= ~(1UL << 23);
        s.Cpu.FlushTranslations();
        s.Run(5);
        ((uint)s[2] & Pan, (uint)s[3] & Pan, (uint)s[4] & Pan).Should().Be((span ? 0 : Pan, 0u, 0u));
    }

    [Test]
    public void MSR_writes_it_above_User_mode([ValueSource(nameof(s_engines))] EngineKind engine, [Values] bool below, [Values] bool user)
    {
        // msr cpsr_s, r1; mrs r2, cpsr
        using SystemCpu s = Start(engine, below, false, 0xe124_f001, 0xe10f_2000, Nop);
        s.Cpu[SystemSlot.SctlrEl1] &= ~1UL;              // code is the kernel's
        s.Cpu.FlushTranslations();
        if (user)
            s.Cpu.Cpsr = 0x10;
        s[1] = Pan;
        s.Run(2);
        ((uint)s[2] & Pan).Should().Be(user ? 0 : Pan);
        (s.Cpu.Cpsr & Pan).Should().Be(user ? 0 : Pan);
    }

    [Test]
    public void T32_and_User_mode([ValueSource(nameof(s_engines))] EngineKind engine, [Values] bool user)
    {
        using SystemCpu s = Start(engine, false, false, 0xbf00_b618);
        s.Cpu[SystemSlot.SctlrEl1] &= ~1UL;              // code is the kernel's
        s.Cpu.FlushTranslations();
        s.Cpu.Cpsr = user ? 0x30u : 0x33;
        s.Run(1);
        (s.Cpu.Cpsr & Pan, s.Cpu.Pc).Should().Be((user ? 0 : Pan, Code + 2UL));
    }

    [TestCase(0xee07_0f18u, false, Description = "ATS1CPR")]
    [TestCase(0xee07_0f38u, false, Description = "ATS1CPW")]
    [TestCase(0xee07_0f19u, true, Description = "ATS1CPRP")]
    [TestCase(0xee07_0f39u, true, Description = "ATS1CPWP")]
    public void Translation_operations_heed_it_when_their_name_says_so(uint word, bool heeds)
    {
        foreach (bool below in (bool[])[false, true])
        {
            using SystemCpu s = Start(EngineKind.Tier0, below, false, SetPan, word, ClearPan, word);
            s[0] = UserPage;
            s.Run(2);
            (s.Cpu[SystemSlot.ParEl1] & 1).Should().Be(heeds ? 1UL : 0, $"below={below}");
            s.Run(2);
            (s.Cpu[SystemSlot.ParEl1] & 1).Should().Be(0, $"below={below}");
        }
    }

    [Test]
    public void A_saved_state_has_it([Values] bool below)
    {
        using SystemCpu s = Start(EngineKind.Tier0, below, false, SetPan, Load), t = Start(EngineKind.Tier0, below, false, SetPan, Load);
        s[1] = UserPage;
        s.Run(1);
        var writer = new StateWriter();
        s.Cpu.Save(writer);
        t.Cpu.Load(new StateReader("cpu", 1, writer.Written.ToArray()));
        (t.Cpu.Cpsr & Pan).Should().Be(Pan);
        t.Run(1);
        t.Cpu.Pc.Should().Be(DataAbort);
    }

    [Test]
    public void Cores_without_it_know_nothing_of_it([Values("cortex-a57", "cortex-a15")] string model)
    {
        // msr cpsr_s, r1; setpan
        using SystemCpu s = Start(EngineKind.Tier0, false, false, model, 0xe124_f001, SetPan);
        s[1] = Pan;
        s.Run(1);
        (s.Cpu.Cpsr & Pan).Should().Be(0);
        s.Run(1);
        s.Cpu.Pc.Should().Be(Vectors + 4);
    }

    private static SystemCpu Start(EngineKind engine, bool below, bool wide, params uint[] words) => Start(engine, below, wide, "max", words);

    // in Supervisor mode with the MMU on: a megabyte for the kernel, then the same one for users too, for the kernel, for users to read
    private static SystemCpu Start(EngineKind engine, bool below, bool wide, string model, params uint[] words)
    {
        var options = new ArmCpuOptions { Model = ArmCpuModel.Find(model)!, StartsInAArch32 = !below, HasEl2 = below, ResetLevel = below ? 2 : null };
        var s = new SystemCpu(engine, options, 1, words);
        Write(s, Vectors, [.. Enumerable.Repeat(0xeaff_fffeu, 8)]);
        if (below)
        {
            Write(s, Code - 4, 0xd69f_03e0);             // eret
            s.Cpu[SystemSlot.HcrEl2] = 0;
            s.Cpu[SystemSlot.ElrEl2] = Code;
            s.Cpu[SystemSlot.SpsrEl2] = 0x1d3;
            s.Cpu.OnPrivilegedWrite();
            s.Cpu.SetPc(Code - 4);
            s.Run(1);
        }

        s.Cpu[SystemSlot.VbarEl1] = Vectors;
        Write(s, Table, 0x040e, 0x0c0e, 0x040e, 0x080e);
        if (wide)
        {
            Write(s, LongTable, Table | 3, 0);
            for (uint block = 0; block < 2; block++)
            {
                uint pages = 0x8_0000 + (block * 0x1000);
                Write(s, Table + (block * 8), pages | 3, 0);
                for (uint page = 0; page < 512; page++)
                {
                    uint address = (block * 0x20_0000) + (page * 0x1000), rights = (address >> 20) switch { 1 => 1u, 3 => 3u, _ => 0 };
                    Write(s, pages + (page * 8), (address & 0xf_f000) | 0x703 | (rights << 6), 0);
                }
            }

            s.Cpu[SystemSlot.TcrEl1] = 1UL << 31;
            s.Cpu[SystemSlot.MairEl1] = 0xff;
        }

        s.Cpu[SystemSlot.TtbrZeroEl1] = wide ? LongTable : Table;
        s.Cpu.WriteDomains(1);
        s.Cpu[SystemSlot.SctlrEl1] = 0x00c5_0839;
        s.Cpu.FlushTranslations();
        s.Cpu.OnPrivilegedWrite();
        return s;
    }

    private static void Write(SystemCpu s, uint address, params uint[] words) => s.Memory.Write(address, MemoryMarshal.AsBytes(words.AsSpan()));
}

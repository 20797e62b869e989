using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.Privileged;

/// <summary>System registers that extensions have, and what they switch.</summary>
public sealed class ExtensionTests
{
    private const uint Pacia = 0xdac1_0041, Autia = 0xdac1_1041, Paciza = 0xdac1_23e1, Pacga = 0x9ac2_3043, Nop = 0xd503_201f, Eretaa = 0xd69f_0bff;
    private const uint ReadKey = 0xd538_2129, CopyPrologue = 0x1d03_0441, SetPrologue = 0x19c3_0441, Wfit = 0xd503_1021, Wfet = 0xd503_1001, Esb = 0xd503_221f;
    private const ulong EnableIa = 1UL << 31, Copies = 1UL << 33;
    private static readonly EngineKind[] s_engines = [EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit];

    [TestCaseSource(nameof(s_engines))]
    public void Keys_and_their_enables_at_EL1(EngineKind engine)
    {
        using SystemCpu s = Start(engine, null, Pacia, Autia);
        s.Register("APIAKeyLo_EL1", 0x1234);
        s.Register("APIAKeyHi_EL1", 0x5678);
        s.Register("TCR_EL1", (16UL << 16) | 16);
        (s[1], s[2]) = (0x4000, 7);
        s.Run(2);
        s[1].Should().Be(0x4000, "instructions of a key that is off do nothing");
        s.Register("SCTLR_EL1", s.Register("SCTLR_EL1") | EnableIa);
        s.Cpu.SetPc(SystemCpu.Code);
        s.Run(1);
        ulong signed = s[1];
        signed.Should().NotBe(0x4000);
        (signed & 0x0000_ffff_ffff_ffff).Should().Be(0x4000);
        s.Run(1);
        s[1].Should().Be(0x4000);
        s.Register("TCR_EL1", (32UL << 16) | 32);
        s.Cpu.SetPc(SystemCpu.Code);
        s.Run(1);
        (s[1] & 0x00ff_0000_0000).Should().NotBe(0, "addresses of 32 bits leave more to the code");
    }

    [TestCaseSource(nameof(s_engines))]
    public void A_wrong_code_is_an_exception(EngineKind engine)
    {
        using SystemCpu s = Start(engine, null, Autia);
        s.Register("SCTLR_EL1", s.Register("SCTLR_EL1") | EnableIa);
        s.Register("TCR_EL1", (16UL << 16) | 16);
        (s[1], s[2]) = (0x0040_0000_0000_4000, 7);
        s.Run(1);
        s.Register("ESR_EL1").Should().Be(0x7200_0000);
    }

    [TestCase(Paciza, 41, 0x2600_0000UL)]
    [TestCase(Pacga, 41, 0x2600_0000UL)]
    [TestCase(ReadKey, 40, 0x6200_0000UL)]
    public void Hypervisors_and_monitors_trap_keys_and_uses(uint word, int bit, ulong syndrome)
    {
        using SystemCpu s = Start(EngineKind.Interpreter, new ArmCpuOptions { HasEl2 = true, HasEl3 = true }, word, Nop);
        s.Register("SCTLR_EL1", s.Register("SCTLR_EL1") | EnableIa);
        s.Register("SCR_EL3", 1 | (3UL << 16));
        s.Cpu.EnterLevel(1);
        s.Run(1);
        (s.Cpu.ExceptionLevel, s.Cpu.Syndrome >> 26).Should().Be((2, syndrome >> 26));
        s.Register("HCR_EL2", 1UL << bit);
        s.Register("SCR_EL3", 1);
        s.Cpu.EnterLevel(1);
        s.Cpu.SetPc(SystemCpu.Code);
        s.Run(1);
        (s.Cpu.ExceptionLevel, s.Cpu.Syndrome >> 26).Should().Be((3, syndrome >> 26));
        s.Register("SCR_EL3", 1 | (1UL << (bit - 40 + 16)));
        s.Cpu.EnterLevel(1);
        s.Cpu.SetPc(SystemCpu.Code);
        s.Run(1);
        (s.Cpu.ExceptionLevel, s.Cpu.Pc).Should().Be((1, SystemCpu.Code + 4));
    }

    [TestCaseSource(nameof(s_engines))]
    public void Returns_with_signed_links(EngineKind engine)
    {
        using SystemCpu s = Start(engine, null, Eretaa);
        s.Register("ELR_EL1", 0x4000);
        s.Register("SPSR_EL1", 0x3c5);
        s.Run(1);
        s.Cpu.Pc.Should().Be(0x4000, "the key is off");
        s.Register("SCTLR_EL1", s.Register("SCTLR_EL1") | EnableIa);
        s.Register("TCR_EL1", (16UL << 16) | 16);
        s.Register("ELR_EL1", 0x0040_0000_0000_4000);
        s.Cpu.SetPc(SystemCpu.Code);
        s.Run(1);
        (s.Register("ESR_EL1"), s.Cpu.Pc).Should().Be((0x7200_0000, SystemCpu.Vectors + 0x200));
    }

    [TestCaseSource(nameof(s_engines))]
    public void Copies_are_undefined_until_allowed(EngineKind engine)
    {
        foreach (uint word in (uint[])[CopyPrologue, SetPrologue])
        {
            using SystemCpu s = Start(engine, new ArmCpuOptions { HasEl2 = true }, word);
            s.Cpu.EnterLevel(1);
            s.Run(1);
            (s.Cpu.ExceptionLevel, s.Cpu.Syndrome).Should().Be((1, 0x0200_0000), "HCRX_EL2.MSCEn");
            s.Register("HCRX_EL2", 1 << 11);
            s.Cpu.SetPc(SystemCpu.Code);
            s.Run(1);
            s.Cpu.Pc.Should().Be(SystemCpu.Code + 4);
            s.Cpu.EnterLevel(0);
            s.Cpu.SetPc(SystemCpu.Code);
            s.Run(1);
            (s.Cpu.ExceptionLevel, s.Cpu.Syndrome).Should().Be((1, 0x0200_0000), "SCTLR_EL1.MSCEn");
            s.Register("SCTLR_EL1", s.Register("SCTLR_EL1") | Copies);
            s.Cpu.EnterLevel(0);
            s.Cpu.SetPc(SystemCpu.Code);
            s.Run(1);
            s.Cpu.Pc.Should().Be(SystemCpu.Code + 4);
        }
    }

    [TestCase(Wfit)]
    [TestCase(Wfet)]
    public void Waits_end_at_their_limit(uint word)
    {
        using SystemCpu s = Start(EngineKind.Interpreter, new ArmCpuOptions { TimerFrequency = 1_000_000_000 }, word, Nop);
        s[1] = 1000;
        s.Run(1);
        s.Run(1).Should().Be(CpuExit.Halted);
        s.Time = 2000;
        s.Clock.RunDue();
        s.Run(1);
        s.Cpu.Pc.Should().Be(SystemCpu.Code + 8);
    }

    [TestCase(Wfit)]
    [TestCase(Wfet)]
    public void Waits_for_the_past_do_not_wait(uint word)
    {
        using SystemCpu s = Start(EngineKind.Interpreter, new ArmCpuOptions { TimerFrequency = 1_000_000_000 }, word, Nop);
        (s[1], s.Time) = (1000, 2000);
        s.Run(2).Should().Be(CpuExit.Budget);
        s.Cpu.Pc.Should().Be(SystemCpu.Code + 8);
    }

    [Test]
    public void Error_barriers_defer_what_is_masked()
    {
        using SystemCpu s = Start(EngineKind.Interpreter, null, Esb, Nop);
        s.Cpu.SetInterrupt(ArmInterrupt.SError, true);
        s.Run(1);
        s.Register("DISR_EL1").Should().Be(1UL << 31);
        s.Register("ISR_EL1").Should().Be(0);
    }

    [Test]
    public void Feature_registers_say_what_there_is()
    {
        (ArmFeature Feature, string Register, int Shift, ulong Value)[] fields =
        [
            (ArmFeature.SHA512, "ID_AA64ISAR0_EL1", 12, 2), (ArmFeature.LSE128, "ID_AA64ISAR0_EL1", 20, 3), (ArmFeature.SM3, "ID_AA64ISAR0_EL1", 36, 1),
            (ArmFeature.SM4, "ID_AA64ISAR0_EL1", 40, 1), (ArmFeature.FHM, "ID_AA64ISAR0_EL1", 48, 1), (ArmFeature.RNG, "ID_AA64ISAR0_EL1", 60, 1),
            (ArmFeature.PAuth, "ID_AA64ISAR1_EL1", 8, 5), (ArmFeature.PAuth, "ID_AA64ISAR1_EL1", 28, 1), (ArmFeature.FCMA, "ID_AA64ISAR1_EL1", 16, 1),
            (ArmFeature.LRCPC3, "ID_AA64ISAR1_EL1", 20, 3), (ArmFeature.BF16, "ID_AA64ISAR1_EL1", 44, 1), (ArmFeature.I8MM, "ID_AA64ISAR1_EL1", 52, 1),
            (ArmFeature.XS, "ID_AA64ISAR1_EL1", 56, 1), (ArmFeature.WFxT, "ID_AA64ISAR2_EL1", 0, 2), (ArmFeature.MOPS, "ID_AA64ISAR2_EL1", 16, 1),
            (ArmFeature.HBC, "ID_AA64ISAR2_EL1", 20, 1), (ArmFeature.CSSC, "ID_AA64ISAR2_EL1", 52, 1), (ArmFeature.BTI, "ID_AA64PFR1_EL1", 0, 1),
            (ArmFeature.HCX, "ID_AA64MMFR1_EL1", 40, 1), (ArmFeature.LSE2, "ID_AA64MMFR2_EL1", 32, 1),
        ];
        var without = new ArmIsa(Enum.GetValues<ArmFeature>().Except(fields.Select(f => f.Feature)));
        using var all = new TestCpu(EngineKind.Interpreter);
        using var less = new TestCpu(EngineKind.Interpreter, without);
        foreach ((ArmFeature feature, string register, int shift, ulong value) in fields)
        {
            ((Read(all, register) >> shift) & 15).Should().Be(value, $"{feature}");
            ((Read(less, register) >> shift) & 15).Should().BeLessThan(value, $"{feature} is absent");
        }

        using var qarma = new TestCpu(EngineKind.Interpreter, TestCpu.Hosted(new ArmCpuOptions
        {
            PointerAuthentication = new PointerAuthentication(PointerAlgorithm.Qarma3, PointerVariant.PAuth2),
        }));
        ((Read(qarma, "ID_AA64ISAR2_EL1") >> 8) & 0xff).Should().Be(0x31);
        (Read(qarma, "ID_AA64ISAR1_EL1") & 0xff00_0ff0).Should().Be(0);
    }

    private static ulong Read(TestCpu cpu, string name)
    {
        cpu.Cpu.TryFindSystemRegister(name, out int encoding).Should().BeTrue(name);
        cpu.Cpu.TryReadSystemRegister(encoding, out ulong value).Should().BeTrue(name);
        return value;
    }

    private static SystemCpu Start(EngineKind engine, ArmCpuOptions? options, params uint[] words) => new(engine, options, 1, words);
}

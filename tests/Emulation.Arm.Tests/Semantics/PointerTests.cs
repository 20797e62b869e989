using System.Globalization;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.Semantics;

/// <summary>Pointer authentication: against vectors of another implementation, published ones of the cipher, and what variants add.</summary>
public sealed class PointerTests
{
    private const ulong Code = 0x1000;

    // pacia, pacib, pacda, pacdb, autia, autib, autda, autdb x3, x4; xpaci, xpacd x3; pacga x3, x3, x4
    private static readonly uint[] s_words =
    [
        0xdac1_0083, 0xdac1_0483, 0xdac1_0883, 0xdac1_0c83, 0xdac1_1083, 0xdac1_1483, 0xdac1_1883, 0xdac1_1c83, 0xdac1_43e3, 0xdac1_47e3, 0x9ac4_3063,
    ];

    [TestCase(5, false, 0xc003b93999b33765UL)]
    [TestCase(5, true, 0x544b0ab95bda7c3aUL)]
    [TestCase(6, false, 0x270a787275c48d10UL)]
    [TestCase(6, true, 0xa512dd1e4e3ec582UL)]
    [TestCase(7, false, 0x5c06a7501b63b2fdUL)]
    [TestCase(7, true, 0xedf67ff370a483f2UL)]
    public void Cipher_as_published(int rounds, bool light, ulong expected)
        => Qarma64.Encrypt(0xfb62_3599_da6e_8127, 0x477d_469d_ec0b_8762, 0x84be_85ce_9804_e94b, 0xec28_02d4_e0a4_88e9, rounds, light).Should().Be(expected);

    [Test]
    public void Vectors_of_qemu([Values(EngineKind.Interpreter, EngineKind.Jit)] EngineKind engine)
    {
        using var plain = Start(engine, new PointerAuthentication(PointerAlgorithm.Qarma5, PointerVariant.PAuth));
        using var own = Start(engine, new PointerAuthentication(PointerAlgorithm.ImplementationDefined, PointerVariant.PAuth));
        var wrong = new List<string>();
        string file = Environment.GetEnvironmentVariable("EMULATION_POINTERS") is { } path ? File.ReadAllText(path) : string.Join('\n', Encodings.Mnemonics.Lines("pointers.txt"));
        foreach (string line in file.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#'))
        {
            string[] parts = line.Split('|');
            TestCpu cpu = parts[0] == "qarma5" ? plain : own;
            cpu.Cpu.PointerRules = new Rules([.. parts[1].Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))]);
            ulong[] keys = [.. parts[3].Split(',').Select(Hex)];
            for (int i = 0; i < 10; i++)
                cpu.Cpu[cpu.Frontend.Slots.PointerKeys[i]] = keys[i & 1];
            (cpu[3], cpu[4]) = (Hex(parts[4]), Hex(parts[5]));
            Run(cpu, s_words[int.Parse(parts[2], CultureInfo.InvariantCulture)]);
            if (cpu[3] != Hex(parts[6]))
                wrong.Add($"{line}: {cpu[3]:x16}");
        }

        if (wrong.Count > 0)
            Assert.Fail($"{wrong.Count} differ\n{string.Join('\n', wrong.Take(20))}");
    }

    [Test]
    public void Signed_pointers_authenticate([Values] PointerAlgorithm algorithm, [Values] PointerVariant variant)
    {
        using TestCpu cpu = Start(EngineKind.Interpreter, new PointerAuthentication(algorithm, variant));
        cpu.Cpu["apdbkeylo_el1"] = 0x1234;
        foreach (ulong pointer in (ulong[])[0x0000_1234_5678_9abc, 0xffff_8000_1234_5678, 0x5a00_1234_5678_9abc])
        {
            (cpu[3], cpu[4]) = (pointer, 99);
            Run(cpu, s_words[3]);                        // pacdb x3, x4
            cpu[3].Should().NotBe(pointer);
            ulong signed = cpu[3];
            Run(cpu, s_words[9]);                        // xpacd x3
            cpu[3].Should().Be(pointer);
            cpu[3] = signed;
            Run(cpu, s_words[7]);                        // autdb x3, x4
            cpu[3].Should().Be(pointer);
        }
    }

    [TestCase(PointerVariant.PAuth, 0x4000_1234_5678_0000UL)]
    [TestCase(PointerVariant.Epac, 0x4000_1234_5678_0000UL)]
    public void Wrong_codes_leave_a_bad_address(PointerVariant variant, ulong expected)
    {
        using TestCpu cpu = Start(EngineKind.Interpreter, new PointerAuthentication(PointerAlgorithm.Qarma3, variant));
        cpu.Cpu.PointerRules = new Rules(16, 16, 0, 0, 0, 0);
        (cpu[3], cpu[4]) = (0x0000_1234_5678_0000, 5);
        Run(cpu, s_words[1]);
        cpu[4]++;
        Run(cpu, s_words[5]);                            // autib x3, x4
        cpu[3].Should().Be(expected);
    }

    [Test]
    public void Signing_what_is_no_address()
    {
        foreach ((PointerVariant variant, bool zeros) in ((PointerVariant, bool)[])[(PointerVariant.PAuth, false), (PointerVariant.Epac, true), (PointerVariant.PAuth2, false)])
        {
            using TestCpu cpu = Start(EngineKind.Interpreter, new PointerAuthentication(PointerAlgorithm.Qarma5, variant));
            (cpu[3], cpu[4]) = (0x0003_1234_5678_0000, 5);
            Run(cpu, s_words[0]);
            (cpu[3] == 0x0000_1234_5678_0000).Should().Be(zeros, $"{variant}");
        }
    }

    // autia, autib, autda, autdb x3, x4; retaa; braa x3, x4; blrab x3, x4; ldraa x0, [x3]
    [TestCase(PointerVariant.Fpac, 0xdac1_1083u, 0x7200_0000UL)]
    [TestCase(PointerVariant.Fpac, 0xdac1_1483u, 0x7200_0001UL)]
    [TestCase(PointerVariant.FpacCombine, 0xdac1_1883u, 0x7200_0002UL)]
    [TestCase(PointerVariant.FpacCombine, 0xdac1_1c83u, 0x7200_0003UL)]
    [TestCase(PointerVariant.FpacCombine, 0xd65f_0bffu, 0x7200_0000UL)]
    [TestCase(PointerVariant.FpacCombine, 0xd71f_0864u, 0x7200_0000UL)]
    [TestCase(PointerVariant.FpacCombine, 0xd73f_0c64u, 0x7200_0001UL)]
    [TestCase(PointerVariant.FpacCombine, 0xf820_0460u, 0x7200_0002UL)]
    [TestCase(PointerVariant.Fpac, 0xd65f_0bffu, 0x8200_0010UL)]
    [TestCase(PointerVariant.Fpac, 0xf820_0460u, 0x9200_0010UL)]
    public void Wrong_codes_raise_exceptions(PointerVariant variant, uint word, ulong syndrome)
    {
        foreach (EngineKind engine in (EngineKind[])[EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit])
        {
            using TestCpu cpu = Start(engine, new PointerAuthentication(PointerAlgorithm.Qarma5, variant));
            cpu.Cpu.Context.Memory.TryLoad(Code, BitConverter.GetBytes(word)).Should().BeTrue();
            (cpu[3], cpu[30]) = (0x0010_1234_5678_0000, 0x0010_1234_5678_0000);
            RunResult result = cpu.Cpu.Run(Code, Code + 4, 2);
            result.Reason.Should().Be(StopReason.UnhandledException, $"{engine}");
            cpu.Cpu.Syndrome.Should().Be(syndrome, $"{engine} {word:x8}");
        }
    }

    [Test]
    public void Keys_that_are_off_do_nothing()
    {
        using TestCpu cpu = Start(EngineKind.Interpreter, new PointerAuthentication());
        cpu.Cpu.PointerRules = new Rules(16, 16, 1, 0, 0, 0) { Keys = PointerKeys.InstructionB };
        (cpu[3], cpu[4]) = (0x1234_5678, 5);
        foreach (int i in (int[])[0, 2, 3, 4, 6, 7])
            Run(cpu, s_words[i]);
        cpu[3].Should().Be(0x1234_5678);
        Run(cpu, s_words[1]);
        cpu[3].Should().NotBe(0x1234_5678);
    }

    [Test]
    public void Branches_and_loads_take_signed_pointers([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using TestCpu cpu = Start(engine, new PointerAuthentication());
        uint[] words =
        [
            0xdac1_0083,                                 // pacia x3, x4
            0xd73f_0864,                                 // blraa x3, x4
            0xd400_0001,                                 // svc #0: not reached
            0xd503_233f,                                 // paciasp
            0xdac1_2be5,                                 // pacdza x5
            0xf860_0ca6,                                 // ldraa x6, [x5, #-4096]!
            0xd65f_0bff,                                 // retaa
        ];
        cpu.Cpu.Context.Memory.TryLoad(Code, System.Runtime.InteropServices.MemoryMarshal.AsBytes(words.AsSpan())).Should().BeTrue();
        (cpu[3], cpu[4], cpu[5]) = (Code + 12, 77, Code + 4096);
        RunResult result = cpu.Cpu.Run(Code, Code + 8, 20);
        result.Reason.Should().Be(StopReason.ExitAddress, $"{result}");
        (cpu[5], cpu[6], cpu[30]).Should().NotBe((0UL, 0UL, 0UL));
        cpu[5].Should().Be(Code);
        cpu[6].Should().Be(((ulong)words[1] << 32) | words[0]);
    }

    private static TestCpu Start(EngineKind engine, PointerAuthentication how)
    {
        var cpu = new TestCpu(engine, TestCpu.Hosted(new ArmCpuOptions { PointerAuthentication = how }));
        cpu.Memory.Map(Code, 0x1000);
        return cpu;
    }

    private static void Run(TestCpu cpu, uint word)
    {
        cpu.Cpu.Context.Memory.TryLoad(Code, BitConverter.GetBytes(word)).Should().BeTrue();
        cpu.Cpu.Run(Code, Code + 4, 10).Reason.Should().Be(StopReason.ExitAddress, $"{word:x8}");
    }

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private sealed class Rules(params int[] tcr) : PointerRules
    {
        public PointerKeys Keys { get; init; } = PointerKeys.All;

        public override PointerKeys Enabled => Keys;

        public override int AddressBits(bool upper) => 64 - tcr[upper ? 1 : 0];

        public override bool IgnoresTop(bool upper, bool isData) => tcr[upper ? 3 : 2] != 0 && (isData || tcr[upper ? 5 : 4] == 0);
    }
}

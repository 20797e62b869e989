using System.Buffers.Binary;
using System.Text;
using Emulation.Arm.Tests.Differential;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>The same random programs of A32 and T32 on QEMU's user-mode emulator and on every engine end with the same registers and memory.</summary>
[Category("Differential")]
public sealed class A32StreamTests
{
    // what programs need, of a core that has BE-32
    private static readonly ArmIsa s_bigEndian = new(
        ArmFeature.AArch32, ArmFeature.AArch32El1, ArmFeature.AProfile, ArmFeature.OnlyAArch32, ArmFeature.V5TE, ArmFeature.V5TEJ, ArmFeature.V6, ArmFeature.V6K, ArmFeature.V6T2, ArmFeature.DSP, ArmFeature.DoublePrecision,
        ArmFeature.VFPv2, ArmFeature.VFPv3, ArmFeature.D32, ArmFeature.VFPv4, ArmFeature.SWP);

    private static IEnumerable<string> Kinds => A32Generator.Kinds;

    [Test]
    public void A32_same_as_qemu(
        [ValueSource(nameof(Kinds))] string kind, [Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Range(1, 4)] int seed)
        => Compare(n => new A32Generator(kind, seed).Make(n), false, engine, 1500);

    [Test]
    public void A32_each_alone([ValueSource(nameof(Kinds))] string kind) => Each(A32Generator.Methods(kind), (m, n) => new A32Generator(kind, 7, m).Make(n), false);

    [Test]
    [Explicit]
    public void A32_many([ValueSource(nameof(Kinds))] string kind, [Values(EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "20");
        for (int seed = 1000; seed < 1000 + count; seed++)
            Compare(n => new A32Generator(kind, seed).Make(n), false, engine, 3000);
    }

    [Test]
    public void T32_same_as_qemu(
        [ValueSource(nameof(Kinds))] string kind, [Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Range(1, 4)] int seed)
        => Compare(n => new T32Generator(kind, seed).Make(n), true, engine, 1500);

    [Test]
    public void T32_each_alone([ValueSource(nameof(Kinds))] string kind) => Each(T32Generator.Methods(kind), (m, n) => new T32Generator(kind, 7, m).Make(n), true);

    [Test]
    [Explicit]
    public void T32_many([ValueSource(nameof(Kinds))] string kind, [Values(EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "20");
        for (int seed = 1000; seed < 1000 + count; seed++)
            Compare(n => new T32Generator(kind, seed).Make(n), true, engine, 3000);
    }

    [Test]
    public void Simd_same_as_qemu(
        [ValueSource(typeof(SimdGenerator), nameof(SimdGenerator.Kinds))] string kind, [Values] bool thumb,
        [Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Range(1, 4)] int seed)
        => Compare(n => new SimdGenerator(kind, thumb, seed).Make(n), thumb, engine, 1500);

    [Test]
    public void Short_vectors_same_as_qemu([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Range(1, 4)] int seed)
        => Compare(
            n => new SimdGenerator(SimdGenerator.Vfp, false, seed, old: true).Make(n), false, engine, 1500, SimdGenerator.CortexA9, "cortex-a9");

    [Test]
    public void Simd_each_alone([ValueSource(typeof(SimdGenerator), nameof(SimdGenerator.Kinds))] string kind)
        => Each(SimdGenerator.Methods(kind), (m, n) => new SimdGenerator(kind, false, 7, m).Make(n), false);

    [Test]
    [Explicit]
    public void Simd_many(
        [ValueSource(typeof(SimdGenerator), nameof(SimdGenerator.Kinds))] string kind, [Values] bool thumb, [Values(EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "20");
        for (int seed = 1000; seed < 1000 + count; seed++)
            Compare(n => new SimdGenerator(kind, thumb, seed).Make(n), thumb, engine, 3000);
    }

    // words of code and data have their bytes in the other order, halfwords of T32 too: that is how QEMU has them
    [Test]
    public void Big_endian_same_as_qemu(
        [Values("a32", "t32", "vfp")] string kind, [Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Range(1, 4)] int seed)
    {
        QemuUser.Require();
        bool thumb = kind == "t32";
        Program program = kind switch
        {
            "a32" => new A32Generator(A32Generator.Memory, seed, isa: s_bigEndian).Make(1000),
            "t32" => new T32Generator(A32Generator.Memory, seed, isa: s_bigEndian).Make(1000),
            _ => new SimdGenerator(SimdGenerator.Vfp, false, seed, isa: s_bigEndian).Make(1000),
        };
        byte[] image = [.. program.Image];
        Reverse(image.AsSpan(0, program.DataOffset), thumb ? 2 : 4);
        Reverse(image.AsSpan(program.DataOffset), 4);
        byte[] expected = QemuUser.Run32(program with { Image = image }, thumb, bigEndian: true);
        Reverse(expected, 4);
        Reverse(image, 4);
        program = program with { Image = image };
        byte[] actual = EngineRun.Run(program, engine, cpu => StartBigEndian(cpu, thumb), s_bigEndian, new ArmCpuOptions { StartsInAArch32 = true });
        if (!expected.AsSpan().SequenceEqual(actual))
            Assert.Fail(Describe(program, thumb, expected, actual));
    }

    private static void StartBigEndian(ArmCpu cpu, bool thumb)
    {
        const ulong WordInvariant = 1 << 7;
        cpu[SystemSlot.SctlrEl1] |= WordInvariant;
        cpu[SystemSlot.CpacrEl1] = 15 << 20;
        cpu.Fpexc = 1 << 30;
        cpu.OnPrivilegedWrite();
        cpu.EnterAArch32(thumb);
    }

    private static void Reverse(Span<byte> bytes, int size)
    {
        for (int i = 0; i < bytes.Length; i += size)
            bytes.Slice(i, size).Reverse();
    }

    internal static void Each(IEnumerable<string> methods, Func<string, int, Program> make, bool thumb)
    {
        QemuUser.Require();
        var wrong = new List<string>();
        foreach (string method in methods)
        {
            try
            {
                Compare(n => make(method, n), thumb, EngineKind.Interpreter, 100);
            }
            catch (Exception e) when (e is InvalidOperationException or AssertionException or NUnit.Framework.ResultStateException)
            {
                wrong.Add($"{method}: {e.Message}");
            }
        }

        if (wrong.Count > 0)
            Assert.Fail($"{wrong.Count} differ\n{string.Join('\n', wrong)}");
    }

    // User mode writes CPSR.SSBS (Arm DDI 0487, G8.2.33), which QEMU 7.2 does not let it
    private static readonly ArmIsa s_isa = new(Enum.GetValues<ArmFeature>().Where(f => f != ArmFeature.SSBS));

    internal static void Compare(Func<int, Program> make, bool thumb, EngineKind engine, int count, ArmIsa? isa = null, string cpuModel = "max")
    {
        QemuUser.Require();
        byte[] Ours(Program p) => EngineRun.Run(p, engine, cpu => cpu.EnterAArch32(thumb), isa ?? s_isa);
        byte[] Theirs(Program p) => QemuUser.Run32(p, thumb, cpuModel);
        Program program = make(count);
        byte[] expected = Theirs(program);
        if (expected.AsSpan().SequenceEqual(Ours(program)))
            return;
        int good = 0, bad = count;
        while (bad - good > 1)
        {
            int middle = (good + bad) / 2;
            Program candidate = make(middle);
            if (Theirs(candidate).AsSpan().SequenceEqual(Ours(candidate)))
                good = middle;
            else
                bad = middle;
        }

        program = make(bad);
        throw new InvalidOperationException(Describe(program, thumb, Theirs(program), Ours(program)));
    }

    private static string Describe(Program program, bool thumb, byte[] expected, byte[] actual)
    {
        var text = new StringBuilder();
        text.AppendLine();
        for (int i = 0, shown = 0; i < expected.Length && shown < 16; i += 4)
        {
            uint e = BinaryPrimitives.ReadUInt32LittleEndian(expected.AsSpan(i)), a = BinaryPrimitives.ReadUInt32LittleEndian(actual.AsSpan(i));
            if (e == a)
                continue;
            shown++;
            text.AppendLine($"  {Place(i),-14} expected {e:x8}, got {a:x8}");
        }

        const int Shown = 32;
        int end = (int)(program.DumpStart - Program.Base);
        text.AppendLine($"code before {program.DumpStart:x}: {Convert.ToHexStringLower(program.Image.AsSpan(Math.Max(0, end - Shown), Shown))} {(thumb ? "T32" : "A32")}");
        return text.ToString();
    }

    private static string Place(int offset)
    {
        int dump = Program.ScratchBytes + Program.ConstantBytes;
        if (offset < dump)
            return $"memory+{offset:x}";
        offset -= dump;
        return offset switch { < 60 => $"r{offset / 4}", 60 => "cpsr", 64 => "fpscr", _ => $"d{(offset - 256) / 8}.{offset / 4 % 2}" };
    }
}

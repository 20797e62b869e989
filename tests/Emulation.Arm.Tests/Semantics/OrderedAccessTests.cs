using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.Semantics;

/// <summary>LRCPC3, LSE128, LSE2: what accesses do, and where they fault.</summary>
public sealed class OrderedAccessTests
{
    private const ulong Code = 0x1000, Data = 0x8000, First = 0x1111_2222_3333_4444, Second = 0x5555_6666_7777_8888;

    [Test]
    public void Pairs_and_write_back([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using TestCpu cpu = Start(
            engine,
            null,
            0xd902_0861,                                 // stilp x1, x2, [x3, #-16]!
            0xd945_1864,                                 // ldiapp x4, x5, [x3]
            0x9947_1866,                                 // ldiapp w6, w7, [x3]
            0x9902_19e1,                                 // stilp w1, w2, [x15]
            0xd980_0968,                                 // stlr x8, [x11, #-8]!
            0xd9c0_0969,                                 // ldapr x9, [x11], #8
            0x9980_098a,                                 // stlr w10, [x12, #-4]!
            0x99c0_09ae);                                // ldapr w14, [x13], #4
        (cpu[1], cpu[2], cpu[3], cpu[15]) = (First, Second, Data + 32, Data + 64);
        (cpu[8], cpu[10], cpu[11], cpu[12], cpu[13]) = (99, First, Data + 112, Data + 132, Data + 16);
        Run(cpu, 8);
        (cpu[3], cpu[11], cpu[12], cpu[13]).Should().Be((Data + 16, Data + 112, Data + 128, Data + 20));
        (Word(cpu, 16), Word(cpu, 24), cpu[4], cpu[5]).Should().Be((First, Second, First, Second));
        (cpu[6], cpu[7]).Should().Be((0x3333_4444UL, 0x1111_2222UL));
        (Word(cpu, 64), Word(cpu, 104), Word(cpu, 128)).Should().Be((0x7777_8888_3333_4444, 99UL, 0x3333_4444UL));
        (cpu[9], cpu[14]).Should().Be((99UL, 0x3333_4444UL));
    }

    [Test]
    public void Vectors([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using TestCpu cpu = Start(
            engine,
            null,
            0x1d80_0861,                                 // stlur q1, [x3]
            0x1dc0_0862,                                 // ldapur q2, [x3]
            0xdd40_8864,                                 // ldapur d4, [x3, #8]
            0x9d40_4865,                                 // ldapur s5, [x3, #4]
            0x5d1f_e861,                                 // stlur h1, [x3, #-2]
            0x1d5f_f866,                                 // ldapur b6, [x3, #-1]
            0x4d41_8467,                                 // ldap1 {v7.d}[1], [x3]
            0x0d01_8561);                                // stl1 {v1.d}[0], [x11]
        UInt128 value = new(First, Second);
        cpu.SetV(1, value);
        cpu.SetV(7, value);
        (cpu[3], cpu[11]) = (Data + 16, Data + 48);
        Run(cpu, 8);
        (Word(cpu, 16), Word(cpu, 24), Word(cpu, 8), Word(cpu, 48)).Should().Be((Second, First, 0x8888_0000_0000_0000, Second));
        (cpu.V(2), cpu.V(4), cpu.V(5), cpu.V(6), cpu.V(7)).Should().Be((value, (UInt128)First, (UInt128)0x5555_6666, (UInt128)0x88, new UInt128(Second, Second)));
    }

    [Test]
    public void Sixteen_bytes([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using TestCpu cpu = Start(
            engine,
            null,
            0x1922_3061,                                 // ldsetp x1, x2, [x3]
            0x1964_1065,                                 // ldclrpl x5, x4, [x3]
            0x19e7_8066);                                // swppal x6, x7, [x3]
        cpu.Memory.Write(Data, BitConverter.GetBytes(0x10UL));
        cpu.Memory.Write(Data + 8, BitConverter.GetBytes(0x20UL));
        (cpu[1], cpu[2], cpu[3]) = (0xf, 0xf00, Data);
        (cpu[5], cpu[4], cpu[6], cpu[7]) = (1, 0x20, First, Second);
        Run(cpu, 3);
        (cpu[1], cpu[2]).Should().Be((0x10UL, 0x20UL));
        (cpu[5], cpu[4]).Should().Be((0x1fUL, 0xf20UL));
        (cpu[6], cpu[7]).Should().Be((0x1eUL, 0xf00UL));
        (Word(cpu, 0), Word(cpu, 8)).Should().Be((First, Second));
    }

    [TestCase(0x1922_307fu)]                             // ldsetp xzr
    [TestCase(0x193f_3061u)]
    [TestCase(0x1921_3061u)]                             // twice the same
    [TestCase(0x1922_2061u)]
    [TestCase(0x1922_b061u)]
    [TestCase(0x1900_0861u)]                             // stilp of bytes
    [TestCase(0x9902_2861u)]
    [TestCase(0x1980_0861u)]                             // stlr of a byte with write-back
    [TestCase(0x9981_0861u)]
    [TestCase(0x5d80_0861u)]                             // stlur of 16 bytes has size 0
    [TestCase(0x0d02_8461u)]
    [TestCase(0x0d01_8861u)]
    public void Reserved(uint word) => new ArmFrontend(ArmIsa.Everything).Find(word).Should().BeNull();

    // ldadd x1, x2, [x3]; casal x5, x4, [x3]; swpah w1, w6, [x3]
    [Test]
    public void Unaligned_atomics([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        foreach (int offset in (int[])[1, 4, 8])
        {
            using TestCpu cpu = Start(engine, null, 0xf821_0062, 0xc8e5_fc64, 0x78a1_8066);
            cpu.Memory.Write(Data + (ulong)offset, BitConverter.GetBytes(First));
            (cpu[1], cpu[3]) = (5, Data + (ulong)offset);
            (cpu[4], cpu[5]) = (Second, First + 5);
            Run(cpu, 2);
            (cpu[2], cpu[5], Word(cpu, offset)).Should().Be((First, First + 5, Second));
            cpu[1] = 0xffff_1234;
            cpu.Cpu.Run(Code + 8, Code + 12, 10).Reason.Should().Be(StopReason.ExitAddress);
            (cpu[6], Word(cpu, offset)).Should().Be((Second & 0xffff, (Second & ~0xffffUL) | 0x1234));
        }
    }

    // word; whether it stores
    private static readonly (uint Word, int Size, bool Stores)[] s_accesses =
    [
        (0xf821_0062, 8, true), (0x7821_0062, 2, true), (0xc8a5_7c64, 8, true), (0xc8df_fc62, 8, false), (0x48df_fc62, 2, false), (0xc89f_fc62, 8, true),
        (0xf8bf_c062, 8, false), (0xd940_0062, 8, false), (0x9900_0062, 4, true), (0xd9c0_0862, 8, false), (0x9944_1862, 8, false), (0xd904_1862, 16, true),
        (0x5d40_0862, 2, false), (0x1dc0_0862, 16, false), (0x0d41_8462, 8, false),
    ];

    [Test]
    public void Alignment([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Values] bool lse2)
    {
        var isa = new ArmIsa(Enum.GetValues<ArmFeature>().Where(f => lse2 || f != ArmFeature.LSE2));
        foreach ((uint word, int size, bool stores) in s_accesses)
        {
            foreach (int offset in (int[])[0, 1, 8, 15])
            {
                using TestCpu cpu = Start(engine, isa, word);
                cpu[3] = Data + (ulong)offset;
                RunResult result = cpu.Cpu.Run(Code, Code + 4, 10);
                bool allowed = lse2 ? offset + size <= 16 : offset % size == 0;
                result.Reason.Should().Be(allowed ? StopReason.ExitAddress : StopReason.UnhandledException, $"{word:x8} at {offset}");
                if (!allowed)
                    (cpu.Cpu.Syndrome, cpu.Cpu.FaultAddress).Should().Be((0x9200_0021UL | (stores ? 0x40UL : 0), Data + (ulong)offset), $"{word:x8}");
            }
        }
    }

    private static TestCpu Start(EngineKind engine, ArmIsa? isa, params uint[] words)
    {
        var cpu = new TestCpu(engine, isa);
        cpu.Memory.Map(Code, 0x1000, MemoryMarshal.AsBytes(words.AsSpan()));
        cpu.Memory.Map(Data, 0x1000);
        return cpu;
    }

    private static ulong Word(TestCpu cpu, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(cpu.Read(Data + (ulong)offset, 8));

    private static void Run(TestCpu cpu, int count)
    {
        RunResult result = cpu.Cpu.Run(Code, Code + (4 * (ulong)count), 100);
        result.Reason.Should().Be(StopReason.ExitAddress, $"{result}");
    }
}

using System.Runtime.InteropServices;
using Emulation.Arm.Tests.Privileged;
using Emulation.Cpu;
using Emulation.Cpu.Decode;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>
/// Random instructions of A32 and T32 at EL0 below an EL1 in AArch64, whose handler goes on behind what did not work: the same state on every engine, run at once and
/// instruction by instruction.
/// </summary>
public sealed class A32UserStreamTests
{
    private const uint Code = 0x4000, Data = 0x8000, Level2 = 0x6_0000, Level3 = 0x6_1000;
    private const int Slot = 16, Slots = 256, Instructions = 2500;

    // x16 to x30 are none of User mode's: a checksum of syndromes; on to the next slot, without IT, with pointers in r1 and r2
    private static readonly uint[] s_handler =
    [
        0xd538_4034,                                     // mrs x20, elr_el1
        0xd538_4015,                                     // mrs x21, spsr_el1
        0xd538_5216,                                     // mrs x22, esr_el1
        0x8b97_16f7,                                     // add x23, x23, x23, asr #5
        0x8b16_02f7,                                     // add x23, x23, x22
        0x8b14_02f7,                                     // add x23, x23, x20
        0x8b15_02f7,                                     // add x23, x23, x21
        0x9100_4294,                                     // add x20, x20, #0x10
        0x927c_1e94,                                     // and x20, x20, #0xff0
        0xb272_0294,                                     // orr x20, x20, #0x4000
        0xd292_0001,                                     // mov x1, #0x9000
        0xd294_0002,                                     // mov x2, #0xa000
        0xd2a0_c018,                                     // mov x24, #0x6000000
        0x8a38_02b5,                                     // bic x21, x21, x24
        0xd29f_8018,                                     // mov x24, #0xfc00
        0x8a38_02b5,                                     // bic x21, x21, x24
        0xd518_4034,                                     // msr elr_el1, x20
        0xd518_4015,                                     // msr spsr_el1, x21
        0xd69f_03e0,                                     // eret
    ];

    [Test]
    public void Engines_agree([Range(1, 6)] int seed, [Values] bool thumb)
    {
        byte[]? expected = null;
        foreach (EngineKind engine in Enum.GetValues<EngineKind>())
        {
            foreach (int budget in (int[])[1, Instructions])
            {
                using SystemCpu s = Start(engine, seed, thumb);
                for (int i = 0; i < Instructions; i += budget)
                    s.Run(budget);
                byte[] state = StateOf(s);
                expected ??= state;
                state.Should().Equal(expected, $"{engine} {budget}, {s.Cpu.InstructionCount} instructions");
            }
        }
    }

    private static SystemCpu Start(EngineKind engine, int seed, bool thumb)
    {
        var random = new Random(seed);
        var s = new SystemCpu(engine, new ArmCpuOptions { ResetLevel = 1 }, 1, 0xd69f_03e0);
        s.Memory.Write(SystemCpu.Vectors + 0x600, MemoryMarshal.AsBytes(s_handler.AsSpan()));
        var words = new uint[Slots * Slot / 4];
        for (int i = 0; i < words.Length; i++)
            words[i] = (i & 3) == 3 ? Call(thumb) : Word(random, thumb);
        s.Memory.Write(Code, MemoryMarshal.AsBytes(words.AsSpan()));
        var data = new byte[0x8000];
        random.NextBytes(data);
        s.Memory.Write(Data, data);
        var pages = new ulong[512];
        for (uint page = 0; page < 32; page++)
            pages[page] = (page << 12) | 0x703 | (page == Code >> 12 ? 3u << 6 : page is >= 8 and < 16 ? 1u << 6 : 0);
        s.Memory.Write(Level2, BitConverter.GetBytes(Level3 | 3UL));
        s.Memory.Write(Level3, MemoryMarshal.AsBytes(pages.AsSpan()));
        foreach ((string name, ulong value) in ((string, ulong)[])[("MAIR_EL1", 0xff), ("TCR_EL1", 39 | (1 << 23)), ("TTBR0_EL1", Level2), ("SCTLR_EL1", 0x30d0_0821), ("CPACR_EL1", 3 << 20)])
            s.Register(name, value);
        for (int r = 0; r < 15; r++)
            s[r] = (uint)random.NextInt64();
        s.Cpu[SystemSlot.ElrEl1] = Code;
        s.Cpu[SystemSlot.SpsrEl1] = thumb ? 0x1f0u : 0x1d0;
        s.Cpu.OnPrivilegedWrite();
        return s;
    }

    // svc
    private static uint Call(bool thumb) => thumb ? 0xbf00_df07 : 0xef00_0007;

    private static uint Word(Random random, bool thumb)
    {
        if (random.Next(8) == 0)
            return (uint)random.NextInt64();
        if (!thumb)
        {
            EncodingTable<A32Emitter, A32Word> table = random.Next(3) == 0 ? SimdTables.Table : A32Tables.Table;
            uint word = Random(table.Rows[random.Next(table.Rows.Length)], random);
            return word >> 28 != 15 && random.Next(3) != 0 ? (word & 0x0fff_ffff) | 0xe000_0000 : word;
        }

        if (random.Next(2) == 0)
            return Random(T32Tables.Table16.Rows[random.Next(T32Tables.Table16.Rows.Length)], random) | (Random(T32Tables.Table16.Rows[random.Next(T32Tables.Table16.Rows.Length)], random) << 16);
        uint wide = Random(T32Tables.Table32.Rows[random.Next(T32Tables.Table32.Rows.Length)], random);
        return (wide << 16) | (wide >> 16);
    }

    private static uint Random(EncodingRow row, Random random) => ((uint)random.NextInt64() & ~row.Pattern.Mask) | row.Pattern.Value;

    private static byte[] StateOf(SystemCpu s)
    {
        var values = new List<ulong> { s.Cpu.InstructionCount, s.Cpu.Pc, s.Cpu.SavedState(), s.Cpu[SystemSlot.EsrEl1], s.Cpu[SystemSlot.FarEl1], s.Cpu[SystemSlot.SpsrEl1] };
        for (int r = 0; r < 31; r++)
            values.Add(s[r]);
        foreach (Emulation.IR.RegisterSlot slot in s.Cpu.Registers.Vector)
        {
            UInt128 vector = s.Cpu.GetWideRegister(slot);
            values.Add((ulong)vector);
            values.Add((ulong)(vector >> 64));
        }

        var memory = new byte[0x8000];
        s.Memory.Read(Data, memory);
        return [.. MemoryMarshal.AsBytes(values.ToArray().AsSpan()), .. memory];
    }
}

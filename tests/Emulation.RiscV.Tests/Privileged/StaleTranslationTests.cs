using System.Buffers.Binary;
using Emulation.Cpu;
using static Emulation.RiscV.Tests.Privileged.Words;

namespace Emulation.RiscV.Tests.Privileged;

/// <summary>Loops over many pages whose tables change under them, fenced or not: what was cached when must not depend on the engine.</summary>
[TestFixture(EngineKind.Tier0)]
[TestFixture(EngineKind.Jit)]
public sealed class StaleTranslationTests(EngineKind engine)
{
    private const string Isa = "rv64imac_zicsr_svadu";
    private const ulong V = 1, R = 2, W = 4, X = 8, U = 16, A = 64, D = 128;
    private const ulong Base = HartProgram.Base, Tables = Base + 0x1_0000, Data = Base + 0x8_0000;
    private const ulong Asid = 3;
    private const int Pages = 6 * 1024, Frames = 64;
    private const int Mepc = 0x341, Satp = 0x180;

    [Test]
    public void Engines_agree([Range(1, 12)] int seed)
    {
        string expected = Run(EngineKind.Interpreter, seed, 4000);
        Run(engine, seed, 4000).Should().Be(expected, "seed {0}", seed);
    }

    private static string Run(EngineKind on, int seed, ulong instructions)
    {
        var random = new Random(seed);

        // A pointer that jumps by a stride modulo a window of pages, with loads and a store that may be on another page, and a jump back.
        uint[] loop =
        [
            Add(10, 10, 11),
            And(12, 10, 13),
            Add(12, 12, 14),
            Ld(15, 12),
            Add(16, 16, 15),
            random.Next(2) == 0 ? Ld(17, 12) : Nop,
            random.Next(3) == 0 ? Sd(12, 16, 8) : Nop,
            random.Next(2) == 0 ? Ld(18, 12) : Nop,
            Add(16, 16, 10),
            Bne(14, 0, -36),
        ];
        using HartProgram p = new(on, Isa, loop);
        p.Load(HartProgram.Handler, Csrrs(20, Mepc, 0), Addi(20, 20, 4), Csrrw(0, Mepc, 20), Addi(21, 21, 1), Mret);
        p.OpenMemory();
        Store(Tables, ((Tables + 0x1000) >> 2) | V);
        for (ulong i = 0; i < Pages / 512; i++)
            Store(Tables + 0x1000 + (8 * i), ((Tables + 0x3000 + (i << 12)) >> 2) | V);
        Store(Tables + 0x10, (Base >> 2) | V | R | X | U | A);
        for (int i = 0; i < Pages; i++)
            Map(i, i % Frames, V | R | W | U | A | D);
        for (int i = 0; i < Frames; i++)
            Store(Data + ((ulong)i << 12), (ulong)random.NextInt64());
        bool all = random.Next(2) == 0;
        p.Cpu["x11"] = ((ulong)random.Next(1, 3000) << 12) + 8;
        p.Cpu["x13"] = ((all ? 4096UL : 16) << 12) - 8;
        p.Cpu["x14"] = 0x1000;
        p.Cpu.TryWriteCsr(0x30a, (ulong)random.Next(2) << 61);
        p.Cpu.TryWriteCsr(Satp, (8UL << 60) | (Asid << 44) | (Tables >> 12));
        p.Cpu.EnterPrivilege(PrivilegeLevel.User);
        for (int round = 0; round < 40; round++)
        {
            p.Run(instructions + (ulong)random.Next(50));
            for (int i = all ? random.Next(2000) : random.Next(10); i > 0; i--)
            {
                int page = random.Next(all ? Pages : 18);
                ulong bits = V | R | U | (random.Next(3) == 0 ? 0 : W) | (random.Next(3) == 0 ? 0 : A) | (random.Next(2) == 0 ? 0 : D);
                Map(page, random.Next(Frames), random.Next(20) == 0 ? 0 : bits);
                if (random.Next(4) == 0)
                    p.Cpu.Fence((ulong)page << 12, random.Next(3) switch { 0 => null, 1 => Asid, _ => Asid + 1 });
            }

            if (random.Next(12) == 0)
                p.Cpu.Fence(null, random.Next(2) == 0 ? null : Asid);
            if (random.Next(12) == 0)
                p.OpenMemory();
        }

        var memory = new byte[1 << 20];
        p.Memory.TryRead(Base, memory).Should().BeTrue();
        p[16].Should().NotBe(0);
        return string.Join(' ', Enumerable.Range(1, 31).Select(i => p[i].ToString("x", null)))
            + $" {p.Cpu.Pc:x} {p.Cpu.InstructionCount} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(memory))}";

        void Map(int page, int frame, ulong bits) => Store(Tables + 0x3000 + (8 * (ulong)page), ((Data + ((ulong)frame << 12)) >> 2) | bits);

        void Store(ulong place, ulong value)
        {
            byte[] bytes = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            p.Memory.TryLoad(place, bytes).Should().BeTrue();
        }
    }
}

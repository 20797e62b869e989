using System.Runtime.InteropServices;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.Semantics;

/// <summary>Extensions of one or two instructions each.</summary>
public sealed class SmallExtensionTests
{
    private const ulong Code = 0x1000;
    private const uint Rndr = 0xd53b_2401, Rndrrs = 0xd53b_2422;

    [Test]
    public void Hinted_branches([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Values] bool taken)
    {
        using TestCpu cpu = Start(engine, null, 0xeb02_003f, 0x5400_0050, 0x9100_0400, 0x9100_0400);     // cmp x1, x2; bc.eq . + 8; add x0, x0, #1; the same
        (cpu[1], cpu[2]) = (7, taken ? 7UL : 8);
        cpu.Cpu.Run(Code, Code + 16, 10).Reason.Should().Be(StopReason.ExitAddress);
        cpu[0].Should().Be(taken ? 1UL : 2);
    }

    [Test]
    public void Random_numbers_follow_from_the_seed_and_go_on_from_snapshots([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using TestCpu one = Start(engine, null, Rndr, Rndrrs), same = Start(engine, null, Rndr, Rndrrs), other = Start(engine, new ArmCpuOptions { EntropySeed = 5 }, Rndr, Rndrrs);
        one.Cpu.Nzcv = 0xf000_0000;
        foreach (TestCpu cpu in (TestCpu[])[one, same, other])
            cpu.Cpu.Run(Code, Code + 8, 10).Reason.Should().Be(StopReason.ExitAddress);
        one.Cpu.Nzcv.Should().Be(0);
        (one[1], one[2]).Should().Be((same[1], same[2])).And.NotBe((other[1], other[2]));
        one[1].Should().NotBe(one[2]);
        var writer = new StateWriter();
        one.Cpu.Save(writer);
        using TestCpu copy = Start(engine, null, Rndr, Rndrrs);
        copy.Cpu.Load(new StateReader("cpu0", 1, writer.Written.ToArray()));
        foreach (TestCpu cpu in (TestCpu[])[one, copy])
            cpu.Cpu.Run(Code, Code + 8, 10);
        (copy[1], copy[2]).Should().Be((one[1], one[2])).And.NotBe((same[1], same[2]));
    }

    // every hint, wfet, wfit, dsb ishnxs
    [Test]
    public void Hints_do_nothing([Values(EngineKind.Interpreter, EngineKind.Jit)] EngineKind engine)
    {
        foreach (uint word in Enumerable.Range(0, 128).Select(n => 0xd503_201fu | ((uint)n << 5)).Append(0xd503_3a3fu))
        {
            if (A64Tables.Table.TryFind(word, ArmIsa.Everything.Features, out Cpu.Decode.EncodingRow? row) && row.Extension == "PAuth")
                continue;
            if (word is 0xd503_205f or 0xd503_207f)
                continue;                                // wfe, wfi
            using TestCpu cpu = Start(engine, null, word);
            for (int r = 0; r < 31; r++)
                cpu[r] = (ulong)r;
            cpu.Cpu.Run(Code, Code + 4, 10).Reason.Should().Be(StopReason.ExitAddress, $"{word:x8}");
            for (int r = 0; r < 31; r++)
                cpu[r].Should().Be((ulong)r);
        }
    }

    [Test]
    public void Cleaning_looks_at_the_address([Values(0xd50b_7c21u, 0xd50b_7d21u)] uint word)
    {
        using TestCpu cpu = Start(EngineKind.Interpreter, null, word);
        cpu[1] = Code;
        cpu.Cpu.Run(Code, Code + 4, 10).Reason.Should().Be(StopReason.ExitAddress);
        cpu[1] = 0x9_0000;
        cpu.Cpu.Run(Code, Code + 4, 10).Reason.Should().Be(StopReason.UnhandledException);
        cpu.Cpu.Syndrome.Should().Be(0x9200_0150);
    }

    // what is not allocated in the groups of the extensions
    [TestCase(0x2e02_c420u)]                             // fcmla of bytes
    [TestCase(0x2ec2_c420u)]                             // fcmla of one double
    [TestCase(0x2e02_e420u)]                             // fcadd of bytes
    [TestCase(0x2e42_ec20u)]                             // bfmmla of half a register
    [TestCase(0x0e82_a420u)]                             // smmla of half a register
    [TestCase(0x2f82_1020u)]                             // fcmla by element, half a register of singles
    [TestCase(0x6fa2_1020u)]                             // ..., with bit 21
    [TestCase(0x2f42_1820u)]                             // ..., pair 2 of half a register
    [TestCase(0x6e82_9c20u)]                             // usdot with U
    [TestCase(0x2f02_f820u)]                             // sudot with U
    [TestCase(0xce60_cc20u)]
    [TestCase(0xcec1_8020u)]
    [TestCase(0xcec0_8820u)]
    [TestCase(0xdac1_4820u)]                             // one more than xpacd
    [TestCase(0xdac1_2000u)]                             // paciza with a register
    [TestCase(0xd61f_0800u)]                             // braaz with a register
    [TestCase(0xd61f_041fu)]
    [TestCase(0xd65f_0be0u)]
    [TestCase(0x1ac0_7020u)]
    [TestCase(0x11d0_0420u)]                             // no fifth immediate
    [TestCase(0x5ac0_2420u)]
    [TestCase(0xb820_0420u)]
    public void Reserved(uint word)
        => (new ArmFrontend(ArmIsa.Everything).Find(word)?.ToString() ?? "unallocated").Should().Be("unallocated", $"{word:x8}");

    private static TestCpu Start(EngineKind engine, ArmCpuOptions? options, params uint[] words)
    {
        var cpu = new TestCpu(engine, TestCpu.Hosted(options));
        cpu.Memory.Map(Code, 0x1000, MemoryMarshal.AsBytes(words.AsSpan()));
        return cpu;
    }
}

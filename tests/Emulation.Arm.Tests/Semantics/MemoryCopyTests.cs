using System.Runtime.InteropServices;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.Semantics;

/// <summary>CPY and SET: whatever size and overlap, whole or in steps, through a fault. Arm DDI 0487, C6.2, "FEAT_MOPS".</summary>
public sealed class MemoryCopyTests
{
    private const ulong Code = 0x1000, Data = 0x10_0000;
    private const int DataBytes = 0x8000;

    // x0: to, x1: from, x2: size
    private const uint Cpyp = 0x1d01_0440, Cpyfp = 0x1901_0440, Main = 0x0040_0000, Epilogue = 0x0080_0000;

    // x0: to, x1: size, x2: value
    private const uint Setp = 0x19c2_0420;

    [Test]
    public void Copies([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Values] bool forwardOnly)
    {
        uint first = forwardOnly ? Cpyfp : Cpyp;
        using TestCpu cpu = Start(engine, first, first | Main, first | Epilogue);
        var random = new Random(3);
        for (int n = 0; n < 120; n++)
        {
            int size = n < 20 ? n : random.Next(n % 3 == 0 ? 40 : 12000), from = random.Next(DataBytes - size);
            int to = n % 2 == 0 ? random.Next(DataBytes - size) : Math.Clamp(from + random.Next(-20, 20), 0, DataBytes - size);
            if (forwardOnly && to > from && to < from + size)
                continue;                                // what then comes is not said
            byte[] expected = Fill(cpu, random);
            expected.AsSpan(from, size).ToArray().CopyTo(expected, to);
            (cpu[0], cpu[1], cpu[2]) = (Data + (ulong)to, Data + (ulong)from, (ulong)size);
            Run(cpu, n % 4 == 3);
            cpu.Read(Data, DataBytes).AsSpan().SequenceEqual(expected).Should().BeTrue($"{size} from {from:x} to {to:x}");
            cpu[2].Should().Be(0);
            bool forward = forwardOnly || from >= to || from + size <= to;
            (cpu[0], cpu[1]).Should().Be(forward ? (Data + (ulong)(to + size), Data + (ulong)(from + size)) : (Data + (ulong)to, Data + (ulong)from));
        }
    }

    [Test]
    public void Settings([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using TestCpu cpu = Start(engine, Setp, Setp | 0x4000, Setp | 0x8000);
        var random = new Random(4);
        for (int n = 0; n < 60; n++)
        {
            int size = n < 20 ? n : random.Next(12000), to = random.Next(DataBytes - size);
            byte[] expected = Fill(cpu, random);
            expected.AsSpan(to, size).Fill((byte)n);
            (cpu[0], cpu[1], cpu[2]) = (Data + (ulong)to, (ulong)size, 0xabc00 + (ulong)n);
            Run(cpu, n % 4 == 3);
            cpu.Read(Data, DataBytes).AsSpan().SequenceEqual(expected).Should().BeTrue($"{size} at {to:x}");
            (cpu[0], cpu[1]).Should().Be((Data + (ulong)(to + size), 0UL));
        }
    }

    [Test]
    public void A_fault_in_the_middle_leaves_what_is_to_do([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using TestCpu cpu = Start(engine, Cpyfp, Cpyfp | Main, Cpyfp | Epilogue);
        byte[] expected = Fill(cpu, new Random(5));
        const ulong To = Data + DataBytes - 0x1803, Size = 0x2000;
        (cpu[0], cpu[1], cpu[2]) = (To, Data + 5, Size);
        RunResult result = cpu.Cpu.Run(Code, Code + 12, 20);
        (result.Reason, result.Pc).Should().Be((StopReason.UnhandledException, Code + 4));
        (cpu.Cpu.Syndrome, cpu.Cpu.FaultAddress).Should().Be((0x9200_0050UL, Data + DataBytes));
        ulong remains = 0 - cpu[2];
        (cpu[0] - remains).Should().Be(Data + DataBytes, "all before the fault is done");
        cpu.Memory.Map(Data + DataBytes, 0x1000);
        result = cpu.Cpu.Run(Code + 4, Code + 12, 20);
        result.Reason.Should().Be(StopReason.ExitAddress, $"{result}");
        cpu.Read(To, (int)Size).AsSpan().SequenceEqual(expected.AsSpan(5, (int)Size)).Should().BeTrue();
    }

    [Test]
    public void Registers_of_another_way_to_copy_are_refused([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using TestCpu cpu = Start(engine, Cpyp | Main | 0x3000, Setp | 0x8000 | 0x1000);
        cpu.Cpu.Nzcv = 1u << 29;
        cpu.Cpu.Run(Code, Code + 4, 5).Reason.Should().Be(StopReason.UnhandledException);
        cpu.Cpu.Syndrome.Should().Be(0x9e00_0000UL | (3 << 19) | (1 << 17) | (1 << 16) | (0 << 10) | (1 << 5) | 2);
        cpu.Cpu.Run(Code + 4, Code + 8, 5).Reason.Should().Be(StopReason.UnhandledException);
        cpu.Cpu.Syndrome.Should().Be(0x9e00_0000UL | (1 << 24) | (1 << 19) | (1 << 18) | (1 << 17) | (1 << 16) | (0 << 10) | (2 << 5) | 1);
    }

    [Test]
    public void Sizes_are_cut()
    {
        using TestCpu cpu = Start(EngineKind.Interpreter, Cpyfp, Setp);
        (cpu[0], cpu[1], cpu[2]) = (0, 0, ulong.MaxValue);
        cpu.Cpu.Run(Code, Code + 4, 5);
        cpu[2].Should().Be(0xff80_0000_0000_0001);
        (cpu[0], cpu[1]) = (0, ulong.MaxValue);
        cpu.Cpu.Run(Code + 4, Code + 8, 5);
        cpu[1].Should().Be(0x8000_0000_0000_0001);
    }

    [TestCase(0x1d01_0420u)]                             // cpyp [x0]!, [x1]!, x1!
    [TestCase(0x1d00_0440u)]
    [TestCase(0x1d01_045fu)]
    [TestCase(0x1d1f_0440u)]
    [TestCase(0x19c1_0420u)]                             // setp [x0]!, x1!, x1
    [TestCase(0x19c2_07e0u)]
    [TestCase(0x19c2_c420u)]                             // neither part
    [TestCase(0x5d01_0440u)]                             // sizes are reserved
    public void Reserved(uint word) => new ArmFrontend(ArmIsa.Everything).Find(word).Should().BeNull();

    private static TestCpu Start(EngineKind engine, params uint[] words)
    {
        var cpu = new TestCpu(engine);
        cpu.Memory.Map(Code, 0x1000, MemoryMarshal.AsBytes(words.AsSpan()));
        cpu.Memory.Map(Data, DataBytes);
        return cpu;
    }

    private static byte[] Fill(TestCpu cpu, Random random)
    {
        var bytes = new byte[DataBytes];
        random.NextBytes(bytes);
        cpu.Memory.Write(Data, bytes);
        return bytes;
    }

    private static void Run(TestCpu cpu, bool steps)
    {
        cpu.Cpu.SetPc(Code);
        for (int i = 0; steps && i < 2; i++)
            cpu.Cpu.RunAlone(1);
        RunResult result = cpu.Cpu.Run(cpu.Cpu.Header.Pc, Code + 12, 100);
        result.Reason.Should().Be(StopReason.ExitAddress, $"{result}");
    }
}

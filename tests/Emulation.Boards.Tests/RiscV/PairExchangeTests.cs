using System.Runtime.InteropServices;
using Emulation.Boards.RiscV;
using Emulation.Core;
using Emulation.Cpu;
using static Emulation.Boards.Tests.RiscV.Words;

namespace Emulation.Boards.Tests.RiscV;

/// <summary>AMOCAS.Q against what another hart does to the same 16 bytes at the same time. RISC-V Unprivileged ISA, "Zacas".</summary>
public sealed class PairExchangeTests
{
    private const ulong Ram = 0x8000_0000, Data = Ram + 0x1_0000;

    [Test]
    public void It_is_one_step_towards_stores_and_atomics_of_half_of_it(
        [Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Values] bool atomics)
    {
        using var files = new TestFiles();
        string path = files.Write("program", MemoryMarshal.AsBytes<uint>(Program(atomics)));
        using Machine machine = new MachineBuilder()
            .UseRiscVVirt(o => (o.Isa, o.Cpus, o.Engine) = ("rv64ima_zicsr_zicntr_zacas", 2, new EngineOptions { Engine = engine }))
            .WithMemory(1.MiB()).WithTime(TimeMode.RealTime).WithoutFirmware().LoadFile(path, Ram).Build();
        machine.RunFor(60.VirtualSeconds()).Reason.Should().Be(StopReason.PowerOff);
        Read(8).Should().Be(Read(40), "every exchange took effect once").And.BeGreaterThan(10);
        Read(48).Should().Be(0, "no store of the other hart was lost");

        ulong Read(ulong offset)
        {
            machine.Memory.Read(Data + offset, 8, out ulong value).Should().Be(BusResult.Ok);
            return value;
        }
    }

    // Hart 0 sets the low half to 1 and to 0 and looks whether it stays so; hart 1 exchanges (0, n) for (0, n + 1) and so never changes the low half
    private static uint[] Program(bool atomics) =>
    [
        0x0001_0297,                                  // auipc x5, 16
        Addi(7, 0, 1),
        Addi(11, 0, 0),                               // held the device tree
        Branch(1, 10, 0, 18 * 4),                     // bnez x10, hart 1
        atomics ? AmoSwap(0, 7, 5) : Sd(7, 5, 0),
        Ld(9, 5, 0),
        Branch(0, 9, 7, 8),
        Addi(11, 11, 1),
        atomics ? AmoSwap(0, 0, 5) : Sd(0, 5, 0),
        Ld(9, 5, 0),
        Branch(0, 9, 0, 8),
        Addi(11, 11, 1),
        Addi(0, 0, 0),                                // nine instructions, so that no slice ends always at the same
        Ld(19, 5, 32),
        Branch(0, 19, 0, -10 * 4),
        Sd(11, 5, 48),
        .. PowerOff,
        ReadTime(18),                                 // hart 1: for half a second
        Lui(17, 5_000_000),
        Add(18, 18, 17),
        Addi(16, 0, 0),
        Addi(12, 0, 0),
        Addi(13, 16, 0),
        Addi(14, 0, 0),
        Addi(15, 16, 1),
        0x2e00_402f | (14u << 20) | (5u << 15) | (12u << 7), // amocas.q.aqrl x12, x14, (x5)
        Branch(1, 12, 0, -5 * 4),
        Branch(1, 13, 16, 4 * 4),
        Addi(16, 16, 1),
        ReadTime(17),
        Branch(6, 17, 18, -9 * 4),
        Sd(16, 5, 40),
        Sd(7, 5, 32),
        0x6f,
    ];
}

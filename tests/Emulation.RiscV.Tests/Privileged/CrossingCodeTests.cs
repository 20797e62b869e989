using Emulation.Core;
using Emulation.Cpu;
using static Emulation.RiscV.Tests.Privileged.Words;

namespace Emulation.RiscV.Tests.Privileged;

/// <summary>A loop with an instruction that lies on two pages, of which the second changes, in every way it can.</summary>
[TestFixture(EngineKind.Interpreter)]
[TestFixture(EngineKind.Tier0)]
[TestFixture(EngineKind.Jit)]
public sealed class CrossingCodeTests(EngineKind engine)
{
    private const ulong Start = HartProgram.Base + 0x1ff8, Second = HartProgram.Base + 0x2000;
    private const ulong Round = 4;

    private HartProgram _program = null!;

    [SetUp]
    public void Prepare()
    {
        _program = new HartProgram(engine, "rv64imac_zicsr_zifencei");
        _program.Load(Start, Addi(1, 1, 1));
        LoadHalves(Start + 4, 1);                                             // c.nop
        Crossing(1);
        _program.Load(Start + 10, Jump(-10));
        _program.Cpu.SetPc(Start);
    }

    [TearDown]
    public void Release() => _program.Dispose();

    [Test]
    public void The_host_writes_its_second_half()
    {
        for (int i = 1; i <= 10; i++)
        {
            Crossing(i);
            _program.Run(50 * Round);
        }

        (_program[1], _program[5]).Should().Be((500UL, 50 * 55UL));
    }

    [Test]
    public void The_guest_writes_its_second_half()
    {
        // In front of the loop: sh x6, 0(x7); fence.i. x6 grows by one in the immediate each round.
        _program.Load(Start - 12, 0x0063_9023, 0x0000_100f, Add(6, 6, 8));
        _program.Load(Start + 10, Jump(-22));
        (_program.Cpu["x6"], _program.Cpu["x7"], _program.Cpu["x8"]) = (UpperHalf(0), Second, 1 << 4);
        _program.Cpu.SetPc(Start - 12);
        _program.Run(100 * (Round + 3));
        (_program[1], _program[5]).Should().Be((100UL, 100 * 99UL / 2));
    }

    [Test]
    public void Other_memory_appears_on_its_second_page()
    {
        using var other = new RamBlock("other", 0x1000);
        var region = new RamRegion(other);
        _program.Memory.Root.Add(Second, region, priority: 1);
        Crossing(100);
        _program.Load(Second + 2, Jump(-10));
        for (int i = 0; i < 10; i++)
        {
            _program.Run(50 * Round);
            if (i % 2 == 0)
                _program.Memory.Root.Remove(region);
            else
                _program.Memory.Root.Add(Second, region, priority: 1);
        }

        (_program[1], _program[5]).Should().Be((500UL, 250 * 101UL));
    }

    // addi x5, x5, immediate: the immediate is in the second half.
    private void Crossing(int immediate) => LoadHalves(Start + 6, (ushort)Addi(5, 5, immediate), UpperHalf(immediate));

    private static ushort UpperHalf(int immediate) => (ushort)(Addi(5, 5, immediate) >> 16);

    private void LoadHalves(ulong address, params ushort[] halves)
    {
        foreach (ushort half in halves)
        {
            _program.Memory.TryLoad(address, BitConverter.GetBytes(half)).Should().BeTrue();
            address += 2;
        }
    }
}

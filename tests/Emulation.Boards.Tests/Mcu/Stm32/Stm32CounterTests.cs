using Emulation.Boards.Mcu;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Boards.Tests.Mcu.Stm32;

/// <summary>Case T19 on the STM32F407: what a free-running counter shows after a million rounds of a loop, whether the loop reads it or not.</summary>
public sealed class Stm32CounterTests
{
    private const uint Tim2 = 0x4000_0000, Rcc = 0x4002_3800, FlashAcr = 0x4002_3c00, Cnt = 0x24, First = 0x0800_0010, Done = 0x0800_0028;
    private const int Rounds = 1_000_000, PerRound = 6, Before = 5;

    // starts TIM2; then rounds of: r1 = CNT, or r3 where it is not polled; to "fail" if r1 < r3; r3 = r1; r2 -= 1; at last a read of CNT
    private static readonly ushort[] s_program =
    [
        0x1000, 0x2000, 0x0011, 0x0800, 0, 0, 0, 0,
        0x4806, 0x4a07, 0x2300, 0x2101, 0x6001,
        0x6a41, 0x4299, 0xd304, 0x000b, 0x3a01, 0xd1f9,
        0x6a41, 0xe7fe, 0xe7fe, 0, (ushort)(Tim2 >> 16), Rounds & 0xffff, Rounds >> 16,
    ];

    [Test]
    public void A_counter_is_exact_polled_or_not([Values] EngineKind engine, [Values(16, 168)] int megahertz)
    {
        (ulong polled, long time) = Count(engine, megahertz, polls: true);
        Count(engine, megahertz, polls: false).Should().Be((polled, time));

        // at 168 MHz the timers of APB1 have half of it
        ulong ticks = (ulong)(Rounds * PerRound) / (megahertz == 168 ? 2UL : 1);
        polled.Should().BeInRange(ticks - 1, ticks + 1);
        long expected = (long)((Int128)(Rounds * PerRound) * 1000 / megahertz);
        time.Should().BeInRange(expected, expected + 500);
    }

    private static (ulong Count, long Time) Count(EngineKind engine, int megahertz, bool polls)
    {
        const ushort MoveR3 = 0x0019;
        ushort[] program = [.. s_program];
        if (!polls)
            program[13] = MoveR3;
        byte[] bytes = new byte[2 * program.Length];
        Buffer.BlockCopy(program, 0, bytes, 0, bytes.Length);
        using Machine machine = new MachineBuilder().UseStm32F4Discovery(o => o.Engine = new EngineOptions { Engine = engine }).WithoutFirmware()
            .Load(0x0800_0000, bytes).Build();
        if (megahertz == 168)
            StartPll(machine);
        Poke(machine, Rcc + 0x40, 1);
        long start = machine.Clock.Now;
        machine.Run(Before + (Rounds * PerRound)).Reason.Should().Be(StopReason.InstructionLimit);
        machine.Cpus[0].Pc.Should().Be(Done - 2, "the counter never goes back");
        machine.Memory.Read(Tim2 + Cnt, 4, out ulong count).Should().Be(BusResult.Ok);
        return (count, machine.Clock.Now - start);
    }

    // HSI / 8 * 168 / 2; APB1 a quarter, APB2 a half. The program waits at its first instruction meanwhile.
    private static void StartPll(Machine machine)
    {
        Poke(machine, FlashAcr, 5);
        Poke(machine, Rcc + 0x04, (168 << 6) | 8);
        Poke(machine, Rcc, 0x0100_0083);
        machine.Memory.TryLoad(First, [0xfe, 0xe7]).Should().BeTrue();
        machine.RunFor(TimeSpan.FromMilliseconds(1));
        Poke(machine, Rcc + 0x08, 0x9402);
        machine.RunFor(TimeSpan.FromMilliseconds(1));
        machine.Memory.TryLoad(First, [0x06, 0x48]).Should().BeTrue();
    }

    private static void Poke(Machine machine, uint address, uint value) => machine.Memory.Write(address, 4, value).Should().Be(BusResult.Ok);
}

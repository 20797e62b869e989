using System.Runtime.InteropServices;
using Emulation.Boards;
using Emulation.Boards.RiscV;
using Emulation.Core;

namespace CustomDevice;

/// <summary>Adds a device of our own to a board, wires its interrupt, and runs a few instructions that use it.</summary>
public static class Sample
{
    private const ulong Address = 0x300_0000;
    private const int Source = 40;

    // sets the countdown to 250 us, enables its interrupt, waits for machine external interrupts, then powers off
    private static readonly uint[] s_code =
    [
        0x0300_02b7,    // lui   t0, 0x3000         countdown
        0x0fa0_0313,    // li    t1, 250
        0x0062_a023,    // sw    t1, 0(t0)
        0x0010_0313,    // li    t1, 1
        0x0062_a223,    // sw    t1, 4(t0)
        0x0c00_03b7,    // lui   t2, 0xc000         interrupt controller
        0x0a63_a023,    // sw    t1, 160(t2)        priority of source 40
        0x0c00_23b7,    // lui   t2, 0xc002
        0x1000_0313,    // li    t1, 0x100          bit 40 - 32
        0x0063_a223,    // sw    t1, 4(t2)          enabled for machine mode of hart 0
        0x0000_1337,    // lui   t1, 1
        0x8003_0313,    // addi  t1, t1, -2048      MEIE
        0x3043_1073,    // csrw  mie, t1
        0x1050_0073,    // wfi
        0x0010_02b7,    // lui   t0, 0x100          test finisher
        0x0000_5337,    // lui   t1, 5
        0x5553_0313,    // addi  t1, t1, 0x555
        0x0062_a023,    // sw    t1, 0(t0)
        0x0000_006f,    // j     .
    ];

    /// <summary>Runs the sample.</summary>
    /// <param name="output">Gets what happened.</param>
    public static int Run(TextWriter output)
    {
        using Machine machine = new MachineBuilder()
            .UseRiscVVirt()
            .WithMemory(16.MiB())
            .WithoutFirmware()
            .Load(0x8000_0000, MemoryMarshal.AsBytes(s_code.AsSpan()).ToArray())
            .Add(Address, context => new Countdown(context), out DeviceHandle<Countdown> handle)
            .Configure(context => handle.In(context.Machine).Irq.Connect(context.Require<RiscVVirtBoard>().Plic.Input(Source)))
            .Build();
        RunResult result = machine.RunFor(10.VirtualMilliseconds());
        output.WriteLine($"{result.Reason} after {result.Elapsed} ns of virtual time and {result.Instructions} instructions");
        return result is { Reason: StopReason.PowerOff, Elapsed: >= 250_000 and < 260_000 } ? 0 : 1;
    }
}

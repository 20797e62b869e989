using Emulation.Boards.Mcu;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Boards.Tests.Mcu;

/// <summary>The boards <c>mps2-an385</c> and <c>mps2-an386</c>.</summary>
public sealed class Mps2BoardTests
{
    private const uint Start = 0x100, PendSv = 0x17e, Timer = 0x182, Fault = 0x18e;

    // Sets UART0 to 25 MHz / 16 and the MPU so that nothing but the program, memory and devices can be reached: not the vector table. Then PendSV, which
    // writes 'p'; then TIMER0 every millisecond, which writes 't'; sleeps.
    private static readonly uint[] s_program =
    [
        0x2040f04f, 0x61012110, 0x60812101, 0x21004a20, 0xf2406051, 0xf2c20100, 0x60910100, 0x60d1491d,
        0x60512101, 0x7180f45f, 0x491b6091, 0x210260d1, 0xf2406051, 0xf2c40100, 0x60910100, 0x60d14917,
        0x60112101, 0x8f4ff3bf, 0x8f6ff3bf, 0xf04f4a14, 0x60115180, 0x8f6ff3bf, 0x21014a12, 0x60110209,
        0x4280f04f, 0x11a7f246, 0x60516091, 0x60112109, 0xe7fdbf30, 0x07db6843, 0x6001d1fc, 0x21704770,
        0xf04fe7f8, 0x21014280, 0x217460d1, 0xe7fee7f2, 0xe000ed94, 0x0300002b, 0x0600000f, 0x03000039,
        0xe000ed04, 0xe000e100,
    ];

    [TestCase(Mps2Image.An385)]
    [TestCase(Mps2Image.An386)]
    public void Vectors_are_read_past_the_MPU_and_timers_interrupt(Mps2Image image)
    {
        foreach (EngineKind engine in Enum.GetValues<EngineKind>())
        {
            using Machine machine = Build(image, engine);
            var times = new List<long>();
            Mps2Board board = machine.Get<Mps2Board>();
            board.Uart0.Transmitted += _ => times.Add(machine.Clock.Now);
            machine.RunFor(10.VirtualMilliseconds()).Reason.Should().Be(StopReason.VirtualTime);
            board.Uart0.RecentText.Should().Be("pttttttttt");
            times.Should().HaveCount(10);
            for (int i = 2; i < times.Count; i++)
                (times[i] - times[i - 1]).Should().Be(1_000_000);
        }
    }

    [Test]
    public void Any_cut_and_a_fork_give_the_same_state()
    {
        using Machine whole = Build(Mps2Image.An385, EngineKind.Jit);
        using Machine cut = Build(Mps2Image.An385, EngineKind.Interpreter);
        whole.Run(3_000);
        for (int i = 0; i < 3_000; i++)
            cut.Step();
        cut.StateHash().Should().Be(whole.StateHash());
        using Machine fork = cut.Fork();
        fork.RunFor(1500.VirtualMicroseconds());
        whole.RunFor(1500.VirtualMicroseconds());
        fork.StateHash().Should().Be(whole.StateHash());
    }

    [Test]
    public void The_configuration_controller_names_the_application_note()
    {
        using Machine machine = Build(Mps2Image.An386, EngineKind.Tier0);
        machine.Memory.Read(0x4002_fffc, 4, out ulong id);
        id.Should().Be(0x4104_3860);
    }

    private static Machine Build(Mps2Image image, EngineKind engine)
    {
        byte[] bytes = new byte[Start + (4 * s_program.Length)];
        uint[] vectors = [0x2000_1000, Start, .. Enumerable.Repeat(Fault, 12), PendSv, .. Enumerable.Repeat(Fault, 17)];
        vectors[16 + 8] = Timer;
        for (int i = 1; i < vectors.Length; i++)
            vectors[i] |= 1;
        Buffer.BlockCopy(vectors, 0, bytes, 0, 4 * vectors.Length);
        Buffer.BlockCopy(s_program, 0, bytes, (int)Start, 4 * s_program.Length);
        return new MachineBuilder().UseMps2(o => (o.Image, o.Engine) = (image, new EngineOptions { Engine = engine }))
            .WithoutFirmware().Configure(c => c.OnReset(m => m.Memory.TryLoad(0, bytes).Should().BeTrue())).Build();
    }
}

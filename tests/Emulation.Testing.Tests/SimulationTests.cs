using Emulation.Devices;

namespace Emulation.Testing.Tests;

[TestFixture]
public sealed class SimulationTests
{
    [Test]
    public void Two_boards_talk_on_one_clock()
    {
        var riscv = Programs.NewBoard();
        var cortex = new CortexBench(fw => fw.Elf(CortexBench.Program));
        using var both = new BoardSimulation(riscv, cortex);
        riscv.Uart.WaitForLine("ready");
        cortex.Uart.WaitForLine("hello");
        cortex.RunFor(1.VirtualMilliseconds());
        riscv.Uart.Discard();
        both.Connect(cortex.Uart, riscv.Uart);
        cortex.Button.Press(5.VirtualMilliseconds());
        cortex.Uart.WaitForLine("pressed");
        riscv.Uart.WaitForLine("what?", within: 5.VirtualMilliseconds());
        Math.Abs(riscv.Nanoseconds - cortex.Nanoseconds).Should().BeLessThan(2_000_000);
    }

    [Test]
    public void Faults_of_a_board_act_while_another_one_waits()
    {
        var first = Programs.NewBoard();
        var second = Programs.NewBoard();
        using var both = new BoardSimulation(first, second);
        second.Uart.WaitForLine("ready");
        Fault stuck = second.Faults.StuckBit(second.Symbol("ticks").Address, 0, false);
        first.WaitForValue("ticks", 5u);
        stuck.Should().HaveFired();
        second.Uart.WriteLine("crash");
        first.Invoking(b => b.RunFor(5.VirtualMilliseconds())).Should().Throw<FirmwareCrashException>();
    }

    [Test]
    public void Boards_are_joined_by_pins()
    {
        var first = new CortexBench(fw => fw.Elf(CortexBench.Program));
        var second = new CortexBench(fw => fw.Elf(CortexBench.Program));
        using var both = new BoardSimulation(first, second);
        first.Uart.WaitForLine("hello");
        second.Uart.WaitForLine("hello");
        both.Connect(first.Led, second.Button);
        second.Uart.WaitForLine("pressed", within: 20.VirtualMilliseconds());
        first.Led.WaitForLevel(false);
        both.RunFor(10.VirtualMicroseconds());
        second.Button.Should().BeOff();
    }

    [Test]
    public void A_fork_goes_on_where_its_origin_is()
    {
        var riscv = Programs.NewBoard();
        var cortex = new CortexBench(fw => fw.Elf(CortexBench.Program));
        using var both = new BoardSimulation(riscv, cortex);
        both.Connect(cortex.Uart, riscv.Uart);
        cortex.Uart.WaitForLine("hello");
        cortex.Button.Drive(true);
        cortex.Uart.WaitForText("pre");
        using BoardSimulation fork = both.Fork();
        using BoardSimulation second = fork.Fork();
        fork.Simulation.StateHash().Should().Be(both.Simulation.StateHash());
        foreach ((BoardSimulation one, RiscVVirtBench console) in new[] { (both, riscv), (fork, fork.CopyOf(riscv)), (second, second.CopyOf(fork.CopyOf(riscv))) })
        {
            console.Uart.WaitForLine("what?", within: 5.VirtualMilliseconds());
            one.RunFor(1.VirtualMilliseconds());
        }

        fork.Simulation.StateHash().Should().Be(both.Simulation.StateHash());
        second.Simulation.StateHash().Should().Be(both.Simulation.StateHash());
        fork.Invoking(f => f.CopyOf(fork.CopyOf(riscv))).Should().Throw<ArgumentException>();
    }

    [Test]
    public void Boards_are_joined_by_CAN()
    {
        Stm32F4Discovery first = Idle(), second = Idle();
        using var both = new BoardSimulation(first, second);
        both.Connect(first.Can1, second.Can1);
        CanPeer sender = first.Can1.Attach(new CanPeer()), receiver = second.Can1.Attach(new CanPeer());
        sender.Send(new CanFrame(0x321, [7]));
        both.RunFor(1.VirtualMilliseconds());
        receiver.ReceivedFrames.Should().ContainSingle().Which.ToString().Should().Be("321#07");
        both.Invoking(b => b.Connect(Idle().Can1, second.Can1)).Should().Throw<ArgumentException>().WithMessage("*belongs to no board of the simulation*");
    }

    [Test]
    public void Boards_are_joined_by_SPI_and_one_is_the_slave([Values] bool leastFirst)
    {
        Stm32F4Discovery master = Idle(), slave = Idle();
        using var both = new BoardSimulation(master, slave);
        uint order = leastFirst ? 0x80u : 0;
        master.Signal("PA4").Drive(true);
        Write(master, Apb2Enable, 1 << 12);
        Write(slave, Apb2Enable, 1 << 12);
        both.Connect(master.Spi1, master.Signal("PA4"), slave.Spi1);
        Write(slave, SpiControl, 0x40 | order);                          // SPE; NSS by the wire
        Write(master, SpiControl, 0x35c | order);                        // MSTR, SPE, SSM, SSI, a sixteenth of 16 MHz
        Write(slave, SpiData, 0x5a);
        both.RunFor(10.VirtualMicroseconds());
        master.Signal("PA4").Drive(false);
        both.RunFor(10.VirtualMicroseconds());
        using BoardSimulation fork = both.Fork();
        foreach ((BoardSimulation one, Stm32F4Discovery first, Stm32F4Discovery second) in new[] { (both, master, slave), (fork, fork.CopyOf(master), fork.CopyOf(slave)) })
        {
            Write(first, SpiData, 0xa5);
            one.RunFor(9.VirtualMicroseconds());
            Read(first, SpiData).Should().Be(0x5a);
            Write(second, SpiData, 0x21);
            one.RunFor(5.VirtualMicroseconds());
            Read(second, SpiData).Should().Be(0xa5);
            Write(first, SpiData, 0x42);
            one.RunFor(12.VirtualMicroseconds());
            Read(first, SpiData).Should().Be(0x21);
            Read(second, SpiData).Should().Be(0x42);
        }

        fork.Simulation.StateHash().Should().Be(both.Simulation.StateHash());
    }

    private const ulong Apb2Enable = 0x4002_3844, SpiControl = 0x4001_3000, SpiData = 0x4001_300c;

    private static void Write(Stm32F4Discovery board, ulong address, uint value)
    {
        lock (board.Machine.DeviceLock)
            board.Machine.Memory.Write(address, 4, value).Should().Be(BusResult.Ok);
    }

    private static ulong Read(Stm32F4Discovery board, ulong address)
    {
        lock (board.Machine.DeviceLock)
        {
            board.Machine.Memory.Read(address, 4, out ulong value).Should().Be(BusResult.Ok);
            return value;
        }
    }

    // a vector table with a loop behind it
    private static Stm32F4Discovery Idle() => new(static fw => fw.Bin(new byte[] { 0, 0, 1, 0x20, 9, 0, 0, 8, 0xfe, 0xe7, 0, 0 }, 0x0800_0000));
}

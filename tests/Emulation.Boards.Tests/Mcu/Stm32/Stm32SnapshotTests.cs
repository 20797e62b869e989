using Emulation.Arm;
using Emulation.Boards.Mcu;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Devices;

namespace Emulation.Boards.Tests.Mcu.Stm32;

/// <summary>Case T20 on the STM32F407: snapshots with timers, serial ports, converters and DMA at work, and in the low-power modes.</summary>
public sealed class Stm32SnapshotTests
{
    private const int Window = 10_000;

    [TestCase(EngineKind.Interpreter)]
    [TestCase(EngineKind.Tier0)]
    [TestCase(EngineKind.Jit)]
    public void A_snapshot_at_any_instruction_goes_on_exactly(EngineKind engine)
    {
        const ulong Ahead = 60;
        const int Compared = 100;
        using Machine main = Busy(engine);
        using Machine other = Busy(engine);
        main.Run(1000);
        for (int k = 0; k < Window; k++)
        {
            using Snapshot snapshot = main.Snapshot();
            main.Run(Ahead);
            if (k % Compared == 0)
            {
                StateHash expected = main.StateHash();
                main.Restore(snapshot);
                StateHash start = main.StateHash();
                main.Restore(snapshot);
                main.StateHash().Should().Be(start, "restoring at {0} again changes nothing", k);
                main.Run(Ahead);
                main.StateHash().Should().Be(expected, "at {0}", k);
                other.Restore(snapshot);
                other.Run(Ahead);
                other.StateHash().Should().Be(expected, "at {0} in another machine", k);
            }

            main.Restore(snapshot);
            main.Step();
        }

        // not one of the snapshots and restores changed anything
        using Machine plain = Busy(engine);
        plain.Run(1000);
        plain.Run(Window);
        main.StateHash().Should().Be(plain.StateHash());
        Word(main, 8).Should().BeGreaterThan(50, "the timer interrupted");
        Word(main, 0x180).Should().NotBe(0, "the port received");
        Word(main, 0x1c0).Should().NotBe(0, "the converter measured");
        Word(main, 0x240).Should().NotBe(0, "SPI received");
    }

    [TestCase(EngineKind.Interpreter)]
    [TestCase(EngineKind.Tier0)]
    [TestCase(EngineKind.Jit)]
    public void A_saved_machine_goes_on_exactly_in_a_fresh_one(EngineKind engine)
    {
        const int Places = 25, Ahead = 500;
        using Machine main = Busy(engine);
        for (int i = 0; i < Places; i++)
        {
            main.Run(401);
            using var stream = new MemoryStream();
            main.Save(stream);
            stream.Position = 0;
            using Machine fresh = Build(engine);
            fresh.Load(stream);
            fresh.StateHash().Should().Be(main.StateHash());
            using Snapshot here = main.Snapshot();
            main.Run(Ahead);
            fresh.Run(Ahead);
            fresh.StateHash().Should().Be(main.StateHash(), "at place {0}", i);
            main.Restore(here);
        }
    }

    [Test]
    public void All_engines_agree()
    {
        StateHash? hash = null;
        foreach (EngineKind engine in Enum.GetValues<EngineKind>())
        {
            using Machine machine = Busy(engine);
            machine.Run(20_000);
            hash ??= machine.StateHash();
            machine.StateHash().Should().Be(hash.Value, "of {0}", engine);
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_fork_in_Standby_mode_wakes_as_its_origin(bool saved)
    {
        using Machine machine = new MachineBuilder().UseStm32F4Discovery().WithoutFirmware().Load(0x0800_0000, Programs.Standby).Build();
        machine.RunFor(1.VirtualMilliseconds());
        machine.Get<Stm32F4DiscoveryBoard>().Chip.Pwr.Mode.Should().Be(Stm32LowPowerMode.Standby);
        using Machine fork = saved ? Copy(machine, Programs.Standby) : machine.Fork();
        foreach (Machine one in (Machine[])[fork, machine])
        {
            Stm32F4DiscoveryBoard board = one.Get<Stm32F4DiscoveryBoard>();
            board.Chip.Rtc.Write(0x54, 4, 0);
            board.SetButton(one, pressed: true);
            one.RunFor(10.VirtualMicroseconds());
            board.SetButton(one, pressed: false);
            one.RunFor(1.VirtualMilliseconds());
            board.Chip.Rtc.Read(0x50, 4).Should().Be(0, "the memory is lost");
            board.Chip.Rtc.Read(0x54, 4).Should().Be(0x600d_cafe, "the program ran again");
        }

        fork.StateHash().Should().Be(machine.StateHash());
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_fork_in_Stop_mode_wakes_as_its_origin(bool saved)
    {
        byte[] program = Programs.Stop;
        using Machine machine = new MachineBuilder().UseStm32F4Discovery().WithoutFirmware().Load(0x0800_0000, program).Build();
        machine.RunFor(1.VirtualMilliseconds());
        Stm32F407 chip = machine.Get<Stm32F4DiscoveryBoard>().Chip;
        chip.Pwr.Mode.Should().Be(Stm32LowPowerMode.Stop);
        chip.Clocks.Bus.IsRunning.Should().BeFalse();
        using Machine fork = saved ? Copy(machine, program) : machine.Fork();
        foreach (Machine one in (Machine[])[fork, machine])
        {
            Stm32F4DiscoveryBoard board = one.Get<Stm32F4DiscoveryBoard>();
            board.SetButton(one, pressed: true);
            one.RunFor(1.VirtualMilliseconds());
            board.Cpu.Sleep.Should().Be(ArmMSleep.Awake);
            board.Chip.Clocks.Bus.IsRunning.Should().BeTrue();
            board.Chip.Pwr.Mode.Should().Be(Stm32LowPowerMode.Run);
        }

        fork.StateHash().Should().Be(machine.StateHash());
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_reset_that_was_asked_for_is_in_the_snapshot(bool saved)
    {
        using Machine machine = Busy(EngineKind.Tier0);
        Stm32F4DiscoveryBoard board = machine.Get<Stm32F4DiscoveryBoard>();
        machine.Memory.Write(0x4002_3840, 4, 1u << 28);
        machine.Memory.Write(0x4000_7000, 4, 0x4100);
        machine.Memory.Write(0x4000_2850, 4, 0x1234_5678);
        using Snapshot before = machine.Snapshot();
        board.PressReset(machine);
        using Machine copy = saved ? Copy(machine, Programs.Counter) : machine.Fork();
        copy.Run(100);
        machine.Run(100);
        Clocks(copy).Should().Be(0, "it was reset");
        copy.Get<Stm32F4DiscoveryBoard>().Chip.Rtc.Read(0x50, 4).Should().Be(0x1234_5678, "a system reset leaves it");
        copy.StateHash().Should().Be(machine.StateHash());
        board.PressReset(machine);
        machine.Restore(before);
        machine.Run(100);
        Clocks(machine).Should().NotBe(0, "the state before knows of no reset");
    }

    private static uint Clocks(Machine machine) => (uint)machine.Get<Stm32F4DiscoveryBoard>().Chip.Rcc.Read(0x40, 4);

    private static Machine Copy(Machine machine, byte[] program)
    {
        using var stream = new MemoryStream();
        machine.Save(stream);
        stream.Position = 0;
        Machine copy = new MachineBuilder().UseStm32F4Discovery().WithoutFirmware().Load(0x0800_0000, program).Build();
        copy.Load(stream);
        return copy;
    }

    private static uint Word(Machine machine, uint offset)
    {
        machine.Memory.Read(0x2000_0000 + offset, 4, out ulong value).Should().Be(BusResult.Ok);
        return (uint)value;
    }

    private static Machine Build(EngineKind engine)
        => new MachineBuilder().UseStm32F4Discovery(o => o.Engine = new EngineOptions { Engine = engine }).WithoutFirmware().Load(0x0800_0000, Programs.Counter).Build();

    /// <summary>Everything at work: TIM2 with interrupts and DMA to TIM3, USART2 both ways, ADC1, SPI1 both ways, all circular; DAC by a timer.</summary>
    private static Machine Busy(EngineKind engine)
    {
        const uint Ram = 0x2000_0000, Dma1 = 0x4002_6000, Dma2 = 0x4002_6400;
        Machine machine = Build(engine);
        for (uint i = 0; i < 0x80; i += 4)
            Poke(Ram + 0x100 + i, 0x0302_0104 * (i + 1));
        Poke(0x4002_3830, 0x0070_000f);
        Poke(0x4002_3840, 0x2002_0003);
        Poke(0x4002_3844, 0x0000_1101);
        Stream(Dma1, 1, (3u << 25) | 0x2d40, 8, 0x4000_0434, Ram + 0x100);
        Stream(Dma1, 6, (4u << 25) | 0x540, 16, 0x4000_4404, Ram + 0x140);
        Stream(Dma1, 5, (4u << 25) | 0x500, 16, 0x4000_4404, Ram + 0x180);
        Stream(Dma2, 0, 0x2d00, 16, 0x4001_204c, Ram + 0x1c0);
        Stream(Dma2, 3, (3u << 25) | 0x540, 16, 0x4001_300c, Ram + 0x140);
        Stream(Dma2, 2, (3u << 25) | 0x500, 16, 0x4001_300c, Ram + 0x240);
        Poke(0x4000_4408, 0x10);
        Poke(0x4000_4414, 0xc0);
        Poke(0x4000_440c, 0x200c);
        Poke(0x4001_2304, 0x0081_0000);
        Poke(0x4001_2034, 17);
        Poke(0x4001_2008, 0x4000_0303);
        Poke(0x4001_3004, 3);
        Poke(0x4001_3000, 0x354);
        Poke(0x4000_7400, 0x0000_0037);
        Poke(0x4000_002c, 99);
        Poke(0x4000_000c, 0x101);
        Poke(0x4000_0004, 0x20);
        Poke(0x4000_0000, 1);
        machine.Get<Stm32F4DiscoveryBoard>().Usart2.Send([.. Enumerable.Range(1, 200).Select(static i => (byte)i)]);
        return machine;

        void Poke(uint address, uint value) => machine.Memory.Write(address, 4, value).Should().Be(BusResult.Ok, "0x{0:x}", address);

        void Stream(uint controller, uint stream, uint control, uint count, uint peripheral, uint memory)
        {
            uint at = controller + 0x10 + (0x18 * stream);
            Poke(at + 4, count);
            Poke(at + 8, peripheral);
            Poke(at + 12, memory);
            Poke(at, control | 1);
        }
    }
}

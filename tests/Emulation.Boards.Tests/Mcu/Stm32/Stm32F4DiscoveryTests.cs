using Emulation.Arm;
using Emulation.Boards.Mcu;
using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Tests.Mcu.Stm32;

/// <summary>The board <c>stm32f4-discovery</c> with small programs.</summary>
public sealed class Stm32F4DiscoveryTests
{
    [Test]
    public void A_program_toggles_an_LED_at_the_speed_of_the_internal_oscillator()
    {
        using Machine machine = Build(Programs.Blinker);
        Stm32F4DiscoveryBoard board = machine.Get<Stm32F4DiscoveryBoard>();
        var edges = new List<long>();
        board.GreenLed.Changed += _ => edges.Add(machine.Clock.Now);
        machine.RunFor(2.VirtualMilliseconds());
        edges.Should().HaveCountGreaterThan(10);
        // 1000 turns of two instructions and four around them, at 16 MHz
        (edges[3] - edges[2]).Should().BeInRange(125_000, 126_000);
    }

    [Test]
    public void A_software_reset_keeps_the_backup_registers_and_tells_its_cause()
    {
        using Machine machine = Build(Programs.BootCounter);
        Stm32F4DiscoveryBoard board = machine.Get<Stm32F4DiscoveryBoard>();
        machine.RunFor(1.VirtualMilliseconds());
        BootCount(board).Should().Be(1);
        board.SetButton(machine, pressed: true);
        machine.RunFor(10.VirtualMicroseconds());
        board.SetButton(machine, pressed: false);
        machine.RunFor(1.VirtualMilliseconds());
        BootCount(board).Should().BeGreaterThan(1);
        board.Chip.Rcc.ResetFlags.Should().HaveFlag(Stm32ResetCause.Software);
        machine.Reset();
        machine.RunFor(1.VirtualMilliseconds());
        BootCount(board).Should().Be(1, "it was a power-on reset");
    }

    [Test]
    public void Standby_mode_loses_memory_but_not_the_backup_domain()
    {
        using Machine machine = Build(Programs.Standby);
        Stm32F4DiscoveryBoard board = machine.Get<Stm32F4DiscoveryBoard>();
        machine.RunFor(1.VirtualMilliseconds());
        Backup(board, 1).Should().Be(0x600d_cafe);
        board.Cpu.Sleep.Should().Be(ArmMSleep.Deep);
        Wake(machine);
        Backup(board, 0).Should().Be(0, "the word was not there any more");
        Backup(board, 1).Should().Be(0x600d_cafe);
    }

    [Test]
    public void A_fork_goes_on_as_its_origin()
    {
        using Machine machine = Build(Programs.Blinker);
        machine.RunFor(777.VirtualMicroseconds());
        using Machine fork = machine.Fork();
        machine.RunFor(1.VirtualMilliseconds());
        fork.RunFor(1.VirtualMilliseconds());
        fork.StateHash().Should().Be(machine.StateHash());
    }

    [TestCase(0u, 0u, "is empty")]
    [TestCase(uint.MaxValue, uint.MaxValue, "is empty")]
    [TestCase(0u, 0x0800_0041u, "stack pointer of 0")]
    [TestCase(0x3000_0000u, 0x0800_0041u, "not in memory")]
    [TestCase(0x2000_1000u, 0x0800_0040u, "Thumb")]
    [TestCase(0x2000_1000u, 0x4000_0041u, "outside memory")]
    public void Firmware_that_cannot_start_is_refused_with_a_reason(uint stack, uint start, string reason)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [.. BitConverter.GetBytes(stack), .. BitConverter.GetBytes(start), .. new byte[120]]);
            MachineBuilder builder = new MachineBuilder().UseStm32F4Discovery().LoadFile(path, 0x0800_0000);
            builder.Invoking(static b => b.Build()).Should().Throw<MachineConfigurationException>().WithMessage($"*{reason}*");
        }
        finally
        {
            File.Delete(path);
        }
    }

    // the CPU does not look at bits 1 and 0 (DDI 0403E, B1.5.5), and there is firmware that sets them
    [Test]
    public void Low_bits_of_the_initial_stack_pointer_do_not_matter()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [.. BitConverter.GetBytes(0x2000_1003u), .. BitConverter.GetBytes(0x0800_0041u), .. new byte[120]]);
            using Machine machine = new MachineBuilder().UseStm32F4Discovery().LoadFile(path, 0x0800_0000).Build();
            machine.Step();
            machine.Get<Stm32F4DiscoveryBoard>().Cpu["sp"].Should().Be(0x2000_1000);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void The_identity_is_where_the_manual_says()
    {
        using Machine machine = Build(Programs.Blinker);
        machine.Memory.Read(0x1fff_7a22, 2, out ulong size).Should().Be(BusResult.Ok);
        size.Should().Be(1024);
        machine.Memory.Read(0xe004_2000, 4, out ulong id).Should().Be(BusResult.Ok);
        (id & 0xfff).Should().Be(0x413);
    }

    [Test]
    public void What_is_not_modelled_is_named()
    {
        using Machine lenient = new MachineBuilder().UseStm32F4Discovery().WithoutFirmware().OnUnmapped(UnmappedPolicy.Log).Load(0x0800_0000, Programs.Usb).Build();
        var messages = new List<string>();
        lenient.Log.Logged += (_, message) => messages.Add(message);
        lenient.RunFor(1.VirtualMilliseconds());
        messages.Should().ContainSingle().Which.Should().Be("not modelled: OTG_FS, read at 0x50000000");

        using Machine strict = new MachineBuilder().UseStm32F4Discovery().WithoutFirmware().OnUnmapped(UnmappedPolicy.Stop).Load(0x0800_0000, Programs.Usb).Build();
        RunResult result = strict.RunFor(1.VirtualMilliseconds());
        result.Reason.Should().Be(StopReason.UnmappedAccess);
        result.Fault!.ToString().Should().Contain("not modelled: OTG_FS");
        Stm32F407.NotModelled.Select(m => m.Name).Should().Contain(["OTG_FS", "OTG_HS", "ETH", "SDIO", "DCMI", "FSMC"]);
    }

    [Test]
    public void DMA_does_not_reach_the_CCM_nor_DMA1_the_ports()
    {
        using Machine machine = Build(Programs.Blinker);
        Poke(0x4002_3830, 0x0070_0001);
        // DMA2 copies from the CCM, DMA1 reads GPIOA for UART5_RX, which does not ask; the stream fails when TIM7 does
        Poke(0x4002_6414, 4);
        Poke(0x4002_6418, 0x1000_0000);
        Poke(0x4002_641c, 0x2000_0100);
        Poke(0x4002_6410, 0x681);
        machine.RunFor(10.VirtualMicroseconds());
        (Peek(0x4002_6400) & 0x3d).Should().Be(8, "TEIF of stream 0");
        Poke(0x4002_3840, 0x20);
        Poke(0x4002_6044, 4);
        Poke(0x4002_6048, 0x4002_0010);
        Poke(0x4002_604c, 0x2000_0100);
        Poke(0x4002_6040, (1 << 25) | 0x401);
        Poke(0x4000_140c, 0x100);
        Poke(0x4000_1414, 1);
        machine.RunFor(10.VirtualMicroseconds());
        (Peek(0x4002_6000) >> 16 & 0x3d).Should().Be(8, "TEIF of stream 2");

        void Poke(uint address, uint value) => machine.Memory.Write(address, 4, value).Should().Be(BusResult.Ok);

        uint Peek(uint address)
        {
            machine.Memory.Read(address, 4, out ulong value).Should().Be(BusResult.Ok);
            return (uint)value;
        }
    }

    [Test]
    public void The_accelerometer_and_the_audio_converter_are_on_their_buses()
    {
        using Machine machine = Build(Programs.Blinker);
        Stm32F4DiscoveryBoard board = machine.Get<Stm32F4DiscoveryBoard>();
        board.Accelerometer.IsSelected.Should().BeFalse("it pulls its chip select up");
        board.Pins["PE3"].Driver("test").Set(PinDrive.Low);
        board.Accelerometer.IsSelected.Should().BeTrue();
        board.Spi1.Exchange(0x8f);
        board.Spi1.Exchange(0).Should().Be(Lis302dl.Identity);
        ((bool)board.I2C1.Start(0x94 >> 1, I2cDirection.Write)).Should().BeFalse("PD4 holds it in reset");
        board.I2C1.Stop();
        board.Pins["PD4"].Driver("test").Set(PinDrive.High);
        ((bool)board.I2C1.Start(0x94 >> 1, I2cDirection.Write)).Should().BeTrue();
        using Machine fork = machine.Fork();
        fork.Get<Stm32F4DiscoveryBoard>().Accelerometer.IsSelected.Should().BeTrue();
    }

    private static void Wake(Machine machine)
    {
        Stm32F4DiscoveryBoard board = machine.Get<Stm32F4DiscoveryBoard>();
        board.SetButton(machine, pressed: true);
        machine.RunFor(10.VirtualMicroseconds());
        board.SetButton(machine, pressed: false);
        machine.RunFor(1.VirtualMilliseconds());
    }

    private static uint Backup(Stm32F4DiscoveryBoard board, int register) => (uint)board.Chip.Rtc.Read(0x50 + (4 * (ulong)register), 4);

    private static uint BootCount(Stm32F4DiscoveryBoard board) => Backup(board, 0);

    private static Machine Build(byte[] program)
        => new MachineBuilder().UseStm32F4Discovery().WithoutFirmware().Load(0x0800_0000, program).Build();
}

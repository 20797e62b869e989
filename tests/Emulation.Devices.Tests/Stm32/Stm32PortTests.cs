using Emulation.Core;

namespace Emulation.Devices.Tests.Stm32;

/// <summary>Ports, external interrupts and system configuration of the STM32F4. RM0090 chapters 8, 9 and 12.</summary>
public sealed class Stm32PortTests
{
    private DeviceBench _bench = null!;
    private Stm32SystemBench _system = null!;
    private Stm32Gpio _port = null!;
    private Pin[] _pins = null!;

    [SetUp]
    public void Create()
    {
        _bench = new DeviceBench();
        _system = new Stm32SystemBench(_bench);
        _port = _system.CreateGpio('D');
        _pins = [.. Enumerable.Range(0, 16).Select(static i => new Pin($"PD{i}"))];
        for (int i = 0; i < 16; i++)
            _port.ConnectPin(i, _pins[i]);
    }

    [Test]
    public void An_output_drives_its_pin_and_BSRR_sets_before_it_resets()
    {
        _port.Write(0x00, 4, 1 << 24);
        _port.Write(0x18, 4, 0x1000_1000);
        _pins[12].Level.Should().BeTrue();
        (_port.Read(0x10, 4) & 0x1000).Should().Be(0x1000);
        _port.Write(0x18, 4, 0x1000_0000);
        _pins[12].Level.Should().BeFalse();
        _port.Write(0x18, 2, 0x1000);
        _pins[12].Level.Should().BeTrue();
        _port.Write(0x1a, 2, 0x1000);
        _pins[12].Level.Should().BeFalse();
    }

    [Test]
    public void An_open_drain_output_lets_go_of_a_high_pin()
    {
        _port.Write(0x04, 4, 1);
        _port.Write(0x0c, 4, 1);
        _port.Write(0x14, 4, 1);
        _port.Write(0x00, 4, 1);
        _pins[0].Level.Should().BeTrue("the pull-up is on");
        _pins[0].Driver("outside").Set(false);
        _pins[0].Level.Should().BeFalse();
        _pins[0].IsContended.Should().BeFalse();
        (_port.Read(0x10, 4) & 1).Should().Be(0);
    }

    [Test]
    public void Pulls_decide_what_floating_inputs_read_and_analog_ones_read_zero()
    {
        _port.Write(0x0c, 4, 1);
        (_port.Read(0x10, 4) & 1).Should().Be(1);
        _port.Write(0x0c, 4, 2);
        (_port.Read(0x10, 4) & 1).Should().Be(0);
        _pins[0].Driver("outside").Set(true);
        (_port.Read(0x10, 4) & 1).Should().Be(1);
        _port.Write(0x00, 4, 3);
        (_port.Read(0x10, 4) & 1).Should().Be(0);
    }

    [Test]
    public void Locked_pins_keep_their_settings_until_reset()
    {
        const ulong Key = 0x1_0000;
        foreach (ulong value in (ulong[])[Key | 1, 1, Key | 1])
            _port.Write(0x1c, 4, value);
        _port.Read(0x1c, 4).Should().Be(Key | 1);
        _port.Write(0x00, 4, 5);
        _port.Read(0x00, 4).Should().Be(4);
        _port.Write(0x20, 4, 0x77);
        _port.Read(0x20, 4).Should().Be(0x70);
        _port.Reset();
        _port.Write(0x00, 4, 5);
        _port.Read(0x00, 4).Should().Be(5);
    }

    [Test]
    public void A_broken_lock_sequence_locks_nothing()
    {
        const ulong Key = 0x1_0000;
        foreach (ulong value in (ulong[])[Key | 1, 2, Key | 1])
            _port.Write(0x1c, 4, value);
        (_port.Read(0x1c, 4) & Key).Should().Be(0);
    }

    [Test]
    public void An_alternate_function_connects_a_signal_both_ways()
    {
        var signal = new PinSignal("TIM4_CH1");
        _port.ConnectFunction(12, 2, signal);
        _port.Write(0x24, 4, 2 << 16);
        _port.Write(0x00, 4, 2 << 24);
        signal.IsObserved.Should().BeTrue();
        _pins[12].Driver("outside").Set(true);
        signal.Input.Should().BeTrue();
        _port.Write(0x00, 4, 0);
        signal.IsObserved.Should().BeFalse();
        signal.Input.Should().BeFalse();
    }

    [Test]
    public void Edges_of_the_selected_port_are_pending_until_they_are_cleared()
    {
        var exti = new Stm32Exti("EXTI", _bench.Log);
        Stm32F4Syscfg syscfg = CreateSyscfg(exti);
        syscfg.ConnectPort(3, _port);
        syscfg.Write(0x08, 4, 3);
        exti.Write(0x00, 4, 1);
        exti.Write(0x08, 4, 1);
        PinDriver outside = _pins[0].Driver("outside");
        outside.Set(true);
        exti.Output(0).Level.Should().BeTrue();
        exti.Read(0x14, 4).Should().Be(1);
        exti.Write(0x14, 4, 1);
        exti.Output(0).Level.Should().BeFalse();
        outside.Set(false);
        exti.Read(0x14, 4).Should().Be(0, "only rising edges are selected");
        syscfg.Write(0x08, 4, 0);
        outside.Set(true);
        exti.Read(0x14, 4).Should().Be(0, "another port is selected");
    }

    [Test]
    public void Software_triggers_interrupts_and_events()
    {
        var exti = new Stm32Exti("EXTI", _bench.Log);
        int events = 0;
        exti.Event.Connect(level => events += level ? 1 : 0);
        exti.Write(0x04, 4, 1 << 22);
        exti.Write(0x00, 4, 1 << 22);
        exti.Write(0x10, 4, 1 << 22);
        events.Should().Be(1);
        exti.Output(22).Level.Should().BeTrue();
        exti.Write(0x14, 4, 1 << 22);
        exti.Read(0x10, 4).Should().Be(0);
    }

    [Test]
    public void The_memory_at_address_0_follows_the_boot_pins_and_MEMRMP()
    {
        var flash = new RamBlock("flash", 0x1000);
        flash.Write(0, 4, 0x1111);
        var sram = new RamBlock("sram", 0x1000);
        sram.Write(0, 4, 0x2222);
        var syscfg = new Stm32F4Syscfg("SYSCFG", _bench.Clock, _bench.Log, _system.BusClock, new Stm32Exti("EXTI", _bench.Log), new RamRegion(flash, true), null, null, new RamRegion(sram));
        var bus = new AddressSpace("bus", _bench.Log, _bench.DeviceLock);
        bus.Root.Add(0, syscfg.BootRegion);
        bus.Read(0, 4, out ulong value).Should().Be(BusResult.Ok);
        value.Should().Be(0x1111);
        syscfg.Write(0, 4, 3);
        bus.Read(0, 4, out value);
        value.Should().Be(0x2222);
        syscfg.BootMode = 3;
        syscfg.Write(0, 4, 0);
        syscfg.Reset();
        syscfg.Read(0, 4).Should().Be(3);
    }

    private Stm32F4Syscfg CreateSyscfg(Stm32Exti exti)
        => new("SYSCFG", _bench.Clock, _bench.Log, _system.BusClock, exti, new RamRegion(_bench.Ram));
}

using Emulation.Core;

namespace Emulation.Devices.Tests.Stm32;

/// <summary>SPI and I²C controllers as slaves, and I2S. RM0090 27.3.2, 28.3.2 and 28.4.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Stm32SlaveTests
{
    private const ulong Cr1 = 0x00, Cr2 = 0x04, Oar1 = 0x08, Oar2 = 0x0c, Data = 0x10, Sr1 = 0x14, Sr2 = 0x18, Ccr = 0x1c;
    private readonly DeviceBench _bench = new();
    private readonly Stm32SystemBench _system;
    private readonly I2cBus _bus;
    private readonly Stm32I2c _master, _slave;

    public Stm32SlaveTests()
    {
        _system = new Stm32SystemBench(_bench);
        _bus = new I2cBus("bus", _bench.Clock, _bench.Log);
        _master = CreateI2c("I2C1", _bus);
        _slave = CreateI2c("I2C2", new I2cBus("bus 2", _bench.Clock, _bench.Log));
        _slave.JoinAsSlave(_bus);
        _slave.Write(Oar1, 4, 0x4000 | (0x21 << 1));
        _slave.Write(Cr1, 4, 0x401);
    }

    [Test]
    public void An_I2C_slave_receives_and_stretches_the_clock_until_it_is_served()
    {
        Address(0x42);
        Flag(_slave, 2).Should().BeTrue("ADDR");
        _bus.IsHeld.Should().BeTrue();
        _master.Read(Sr1, 4).Should().Be(0x82, "TXE comes with ADDR");
        _master.Read(Sr2, 4).Should().Be(7);
        _master.Write(Data, 4, 0x11);
        _bench.Advance(1_000_000);
        Flag(_slave, 0x40).Should().BeFalse("the clock is held");
        ClearAddress(_slave);
        _bench.Advance(200_000);
        foreach (byte value in (byte[])[0x22, 0x33])
        {
            _master.Write(Data, 4, value);
            _bench.Advance(200_000);
        }

        Flag(_slave, 0x44).Should().BeTrue("RXNE and BTF: two bytes wait, and the third one may not come");
        _bus.IsHeld.Should().BeTrue();
        _slave.Read(Data, 4).Should().Be(0x11);
        _bench.Advance(200_000);
        _slave.Read(Data, 4).Should().Be(0x22);
        _bench.Advance(200_000);
        _slave.Read(Data, 4).Should().Be(0x33);
        _master.Write(Cr1, 4, 0x201);
        _bench.Advance(100_000);
        Flag(_slave, 0x10).Should().BeTrue("STOPF");
        _slave.Write(Cr1, 4, 0x401);
        (_slave.Read(Sr1, 4) & 0x10).Should().Be(0, "it is cleared by reading SR1 and writing CR1");
        _bus.IsBusy.Should().BeFalse();
    }

    // drivers read SR2 first when they look for what happened
    [Test]
    public void Reading_SR2_does_not_clear_an_ADDR_that_nobody_has_seen()
    {
        _slave.Read(Sr1, 4);
        _bus.Start(0x21, I2cDirection.Write);
        _slave.Read(Sr2, 4);
        Flag(_slave, 2).Should().BeTrue();
        _slave.Read(Sr2, 4);
        Flag(_slave, 2).Should().BeFalse();
    }

    [Test]
    public void An_I2C_slave_sends_until_it_is_not_acknowledged()
    {
        _master.Write(Cr1, 4, 0x401);
        Address(0x43, 0x401);
        // what drivers compare with: TRA, BUSY, TXE and ADDR
        _slave.Read(Sr1, 4).Should().Be(0x82);
        _slave.Read(Sr2, 4).Should().Be(6);
        ClearAddress(_master);
        _bench.Advance(1_000_000);
        Flag(_master, 0x40).Should().BeFalse("the slave has no byte yet");
        _slave.Write(Data, 4, 0xa1);
        _slave.Write(Data, 4, 0xa2);
        _bench.Advance(100_000);
        _master.Write(Cr1, 4, 0x001);
        _master.Read(Data, 4).Should().Be(0xa1);
        _bench.Advance(200_000);
        _master.Read(Data, 4).Should().Be(0xa2);
        Flag(_slave, 0x400).Should().BeTrue("AF ends it");
        _master.Write(Cr1, 4, 0x201);
        _bench.Advance(100_000);
        Flag(_slave, 0x10).Should().BeFalse("a transmitter gets no STOPF");
        _bus.IsBusy.Should().BeFalse();
    }

    [Test]
    public void An_I2C_slave_has_two_addresses_and_hears_general_calls()
    {
        _slave.Write(Oar2, 4, (0x33 << 1) | 1);
        ((bool)_bus.Start(0x33, I2cDirection.Write)).Should().BeTrue();
        (ClearAddress(_slave) & 0x90).Should().Be(0x80, "DUALF");
        _bus.Stop();
        ((bool)_bus.Start(0, I2cDirection.Write)).Should().BeFalse("ENGC is 0");
        _bus.Stop();
        _slave.Write(Cr1, 4, 0x441);
        ((bool)_bus.Start(0, I2cDirection.Write)).Should().BeTrue();
        (ClearAddress(_slave) & 0x90).Should().Be(0x10, "GENCALL");
        _bus.Stop();
        _slave.Write(Cr1, 4, 0x041);
        ((bool)_bus.Start(0x21, I2cDirection.Write)).Should().BeFalse("ACK is 0");
        _bus.Stop();
        _slave.Write(Oar1, 4, 0xc000 | 0x2a5);
        _slave.Write(Cr1, 4, 0x401);
        ((bool)_bus.Start(0x2a5, I2cDirection.Write, tenBit: true)).Should().BeTrue();
        _bus.Stop();
    }

    [Test]
    public void Without_stretching_an_I2C_slave_overruns()
    {
        _slave.Write(Cr1, 4, 0x481);
        _bus.Start(0x21, I2cDirection.Write);
        _bus.IsHeld.Should().BeFalse();
        _bus.Write(1);
        _bus.Write(2);
        Flag(_slave, 0x800).Should().BeTrue("OVR");
        _slave.Read(Data, 4).Should().Be(1);
    }

    [Test]
    public void DMA_serves_an_I2C_slave()
    {
        _slave.Write(Cr2, 4, 0x800 | 16);
        _bus.Start(0x21, I2cDirection.Write);
        ClearAddress(_slave);
        _bus.Write(7);
        _slave.ReceiveRequest.Level.Should().BeTrue();
        _slave.Read(Data, 4).Should().Be(7);
        _slave.ReceiveRequest.Level.Should().BeFalse();
        _bus.Start(0x21, I2cDirection.Read);
        ClearAddress(_slave);
        _slave.TransmitRequest.Level.Should().BeTrue();
        _slave.Write(Data, 4, 9);
        _slave.Write(Data, 4, 10);
        _slave.TransmitRequest.Level.Should().BeFalse();
        _bus.Read(true).Value.Should().Be(9);
        _slave.TransmitRequest.Level.Should().BeTrue();
        _bus.Read(false).Value.Should().Be(10);
    }

    [Test]
    public void The_last_byte_that_DMA_receives_is_not_acknowledged()
    {
        const ulong Registers = 0x4000_5400, Buffer = DeviceBench.RamBase;
        _bench.Memory.Root.Add(Registers, _master.Region);
        var dma = new Stm32Dma("dma1", _bench.Log, _bench.Clock, _system.BusClock, _bench.Memory, memoryToMemory: false);
        dma.Connect(0, 1, _master.ReceiveRequest);
        dma.Write(0x14, 4, 3);
        dma.Write(0x18, 4, Registers + Data);
        dma.Write(0x1c, 4, Buffer);
        dma.Write(0x10, 4, (1 << 25) | 0x401);
        _master.Write(Cr2, 4, 0x1800 | 16);
        Address(0x43, 0x401);
        ClearAddress(_slave);
        ClearAddress(_master);
        foreach (byte value in (byte[])[1, 2, 3, 4])
        {
            _slave.Write(Data, 4, value);
            _bench.Advance(100_000);
        }

        _bench.Advance(1_000_000);
        _bench.Memory.Read(Buffer, 4, out ulong received);
        received.Should().Be(0x03_0201);
        Flag(_slave, 0x400).Should().BeTrue("AF");
    }

    [Test]
    public void A_received_byte_in_the_shift_register_outlives_the_stop()
    {
        _bus.Attach(0x50, new Eeprom24(Eeprom24Model.C02));
        _master.Write(Cr1, 4, 0x401);
        Address(0xa1, 0x401);
        ClearAddress(_master);
        _bench.Advance(1_000_000);
        Flag(_master, 4).Should().BeTrue("two bytes wait");
        _master.Write(Cr1, 4, 0x201);
        _bench.Advance(1_000_000);
        _master.Read(Data, 4);
        Flag(_master, 0x40).Should().BeTrue("the second one is there yet");
        _master.Read(Data, 4);
        Flag(_master, 0x40).Should().BeFalse();
    }

    [TestCase(0u)]
    [TestCase(0x800u)]
    [TestCase(0x80u)]
    public void An_SPI_controller_is_the_device_of_another(uint format)
    {
        var bus = new SpiBus("bus", _bench.Clock, _bench.Log);
        Stm32Spi master = CreateSpi("SPI1", bus), slave = CreateSpi("SPI2", new SpiBus("bus 2", _bench.Clock, _bench.Log));
        bus.Attach(0, new Stm32SpiSlave(slave));
        slave.Write(0, 4, 0x40 | format);
        master.Write(0, 4, 0x344 | format);
        slave.Write(0x0c, 4, 0xc3);
        master.Write(0x0c, 4, 0x35);
        _bench.Advance(10_000);
        master.Read(0x0c, 4).Should().Be(format == 0x800 ? 0xffffu : 0xff, "the slave is not selected");
        slave.IsSelectedSlave.Should().BeFalse();
        bus.Select(0);
        master.Write(0x0c, 4, 0x36);
        _bench.Advance(10_000);
        master.Read(0x0c, 4).Should().Be(0xc3);
        (slave.Read(8, 4) & 3).Should().Be(3, "RXNE and TXE");
        slave.Read(0x0c, 4).Should().Be(0x36);
    }

    [Test]
    public void Words_of_an_SPI_master_may_be_longer_than_the_slaves()
    {
        Stm32Spi slave = CreateSpi("SPI2", new SpiBus("bus 2", _bench.Clock, _bench.Log));
        var device = new Stm32SpiSlave(slave);
        slave.Write(0, 4, 0x240);
        slave.Write(4, 4, 1);
        slave.Write(0x0c, 1, 0x5a);
        device.Exchange(0x12, new SpiFrame(8)).Should().Be(0x5a);
        slave.ReceiveRequest.Level.Should().BeTrue();
        slave.Read(0x0c, 4).Should().Be(0x12);
        slave.Write(0x0c, 1, 0xa5);
        (device.Exchange(0x3456, new SpiFrame(16)) >> 8).Should().Be(0xa5);
        slave.Read(0x0c, 4).Should().Be(0x34);
        (slave.Read(8, 4) & 0x40).Should().Be(0x40, "the second byte came before the first was taken");
    }

    // what the DMA does when a word that was received waits for its turn
    [Test]
    public void Writing_a_byte_to_SPI_DR_does_not_take_what_was_received()
    {
        Stm32Spi spi = CreateSpi("SPI1", new SpiBus("bus", _bench.Clock, _bench.Log));
        spi.Write(0, 4, 0x344);
        spi.Write(0x0c, 1, 1);
        _bench.Advance(10_000);
        spi.Write(0x0c, 1, 2);
        (spi.Read(8, 4) & 1).Should().Be(1);
        spi.Read(0x0c, 1).Should().Be(0xff);
    }

    [Test]
    public void I2S_sends_samples_at_the_rate_of_its_prescaler()
    {
        ClockSource clock = _system.Tree.Source("I2SCLK", 86_000_000);
        var spi = new Stm32Spi("SPI3", new SpiBus("bus", _bench.Clock, _bench.Log), _bench.Log, _bench.Clock, _system.BusClock, clock);
        var sent = new List<(long Time, I2sSample Sample)>();
        spi.SoundSent += s => sent.Add((_bench.Now, s));
        // RM0090 table 127: 48 kHz with MCK from 86 MHz by 3 and ODD
        spi.Write(0x20, 4, 0x303);
        spi.Write(0x1c, 4, 0xe00);
        spi.SoundRate.Should().BeApproximately(47_991, 1);
        (spi.Read(8, 4) & 6).Should().Be(2, "TXE, and the left channel is wanted");
        spi.Write(0x0c, 4, 0x8001);
        (spi.Read(8, 4) & 6).Should().Be(6, "now the right one is");
        spi.Write(0x0c, 4, 0x7002);
        _bench.Advance(100_000);
        sent.Select(s => s.Sample).Should().Equal(new I2sSample(false, 16, 0x8001), new I2sSample(true, 16, 0x7002));
        (sent[1].Time - sent[0].Time).Should().BeInRange(10_418, 10_419);
        (spi.Read(8, 4) & 0x80).Should().Be(0, "there is nothing more to send");
    }

    [Test]
    public void Wide_I2S_samples_are_two_halves_and_come_in_alike()
    {
        ClockSource clock = _system.Tree.Source("I2SCLK", 86_000_000);
        var spi = new Stm32Spi("SPI2", new SpiBus("bus", _bench.Clock, _bench.Log), _bench.Log, _bench.Clock, _system.BusClock, clock);
        var sent = new List<I2sSample>();
        spi.SoundSent += sent.Add;
        spi.Write(0x20, 4, 0x10a);
        spi.Write(0x1c, 4, 0xe03);
        spi.Write(0x0c, 4, 0x1234);
        spi.Write(0x0c, 4, 0x5600);
        _bench.Advance(1_000_000);
        sent.Should().Equal(new I2sSample(false, 24, 0x12_3456));
        spi.Write(0x1c, 4, 0);
        spi.SoundWanted = right => right ? 0xabcdefu : 0x112233;
        spi.Write(0x1c, 4, 0xf03);
        var halves = new List<ulong>();
        while (halves.Count < 4)
        {
            _bench.Advance(500);
            if ((spi.Read(8, 4) & 1) != 0)
                halves.Add(spi.Read(0x0c, 4));
        }

        halves.Should().Equal(0x1122, 0x3300, 0xabcd, 0xef00);
    }

    [Test]
    public void An_I2S_slave_without_data_underruns()
    {
        ClockSource clock = _system.Tree.Source("I2SCLK", 86_000_000);
        var spi = new Stm32Spi("SPI2", new SpiBus("bus", _bench.Clock, _bench.Log), _bench.Log, _bench.Clock, _system.BusClock, clock);
        spi.Write(4, 4, 0x20);
        spi.Write(0x1c, 4, 0xc00);
        spi.Write(0x0c, 4, 0x77);
        spi.ClockSound(new I2sSample(false, 16, 0)).Should().Be(0x77);
        spi.Irq.Level.Should().BeFalse();
        spi.ClockSound(new I2sSample(true, 16, 0)).Should().Be(0x77);
        spi.Irq.Level.Should().BeTrue();
        (spi.Read(8, 4) & 8).Should().Be(8, "UDR");
        (spi.Read(8, 4) & 8).Should().Be(0, "reading it cleared it");
    }

    private Stm32Spi CreateSpi(string name, SpiBus bus) => new(name, bus, _bench.Log, _bench.Clock, _system.BusClock);

    private Stm32I2c CreateI2c(string name, I2cBus bus)
    {
        var i2c = new Stm32I2c(name, bus, _bench.Log, _bench.Clock, _system.BusClock);
        i2c.Write(Cr2, 4, 16);
        i2c.Write(Ccr, 4, 80);
        i2c.Write(Cr1, 4, 1);
        return i2c;
    }

    private void Address(byte address, ulong control = 1)
    {
        _master.Write(Cr1, 4, control | 0x100);
        _bench.Advance(20_000);
        Flag(_master, 1).Should().BeTrue("SB");
        _master.Write(Data, 4, address);
        _bench.Advance(200_000);
        Flag(_master, 2).Should().BeTrue("ADDR");
    }

    private static ulong ClearAddress(Stm32I2c controller)
    {
        controller.Read(Sr1, 4);
        return controller.Read(Sr2, 4);
    }

    private static bool Flag(Stm32I2c controller, uint flags) => (controller.Read(Sr1, 4) & flags) == flags;
}

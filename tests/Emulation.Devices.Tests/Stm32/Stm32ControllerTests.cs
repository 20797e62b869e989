using Emulation.Core;

namespace Emulation.Devices.Tests.Stm32;

/// <summary>SPI, I²C and CAN controllers of the STM32F4. RM0090 chapters 27, 28 and 32.</summary>
public sealed class Stm32ControllerTests
{
    private DeviceBench _bench = null!;
    private Stm32SystemBench _system = null!;

    [SetUp]
    public void Create()
    {
        _bench = new DeviceBench();
        _system = new Stm32SystemBench(_bench);
    }

    [Test]
    public void An_SPI_master_exchanges_words_at_its_bit_clock()
    {
        var bus = new SpiBus("bus", _bench.Clock, _bench.Log);
        bus.Attach(0, new Inverter());
        bus.Select(0);
        var spi = new Stm32Spi("SPI1", bus, _bench.Log, _bench.Clock, _system.BusClock);
        spi.Write(0, 4, 0x347);
        spi.Write(0x0c, 2, 0x5a);
        spi.Read(8, 4).Should().Be(0x82);
        // eight bits of two cycles
        _bench.Advance(1000);
        spi.Read(8, 4).Should().Be(3);
        spi.Read(0x0c, 2).Should().Be(0xa5);
        spi.Read(8, 4).Should().Be(2);
    }

    [Test]
    public void SPI_words_that_nobody_takes_overrun()
    {
        var spi = new Stm32Spi("SPI1", new SpiBus("bus", _bench.Clock, _bench.Log), _bench.Log, _bench.Clock, _system.BusClock);
        spi.Write(4, 4, 0x20);
        spi.Write(0, 4, 0x347);
        spi.Write(0x0c, 2, 1);
        spi.Write(0x0c, 2, 2);
        _bench.Advance(10_000);
        spi.Irq.Level.Should().BeTrue();
        spi.Read(0x0c, 2);
        spi.Read(8, 4);
        spi.Irq.Level.Should().BeFalse();
    }

    [Test]
    public void An_SPI_master_without_its_select_is_at_fault()
    {
        var spi = new Stm32Spi("SPI1", new SpiBus("bus", _bench.Clock, _bench.Log), _bench.Log, _bench.Clock, _system.BusClock);
        spi.Write(0, 4, 0x244);
        (spi.Read(8, 4) & 0x20).Should().Be(0x20);
        (spi.Read(0, 4) & 0x44).Should().Be(0);
        spi.Write(0, 4, 0x344);
        (spi.Read(8, 4) & 0x20).Should().Be(0);
    }

    [Test]
    public void An_I2C_master_writes_and_reads()
    {
        var bus = new I2cBus("bus", _bench.Clock, _bench.Log);
        var memory = bus.Attach(0x50, new Memory());
        var i2c = new Stm32I2c("I2C1", bus, _bench.Log, _bench.Clock, _system.BusClock);
        i2c.Write(0x04, 4, 16);
        i2c.Write(0x1c, 4, 80);
        i2c.Write(0x00, 4, 1);
        Begin(i2c, 0xa0);
        foreach (byte value in (byte[])[3, 0x11, 0x22])
        {
            Flag(i2c, 0x80).Should().BeTrue();
            i2c.Write(0x10, 4, value);
            _bench.Advance(200_000);
        }

        Flag(i2c, 4).Should().BeTrue();
        i2c.Write(0x00, 4, 0x201);
        _bench.Advance(100_000);
        (i2c.Read(0x18, 4) & 2).Should().Be(0);
        memory.Bytes[3..5].Should().Equal(0x11, 0x22);

        Begin(i2c, 0xa0);
        i2c.Write(0x10, 4, 3);
        _bench.Advance(200_000);
        i2c.Write(0x00, 4, 0x401);
        Begin(i2c, 0xa1, keep: 0x401);
        _bench.Advance(200_000);
        Flag(i2c, 0x40).Should().BeTrue();
        i2c.Write(0x00, 4, 0x001);
        i2c.Write(0x00, 4, 0x201);
        i2c.Read(0x10, 4).Should().Be(0x11);
        _bench.Advance(200_000);
        i2c.Read(0x10, 4).Should().Be(0x22);
        _bench.Advance(200_000);
        (i2c.Read(0x18, 4) & 3).Should().Be(0);
        bus.IsBusy.Should().BeFalse();
    }

    [Test]
    public void Clearing_an_I2C_error_with_ones_in_all_other_bits_is_no_mistake()
    {
        var i2c = new Stm32I2c("I2C1", new I2cBus("bus", _bench.Clock, _bench.Log), _bench.Log, _bench.Clock, _system.BusClock);
        i2c.Write(0x14, 4, 0xffff_fbff);
        _bench.Messages.Should().BeEmpty();
    }

    [Test]
    public void An_I2C_address_that_nobody_has_is_not_acknowledged()
    {
        var i2c = new Stm32I2c("I2C1", new I2cBus("bus", _bench.Clock, _bench.Log), _bench.Log, _bench.Clock, _system.BusClock);
        i2c.Write(0x04, 4, 0x100 | 16);
        i2c.Write(0x1c, 4, 80);
        i2c.Write(0x00, 4, 1);
        i2c.Write(0x00, 4, 0x101);
        _bench.Advance(20_000);
        i2c.Read(0x14, 4).Should().Be(1);
        i2c.Write(0x10, 4, 0x44);
        _bench.Advance(200_000);
        i2c.Read(0x14, 4).Should().Be(0x400);
        i2c.ErrorIrq.Level.Should().BeTrue();
        i2c.Write(0x14, 4, 0);
        i2c.ErrorIrq.Level.Should().BeFalse();
        i2c.Write(0x00, 4, 0x201);
        _bench.Advance(100_000);
        (i2c.Read(0x18, 4) & 3).Should().Be(0);
    }

    [Test]
    public void Two_CAN_controllers_talk()
    {
        var bus = new CanBus("bus", _bench.Clock, _bench.Log);
        Stm32Can first = CreateCan("CAN1", bus), second = CreateCan("CAN2", bus);
        Configure(first, 0x001c_0000);
        Configure(second, 0x001c_0000);
        Send(first, 0x123, 0xaa55);
        _bench.Advance(1_000_000);
        (first.Read(8, 4) & 3).Should().Be(3);
        (second.Read(0x0c, 4) & 3).Should().Be(1);
        (second.Read(0x1b0, 4) >> 21).Should().Be(0x123);
        (second.Read(0x1b4, 4) & 0xf).Should().Be(2);
        second.Read(0x1b8, 4).Should().Be(0xaa55);
        second.Write(0x0c, 4, 0x20);
        second.Read(0x0c, 4).Should().Be(0);
    }

    [Test]
    public void Loop_back_receives_what_is_sent_and_needs_no_partner()
    {
        Stm32Can can = CreateCan("CAN1", new CanBus("bus", _bench.Clock, _bench.Log));
        Configure(can, 0x401c_0000);
        can.Write(0x14, 4, 2);
        Send(can, 0x321, 7);
        _bench.Advance(1_000_000);
        can.ReceiveIrq0.Level.Should().BeTrue();
        (can.Read(0x1b0, 4) >> 21).Should().Be(0x321);
    }

    [Test]
    public void Filters_let_through_what_they_list()
    {
        Stm32Can can = CreateCan("CAN1", new CanBus("bus", _bench.Clock, _bench.Log));
        Configure(can, 0x401c_0000, list: 0x100);
        Send(can, 0x101, 7);
        _bench.Advance(1_000_000);
        (can.Read(0x0c, 4) & 3).Should().Be(0);
        can.Write(8, 4, 1);
        Send(can, 0x100, 7);
        _bench.Advance(1_000_000);
        (can.Read(0x0c, 4) & 3).Should().Be(1);
    }

    [Test]
    public void A_lone_CAN_node_sees_no_acknowledgement()
    {
        Stm32Can can = CreateCan("CAN1", new CanBus("bus", _bench.Clock, _bench.Log));
        Configure(can, 0x001c_0000, control: 0x10);
        Send(can, 0x100, 7);
        _bench.Advance(1_000_000);
        (can.Read(8, 4) & 0xb).Should().Be(9);
        (can.Read(0x18, 4) >> 4 & 7).Should().Be(3);
        (can.Read(0x18, 4) >> 16 & 0xff).Should().Be(8);
    }

    [Test]
    public void Reserved_bits_of_the_length_of_a_mailbox_are_not_kept()
    {
        const ulong Tdt0r = 0x184;
        Stm32Can can = CreateCan("CAN1", new CanBus("bus", _bench.Clock, _bench.Log));
        can.Write(Tdt0r, 4, 0xffff_ffff);
        can.Read(Tdt0r, 4).Should().Be(0xffff_010f);
    }

    private Stm32Can CreateCan(string name, CanBus bus) => new(name, bus, _bench.Log, _bench.Clock, _system.BusClock);

    private void Configure(Stm32Can can, ulong timing, uint control = 0, uint? list = null)
    {
        can.Write(0, 4, 1 | control);
        can.Read(4, 4).Should().Be(0xc01);
        can.Write(0x1c, 4, timing);
        can.Write(0x200, 4, 0x2a1c_0e01);
        can.Write(0x20c, 4, 1);
        if (list is { } id)
        {
            can.Write(0x204, 4, 1);
            can.Write(0x240, 4, id << 21);
            can.Write(0x244, 4, id << 21);
        }

        can.Write(0x21c, 4, 1);
        can.Write(0x200, 4, 0x2a1c_0e00);
        can.Write(0, 4, control);
        _bench.Advance(100_000);
        (can.Read(4, 4) & 3).Should().Be(0);
    }

    private static void Send(Stm32Can can, uint id, uint data)
    {
        can.Write(0x184, 4, 2);
        can.Write(0x188, 4, data);
        can.Write(0x180, 4, (id << 21) | 1);
    }

    private static bool Flag(Stm32I2c i2c, ulong mask) => (i2c.Read(0x14, 4) & mask) != 0;

    private void Begin(Stm32I2c i2c, byte address, ulong keep = 1)
    {
        i2c.Write(0x00, 4, keep | 0x100);
        _bench.Advance(20_000);
        Flag(i2c, 1).Should().BeTrue();
        i2c.Write(0x10, 4, address);
        _bench.Advance(200_000);
        Flag(i2c, 2).Should().BeTrue();
        i2c.Read(0x18, 4);
    }

    private sealed class Inverter : ISpiDevice
    {
        public void Select() { }

        public void Deselect() { }

        public uint Exchange(uint value, in SpiFrame frame) => ~value & frame.Mask;
    }

    private sealed class Memory : II2cTarget
    {
        private int _at = -1;

        public byte[] Bytes { get; } = new byte[16];

        public I2cAck Start(int address, I2cDirection direction)
        {
            if (direction == I2cDirection.Write)
                _at = -1;
            return true;
        }

        public I2cAck Write(byte value)
        {
            if (_at < 0)
                _at = value;
            else
                Bytes[_at++ % 16] = value;
            return true;
        }

        public I2cByte Read() => Bytes[_at++ % 16];
    }
}

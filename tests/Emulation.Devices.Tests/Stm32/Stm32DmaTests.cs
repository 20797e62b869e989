using Emulation.Core;

namespace Emulation.Devices.Tests.Stm32;

/// <summary>RM0090 chapter 10. A byte device at 0x4000_0000 asks for transfers.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Stm32DmaTests
{
    private const ulong Ram = DeviceBench.RamBase, Peripheral = 0x4000_0000;
    private const ulong En = 1, TeIe = 4, HtIe = 8, TcIe = 0x10, ToPeripheral = 0x40, Copy = 0x80, Circ = 0x100, Pinc = 0x200, Minc = 0x400, DoubleBuffer = 1 << 18;
    private readonly Stm32Bench _bench = new();
    private readonly DmaRequest _request = new("TEST");
    private readonly DataPort _port = new();
    private readonly Stm32Dma _dma;

    public Stm32DmaTests()
    {
        _bench.Devices.Memory.Root.Add(Peripheral, new MmioRegion("port", 0x100, _port));
        _dma = new Stm32Dma("dma2", _bench.Devices.Log, _bench.Devices.Clock, _bench.Gate, _bench.Devices.Memory, memoryToMemory: true);
        _dma.Connect(2, 4, _request);
        _request.Acknowledged = _ => _request.Set(false);
    }

    [Test]
    public void Direct_mode_brings_one_item_per_request()
    {
        Program(2, (4UL << 25) | Minc | TcIe | HtIe, 4, Peripheral, Ram + 0x100);
        Served(0x11);
        Read(Ram + 0x100, 1).Should().Be(0x11);
        Ndtr(2).Should().Be(3);
        _dma.Irq(2).Level.Should().BeFalse();
        Served(0x22);
        (_dma.Read(0, 4) >> 16).Should().Be(0x10, "half");
        _dma.Irq(2).Level.Should().BeTrue();
        _dma.Write(0x08, 4, 0x10 << 16);
        _dma.Irq(2).Level.Should().BeFalse();
        Served(0x33);
        Served(0x44);
        (_dma.Read(0, 4) >> 16).Should().Be(0x20);
        _dma.Irq(2).Level.Should().BeTrue();
        Read(Ram + 0x100, 4).Should().Be(0x4433_2211);
        (Cr(2) & En).Should().Be(0);
        _request.Set(true);
        _bench.Cycles(100);
        _request.Level.Should().BeTrue("nobody serves it");
    }

    [Test]
    public void Memory_to_peripheral_sends_what_lies_there()
    {
        for (ulong i = 0; i < 4; i++)
            _bench.Devices.Memory.Write(Ram + (2 * i), 2, 0x100 + i);
        Program(2, (4UL << 25) | ToPeripheral | Minc | (1 << 11) | (1 << 13), 4, Peripheral, Ram);
        for (int i = 0; i < 4; i++)
            Served(0);
        _port.Written.Should().Equal(0x100, 0x101, 0x102, 0x103);
        _port.Widths.Should().AllBeEquivalentTo(2);
    }

    [Test]
    public void Circular_mode_goes_on_from_the_start()
    {
        Program(2, (4UL << 25) | Minc | Circ, 3, Peripheral, Ram);
        for (ulong i = 1; i <= 4; i++)
            Served(i);
        Read(Ram, 4).Should().Be(0x0003_0204);
        Ndtr(2).Should().Be(2);
        (Cr(2) & En).Should().Be(1);
    }

    [Test]
    public void Double_buffer_mode_takes_turns()
    {
        _dma.Write(At(2) + 16, 4, Ram + 0x200);
        Program(2, (4UL << 25) | Minc | DoubleBuffer, 2, Peripheral, Ram + 0x100);
        for (ulong i = 1; i <= 5; i++)
        {
            Served(i);
            (Cr(2) >> 19 & 1).Should().Be(i / 2 % 2);
        }

        Read(Ram + 0x100, 4).Should().Be(0x0205);
        Read(Ram + 0x200, 4).Should().Be(0x0403);
        _dma.Write(At(2) + 16, 4, Ram + 0x300);
        (Cr(2) & En).Should().Be(1, "the idle buffer may be changed");
        _dma.Write(At(2) + 12, 4, Ram + 0x300);
        (Cr(2) & En).Should().Be(0);
        (_dma.Read(0, 4) >> 16 & 8).Should().Be(8, "the busy one may not");
    }

    [Test]
    public void The_fifo_packs_bytes_into_words_at_its_threshold()
    {
        _dma.Write(At(2) + 20, 4, 0x4 | 1);
        Program(2, (4UL << 25) | Minc | (2 << 13), 16, Peripheral, Ram);
        for (ulong i = 1; i <= 7; i++)
            Served(i);
        Read(Ram, 4).Should().Be(0);
        (_dma.Read(At(2) + 20, 4) >> 3 & 7).Should().Be(1, "between a quarter and half");
        Served(8);
        Read(Ram, 8).Should().Be(0x0807_0605_0403_0201);
        (_dma.Read(At(2) + 20, 4) >> 3 & 7).Should().Be(4, "empty");
        Served(9);
        _dma.Write(At(2), 4, Cr(2) & ~En);
        Read(Ram + 8, 4).Should().Be(9, "a stream that is disabled flushes");
        (_dma.Read(0, 4) >> 16 & 0x20).Should().Be(0x20);
    }

    [Test]
    public void A_burst_moves_four_beats_per_request()
    {
        _dma.Write(At(2) + 20, 4, 0x4 | 3);
        Program(2, (4UL << 25) | Minc | Pinc | (1 << 21), 8, Peripheral, Ram);
        Served(0);
        _port.Offsets.Should().Equal(0, 1, 2, 3);
        Ndtr(2).Should().Be(4);
    }

    [Test]
    public void Wide_items_are_unpacked_for_a_narrow_peripheral()
    {
        _bench.Devices.Memory.Write(Ram, 4, 0x4433_2211);
        _dma.Write(At(2) + 20, 4, 0x4 | 1);
        Program(2, (4UL << 25) | ToPeripheral | Minc | (2 << 13), 4, Peripheral, Ram);
        for (int i = 0; i < 4; i++)
            Served(0);
        _port.Written.Should().Equal(0x11, 0x22, 0x33, 0x44);
    }

    [Test]
    public void Memory_is_copied_and_takes_time()
    {
        for (ulong i = 0; i < 64; i++)
            _bench.Devices.Memory.Write(Ram + i, 1, i);
        _dma.Write(At(1) + 20, 4, 0x7);
        Program(1, Copy | Pinc | Minc | (2 << 11) | (2 << 13) | TcIe, 16, Ram, Ram + 0x1000);
        _dma.Irq(1).Level.Should().BeFalse();
        _bench.Cycles(4 * 19);
        _dma.Irq(1).Level.Should().BeTrue();
        byte[] copy = new byte[64];
        _bench.Devices.Memory.TryRead(Ram + 0x1000, copy);
        copy.Should().Equal(Enumerable.Range(0, 64).Select(static i => (byte)i));
    }

    [Test]
    public void A_copy_does_not_hold_a_request_up()
    {
        Program(2, (4UL << 25) | (3 << 16) | Minc, 4, Peripheral, Ram + 0x100);
        Program(1, Copy | Pinc | Minc, 256, Ram, Ram + 0x1000);
        _bench.Cycles(10);
        _port.Value = 0x11;
        _request.Set(true);
        _bench.Cycles(2 * 7);
        _request.Level.Should().BeFalse("one byte of the copy may come first");
        Ndtr(1).Should().BeInRange(252, 255);
    }

    [Test]
    public void DMA1_copies_no_memory()
    {
        var dma = new Stm32Dma("dma1", _bench.Devices.Log, _bench.Devices.Clock, _bench.Gate, _bench.Devices.Memory, memoryToMemory: false);
        dma.Write(0x14, 4, 1);
        dma.Write(0x10, 4, Copy | En);
        (dma.Read(0x10, 4) & En).Should().Be(0);
        (dma.Read(0, 4) & 1).Should().Be(1);
    }

    [Test]
    public void A_bus_error_ends_the_stream()
    {
        Program(2, (4UL << 25) | TeIe, 4, Peripheral, 0x1000_0000);
        _request.Set(true);
        _bench.Cycles(60);
        (Cr(2) & En).Should().Be(0);
        (_dma.Read(0, 4) >> 16).Should().Be(8);
        _dma.Irq(2).Level.Should().BeTrue();
    }

    [Test]
    public void A_threshold_that_is_no_multiple_of_the_burst_is_refused()
    {
        _dma.Write(At(2) + 20, 4, 0x84);
        Program(2, (4UL << 25) | (2 << 13) | (1 << 23), 4, Peripheral, Ram);
        (Cr(2) & En).Should().Be(0);
        (_dma.Read(0, 4) >> 16).Should().Be(1);
        _dma.Irq(2).Level.Should().BeTrue();
    }

    [Test]
    public void The_higher_priority_goes_first()
    {
        var other = new DmaRequest("OTHER");
        other.Acknowledged = _ => other.Set(false);
        _dma.Connect(5, 1, other);
        Program(2, 4UL << 25, 4, Peripheral, Ram);
        Program(5, (1UL << 25) | (3 << 16), 4, Peripheral + 8, Ram + 4);
        var third = new DmaRequest("BUSY");
        third.Acknowledged = _ => third.Set(false);
        _dma.Connect(0, 0, third);
        Program(0, 0, 4, Peripheral + 16, Ram + 8);
        third.Set(true);
        _request.Set(true);
        other.Set(true);
        _bench.Cycles(100);
        _port.Offsets.Should().Equal(16, 8, 0);
    }

    [Test]
    public void A_running_stream_is_locked()
    {
        Program(2, (4UL << 25) | Minc, 4, Peripheral, Ram);
        _dma.Write(At(2) + 4, 4, 9);
        _dma.Write(At(2) + 8, 4, 9);
        _dma.Write(At(2), 4, Cr(2) | Circ | TcIe);
        Ndtr(2).Should().Be(4);
        _dma.Read(At(2) + 8, 4).Should().Be(Peripheral);
        Cr(2).Should().Be((4UL << 25) | Minc | TcIe | En);
    }

    [Test]
    public void A_peripheral_that_controls_the_flow_ends_the_transfer()
    {
        Program(2, (4UL << 25) | Minc | 0x20, 4, Peripheral, Ram);
        Ndtr(2).Should().Be(0xffff);
        Served(1);
        _port.Value = 2;
        _request.Set(true, last: true);
        _bench.Cycles(20);
        (_dma.Read(0, 4) >> 16).Should().Be(0x20);
        (Cr(2) & En).Should().Be(0);
    }

    [Test]
    public void The_tables_name_each_place_once_and_connect_by_name()
    {
        Stm32F4DmaRequests.Dma1.Should().OnlyHaveUniqueItems().And.Contain(new Stm32DmaRequestLine("USART2_RX", 5, 4)).And.Contain(new Stm32DmaRequestLine("TIM2_CH4", 7, 3));
        Stm32F4DmaRequests.Dma2.Should().OnlyHaveUniqueItems().And.Contain(new Stm32DmaRequestLine("ADC1", 4, 0)).And.Contain(new Stm32DmaRequestLine("TIM8_COM", 7, 7));
        var rx = new DmaRequest("USART1_RX");
        _dma.Connect(Stm32F4DmaRequests.Dma2, [rx]);
        rx.Acknowledged = _ => rx.Set(false);
        Program(5, 4UL << 25, 1, Peripheral, Ram);
        rx.Set(true);
        _bench.Cycles(20);
        rx.Level.Should().BeFalse();
    }

    private static ulong At(int stream) => 0x10 + (0x18 * (ulong)stream);

    private ulong Cr(int stream) => _dma.Read(At(stream), 4);

    [TestCase(true)]
    [TestCase(false)]
    public void What_a_port_does_not_reach_is_a_transfer_error(bool memory)
    {
        Stm32DmaRange[] near = [new(Peripheral, Peripheral + 0xff)], far = [new(Ram, Ram + 0xffff)];
        var dma = new Stm32Dma("dma1", _bench.Devices.Log, _bench.Devices.Clock, _bench.Gate, _bench.Devices.Memory, memoryToMemory: false)
        {
            PeripheralReach = memory ? near : far,
            MemoryReach = memory ? near : far,
        };
        dma.Connect(2, 4, _request);
        dma.Write(At(2) + 4, 4, 4);
        dma.Write(At(2) + 8, 4, Peripheral);
        dma.Write(At(2) + 12, 4, Ram);
        dma.Write(At(2), 4, (4UL << 25) | Minc | TeIe | En);
        _request.Set(true);
        _bench.Cycles(100);
        (dma.Read(0, 4) >> 16).Should().Be(8, "TEIF");
        (dma.Read(At(2), 4) & En).Should().Be(0);
        dma.Irq(2).Level.Should().BeTrue();
        Read(Ram, 4).Should().Be(0);
    }

    [Test]
    public void The_registers_that_clear_flags_read_as_0_without_a_word()
    {
        _dma.Read(0x08, 4).Should().Be(0);
        _dma.Read(0x0c, 4).Should().Be(0);
        _bench.Devices.Messages.Should().BeEmpty();
    }

    private ulong Ndtr(int stream) => _dma.Read(At(stream) + 4, 4);

    private ulong Read(ulong address, int size)
    {
        _bench.Devices.Memory.Read(address, size, out ulong value).Should().Be(BusResult.Ok);
        return value;
    }

    private void Program(int stream, ulong control, ulong count, ulong peripheral, ulong memory)
    {
        _dma.Write(At(stream) + 4, 4, count);
        _dma.Write(At(stream) + 8, 4, peripheral);
        _dma.Write(At(stream) + 12, 4, memory);
        _dma.Write(At(stream), 4, control | En);
    }

    private void Served(ulong value)
    {
        _port.Value = value;
        _request.Set(true);
        _bench.Cycles(60);
        _request.Level.Should().BeFalse();
    }

    private sealed class DataPort : IMmio
    {
        public ulong Value { get; set; }

        public List<ulong> Written { get; } = [];

        public List<int> Widths { get; } = [];

        public List<ulong> Offsets { get; } = [];

        public ulong Read(ulong offset, int size)
        {
            Offsets.Add(offset);
            return Value;
        }

        public void Write(ulong offset, int size, ulong value)
        {
            Written.Add(value);
            Widths.Add(size);
        }
    }
}

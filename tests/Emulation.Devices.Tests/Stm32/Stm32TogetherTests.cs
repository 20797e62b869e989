using Emulation.Core;

namespace Emulation.Devices.Tests.Stm32;

/// <summary>Peripherals that work through the DMA controllers, as drivers use them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Stm32TogetherTests
{
    private const ulong Ram = DeviceBench.RamBase;
    private readonly Stm32Bench _bench = new();
    private readonly Stm32Dma _dma1;
    private readonly Stm32Dma _dma2;

    public Stm32TogetherTests()
    {
        DeviceBench devices = _bench.Devices;
        _dma1 = new Stm32Dma("dma1", devices.Log, devices.Clock, _bench.Gate, devices.Memory, memoryToMemory: false);
        _dma2 = new Stm32Dma("dma2", devices.Log, devices.Clock, _bench.Gate, devices.Memory, memoryToMemory: true);
    }

    [Test]
    public void A_USART_sends_and_receives_by_DMA()
    {
        DeviceBench devices = _bench.Devices;
        var usart = new Stm32Usart("usart2", devices.Port, devices.Log, devices.Clock, _bench.Gate);
        devices.Memory.Root.Add(0x4000_4400, usart.Region);
        _dma1.Connect(Stm32F4DmaRequests.Dma1, [usart.ReceiveRequest, usart.TransmitRequest]);
        devices.Memory.TryWrite(Ram, "hello, world"u8);
        Program(_dma1, 6, (4UL << 25) | 0x450, 12, 0x4000_4404, Ram);
        Program(_dma1, 5, (4UL << 25) | 0x400, 12, 0x4000_4404, Ram + 0x100);
        usart.Write(0x08, 4, 16);
        usart.Write(0x14, 4, 0xc0);
        usart.Write(0x0c, 4, 0x200c);
        devices.Port.Transmitted += value => devices.Port.Send([value]);
        // an idle frame, twelve characters, and the last one's way back
        devices.Advance((10 + 120 + 10) * 1000);
        _dma1.Irq(6).Level.Should().BeTrue();
        (usart.Read(0, 4) & 0x40).Should().Be(0x40);
        devices.Advance(1000);
        byte[] echoed = new byte[12];
        devices.Memory.TryRead(Ram + 0x100, echoed);
        echoed.Should().Equal("hello, world"u8.ToArray());
        (_dma1.Read(0x04, 4) >> 6 & 0x20).Should().Be(0x20);
    }

    [Test]
    public void A_timer_paces_the_ADC_and_DMA_fills_a_ring()
    {
        DeviceBench devices = _bench.Devices;
        var adc = new Stm32Adc("adc", devices.Log, devices.Clock, [_bench.Gate, _bench.Gate, _bench.Gate]);
        var timer = new Stm32Timer("tim3", devices.Log, devices.Clock, _bench.Gate, Stm32TimerOptions.General16);
        devices.Memory.Root.Add(0x4001_2000, adc.Region);
        adc.SetInput(1, 0, static time => (int)(time / 100_000));
        adc.ConnectTrigger(8, injected: false, timer.TriggerOutput);
        _dma2.Connect(Stm32F4DmaRequests.Dma2, adc.DmaRequests);
        Program(_dma2, 0, (1 << 13) | (1 << 11) | 0x500, 4, 0x4001_204c, Ram);
        adc.Write(0x08, 4, 1 | 0x300 | (8 << 24) | (1 << 28));
        timer.Write(0x2c, 4, 1599);
        timer.Write(0x04, 4, 0x20);
        timer.Write(0x00, 4, 1);
        devices.Advance(1_000_000 - 1);
        // nine periods of 100 us: the ring holds samples 5 to 9, the oldest overwritten
        for (ulong i = 0; i < 4; i++)
        {
            devices.Memory.Read(Ram + (2 * i), 2, out ulong value);
            ulong sample = i == 0 ? 9 : 5 + i;
            value.Should().Be(((sample * 4095) + 1650) / 3300, "sample {0}", sample);
        }

        (adc.Read(0, 4) & 0x20).Should().Be(0);
        _dma2.Read(0x14, 4).Should().Be(3);
    }

    [Test]
    public void A_timer_loads_the_duty_cycle_of_each_period_by_DMA()
    {
        DeviceBench devices = _bench.Devices;
        var timer = new Stm32Timer("tim4", devices.Log, devices.Clock, _bench.Gate, Stm32TimerOptions.General16);
        devices.Memory.Root.Add(0x4000_0800, timer.Region);
        _dma1.Connect(Stm32F4DmaRequests.Dma1, timer.DmaRequests);
        foreach ((ulong duty, ulong i) in new ulong[] { 100, 200, 300 }.Select(static (d, i) => (d, (ulong)i)))
            devices.Memory.Write(Ram + (2 * i), 2, duty);
        timer.Write(0x18, 4, 0x68);
        timer.Write(0x2c, 4, 399);
        timer.Write(0x20, 4, 1);
        timer.Write(0x34, 4, 50);
        timer.Write(0x14, 4, 1);
        Program(_dma1, 6, (2UL << 25) | (1 << 13) | (1 << 11) | 0x440, 3, 0x4000_0834, Ram);
        timer.Write(0x0c, 4, 0x100);
        var widths = new List<long>();
        long rise = 0;
        timer.Channel(1).OutputChanged += () =>
        {
            if (timer.Channel(1).Output == PinDrive.High)
                rise = devices.Now;
            else
                widths.Add((devices.Now - rise) * 2 / 125);
        };
        timer.Write(0x00, 4, 1);
        devices.Advance(6 * 25_000);
        widths.Should().Equal(50, 50, 100, 200, 300, 300);
    }

    [Test]
    public void A_timer_paces_the_DAC()
    {
        DeviceBench devices = _bench.Devices;
        var dac = new Stm32Dac("dac", devices.Log, devices.Clock, _bench.Gate);
        var timer = new Stm32Timer("tim6", devices.Log, devices.Clock, _bench.Gate, Stm32TimerOptions.Basic);
        devices.Memory.Root.Add(0x4000_7400, dac.Region);
        _dma1.Connect(Stm32F4DmaRequests.Dma1, dac.DmaRequests);
        dac.ConnectTrigger(0, timer.TriggerOutput);
        foreach ((ulong level, ulong i) in new ulong[] { 0, 1000, 2000, 3000 }.Select(static (l, i) => (l, (ulong)i)))
            devices.Memory.Write(Ram + (2 * i), 2, level);
        Program(_dma1, 5, (7UL << 25) | (1 << 13) | (1 << 11) | 0x540, 4, 0x4000_7408, Ram);
        dac.Write(0x00, 4, 0x1005);
        timer.Write(0x2c, 4, 159);
        timer.Write(0x04, 4, 0x20);
        timer.Write(0x00, 4, 1);
        var levels = new List<ulong>();
        devices.Advance(5_000);
        for (int i = 0; i < 6; i++)
        {
            devices.Advance(10_000);
            levels.Add(dac.Read(0x2c, 4));
        }

        levels.Should().Equal(0, 0, 1000, 2000, 3000, 0);
        (dac.Read(0x34, 4) & 0x2000).Should().Be(0);
    }

    private static void Program(Stm32Dma dma, int stream, ulong control, ulong count, ulong peripheral, ulong memory)
    {
        ulong at = 0x10 + (0x18 * (ulong)stream);
        dma.Write(at + 4, 4, count);
        dma.Write(at + 8, 4, peripheral);
        dma.Write(at + 12, 4, memory);
        dma.Write(at, 4, control | 1);
    }
}

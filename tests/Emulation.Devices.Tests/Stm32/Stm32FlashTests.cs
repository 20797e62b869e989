using Emulation.Core;

namespace Emulation.Devices.Tests.Stm32;

/// <summary>The flash memory of the STM32F4. RM0090 chapter 3.</summary>
public sealed class Stm32FlashTests
{
    private const uint Pg = 1, Ser = 2, Start = 1 << 16;
    private DeviceBench _bench = null!;
    private Stm32F4Flash _flash = null!;
    private AddressSpace _bus = null!;

    [SetUp]
    public void Create()
    {
        _bench = new DeviceBench();
        _flash = new Stm32SystemBench(_bench).CreateFlash();
        _bus = new AddressSpace("bus", _bench.Log, _bench.DeviceLock);
        _bus.Root.Add(0x0800_0000, _flash.MainRegion);
        _bus.Root.Add(0x1fff_0000, _flash.SystemRegion);
    }

    [Test]
    public void The_control_register_opens_with_two_keys_and_a_wrong_one_locks_it_until_reset()
    {
        _flash.Write(0x10, 4, Pg);
        _flash.Read(0x10, 4).Should().Be(0x8000_0000);
        Unlock();
        _flash.Read(0x10, 4).Should().Be(0);
        _flash.Write(0x10, 4, 0x8000_0000);
        _flash.Write(4, 4, 1);
        Unlock();
        _flash.Read(0x10, 4).Should().Be(0x8000_0000);
        _flash.Reset();
        Unlock();
        _flash.Read(0x10, 4).Should().Be(0);
    }

    [Test]
    public void Programming_clears_bits_only_and_takes_its_time()
    {
        Unlock();
        _flash.Write(0x10, 4, Pg | (2 << 8));
        _bus.Write(0x0800_4000, 4, 0xffff_00ff);
        _bus.Write(0x0800_4000, 4, 0x0fff_ffff);
        _flash.Main.Read(0x4000, 4).Should().Be(0x0fff_00ff);
        _flash.IsBusy.Should().BeTrue();
        _bench.Advance(32_000);
        _flash.IsBusy.Should().BeFalse();
        _flash.Read(0x0c, 4).Should().Be(0, "EOP needs EOPIE");
    }

    [Test]
    public void The_width_has_to_be_the_parallelism()
    {
        Unlock();
        _flash.Write(0x10, 4, Pg | (2 << 8));
        _bus.Write(0x0800_4000, 1, 0);
        _flash.Read(0x0c, 4).Should().Be(0x40);
        _flash.Main.Read(0x4000, 1).Should().Be(0xff);
        _flash.Write(0x0c, 4, 0x40);
        _flash.Read(0x0c, 4).Should().Be(0);
    }

    [Test]
    public void Writing_without_PG_is_a_sequence_error()
    {
        _bus.Write(0x0800_4000, 4, 0);
        _flash.Read(0x0c, 4).Should().Be(0x80);
        _flash.Main.Read(0x4000, 4).Should().Be(0xffff_ffff);
    }

    [Test]
    public void A_sector_is_erased_in_its_time_and_an_interrupt_tells()
    {
        _flash.Main.Write(0x1_0000, 4, 0);
        _flash.Main.Write(0x2_0000, 4, 0);
        Unlock();
        _flash.Write(0x10, 4, Ser | (4 << 3) | (2 << 8) | (1 << 24));
        _flash.Write(0x10, 4, Ser | (4 << 3) | (2 << 8) | (1 << 24) | Start);
        _bench.Advance(549_000_000);
        _flash.IsBusy.Should().BeTrue();
        _bench.Advance(1_000_000);
        _flash.Irq.Level.Should().BeTrue();
        _flash.Read(0x0c, 4).Should().Be(1);
        _flash.Main.Read(0x1_0000, 4).Should().Be(0xffff_ffff);
        _flash.Main.Read(0x2_0000, 4).Should().Be(0);
    }

    [Test]
    public void Option_bytes_protect_sectors()
    {
        Unlock();
        _flash.Write(8, 4, 0x0819_2a3b);
        _flash.Write(8, 4, 0x4c5d_6e7f);
        _flash.Write(0x14, 4, 0x0ffd_aaec);
        _flash.Write(0x14, 4, 0x0ffd_aaee);
        _bench.Advance(16_000_000);
        (_flash.Read(0x14, 4) & 2).Should().Be(0);
        _flash.Write(0x10, 4, Pg | (2 << 8));
        _bus.Write(0x0800_4000, 4, 0);
        _flash.Read(0x0c, 4).Should().Be(0x10);
        _flash.Reset();
        _flash.Read(0x14, 4).Should().Be(0x0ffd_aaed);
    }

    [Test]
    public void Operations_are_counted_and_can_be_torn()
    {
        var kinds = new List<(long, Stm32FlashOperationKind)>();
        _flash.Operating += (ref Stm32FlashOperation operation) =>
        {
            kinds.Add((operation.Index, operation.Kind));
            if (operation.Index == 1)
                operation.Value |= 0xffff;
        };
        Unlock();
        _flash.Write(0x10, 4, Pg | (2 << 8));
        _bus.Write(0x0800_4000, 4, 0);
        _bus.Write(0x0800_4004, 4, 0);
        kinds.Should().Equal((0, Stm32FlashOperationKind.Program), (1, Stm32FlashOperationKind.Program));
        _flash.Main.Read(0x4004, 4).Should().Be(0xffff);
    }

    [Test]
    public void One_time_bytes_can_be_programmed_and_locked()
    {
        Unlock();
        _flash.Write(0x10, 4, Pg);
        _bus.Write(0x1fff_7800, 1, 0x55);
        _bus.Write(0x1fff_7a00, 1, 0);
        _bus.Write(0x1fff_7801, 1, 0x55);
        _flash.System.Read(0x7800, 2).Should().Be(0xff55);
        (_flash.Read(0x0c, 4) & 0xf0).Should().Be(0x10);
    }

    private void Unlock()
    {
        _flash.Write(4, 4, 0x4567_0123);
        _flash.Write(4, 4, 0xcdef_89ab);
    }
}

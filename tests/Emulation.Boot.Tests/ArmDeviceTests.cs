using Emulation.Boards;
using Emulation.Boards.Arm;
using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boot.Tests;

/// <summary>Drivers of an unmodified kernel find a device that no board has and a user attached.</summary>
[TestFixture]
[Category("Boot")]
[Parallelizable(ParallelScope.All)]
public sealed class ArmDeviceTests
{
    [Test]
    public void A_second_clock_is_found_in_the_device_tree()
    {
        const ulong Address = 0xb00_0000;
        const int Spi = 120;
        MachineBuilder builder = new MachineBuilder()
            .UseArmVirt(static board => board.Is32Bit = true)
            .WithMemory(256.MiB())
            .BootLinux(Guest.File("kernel", "armhf"), Guest.File("initramfs.cpio.gz", "armhf"), "console=ttyAMA0")
            .Add(Address, static context => new Pl031("rtc1", context.Clock, context.Log, epoch: 1_000_000_000_000_000_000), out DeviceHandle<Pl031> clock)
            .Configure(context => clock.In(context.Machine).Irq.Connect(context.Require<ArmVirtBoard>().SharedInterrupt(Spi)))
            .ChangeDeviceTree(static root => root.AddNode($"rtc@{Address:x}").SetStrings("compatible", "arm,pl031", "arm,primecell").SetUInt64("reg", Address, 0x1000)
                .SetCells("interrupts", 0, Spi, 4).SetCells("clocks", root.Find("apb-pclk")!.Property("phandle")!.AsCells()[0]).SetStrings("clock-names", "apb_pclk"));
        using var guest = new FirmwareGuest(builder);
        guest.WaitFor("rtc-pl031 b000000.rtc: registered as rtc");
    }
}

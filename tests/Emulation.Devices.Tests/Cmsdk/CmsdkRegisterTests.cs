using Emulation.Core;

namespace Emulation.Devices.Tests.Cmsdk;

/// <summary>Values after a reset and bits that are there, as Arm's register description of the Cortex-M System Design Kit (CMSDK_CM3.svd), DDI 0479 and DAI 0385 have them.</summary>
public sealed class CmsdkRegisterTests
{
    private readonly DeviceBench _bench = new();

    // DDI 0479, 4.4: 0xffffffff after reset, though the counter begins with 16 bits
    [Test]
    public void The_dual_timer_begins_with_all_ones()
    {
        Sp804 timer = Sp804.CreateCmsdk("dualtimer", _bench.Clock, _bench.Log, 1_000_000);
        foreach (ulong at in (ulong[])[0x04, 0x24])
            timer.Read(at, 4).Should().Be(0xffff_ffff);
        timer.Write(0x08, 4, 0x80);
        timer.Read(0x04, 4).Should().Be(0xffff, "it counts 16 bits");
    }

    // DAI 0385, "FPGA system control and I/O": bit 2 of MISC is reserved
    [Test]
    public void A_reserved_bit_of_MISC_stays_clear()
    {
        var tree = new ClockTree();
        var device = new Mps2FpgaIo("fpgaio", tree, tree.Source("system", 25_000_000), new PinSet(), _bench.Clock, _bench.Log);
        device.Read(0x4c, 4).Should().Be(0x3fb, "chip selects are inactive after a reset");
        device.Write(0x4c, 4, uint.MaxValue);
        device.Read(0x4c, 4).Should().Be(0x3fb);
    }

    // DAI 0385, "SCC": START, RW, function of 6 bits, device of 12
    [Test]
    public void The_configuration_control_has_its_fields()
    {
        var scc = new Mps2Scc("scc", _bench.Log, 1, 2, [3]);
        scc.Write(0xa8, 4, 0x7fff_ffff);
        scc.Read(0xa8, 4).Should().Be(0x43f0_0fff);
    }
}

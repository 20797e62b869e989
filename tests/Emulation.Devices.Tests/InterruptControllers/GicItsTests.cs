using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>The translation service: IHI 0069, chapter 5.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GicItsTests
{
    private const ulong Ram = DeviceBench.RamBase;
    private const ulong Commands = Ram, Devices = Ram + 0x1_0000, Collections = Ram + 0x2_0000, Properties = Ram + 0x3_0000, Translations = Ram + 0x5_0000;
    private const ulong Valid = 1UL << 63;
    private const uint Device = 8, Lpi = 8200;
    private const int Pmr = (3 << 14) | (4 << 7) | (6 << 3), Iar1 = (3 << 14) | (12 << 7) | (12 << 3), Eoir1 = Iar1 + 1, Igrpen1 = Iar1 + 7;
    private readonly DeviceBench _bench = new();
    private readonly GicV3 _gic;
    private readonly GicIts _its;
    private ulong _next;

    public GicItsTests()
    {
        _gic = new GicV3("gic", _bench.Memory, _bench.Log, new GicV3Options { Cpus = 2, Lpis = true });
        _its = new GicIts("its", _gic, _bench.Memory, _bench.Log);
        _gic.CreateDistributorRegion().Handler.Write(0, 4, 0x12);
        IMmio redistributors = _gic.CreateRedistributorRegion().Handler;
        for (int cpu = 0; cpu < 2; cpu++)
        {
            ulong at = (ulong)cpu * GicV3.RedistributorSize;
            redistributors.Write(at + 0x14, 4, 0);
            redistributors.Write(at + 0x70, 8, Properties | 15);
            redistributors.Write(at + 0x78, 8, (Ram + 0x4_0000) | (1UL << 62));
            redistributors.Write(at, 4, 1);
            _gic.TryWrite(Pmr, new GicAccess(cpu, 1), 0xf0);
            _gic.TryWrite(Igrpen1, new GicAccess(cpu, 1), 1);
        }

        _bench.Ram.Write(Properties - Ram + Lpi - 8192, 1, 0xa1);
        _its.Registers.Write(0x100, 8, Valid | Devices | 0x3);
        _its.Registers.Write(0x108, 8, Valid | Collections);
        _its.Registers.Write(0x80, 8, Valid | Commands);
        _its.Registers.Write(0, 4, 1);
    }

    [Test]
    public void A_message_becomes_an_LPI_of_the_CPU_of_its_collection()
    {
        MapAll();
        _its.Translate(Device, 3);
        _gic.Irq(1).Level.Should().BeTrue();
        _gic.Irq(0).Level.Should().BeFalse();
        Take(1).Should().Be(Lpi);
        _gic.Irq(1).Level.Should().BeFalse();
        _its.Translate(Device, 4);
        _its.Translate(Device + 1, 3);
        _gic.Irq(1).Level.Should().BeFalse("nobody mapped those");
        _bench.Messages.Should().BeEmpty();
    }

    [Test]
    public void Commands_move_and_discard_events()
    {
        MapAll();
        Command(0x09, 0, 0, Valid | 6);                                 // MAPC: collection 6 to CPU 0
        _its.Translate(Device, 3);
        Command(0x01, Device, 3, 6);                                    // MOVI: what is pending moves too
        Take(0).Should().Be(Lpi);
        Command(0x03, Device, 3);                                       // INT
        Take(0).Should().Be(Lpi);
        Command(0x03, Device, 3);
        Command(0x04, Device, 3);                                       // CLEAR
        _gic.Irq(0).Level.Should().BeFalse();
        Command(0x03, Device, 3);
        Command(0x0e, 0, 0, 0, 1 << 16);                                // MOVALL from CPU 0 to 1
        Take(1).Should().Be(Lpi);
        Command(0x0f, Device, 3);                                       // DISCARD
        _its.Translate(Device, 3);
        _gic.Irq(0).Level.Should().BeFalse();
        _bench.Messages.Should().BeEmpty();
    }

    [Test]
    public void A_changed_configuration_counts_after_INV()
    {
        MapAll();
        _bench.Ram.Write(Properties - Ram + Lpi - 8192, 1, 0xa0);
        _its.Translate(Device, 3);
        _gic.Irq(1).Level.Should().BeFalse("disabled");
        _bench.Ram.Write(Properties - Ram + Lpi - 8192, 1, 0xa1);
        Command(0x0c, Device, 3);
        _gic.Irq(1).Level.Should().BeTrue();
    }

    [Test]
    public void Device_tables_may_have_two_levels()
    {
        _its.Registers.Write(0x100, 8, Valid | (1UL << 62) | Devices);
        _bench.Ram.Write(Devices - Ram, 8, Valid | (Ram + 0x6_0000));
        MapAll();
        _its.Translate(Device, 3);
        Take(1).Should().Be(Lpi);
        _bench.Ram.Read(0x6_0000 + (8 * Device), 8).Should().NotBe(0);
    }

    [Test]
    public void Bad_commands_are_reported_and_skipped()
    {
        Command(0x77, 0, 0);
        Command(0x08, uint.MaxValue, 4, Valid | Translations);
        Command(0x09, 0, 0, Valid | (9UL << 16) | 5);
        Command(0x0a, Device, 3 | (8UL << 32), 5);
        Command(0x0c, Device, 3);
        Command(0x0d, 0, 0, 77);
        Command(0x0e, 0, 0, 5UL << 16, 0);
        _bench.Messages.Should().HaveCount(7);
        MapAll();
        _its.Translate(Device, 3);
        Take(1).Should().Be(Lpi);
        _its.Registers.Write(0x88, 8, 0xf_ffe0);
        _its.Registers.Write(0x80, 8, Valid | 0x40_0000_0000 | 0xff);
        _its.Registers.Write(0x88, 8, 0xf_ffe0);
        _bench.Messages.Should().HaveCount(9, "a queue outside memory ends at once");
    }

    private void MapAll()
    {
        Command(0x08, Device, 4, Valid | Translations);                 // MAPD: 32 events
        Command(0x09, 0, 0, Valid | (1 << 16) | 5);                     // MAPC: collection 5 to CPU 1
        Command(0x0a, Device, 3 | ((ulong)Lpi << 32), 5);               // MAPTI
        Command(0x05, 0, 0, 1 << 16);                                   // SYNC
    }

    private void Command(byte code, uint device, ulong second, ulong third = 0, ulong fourth = 0)
    {
        ulong at = Commands - Ram + _next;
        _bench.Ram.Write(at, 8, code | ((ulong)device << 32));
        _bench.Ram.Write(at + 8, 8, second);
        _bench.Ram.Write(at + 16, 8, third);
        _bench.Ram.Write(at + 24, 8, fourth);
        _next += 32;
        _its.Registers.Write(0x88, 8, _next);
        _its.Registers.Read(0x90, 8).Should().Be(_next);
    }

    private uint Take(int cpu)
    {
        _gic.TryRead(Iar1, new GicAccess(cpu, 1), out ulong id);
        _gic.TryWrite(Eoir1, new GicAccess(cpu, 1), id);
        return (uint)id;
    }
}

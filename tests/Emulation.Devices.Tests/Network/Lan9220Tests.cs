namespace Emulation.Devices.Tests.Network;

/// <summary>What drivers do with an Ethernet controller that has no cable.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Lan9220Tests
{
    private const uint Busy = 1u << 31, MacRead = 1u << 30;
    private readonly DeviceBench _bench = new();
    private readonly Lan9220 _device;

    public Lan9220Tests() => _device = new Lan9220("eth", _bench.Clock, _bench.Log);

    [Test]
    public void It_names_itself_and_is_ready()
    {
        Read(0x50).Should().Be(0x9220_0000);
        Read(0x64).Should().Be(0x8765_4321);
        Read(0x74).Should().Be(0x0005_0000);
        Read(0x84).Should().Be(1, "READY");
        Read(0x80).Should().Be(0x1200, "the TX FIFO is free");
        Read(0x7c).Should().Be(0, "nothing is received");
        _bench.Messages.Should().BeEmpty();
    }

    [Test]
    public void The_PHY_has_no_link_and_never_ends_a_negotiation()
    {
        Phy(2).Should().Be(0x0007);
        WritePhy(0, 0x1200);
        _bench.Advance(5_000_000_000);
        Phy(0).Should().Be(0x1000, "the restart is done at once");
        (Phy(1) & 0x24).Should().Be(0, "neither link nor the end of a negotiation");
        Phy(1, address: 2).Should().Be(0xffff, "there is one PHY");
    }

    [Test]
    public void The_MAC_keeps_an_address_until_a_soft_reset()
    {
        Mac(3).Should().Be(uint.MaxValue);
        Write(0xa8, 0x1234_5678);
        Write(0xa4, Busy | 3);
        Read(0xa4).Should().Be(3, "the command is done");
        Mac(3).Should().Be(0x1234_5678);
        Write(0x74, 1);
        Read(0x74).Should().Be(0x0005_0000);
        Mac(3).Should().Be(uint.MaxValue);
    }

    [Test]
    public void Frames_that_are_sent_are_lost()
    {
        Write(0x70, 2);
        for (int i = 0; i < 100; i++)
            Write(0x20, 0xdead_beef);
        Read(0x80).Should().Be(0x1200);
        _device.Irq.Level.Should().BeFalse();
    }

    [Test]
    public void Commands_for_the_EEPROM_time_out()
    {
        Write(0xb0, Busy);
        Read(0xb0).Should().Be(0x200);
        Write(0xb0, 0x200);
        Read(0xb0).Should().Be(0);
    }

    [Test]
    public void Interrupts_are_enabled_seen_and_cleared()
    {
        Write(0x54, 0x111);
        Write(0x5c, Busy);
        _device.Irq.Level.Should().BeTrue();
        (Read(0x54) & 0x1000).Should().NotBe(0);
        Write(0x5c, 0);
        Write(0x58, Busy);
        Read(0x58).Should().Be(0);
        Write(0x5c, 1 << 9);
        _device.Irq.Level.Should().BeFalse();
        Write(0x68, 0x1000_0000);
        _device.Irq.Level.Should().BeTrue("more is free than the level");
    }

    [Test]
    public void The_free_running_counter_counts_at_25_MHz()
    {
        uint before = Read(0x9c);
        _bench.Advance(4_000);
        (Read(0x9c) - before).Should().Be(100);
    }

    private uint Read(ulong offset) => (uint)_device.Read(offset, 4);

    private void Write(ulong offset, uint value) => _device.Write(offset, 4, value);

    private uint Mac(uint register)
    {
        Write(0xa4, Busy | MacRead | register);
        return Read(0xa8);
    }

    private uint Phy(uint register, uint address = 1)
    {
        Write(0xa8, (address << 11) | (register << 6) | 1);
        Write(0xa4, Busy | 6);
        return Mac(7);
    }

    private void WritePhy(uint register, uint value)
    {
        Write(0xa8, value);
        Write(0xa4, Busy | 7);
        Write(0xa8, (1 << 11) | (register << 6) | 3);
        Write(0xa4, Busy | 6);
    }
}

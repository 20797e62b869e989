using Emulation.Core;
using Emulation.Storage;

namespace Emulation.Devices.Tests;

/// <summary>A driver's sequence by section 7 of the specification.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SdCardSpiTests
{
    private readonly DeviceBench _bench = new();
    private readonly MemoryDisk _disk = new(1 << 20);
    private SpiBus _bus = null!;
    private SdCardSpi _card = null!;

    [SetUp]
    public void SetUp()
    {
        _bus = new SpiBus("spi", _bench.Clock, _bench.Log);
        _card = _bus.Attach(0, new SdCardSpi(_disk));
        for (int i = 0; i < 10; i++)
            _bus.Exchange(0xff);
        _bus.Select(0);
    }

    [TearDown]
    public void TearDown() => _disk.Dispose();

    [Test]
    public void Initialization()
    {
        Command(8, 0x1aa, 0x87).Should().Be(0xff, "not in SPI mode yet");
        Command(0, 0, 0x94).Should().Be(0xff, "CRC is checked");
        Initialize();
        Command(58, 0).Should().Be(0);
        Bytes(4).Should().Equal(0xc0, 0xff, 0x80, 0);
        Command(9, 0).Should().Be(0);
        byte[] csd = Block(16);
        (csd[0] >> 6).Should().Be(1);
        (((csd[8] << 8) | csd[9]) + 1).Should().Be(2, "units of 512 KiB");
        Command(10, 0).Should().Be(0);
        Block(16)[3..8].Should().Equal("EMUSD"u8.ToArray());
        Command(13, 0).Should().Be(0);
        Bytes(1).Should().Equal(0);
        Command(63, 0).Should().Be(4);
    }

    [Test]
    public void Before_initialization_only_a_few_commands_are_legal()
    {
        Command(0, 0, 0x95).Should().Be(1);
        Command(17, 0).Should().Be(5);
        Command(59, 1).Should().Be(1);
        Command(58, 0, 0xfd).Should().Be(1);
        Bytes(4).Should().Equal(0, 0xff, 0x80, 0);
        Command(58, 0, 0x01).Should().Be(9, "CRC is on");
    }

    [Test]
    public void A_block_is_written_and_read()
    {
        Initialize();
        byte[] data = [.. Enumerable.Range(0, 512).Select(i => (byte)(i * 3))];
        Command(24, 5).Should().Be(0);
        WriteBlock(0xfe, data).Should().Be(5);
        _bus.Exchange(0xff).Should().Be(0, "busy");
        _bench.Advance(250_000);
        _bus.Exchange(0xff).Should().Be(0xff);
        Command(17, 5).Should().Be(0);
        Block(512).Should().Equal(data);
        _card.Blocks.Should().Be((1L, 1L));
        Command(17, 0x10_0000).Should().Be(0x40);
    }

    [Test]
    public void Many_blocks()
    {
        Initialize();
        Command(25, 8).Should().Be(0);
        for (int i = 0; i < 3; i++)
        {
            WriteBlock(0xfc, Enumerable.Repeat((byte)(i + 1), 512).ToArray()).Should().Be(5);
            _bench.Advance(250_000);
            Bytes(2);
        }

        _bus.Exchange(0xfd);
        _bus.Exchange(0xff);
        _bench.Advance(250_000);
        Command(18, 7).Should().Be(0);
        for (int i = 0; i < 4; i++)
            Block(512).Should().OnlyContain(b => b == i);
        Command(12, 0).Should().Be(0);
        _bus.Exchange(0xff);
        Command(17, 9).Should().Be(0);
        Block(512)[0].Should().Be(2);
    }

    [Test]
    public void A_wrong_CRC_is_refused_when_CRC_is_on()
    {
        Initialize();
        Command(59, 1).Should().Be(0);
        Command(24, 0, SendCrc(24, 0)).Should().Be(0);
        byte[] data = new byte[512];
        data[0] = 1;
        _bus.Exchange(0xfe);
        foreach (byte value in data)
            _bus.Exchange(value);
        _bus.Exchange(0);
        _bus.Exchange(0);
        (_bus.Exchange(0xff) & 0x1f).Should().Be(0x0b);
    }

    [Test]
    public void Random_bytes_never_throw([Range(1, 10)] int seed)
    {
        var random = new Random(seed);
        Initialize();
        for (int i = 0; i < 20_000; i++)
        {
            switch (random.Next(40))
            {
                case 0:
                    Command(random.Next(64), (uint)random.Next(4096));
                    break;
                case 1:
                    _bus.Deselect(0);
                    _bus.Select(0);
                    break;
                case 2:
                    _bench.Advance(random.Next(1_000_000));
                    break;
                case 3:
                    _bus.Exchange((byte)(0xfc + random.Next(3)));
                    break;
                default:
                    _bus.Exchange((byte)random.Next(256));
                    break;
            }
        }

        byte[] state = DeviceBench.Save(_bus);
        DeviceBench.Load(_bus, state);
        DeviceBench.Save(_bus).Should().Equal(state);
    }

    [Test]
    public void A_fork_writes_to_a_disk_of_its_own()
    {
        var copy = (SdCardSpi)_card.Fork();
        copy.Disk.Should().NotBeSameAs(_disk);
    }

    private static byte SendCrc(int index, uint argument)
        => SdCard.CheckByte([(byte)(0x40 | index), (byte)(argument >> 24), (byte)(argument >> 16), (byte)(argument >> 8), (byte)argument]);

    private void Initialize()
    {
        Command(0, 0, 0x95).Should().Be(1);
        Command(8, 0x1aa, 0x87).Should().Be(1);
        Bytes(4).Should().Equal(0, 0, 1, 0xaa);
        Command(55, 0).Should().Be(1);
        Command(41, 0x4000_0000).Should().Be(0);
    }

    private byte Command(int index, uint argument, byte crc = 0xff)
    {
        foreach (byte value in (byte[])[(byte)(0x40 | index), (byte)(argument >> 24), (byte)(argument >> 16), (byte)(argument >> 8), (byte)argument, crc])
            _bus.Exchange(value);
        for (int i = 0; i < 8; i++)
        {
            byte answer = _bus.Exchange(0xff);
            if ((answer & 0x80) == 0)
                return answer;
        }

        return 0xff;
    }

    private byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(_ => _bus.Exchange(0xff))];

    private byte[] Block(int count)
    {
        byte token = 0xff;
        for (int i = 0; i < 10 && token == 0xff; i++)
            token = _bus.Exchange(0xff);
        token.Should().Be(0xfe);
        byte[] data = Bytes(count), crc = Bytes(2);
        ((crc[0] << 8) | crc[1]).Should().Be(SdCardSpi.Crc16(data));
        return data;
    }

    private int WriteBlock(byte token, byte[] data)
    {
        _bus.Exchange(token);
        foreach (byte value in data)
            _bus.Exchange(value);
        _bus.Exchange(0xff);
        _bus.Exchange(0xff);
        return _bus.Exchange(0xff) & 0x1f;
    }
}

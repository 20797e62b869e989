using Emulation.Core;
using Emulation.Devices.Tests.Virtio;
using Emulation.Storage;

namespace Emulation.Devices.Tests;

/// <summary>PL180 (DDI 0172A) with an SD card, driven as Linux's mmci does.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Pl180Tests
{
    private const uint TimeOut = 1 << 2, DataCrc = 1 << 1, DataTimeOut = 1 << 3, ResponseEnd = 1 << 6, Sent = 1 << 7, DataEnd = 1 << 8, RxActive = 1 << 13, RxAvailable = 1 << 21;
    private const uint Short = 1 << 6, Long = 3 << 6, Rca = 0x4567_0000;
    private readonly DeviceBench _bench = new();
    private readonly MemoryDisk _disk = new(1 << 20);

    [Test]
    public void A_driver_finds_a_card_of_high_capacity()
    {
        Pl180 mmc = Create(_disk);
        mmc.Write(0, 4, 3);
        Command(mmc, 0, 0, 0).Should().Be(Sent);
        Command(mmc, 8, 0x1aa).Should().Be(ResponseEnd);
        Response(mmc).Should().Be(0x1aa);
        Command(mmc, 5, 0).Should().Be(TimeOut, "it is no SDIO card");
        App(mmc, 41, 0, 0);
        Response(mmc).Should().Be(0x40ff_8000);
        App(mmc, 41, 0x4030_0000, 0);
        Response(mmc).Should().Be(0xc0ff_8000);
        Command(mmc, 2, 0, Long).Should().Be(ResponseEnd);
        mmc.Read(0x14, 4).Should().Be(0x0045_4d45);
        Command(mmc, 3, 0);
        Response(mmc).Should().Be(Rca | 0x400, "it was in identification state");
        Command(mmc, 9, Rca, Long);
        mmc.Read(0x14, 4).Should().Be(0x400e_0032);
        mmc.Read(0x18, 4).Should().Be(0x5359_0000);
        mmc.Read(0x1c, 4).Should().Be(0x0001_7f80, "two units of 512 KiB");
        Command(mmc, 7, Rca);
        Response(mmc).Should().Be(0x600);
        Command(mmc, 13, Rca);
        Response(mmc).Should().Be(0x900);
        App(mmc, 51, 0, Rca, data: 8);
        mmc.Read(0x80, 4).Should().Be(0x0000_0502);
        Command(mmc, 13, Rca);
        Command(mmc, 63, 0).Should().Be(TimeOut);
        Command(mmc, 13, Rca);
        (Response(mmc) & (1 << 22)).Should().NotBe(0, "a command that there is not");
        Command(mmc, 13, Rca);
        (Response(mmc) & (1 << 22)).Should().Be(0);
    }

    [Test]
    public async Task Blocks_are_read_and_written()
    {
        byte[] content = new byte[4096];
        new Random(1).NextBytes(content);
        await _disk.WriteAsync(8192, content);
        Pl180 mmc = Ready(Create(_disk));
        Read(mmc, 17, 17, 512).Should().Equal(content.AsSpan(512, 512).ToArray());
        Read(mmc, 18, 16, 4096).Should().Equal(content);
        Command(mmc, 12, 0).Should().Be(ResponseEnd);

        byte[] more = new byte[1536];
        new Random(2).NextBytes(more);
        Write(mmc, 25, 100, more).Should().Be(DataEnd | (1 << 10));
        Command(mmc, 12, 0);
        Write(mmc, 24, 200, more[..512]).Should().Be(DataEnd | (1 << 10));
        byte[] written = new byte[1536];
        await _disk.ReadAsync(51_200, written);
        written.Should().Equal(more);
        await _disk.ReadAsync(102_400, written);
        written[..512].Should().Equal(more[..512]);
        App(mmc, 22, 0, Rca, data: 4);
        mmc.Read(0x80, 4).Should().Be(0x0100_0000, "one block");
    }

    [Test]
    public void Interrupts_follow_the_masks()
    {
        Pl180 mmc = Ready(Create(_disk));
        mmc.Write(0x3c, 4, ResponseEnd);
        mmc.Write(0x40, 4, RxAvailable);
        Begin(mmc, 512, fromCard: true);
        mmc.Irq1.Level.Should().BeFalse();
        mmc.Write(0x08, 4, 0);
        mmc.Write(0x0c, 4, 0x440 | 17);
        mmc.Irq0.Level.Should().BeTrue();
        mmc.Irq1.Level.Should().BeTrue();
        mmc.Read(0x48, 4).Should().Be(128 - 16, "a FIFO of words has come");
        mmc.Read(0x30, 4).Should().Be(512 - 64);
        mmc.Write(0x38, 4, ResponseEnd);
        mmc.Irq0.Level.Should().BeFalse();
        for (int i = 0; i < 127; i++)
            mmc.Read(0x80, 4);
        (mmc.Read(0x34, 4) & (RxActive | RxAvailable | DataEnd)).Should().Be(RxActive | RxAvailable | DataEnd);
        mmc.Read(0x80, 4);
        (mmc.Read(0x34, 4) & (RxActive | RxAvailable)).Should().Be(0);
        mmc.Irq1.Level.Should().BeFalse();
    }

    [Test]
    public void Errors_of_the_medium_end_a_transfer()
    {
        var disk = new FaultyDisk(1 << 20);
        Pl180 mmc = Ready(Create(disk));
        disk.Failing = true;
        Begin(mmc, 512, fromCard: true);
        (Command(mmc, 17, 0) & DataTimeOut).Should().NotBe(0);
        (Response(mmc) & (1 << 19)).Should().NotBe(0);
        Command(mmc, 12, 0);
        (Write(mmc, 24, 0, new byte[512]) & DataCrc).Should().NotBe(0);
        disk.Failing = false;
        Read(mmc, 17, 0, 512).Should().HaveCount(512);
    }

    [Test]
    public void A_place_past_the_end_is_an_error_but_not_reading_up_to_it()
    {
        Pl180 mmc = Ready(Create(_disk));
        Read(mmc, 18, 2046, 1024).Should().HaveCount(1024);
        Command(mmc, 12, 0);
        Response(mmc).Should().Be(0xa00 | 0x000, "no error");
        Begin(mmc, 512, fromCard: true);
        (Command(mmc, 17, 2048) & DataTimeOut).Should().NotBe(0);
        (Response(mmc) >> 31).Should().Be(1);
    }

    [Test]
    public void An_image_that_is_read_only_is_a_protected_card()
    {
        Pl180 mmc = Ready(Create(_disk.AsReadOnly()));
        (Write(mmc, 24, 0, new byte[512]) & DataCrc).Should().NotBe(0);
        Command(mmc, 7, 0);
        Command(mmc, 9, Rca, Long);
        mmc.Read(0x20, 4).Should().Be(0x0a40_1000 | (mmc.Read(0x20, 4) & 0xff));
    }

    [Test]
    public async Task Erased_blocks_are_zero()
    {
        await _disk.WriteAsync(0, new byte[] { 1, 2, 3 });
        await _disk.WriteAsync(1024, new byte[] { 4 });
        Pl180 mmc = Ready(Create(_disk));
        Command(mmc, 38, 0);
        (Response(mmc) & (1 << 28)).Should().NotBe(0, "nothing is chosen");
        Command(mmc, 32, 0);
        Command(mmc, 33, 1);
        Command(mmc, 38, 0);
        byte[] bytes = new byte[1025];
        await _disk.ReadAsync(0, bytes);
        bytes[0].Should().Be(0);
        bytes[1024].Should().Be(4);
    }

    [Test]
    public void Without_a_card_or_power_nothing_answers()
    {
        var mmc = new Pl180("mmc", null, _bench.Log);
        mmc.Write(0, 4, 3);
        Command(mmc, 8, 0x1aa).Should().Be(TimeOut);
        var off = new Pl180("mmc", new SdCard(_disk), _bench.Log);
        Command(off, 8, 0x1aa).Should().Be(TimeOut);
        off.Read(0xfe4, 4).Should().Be(0x11);
    }

    private Pl180 Create(IBlockDevice disk) => new("mmc", new SdCard(disk), _bench.Log);

    private static Pl180 Ready(Pl180 mmc)
    {
        mmc.Write(0, 4, 3);
        Command(mmc, 0, 0, 0);
        Command(mmc, 8, 0x1aa);
        App(mmc, 41, 0x40ff_8000, 0);
        Command(mmc, 2, 0, Long);
        Command(mmc, 3, 0);
        Command(mmc, 7, Rca).Should().Be(ResponseEnd);
        return mmc;
    }

    private static uint Command(Pl180 mmc, uint index, uint argument, uint response = Short)
    {
        mmc.Write(0x38, 4, 0x7ff);
        mmc.Write(0x08, 4, argument);
        mmc.Write(0x0c, 4, 0x400 | response | index);
        return (uint)mmc.Read(0x34, 4) & 0x7ff & ~(DataEnd | (1u << 10));
    }

    private static void App(Pl180 mmc, uint index, uint argument, uint address, uint data = 0)
    {
        Command(mmc, 55, address).Should().Be(ResponseEnd);
        if (data > 0)
            Begin(mmc, data, fromCard: true);
        Command(mmc, index, argument).Should().Be(ResponseEnd);
    }

    private static uint Response(Pl180 mmc) => (uint)mmc.Read(0x14, 4);

    private static void Begin(Pl180 mmc, uint length, bool fromCard)
    {
        mmc.Write(0x24, 4, uint.MaxValue);
        mmc.Write(0x28, 4, length);
        mmc.Write(0x2c, 4, 0x90 | (fromCard ? 3u : 1));
    }

    private static List<byte> Read(Pl180 mmc, uint command, uint sector, uint length)
    {
        Begin(mmc, length, fromCard: true);
        Command(mmc, command, sector).Should().Be(ResponseEnd);
        var bytes = new List<byte>();
        while ((mmc.Read(0x34, 4) & RxAvailable) != 0)
            bytes.AddRange(BitConverter.GetBytes((uint)mmc.Read(0x80, 4)));
        mmc.Write(0x2c, 4, 0);
        return bytes;
    }

    private static uint Write(Pl180 mmc, uint command, uint sector, byte[] bytes)
    {
        Command(mmc, command, sector).Should().Be(ResponseEnd);
        mmc.Write(0x38, 4, 0x7ff);
        Begin(mmc, (uint)bytes.Length, fromCard: false);
        for (int i = 0; i < bytes.Length && (mmc.Read(0x34, 4) & (1 << 14)) != 0; i += 4)
            mmc.Write(0x80 + ((ulong)i % 64), 4, BitConverter.ToUInt32(bytes, i));
        uint status = (uint)mmc.Read(0x34, 4) & 0x7ff;
        mmc.Write(0x2c, 4, 0);
        return status;
    }
}

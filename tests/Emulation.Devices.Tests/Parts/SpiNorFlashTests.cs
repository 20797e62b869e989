using System.Buffers.Binary;
using Emulation.Core;

namespace Emulation.Devices.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SpiNorFlashTests
{
    private readonly DeviceBench _bench = new();
    private SpiBus _bus = null!;

    [SetUp]
    public void SetUp() => _bus = new SpiBus("spi", _bench.Clock, _bench.Log);

    private static IEnumerable<SpiNorModel> Models()
        => [SpiNorModel.W25Q16, SpiNorModel.W25Q32, SpiNorModel.W25Q64, SpiNorModel.W25Q128, SpiNorModel.W25Q256, SpiNorModel.Mx25L64, SpiNorModel.Mx25R64, SpiNorModel.Is25Lp128, SpiNorModel.Is25Lp032];

    [TestCaseSource(nameof(Models))]
    public void Identifiers_and_tables(SpiNorModel model)
    {
        _bus.Attach(0, new SpiNorFlash(model));
        byte[] id = Command(3, 0x9f);
        ((id[0] << 16) | (id[1] << 8) | id[2]).Should().Be(model.JedecId);
        Command(1, 0xab, 0, 0, 0).Should().Equal(model.DeviceId);
        Command(2, 0x90, 0, 0, 0).Should().Equal((byte)(model.JedecId >> 16), model.DeviceId);
        byte[] sfdp = Command(256, 0x5a, 0, 0, 0, 0);
        sfdp[..4].Should().Equal("SFDP"u8.ToArray());
        int table = sfdp[12];
        sfdp[11].Should().Be(16);
        uint[] words = [.. Enumerable.Range(0, 16).Select(i => BinaryPrimitives.ReadUInt32LittleEndian(sfdp.AsSpan(table + (4 * i))))];
        ((words[1] + 1L) / 8).Should().Be(model.Size);
        (words[0] & 3).Should().Be(1, "4 KiB erase");
        (words[0] >> 8 & 0xff).Should().Be(0x20);
        (1 << (int)(words[10] >> 4 & 15)).Should().Be(256);
        (words[7] & 0xffff).Should().Be(0x200c);
        (words[14] >> 20 & 7).Should().Be(model.Maker == SpiNorMaker.Winbond ? 5u : 2);
        // the typical time of a 4 KiB erase, rounded up to its unit
        uint time = words[9] >> 4 & 0x7f;
        long unit = (time >> 5) switch { 0 => 1, 1 => 16, 2 => 128, _ => 1000 };
        (((time & 31) + 1) * unit * 1_000_000).Should().BeInRange(model.SectorEraseTime, model.SectorEraseTime + (16 * 1_000_000));
        sfdp[6].Should().Be((byte)(model.HasFourByteAddresses ? 1 : 0));
    }

    [Test]
    public void Programming_clears_bits_and_wraps_in_its_page()
    {
        SpiNorFlash part = _bus.Attach(0, new SpiNorFlash(SpiNorModel.W25Q16));
        Command(0, 0x06);
        (Command(1, 0x05)[0] & 3).Should().Be(2);
        Command(0, 0x02, 0, 1, 0xfe, 0x0f, 0xf3, 0x55);
        (Command(1, 0x05)[0] & 3).Should().Be(3);
        _bench.Advance(SpiNorModel.W25Q16.PageProgramTime);
        (Command(1, 0x05)[0] & 3).Should().Be(0);
        (part.Memory[0x1fe], part.Memory[0x1ff], part.Memory[0x100], part.Memory[0x200]).Should().Be(((byte)0x0f, (byte)0xf3, (byte)0x55, (byte)0xff));
        Program(0x1fe, 0xf0);
        Command(1, 0x03, 0, 1, 0xfe)[0].Should().Be(0);
    }

    [Test]
    public void Programming_needs_write_enable()
    {
        SpiNorFlash part = _bus.Attach(0, new SpiNorFlash(SpiNorModel.W25Q16));
        Command(0, 0x02, 0, 0, 0, 0);
        Command(0, 0x06);
        Command(0, 0x04);
        Command(0, 0x02, 0, 0, 0, 0);
        _bench.Advance(10_000_000);
        part.Memory[0].Should().Be(0xff);
        part.WriteCount.Should().Be(0);
    }

    [TestCase(0x20, 4 << 10, 45_000_000)]
    [TestCase(0x52, 32 << 10, 120_000_000)]
    [TestCase(0xd8, 64 << 10, 150_000_000)]
    [TestCase(0xc7, 2 << 20, 5_000_000_000)]
    public void Erasing(int command, int size, long time)
    {
        byte[] content = new byte[2 << 20];
        SpiNorFlash part = _bus.Attach(0, new SpiNorFlash(SpiNorModel.W25Q16, content));
        Command(0, 0x06);
        if (command == 0xc7)
            Command(0, 0xc7);
        else
            Command(0, (byte)command, 0x01, 0x23, 0x45);
        _bench.Advance(time - 1);
        part.IsBusy.Should().BeTrue();
        Command(1, 0x03, 0, 0, 0).Should().Equal([0xff], "reads are ignored meanwhile");
        _bench.Advance(1);
        part.IsBusy.Should().BeFalse();
        byte[] after = part.Memory.ToArray();
        int first = command == 0xc7 ? 0 : 0x12345 & ~(size - 1);
        after.Count(b => b == 0xff).Should().Be(size);
        after.AsSpan(first, size).IndexOfAnyExcept((byte)0xff).Should().Be(-1);
    }

    [Test]
    public void Reads_with_more_lanes()
    {
        byte[] content = [.. Enumerable.Range(0, 512).Select(i => (byte)(i * 7))];
        _bus.Attach(0, new SpiNorFlash(SpiNorModel.W25Q128, content));
        Command(2, 0x0b, 0, 0, 5, 0).Should().Equal(content[5..7]);
        // 3B: data on two lanes
        _bus.Select(0);
        Out(1, 0x3b, 0, 0, 5, 0);
        In(2, 3).Should().Equal(content[5..8]);
        _bus.Deselect(0);
        // 6B without QE is ignored
        _bus.Select(0);
        Out(1, 0x6b, 0, 0, 5, 0);
        In(4, 1).Should().Equal(0xff);
        _bus.Deselect(0);
        Command(0, 0x06);
        Command(0, 0x01, 0x00, 0x02);
        _bench.Advance(10_000_000);
        Command(1, 0x35)[0].Should().Be(2);
        _bus.Select(0);
        Out(1, 0x6b, 0, 0, 5, 0);
        In(4, 3).Should().Equal(content[5..8]);
        _bus.Deselect(0);
        // BB: address and mode on two lanes
        _bus.Select(0);
        Out(1, 0xbb);
        Out(2, 0, 0, 5, 0xff);
        In(2, 3).Should().Equal(content[5..8]);
        _bus.Deselect(0);
        // EB: address, mode and four dummy clocks on four lanes, then continuous
        _bus.Select(0);
        Out(1, 0xeb);
        Out(4, 0, 0, 5, 0x20, 0, 0);
        In(4, 3).Should().Equal(content[5..8]);
        _bus.Deselect(0);
        _bus.Select(0);
        Out(4, 0, 1, 5, 0xff, 0, 0);
        In(4, 2).Should().Equal(content[0x105..0x107]);
        _bus.Deselect(0);
        Command(1, 0x9f).Should().Equal(0xef);
        _bench.Messages.Should().ContainSingle().Which.Should().Contain("QE");
    }

    [Test]
    public void Dummy_clocks_need_not_be_whole_bytes()
    {
        byte[] content = [1, 2, 3];
        _bus.Attach(0, new SpiNorFlash(SpiNorModel.W25Q128, content));
        _bus.Select(0);
        Out(1, 0x0b, 0, 0, 1);
        _bus.Exchange(0, new SpiFrame(3));
        _bus.Exchange(0, new SpiFrame(5));
        _bus.Exchange(0, new SpiFrame(16)).Should().Be(0x0203);
    }

    [Test]
    public void The_wrong_number_of_lanes_is_a_guest_error()
    {
        _bus.Attach(0, new SpiNorFlash(SpiNorModel.W25Q128, [1, 2, 3]));
        _bus.Select(0);
        Out(1, 0x03, 0, 0, 0);
        In(4, 1).Should().Equal(0xff);
        _bench.Messages.Should().ContainSingle().Which.Should().Contain("0x03").And.Contain("not on 4");
    }

    [Test]
    public void Four_byte_addresses()
    {
        SpiNorFlash part = _bus.Attach(0, new SpiNorFlash(SpiNorModel.W25Q256));
        part.Memory[0x123_4567] = 0x42;
        Command(1, 0x13, 1, 0x23, 0x45, 0x67).Should().Equal(0x42);
        Command(1, 0x0c, 1, 0x23, 0x45, 0x67, 0).Should().Equal(0x42);
        Command(1, 0x03, 0x23, 0x45, 0x67).Should().Equal(0xff);
        Command(0, 0xb7);
        (Command(1, 0x15)[0] & 1).Should().Be(1);
        Command(1, 0x03, 1, 0x23, 0x45, 0x67).Should().Equal(0x42);
        Command(0, 0x06);
        Command(0, 0x20, 1, 0x23, 0x45, 0x67);
        _bench.Advance(45_000_000);
        part.Memory[0x123_4567].Should().Be(0xff);
        Command(0, 0x66);
        Command(0, 0x99);
        _bench.Advance(30_000);
        (Command(1, 0x15)[0] & 1).Should().Be(0, "a reset ends it");
    }

    // W25Q128JV 7.1.15: SEC TB BP, first and last protected address
    [TestCase(0x04, 0xfc_0000, 0xff_ffff)]
    [TestCase(0x18, 0x80_0000, 0xff_ffff)]
    [TestCase(0x24, 0x00_0000, 0x03_ffff)]
    [TestCase(0x44, 0xff_f000, 0xff_ffff)]
    [TestCase(0x68, 0x00_0000, 0x00_1fff)]
    [TestCase(0x1c, 0x00_0000, 0xff_ffff)]
    public void Block_protection(int status, int first, int last)
    {
        SpiNorFlash part = _bus.Attach(0, new SpiNorFlash(SpiNorModel.W25Q128));
        Command(0, 0x06);
        Command(0, 0x01, (byte)status);
        _bench.Advance(10_000_000);
        Command(1, 0x05)[0].Should().Be((byte)status);
        foreach (int address in (int[])[first, last])
        {
            Program(address, 0);
            part.Memory[address].Should().Be(0xff);
        }

        foreach (int address in (int[])[first - 1, last + 1])
        {
            if (address is < 0 or > 0xff_ffff)
                continue;
            Program(address, 0);
            part.Memory[address].Should().Be(0);
        }

        part.PowerCycle();
        Command(1, 0x05)[0].Should().Be((byte)status, "the register is not volatile");
    }

    [Test]
    public void A_protected_status_register_with_WP_low()
    {
        SpiNorFlash part = _bus.Attach(0, new SpiNorFlash(SpiNorModel.Is25Lp128));
        var pin = new Pin("WP");
        part.WriteProtectPin.Connect(pin);
        pin.Driver("test").Set(true);
        Command(0, 0x06);
        Command(0, 0x01, 0x84);
        _bench.Advance(10_000_000);
        pin.Driver("test").Set(false);
        Command(0, 0x06);
        Command(0, 0x01, 0x00);
        _bench.Advance(10_000_000);
        Command(1, 0x05)[0].Should().Be(0x84);
    }

    [Test]
    public void Deep_power_down()
    {
        _bus.Attach(0, new SpiNorFlash(SpiNorModel.W25Q16, [1]));
        Command(0, 0xb9);
        Command(1, 0x03, 0, 0, 0).Should().Equal(0xff);
        Command(1, 0x9f).Should().Equal(0xff);
        Command(0, 0xab);
        _bench.Advance(3_000);
        Command(1, 0x03, 0, 0, 0).Should().Equal(1);
    }

    [Test]
    public void A_power_cut_tears_an_erase()
    {
        SpiNorFlash part = _bus.Attach(0, new SpiNorFlash(SpiNorModel.W25Q16, new byte[8192]));
        part.WriteBegan += _ => part.CutPower(100);
        Command(0, 0x06);
        Command(0, 0x20, 0, 0, 0);
        part.IsBusy.Should().BeFalse();
        (part.Memory[99], part.Memory[100]).Should().Be(((byte)0xff, (byte)0));
    }

    [Test]
    public void Memory_that_a_CPU_executes_from_is_written_too()
    {
        using var ram = new RamBlock("flash", 16 << 20, 0xff);
        _bus.Attach(0, new SpiNorFlash(SpiNorModel.Is25Lp128, new PartMemory(ram, 16 << 20)));
        Program(0x1000, 0x5a);
        ram.Read(0x1000, 1).Should().Be(0x5a);
    }

    [Test]
    public void Random_words_never_throw_and_state_is_complete([Range(1, 10)] int seed)
    {
        var random = new Random(seed);
        SpiNorModel model = Models().ElementAt(seed % 8);
        _bus.Attach(0, new SpiNorFlash(model));
        byte[] commands = [0x06, 0x06, 0x05, 0x01, 0x31, 0x02, 0x32, 0x20, 0x03, 0x0b, 0xeb, 0xbb, 0x6b, 0x9f, 0x5a, 0x66, 0x99, 0xb9, 0xab, 0xb7, 0xe9, 0x50, 0x4b, 0x90];
        for (int i = 0; i < 3000; i++)
        {
            int lanes = random.Next(4) == 0 ? 1 << random.Next(3) : 1;
            switch (random.Next(6))
            {
                case 0:
                    _bus.Deselect(0);
                    _bus.Select(0);
                    _bus.Exchange(commands[random.Next(commands.Length)]);
                    break;
                case 1:
                    _bench.Advance(random.NextInt64(1L << random.Next(1, 28)));
                    break;
                case 2:
                    _bus.Exchange((uint)random.Next(), new SpiFrame(lanes * random.Next(1, 9), Lanes: lanes, Direction: (SpiDirection)random.Next(3)));
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

    private void Program(int address, byte value)
    {
        Command(0, 0x06);
        Command(0, 0x02, (byte)(address >> 16), (byte)(address >> 8), (byte)address, value);
        _bench.Advance(5_000_000);
    }

    private byte[] Command(int count, params byte[] bytes)
    {
        _bus.Select(0);
        foreach (byte value in bytes)
            _bus.Exchange(value);
        byte[] result = [.. Enumerable.Range(0, count).Select(_ => _bus.Exchange(0))];
        _bus.Deselect(0);
        return result;
    }

    private void Out(int lanes, params byte[] bytes)
    {
        foreach (byte value in bytes)
            _bus.Exchange(value, new SpiFrame(8, Lanes: lanes, Direction: SpiDirection.Out));
    }

    private byte[] In(int lanes, int count)
        => [.. Enumerable.Range(0, count).Select(_ => (byte)_bus.Exchange(0, new SpiFrame(8, Lanes: lanes, Direction: SpiDirection.In)))];
}

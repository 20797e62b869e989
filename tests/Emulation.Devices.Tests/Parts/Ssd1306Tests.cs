using System.IO.Compression;
using Emulation.Core;

namespace Emulation.Devices.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class Ssd1306Tests
{
    // what drivers send for a 128x64 module
    private static readonly byte[] s_initialize =
        [0xae, 0xd5, 0x80, 0xa8, 0x3f, 0xd3, 0x00, 0x40, 0x8d, 0x14, 0x20, 0x00, 0xa1, 0xc8, 0xda, 0x12, 0x81, 0xcf, 0xd9, 0xf1, 0xdb, 0x40, 0xa4, 0xa6, 0x2e, 0xaf];

    private readonly DeviceBench _bench = new();
    private readonly Ssd1306I2c _part = new();
    private I2cBus _bus = null!;

    private Ssd1306 Display => _part.Display;

    [SetUp]
    public void SetUp()
    {
        _bus = new I2cBus("i2c", _bench.Clock, _bench.Log);
        _bus.Attach(0x3c, _part);
    }

    [Test]
    public void A_driver_draws_the_upper_left_pixels()
    {
        Send(0x00, s_initialize);
        Send(0x40, 0x01, 0x03);
        Display.ToText().Split('\n')[..3].Select(line => line[..3]).Should().Equal("##.", ".#.", "...");
        (Display.Contrast, Display.MultiplexRatio, Display.IsOn, Display.IsChargePumpOn).Should().Be(((byte)0xcf, 64, true, true));
        Send(0x00, 0xa7);
        Display[2, 0].Should().BeTrue();
        Display[0, 0].Should().BeFalse();
        Send(0x00, 0xa5);
        Display[0, 0].Should().BeTrue();
        Send(0x00, 0xae);
        Display[0, 0].Should().BeFalse();
    }

    [Test]
    public void Control_bytes_with_Co_set_take_one_byte_each()
    {
        _bus.Start(0x3c, I2cDirection.Write);
        foreach (byte value in (byte[])[0x80, 0x20, 0x80, 0x00, 0x80, 0xaf, 0xc0, 0xff, 0x40, 0x0f, 0xf0])
            _bus.Write(value);
        _bus.Stop();
        Display.AddressingMode.Should().Be(0);
        Display.Ram[..4].ToArray().Should().Equal(0xff, 0x0f, 0xf0, 0);
    }

    [Test]
    public void Horizontal_and_vertical_addressing_in_a_window()
    {
        Send(0x00, 0x20, 0, 0x21, 2, 3, 0x22, 1, 2);
        Send(0x40, 1, 2, 3, 4, 5);
        (Ram(1, 2), Ram(1, 3), Ram(2, 2), Ram(2, 3)).Should().Be((5, 2, 3, 4));
        Send(0x00, 0x20, 1, 0x21, 2, 3, 0x22, 1, 2);
        Send(0x40, 1, 2, 3, 4);
        (Ram(1, 2), Ram(2, 2), Ram(1, 3), Ram(2, 3)).Should().Be((1, 2, 3, 4));
    }

    [Test]
    public void Page_addressing_stays_in_its_page()
    {
        Send(0x00, 0xb3, 0x0f, 0x17);
        Send(0x40, 7, 8);
        (Ram(3, 127), Ram(3, 0), Ram(4, 0)).Should().Be((7, 8, 0));
    }

    [Test]
    public void Remaps_start_line_and_offset()
    {
        Send(0x00, s_initialize);
        Send(0x40, 0x01);
        Send(0x00, 0xa0);
        Display[127, 0].Should().BeTrue();
        Send(0x00, 0xc0);
        Display[127, 63].Should().BeTrue();
        Send(0x00, 0xa1, 0xc8, 0x40 | 60);
        Display[0, 4].Should().BeTrue();
        Send(0x00, 0x40, 0xd3, 62);
        Display[0, 2].Should().BeTrue();
    }

    [Test]
    public void Scrolls_by_frames()
    {
        Send(0x00, s_initialize);
        Send(0x40, 0x81);
        Send(0x00, 0x26, 0, 0, 0, 7, 0, 0xff, 0x2f);
        long step = 5 * Display.FrameTime;
        _bench.Advance((3 * step) + 10);
        Display[3, 0].Should().BeTrue();
        Display[0, 0].Should().BeFalse();
        Send(0x00, 0x2e);
        _bench.Advance(step * 10);
        Display[3, 0].Should().BeTrue();
        Send(0x00, 0x2a, 0, 0, 7, 7, 1, 0x2f);
        _bench.Advance((2 * Display.FrameTime) + 10);
        Display[2, 63].Should().BeTrue("one step to the left and one up");
    }

    [Test]
    public void A_frame_takes_about_ten_milliseconds()
    {
        // D5 80, D9 22, 64 rows: about 106 Hz
        Display.FrameTime.Should().BeInRange(9_000_000, 13_000_000);
    }

    [Test]
    public void Locked_commands_are_ignored()
    {
        Send(0x00, 0xfd, 0x16, 0xaf);
        Display.IsOn.Should().BeFalse();
        Send(0x00, 0xfd, 0x12, 0xaf);
        Display.IsOn.Should().BeTrue();
    }

    [Test]
    public void Status_shows_whether_it_is_on()
    {
        _bus.Start(0x3c, I2cDirection.Read).IsAcknowledged.Should().BeTrue();
        _bus.Read(false).Value.Should().Be(0x40);
        _bus.Stop();
    }

    [Test]
    public void A_screenshot_is_a_PNG_with_its_pixels()
    {
        Send(0x00, s_initialize);
        Send(0x40, 0x01);
        byte[] png = Display.ToPng(2);
        png[..8].Should().Equal(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
        (ReadBig(png, 16), ReadBig(png, 20), png[24], png[25]).Should().Be((256, 128, (byte)8, (byte)0));
        int length = ReadBig(png, 33);
        using var zlib = new ZLibStream(new MemoryStream(png, 41, length), CompressionMode.Decompress);
        using var pixels = new MemoryStream();
        zlib.CopyTo(pixels);
        byte[] rows = pixels.ToArray();
        rows.Should().HaveCount(128 * 257);
        rows[..4].Should().Equal(0, 128 + (0xcf / 2), 128 + (0xcf / 2), 0);
        // CRC of an empty IEND chunk
        png[^4..].Should().Equal(0xae, 0x42, 0x60, 0x82);
    }

    [Test]
    public void On_SPI_the_D_C_input_tells_data()
    {
        var spi = new SpiBus("spi", _bench.Clock, _bench.Log);
        Ssd1306Spi part = spi.Attach(0, new Ssd1306Spi(32));
        var dc = new Pin("DC");
        part.DataCommand.Connect(dc);
        spi.Select(0);
        foreach (byte value in (byte[])[0xa8, 0x1f, 0xda, 0x02, 0xa1, 0xc8, 0xaf, 0x20, 0])
            spi.Exchange(value);
        dc.Driver("gpio").Set(true);
        spi.Exchange(0x8001, new SpiFrame(16));
        spi.Deselect(0);
        part.Display.ToText().Split('\n').Should().HaveCount(33);
        (part.Display[0, 7], part.Display[1, 0], part.Display[0, 0]).Should().Be((true, true, false));
        var reset = new Pin("RES");
        reset.Driver("gpio").Set(true);
        part.ResetPin.Connect(reset);
        reset.Driver("gpio").Set(false);
        part.Display.IsOn.Should().BeFalse();
    }

    [Test]
    public void State_goes_on_scrolling()
    {
        Send(0x00, s_initialize);
        Send(0x40, 1, 2, 3, 4);
        Send(0x00, 0x27, 0, 0, 3, 7, 0, 0xff, 0x2f);
        _bench.Advance(50_000_000);
        byte[] state = DeviceBench.Save(_bus);
        var bench = new DeviceBench(_bench.Now);
        var bus = new I2cBus("i2c", bench.Clock, bench.Log);
        Ssd1306I2c copy = bus.Attach(0x3c, new Ssd1306I2c());
        DeviceBench.Load(bus, state);
        _bench.Advance(100_000_000);
        bench.Advance(100_000_000);
        copy.Display.ToText().Should().Be(Display.ToText());
    }

    private static int ReadBig(byte[] bytes, int offset) => (bytes[offset] << 24) | (bytes[offset + 1] << 16) | (bytes[offset + 2] << 8) | bytes[offset + 3];

    private byte Ram(int page, int column) => Display.Ram[(page * 128) + column];

    private void Send(byte control, params byte[] bytes)
    {
        _bus.Start(0x3c, I2cDirection.Write).IsAcknowledged.Should().BeTrue();
        _bus.Write(control);
        foreach (byte value in bytes)
            _bus.Write(value);
        _bus.Stop();
    }
}

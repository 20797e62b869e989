using Emulation.Core;

namespace Emulation.Devices.Tests;

public sealed class CfiFlashTests
{
    private const ulong Base = 0x2000_0000;
    private const ulong Sector = 256 << 10;
    private DeviceBench _bench = null!;
    private RamBlock _ram = null!;
    private CfiFlash _flash = null!;

    [SetUp]
    public void SetUp() => Plug(new CfiFlashOptions());

    [TearDown]
    public void TearDown() => _ram.Dispose();

    [Test]
    public void Array_mode_is_memory()
    {
        Read(0x1234).Should().Be(0xffff_ffff);
        _ram.Write(0x1000, 4, 0x1122_3344);
        Read(0x1000).Should().Be(0x1122_3344);
        _bench.Memory.TryFind(Base + 0x1000, out FlatRange range).Should().BeTrue();
        range.Region.Should().BeOfType<RamRegion>("code can run from it");
        byte[] dma = new byte[4];
        _bench.Memory.TryRead(Base + 0x1000, dma).Should().BeTrue();
        _bench.Memory.TryWrite(Base + 0x1000, dma).Should().BeFalse();
    }

    [Test]
    public void Query_as_Linux_probes_it()
    {
        Write(0, 0x00f0_00f0);
        Write(0x55 * 4, 0x0098_0098);
        Read(0x10 * 4).Should().Be(0x0051_0051);
        Read(0x11 * 4).Should().Be(0x0052_0052);
        Read(0x12 * 4).Should().Be(0x0059_0059);
        Read(0x13 * 4).Should().Be(0x0001_0001);
        Read(0x27 * 4).Should().Be(0x0014_0014, "each chip has 1 MiB");
        Read(0x2a * 4).Should().Be(0x000b_000b);
        (Read(0x2d * 4) & 0xff).Should().Be(7, "eight sectors");
        (Read(0x30 * 4) & 0xff).Should().Be(2, "of 2 * 256 * 256 bytes");
        Read(0x31 * 4).Should().Be(0x0050_0050);
        _bench.Memory.Read(Base + (0x10 * 4) + 2, 1, out ulong lane).Should().Be(BusResult.Ok);
        lane.Should().Be(0x51);
        _bench.Memory.Read(Base + (0x10 * 4), 8, out ulong wide);
        wide.Should().Be(0x0052_0052_0051_0051);
        Write(0, 0x00ff_00ff);
        Read(0x10 * 4).Should().Be(0xffff_ffff);
    }

    [Test]
    public void Identification()
    {
        Write(Sector, 0x0090_0090);
        Read(0).Should().Be(0x0089_0089);
        Read(4).Should().Be(0x0018_0018);
        Read(Sector + 8).Should().Be(0);
        Read(Sector + 12).Should().Be(0);
    }

    [Test]
    public void Programming_clears_bits_only_and_ends_in_status_mode()
    {
        Program(0x100, 0x1234_5678);
        Read(0x100).Should().Be(0x0080_0080);
        Write(0, 0x00ff_00ff);
        Read(0x100).Should().Be(0x1234_5678);
        Program(0x100, 0xffff_0000);
        Write(0, 0x00ff_00ff);
        Read(0x100).Should().Be(0x1234_0000);
        Read(0x104).Should().Be(0xffff_ffff);
    }

    [Test]
    public void Erase_fills_one_sector()
    {
        var changes = new List<(ulong, ulong)>();
        _flash.ContentChanged += (at, count) => changes.Add((at, count));
        _ram.Write(Sector - 4, 4, 0);
        _ram.Write(Sector, 4, 0);
        _ram.Write((2 * Sector) - 4, 4, 0);
        _ram.Write(2 * Sector, 4, 0);
        Write(Sector + 0x40, 0x0020_0020);
        Write(Sector + 0x40, 0x00d0_00d0);
        Read(0).Should().Be(0x0080_0080);
        Write(0, 0x00ff_00ff);
        Read(Sector - 4).Should().Be(0);
        Read(Sector).Should().Be(0xffff_ffff);
        Read((2 * Sector) - 4).Should().Be(0xffff_ffff);
        Read(2 * Sector).Should().Be(0);
        changes.Should().Equal((Sector, Sector));
    }

    [Test]
    public void Erase_without_confirmation_is_a_sequence_error_that_50h_clears()
    {
        Write(0, 0x0020_0020);
        Write(0, 0x0040_0040);
        Read(0).Should().Be(0x00b0_00b0);
        Write(0, 0x0050_0050);
        Write(0, 0x0070_0070);
        Read(0).Should().Be(0x0080_0080);
        _bench.Messages.Should().ContainSingle();
    }

    [Test]
    public void Buffered_write()
    {
        Write(Sector, 0x00e8_00e8);
        Read(Sector).Should().Be(0x0080_0080, "the buffer is free");
        Write(Sector, 0x001f_001f);
        for (ulong i = 0; i < 32; i++)
            Write(Sector + 0x80 + (4 * i), 0xabcd_0000 + i);
        _ram.Read(Sector + 0x80, 4).Should().Be(0xffff_ffff, "nothing is programmed before the confirmation");
        Write(Sector, 0x00d0_00d0);
        Read(Sector).Should().Be(0x0080_0080);
        Write(Sector, 0x00ff_00ff);
        for (ulong i = 0; i < 32; i++)
            Read(Sector + 0x80 + (4 * i)).Should().Be(0xabcd_0000 + i);
        Read(Sector + 0x100).Should().Be(0xffff_ffff);
        Read(Sector + 0x7c).Should().Be(0xffff_ffff);
    }

    [Test]
    public void Buffered_writes_that_break_the_rules_program_nothing()
    {
        Write(0, 0x00e8_00e8);
        Write(0, 0xffff_ffff);
        Read(0).Should().Be(0x00b0_00b0, "the count is larger than the buffer");
        Write(0, 0x0050_0050);

        Write(0, 0x00e8_00e8);
        Write(0, 0x0001_0001);
        Write(0, 0);
        Write(0x1000, 0);
        Read(0).Should().Be(0x00b0_00b0, "the second word is in another buffer");
        Write(0, 0x0050_0050);

        Write(0, 0x00e8_00e8);
        Write(0, 0);
        Write(0, 0);
        Write(0, 0x00ff_00ff);
        Read(0).Should().Be(0x00b0_00b0, "not confirmed");
        _ram.Read(0, 4).Should().Be(0xffff_ffff);
    }

    [Test]
    public void Locked_sectors_refuse()
    {
        Write(Sector, 0x0060_0060);
        Write(Sector, 0x0001_0001);
        Write(Sector, 0x0090_0090);
        Read(Sector + 8).Should().Be(0x0001_0001);
        Read(8).Should().Be(0);
        Program(Sector, 0);
        Read(Sector).Should().Be(0x0092_0092);
        Write(0, 0x0050_0050);
        Write(Sector, 0x0020_0020);
        Write(Sector, 0x00d0_00d0);
        Read(Sector).Should().Be(0x00a2_00a2);
        _ram.Read(Sector, 4).Should().Be(0xffff_ffff);

        Write(0, 0x0050_0050);
        Write(Sector, 0x0060_0060);
        Write(Sector, 0x00d0_00d0);
        Program(Sector, 0);
        Read(Sector).Should().Be(0x0080_0080);
        _ram.Read(Sector, 4).Should().Be(0);
    }

    [Test]
    public void Read_only_flash_reports_errors()
    {
        Plug(new CfiFlashOptions { ReadOnly = true });
        Program(0, 0);
        Read(0).Should().Be(0x0090_0090);
        Write(0, 0x0020_0020);
        Write(0, 0x00d0_00d0);
        Read(0).Should().Be(0x00b0_00b0);
        _ram.Read(0, 4).Should().Be(0xffff_ffff);
    }

    [Test]
    public void A_single_chip_has_one_lane()
    {
        Plug(new CfiFlashOptions { BankWidth = 2, ChipWidth = 2, SectorSize = 128 << 10 });
        _bench.Memory.Write(Base, 2, 0x98);
        _bench.Memory.Read(Base + (0x10 * 2), 2, out ulong q);
        q.Should().Be(0x51);
        _bench.Memory.Read(Base + (0x27 * 2), 2, out ulong size);
        size.Should().Be(21);
    }

    [Test]
    public void Wrong_geometry_is_refused()
    {
        FluentActions.Invoking(() => new CfiFlash("f", _ram, _bench.Log, new CfiFlashOptions { BankWidth = 3 })).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new CfiFlash("f", _ram, _bench.Log, new CfiFlashOptions { ChipWidth = 4, BankWidth = 2 })).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new CfiFlash("f", _ram, _bench.Log, new CfiFlashOptions { SectorSize = 0 })).Should().Throw<ArgumentException>();
        using var odd = new RamBlock("odd", 3 * Sector);
        FluentActions.Invoking(() => new CfiFlash("f", odd, _bench.Log)).Should().Throw<ArgumentException>();
    }

    [Test]
    public void Reset_returns_to_array_mode_and_keeps_content()
    {
        Program(0x10, 0x1111_1111);
        _flash.Reset();
        Read(0x10).Should().Be(0x1111_1111);
        _bench.Memory.TryFind(Base, out FlatRange range);
        range.Region.Should().BeOfType<RamRegion>();
    }

    [Test]
    public void A_snapshot_in_the_middle_of_a_buffered_write_goes_on()
    {
        Write(0, 0x00e8_00e8);
        Write(0, 0x0001_0001);
        Write(0x20, 0x1111_1111);
        byte[] state = DeviceBench.Save(_flash);
        _flash.Reset();
        Read(0x20).Should().Be(0xffff_ffff);
        DeviceBench.Load(_flash, state);
        Write(0x24, 0x2222_2222);
        Write(0, 0x00d0_00d0);
        _ram.Read(0x20, 8).Should().Be(0x2222_2222_1111_1111);
    }

    private void Plug(CfiFlashOptions options)
    {
        _bench = new DeviceBench();
        _ram?.Dispose();
        _ram = new RamBlock("flash", 2 << 20);
        byte[] erased = new byte[_ram.Size];
        erased.AsSpan().Fill(0xff);
        _ram.Write(0, erased);
        _flash = new CfiFlash("flash", _ram, _bench.Log, options);
        _bench.Memory.Root.Add(Base, _flash.Region);
    }

    private ulong Read(ulong offset)
    {
        _bench.Memory.Read(Base + offset, 4, out ulong value).Should().Be(BusResult.Ok);
        return value;
    }

    private void Write(ulong offset, ulong value) => _bench.Memory.Write(Base + offset, 4, value).Should().Be(BusResult.Ok);

    private void Program(ulong offset, ulong value)
    {
        Write(offset, 0x0040_0040);
        Write(offset, value);
    }
}

using Emulation.Core;

namespace Emulation.Devices.Tests.Cmsdk;

public sealed class TrustZoneMpcTests
{
    private const ulong Control = 0x00, Max = 0x10, Config = 0x14, Index = 0x18, Lut = 0x1c, Status = 0x20, Clear = 0x24, Enable = 0x28, Info1 = 0x2c, Info2 = 0x30, Set = 0x34;
    private RamBlock _ram = null!;
    private TrustZoneMpc _mpc = null!;
    private AddressSpace _secure = null!;
    private AddressSpace _nonSecure = null!;

    [SetUp]
    public void Create()
    {
        var bench = new DeviceBench();
        _ram = new RamBlock("ram", 64 << 12);
        _ram.Write(0x1000, 4, 0x1234);
        _mpc = new TrustZoneMpc("mpc", _ram, 12, bench.Log);
        _secure = new AddressSpace("secure", bench.Log);
        _secure.Root.Add(0, _mpc.Secure);
        _nonSecure = new AddressSpace("other", bench.Log);
        _nonSecure.Root.Add(0, _mpc.NonSecure);
    }

    [Test]
    public void Each_block_is_there_for_one_security_alone()
    {
        (_mpc.Read(Max, 4), _mpc.Read(Config, 4)).Should().Be((1ul, 7ul));
        Read(_secure, 0x1000).Should().Be((BusResult.Ok, 0x1234ul));
        Read(_nonSecure, 0x1000).Should().Be((BusResult.Ok, 0ul), "it reads as zero");
        _mpc.Write(Lut, 4, 2);
        Read(_nonSecure, 0x1000).Should().Be((BusResult.Ok, 0x1234ul));
        _secure.Write(0x1000, 4, 7).Should().Be(BusResult.Ok);
        Read(_secure, 0x1000).Should().Be((BusResult.Ok, 0ul));
        _ram.Read(0x1000, 4).Should().Be(0x1234, "writes vanish");
        Read(_secure, 0x2000).Should().Be((BusResult.Ok, 0ul));
        _mpc.Write(Control, 4, 0x10);
        Read(_secure, 0x1000).Result.Should().Be(BusResult.Refused);
        Read(_nonSecure, 0x2000).Result.Should().Be(BusResult.Refused);
    }

    [Test]
    public void The_first_blocked_access_is_kept_until_its_interrupt_is_cleared()
    {
        _mpc.Write(Enable, 4, 1);
        Read(_nonSecure, 0x3004);
        Read(_nonSecure, 0x5000);
        (_mpc.Irq.Level, _mpc.Read(Status, 4), _mpc.Read(Info1, 4), _mpc.Read(Info2, 4)).Should().Be((true, 1ul, 0x3004ul, 0x1_0000ul));
        _mpc.Write(Clear, 4, 1);
        (_mpc.Irq.Level, _mpc.Read(Status, 4)).Should().Be((false, 0ul));
        _mpc.Write(Lut, 4, 1);
        _secure.Write(8, 4, 0);
        (_mpc.Read(Info1, 4), _mpc.Read(Info2, 4)).Should().Be((8ul, 0x2_0000ul));
        _mpc.Write(Enable, 4, 0);
        (_mpc.Irq.Level, _mpc.Read(Status, 4)).Should().Be((false, 1ul));
        _mpc.Write(Clear, 4, 1);
        _mpc.Write(Enable, 4, 1);
        _mpc.Write(Set, 4, 1);
        _mpc.Irq.Level.Should().BeTrue();
    }

    [Test]
    public void The_index_goes_on_with_accesses_of_words()
    {
        _mpc.Write(Lut, 4, 1);
        _mpc.Read(Index, 4).Should().Be(1);
        _mpc.Write(Lut, 1, 1);
        _mpc.Read(Index, 4).Should().Be(1, "a byte is no word");
        _mpc.Read(Lut, 4).Should().Be(1);
        _mpc.Read(Index, 4).Should().Be(0, "after the last one comes the first");
        _mpc.Write(Control, 4, 0);
        _mpc.Write(Lut, 4, 5);
        (_mpc.Read(Index, 4), _mpc.Read(Lut, 4)).Should().Be((0ul, 5ul));
    }

    [Test]
    public void Locked_it_stays_until_reset()
    {
        _mpc.Write(Control, 4, 0x8000_0100);
        _mpc.Write(Control, 4, 0x10);
        _mpc.Write(Lut, 4, 1);
        _mpc.Write(Enable, 4, 1);
        (_mpc.Read(Control, 4), _mpc.Read(Enable, 4)).Should().Be((0x8000_0100ul, 0ul));
        Read(_secure, 0x1000).Should().Be((BusResult.Ok, 0x1234ul));
        _mpc.Reset();
        _mpc.Write(Lut, 4, 2);
        Read(_secure, 0x1000).Should().Be((BusResult.Ok, 0ul));
    }

    private static (BusResult Result, ulong Value) Read(AddressSpace space, ulong address) => (space.Read(address, 4, out ulong value), value);
}

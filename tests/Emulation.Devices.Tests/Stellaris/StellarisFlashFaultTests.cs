using Emulation.Core;

namespace Emulation.Devices.Tests.Stellaris;

/// <summary>Flash operations of the LM3S6965 that the power interrupts: what is done stays, the rest is as before.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StellarisFlashFaultTests
{
    private const uint Key = 0xa442_0000, Write = 1, Erase = 2, EraseAll = 4;
    private readonly StellarisBench _bench = new();
    private readonly List<MemoryOperation> _asked = [];
    private readonly StellarisFlash _flash;

    public StellarisFlashFaultTests() => _flash = _bench.CreateFlash();

    [TestCase(0ul, 0xffff_ffffu)]
    [TestCase(1ul, 0xffff_ff44u)]
    [TestCase(2ul, 0xffff_3344u)]
    [TestCase(4ul, 0x1122_3344u)]
    [TestCase(99ul, 0x1122_3344u)]
    public void A_torn_word_has_its_first_bytes(ulong bytes, uint result)
    {
        Tear(bytes);
        Command(Write, 0x404, 0x1122_3344);
        _flash.Memory.Read(0x404, 4).Should().Be(result);
        _flash.Memory.Read(0x408, 4).Should().Be(0xffff_ffff);
        _asked.Should().Equal(new MemoryOperation(MemoryOperationKind.Program, 0x404, 4));
        _bench.Bench.Advance(20_000);
        _flash.IsBusy.Should().BeFalse("the operation ends as any other");
    }

    [Test]
    public void A_torn_page_is_erased_at_its_start()
    {
        _flash.Memory.Write(0x400, new byte[0x800]);
        Tear(100);
        Command(Erase, 0x7fc);
        (_flash.Memory.Read(0x463, 1), _flash.Memory.Read(0x464, 1), _flash.Memory.Read(0x800, 1)).Should().Be((0xffUL, 0UL, 0UL));
        _asked.Should().Equal(new MemoryOperation(MemoryOperationKind.Erase, 0x400, StellarisFlash.PageSize));
    }

    [Test]
    public void A_torn_mass_erase_ends_in_the_middle()
    {
        _flash.Memory.Write(0, new byte[StellarisFlash.Size]);
        Tear(StellarisFlash.Size / 2);
        Command(EraseAll, 0);
        _flash.Memory.Read((StellarisFlash.Size / 2) - 1, 1).Should().Be(0xff);
        _flash.Memory.Read(StellarisFlash.Size / 2, 1).Should().Be(0);
    }

    // "Internal Memory": FMPPE bit 0 is for the first 2 KiB
    [Test]
    public void What_is_protected_is_no_operation()
    {
        Tear(0);
        _flash.Protection.Registers.Write(0x400, 4, 0xffff_fffe);
        Command(Write, 0x404, 0);
        Command(EraseAll, 0);
        _asked.Should().BeEmpty();
        (_flash.Read(0x0c, 4) & 1).Should().Be(1, "ARIS");
    }

    private void Tear(ulong bytes) => _flash.BeforeOperation = (in MemoryOperation operation) =>
    {
        _asked.Add(operation);
        return bytes;
    };

    private void Command(uint command, uint address, uint data = 0)
    {
        _flash.Write(0x00, 4, address);
        _flash.Write(0x04, 4, data);
        _flash.Write(0x08, 4, Key | command);
    }
}

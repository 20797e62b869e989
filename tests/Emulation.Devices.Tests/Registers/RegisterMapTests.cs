using Emulation.Core;

namespace Emulation.Devices.Tests;

public sealed class RegisterMapTests
{
    private readonly List<string> _messages = [];
    private GuestLog _log = null!;
    private RegisterMap _map = null!;

    [SetUp]
    public void SetUp()
    {
        _messages.Clear();
        _log = new GuestLog();
        _log.Logged += (_, message) => _messages.Add(message);
        _map = new RegisterMap("dev", _log);
    }

    [Test]
    public void Reset_value_is_read_before_and_after_reset()
    {
        Register control = _map.Define(0x30, "CR", reset: 0x300).Bits(15, 0, "all").Reserved(31, 16);
        _map.Read(0x30, 4).Should().Be(0x300);
        _map.Write(0x30, 4, 0x1234);
        control.Value.Should().Be(0x1234);
        _map.Reset();
        _map.Read(0x30, 4).Should().Be(0x300);
    }

    [Test]
    public void Handles_see_storage()
    {
        _map.Define(0, "R", width: 64).Flag(0, "on", out FlagField on).Bits(63, 8, "n", out BitField n).Reserved(7, 1);
        on.Value = true;
        n.Value = ulong.MaxValue;
        _map.Read(0, 8).Should().Be(0xffff_ffff_ffff_ff01);
        _map.Write(0, 8, 0x1200);
        on.Value.Should().BeFalse();
        n.Value.Should().Be(0x12);
    }

    [TestCase(FieldMode.ReadWrite, 0x0fUL, 0xccUL, 0x0fUL)]
    [TestCase(FieldMode.ReadOnly, 0xccUL, 0xccUL, 0xccUL)]
    [TestCase(FieldMode.WriteOnly, 0x0fUL, 0x00UL, 0x00UL)]
    [TestCase(FieldMode.WriteOneToClear, 0xc0UL, 0xccUL, 0xc0UL)]
    [TestCase(FieldMode.WriteZeroToClear, 0x0cUL, 0xccUL, 0x0cUL)]
    [TestCase(FieldMode.WriteOneToSet, 0xcfUL, 0xccUL, 0xcfUL)]
    [TestCase(FieldMode.WriteOneToToggle, 0xc3UL, 0xccUL, 0xc3UL)]
    [TestCase(FieldMode.ReadToClear, 0x00UL, 0xccUL, 0x00UL)]
    public void Modes(FieldMode mode, ulong storedAfterWrite, ulong firstRead, ulong readAfterWrite)
    {
        Register register = _map.Define(0, "R", reset: 0xcc, width: 8).Bits(7, 0, "f", out BitField field, mode);
        _map.Read(0, 1).Should().Be(firstRead);
        _map.Write(0, 1, 0x0f);
        field.Value.Should().Be(storedAfterWrite);
        register.Value.Should().Be(storedAfterWrite);
        _map.Read(0, 1).Should().Be(readAfterWrite);
    }

    [Test]
    public void Callbacks_get_their_field_after_the_store_and_Then_runs_once()
    {
        var calls = new List<string>();
        BitField? low = null;
        _map.Define(0, "R")
            .Bits(7, 0, "low", out low, write: v => calls.Add($"low {v:x} {low!.Value:x}"))
            .Flag(8, "flag", write: v => calls.Add($"flag {v}"))
            .Bits(31, 9, "rest", FieldMode.ReadOnly, read: () => 5).Then(() => calls.Add("then"));
        _map.Write(0, 4, 0x1ab);
        calls.Should().Equal("low ab ab", "flag True", "then");
        _map.Read(0, 4).Should().Be(0x1ab | (5 << 9));
    }

    [Test]
    public void Narrow_accesses_touch_only_their_lanes()
    {
        int highWrites = 0;
        _map.Define(0, "R", reset: 0xff00ff00)
            .Bits(15, 0, "w1c", out BitField w1c, FieldMode.WriteOneToClear)
            .Bits(23, 16, "high", out _, write: _ => highWrites++)
            .Bits(31, 24, "rc", out BitField readClear, FieldMode.ReadToClear);
        _map.Write(1, 1, 0x0f);
        w1c.Value.Should().Be(0xf000);
        highWrites.Should().Be(0);
        _map.Read(0, 2).Should().Be(0xf000);
        readClear.Value.Should().Be(0xff);
        _map.Read(3, 1).Should().Be(0xff);
        readClear.Value.Should().Be(0);
        _map.Write(2, 2, 0x77);
        highWrites.Should().Be(1);
        _map.Read(2, 1).Should().Be(0x77);
    }

    [Test]
    public void A_field_written_in_part_keeps_the_rest()
    {
        ulong live = 0x1111_2222_3333_4444, seen = 0;
        _map.Define(0, "stored", width: 64).Bits(63, 0, "v", out _, write: v => seen = v);
        _map.Define(8, "live", width: 64).Bits(63, 0, "v", read: () => live, write: v => live = v);
        _map.Write(0, 8, 0xaaaa_bbbb_cccc_dddd);
        _map.Write(4, 4, 0x1234);
        seen.Should().Be(0x0000_1234_cccc_dddd);
        _map.Write(0xc, 4, 0x5678);
        live.Should().Be(0x0000_5678_3333_4444);
    }

    [Test]
    public void Wide_accesses_are_split_ascending()
    {
        var order = new List<int>();
        _map.DefineMany(0, 2, 4, "R").Bits(31, 0, "v", out _, write: (i, _) => order.Add(i));
        _map.Write(0, 8, 0x1111_1111_2222_2222);
        order.Should().Equal(0, 1);
        _map.Read(0, 8).Should().Be(0x1111_1111_2222_2222);
        _map.Read(2, 4).Should().Be(0x1111_2222);
    }

    [Test]
    public void Big_endian_lanes()
    {
        var map = new RegisterMap("be", _log, bigEndian: true);
        map.DefineMany(0, 2, 4, "R").Bits(31, 0, "v");
        map.Write(0, 8, 0x0102_0304_0506_0708);
        map.Read(0, 4).Should().Be(0x0102_0304);
        map.Read(4, 4).Should().Be(0x0506_0708);
        map.Read(0, 1).Should().Be(1);
        map.Read(3, 1).Should().Be(4);
        map.Read(2, 2).Should().Be(0x0304);
        map.Read(0, 8).Should().Be(0x0102_0304_0506_0708);
        map.Write(1, 1, 0xff);
        map.Read(0, 4).Should().Be(0x01ff_0304);
    }

    [Test]
    public void Unknown_offsets_read_zero_and_are_reported_once()
    {
        _map.Define(0, "R").Bits(31, 0, "v");
        for (int i = 0; i < 3; i++)
        {
            _map.Read(4, 4).Should().Be(0);
            _map.Write(1UL << 40, 4, 1);
        }

        _messages.Should().HaveCount(8).And.OnlyHaveUniqueItems();
        _map.Read(0, 8).Should().Be(0);
    }

    [Test]
    public void Reserved_and_unimplemented_bits_keep_their_value_and_complain_once()
    {
        _map.Define(0, "R", reset: 0x8000_0081).Bits(7, 0, "v").Unimplemented(15, 8, "DMA").Ignored(23, 16).Reserved(31, 24);
        _map.Write(0, 4, 0x80ff_0012);
        _messages.Should().BeEmpty();
        _map.Write(0, 4, 0x00ff_0112);
        _map.Write(0, 4, 0x0000_0212);
        _messages.Should().ContainSingle().Which.Should().Contain("0x80000100");
        _map.Read(0, 4).Should().Be(0x8000_0012);
    }

    [Test]
    public void Two_registers_share_an_offset_when_one_is_read_and_one_written()
    {
        _map.Define(2, "IIR", reset: 1, width: 8, access: RegisterAccess.ReadOnly).Bits(7, 0, "id", FieldMode.ReadOnly);
        Register control = _map.Define(2, "FCR", width: 8, access: RegisterAccess.WriteOnly).Bits(7, 0, "control");
        _map.Write(2, 1, 0xc1);
        control.Value.Should().Be(0xc1);
        _map.Read(2, 1).Should().Be(1);
        FluentActions.Invoking(() => new RegisterMap("x", _log).Define(0, "a", width: 24)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Test]
    public void A_bank_hides_registers_while_selected()
    {
        bool selected = false;
        _map.Define(0, "A", width: 8).Bits(7, 0, "v");
        _map.Define(1, "B", width: 8).Bits(7, 0, "v");
        _map.Overlay(() => selected).Define(0, "bank A", reset: 7, width: 8).Bits(6, 0, "v");
        _map.Write(0, 1, 3);
        selected = true;
        _map.Read(0, 1).Should().Be(7);
        _map.Write(0, 1, 9);
        _map.Write(1, 1, 5);
        selected = false;
        _map.Read(0, 2).Should().Be(0x0503);
        _map.Incomplete().Should().ContainSingle().Which.Should().Contain("bank A").And.Contain("0x80");

        var writer = new StateWriter();
        _map.Save(writer);
        _map.Reset();
        _map.Load(new StateReader("dev", 1, writer.Written.ToArray()));
        selected = true;
        _map.Read(0, 1).Should().Be(9);
    }

    [Test]
    public void Arrays_may_interleave()
    {
        _map.DefineMany(0x200000, 3, 0x1000, "threshold").Bits(31, 0, "v", out BitField threshold);
        _map.DefineMany(0x200004, 3, 0x1000, "claim").Bits(31, 0, "v", read: i => (ulong)i + 10, write: static (_, _) => { });
        _map.Write(0x201000, 4, 6);
        threshold[1].Should().Be(6);
        threshold[0].Should().Be(0);
        _map.Read(0x202004, 4).Should().Be(12);
        _map.Read(0x203000, 4).Should().Be(0);
    }

    [Test]
    public void Mistakes_in_definitions_throw()
    {
        Register register = _map.Define(0, "R").Bits(7, 4, "a");
        FluentActions.Invoking(() => register.Bits(4, 2, "overlap")).Should().Throw<ArgumentException>().WithMessage("*overlap [4:2]*bit 4*");
        FluentActions.Invoking(() => register.Flag(32, "wide")).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => register.Bits(8, 9, "swapped")).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => register.Flag(9, "x", FieldMode.ReadOnly, write: _ => { })).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => register.Flag(10, "x", FieldMode.ReadWrite, read: () => true)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => register.Flag(11, "x", FieldMode.WriteOnly, read: () => true, write: _ => { })).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => _map.Define(2, "unaligned")).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => _map.Define(2, "inside", width: 16)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => _map.Define(8, "big", reset: 0x100, width: 8)).Should().Throw<ArgumentException>();
        _map.DefineMany(0x100, 4, 0x10, "array").Bits(31, 0, "v");
        FluentActions.Invoking(() => _map.Define(0x130, "on the last")).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => _map.DefineMany(0x108, 4, 8, "into the second")).Should().Throw<ArgumentException>();
        _map.DefineMany(0x104, 4, 0x10, "between");
        _map.Read(0, 4);
        FluentActions.Invoking(() => _map.Define(0x20, "late")).Should().Throw<InvalidOperationException>();
    }

    [Test]
    public void Incomplete_lists_registers_with_gaps()
    {
        _map.Define(0, "whole").Bits(31, 0, "v");
        _map.Define(4, "gap").Bits(31, 8, "v").Flag(0, "on");
        _map.Incomplete().Should().ContainSingle().Which.Should().Be("gap (0x4): 0xfe");
    }

    [Test]
    public void Load_refuses_another_map_and_keeps_reserved_bits()
    {
        _map.Define(0, "R", reset: 0x100).Bits(7, 0, "v").Reserved(31, 8);
        var writer = new StateWriter();
        writer.Write([0xffff_ffffUL]);
        _map.Load(new StateReader("dev", 1, writer.Written.ToArray()));
        _map.Read(0, 4).Should().Be(0x1ff);
        writer.Write([1UL, 2UL]);
        FluentActions.Invoking(() => _map.Load(new StateReader("dev", 1, writer.Written[12..].ToArray()))).Should().Throw<SnapshotException>();
    }

    [Test]
    public void Dump_shows_fields_without_reading_the_device()
    {
        bool read = false;
        _map.Define(0x30, "CR", reset: 0x301).Flag(0, "EN").Bits(9, 8, "MODE").Reserved(7, 1).Bits(31, 10, "live", FieldMode.ReadOnly, read: () => { read = true; return 0; });
        _map.DefineMany(0x40, 2, 4, "A", width: 16).Bits(15, 0, "v");
        _map.Dump().Should().Contain("000030 CR = 0x00000301 EN=1 MODE=3").And.Contain("000044 A[1] = 0x0000 v=0");
        read.Should().BeFalse();
    }

    [Test]
    public void An_access_allocates_nothing()
    {
        _map.Define(0, "R").Bits(15, 0, "v", out _, write: static _ => { }).Flag(16, "live", FieldMode.ReadOnly, read: static () => true).Reserved(31, 17).Then(static () => { });
        _map.Read(0, 4);
        _map.Read(8, 4);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            _map.Write(0, 4, (ulong)i);
            _map.Read(0, 4);
            _map.Read(8, 4);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }
}

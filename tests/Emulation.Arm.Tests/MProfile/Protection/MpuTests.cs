using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile.Protection;

/// <summary>The MPUs of M-profile, compared with the manuals' pseudocode and register by register.</summary>
public sealed class MpuTests
{
    private const ulong Type = 0xd90, Control = 0xd94, Number = 0xd98, Base = 0xd9c, Attributes = 0xda0;

    [Test]
    public void Armv7_answers_are_those_of_the_pseudocode([Range(0, 19)] int seed)
    {
        var random = new RandomRegions(seed);
        RegisterMap map = Map();
        var unit = new PmsaV7(map, 16, false, () => { });
        var regions = new (uint Base, uint Attributes)[16];
        for (int r = 0; r < 16; r++)
        {
            regions[r] = random.V7();
            map.Write(Base, 4, regions[r].Base | 16 | (uint)r);
            map.Write(Attributes, 4, regions[r].Attributes);
        }

        for (uint control = 0; control < 8; control++)
        {
            map.Write(Control, 4, control);
            Compare(random, unit, (address, privileged, negative) => ManualProtection.V7(address, control, regions, privileged, negative));
        }
    }

    [Test]
    public void Armv8_answers_are_those_of_the_pseudocode([Range(0, 19)] int seed)
    {
        var random = new RandomRegions(seed);
        RegisterMap map = Map();
        var unit = new PmsaV8(map, 8, true, "", () => { });
        var regions = new (uint Base, uint Limit)[8];
        for (uint r = 0; r < 8; r++)
        {
            regions[r] = random.V8();
            map.Write(Number, 4, r);
            map.Write(Base, 4, regions[r].Base);
            map.Write(Attributes, 4, regions[r].Limit);
        }

        for (uint control = 0; control < 8; control++)
        {
            map.Write(Control, 4, control);
            Compare(random, unit, (address, privileged, negative) => ManualProtection.V8(address, control, regions, privileged, negative));
        }
    }

    [Test]
    public void Only_what_changes_answers_is_told()
    {
        RegisterMap map = Map();
        int changes = 0;
        _ = new PmsaV7(map, 8, false, () => changes++);
        map.Write(Base, 4, 0x2000_0010);
        map.Write(Attributes, 4, (3 << 24) | (12 << 1) | 1);
        changes.Should().Be(0, "the unit is off");
        map.Write(Control, 4, 5);
        changes.Should().Be(1);
        map.Write(Base, 4, 0x2000_0010);
        map.Write(Attributes, 4, (3 << 24) | (12 << 1) | 1);
        changes.Should().Be(1, "it has all that");
        map.Write(Attributes, 4, (2 << 24) | (12 << 1) | 1);
        changes.Should().Be(2);
    }

    [Test]
    public void Pages_with_one_answer_are_told()
    {
        RegisterMap map = Map();
        var unit = new PmsaV7(map, 8, false, () => { });
        map.Write(Control, 4, 5);
        // 8 KiB at 0x20000000, whose subregions are 1 KiB; without the sixth
        map.Write(Base, 4, 0x2000_0010);
        map.Write(Attributes, 4, (3 << 24) | (0x20 << 8) | (12 << 1) | 1);
        unit.Check(0x2000_0123, false, false).CoversPage(0x2000_0123).Should().BeTrue("four subregions are alike");
        unit.Check(0x2000_1123, false, false).CoversPage(0x2000_1123).Should().BeFalse("the page has a hole");
        unit.Check(0x2000_2000, true, false).CoversPage(0x2000_2000).Should().BeTrue();
        unit.Check(0x2000_1400, true, false).Region.Should().Be(-1);
    }

    [Test]
    public void Small_regions_have_no_subregions_and_smaller_ones_do_not_exist()
    {
        RegisterMap map = Map();
        var unit = new PmsaV7(map, 8, false, () => { });
        map.Write(Control, 4, 1);
        map.Write(Base, 4, 0x2000_0010);
        map.Write(Attributes, 4, (3 << 24) | (0xff << 8) | (6 << 1) | 1);
        unit.Check(0x2000_0000, false, false).Region.Should().Be(0, "SRD of a region below 256 bytes does not count");
        map.Write(Attributes, 4, (3 << 24) | (3 << 1) | 1);
        unit.Check(0x2000_0000, false, false).Rights.Should().Be(PageRights.None);
    }

    [Test]
    public void Armv7_registers_read_as_written()
    {
        RegisterMap map = Map();
        int changes = 0;
        var unit = new PmsaV7(map, 8, false, () => changes++);
        map.Incomplete().Should().BeEmpty();
        map.Read(Type, 4).Should().Be(0x800);
        map.Write(Control, 4, ulong.MaxValue);
        map.Read(Control, 4).Should().Be(7);
        map.Write(Base, 4, 0x1234_5675);                 // VALID: selects region 5
        map.Read(Number, 4).Should().Be(5);
        map.Read(Base, 4).Should().Be(0x1234_5665);
        map.Write(Attributes, 4, uint.MaxValue);
        map.Read(Attributes, 4).Should().Be(0x173f_ff3f);
        map.Write(Base + 16, 4, 0xffff_ffe2);            // the second alias, without VALID: still region 5
        map.Read(Base, 4).Should().Be(0xffff_ffe5);
        map.Write(Base + 8, 4, 0x2000_0018);             // there is no region 8
        map.Read(Number, 4).Should().Be(5);
        map.Write(Number, 4, 8);
        map.Write(Attributes, 4, 1);
        map.Read(Attributes, 4).Should().Be(0);
        map.Read(Base, 4).Should().Be(0);
        changes.Should().Be(unit.Changes).And.BePositive();
    }

    [Test]
    public void Armv6_registers_have_regions_of_256_bytes()
    {
        RegisterMap map = Map();
        var unit = new PmsaV7(map, 8, true, () => { });
        map.Incomplete().Should().BeEmpty();
        map.Write(Base, 4, 0xffff_ffff);
        map.Read(Base, 4).Should().Be(0, "there is no region 15");
        map.Write(Base, 4, 0xffff_fff1);
        map.Read(Base, 4).Should().Be(0xffff_ff01);
        map.Write(Attributes, 4, uint.MaxValue);
        map.Read(Attributes, 4).Should().Be(0x1707_ff3f);
        map.Write(Control, 4, 1);
        map.Write(Base, 4, 0x10);
        map.Write(Attributes, 4, (3 << 24) | (6 << 1) | 1);
        unit.Check(0, false, false).Rights.Should().Be(PageRights.None);
    }

    [Test]
    public void Armv8_registers_read_as_written()
    {
        RegisterMap map = Map();
        _ = new PmsaV8(map, 8, true, "_S", () => { });
        map.Incomplete().Should().BeEmpty();
        map.Write(Number, 4, 5);
        for (ulong i = 0; i < 4; i++)
        {
            map.Write(Base + (8 * i), 4, 0xffff_ff00 | i);
            map.Write(Attributes + (8 * i), 4, 0xffff_f010 | (i << 1) | 1);
        }

        map.Read(Base, 4).Should().Be(0xffff_ff01, "the first alias names region 5 as well");
        map.Write(Number, 4, 7);
        map.Read(Base, 4).Should().Be(0xffff_ff03);
        map.Read(Attributes, 4).Should().Be(0xffff_f007);
        map.Read(Base + 8, 4).Should().Be(0xffff_ff01);
        map.Write(Number, 4, 9);
        map.Read(Base, 4).Should().Be(0);
        map.Write(0xdc4, 4, 0x1234_5678);
        map.Read(0xdc4, 4).Should().Be(0x1234_5678);
    }

    [Test]
    public void A_CPU_without_regions_has_registers_that_read_as_zero([Values] bool v8)
    {
        RegisterMap map = Map();
        MpuUnit unit = v8 ? new PmsaV8(map, 0, true, "", () => { }) : new PmsaV7(map, 0, false, () => { });
        for (ulong at = Type; at < (v8 ? 0xdc8u : 0xdbcu); at += 4)
        {
            map.Write(at, 4, uint.MaxValue);
            map.Read(at, 4).Should().Be(0, $"0x{at:x}");
        }

        unit.IsEnabled.Should().BeFalse();
        unit.Check(0x1234, false, false).Rights.Should().Be(PageRights.All);
    }

    [Test]
    public void State_is_saved_and_loaded([Values] bool v8)
    {
        var random = new RandomRegions(7);
        (RegisterMap map, MpuUnit unit) = Create(v8);
        map.Write(Control, 4, 5);
        for (uint r = 0; r < 8; r++)
        {
            (uint start, uint rest) = v8 ? random.V8() : random.V7();
            map.Write(Number, 4, r);
            map.Write(Base, 4, start);
            map.Write(Attributes, 4, rest);
        }

        byte[] saved = Save(map, unit);
        (RegisterMap otherMap, MpuUnit other) = Create(v8);
        byte[] fresh = Save(otherMap, other);
        var reader = new StateReader("cpu", 1, saved);
        otherMap.Load(reader);
        other.Load(reader);
        Save(otherMap, other).Should().Equal(saved);
        for (int i = 0; i < 200; i++)
        {
            uint address = random.Address();
            other.Check(address, false, false).Should().Be(unit.Check(address, false, false));
        }

        otherMap.Reset();
        other.Reset();
        Save(otherMap, other).Should().Equal(fresh);
    }

    private static (RegisterMap Map, MpuUnit Unit) Create(bool v8)
    {
        RegisterMap map = Map();
        return (map, v8 ? new PmsaV8(map, 8, true, "", () => { }) : new PmsaV7(map, 8, false, () => { }));
    }

    private static byte[] Save(RegisterMap map, MpuUnit unit)
    {
        var writer = new StateWriter();
        map.Save(writer);
        unit.Save(writer);
        return writer.Written.ToArray();
    }

    private static RegisterMap Map() => new("scs", new GuestLog());

    private static void Compare(RandomRegions random, MpuUnit unit, Func<uint, bool, bool, (bool Read, bool Write, bool Fetch)> manual)
    {
        for (int i = 0; i < 400; i++)
        {
            uint address = random.Address();
            bool privileged = random.Next(2) == 0, negative = random.Next(4) == 0;
            ProtectionResult result = unit.Check(address, privileged, negative);
            result.First.Should().BeLessThanOrEqualTo(address);
            result.Last.Should().BeGreaterThanOrEqualTo(address);
            uint span = Math.Min(result.Last - result.First, 0xffff);
            foreach (uint at in new[] { address, result.First, result.Last, result.First + (uint)random.Next((int)span + 1) })
            {
                (bool read, bool write, bool fetch) = manual(at, privileged, negative);
                PageRights rights = (read ? PageRights.Read : 0) | (write ? PageRights.Write : 0) | (fetch ? PageRights.Execute : 0);
                if (result.Rights != rights)
                    Assert.Fail($"0x{at:x8} (asked for 0x{address:x8}, privileged {privileged}, negative {negative}): {result.Rights} where the manual says {rights}");
            }
        }
    }
}

using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile.Protection;

/// <summary>SAU, IDAU and the answer of TT.</summary>
public sealed class SecurityTests
{
    private const ulong Control = 0xdd0, Type = 0xdd4, Number = 0xdd8, Base = 0xddc, Limit = 0xde0;

    [Test]
    public void Attribution_is_that_of_the_pseudocode([Range(0, 19)] int seed)
    {
        var random = new RandomRegions(seed);
        RegisterMap map = Map();
        var unit = new SecurityAttributionUnit(map, 8, null, () => { });
        var regions = new (uint Base, uint Limit)[8];
        for (uint r = 0; r < 8; r++)
        {
            regions[r] = random.V8();
            map.Write(Number, 4, r);
            map.Write(Base, 4, regions[r].Base);
            map.Write(Limit, 4, regions[r].Limit);
        }

        for (uint control = 0; control < 4; control++)
        {
            map.Write(Control, 4, control);
            for (int i = 0; i < 500; i++)
            {
                uint address = random.Address();
                bool fetch = random.Next(2) == 0, secure = random.Next(2) == 0;
                SecurityAttribution result = unit.Check(address, fetch, secure);
                uint span = Math.Min(result.Last - result.First, 0xffff);
                foreach (uint at in new[] { address, result.First, result.Last, result.First + (uint)random.Next((int)span + 1) })
                {
                    (result.IsNonSecure, result.IsCallable, result.Region ?? -1).Should()
                        .Be(ManualProtection.Security(at, fetch, secure, control, regions), $"0x{at:x8}, asked for 0x{address:x8}, fetch {fetch}, secure {secure}");
                }
            }
        }
    }

    [Test]
    public void An_IDAU_can_only_make_it_more_secure()
    {
        RegisterMap map = Map();
        var unit = new SecurityAttributionUnit(map, 4, new Halves(), () => { });
        map.Write(Control, 4, 2);                        // ALLNS
        unit.Check(0x0000_1000, false, true).IsNonSecure.Should().BeTrue();
        SecurityAttribution secure = unit.Check(0x1000_1000, false, true);
        (secure.IsNonSecure, secure.IsCallable, secure.IdauRegion, secure.First, secure.Last).Should().Be((false, true, (byte?)1, 0x1000_0000u, 0x1fff_ffffu));
        map.Write(Control, 4, 0);
        unit.Check(0x0000_1000, false, true).IsNonSecure.Should().BeFalse("the SAU says Secure");
    }

    [Test]
    public void Registers_read_as_written()
    {
        RegisterMap map = Map();
        var unit = new SecurityAttributionUnit(map, 8, null, () => { });
        map.Incomplete().Should().BeEmpty();
        map.Read(Type, 4).Should().Be(8);
        map.Write(Number, 4, 7);
        map.Write(Base, 4, uint.MaxValue);
        map.Write(Limit, 4, uint.MaxValue);
        map.Read(Base, 4).Should().Be(0xffff_ffe0);
        map.Read(Limit, 4).Should().Be(0xffff_ffe3);
        map.Write(Number, 4, 8);
        map.Write(Base, 4, uint.MaxValue);
        map.Read(Base, 4).Should().Be(0);

        var writer = new StateWriter();
        map.Save(writer);
        unit.Save(writer);
        RegisterMap other = Map();
        var loaded = new SecurityAttributionUnit(other, 8, null, () => { });
        var reader = new StateReader("cpu", 1, writer.Written.ToArray());
        other.Load(reader);
        loaded.Load(reader);
        other.Write(Number, 4, 7);
        other.Read(Limit, 4).Should().Be(0xffff_ffe3);
        loaded.Reset();
        other.Reset();
        other.Write(Number, 4, 7);
        other.Read(Limit, 4).Should().Be(0);

        RegisterMap hidden = Map();
        SecurityAttributionUnit.DefineHidden(hidden);
        hidden.Incomplete().Should().BeEmpty();
        hidden.Write(Control, 4, 3);
        hidden.Read(Type, 4).Should().Be(0);
    }

    [TestCase(true, -1, PageRights.All, false, 0x000c_0000u, TestName = "Non-secure, no region")]
    [TestCase(true, 3, PageRights.Read, false, 0x0005_0003u, TestName = "Non-secure, read-only region")]
    [TestCase(false, 3, PageRights.All, false, 0x0000_0000u, TestName = "Non-secure, unprivileged")]
    [TestCase(true, 3, PageRights.All, true, 0x02bf_0503u, TestName = "Secure, of Non-secure memory")]
    public void TT_answers(bool known, int region, PageRights rights, bool isSecure, uint expected)
        => TestTarget.Response(
            known ? new ProtectionResult(rights, MemoryType.Normal, 0, 31, region) : null,
            isSecure ? new SecurityAttribution(true, false, 0, 31, 5, 2) : null).Should().Be(expected);

    [Test]
    public void TT_of_Secure_memory_grants_Non_secure_nothing()
        => TestTarget.Response(new ProtectionResult(PageRights.All, MemoryType.Normal, 0, 31), new SecurityAttribution(false, true, 0, 31)).Should().Be(0x004c_0000);

    private static RegisterMap Map() => new("scs", new GuestLog());

    /// <summary>Bit 28 of an address is its security, as on many boards.</summary>
    private sealed class Halves : IArmIdau
    {
        public IdauAttribution Check(uint address)
        {
            bool secure = (address & 0x1000_0000) != 0;
            uint first = address & 0xf000_0000;
            return new IdauAttribution(!secure, secure, first, first | 0x0fff_ffff, (byte)(address >> 28));
        }
    }
}

using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.RiscV.Tests.Privileged;

public sealed class PageWalkTests
{
    private const ulong V = 1, R = 2, W = 4, X = 8, U = 16, A = 64, D = 128;
    private const ulong Tables = TestHart.RamBase + 0x1_0000;
    private const ulong Adue = 1UL << 61, Pbmte = 1UL << 62;
    private static readonly MemoryAccessKind[] s_kinds = [MemoryAccessKind.Read, MemoryAccessKind.Write, MemoryAccessKind.Fetch];

    private static readonly (string Name, string Isa, ulong Mode, int Levels, int Bits, int Bytes)[] s_formats =
    [
        ("Sv32", "rv32gc_svadu", 1UL << 31, 2, 10, 4),
        ("Sv39", "rv64gc_svadu_svnapot_svpbmt", 8UL << 60, 3, 9, 8),
        ("Sv48", "rv64gc_svadu_svnapot_svpbmt", 9UL << 60, 4, 9, 8),
        ("Sv57", "rv64gc_svadu_svnapot_svpbmt", 10UL << 60, 5, 9, 8),
    ];

    private static IEnumerable<TestCaseData> Leaves()
    {
        foreach ((string Name, string, ulong, int Levels, int, int) format in s_formats)
        {
            for (int level = 0; level < format.Levels; level++)
                yield return new TestCaseData(format, level).SetArgDisplayNames(format.Name, $"level {level}");
        }
    }

    [TestCaseSource(nameof(Leaves))]
    public void Every_combination_of_bits_mode_and_access((string Name, string Isa, ulong Mode, int Levels, int Bits, int Bytes) format, int level)
    {
        using TestHart hart = NewHart(format.Isa);
        Map map = new(hart, format, level);
        foreach (bool update in (bool[])[false, true])
        {
            SetEnvironment(hart, update ? Adue : 0);
            for (ulong bits = 0; bits < 256; bits++)
            {
                for (int index = 1; index < RiscVMode.MmuCount; index++)
                {
                    foreach (MemoryAccessKind kind in s_kinds)
                    {
                        map.Entry = map.Pointing | bits;
                        int? fault = hart.Translate(map.Address, kind, index, out PageTranslation t);
                        string what = $"entry bits 0x{bits:x2}, index {index}, {kind}, hardware update {update}";
                        bool allowed = Allowed(bits, index, kind, update, out PageRights rights, out ulong after);
                        fault.Should().Be(allowed ? null : PageFault(kind), what);
                        map.Entry.Should().Be(map.Pointing | (allowed ? after : bits), what);
                        if (!allowed)
                            continue;
                        t.Physical.Should().Be(map.Target & ~0xfffUL, what);
                        t.Rights.Should().Be(rights, what);
                    }
                }
            }
        }
    }

    [TestCaseSource(nameof(Leaves))]
    public void A_superpage_must_be_aligned((string Name, string Isa, ulong Mode, int Levels, int Bits, int Bytes) format, int level)
    {
        using TestHart hart = NewHart(format.Isa);
        Map map = new(hart, format, level);
        for (int bit = 0; bit < level * format.Bits; bit++)
        {
            map.Entry = map.Pointing | V | R | A | (1UL << (10 + bit));
            hart.Translate(map.Address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().Be(Cause.LoadPage, $"bit {bit} of the page number");
        }
    }

    [TestCaseSource(nameof(Leaves))]
    public void Reserved_bits_fault((string Name, string Isa, ulong Mode, int Levels, int Bits, int Bytes) format, int level)
    {
        if (format.Bytes == 4)
            Assert.Pass("an Sv32 entry has none");
        using TestHart hart = NewHart(format.Isa);
        Map map = new(hart, format, level);
        for (int bit = 54; bit < 63; bit++)
        {
            map.Entry = map.Pointing | V | R | A | (1UL << bit);
            hart.Translate(map.Address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().Be(Cause.LoadPage, $"bit {bit} of a leaf");
        }

        if (level + 1 == format.Levels)
            return;
        map.Entry = map.Pointing | V | R | A;
        foreach (ulong bit in (ulong[])[U, A, D, 1UL << 54, 1UL << 60, 1UL << 61, 1UL << 63])
        {
            map.Above |= bit;
            hart.Translate(map.Address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().Be(Cause.LoadPage, $"bit 0x{bit:x} of a pointer");
            map.Above &= ~bit;
        }

        hart.Translate(map.Address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().BeNull();
    }

    [TestCase(0, true, true)]
    [TestCase(1, false, true)]
    [TestCase(2, false, true)]
    [TestCase(3, false, false)]
    public void Page_based_memory_types(int type, bool allowedWhenOff, bool allowedWhenOn)
    {
        using TestHart hart = NewHart(s_formats[1].Isa);
        Map map = new(hart, s_formats[1], 0) { Entry = 0 };
        map.Entry = map.Pointing | V | R | A | ((ulong)type << 61);
        hart.Translate(map.Address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().Be(allowedWhenOff ? null : Cause.LoadPage);
        SetEnvironment(hart, Pbmte);
        hart.Translate(map.Address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().Be(allowedWhenOn ? null : Cause.LoadPage);
    }

    [Test]
    public void Naturally_aligned_64_kib_pages_take_their_low_bits_from_the_address()
    {
        using TestHart hart = NewHart(s_formats[1].Isa);
        Map map = new(hart, s_formats[1], 0);
        ulong number = 0x8_0120;
        for (ulong page = 0; page < 16; page++)
        {
            ulong address = (map.Address & ~0xffffUL) | (page << 12);
            map.EntryFor(address, ((number | 8) << 10) | (1UL << 63) | V | R | A);
            hart.Translate(address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out PageTranslation t).Should().BeNull();
            t.Physical.Should().Be((number + page) << 12);
        }

        foreach (ulong low in (ulong[])[0, 1, 2, 4, 9, 12, 15])
        {
            map.Entry = ((number | low) << 10) | (1UL << 63) | V | R | A;
            hart.Translate(map.Address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().Be(Cause.LoadPage, $"encoding {low} is reserved");
        }
    }

    [Test]
    public void Napot_without_the_extension_or_in_a_superpage_is_reserved()
    {
        using TestHart without = NewHart("rv64gc");
        Map map = new(without, s_formats[1], 0);
        map.Entry = (0x8_0128UL << 10) | (1UL << 63) | V | R | A;
        without.Translate(map.Address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().Be(Cause.LoadPage);

        using TestHart hart = NewHart(s_formats[1].Isa);
        map = new(hart, s_formats[1], 1);
        map.Entry = map.Pointing | (1UL << 63) | V | R | A;
        hart.Translate(map.Address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().Be(Cause.LoadPage);
    }

    [TestCase(1, 39)]
    [TestCase(2, 48)]
    [TestCase(3, 57)]
    public void Addresses_must_be_sign_extended(int format, int bits)
    {
        using TestHart hart = NewHart(s_formats[format].Isa);
        Map map = new(hart, s_formats[format], s_formats[format].Levels - 1);
        map.EntryFor(1UL << (bits - 1), V | R | X | A);
        map.EntryFor(0, V | R | X | A);
        ulong negative = ulong.MaxValue << (bits - 1);
        hart.Translate(negative, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().BeNull();
        hart.Translate(0, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().BeNull();
        foreach (ulong address in (ulong[])[1UL << (bits - 1), 1UL << bits, negative ^ (1UL << 63), 1UL << 63])
        {
            hart.Translate(address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().Be(Cause.LoadPage, $"0x{address:x}");
            hart.Translate(address, MemoryAccessKind.Fetch, RiscVMode.MmuSupervisor, out _).Should().Be(Cause.FetchPage, $"0x{address:x}");
        }
    }

    [Test]
    public void A_table_outside_memory_is_an_access_fault_of_the_access()
    {
        using TestHart hart = NewHart(s_formats[1].Isa);
        hart[0x180] = (8UL << 60) | 0x10;
        foreach ((MemoryAccessKind kind, int cause) in ((MemoryAccessKind, int)[])[(MemoryAccessKind.Read, Cause.LoadAccess), (MemoryAccessKind.Write, Cause.StoreAccess), (MemoryAccessKind.Fetch, Cause.FetchAccess)])
            hart.Translate(0x1000, kind, RiscVMode.MmuSupervisor, out _).Should().Be(cause);
    }

    [Test]
    public void Tables_are_read_and_updated_under_protection_of_supervisor_mode()
    {
        using TestHart hart = NewHart(s_formats[1].Isa + "_smepmp");
        SetEnvironment(hart, Adue);
        Map map = new(hart, s_formats[1], 0);
        map.Entry = map.Pointing | V | R | W;
        hart[0x3b0] = Tables >> 2;
        hart[0x3b1] = (Tables + 0x1_0000) >> 2;
        hart[0x3b2] = ulong.MaxValue;
        hart[0x3a0] = 0x1f_09_00; // tables read-only, the rest open
        hart.Translate(map.Address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().Be(Cause.LoadAccess, "the accessed bit cannot be stored");
        map.Entry = map.Pointing | V | R | W | A;
        hart.Translate(map.Address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().BeNull();
        hart.Translate(map.Address, MemoryAccessKind.Write, RiscVMode.MmuSupervisor, out _).Should().Be(Cause.StoreAccess);
        hart[0x3a0] = 0x1f_08_00;
        hart.Translate(map.Address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().Be(Cause.LoadAccess, "the tables cannot be read");
    }

    [Test]
    public void The_page_itself_is_protected_byte_by_byte()
    {
        using TestHart hart = NewHart(s_formats[1].Isa);
        Map map = new(hart, s_formats[1], 0);
        map.Entry = map.Pointing | V | R | W | A | D;
        hart[0x3b0] = (map.Target + 0x800) >> 2;
        hart[0x3b1] = ulong.MaxValue;
        hart[0x3a0] = 0x1b_09; // read-only up to the middle of the page, then read and write
        ulong page = map.Address & ~0xfffUL;
        hart.Translate(page + 0x7f8, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out PageTranslation t, size: 8).Should().BeNull();
        t.Cacheable.Should().BeFalse();
        hart.Translate(page + 0x7f8, MemoryAccessKind.Write, RiscVMode.MmuSupervisor, out _, size: 8).Should().Be(Cause.StoreAccess);
        hart.Translate(page + 0x800, MemoryAccessKind.Write, RiscVMode.MmuSupervisor, out _, size: 8).Should().BeNull();
        hart.Translate(page + 0x7fc, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _, size: 8).Should().Be(Cause.LoadAccess, "it spans two entries");
        map.Entry = ((map.Pointing >> 10) + 1) << 10 | V | R | W | A | D;
        hart.Translate(page, MemoryAccessKind.Write, RiscVMode.MmuSupervisor, out t).Should().BeNull();
        t.Cacheable.Should().BeTrue();
    }

    [Test]
    public void Updates_mark_the_table_dirty_and_report_code_on_its_page()
    {
        using TestHart hart = NewHart(s_formats[1].Isa);
        SetEnvironment(hart, Adue);
        Map map = new(hart, s_formats[1], 0);
        map.Entry = map.Pointing | V | R | W;
        ulong offset = map.EntryAddress - TestHart.RamBase;
        hart.Ram.ClearDirty();
        hart.Translate(map.Address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().BeNull();
        hart.Ram.IsDirty(offset).Should().BeTrue();
        int reports = 0;
        hart.Ram.CodeModified += (_, at, count) => reports += at <= offset && offset < at + count ? 1 : 0;
        hart.Ram.MarkCode(offset);
        hart.Translate(map.Address, MemoryAccessKind.Write, RiscVMode.MmuSupervisor, out _).Should().BeNull();
        reports.Should().Be(1);
        map.Entry.Should().Be(map.Pointing | V | R | W | A | D);
    }

    [Test]
    public void Bare_mode_and_machine_mode_use_physical_addresses()
    {
        using TestHart hart = NewHart("rv64gc");
        hart.Translate(0x8000_1234, MemoryAccessKind.Write, RiscVMode.MmuUser, out PageTranslation t).Should().BeNull();
        t.Should().Be(new PageTranslation(0x8000_1000, PageRights.All, Global: true));
        Map map = new(hart, s_formats[1], 0);
        map.Entry = map.Pointing | V | R | A;
        hart.Translate(0x8000_1234, MemoryAccessKind.Fetch, RiscVMode.MmuMachine, out t).Should().BeNull();
        t.Physical.Should().Be(0x8000_1000);
    }

    [Test]
    public void Svade_alone_never_updates()
    {
        using TestHart hart = NewHart("rv64gc_svade");
        SetEnvironment(hart, Adue);
        Map map = new(hart, s_formats[1], 0);
        map.Entry = map.Pointing | V | R;
        hart.Translate(map.Address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().Be(Cause.LoadPage);
    }

    [TestCase("rv64gc_svadu", true)]
    [TestCase("rv64gc_svadu_svade", false)]
    [TestCase("rv64gc", false)]
    public void After_reset_bits_are_updated_if_the_isa_promises_nothing_else(string isa, bool updates)
    {
        using TestHart hart = NewHart(isa);
        Map map = new(hart, s_formats[1], 0);
        map.Entry = map.Pointing | V | R;
        hart.Translate(map.Address, MemoryAccessKind.Read, RiscVMode.MmuSupervisor, out _).Should().Be(updates ? null : Cause.LoadPage);
    }

    private static TestHart NewHart(string isa)
    {
        var hart = new TestHart(isa);
        hart.Memory.Root.Add(0, new RamRegion(new RamBlock("zeros", 4096))); // what an aligned upper-level entry points to as a table
        hart[0x3b0] = ulong.MaxValue; // all memory open to S and U
        hart[0x3a0] = 0x1f;
        return hart;
    }

    private static void SetEnvironment(TestHart hart, ulong bits)
    {
        if (hart.Cpu.Xlen == 32)
            hart[0x31a] = bits >> 32;
        else
            hart[0x30a] = bits;
    }

    private static int PageFault(MemoryAccessKind kind) => kind switch
    {
        MemoryAccessKind.Read => 13,
        MemoryAccessKind.Write => 15,
        _ => 12,
    };

    // RISC-V Privileged, "Virtual Address Translation Process", steps 3 to 9, written out
    private static bool Allowed(ulong e, int index, MemoryAccessKind kind, bool update, out PageRights rights, out ulong after)
    {
        bool supervisor = index is RiscVMode.MmuSupervisor or RiscVMode.MmuSupervisorSum or RiscVMode.MmuSupervisorMxr or RiscVMode.MmuSupervisorSumMxr;
        bool sum = index is RiscVMode.MmuSupervisorSum or RiscVMode.MmuSupervisorSumMxr;
        bool mxr = index is RiscVMode.MmuUserMxr or RiscVMode.MmuSupervisorMxr or RiscVMode.MmuSupervisorSumMxr;
        bool Is(ulong bit) => (e & bit) != 0;
        rights = PageRights.None;
        after = e;
        if (!Is(V) || (!Is(R) && Is(W)) || (!Is(R) && !Is(X)))
            return false;
        bool MayUse(MemoryAccessKind k)
        {
            bool page = k switch
            {
                MemoryAccessKind.Read => Is(R) || (mxr && Is(X)),
                MemoryAccessKind.Write => Is(W),
                _ => Is(X),
            };
            bool privileged = supervisor ? !Is(U) || (sum && k != MemoryAccessKind.Fetch) : Is(U);
            return page && privileged;
        }

        if (!MayUse(kind))
            return false;
        ulong wanted = A | (kind == MemoryAccessKind.Write ? D : 0);
        if ((e & wanted) != wanted && !update)
            return false;
        after |= wanted;
        rights = (MayUse(MemoryAccessKind.Read) ? PageRights.Read : 0)
            | (MayUse(MemoryAccessKind.Write) && (after & D) != 0 ? PageRights.Write : 0)
            | (MayUse(MemoryAccessKind.Fetch) ? PageRights.Execute : 0);
        return true;
    }

    /// <summary>A chain of tables that leads to one leaf entry.</summary>
    private sealed class Map
    {
        private readonly TestHart _hart;
        private readonly (string Name, string Isa, ulong Mode, int Levels, int Bits, int Bytes) _format;
        private readonly int _level;

        public Map(TestHart hart, (string Name, string Isa, ulong Mode, int Levels, int Bits, int Bytes) format, int level)
        {
            (_hart, _format, _level) = (hart, format, level);
            Address = 0x1234_5678 & ((1UL << (12 + (format.Levels * format.Bits) - 1)) - 1);
            hart[0x180] = format.Mode | (Tables >> 12);
            for (int i = format.Levels - 1; i > level; i--)
                Store(Place(i, Address), (((Tables >> 12) + (ulong)(format.Levels - i)) << 10) | V);
            Pointing = (TestHart.RamBase >> 12 >> (level * format.Bits) << (level * format.Bits)) << 10;
            ulong within = (1UL << (12 + (level * format.Bits))) - 1;
            Target = ((Pointing << 2) & ~within) | (Address & within & ~0xfffUL);
        }

        public ulong Address { get; }

        public ulong Target { get; }

        /// <summary>The page number field of a leaf entry that is right for its level.</summary>
        public ulong Pointing { get; }

        public ulong EntryAddress => Place(_level, Address);

        public ulong Entry
        {
            get => Load(EntryAddress);
            set => Store(EntryAddress, value);
        }

        public ulong Above
        {
            get => Load(Place(_level + 1, Address));
            set => Store(Place(_level + 1, Address), value);
        }

        public void EntryFor(ulong address, ulong entry) => Store(Place(_level, address), entry);

        private ulong Place(int level, ulong address)
            => Tables + ((ulong)(_format.Levels - 1 - level) << 12)
                + (((address >> (12 + (level * _format.Bits))) & ((1UL << _format.Bits) - 1)) * (ulong)_format.Bytes);

        private ulong Load(ulong place) => _hart.Ram.Read(place - TestHart.RamBase, _format.Bytes);

        private void Store(ulong place, ulong value) => _hart.Ram.Write(place - TestHart.RamBase, _format.Bytes, value);
    }
}

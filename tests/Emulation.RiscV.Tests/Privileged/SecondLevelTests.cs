using Emulation.Core;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.RiscV.Tests.Privileged;

/// <summary>Translations that the first level of the TLB has forgotten and the second has not: good until a fence, and no longer.</summary>
public sealed class SecondLevelTests
{
    private const ulong V = 1, R = 2, W = 4, X = 8, U = 16, A = 64, D = 128;
    private const int Pages = 8192, Frames = 64;
    private const ulong Tables = TestHart.RamBase + 0x1_0000, Data = TestHart.RamBase + 0x4_0000, Device = 0x1000_0000;
    private const int Satp = 0x180, PmpConfig = 0x3a0, PmpAddress = 0x3b0, Security = 0x747, Environment = 0x30a;
    private const ulong Asid = 5;
    private TestHart _hart = null!;

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return Case("sfence.vma", static h => h.Cpu.Fence(null, null), true);
        yield return Case("sfence.vma address", static h => h.Cpu.Fence(8, null), true);
        yield return Case("sfence.vma address, asid", static h => h.Cpu.Fence(8, Asid), true);
        yield return Case("sfence.vma asid", static h => h.Cpu.Fence(null, Asid), true);
        yield return Case("sfence.vma another asid", static h => h.Cpu.Fence(null, Asid + 1), false);
        yield return Case("sfence.vma another address", static h => h.Cpu.Fence(0x1000, null), false);
        yield return Case("sfence.vma an address in its place", static h => h.Cpu.Fence(1024 << 12, null), false);
        yield return Case("satp", static h => h[Satp] ^= 1UL << 50, true);
        yield return Case("satp and back", static h => h[Satp] = (h[Satp] ^= 1UL << 50) ^ (1UL << 50), true);
        yield return Case("pmpaddr", static h => h[PmpAddress + 1] = 1, true);
        yield return Case("pmpcfg", static h => h[PmpConfig] = 0x1f, true);
        yield return Case("mseccfg", static h => h[Security] = 4, true);
        yield return Case("menvcfg", static h => h[Environment] ^= 1UL << 61, true);

        static TestCaseData Case(string name, Action<TestHart> change, bool forgets) => new TestCaseData(change, forgets).SetArgDisplayNames(name);
    }

    [SetUp]
    public void SetUp()
    {
        _hart = new TestHart();
        _hart[PmpAddress] = ulong.MaxValue;
        _hart[PmpConfig] = 0x1f;
        _hart[Satp] = (8UL << 60) | (Asid << 44) | (Tables >> 12);
        Store(Tables, ((Tables + 0x1000) >> 2) | V);
        for (ulong i = 0; i < Pages / 512; i++)
            Store(Tables + 0x1000 + (8 * i), ((Tables + 0x2000 + (i << 12)) >> 2) | V);
        for (int i = 0; i < Pages; i++)
            Map(i, i % Frames, V | R | W | A | D);
        for (int i = 0; i < Frames; i++)
            Store(Frame(i), (ulong)i);
    }

    [TearDown]
    public void TearDown() => _hart.Dispose();

    [Test]
    public void Pages_that_contend_for_a_place_are_walked_once()
    {
        ulong before = _hart.Cpu.PageWalks;
        for (int i = 0; i < 10; i++)
        {
            Load(0).Should().Be(0);
            Load(1024).Should().Be(0);
            Load(2049).Should().Be(1);
        }

        _hart.Cpu.PageWalks.Should().Be(before + 3);
    }

    [Test]
    public void It_grows_until_it_holds_what_is_used()
    {
        for (int round = 0; round < 4; round++)
        {
            ulong before = _hart.Cpu.PageWalks;
            for (int i = 0; i < Pages; i++)
                Load(i).Should().Be((ulong)(i % Frames));
            if (round >= 2)
                _hart.Cpu.PageWalks.Should().Be(before, "round {0}", round);
        }

        for (int i = 0; i < 300; i++)
        {
            _hart.Cpu.Fence(null, null);
            Map(7, i % Frames, V | R | A);
            Load(7).Should().Be((ulong)(i % Frames), "flush {0}", i);
        }
    }

    [TestCaseSource(nameof(Changes))]
    public void A_changed_entry_counts_when_the_guest_says_so(Delegate change, bool forgets)
    {
        Load(0).Should().Be(0);
        Load(1024).Should().Be(0);
        Map(0, 9, V | R | W | A | D);
        Load(0).Should().Be(0, "nothing was fenced yet");
        Load(1024);
        ((Action<TestHart>)change)(_hart);
        Load(0).Should().Be(forgets ? 9UL : 0);
        Load(0, RiscVMode.MmuSupervisorSum).Should().Be(9, "another regime never saw the old one");
    }

    [Test]
    public void The_first_level_knows_nothing_that_the_second_has_lost()
    {
        // In two regimes the places of these two differ in the first level, and are the same in the second.
        const int Other = 0x155;
        Load(0).Should().Be(0);
        Map(0, 9, V | R | A);
        Load(Other + 1, RiscVMode.MmuSupervisorSum);
        Load(0).Should().Be(0);
        Load(Other, RiscVMode.MmuSupervisorSum);
        Load(0).Should().Be(9);
    }

    [Test]
    public void A_right_that_was_missing_is_looked_up_again()
    {
        _hart[Environment] = 0;
        Map(0, 3, V | R | A);
        Load(0).Should().Be(3);
        Fault(() => TryStore(0, 1)).Should().Be(Cause.StorePage);
        Map(0, 3, V | R | W | A);
        Load(1024);
        Fault(() => TryStore(0, 1)).Should().Be(Cause.StorePage, "it is not dirty");
        Map(0, 4, V | R | W | A | D);
        TryStore(0, 77).Should().BeTrue();
        Value(Frame(4)).Should().Be(77);
        Load(0).Should().Be(77, "the store found where the page lies now");
    }

    [Test]
    public void Accessed_and_dirty_bits_are_set_by_walks([Values] bool contended)
    {
        _hart[Environment] = 1UL << 61;
        Map(0, 3, V | R | W);
        Load(0);
        Entry(0).Should().Be(V | R | W | A);
        Push();
        TryStore(0, 1).Should().BeTrue();
        Entry(0).Should().Be(V | R | W | A | D);
        Map(0, 3, V | R | W);
        Push();
        Load(0);
        TryStore(0, 2).Should().BeTrue();
        Entry(0).Should().Be(V | R | W, "the translation is known");
        Push();
        _hart.Cpu.Fence(8, null);
        Load(0);
        Entry(0).Should().Be(V | R | W | A);
        TryStore(0, 3).Should().BeTrue();
        Entry(0).Should().Be(V | R | W | A | D);

        void Push()
        {
            if (contended)
                Load(1024);
        }
    }

    [Test]
    public void Regimes_are_apart()
    {
        Map(0, 1, V | R | U | A);
        Map(1, 2, V | X | U | A);
        for (int i = 0; i < 3; i++)
        {
            Load(0, RiscVMode.MmuUser).Should().Be(1);
            Fault(() => TryLoad(0, RiscVMode.MmuSupervisor)).Should().Be(Cause.LoadPage);
            Load(0, RiscVMode.MmuSupervisorSum).Should().Be(1);
            Load(1, RiscVMode.MmuUserMxr).Should().Be(2);
            Fault(() => TryLoad(1, RiscVMode.MmuUser)).Should().Be(Cause.LoadPage);
            Load(1, RiscVMode.MmuSupervisorSumMxr).Should().Be(2);
            Fault(() => TryLoad(1, RiscVMode.MmuSupervisorSum)).Should().Be(Cause.LoadPage);
            Fault(() => TryLoad(1, RiscVMode.MmuSupervisorMxr)).Should().Be(Cause.LoadPage);
            Fault(() => TryLoad(0, RiscVMode.MmuMachine)).Should().Be(Cause.LoadAccess);
        }
    }

    [Test]
    public void Protection_that_changes_counts_at_once()
    {
        Load(5).Should().Be(5);
        Load(5 + 1024);
        _hart[PmpAddress + 1] = ulong.MaxValue;
        _hart[PmpAddress] = Frame(5) >> 2 | 0x1ff;
        _hart[PmpConfig] = 0x1f18;
        Fault(() => TryLoad(5)).Should().Be(Cause.LoadAccess);
        Load(6).Should().Be(6);
        _hart[PmpConfig] = 0x1f19;
        Load(5).Should().Be(5);
        Fault(() => TryStore(5, 1)).Should().Be(Cause.StoreAccess);
        Load(6).Should().Be(6);
    }

    [Test]
    public void A_page_that_comes_to_lie_in_divided_memory_is_checked_each_time()
    {
        // the first eight bytes of frame 8 are closed
        _hart[Environment] = 0;
        _hart[PmpAddress + 1] = ulong.MaxValue;
        _hart[PmpAddress] = Frame(8) >> 2;
        _hart[PmpConfig] = 0x1f18;
        Map(9, 9, V | R | W | A);
        Load(9).Should().Be(9);
        Map(9, 8, V | R | W | A | D);
        _hart.Cpu.TryStore(0x9ff8, new MemOp(8, false, RiscVMode.MmuSupervisor), 1).Should().BeTrue();
        Fault(() => TryLoad(9)).Should().Be(Cause.LoadAccess);
        _hart.Cpu.TryLoad(0x9ff8, new MemOp(8, false, RiscVMode.MmuSupervisor), out ulong value).Should().BeTrue();
        value.Should().Be(1);
    }

    [Test]
    public void A_device_is_walked_to_once_and_asked_each_time()
    {
        var device = new Counter();
        _hart.Memory.Root.Add(Device, new MmioRegion("device", 0x1000, device));
        Store(Tables + 0x2000, (Device >> 2) | V | R | W | A | D);
        ulong before = _hart.Cpu.PageWalks;
        for (ulong i = 1; i <= 5; i++)
            Load(0).Should().Be(i);
        TryStore(0, 40).Should().BeTrue();
        Load(0).Should().Be(41);
        _hart.Cpu.PageWalks.Should().Be(before + 1);
        _hart.Cpu.Fence(8, null);
        Map(0, 3, V | R | A);
        Load(0).Should().Be(3);
    }

    [Test]
    public void A_hook_that_comes_later_sees_the_next_access()
    {
        Load(0);
        Load(1024);
        int seen = 0;
        using IDisposable hook = _hart.Cpu.Hooks.Read(0, 0xfff, (in MemoryEvent _) => seen++);
        Load(0);
        Load(0);
        seen.Should().Be(2);
    }

    [Test]
    public void A_page_that_became_code_reports_stores([Values] bool contended)
    {
        int reports = 0;
        _hart.Ram.CodeModified += (_, _, _) => reports++;
        TryStore(0, 1).Should().BeTrue();
        if (contended)
            TryStore(1024 + 1, 1).Should().BeTrue();
        _hart.Ram.MarkCode(Frame(0) - TestHart.RamBase);
        Load(0).Should().Be(1);
        TryStore(0, 2).Should().BeTrue();
        reports.Should().Be(1);
        _hart.Ram.UnmarkCode(Frame(0) - TestHart.RamBase);
        TryStore(0, 3).Should().BeTrue();
        (reports, Value(Frame(0))).Should().Be((1, 3UL));
    }

    [Test]
    public void Memory_that_became_shared_is_copied_first()
    {
        TryStore(0, 1).Should().BeTrue();
        TryStore(1025, 1).Should().BeTrue();
        using RamImage image = _hart.Ram.Capture();
        TryStore(0, 2).Should().BeTrue();
        Load(64).Should().Be(2, "it is the same page of memory");
        _hart.Ram.Restore(image);
        Load(0).Should().Be(1);
        Load(64).Should().Be(1);
    }

    [Test]
    public void Memory_of_one_page_that_became_shared_is_copied_first()
    {
        using var small = new RamBlock("small", 4096);
        _hart.Memory.Root.Add(Device, new RamRegion(small));
        Store(Tables + 0x2000, (Device >> 2) | V | R | W | A | D);
        Store(Tables + 0x2008, (Device >> 2) | V | R | W | A | D);
        TryStore(0, 1).Should().BeTrue();
        Load(1).Should().Be(1);
        using RamImage image = small.Capture();
        Load(1).Should().Be(1);
        TryStore(0, 2).Should().BeTrue();
        Load(1).Should().Be(2);
        small.Restore(image);
        Load(1).Should().Be(1);
    }

    private static ulong Frame(int number) => Data + ((ulong)number << 12);

    private void Map(int page, int frame, ulong bits) => Store(Tables + 0x2000 + (8 * (ulong)page), (Frame(frame) >> 2) | bits);

    private ulong Entry(int page) => Value(Tables + 0x2000 + (8 * (ulong)page)) & 0xff;

    private ulong Value(ulong place) => _hart.Ram.Read(place - TestHart.RamBase, 8);

    private void Store(ulong place, ulong value) => _hart.Ram.Write(place - TestHart.RamBase, 8, value);

    private bool TryLoad(int page, int regime) => _hart.Cpu.TryLoad((ulong)page << 12, new MemOp(8, false, regime), out _);

    private bool TryLoad(int page) => TryLoad(page, RiscVMode.MmuSupervisor);

    private bool TryStore(int page, ulong value) => _hart.Cpu.TryStore((ulong)page << 12, new MemOp(8, false, RiscVMode.MmuSupervisor), value);

    private ulong Load(int page, int regime = RiscVMode.MmuSupervisor)
    {
        _hart.Cpu.TryLoad((ulong)page << 12, new MemOp(8, false, regime), out ulong value).Should().BeTrue("page {0}", page);
        return value;
    }

    private int? Fault(Func<bool> access)
    {
        access().Should().BeFalse();
        return _hart.TakeFault()?.Code;
    }

    private sealed class Counter : IMmio
    {
        private ulong _count;

        public ulong Read(ulong offset, int size) => ++_count;

        public void Write(ulong offset, int size, ulong value) => _count = value;
    }
}

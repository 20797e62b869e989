namespace Emulation.RiscV.Tests.Privileged;

/// <summary>
/// Every register of a hart against a table of its writable bits, written from the register chapters of RISC-V Privileged 1.13 and of the extensions.
/// A row that is not in the table fails, as does one whose other bits move.
/// </summary>
public sealed class CsrMaskTests
{
    private const ulong Ones = ulong.MaxValue, Low = uint.MaxValue;
    private const string All64 = "rv64gc" + TestHart.Everything, All32 = "rv32gc_zicntr_zihpm_zkr_zicbom_zicboz_smepmp_smstateen_sscofpmf_sstc_svadu_svinval";
    private const string User64 = "rv64imac_zicntr_zihpm_zicbom_zicboz_smstateen,priv=mu", Machine64 = "rv64imac_zihpm_sscofpmf,priv=m", Bare64 = "rv64imac_svbare_sstc_svpbmt";
    private static readonly ulong[] s_patterns = [Ones, 0, 0x5555_5555_5555_5555, 0xaaaa_aaaa_aaaa_aaaa, 0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210, 0x3333_3333_3333_3333];

    // Each field of mstatus that these harts have; UXL and SXL are 2 and read-only
    private const ulong MachineStatus = 0x88, UserStatus = MachineStatus | 0x22_1800, SupervisorStatus = UserStatus | 0x5c_0122, FloatStatus = SupervisorStatus | 0x6000;

    private static Dictionary<int, Field> Table(string isa)
    {
        RiscVIsa parsed = RiscVIsa.Parse(isa);
        bool wide = parsed.Xlen == 64, user = parsed.HasUserMode, supervisor = parsed.HasSupervisorMode;
        bool sscofpmf = parsed.Has("sscofpmf"), stateen = parsed.Has("smstateen"), paging = !parsed.Has("svbare"), everything = isa is All64 or All32;
        ulong x = wide ? Ones : Low;
        var table = new Dictionary<int, Field>();
        void Add(int csr, ulong mask, ulong fixedBits = 0) => table.Add(csr, new Field(mask & x, fixedBits));
        void Wide(int csr, int high, ulong mask)
        {
            Add(csr, mask);
            if (!wide)
                Add(high, mask >> 32);
        }

        // machine level
        ulong status = !user ? MachineStatus : !supervisor ? UserStatus : parsed.Has("f") ? FloatStatus : SupervisorStatus;
        if (!paging)
            status &= ~Status.Sum;
        ulong widths = !wide || !user ? 0 : 0x2_0000_0000 | (supervisor ? 0x8_0000_0000UL : 0);
        ulong interrupts = (supervisor ? 0x222UL : 0) | (sscofpmf ? 0x2000UL : 0);
        Add(0x300, status, widths | (user ? 0 : 0x1800UL));
        Add(0x301, 0, Misa(parsed));
        Add(0x304, 0x888 | interrupts);
        Add(0x305, ~2UL);
        Add(0x340, Ones);
        Add(0x341, ~1UL);
        Add(0x342, Ones);
        Add(0x343, Ones);
        Add(0x344, interrupts);
        for (int i = 0; i < 16; i += wide ? 2 : 1)
        {
            if (4 * i < 16)
                Add(0x3a0 + i, 0x9f9f_9f9f_9f9f_9f9f);
        }

        for (int i = 0; i < 16; i++)
            Add(0x3b0 + i, wide ? 0x3f_ffff_ffff_ffff : Low);
        for (int i = 0; i < 4; i++)
            Add(0x7a0 + i, 0);
        Add(0x7a4, 0, 1);
        if (!wide)
            Add(0x310, 0);

        // counters
        Add(0x320, 0xffff_fffd);
        ulong events = 0x00ff_ffff_ffff_ffff | (!sscofpmf ? 0 : 0xc000_0000_0000_0000 | (supervisor ? 1UL << 61 : 0) | (user ? 1UL << 60 : 0));
        for (int i = 0; i < 32; i++)
        {
            if (i != 1)
                Wide(0xb00 + i, 0xb80 + i, Ones);
            if (i < 3)
                continue;
            Add(0x320 + i, events);
            if (!wide && sscofpmf)
                Add(0x720 + i, events >> 32);
        }

        // delegation, environment
        ulong cache = parsed.Has("zicbom") ? 0xf0UL : 0;
        if (user)
        {
            Add(0x306, Low);
            ulong svadu = everything ? 1UL << 61 : 0, svpbmt = parsed.Has("svpbmt") ? 1UL << 62 : 0, sstc = parsed.Has("sstc") ? 1UL << 63 : 0;
            Wide(0x30a, 0x31a, cache | (supervisor ? 1 | svadu | svpbmt | sstc : 0));
        }

        for (int i = 0; i < 4 && stateen; i++)
            Wide(0x30c + i, 0x31c + i, (supervisor ? 1UL << 63 : 0) | (supervisor && i == 0 ? 1UL << 62 : 0));
        if (everything)
        {
            Wide(0x747, 0x757, 0x307);
            Add(0x001, 0x1f);
            Add(0x002, 7);
            Add(0x003, 0xff);
        }

        if (!supervisor)
            return table;
        Wide(0x302, 0x312, 0xb3ff);
        Add(0x303, interrupts);
        Add(0x100, status & 0xc_6122, wide ? 0x2_0000_0000UL : 0);
        Add(0x104, interrupts);                        // as far as it is delegated, which all of it is here
        Add(0x105, ~2UL);
        Add(0x106, Low);
        Add(0x10a, 1 | cache);
        Add(0x140, Ones);
        Add(0x141, ~1UL);
        Add(0x142, Ones);
        Add(0x143, Ones);
        Add(0x144, 2 | (interrupts & 0x2000));
        Add(0x180, Ones);
        if (parsed.Has("sstc"))
            Wide(0x14d, 0x15d, Ones);
        for (int i = 0; i < 4 && stateen; i++)
            Add(0x10c + i, 0);
        return table;
    }

    [Test]
    public void Every_register_shows_what_its_legal_bits_took([Values(All64, All32, User64, Machine64, Bare64)] string isa)
    {
        Dictionary<int, Field> table = Table(isa);
        List<int> missing = [.. table.Keys];
        for (int csr = 0; csr < CsrTable.Size; csr++)
        {
            if (csr >> 10 == 3 || csr == 0x015)
                continue;                              // read-only by number; entropy has a test of its own
            using (var hart = new TestHart(isa))
            {
                if (!hart.Cpu.TryReadCsr(csr, out _))
                    continue;
            }

            table.Should().ContainKey(csr, $"0x{csr:x3} is in the table for {isa}");
            missing.Remove(csr);
            foreach (ulong pattern in s_patterns)
            {
                using TestHart hart = Prepare(isa);
                ulong written = pattern & hart.Cpu.XlenMask, old = hart[csr];
                hart.Write(csr, pattern).Should().BeTrue($"0x{csr:x3}");
                hart.Read(csr).Should().Be(Legal(hart, csr, old, (written & table[csr].Mask) | table[csr].Fixed, written), $"0x{csr:x3} after 0x{pattern:x} on {isa}");
                if (csr is 0x747 or (>= 0x3a0 and < 0x3b0))
                    continue;                          // sticky and locked fields
                hart.Write(csr, ~pattern).Should().BeTrue();
                ulong again = hart.Read(csr)!.Value;
                hart.Set(csr, pattern).Should().Be(again);
                hart.Clear(csr, pattern).Should().NotBeNull();
                (hart.Read(csr)!.Value & ~table[csr].Mask).Should().Be(table[csr].Fixed | (csr is 0x300 or 0x100 ? hart[csr] & (1UL << (hart.Cpu.Xlen - 1)) : 0), $"other bits of 0x{csr:x3} stay");
            }
        }

        missing.Should().BeEmpty();
    }

    [Test]
    public void A_register_is_the_same_from_every_privilege_that_reaches_it([Values(All64, All32)] string isa)
    {
        Dictionary<int, Field> table = Table(isa);
        foreach ((int csr, Field field) in table)
        {
            foreach (PrivilegeLevel privilege in Enum.GetValues<PrivilegeLevel>())
            {
                using TestHart hart = Prepare(isa);
                hart[0x30a] = Ones;
                if (hart.Cpu.Xlen == 32)
                    hart[0x31a] = Low;
                hart.Enter(privilege);
                ulong old = hart[csr];
                ulong pattern = 0x5555_5555_5555_5555 & hart.Cpu.XlenMask;
                bool allowed = (int)privilege >= ((csr >> 8) & 3);
                hart.Write(csr, pattern).Should().Be(allowed, $"0x{csr:x3} from {privilege}");
                ulong expected = allowed ? Legal(hart, csr, old, (pattern & field.Mask) | field.Fixed, pattern) : old;
                // with the bit for stimecmp set, STIP is its level
                if (csr == 0x344)
                    expected &= ~0x20UL;
                hart[csr].Should().Be(expected, $"0x{csr:x3} from {privilege}");
            }
        }
    }

    // All that a register lets through, delegated and enabled; counters stand still
    private static TestHart Prepare(string isa)
    {
        var hart = new TestHart(isa);
        hart.Cpu.TryWriteCsr(0x300, Status.Fs);
        hart.Cpu.TryWriteCsr(0x303, Ones);
        hart.Cpu.TryWriteCsr(0x320, Ones);
        for (int i = 0; i < 4; i++)
        {
            hart.Cpu.TryWriteCsr(0x30c + i, Ones);
            hart.Cpu.TryWriteCsr(0x31c + i, Ones);
        }

        hart.Cpu.TryWriteCsr(0x306, Ones);
        return hart;
    }

    // Fields that take some values only, and what follows from others
    private static ulong Legal(TestHart hart, int csr, ulong old, ulong value, ulong written)
    {
        int xlen = hart.Cpu.Xlen;
        switch (csr)
        {
            case 0x300:
                // MPP = 2 is reserved, and 1 without S-mode: the field keeps its value
                ulong mpp = (written >> Status.MppShift) & 3;
                if (mpp == 2 || (mpp == 1 && !hart.Cpu.Features.SupervisorMode))
                    value = (value & ~Status.Mpp) | (old & Status.Mpp);
                return WithDirty(value, xlen);
            case 0x100:
                return WithDirty(value, xlen);
            case 0x30a or 0x10a when (written & 0x30) == 0x20:
                return (value & ~0x30UL) | (old & 0x30); // CBIE = 2 is reserved
            case 0x180:
                ulong mode = written >> (xlen == 64 ? 60 : 31);
                bool known = xlen == 32 || mode == 0 || (mode is >= 8 and <= 10 && hart.Cpu.Features.LargestTranslation != SatpMode.Bare);
                return known ? written : old;          // no effect at all
            case >= 0x3a0 and < 0x3b0:
                for (int i = 0; i < xlen; i += 8)
                {
                    if (((value >> i) & 3) == 2)
                        value &= ~(2UL << i);          // R = 0 with W = 1 is reserved
                }

                return value;
            default:
                return value;
        }
    }

    private static ulong WithDirty(ulong value, int xlen) => (value & Status.Fs) == Status.Fs ? value | (1UL << (xlen - 1)) : value;

    private static ulong Misa(RiscVIsa isa)
    {
        ulong misa = isa.Xlen == 64 ? 2UL << 62 : 1UL << 30;
        foreach (char letter in isa.ToString().Split('_')[0][4..] + (isa.HasUserMode ? "u" : "") + (isa.HasSupervisorMode ? "s" : ""))
            misa |= 1UL << (letter - 'a');
        return misa;
    }

    private readonly record struct Field(ulong Mask, ulong Fixed);
}

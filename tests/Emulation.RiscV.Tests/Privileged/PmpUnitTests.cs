using Emulation.Cpu;

namespace Emulation.RiscV.Tests.Privileged;

public sealed class PmpUnitTests
{
    private const byte R = PmpUnit.Read, W = PmpUnit.Write, X = PmpUnit.Execute, L = PmpUnit.Lock;

    // "Smepmp", truth table of MML: LRWX -> rights of M, rights of S and U
    private static readonly (string Bits, string Machine, string Lower)[] s_lockdown =
    [
        ("----", "---", "---"), ("---x", "---", "--x"), ("--w-", "rw-", "r--"), ("--wx", "rw-", "rw-"),
        ("-r--", "---", "r--"), ("-r-x", "---", "r-x"), ("-rw-", "---", "rw-"), ("-rwx", "---", "rwx"),
        ("l---", "---", "---"), ("l--x", "--x", "---"), ("l-w-", "--x", "--x"), ("l-wx", "r-x", "--x"),
        ("lr--", "r--", "---"), ("lr-x", "r-x", "---"), ("lrw-", "rw-", "---"), ("lrwx", "r--", "r--"),
    ];

    [Test]
    public void Lockdown_truth_table([ValueSource(nameof(s_lockdown))] (string Bits, string Machine, string Lower) row)
    {
        PmpUnit pmp = New(smepmp: true);
        pmp.SetSecurity(PmpUnit.BypassBit);
        pmp.SetSecurity(PmpUnit.BypassBit | PmpUnit.LockdownBit);
        pmp.SetAddress(0, 0x1000 >> 2);
        pmp.SetConfig(0, (byte)(Config(row.Bits) | PmpUnit.NaturalFour));
        Rights(pmp, 0x1000, PrivilegeLevel.Machine).Should().Be(row.Machine);
        Rights(pmp, 0x1000, PrivilegeLevel.Supervisor).Should().Be(row.Lower);
        Rights(pmp, 0x1000, PrivilegeLevel.User).Should().Be(row.Lower);
    }

    [Test]
    public void Without_lockdown_entries_bind_lower_modes_and_when_locked_machine_mode([ValueSource(nameof(s_lockdown))] (string Bits, string Machine, string Lower) row)
    {
        PmpUnit pmp = New();
        pmp.SetAddress(0, 0x1000 >> 2);
        pmp.SetConfig(0, (byte)(Config(row.Bits) | PmpUnit.NaturalFour));
        string own = row.Bits[1..];
        if (own[..2] == "-w")
            own = "--" + own[2];
        Rights(pmp, 0x1000, PrivilegeLevel.Machine).Should().Be(row.Bits[0] == 'l' ? own : "rwx");
        Rights(pmp, 0x1000, PrivilegeLevel.Supervisor).Should().Be(own);
        Rights(pmp, 0x1000, PrivilegeLevel.User).Should().Be(own);
    }

    [TestCase(0UL, "rwx", "---")]
    [TestCase(PmpUnit.LockdownBit, "rw-", "---")]
    [TestCase(PmpUnit.AllowlistBit, "---", "---")]
    [TestCase(PmpUnit.AllowlistBit | PmpUnit.LockdownBit, "---", "---")]
    public void Without_a_matching_entry(ulong security, string machine, string lower)
    {
        PmpUnit pmp = New(smepmp: true);
        pmp.SetSecurity(security);
        Rights(pmp, 0x1000, PrivilegeLevel.Machine).Should().Be(machine);
        Rights(pmp, 0x1000, PrivilegeLevel.User).Should().Be(lower);
    }

    [Test]
    public void Without_entries_everything_is_allowed()
    {
        var pmp = new PmpUnit(0, 64, smepmp: false);
        Rights(pmp, 0x1000, PrivilegeLevel.User).Should().Be("rwx");
    }

    [TestCase(0x400UL, PmpUnit.NaturalFour, 0x1000UL, 0x1003UL)]
    [TestCase(0x400UL, PmpUnit.NaturalPower, 0x1000UL, 0x1007UL)]
    [TestCase(0x401UL, PmpUnit.NaturalPower, 0x1000UL, 0x100fUL)]
    [TestCase(0x5ffUL, PmpUnit.NaturalPower, 0x1000UL, 0x1fffUL)]
    [TestCase(0x7ffUL, PmpUnit.NaturalPower, 0x0UL, 0x3fffUL)]
    [TestCase(0x3f_ffff_ffff_ffffUL, PmpUnit.NaturalPower, 0x0UL, 0xff_ffff_ffff_ffffUL)]
    public void Ranges(ulong address, byte mode, ulong first, ulong last)
    {
        PmpUnit pmp = New();
        pmp.SetAddress(3, address);
        pmp.SetConfig(3, (byte)(mode | R));
        pmp.Allows(first, 1, MemoryAccessKind.Read, PrivilegeLevel.User).Should().BeTrue();
        pmp.Allows(last, 1, MemoryAccessKind.Read, PrivilegeLevel.User).Should().BeTrue();
        if (first > 0)
            pmp.Allows(first - 1, 1, MemoryAccessKind.Read, PrivilegeLevel.User).Should().BeFalse();
        if (last < 0xff_ffff_ffff_ffff)
            pmp.Allows(last + 1, 1, MemoryAccessKind.Read, PrivilegeLevel.User).Should().BeFalse();
    }

    [Test]
    public void Top_of_range_begins_at_the_entry_before_it()
    {
        PmpUnit pmp = New();
        pmp.SetAddress(4, 0x1000 >> 2);
        pmp.SetAddress(5, 0x1ffc >> 2);
        pmp.SetConfig(5, PmpUnit.TopOfRange | R);
        Reads(pmp, 0xfff, 1).Should().BeFalse();
        Reads(pmp, 0x1000, 8).Should().BeTrue();
        Reads(pmp, 0x1ff8, 4).Should().BeTrue();
        Reads(pmp, 0x1ffc, 1).Should().BeFalse();
        pmp.SetAddress(4, 0x1ffc >> 2);
        Reads(pmp, 0x1ff8, 4).Should().BeFalse("an empty range matches nothing");
    }

    [Test]
    public void First_top_of_range_begins_at_zero()
    {
        PmpUnit pmp = New();
        pmp.SetAddress(0, 0x2000 >> 2);
        pmp.SetConfig(0, PmpUnit.TopOfRange | R);
        Reads(pmp, 0, 8).Should().BeTrue();
        Reads(pmp, 0x1fff, 1).Should().BeTrue();
        Reads(pmp, 0x2000, 1).Should().BeFalse();
    }

    [Test]
    public void An_access_that_matches_in_part_fails_whatever_follows()
    {
        PmpUnit pmp = New();
        pmp.SetAddress(0, 0x1000 >> 2);
        pmp.SetConfig(0, PmpUnit.NaturalFour | R | W | X);
        pmp.SetAddress(1, ulong.MaxValue);
        pmp.SetConfig(1, PmpUnit.NaturalPower | R | W | X);
        Reads(pmp, 0x1000, 4).Should().BeTrue();
        Reads(pmp, 0x1004, 4).Should().BeTrue();
        Reads(pmp, 0x1000, 8).Should().BeFalse();
        Reads(pmp, 0xffe, 4).Should().BeFalse();
        pmp.Allows(0x1000, 8, MemoryAccessKind.Read, PrivilegeLevel.Machine).Should().BeFalse("a partial match fails in M-mode too");
    }

    [Test]
    public void A_granule_is_uniform_unless_an_entry_ends_inside_it()
    {
        PmpUnit pmp = New();
        pmp.SetAddress(0, 0x1800 >> 2);
        pmp.SetConfig(0, PmpUnit.TopOfRange | R);
        pmp.SetAddress(1, ulong.MaxValue);
        pmp.SetConfig(1, PmpUnit.NaturalPower | R | W);
        pmp.TryGetRights(0, PrivilegeLevel.User, out PageRights rights).Should().BeTrue();
        rights.Should().Be(PageRights.Read);
        pmp.TryGetRights(0x1000, PrivilegeLevel.User, out _).Should().BeFalse();
        pmp.TryGetRights(0x2000, PrivilegeLevel.User, out rights).Should().BeTrue();
        rights.Should().Be(PageRights.Read | PageRights.Write);
    }

    [Test]
    public void A_granule_may_be_executed_where_every_parcel_may([Values] bool smepmp)
    {
        var random = new Random(99);
        for (int round = 0; round < 300; round++)
        {
            PmpUnit pmp = New(smepmp);
            if (smepmp)
                pmp.SetSecurity((ulong)random.Next(4));
            for (int entry = 0; entry < 5; entry++)
            {
                pmp.SetAddress(entry, (0x1000UL >> 2) + (ulong)(random.Next(16) * 128) + (random.Next(2) == 0 ? 0 : 0x3fUL));
                pmp.SetConfig(entry, (byte)(random.Next(256) | (random.Next(2) == 0 ? X : 0)));
            }

            foreach (PrivilegeLevel privilege in Enum.GetValues<PrivilegeLevel>())
            {
                foreach (ulong granule in (ulong[])[0x1000, 0x2000, 0x3000])
                {
                    bool all = true;
                    for (ulong at = granule; at < granule + 4096; at += 2)
                        all &= pmp.Allows(at, 2, MemoryAccessKind.Fetch, privilege);
                    pmp.MayExecuteAll(granule, privilege).Should().Be(all, $"round {round}, 0x{granule:x}, {privilege}");
                }
            }
        }
    }

    [Test]
    public void Locked_entries_keep_configuration_and_address()
    {
        PmpUnit pmp = New();
        pmp.SetAddress(1, 0x500);
        pmp.SetAddress(2, 0x600);
        pmp.SetConfig(2, L | PmpUnit.TopOfRange | R);
        pmp.SetConfig(2, 0);
        pmp.SetAddress(2, 7);
        pmp.SetAddress(1, 7);
        pmp.GetConfig(2).Should().Be(L | PmpUnit.TopOfRange | R);
        pmp.GetAddress(2).Should().Be(0x600);
        pmp.GetAddress(1).Should().Be(0x500, "it is the bottom of a locked range");
        pmp.Reset();
        pmp.SetConfig(2, R);
        pmp.GetConfig(2).Should().Be(R);
    }

    [Test]
    public void Rule_locking_bypass_opens_locked_entries_and_cannot_be_set_over_them()
    {
        PmpUnit pmp = New(smepmp: true);
        pmp.SetSecurity(PmpUnit.BypassBit);
        pmp.SetConfig(0, L | R);
        pmp.SetConfig(0, L | W | R);
        pmp.GetConfig(0).Should().Be(L | W | R);
        pmp.SetSecurity(0);
        pmp.SetConfig(0, 0);
        pmp.GetConfig(0).Should().Be(L | W | R);
        pmp.SetSecurity(PmpUnit.BypassBit);
        pmp.Security.Should().Be(0);
    }

    [Test]
    public void Lockdown_and_allowlist_are_sticky()
    {
        PmpUnit pmp = New(smepmp: true);
        pmp.SetSecurity(PmpUnit.LockdownBit);
        pmp.SetSecurity(PmpUnit.AllowlistBit);
        pmp.SetSecurity(0);
        pmp.Security.Should().Be(PmpUnit.LockdownBit | PmpUnit.AllowlistBit);
    }

    [Test]
    public void Under_lockdown_no_rule_that_lets_machine_mode_execute_is_added([ValueSource(nameof(s_lockdown))] (string Bits, string Machine, string Lower) row)
    {
        PmpUnit pmp = New(smepmp: true);
        pmp.SetConfig(0, R | X);
        pmp.SetSecurity(PmpUnit.LockdownBit);
        byte wanted = (byte)(Config(row.Bits) | PmpUnit.NaturalFour);
        pmp.SetConfig(0, wanted);
        bool refused = row.Bits is "l--x" or "l-w-" or "l-wx" or "lr-x";
        pmp.GetConfig(0).Should().Be(refused ? (byte)(R | X) : wanted);
    }

    [Test]
    public void Random_entries_agree_with_a_check_of_every_byte()
    {
        var random = new Random(20260101);
        for (int round = 0; round < 300; round++)
        {
            PmpUnit pmp = New();
            for (int i = 0; i < 16; i++)
            {
                pmp.SetAddress(i, (ulong)random.Next(0, 0x80));
                pmp.SetConfig(i, (byte)(random.Next(0, 4) << 3 | random.Next(0, 8)));
            }

            for (int n = 0; n < 200; n++)
            {
                ulong address = (ulong)random.Next(0, 0x240);
                int size = 1 << random.Next(0, 4);
                pmp.Allows(address, size, MemoryAccessKind.Read, PrivilegeLevel.User).Should().Be(Model(pmp, address, size), $"round {round}, {size} bytes at 0x{address:x}");
            }
        }
    }

    // The manual's words: the lowest entry that matches any byte decides, and must match all of them
    private static bool Model(PmpUnit pmp, ulong address, int size)
    {
        for (int i = 0; i < 16; i++)
        {
            int matching = 0;
            for (ulong a = address; a < address + (ulong)size; a++)
                matching += Matches(pmp, i, a) ? 1 : 0;
            if (matching > 0)
                return matching == size && (pmp.GetConfig(i) & R) != 0;
        }

        return false;
    }

    private static bool Matches(PmpUnit pmp, int entry, ulong address)
    {
        ulong word = address >> 2, own = pmp.GetAddress(entry);
        switch ((pmp.GetConfig(entry) >> 3) & 3)
        {
            case 1:
                return word >= (entry == 0 ? 0 : pmp.GetAddress(entry - 1)) && word < own;
            case 2:
                return word == own;
            case 3:
                int ones = 0;
                while (((own >> ones) & 1) != 0)
                    ones++;
                return word >> (ones + 1) == own >> (ones + 1);
            default:
                return false;
        }
    }

    private static PmpUnit New(bool smepmp = false) => new(16, 64, smepmp);

    private static bool Reads(PmpUnit pmp, ulong address, int size) => pmp.Allows(address, size, MemoryAccessKind.Read, PrivilegeLevel.User);

    private static byte Config(string bits)
        => (byte)((bits[0] == 'l' ? L : 0) | (bits[1] == 'r' ? R : 0) | (bits[2] == 'w' ? W : 0) | (bits[3] == 'x' ? X : 0));

    private static string Rights(PmpUnit pmp, ulong address, PrivilegeLevel privilege)
    {
        char Show(MemoryAccessKind kind, char c) => pmp.Allows(address, 4, kind, privilege) ? c : '-';
        return $"{Show(MemoryAccessKind.Read, 'r')}{Show(MemoryAccessKind.Write, 'w')}{Show(MemoryAccessKind.Fetch, 'x')}";
    }
}

using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.RiscV;

/// <summary>Physical memory protection, byte-exact with a granularity of 4 bytes. RISC-V Privileged, "Physical Memory Protection", and "Smepmp".</summary>
internal sealed class PmpUnit
{
    public const byte Read = 1;
    public const byte Write = 2;
    public const byte Execute = 4;
    public const byte AddressMode = 3 << 3;
    public const byte TopOfRange = 1 << 3;
    public const byte NaturalFour = 2 << 3;
    public const byte NaturalPower = 3 << 3;
    public const byte Lock = 1 << 7;

    public const ulong LockdownBit = 1;
    public const ulong AllowlistBit = 2;
    public const ulong BypassBit = 4;

    private const byte Implemented = Read | Write | Execute | AddressMode | Lock;

    private readonly byte[] _config;
    private readonly ulong[] _address;
    private readonly ulong _addressMask;
    private readonly bool _smepmp;
    private Rule[] _rules = [];

    // For each privilege, the range of equal rights that was asked about last, most likely main memory.
    private readonly Uniform[] _recent = new Uniform[4];

    /// <summary>Creates a unit in which every entry is off.</summary>
    /// <param name="count">Entries: 0, 16 or 64.</param>
    /// <param name="xlen">32 or 64: 34 or 56 physical address bits.</param>
    /// <param name="smepmp">Whether <c>mseccfg</c> has MML, MMWP and RLB.</param>
    public PmpUnit(int count, int xlen, bool smepmp)
    {
        _config = new byte[count];
        _address = new ulong[count];
        _addressMask = xlen == 32 ? uint.MaxValue : (1UL << 54) - 1;
        _smepmp = smepmp;
        Array.Fill(_recent, Uniform.Nothing);
    }

    /// <summary>Counts changes of what is allowed.</summary>
    public int Changes { get; private set; }

    /// <summary>Entries.</summary>
    public int Count => _config.Length;

    /// <summary>The MML, MMWP and RLB bits of <c>mseccfg</c>.</summary>
    public ulong Security { get; private set; }

    private bool Lockdown => (Security & LockdownBit) != 0;

    private bool Bypass => (Security & BypassBit) != 0;

    public byte GetConfig(int entry) => entry < Count ? _config[entry] : (byte)0;

    public ulong GetAddress(int entry) => _address[entry];

    public void Reset()
    {
        Array.Clear(_config);
        Array.Clear(_address);
        Security = 0;
        Rebuild();
    }

    /// <summary>Writes the configuration of an entry. A locked one and an encoding that may not be added stay as they are.</summary>
    public void SetConfig(int entry, byte value)
    {
        if (entry >= Count || IsLocked(entry))
            return;
        value &= Implemented;
        if (Lockdown)
        {
            if (!Bypass && AddsMachineCode(value))
                return;
        }
        else if ((value & (Read | Write)) == Write)
        {
            value &= unchecked((byte)~Write); // R=0 W=1 is reserved; the field is WARL
        }

        _config[entry] = value;
        Rebuild();
    }

    /// <summary>Writes the address of an entry, unless it is locked or is the bottom of a locked TOR entry.</summary>
    public void SetAddress(int entry, ulong value)
    {
        bool bottomOfLocked = entry + 1 < Count && IsLocked(entry + 1) && (_config[entry + 1] & AddressMode) == TopOfRange;
        if (IsLocked(entry) || bottomOfLocked)
            return;
        _address[entry] = value & _addressMask;
        Rebuild();
    }

    /// <summary>Writes MML, MMWP and RLB: the first two are sticky, the last cannot be set any more once an entry is locked.</summary>
    public void SetSecurity(ulong value)
    {
        if (!_smepmp)
            return;
        ulong next = Security | (value & (LockdownBit | AllowlistBit));
        bool anyLocked = Array.Exists(_config, static c => (c & Lock) != 0);
        if ((value & BypassBit) == 0)
            next &= ~BypassBit;
        else if (Bypass || !anyLocked)
            next |= BypassBit;
        Security = next;
        ForgetRecent();
    }

    /// <summary>Whether an access is allowed. One that an entry covers only in part is not, whatever the entry says.</summary>
    /// <param name="address">Physical address of the first byte.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="kind">What the access does.</param>
    /// <param name="privilege">Its effective privilege.</param>
    public bool Allows(ulong address, int size, MemoryAccessKind kind, PrivilegeLevel privilege)
    {
        PageRights right = kind switch
        {
            MemoryAccessKind.Read => PageRights.Read,
            MemoryAccessKind.Write => PageRights.Write,
            _ => PageRights.Execute,
        };
        ulong last = address + (ulong)(size - 1);
        ref readonly Uniform recent = ref _recent[(int)privilege];
        if (recent.Covers(address, last))
            return (recent.Rights & right) != 0;
        foreach (ref readonly Rule rule in _rules.AsSpan())
        {
            if (last < rule.First || address > rule.Last)
                continue;
            return address >= rule.First && last <= rule.Last && (RightsOf(rule.Config, privilege) & right) != 0;
        }

        return (Unmatched(privilege) & right) != 0;
    }

    /// <summary>What may be done with a whole 4 KiB granule.</summary>
    /// <param name="granule">Its physical address.</param>
    /// <param name="privilege">The effective privilege.</param>
    /// <param name="rights">The rights, where they are the same in all of it.</param>
    /// <returns>False when the boundary of an entry lies inside it.</returns>
    public bool TryGetRights(ulong granule, PrivilegeLevel privilege, out PageRights rights)
    {
        bool same = TryGetUniform(granule, privilege, out Uniform range);
        rights = range.Rights;
        return same;
    }

    /// <summary>What may be done with a whole 4 KiB granule, and how far around it the same.</summary>
    /// <param name="granule">Its physical address.</param>
    /// <param name="privilege">The effective privilege.</param>
    /// <param name="range">Addresses of equal rights; until <see cref="Changes"/> does.</param>
    /// <returns>False when the boundary of an entry lies inside it.</returns>
    public bool TryGetUniform(ulong granule, PrivilegeLevel privilege, out Uniform range)
    {
        ulong last = granule + (StateLayout.PageSize - 1);
        ref Uniform recent = ref _recent[(int)privilege];
        range = recent;
        if (range.Covers(granule, last))
            return true;

        // what lies between the entries before the one that matches has its rights
        ulong from = 0, to = ulong.MaxValue;
        foreach (ref readonly Rule rule in _rules.AsSpan())
        {
            if (last < rule.First)
            {
                to = Math.Min(to, rule.First - 1);
            }
            else if (granule > rule.Last)
            {
                from = Math.Max(from, rule.Last + 1);
            }
            else
            {
                range = new Uniform(Math.Max(from, rule.First), Math.Min(to, rule.Last), RightsOf(rule.Config, privilege));
                if (granule < rule.First || last > rule.Last)
                    return false;
                recent = range;
                return true;
            }
        }

        recent = range = new Uniform(from, to, Unmatched(privilege));
        return true;
    }

    /// <summary>Whether instructions may be fetched from all of a 4 KiB granule, whatever entries it is divided between: no boundary lies inside the two bytes of a parcel.</summary>
    /// <param name="granule">Its physical address.</param>
    /// <param name="privilege">The effective privilege.</param>
    public bool MayExecuteAll(ulong granule, PrivilegeLevel privilege)
    {
        ulong end = granule + StateLayout.PageSize;
        for (ulong at = granule; at < end;)
        {
            PageRights rights = Unmatched(privilege);
            ulong next = end;
            foreach (ref readonly Rule rule in _rules.AsSpan())
            {
                if (rule.First > at)
                {
                    next = Math.Min(next, rule.First);
                }
                else if (rule.Last >= at)
                {
                    // the first that matches decides, as far as those before it leave off
                    rights = RightsOf(rule.Config, privilege);
                    next = Math.Min(next, rule.Last == ulong.MaxValue ? end : rule.Last + 1);
                    break;
                }
            }

            if ((rights & PageRights.Execute) == 0)
                return false;
            at = next;
        }

        return true;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_config.AsSpan());
        writer.Write(_address);
        writer.Write(Security);
    }

    public void Load(StateReader reader)
    {
        ReadOnlySpan<byte> config = reader.ReadBytes();
        if (config.Length != Count)
            throw reader.Damaged($"it has {config.Length} PMP entries, this hart {Count}");
        config.CopyTo(_config);
        reader.Read(_address);
        Security = reader.ReadUInt64();
        Rebuild();
    }

    private bool IsLocked(int entry) => (_config[entry] & Lock) != 0 && !Bypass;

    // LRWX = 1001, 1010, 1011, 1101: executable and M-mode-only or locked and shared ("Smepmp", rule 3.3)
    private static bool AddsMachineCode(byte config)
        => (config & Lock) != 0 && ((config & (Read | Write | Execute)) is Execute or Write or (Write | Execute) or (Read | Execute));

    private PageRights RightsOf(byte config, PrivilegeLevel privilege)
    {
        bool machine = privilege == PrivilegeLevel.Machine;
        bool locked = (config & Lock) != 0;
        var plain = (PageRights)(config & (Read | Write | Execute));
        if (!Lockdown)
            return machine && !locked ? PageRights.All : plain;
        switch (config & (Lock | Read | Write | Execute))
        {
            case Write:
                return machine ? PageRights.Read | PageRights.Write : PageRights.Read;
            case Write | Execute:
                return PageRights.Read | PageRights.Write;
            case Lock | Write:
                return PageRights.Execute;
            case Lock | Write | Execute:
                return machine ? PageRights.Read | PageRights.Execute : PageRights.Execute;
            case Lock | Read | Write | Execute:
                return PageRights.Read;
            default:
                return machine == locked ? plain : PageRights.None;
        }
    }

    private PageRights Unmatched(PrivilegeLevel privilege)
    {
        if (privilege != PrivilegeLevel.Machine)
            return Count == 0 ? PageRights.All : PageRights.None;
        if ((Security & AllowlistBit) != 0)
            return PageRights.None;
        return Lockdown ? PageRights.Read | PageRights.Write : PageRights.All;
    }

    private void Rebuild()
    {
        int used = 0;
        var rules = new Rule[Count];
        for (int i = 0; i < Count; i++)
        {
            if (TryGetRange(i, out ulong first, out ulong last))
                rules[used++] = new Rule(first, last, _config[i]);
        }

        _rules = rules[..used];
        ForgetRecent();
    }

    private void ForgetRecent()
    {
        Changes++;
        Array.Fill(_recent, Uniform.Nothing);
    }

    private bool TryGetRange(int entry, out ulong first, out ulong last)
    {
        ulong address = _address[entry];
        switch (_config[entry] & AddressMode)
        {
            case TopOfRange:
                first = entry == 0 ? 0 : _address[entry - 1] << 2;
                last = (address << 2) - 1;
                return first < address << 2;
            case NaturalFour:
                first = address << 2;
                last = first + 3;
                return true;
            case NaturalPower:
                ulong low = address ^ (address + 1); // the trailing ones and the zero above them
                first = (address & ~low) << 2;
                last = first + ((low << 2) | 3);
                return true;
            default:
                first = last = 0;
                return false;
        }
    }

    private readonly record struct Rule(ulong First, ulong Last, byte Config);

    /// <summary>Addresses of equal rights.</summary>
    internal readonly record struct Uniform(ulong First, ulong Last, PageRights Rights)
    {
        public static Uniform Nothing => new(1, 0, PageRights.None);

        public bool Covers(ulong first, ulong last) => first >= First && last <= Last;
    }
}

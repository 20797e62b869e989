using Emulation.Cpu;

namespace Emulation.Arm;

// System registers of AArch32 that more happens at than storing. Arm DDI 0487, G8.2.
public sealed unsafe partial class ArmCpu
{
    private const ulong ExtendedAddresses = 1UL << 31;

    // Two values of DACR, with PAN, have a regime each, so that a kernel that closes and opens the domain of user memory does not empty the TLB every time.
    // Of a CPU that starts in AArch32, that is; each Security state has its own.
    private readonly uint[] _domains = new uint[4];
    private readonly int[] _domainPairs = new int[2];

    // PSTATE.PAN of each of those: it is chosen with DACR
    private int _pans;

    /// <summary>TTBCR.EAE: long descriptors.</summary>
    internal bool UsesLongDescriptors => (this[SystemSlot.TcrEl1] & ExtendedAddresses) != 0;

    /// <summary>DACR of a regime.</summary>
    /// <param name="mmuIndex">As in the mode word.</param>
    internal uint DomainsOf(int mmuIndex) => Options.StartsInAArch32 ? _domains[mmuIndex >> 1] : (uint)this[SystemSlot.DacrEl2];

    /// <summary>What MRC and MRRC read, or a recorded exception.</summary>
    internal ulong ReadA32System(ulong packed)
    {
        if (CheckA32System(packed, false) is not { } row)
            return 0;
        return IsOfOtherWorld(row) ? ReadInOtherWorld(row) : row.ReadOn(this);
    }

    /// <summary>What MCR and MCRR write, or a recorded exception.</summary>
    internal void WriteA32System(ulong packed, ulong value)
    {
        if (CheckA32System(packed, true) is not { } row)
            return;
        if (IsOfOtherWorld(row))
            WriteInOtherWorld(row, value);
        else
            row.WriteOn(this, value);
    }

    /// <summary>Deprecated instructions that SCTLR forbids are UNDEFINED: SED, CP15BEN.</summary>
    /// <param name="bit">Of SCTLR.</param>
    /// <param name="value">What it is when they are allowed.</param>
    internal void CheckDeprecated(int bit, ulong value)
    {
        if (((ControlOf(ExceptionLevel) >> bit) & 1) != value)
            RecordTrap(0, ArmException.Code(ArmException.Unknown, 0));
    }

    /// <summary>DACR.</summary>
    internal void WriteDomains(ulong value)
    {
        bool same = this[SystemSlot.DacrEl2] == (uint)value;
        this[SystemSlot.DacrEl2] = (uint)value;
        if (!Options.StartsInAArch32)
        {
            if (!same && El1IsAArch32)
                FlushTranslations();
            return;
        }

        if (TryChooseRegime())
            RefreshModes();
    }

    /// <summary>Whether the rights of a regime of EL1&amp;0 are those of EL0.</summary>
    /// <param name="mmuIndex">As in the mode word.</param>
    internal bool IsUserRegime(int mmuIndex) => Options.StartsInAArch32 ? (mmuIndex & 1) == 0 : ArmMode.LevelOf(mmuIndex) == 0;

    /// <summary>Whether PSTATE.PAN keeps a regime of EL1 in AArch32 from what EL0 may access.</summary>
    /// <param name="mmuIndex">As in the mode word.</param>
    internal bool HasPrivilegedNever(int mmuIndex)
        => Options.StartsInAArch32 ? (mmuIndex & 1) != 0 && ((_pans >> (mmuIndex >> 1)) & 1) != 0 : mmuIndex == ArmMode.MmuKernelPan;

    // the regime of the present DACR and PAN, of a CPU that starts in AArch32; whether it is another than before
    private bool TryChooseRegime()
    {
        int world = _secureBank ? 1 : 0;
        ref int pair = ref _domainPairs[world];
        uint domains = (uint)this[SystemSlot.DacrEl2];
        int pan = (this[SystemSlot.PState] & StatePan) != 0 ? 1 : 0;
        if (IsRegime((2 * pair) + world, domains, pan))
            return false;
        pair ^= 1;
        int place = (2 * pair) + world;
        if (!IsRegime(place, domains, pan))
        {
            _domains[place] = domains;
            _pans = (_pans & ~(1 << place)) | (pan << place);
            FlushTranslations();
        }

        return true;
    }

    private bool IsRegime(int place, uint domains, int pan) => _domains[place] == domains && ((_pans >> place) & 1) == pan;

    /// <summary>CONTEXTIDR: another ASID is another address space.</summary>
    internal void WriteContext(ulong value) => OnTableWrite(SystemSlot.ContextIdrEl1, value);

    /// <summary>ATS1CPR, ATS1CPW, ATS1CUR, ATS1CUW, and ATS12NSOPR and its like: the result goes to PAR.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="level">Whose rights.</param>
    /// <param name="kind">Read or write.</param>
    /// <param name="other">As the Non-secure state translates it.</param>
    /// <param name="pan">PSTATE.PAN is heeded.</param>
    internal void TranslateA32Address(ulong address, int level, MemoryAccessKind kind, bool other, bool pan = false)
    {
        bool secure = _secureBank;
        if (other)
            EnterWorld(false);
        int index = (level == 0 ? ArmMode.MmuUser : ArmMode.MmuKernel)
            | (Options.StartsInAArch32 ? A32Mode.Regime(_domainPairs[_secureBank ? 1 : 0], _secureBank) : 0);
        int pans = _pans;
        if (!pan)
            _pans = 0;
        else if (level != 0 && !Options.StartsInAArch32 && (this[SystemSlot.PState] & StatePan) != 0)
            index = ArmMode.MmuKernelPan;
        bool found = _translator.TryTranslate((uint)address, kind, index, other, out WalkResult result);
        _pans = pans;
        WalkFault fault = _translator.Fault;
        ulong value = ResultOf(found, result, fault);
        EnterWorld(secure);
        UpdateMode();
        if (!found && fault.IsStage2)
        {
            // a walk of stage 1 that stage 2 stops is for the hypervisor
            RecordFault(fault, address, MemoryAccessKind.Write);
            Header.ExceptionCode |= SyndromeCache;
            return;
        }

        this[SystemSlot.ParEl1] = value;
    }

    // PAR
    private ulong ResultOf(bool found, in WalkResult result, in WalkFault fault)
    {
        const ulong LongFormat = 1 << 11, Superpage = 2;
        ulong open = Options.HasEl3 && !result.IsSecure ? 1UL << 9 : 0;
        return (found, UsesLongDescriptors) switch
        {
            (true, true) => (result.Address & 0xff_ffff_f000) | ((ulong)result.Attributes << 56) | LongFormat | (Options.HasEl3 ? open : 1UL << 9) | ((ulong)result.Shareability << 7),
            (false, true) => 1 | ((ulong)fault.Status << 1) | LongFormat | (1UL << 9),
            (true, false) => (result.Address & 0xffff_f000) | (result.Address >> 32 != 0 ? Superpage | ((result.Address >> 32) << 16) : 0) | ShortAttributes.OfPar(result.Attributes, result.IsDevice) | ((uint)result.Shareability << 7) | open,
            _ => 1 | ((A32FaultStatus.Short(fault.Status) & 0xf) << 1) | ((A32FaultStatus.Short(fault.Status) >> 10 & 1) << 5) | ((A32FaultStatus.Short(fault.Status) >> 12 & 1) << 6),
        };
    }

    private void ResetAArch32(bool secure)
    {
        Array.Clear(_domains);
        Array.Clear(_domainPairs);
        _pans = 0;
        this[SystemSlot.SctlrEl1] = ResetControl;
        this[Registers.A32.Fpscr] = 0;
        this[Registers.A32.Fpexc] = 0;
        ResetWorlds(secure);
        RefreshModes();
        Header.Mode |= A32Mode.AArch32;
        SetCpsr((uint)ProcessorMode.Supervisor | (uint)(MaskA | MaskI | MaskF));
    }

    private A32SystemRegister? CheckA32System(ulong packed, bool writes)
    {
        A32SystemName name = A32SystemName.Unpack(packed);
        A32SystemRegister? row = A32SystemTable.Find(name);
        int target = A32SystemTraps.Of(this, name, row, writes);
        if (target == 0)
            return row;
        if (target < 0)
            RecordTrap(0, ArmException.Code(ArmException.Unknown, 0));
        else
            RecordTrap(target, ArmException.Code(ArmException.OfAccess(name), A32SystemName.Syndrome(packed, !writes)));
        return null;
    }
}

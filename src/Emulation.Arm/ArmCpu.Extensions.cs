using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

// What extensions need of the system level.
public sealed unsafe partial class ArmCpu
{
    internal const ulong HcrApk = 1UL << 40, HcrApi = 1UL << 41, ScrApk = 1 << 16, ScrApi = 1 << 17, ScrHxEn = 1UL << 38;
    internal const ulong HcrxMsce = 1 << 11, HcrxMce2 = 1 << 10, HcrxFnXs = 1 << 3, ControlCopies = 1UL << 33;

    private const int GuardPageCount = 32;

    // Pages can be guarded since some level translated, or BTYPE came out of an SPSR: from then on it is kept. Not only since a guarded page was seen:
    // the branch that came to the first one would be forgotten.
    private bool _guards;
    private Func<ulong, bool>? _isGuarded;
    private PointerRules? _givenRules;
    private RegimePointerRules[]? _pointerRules;
    private readonly (ulong Page, int MmuIndex, bool IsGuarded)[] _guardPages = new (ulong, int, bool)[GuardPageCount];

    /// <summary>What the present regime says about signed pointers; set to others by tests.</summary>
    internal PointerRules PointerRules
    {
        get => _givenRules ?? _pointerRules![ExceptionLevel];
        set => _givenRules = value;
    }

    /// <summary>HCRX_EL2 as it is in effect: 0 without EL2, or where SCR_EL3.HXEn forbids it.</summary>
    internal ulong Hcrx => El2Enabled && (!Options.HasEl3 || (this[SystemSlot.ScrEl3] & ScrHxEn) != 0) ? this[SystemSlot.HcrxEl2] : 0;

    /// <summary>Mode bits of extensions, for the block key.</summary>
    internal uint ExtensionMode => _guards || _isGuarded is not null ? ArmMode.Guarded : 0;

    /// <summary>How helpers access memory as loads and stores of the present regime do.</summary>
    /// <param name="size">Bytes.</param>
    /// <param name="unprivileged">Whether as LDTR and STTR do.</param>
    internal MemOp DataAccess(int size, bool unprivileged = false)
    {
        uint mode = Header.Mode;
        return new MemOp(size, false, unprivileged ? ArmMode.UnprivilegedMmu(mode) : ArmMode.Mmu(mode), (mode & ArmMode.BigEndian) != 0);
    }

    /// <summary>Whether the present instruction is in a guarded page: GP of its descriptor.</summary>
    internal bool IsInGuardedPage
    {
        get
        {
            ulong pc = Header.Pc, page = pc & ~(StateLayout.PageSize - 1);
            if (_isGuarded is { } tell)
                return tell(pc);
            int index = FetchMmuIndex;
            ref var known = ref _guardPages[(int)(page >> StateLayout.PageShift) & (GuardPageCount - 1)];
            if (known.Page != page || known.MmuIndex != index)
                known = (page, index, _translator.TryTranslate(pc, MemoryAccessKind.Fetch, index, true, out WalkResult result) && result.IsGuarded);
            return known.IsGuarded;
        }
    }

    /// <summary>Says which pages are guarded, instead of descriptors; null for those. Not while the CPU runs.</summary>
    /// <param name="isGuarded">Tells by an address.</param>
    internal void GuardPages(Func<ulong, bool>? isGuarded)
    {
        _isGuarded = isGuarded;
        UpdateMode();
    }

    /// <summary>An indirect branch came to an instruction that does not accept it.</summary>
    /// <param name="type">BTYPE.</param>
    /// <param name="isSign">Whether the instruction is PACIASP or PACIBSP.</param>
    internal void CheckBranchTarget(int type, bool isSign)
    {
        bool accepts = isSign && !PointerRules.RestrictsJumps;
        if (!accepts && IsInGuardedPage)
            RecordException(ArmException.Code(ArmException.BranchTarget, type), 0);
    }

    /// <summary>A pointer had a wrong code.</summary>
    /// <param name="key">Which key: IA, IB, DA, DB.</param>
    internal void ReportPointer(int key) => RecordException(ArmException.Code(ArmException.PointerAuthentication, key), 0);

    /// <summary>Whether signing and authenticating trap: HCR_EL2.API, SCR_EL3.API. The exception is recorded then.</summary>
    internal bool TrapsPointers()
    {
        if (ExceptionLevel == 3 || (!Options.HasEl2 && !Options.HasEl3))
            return false;
        int target = PointerTrap(HcrApi, ScrApi, 0);
        if (target != 0)
            RecordTrap(target, ArmException.Code(ArmException.PointerTrapped, 0));
        return target != 0;
    }

    /// <summary>Where a bit of HCR_EL2 or SCR_EL3 that is clear traps to; 0 for nowhere.</summary>
    /// <param name="hypervisor">Of HCR_EL2.</param>
    /// <param name="monitor">Of SCR_EL3.</param>
    /// <param name="lowest">The lowest level concerned.</param>
    internal int PointerTrap(ulong hypervisor, ulong monitor, int lowest)
    {
        int level = ExceptionLevel;
        if (level >= lowest && level < 2 && El2Enabled && !(level == 0 && IsHostUser) && (Hcr & hypervisor) == 0)
            return 2;
        return level < 3 && Options.HasEl3 && (this[SystemSlot.ScrEl3] & monitor) == 0 ? 3 : 0;
    }

    /// <summary>A copy or set goes on with registers that are not its own.</summary>
    /// <param name="syndrome">ISS.</param>
    internal void ReportCopy(int syndrome)
        => RecordTrap(ExceptionLevel == 1 && (Hcrx & HcrxMce2) != 0 ? 2 : 0, ArmException.Code(ArmException.MemoryCopy, syndrome));

    internal void ReportMisaligned(ulong address, bool isStore) => RecordMisaligned(address, isStore ? MemoryAccessKind.Write : MemoryAccessKind.Read);

    /// <summary>SCTLR.nAA: acquiring and releasing accesses need no alignment at all.</summary>
    internal bool AllowsMisaligned => (ControlOf(ExceptionLevel) & (1 << 6)) != 0;

    /// <summary>ESB: an SError that is masked becomes one that DISR_EL1 tells of. Arm DDI 0487, D19.4 "Error synchronization event".</summary>
    internal void SynchronizeErrors()
    {
        const ulong Deferred = 1UL << 31, SyndromeBits = 0x1ff_ffff;
        if (_systemErrorPending && !IsTaken(ScrEa, HcrAmo, MaskA, out _))
        {
            _systemErrorPending = false;
            this[SystemSlot.DisrEl1] = Deferred;
        }

        if ((VirtualPending() & VirtualErrorBit) != 0 && (this[SystemSlot.Daif] & MaskA) != 0)
        {
            this[SystemSlot.HcrEl2] &= ~HcrVse;
            this[SystemSlot.VdisrEl2] = Deferred | (this[SystemSlot.VsesrEl2] & SyndromeBits);
        }
    }

    /// <summary>Where DISR_EL1 is at the present level: a guest has its own.</summary>
    internal SystemSlot DeferredErrorSlot
        => ExceptionLevel == 1 && (Hcr & (HcrAmo | HcrTge)) == HcrAmo ? SystemSlot.VdisrEl2 : SystemSlot.DisrEl1;

    // C6.2 "CPYFP": CheckMOPSEnabled
    private bool AllowsCopies(int level)
    {
        if (!Isa.Has(ArmFeature.MOPS) || level >= 2)
            return true;
        if (!IsHostUser && El2Enabled && (Hcrx & HcrxMsce) == 0)
            return false;
        return level == 1 || (ControlOf(0) & ControlCopies) != 0;
    }

    private void RefreshExtensions()
    {
        if (Options.IsHosted)
        {
            _givenRules ??= new PointerRules();
            return;
        }

        _pointerRules ??= [.. Enumerable.Range(0, 4).Select(level => new RegimePointerRules(this, level))];
        for (int level = 0; level <= HighestLevel; level++)
            _pointerRules[level].Refresh();
        if (!_guards && Isa.Has(ArmFeature.BTI))
        {
            for (int level = 1; level <= HighestLevel; level++)
                _guards |= (ControlOf(level) & ControlMmu) != 0;
        }
    }

    private void ForgetGuardPages()
    {
        if (_guards)
            Array.Fill(_guardPages, (1UL, 0, false));
    }

    private void ResetExtensions() => this[Registers.Entropy] = Options.EntropySeed ^ ((ulong)Index * 0xd134_2543_de82_ef95);

    private void ResetPointers()
    {
        _guards = false;
        Array.Fill(_guardPages, (1UL, 0, false));
        foreach (RegisterSlot key in Registers.PointerKeys)
            this[key] = 0;
    }
}

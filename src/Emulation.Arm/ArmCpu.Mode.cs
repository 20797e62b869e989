namespace Emulation.Arm;

// The mode word of the block key, PSTATE, and everything that follows from a change of privileged state.
public sealed unsafe partial class ArmCpu
{
    internal const ulong AllMasked = 0x3c0, MaskD = 1 << 9, MaskA = 1 << 8, MaskI = 1 << 7, MaskF = 1 << 6;
    internal const ulong StateSsbs = 1 << 12, StateIllegal = 1 << 20, StateStep = 1 << 21, StatePan = 1 << 22, StateUao = 1 << 23, StateDit = 1 << 24;
    private const ulong ControlMmu = 1, ControlAlign = 2, ControlSp = 1 << 3, ControlSpUser = 1 << 4, ControlEndian = 1 << 25, ControlEndianUser = 1 << 24;

    // what each level contributes to the mode word: recomputed when registers are written, which is rarer than changes of level
    private readonly uint[] _levelModes = new uint[4];
    private bool _ownSp;
    private int _toldWorld = -1;

    /// <summary>
    /// Called when the CPU enters or leaves EL3 or the Secure state, with its exception level and whether it is Secure: for an interrupt controller that tells IRQ from FIQ by it.
    /// Called on the CPU's thread without any lock; null costs nothing.
    /// </summary>
    public Action<int, bool>? WorldChanged { get; set; }

    private int World => (ExceptionLevel == 3 ? 2 : 0) | (IsSecure ? 1 : 0);

    /// <inheritdoc/>
    protected override int FetchMmuIndex => ArmMode.FetchMmu(Header.Mode);

    /// <summary>PSTATE.SP.</summary>
    internal bool OwnSp => _ownSp;

    /// <summary>Recomputes all that mode words are made of. To be called after every write of a register that they depend on.</summary>
    internal void RefreshModes()
    {
        RefreshLevelModes();
        RefreshExtensions();
        UpdateMode();
    }

    private void RefreshLevelModes()
    {
        for (int level = 0; level <= HighestLevel; level++)
            _levelModes[level] = ModeOf(level);
    }

    /// <summary>Recomputes the mode word after a change of PSTATE.</summary>
    internal void UpdateMode()
    {
        if (IsAArch32)
        {
            SetMode(A32ModeWord(Cpsr));
            return;
        }

        int level = ExceptionLevel;
        uint mode = _levelModes[level];
        if (_ownSp)
            mode |= ArmMode.OwnSp;
        ulong state = this[SystemSlot.PState];
        if ((state & StatePan) != 0 && ArmMode.Mmu(mode) is ArmMode.MmuKernel or ArmMode.MmuHost)
            mode += 1 << ArmMode.MmuShift;
        if ((state & StateUao) != 0)
            mode &= ~ArmMode.Unprivileged;
        if ((state & StateIllegal) != 0)
            mode |= ArmMode.Illegal;
        if ((this[SystemSlot.MdscrEl1] & (DebugStep | DebugMonitor)) != 0)
            mode |= DebugMode(state);
        SetMode(mode | ExtensionMode);
        if (WorldChanged is { } changed)
            TellWorld(changed);
    }

    private void TellWorld(Action<int, bool> changed)
    {
        int world = World;
        if (world == _toldWorld)
            return;
        _toldWorld = world;
        changed(ExceptionLevel, IsSecure);
    }

    /// <summary>After a write that may change translation, enabled interrupts or both.</summary>
    internal void OnPrivilegedWrite()
    {
        RefreshModes();
        if (AnyInterrupt())
            RequestAttention();
    }

    /// <summary>After a change of PSTATE.</summary>
    internal void OnStateWrite()
    {
        UpdateMode();
        if (AnyInterrupt())
            RequestAttention();
    }

    /// <summary>PSTATE.SP and the level change: the stack pointer goes to its bank, another comes.</summary>
    internal void SwitchTo(int level, bool ownSp)
    {
        if (level != ExceptionLevel)
            Counters.OnLevelChange(level);
        this[_ownSp ? SystemSlot.SpEl0 + ExceptionLevel : SystemSlot.SpEl0] = this[Registers.Sp];
        ExceptionLevel = level;
        _ownSp = ownSp && level != 0;
        this[Registers.Sp] = this[_ownSp ? SystemSlot.SpEl0 + level : SystemSlot.SpEl0];
    }

    /// <summary>SCTLR that governs a level.</summary>
    internal ulong ControlOf(int level) => level switch
    {
        0 => this[IsHostUser ? SystemSlot.SctlrEl2 : SystemSlot.SctlrEl1],
        1 => this[SystemSlot.SctlrEl1],
        2 => this[SystemSlot.SctlrEl2],
        _ => this[SystemSlot.SctlrEl3],
    };

    private uint ModeOf(int level)
    {
        ulong control = ControlOf(level);
        int mmu = level switch
        {
            0 => IsHostUser ? ArmMode.MmuHostUser : ArmMode.MmuUser,
            1 => ArmMode.MmuKernel,
            2 => IsHost ? ArmMode.MmuHost : ArmMode.MmuHypervisor,
            _ => ArmMode.MmuMonitor,
        };
        if (Options.StartsInAArch32)
            mmu |= A32Mode.Regime(_domainPairs[_secureBank ? 1 : 0], _secureBank);
        uint mode = (uint)level | ((uint)mmu << ArmMode.MmuShift);
        if (level == 1 || (level == 2 && IsHost && (Hcr & HcrTge) != 0))
            mode |= ArmMode.Unprivileged;
        if (FpTrapTarget(level) != 0)
            mode |= ArmMode.FpTrapped;
        bool translated = (control & ControlMmu) != 0 && (mmu >= ArmMode.MmuHypervisor || !Stage1IsOff);
        if ((control & ControlAlign) != 0 || (!translated && !IsNormalWithoutMmu(mmu)))
            mode |= ArmMode.Aligned;
        if ((control & (level == 0 ? ControlEndianUser : ControlEndian)) != 0)
            mode |= ArmMode.BigEndian;
        if ((control & (level == 0 ? ControlSpUser : ControlSp)) != 0)
            mode |= ArmMode.CheckSp;
        if (level == 1 && (Hcr & (HcrTvm | HcrTrvm)) != 0)
            mode |= ArmMode.Trapping;
        if (!AllowsCopies(level))
            mode |= ArmMode.NoCopies;
        return mode;
    }
}

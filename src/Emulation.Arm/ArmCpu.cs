using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm;

/// <summary>A CPU of AArch64, AArch32 or both: exception levels, system registers, address translation, timers. Arm DDI 0487.</summary>
/// <remarks>The interrupt controller's CPU interface, firmware and semihosting are given by the board.</remarks>
public sealed unsafe partial class ArmCpu : VirtualCpu, IA32Cpu
{
    private readonly ArmFrontend _frontend;
    private readonly ArmCpuGroup _group;
    private readonly int _systemOffset;

    /// <summary>Creates a CPU in its reset state.</summary>
    /// <param name="index">Number of the CPU in its machine.</param>
    /// <param name="options">Choices that the architecture leaves open; null for the defaults.</param>
    /// <param name="context">What it is connected to.</param>
    /// <param name="frontend">The translator.</param>
    /// <param name="group">The machine's CPUs, which this one joins; null for one that is alone.</param>
    public ArmCpu(int index, ArmCpuOptions? options, CpuContext context, ArmFrontend frontend, ArmCpuGroup? group = null)
        : base($"cpu{index}", index, frontend, context)
    {
        _frontend = frontend;
        Options = options ?? new ArmCpuOptions();
        if (Options.TimerFrequency == 0)
            throw new ArgumentOutOfRangeException(nameof(options), "the generic timer needs a frequency");
        if (Options.ResetLevel is { } level && !HasLevel(level))
            throw new ArgumentOutOfRangeException(nameof(options), $"exception level {level} is not implemented");
        if (Options.StartsInAArch32 && (Options.HasEl2 || Options.ResetLevel is not (null or 1 or 3)))
            throw new ArgumentException("a CPU that starts in AArch32 has no EL2, and begins at EL1 or EL3", nameof(options));
        if (Options.StartsInAArch32 && !Isa.Has(ArmFeature.AArch32El1))
            throw new ArgumentException("the CPU has no AArch32 at EL1, so it cannot start there", nameof(options));
        _systemOffset = Registers.System[0].Offset;
        _translator = new Translator(this);
        _timers = GenericTimer.CreateAll(this);
        _eventStream = context.Clock.CreateTimer($"{Name} event stream", SetEvent);
        _waitLimit = context.Clock.CreateTimer($"{Name} wait limit", EndWait);
        _group = group ?? new ArmCpuGroup();
        _group.Add(this);
        ResetState();
    }

    /// <summary>What the CPU implements.</summary>
    public ArmIsa Isa => _frontend.Isa;

    /// <summary>Choices that the architecture leaves open.</summary>
    public ArmCpuOptions Options { get; }

    /// <summary>The present exception level. Of a CPU that starts in AArch32 it is 1 in the privileged modes of both Security states, which <see cref="IsSecure"/> tells apart.</summary>
    public int ExceptionLevel { get; private set; }

    /// <summary>What ESR holds after the last exception, also of one that ended the run.</summary>
    public ulong Syndrome { get; private set; }

    /// <summary>What FAR holds after the last exception that sets it: aborts, alignment faults, watchpoints.</summary>
    public ulong FaultAddress { get; private set; }

    /// <summary>MPIDR_EL1.Aff3, Aff2, Aff1, Aff0 at their places.</summary>
    public ulong Affinity => (Options.Affinity ?? (uint)((Index & 15) | (Index >> 4 << 8))) & 0xff_00ff_ffff;

    internal ArmRegisters Registers => _frontend.Slots;

    internal int HighestLevel => Options.StartsInAArch32 ? 1 : Options.HasEl3 ? 3 : Options.HasEl2 ? 2 : 1;

    private int DefaultLevel => Options.ResetLevel ?? (Options.HasEl3 ? 3 : HighestLevel);

    /// <summary>Whether the present level is the highest: with Monitor mode, the Secure state.</summary>
    internal bool IsAtHighestLevel => ExceptionLevel == HighestLevel && (!HasMonitor || IsSecure);

    /// <summary>log2 of the end of physical memory.</summary>
    internal int PhysicalBits => Options.Model.PhysicalBits;

    /// <summary>A stored system register.</summary>
    /// <param name="slot">Which.</param>
    internal ref ulong this[SystemSlot slot] => ref *(ulong*)(State + _systemOffset + ((int)slot * sizeof(ulong)));

    /// <summary>Whether there is an exception level.</summary>
    /// <param name="level">0 to 3.</param>
    internal bool HasLevel(int level) => level switch
    {
        0 or 1 => true,
        2 => Options.HasEl2,
        3 => Options.HasEl3,
        _ => false,
    };

    /// <summary>Moves to another exception level, as firmware does that starts something there; with the stack pointer of the level. Not while the CPU runs.</summary>
    /// <param name="level">A level the CPU has.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    public void EnterLevel(int level)
    {
        if (!HasLevel(level))
            throw new ArgumentOutOfRangeException(nameof(level), $"exception level {level} is not implemented");
        SwitchTo(level, level != 0);
        OnPrivilegedWrite();
    }

    /// <inheritdoc/>
    protected override string ExceptionName(int code) => ArmException.Name(code);

    /// <inheritdoc/>
    protected override void ResetState()
    {
        this[Registers.Z] = 1;
        SetFpcr(0);
        Header.Fp.Flags = default;
        Header.ReservationAddress = ulong.MaxValue;
        ResetPower();
        ResetProcessor(DefaultLevel);
        ResetExtensions();
        Header.Pc = Options.ResetVector;
    }

    // what a warm reset does: power-on of a CPU that was off, too
    private void ResetProcessor(int level)
    {
        ExceptionLevel = Math.Min(level, HighestLevel);
        _secureBank = false;
        _ownSp = level != 0;
        (Syndrome, FaultAddress) = (0, 0);
        (_target, _fault, _stepping) = (0, default, false);
        new Span<ulong>(State + _systemOffset, (int)SystemSlot.Count).Clear();
        this[SystemSlot.Daif] = Options.IsHosted && level == 0 ? 0 : AllMasked;
        this[Registers.BranchType] = 0;
        ResetPointers();
        Array.Clear(_pendingRemote);
        _pendingRemoteCount = 0;
        foreach (SystemRegister row in SystemRegisterTable.Rows)
            row.ResetOn(this);
        if (Options.IsHosted)
            Open();
        foreach (GenericTimer timer in _timers)
            timer.Reset();
        Counters.Reset();
        FlushTranslations();
        Header.Mode = 0;                                 // AArch64
        _toldWorld = -1;
        RefreshModes();
        if (Options.StartsInAArch32)
            ResetAArch32(level == 3);
    }

    // what an operating system sets up for programs
    private void Open()
    {
        const ulong UserCaches = (1 << 14) | (1 << 15) | (1 << 26), UserWaits = (1 << 16) | (1 << 18);
        this[SystemSlot.SctlrEl1] |= UserCaches | UserWaits;
        if (Isa.Has(ArmFeature.MOPS))
            (this[SystemSlot.SctlrEl1], this[SystemSlot.HcrxEl2]) = (this[SystemSlot.SctlrEl1] | ControlCopies, HcrxMsce);
        if (Isa.Has(ArmFeature.PAuth))
            this[SystemSlot.HcrEl2] |= HcrApi | HcrApk;
        this[SystemSlot.ScrEl3] |= ScrApi | ScrApk | ScrHxEn;
        this[SystemSlot.CpacrEl1] = 3 << 20;
        this[SystemSlot.CntkctlEl1] = 3;
        this[SystemSlot.CnthctlEl2] |= 3;
    }
}

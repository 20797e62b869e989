using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.RiscV;

/// <summary>A RISC-V hart: privileged state, traps, address translation. RISC-V Privileged 1.13.</summary>
public sealed partial class RiscVCpu : VirtualCpu
{
    /// <summary>Creates a hart in its reset state.</summary>
    /// <param name="index">Number of the CPU in its machine.</param>
    /// <param name="isa">What it implements.</param>
    /// <param name="options">Choices that the architecture leaves open; null for the defaults.</param>
    /// <param name="context">What it is connected to.</param>
    /// <param name="frontend">The translator, of the same <paramref name="isa"/>.</param>
    public RiscVCpu(int index, RiscVIsa isa, RiscVCpuOptions? options, CpuContext context, IFrontend frontend)
        : base($"cpu{index}", index, frontend, context)
    {
        ArgumentNullException.ThrowIfNull(isa);
        Isa = isa;
        Options = options ?? new RiscVCpuOptions();
        Features = PrivilegedFeatures.Of(isa);
        if (Options.TimebaseFrequency == 0)
            throw new ArgumentOutOfRangeException(nameof(options), "the time counter needs a frequency");
        HartId = Options.HartId ?? (ulong)index;
        Pmp = new PmpUnit(isa.PmpEntries, Xlen, Features.Smepmp);
        Counters = new PerformanceCounters(this);
        Timer = new SupervisorTimer(this);
        _walker = new PageWalker(context.Memory, Pmp);
        ResetState();
    }

    /// <summary>What the hart implements.</summary>
    public RiscVIsa Isa { get; }

    /// <summary>Choices that the architecture leaves open.</summary>
    public RiscVCpuOptions Options { get; }

    /// <summary>Value of <c>mhartid</c>.</summary>
    public ulong HartId { get; }

    /// <summary>The present privilege level.</summary>
    public PrivilegeLevel Privilege { get; internal set; }

    internal PrivilegedFeatures Features { get; }

    internal PmpUnit Pmp { get; }

    internal PerformanceCounters Counters { get; }

    internal SupervisorTimer Timer { get; }

    internal int Xlen => Features.Xlen;

    internal ulong XlenMask => Features.Xlen == 32 ? uint.MaxValue : ulong.MaxValue;

    /// <inheritdoc/>
    protected override string ExceptionName(int code) => Cause.Name(code);

    /// <inheritdoc/>
    protected override void ResetState()
    {
        Privilege = PrivilegeLevel.Machine;
        ResetCsrs();
        Pmp.Reset();
        Counters.Reset();
        Timer.Reset();
        Entropy = new EntropySource(Options.EntropySeed ^ (HartId * 0xd134_2543_de82_ef95));
        Header.Pc = Options.ResetVector & XlenMask;
        Header.Fp = default;
        Header.ReservationAddress = ulong.MaxValue;
        FlushTranslations();
        UpdateMode();
    }
}

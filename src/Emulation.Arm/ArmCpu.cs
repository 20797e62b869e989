using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm;

/// <summary>An AArch64 CPU without its system level: EL0 or EL1 with flat memory, little-endian, no interrupts. Exceptions end the run.</summary>
public sealed partial class ArmCpu : VirtualCpu
{
    private readonly ArmFrontend _frontend;
    private readonly ulong[] _stackPointers = new ulong[2];

    /// <summary>Creates a CPU in its reset state.</summary>
    /// <param name="index">Number of the CPU in its machine.</param>
    /// <param name="options">Choices that the architecture leaves open; null for the defaults.</param>
    /// <param name="context">What it is connected to.</param>
    /// <param name="frontend">The translator.</param>
    public ArmCpu(int index, ArmCpuOptions? options, CpuContext context, ArmFrontend frontend)
        : base($"cpu{index}", index, frontend, context)
    {
        _frontend = frontend;
        Options = options ?? new ArmCpuOptions();
        if (Options.ResetLevel is not (0 or 1))
            throw new ArgumentOutOfRangeException(nameof(options), $"exception level {Options.ResetLevel} is not implemented");
        ResetState();
    }

    /// <summary>What the CPU implements.</summary>
    public ArmIsa Isa => _frontend.Isa;

    /// <summary>Choices that the architecture leaves open.</summary>
    public ArmCpuOptions Options { get; }

    /// <summary>The present exception level.</summary>
    public int ExceptionLevel { get; private set; }

    /// <summary>What ESR holds after the exception that ended the run.</summary>
    public ulong Syndrome { get; private set; }

    /// <summary>What FAR holds after the exception that ended the run, for aborts and alignment faults.</summary>
    public ulong FaultAddress { get; private set; }

    internal ArmRegisters Registers => _frontend.Slots;

    /// <summary>Moves to another exception level; each has a stack pointer of its own. Not while the CPU runs.</summary>
    /// <param name="level">0 or 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    public void EnterLevel(int level)
    {
        if (level is not (0 or 1))
            throw new ArgumentOutOfRangeException(nameof(level), $"exception level {level} is not implemented");
        _stackPointers[ExceptionLevel] = this[Registers.Sp];
        ExceptionLevel = level;
        this[Registers.Sp] = _stackPointers[level];
        SetMode((uint)level);
    }

    /// <inheritdoc/>
    protected override bool InterruptPending => false;

    /// <inheritdoc/>
    protected override bool WakePending => false;

    /// <inheritdoc/>
    protected override int FetchMmuIndex => ArmMode.Mmu;

    /// <inheritdoc/>
    protected override void TakeInterrupt() => throw new InvalidOperationException("no interrupt can be pending");

    /// <inheritdoc/>
    protected override bool TakeException(int code, ulong value)
    {
        Syndrome = ArmException.Syndrome(code);
        FaultAddress = value;
        return Options.StartsInAArch32 && IsAArch32 && TakeA32Exception(code, value);
    }

    /// <inheritdoc/>
    protected override string ExceptionName(int code) => ArmException.Name(code);

    /// <inheritdoc/>
    protected override bool TryTranslate(ulong address, int size, MemoryAccessKind kind, int mmuIndex, out PageTranslation translation)
    {
        translation = new PageTranslation(address & ~(StateLayout.PageSize - 1), PageRights.All, Global: true);
        return true;
    }

    /// <inheritdoc/>
    protected override void RecordBusFault(ulong address, MemoryAccessKind kind)
        => RecordException(AbortCode(kind, ArmException.ExternalAbort), address);

    /// <inheritdoc/>
    protected override void RecordMisaligned(ulong address, MemoryAccessKind kind)
        => RecordException(AbortCode(kind, ArmException.AlignmentFault), address);

    /// <inheritdoc/>
    protected override void ResetState()
    {
        ExceptionLevel = Options.ResetLevel;
        Array.Clear(_stackPointers);
        (Syndrome, FaultAddress) = (0, 0);
        this[Registers.Z] = 1;
        SetFpcr(0);
        Header.Fp.Flags = default;
        Header.Pc = Options.ResetVector;
        Header.ReservationAddress = ulong.MaxValue;
        SetMode((uint)ExceptionLevel);
        if (Options.StartsInAArch32)
            ResetAArch32();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write((byte)ExceptionLevel);
        writer.Write(_stackPointers);
        writer.Write(Syndrome);
        writer.Write(FaultAddress);
        SaveAArch32(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        byte level = reader.ReadByte();
        if (level > 1)
            throw reader.Damaged($"there is no exception level {level}");
        ExceptionLevel = level;
        reader.Read(_stackPointers);
        Syndrome = reader.ReadUInt64();
        FaultAddress = reader.ReadUInt64();
        SetFpcr((uint)this[Registers.Fpcr]);
        this[Registers.C] &= 1;                          // a truth value
        SetMode(level);
        LoadAArch32(reader);
    }

    /// <summary>A cache instruction named memory that is not there.</summary>
    internal void ReportAbort(ulong address)
        => RecordException(AbortCode(MemoryAccessKind.Write, ArmException.ExternalAbort | (1 << 8)), address);

    internal void ReportMisaligned(ulong address) => RecordMisaligned(address, MemoryAccessKind.Write);

    private int AbortCode(MemoryAccessKind kind, int status)
    {
        int level = ExceptionLevel;                      // the classes of aborts from the same level are one higher
        return kind == MemoryAccessKind.Fetch
            ? ArmException.Code(ArmException.InstructionAbort + level, status)
            : ArmException.Code(ArmException.DataAbort + level, status | (kind == MemoryAccessKind.Write ? 1 << 6 : 0));
    }
}

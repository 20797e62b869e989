using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

/// <summary>What translated code calls for system instructions.</summary>
internal static unsafe class SystemHelpers
{
    private const IrEffects Exact = IrEffects.MayFault | IrEffects.ReadsTime;

    // privileged state reaches the stack pointer and flags, which engines keep in registers
    private const IrEffects System = IrEffects.ReadsState | IrEffects.WritesState | IrEffects.FloatEnvironment;

    public static readonly IrHelper Clrex = Create(nameof(DoClrex), IrType.None, IrEffects.WritesMemory);

    public static readonly IrHelper Isb = Create(nameof(DoIsb), IrType.None, Exact);

    // exact: compiled code keeps what it knows of the environment while it runs
    public static readonly IrHelper WriteFpcr = Create(nameof(DoWriteFpcr), IrType.None, Exact | IrEffects.FloatEnvironment);

    public static readonly IrHelper ReadFpsr = Create(nameof(DoReadFpsr), IrType.I64, Exact | IrEffects.FloatEnvironment);

    public static readonly IrHelper WriteFpsr = Create(nameof(DoWriteFpsr), IrType.None, Exact | IrEffects.FloatEnvironment);

    /// <summary><c>ulong (word)</c>: MRS.</summary>
    public static readonly IrHelper ReadRegister = Create(nameof(DoReadRegister), IrType.I64, Exact | IrEffects.FloatEnvironment);

    /// <summary><c>void (word, value)</c>: MSR, SYS.</summary>
    public static readonly IrHelper WriteRegister = Create(nameof(DoWriteRegister), IrType.None, Exact | System);

    /// <summary><c>void (field, value)</c>: MSR (immediate), <see cref="StateField"/>.</summary>
    public static readonly IrHelper WriteState = Create(nameof(DoWriteState), IrType.None, Exact | System);

    /// <summary><c>void (value)</c>: MSR DAIF and DAIFClr above EL0, where something may be pending.</summary>
    public static readonly IrHelper WriteDaif = Create(nameof(DoWriteDaif), IrType.None, Exact | System);

    /// <summary><c>void (word)</c>: DAIFSet and DAIFClr at EL0.</summary>
    public static readonly IrHelper WriteUserDaif = Create(nameof(DoWriteUserDaif), IrType.None, Exact);

    /// <summary><c>ulong (ELR)</c>: ERET: gives the new PC.</summary>
    public static readonly IrHelper ReturnFromException = Create(nameof(DoReturnFromException), IrType.I64, Exact | System);

    /// <summary><c>void (kind)</c>: WFI, WFE, <see cref="WaitKind"/>.</summary>
    public static readonly IrHelper Wait = Create(nameof(DoWait), IrType.None, Exact);

    /// <summary><c>void (kind, register, limit)</c>: WFIT, WFET.</summary>
    public static readonly IrHelper WaitUntil = Create(nameof(DoWaitUntil), IrType.None, Exact);

    /// <summary>ESB.</summary>
    public static readonly IrHelper SynchronizeErrors = Create(nameof(DoSynchronizeErrors), IrType.None, Exact);

    /// <summary><c>void (everywhere)</c>: SEV, SEVL.</summary>
    public static readonly IrHelper SendEvent = Create(nameof(DoSendEvent), IrType.None, Exact);

    /// <summary>DSB at a privileged level.</summary>
    public static readonly IrHelper Synchronize = Create(nameof(DoSynchronize), IrType.None, Exact | IrEffects.WritesMemory);

    /// <summary><c>void (word)</c>: an instruction begins that is stepped.</summary>
    public static readonly IrHelper BeginStep = Create(nameof(DoBeginStep), IrType.None, Exact);

    /// <summary>A software step is pending.</summary>
    public static readonly IrHelper RaiseStep = Create(nameof(DoRaiseStep), IrType.None, Exact);

    /// <summary><c>void (pc)</c>: raises at a breakpoint.</summary>
    public static readonly IrHelper CheckBreakpoints = Create(nameof(DoCheckBreakpoints), IrType.None, Exact);

    public static void DoClrex(byte* s) => ((CpuHeader*)s)->ReservationAddress = ulong.MaxValue;

    public static void DoIsb(byte* s) => VirtualCpu.From(s).SynchronizeCode();

    public static void DoWriteFpcr(byte* s, ulong value) => Cpu(s).Fpcr = (uint)value;

    public static ulong DoReadFpsr(byte* s) => Cpu(s).Fpsr;

    public static void DoWriteFpsr(byte* s, ulong value) => Cpu(s).Fpsr = (uint)value;

    public static ulong DoReadRegister(byte* s, ulong word) => Cpu(s).ReadRegister((uint)word);

    public static void DoWriteRegister(byte* s, ulong word, ulong value) => Cpu(s).WriteRegister((uint)word, value);

    public static void DoWriteState(byte* s, ulong field, ulong value) => Cpu(s).WriteState((StateField)field, value);

    public static void DoWriteDaif(byte* s, ulong value) => Cpu(s).WriteDaif(value);

    public static void DoWriteUserDaif(byte* s, ulong word) => Cpu(s).WriteUserDaif((uint)word);

    public static ulong DoReturnFromException(byte* s, ulong pc) => Cpu(s).ReturnFromException(pc);

    public static void DoWait(byte* s, ulong kind) => Cpu(s).Wait((WaitKind)kind);

    public static void DoWaitUntil(byte* s, ulong kind, ulong register, ulong limit) => Cpu(s).WaitUntil((WaitKind)kind, (int)register, limit);

    public static void DoSynchronizeErrors(byte* s) => Cpu(s).SynchronizeErrors();

    public static void DoSendEvent(byte* s, ulong everywhere)
    {
        ArmCpu cpu = Cpu(s);
        if (everywhere != 0)
            cpu.SendEvent();
        else
            cpu.SetEvent();
    }

    public static void DoSynchronize(byte* s) => Cpu(s).SynchronizeTlbs();

    public static void DoBeginStep(byte* s, ulong word) => Cpu(s).BeginStep((uint)word);

    public static void DoRaiseStep(byte* s) => Cpu(s).RaiseStep();

    public static void DoCheckBreakpoints(byte* s, ulong pc) => Cpu(s).CheckBreakpoints(pc);

    private static ArmCpu Cpu(byte* s) => (ArmCpu)VirtualCpu.From(s);

    private static IrHelper Create(string method, IrType result, IrEffects effects)
        => IrHelper.Create(typeof(SystemHelpers), method, result, effects);
}

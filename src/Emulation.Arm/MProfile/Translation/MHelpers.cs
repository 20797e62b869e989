using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

/// <summary>What translated code of the M profile calls.</summary>
internal static unsafe class MHelpers
{
    // no faults: registers may be written before
    private const IrEffects State = IrEffects.ReadsState | IrEffects.WritesState | IrEffects.ReadsTime;

    /// <summary><c>void (target)</c>: EXC_RETURN or FNC_RETURN is branched to.</summary>
    public static readonly IrHelper Return = Create(nameof(DoReturn), IrType.None, State);

    /// <summary><c>void (for event)</c>: WFI, WFE.</summary>
    public static readonly IrHelper Wait = Create(nameof(DoWait), IrType.None, State);

    /// <summary>SEV.</summary>
    public static readonly IrHelper SendEvent = Create(nameof(DoSendEvent), IrType.None, State);

    /// <summary><c>void (sets, masks)</c>: CPS of PRIMASK (1) and FAULTMASK (2).</summary>
    public static readonly IrHelper ChangeMasks = Create(nameof(DoChangeMasks), IrType.None, State);

    /// <summary><c>I32 (SYSm)</c>.</summary>
    public static readonly IrHelper ReadSpecial = Create(nameof(DoReadSpecial), IrType.I32, State);

    /// <summary><c>void (SYSm, value)</c>.</summary>
    public static readonly IrHelper WriteSpecial = Create(nameof(DoWriteSpecial), IrType.None, State | IrEffects.FloatEnvironment | IrEffects.MayFault);

    /// <summary>ExecuteFPCheck().</summary>
    public static readonly IrHelper PrepareFloat = Create(
        nameof(DoPrepareFloat), IrType.None, State | IrEffects.FloatEnvironment | IrEffects.MayFault | IrEffects.ReadsMemory | IrEffects.WritesMemory);

    /// <summary><c>void (pointer)</c>: raises when the stack pointer would be below its limit.</summary>
    public static readonly IrHelper CheckStack = Create(nameof(DoCheckStack), IrType.None, State | IrEffects.MayFault);

    /// <summary>SG.</summary>
    public static readonly IrHelper SecureGateway = Create(nameof(DoSecureGateway), IrType.None, State);

    /// <summary><c>I32 (address, flags)</c>: TT; 1 for T, 2 for A.</summary>
    public static readonly IrHelper TestTarget = Create(nameof(DoTestTarget), IrType.I32, State);

    /// <summary><c>void (target, link, links)</c>: the target goes to the branch target slot.</summary>
    public static readonly IrHelper BranchNonSecure = Create(nameof(DoBranchNonSecure), IrType.None, State | IrEffects.MayFault | IrEffects.ReadsMemory | IrEffects.WritesMemory);

    /// <summary><c>void (address, loads)</c>: VLSTM, VLLDM.</summary>
    public static readonly IrHelper LazyState = Create(
        nameof(DoLazyState), IrType.None, State | IrEffects.FloatEnvironment | IrEffects.MayFault | IrEffects.ReadsMemory | IrEffects.WritesMemory);

    public static void DoSecureGateway(byte* s) => Cpu(s).SecureGateway();

    public static ulong DoTestTarget(byte* s, ulong address, ulong flags) => Cpu(s).TestTarget((uint)address, (flags & 2) != 0, (flags & 1) != 0);

    public static void DoBranchNonSecure(byte* s, ulong target, ulong link, ulong links) => Cpu(s).BranchNonSecure((uint)target, (uint)link, links != 0);

    public static void DoLazyState(byte* s, ulong address, ulong loads) => Cpu(s).LazyStore((uint)address, loads != 0);

    public static void DoReturn(byte* s, ulong target) => Cpu(s).RequestReturn((uint)target);

    public static void DoWait(byte* s, ulong forEvent) => Cpu(s).Wait(forEvent != 0);

    public static void DoSendEvent(byte* s) => Cpu(s).SendEvent();

    public static void DoChangeMasks(byte* s, ulong sets, ulong masks) => Cpu(s).ChangeMasks(sets != 0, (uint)masks);

    public static ulong DoReadSpecial(byte* s, ulong number) => Cpu(s).ReadSpecial((int)number);

    public static void DoWriteSpecial(byte* s, ulong number, ulong value) => Cpu(s).WriteSpecial((int)number, (uint)value);

    public static void DoPrepareFloat(byte* s) => Cpu(s).ExecuteFpCheck();

    public static void DoCheckStack(byte* s, ulong pointer) => Cpu(s).CheckStackLimit((uint)pointer);

    private static ArmMCpu Cpu(byte* s) => (ArmMCpu)VirtualCpu.From(s);

    private static IrHelper Create(string method, IrType result, IrEffects effects) => IrHelper.Create(typeof(MHelpers), method, result, effects);
}

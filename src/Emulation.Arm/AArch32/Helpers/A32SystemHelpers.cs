using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

/// <summary>What translated AArch32 code calls to change its mode.</summary>
internal static unsafe class A32SystemHelpers
{
    // no faults: registers may be written before
    private const IrEffects State = IrEffects.ReadsState | IrEffects.WritesState | IrEffects.ReadsTime;

    /// <summary><c>void (value, mask)</c>.</summary>
    public static readonly IrHelper WriteCpsr = Create(nameof(DoWriteCpsr));

    /// <summary><c>void (pc, cpsr)</c>: the target goes to the branch target slot.</summary>
    public static readonly IrHelper ReturnFromException = Create(nameof(DoReturnFromException));

    /// <summary><c>void (value)</c>.</summary>
    public static readonly IrHelper WriteFpscr = IrHelper.Create(typeof(A32SystemHelpers), nameof(DoWriteFpscr), IrType.None, State | IrEffects.FloatEnvironment);

    /// <summary><c>void (value)</c>.</summary>
    public static readonly IrHelper WriteFpexc = IrHelper.Create(typeof(A32SystemHelpers), nameof(DoWriteFpexc), IrType.None, State | IrEffects.FloatEnvironment);

    /// <summary><c>I32 (number)</c>: by the reg field of VMRS.</summary>
    public static readonly IrHelper ReadFloatRegister = IrHelper.Create(typeof(A32SystemHelpers), nameof(DoReadFloatRegister), IrType.I32, State | IrEffects.FloatEnvironment);

    /// <summary><c>I64 (packed name)</c>.</summary>
    public static readonly IrHelper ReadSystem = IrHelper.Create(typeof(A32SystemHelpers), nameof(DoReadSystem), IrType.I64, State | IrEffects.MayFault | IrEffects.FloatEnvironment);

    /// <summary><c>void (value, packed name)</c>.</summary>
    public static readonly IrHelper WriteSystem = IrHelper.Create(typeof(A32SystemHelpers), nameof(DoWriteSystem), IrType.None, State | IrEffects.MayFault | IrEffects.FloatEnvironment);

    /// <summary><c>void (bit, value)</c>: UNDEFINED unless a bit of SCTLR has a value.</summary>
    public static readonly IrHelper CheckDeprecated = IrHelper.Create(typeof(A32SystemHelpers), nameof(DoCheckDeprecated), IrType.None, State | IrEffects.MayFault);

    /// <summary><c>void (number, rt, reads)</c>: VMRS and VMSR above User mode.</summary>
    public static readonly IrHelper CheckFloatControl = IrHelper.Create(typeof(A32SystemHelpers), nameof(DoCheckFloatControl), IrType.None, State | IrEffects.MayFault);

    public static void DoCheckFloatControl(byte* s, ulong number, ulong rt, ulong reads) => Cpu(s).CheckFloatControl((int)number, (int)rt, reads != 0);

    public static void DoCheckDeprecated(byte* s, ulong bit, ulong value) => Cpu(s).CheckDeprecated((int)bit, value);

    public static ulong DoReadSystem(byte* s, ulong name) => Cpu(s).ReadA32System(name);

    public static void DoWriteSystem(byte* s, ulong value, ulong name) => Cpu(s).WriteA32System(name, value);

    public static void DoWriteFpscr(byte* s, ulong value) => Any(s).Fpscr = (uint)value;

    public static void DoWriteFpexc(byte* s, ulong value) => Any(s).Fpexc = (uint)value;

    public static ulong DoReadFloatRegister(byte* s, ulong number) => Any(s).ReadFloatRegister((int)number);

    public static void DoWriteCpsr(byte* s, ulong value, ulong mask) => Cpu(s).WriteCpsr((uint)value, (uint)mask);

    public static void DoReturnFromException(byte* s, ulong pc, ulong cpsr)
    {
        ArmCpu cpu = Cpu(s);
        cpu.RestoreCpsr((uint)cpsr);
        cpu[cpu.Registers.A32.Target] = pc & ((cpu.Header.Mode & A32Mode.Thumb) != 0 ? ~1u : ~3u);
    }

    // of any profile
    private static IA32Cpu Any(byte* s) => (IA32Cpu)VirtualCpu.From(s);

    private static ArmCpu Cpu(byte* s) => (ArmCpu)VirtualCpu.From(s);

    private static IrHelper Create(string method) => IrHelper.Create(typeof(A32SystemHelpers), method, IrType.None, State);
}

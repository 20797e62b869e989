using Emulation.Cpu;
using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Arm;

/// <summary>IEEE operations that the IR does not have, and all of half precision. The last operand says which: see <see cref="Kind"/>.</summary>
internal static unsafe class FloatHelpers
{
    private const IrEffects Fp = IrEffects.FloatEnvironment;

    public static readonly IrHelper Binary32 = Create(nameof(DoBinary), IrType.F32);
    public static readonly IrHelper Binary64 = Create(nameof(DoBinary), IrType.F64);
    public static readonly IrHelper BinaryBits = Create(nameof(DoBinary), IrType.I32);
    public static readonly IrHelper Unary32 = Create(nameof(DoUnary), IrType.F32);
    public static readonly IrHelper Unary64 = Create(nameof(DoUnary), IrType.F64);
    public static readonly IrHelper UnaryBits = Create(nameof(DoUnary), IrType.I32);

    /// <summary><c>I32 (product operands in bits 15-0 and 31-16, addend)</c>: of halves.</summary>
    public static readonly IrHelper HalfMulAdd = Create(nameof(DoHalfMulAdd), IrType.I32);

    /// <summary><c>I32 (a, b, kind)</c>: NZCV of a comparison; bit 16 of kind: every NaN is invalid.</summary>
    public static readonly IrHelper Compare = Create(nameof(DoCompare), IrType.I32);

    /// <summary><c>(a, from | to shifted by 4)</c>: another format.</summary>
    public static readonly IrHelper Convert32 = Create(nameof(DoConvert), IrType.F32);
    public static readonly IrHelper Convert64 = Create(nameof(DoConvert), IrType.F64);
    public static readonly IrHelper ConvertBits = Create(nameof(DoConvert), IrType.I32);

    /// <summary><c>(a, kind)</c>: to an integer; see <see cref="IntegerKind"/>.</summary>
    public static readonly IrHelper ToInteger32 = Create(nameof(DoToInteger), IrType.I32);
    public static readonly IrHelper ToInteger64 = Create(nameof(DoToInteger), IrType.I64);

    /// <summary><c>(value, kind)</c>: from an integer.</summary>
    public static readonly IrHelper FromInteger32 = Create(nameof(DoFromInteger), IrType.F32);
    public static readonly IrHelper FromInteger64 = Create(nameof(DoFromInteger), IrType.F64);
    public static readonly IrHelper FromIntegerBits = Create(nameof(DoFromInteger), IrType.I32);

    /// <summary><c>I64 (a)</c>: the JavaScript conversion; bit 32 is Z.</summary>
    public static readonly IrHelper JavaScript = Create(nameof(DoJavaScript), IrType.I64);

    private const int RoundingShift = 16;

    /// <summary>In place of a rounding mode: what the control register says.</summary>
    public const int Current = 8;

    /// <summary>In place of a rounding mode, of conversions from integers, which otherwise go by the control register: to nearest.</summary>
    public const int Nearest = 9;

    /// <summary>In an integer kind: 16 bits.</summary>
    public const int Short = 1 << 6;

    /// <summary>Operation, format, rounding.</summary>
    public static int Kind(FpOp op, int format, FpRounding rounding = default) => (int)op | (format << 8) | ((int)rounding << RoundingShift);

    /// <summary>Format, width, sign, fraction bits, rounding.</summary>
    public static int IntegerKind(int format, bool wide, bool signed, int fraction, FpRounding rounding)
        => format | (wide ? 1 << 4 : 0) | (signed ? 1 << 5 : 0) | (fraction << 8) | ((int)rounding << RoundingShift);

    public static ulong DoBinary(byte* s, ulong a, ulong b, ulong kind)
    {
        int format = (int)(kind >> 8) & 3;
        FpContext context = Begin(s, format);
        ulong result = FpLane.Binary((FpOp)(byte)kind, format, a, b, ref context);
        End(s, context);
        return result;
    }

    public static ulong DoUnary(byte* s, ulong a, ulong kind)
    {
        int format = (int)(kind >> 8) & 3;
        FpContext context = Begin(s, format);
        ulong result = FpLane.Unary((FpOp)(byte)kind, format, a, (FpRounding)(kind >> RoundingShift), ref context);
        End(s, context);
        return result;
    }

    public static ulong DoHalfMulAdd(byte* s, ulong product, ulong addend)
    {
        FpContext context = Begin(s, FpFormat.Half);
        ulong result = F16.MulAdd((ushort)product, (ushort)(product >> 16), (ushort)addend, ref context);
        End(s, context);
        return result;
    }

    public static ulong DoCompare(byte* s, ulong a, ulong b, ulong kind)
    {
        int format = (int)(kind >> 8) & 3;
        FpContext context = Begin(s, format);
        bool equal = FpFormat.Equal(format, a, b, (kind >> 16) != 0, ref context);
        ulong result;
        if (FpFormat.IsNan(format, a) || FpFormat.IsNan(format, b))
            result = 3;
        else if (equal)
            result = 6;
        else
            result = FpFormat.Less(format, a, b, ref context) ? 8UL : 2;
        End(s, context);
        return result;
    }

    public static ulong DoConvert(byte* s, ulong a, ulong kind)
    {
        bool alternative = (Fpcr(s) & ArmCpu.AlternativeHalf) != 0;
        return FpLane.Convert((int)kind & 3, (int)kind >> 4, a, alternative, ref Context(s));
    }

    public static ulong DoToInteger(byte* s, ulong a, ulong kind)
    {
        int format = (int)kind & 3;
        FpContext context = Begin(s, format);
        ulong result = FpFormat.ToInteger(
            format, a, (kind & (1 << 6)) != 0 ? 16 : (kind & (1 << 4)) != 0 ? 64 : 32, (kind & (1 << 5)) != 0, (int)(kind >> 8) & 0x7f, RoundingOf(kind, context), ref context);
        End(s, context);
        return result;
    }

    public static ulong DoFromInteger(byte* s, ulong value, ulong kind)
    {
        int format = (int)kind & 3;
        bool signed = (kind & (1 << 5)) != 0;
        if ((kind & (1 << 4)) == 0)
            value = signed ? (ulong)(int)value : (uint)value;
        FpContext context = Begin(s, format);
        if (kind >> RoundingShift == Nearest)
            context.Rounding = FpRounding.NearestEven;
        ulong result = FpFormat.FromInteger(format, value, signed, (int)(kind >> 8) & 0x7f, ref context);
        End(s, context);
        return result;
    }

    public static ulong DoJavaScript(byte* s, ulong a)
    {
        ref FpContext context = ref Context(s);
        FpContext local = context;
        local.Flags = FpFlags.None;
        uint result = (uint)F64.ToInt32Modular(a, ref local);

        // a flushed operand was not 0: FPToFixedJS
        bool exact = (local.Flags & (FpFlags.Invalid | FpFlags.Inexact | FpFlags.InputDenormal)) == 0 && a != FpFormat.SignBit(FpFormat.Double);
        context.Flags |= local.Flags;
        return result | (exact ? 1UL << 32 : 0);
    }

    /// <summary>The CPU's environment.</summary>
    public static ref FpContext Context(byte* s) => ref ((CpuHeader*)s)->Fp;

    public static uint Fpcr(byte* s) => *(uint*)(s + ArmRegisters.Layout.Fpcr.Offset);

    /// <summary>The environment for a format: FZ16 rules over halves, and does not report them.</summary>
    public static FpContext Begin(byte* s, int format, bool standard = false)
    {
        FpContext context = Environment(s, standard);
        if (format != FpFormat.Half)
            return context;
        context.Options = FpOptions.TininessBeforeRounding;
        if ((Fpcr(s) & ArmCpu.FlushHalf) != 0)
            context.Options |= FpOptions.FlushInputs | FpOptions.FlushOutputs;
        return context;
    }

    /// <summary>The CPU's environment, or the Standard FPSCR value of AArch32's vectors. Arm DDI 0487, E1.3.5.</summary>
    public static FpContext Environment(byte* s, bool standard)
    {
        FpContext context = Context(s);
        if (!standard)
            return context;
        context.Rounding = FpRounding.NearestEven;
        context.NanRule = FpNanRule.Canonical;
        context.Options = FpOptions.TininessBeforeRounding | FpOptions.FlushInputs | FpOptions.FlushOutputs | FpOptions.ReportInputDenormals;
        return context;
    }

    /// <summary>Keeps the flags raised.</summary>
    public static void End(byte* s, in FpContext context) => Context(s).Flags |= context.Flags;

    private static FpRounding RoundingOf(ulong kind, in FpContext context)
        => kind >> RoundingShift == Current ? context.Rounding : (FpRounding)(kind >> RoundingShift);

    private static IrHelper Create(string method, IrType result) => IrHelper.Create(typeof(FloatHelpers), method, result, Fp);
}

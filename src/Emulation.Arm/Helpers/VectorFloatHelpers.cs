using Emulation.IR;
using Emulation.SoftFloat;
using static Emulation.Arm.VectorHelpers;

namespace Emulation.Arm;

/// <summary>Floating-point vector operations that the IR does not have. Operands as in <see cref="VectorHelpers"/>.</summary>
internal static unsafe class VectorFloatHelpers
{
    private const IrEffects Effects = IrEffects.ReadsState | IrEffects.WritesState | IrEffects.FloatEnvironment;

    public static readonly IrHelper Lanes = Create(nameof(DoLanes));
    public static readonly IrHelper Pairs = Create(nameof(DoPairs));
    public static readonly IrHelper Across = Create(nameof(DoAcross));
    public static readonly IrHelper Widen = Create(nameof(DoWiden));
    public static readonly IrHelper Narrow = Create(nameof(DoNarrow));
    public static readonly IrHelper FixedPoint = Create(nameof(DoFixedPoint));

    public static void DoLanes(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        int format = Format(v.Kind.Size);
        FpContext context = FloatHelpers.Begin(s, format, v.IsStandard);
        var op = (FpOp)v.Kind.Op;
        for (int i = 0; i < v.Kind.Count; i++)
        {
            ulong a = Lane(v.N, i, v.Kind.Size), b = Lane(v.M, v.Kind.Index >= 0 ? v.Kind.Index : i, v.Kind.Size);
            ulong result = op switch
            {
                FpOp.MulAdd => FpFormat.MulAdd(format, a, b, Lane(v.D, i, v.Kind.Size), ref context),
                FpOp.MulSub => FpFormat.MulAdd(format, a ^ FpFormat.SignBit(format), b, Lane(v.D, i, v.Kind.Size), ref context),
                FpOp.MulAddSeparate => FpFormat.Add(format, Lane(v.D, i, v.Kind.Size), FpFormat.Mul(format, a, b, ref context), ref context),
                FpOp.MulSubSeparate => FpFormat.Sub(format, Lane(v.D, i, v.Kind.Size), FpFormat.Mul(format, a, b, ref context), ref context),
                FpOp.FromSigned => FpFormat.FromInteger(format, (ulong)(long)Read(v.N, i, v.Kind.Size, true), true, 0, ref context),
                FpOp.FromUnsigned => FpFormat.FromInteger(format, a, false, 0, ref context),
                _ when v.Kind.HasImmediate => FpLane.Unary(op, format, a, (FpRounding)v.Kind.Immediate, ref context),
                _ => FpLane.Binary(op, format, a, b, ref context),
            };
            v.Write(i, v.Kind.Size, result);
        }

        FloatHelpers.End(s, context);
        v.Finish(s);
    }

    public static void DoPairs(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        int format = Format(v.Kind.Size), half = Math.Max(1, v.Kind.Count / 2);
        FpContext context = FloatHelpers.Begin(s, format, v.IsStandard);
        for (int i = 0; i < v.Kind.Count; i++)
        {
            ref readonly Bytes source = ref (i < half ? ref v.N : ref v.M);
            int at = 2 * (i % half);
            v.Write(i, v.Kind.Size, FpLane.Binary((FpOp)v.Kind.Op, format, Lane(source, at, v.Kind.Size), Lane(source, at + 1, v.Kind.Size), ref context));
        }

        FloatHelpers.End(s, context);
        v.Finish(s);
    }

    // halves of halves, as the manual's Reduce does
    public static void DoAcross(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        int format = Format(v.Kind.Size);
        FpContext context = FloatHelpers.Begin(s, format, v.IsStandard);
        Span<ulong> lanes = stackalloc ulong[v.Kind.Count];
        for (int i = 0; i < lanes.Length; i++)
            lanes[i] = Lane(v.N, i, v.Kind.Size);
        v.Write(0, v.Kind.Size, Reduce((FpOp)v.Kind.Op, format, lanes, ref context));
        FloatHelpers.End(s, context);
        v.Finish(s);
    }

    public static void DoWiden(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        int from = Format(v.Kind.Size), to = Format(v.Kind.Size + 1), first = v.Kind.High ? 8 >> v.Kind.Size : 0;
        bool alternative = (FloatHelpers.Fpcr(s) & ArmCpu.AlternativeHalf) != 0;
        FpContext context = FloatHelpers.Environment(s, v.IsStandard);
        for (int i = 0; i < v.Kind.Count; i++)
            v.Write(i, v.Kind.Size + 1, FpLane.Convert(from, to, Lane(v.N, first + i, v.Kind.Size), alternative, ref context));
        FloatHelpers.End(s, context);
        v.Finish(s);
    }

    /// <summary>Signed says: round to odd.</summary>
    public static void DoNarrow(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        int from = Format(v.Kind.Size + 1), to = Format(v.Kind.Size), first = v.Kind.High ? 8 >> v.Kind.Size : 0;
        bool alternative = (FloatHelpers.Fpcr(s) & ArmCpu.AlternativeHalf) != 0;
        if (v.Kind.High)
            v.Keep();
        FpContext context = FloatHelpers.Environment(s, v.IsStandard);
        if (v.Kind.Signed)
            context.Rounding = FpRounding.ToOdd;
        for (int i = 0; i < v.Kind.Count; i++)
            v.Write(first + i, v.Kind.Size, FpLane.Convert(from, to, Lane(v.N, i, v.Kind.Size + 1), alternative, ref context));
        FloatHelpers.End(s, context);
        v.Finish(s);
    }

    public static void DoFixedPoint(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        int format = Format(v.Kind.Size);
        FpContext context = FloatHelpers.Begin(s, format, v.IsStandard);
        for (int i = 0; i < v.Kind.Count; i++)
        {
            ulong a = Lane(v.N, i, v.Kind.Size);
            v.Write(i, v.Kind.Size, v.Op switch
            {
                VecOp.FromS => FpFormat.FromInteger(format, (ulong)(long)Read(v.N, i, v.Kind.Size, true), true, v.Kind.Immediate, ref context),
                VecOp.FromU => FpFormat.FromInteger(format, a, false, v.Kind.Immediate, ref context),
                _ => FpFormat.ToInteger(format, a, FpFormat.Bits(format), v.Op == VecOp.ToS, v.Kind.Immediate, FpRounding.TowardZero, ref context),
            });
        }

        FloatHelpers.End(s, context);
        v.Finish(s);
    }

    private static ulong Reduce(FpOp op, int format, ReadOnlySpan<ulong> lanes, ref FpContext context)
    {
        if (lanes.Length == 1)
            return lanes[0];
        int half = lanes.Length / 2;
        ulong low = Reduce(op, format, lanes[..half], ref context), high = Reduce(op, format, lanes[half..], ref context);
        return FpLane.Binary(op, format, low, high, ref context);
    }

    internal static int Format(int size) => size switch { 1 => FpFormat.Half, 2 => FpFormat.Single, _ => FpFormat.Double };

    internal static ulong Lane(in Bytes register, int lane, int size) => (ulong)Read(register, lane, size, false);

    private static IrHelper Create(string method) => IrHelper.Create(typeof(VectorFloatHelpers), method, IrType.None, Effects);
}

using System.Diagnostics.CodeAnalysis;
using Emulation.IR;

namespace Emulation.RiscV.Float;

/// <summary>One format as emitters see it: operands, arithmetic, helpers. The emitters of F, D and Zfh differ in nothing else.</summary>
internal abstract class RvFloat
{
    private protected const IrEffects Fp = IrEffects.FloatEnvironment;

    /// <summary>binary32.</summary>
    public static readonly RvFloat Single = new SingleFloat();

    /// <summary>binary64.</summary>
    public static readonly RvFloat Double = new DoubleFloat();

    /// <summary>binary16.</summary>
    public static readonly RvFloat Half = new HalfFloat();

    private protected RvFloat(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods)] Type helpers,
        IrType type,
        int width)
    {
        SignMask = 1UL << (width - 1);
        Min = IrHelper.Create(helpers, nameof(FpHelpers<>.Min), type, Fp);
        Max = IrHelper.Create(helpers, nameof(FpHelpers<>.Max), type, Fp);
        MinM = IrHelper.Create(helpers, nameof(FpHelpers<>.MinM), type, Fp);
        MaxM = IrHelper.Create(helpers, nameof(FpHelpers<>.MaxM), type, Fp);
        LtQ = IrHelper.Create(helpers, nameof(FpHelpers<>.LtQ), IrType.I1, Fp);
        LeQ = IrHelper.Create(helpers, nameof(FpHelpers<>.LeQ), IrType.I1, Fp);
        Class = IrHelper.Create(helpers, nameof(FpHelpers<>.Class), IrType.I32, IrEffects.None);
        Round = IrHelper.Create(helpers, nameof(FpHelpers<>.Round), type, Fp);
        RoundNx = IrHelper.Create(helpers, nameof(FpHelpers<>.RoundNx), type, Fp);
        ToW = IrHelper.Create(helpers, nameof(FpHelpers<>.ToW), IrType.I32, Fp);
        ToWu = IrHelper.Create(helpers, nameof(FpHelpers<>.ToWu), IrType.I32, Fp);
        ToL = IrHelper.Create(helpers, nameof(FpHelpers<>.ToL), IrType.I64, Fp);
        ToLu = IrHelper.Create(helpers, nameof(FpHelpers<>.ToLu), IrType.I64, Fp);
        FromW = IrHelper.Create(helpers, nameof(FpHelpers<>.FromW), type, Fp);
        FromWu = IrHelper.Create(helpers, nameof(FpHelpers<>.FromWu), type, Fp);
        FromL = IrHelper.Create(helpers, nameof(FpHelpers<>.FromL), type, Fp);
        FromLu = IrHelper.Create(helpers, nameof(FpHelpers<>.FromLu), type, Fp);
    }

    /// <summary>The sign among the bits.</summary>
    public ulong SignMask { get; }

    public IrHelper Min { get; }

    public IrHelper Max { get; }

    public IrHelper MinM { get; }

    public IrHelper MaxM { get; }

    public IrHelper LtQ { get; }

    public IrHelper LeQ { get; }

    public IrHelper Class { get; }

    public IrHelper Round { get; }

    public IrHelper RoundNx { get; }

    public IrHelper ToW { get; }

    public IrHelper ToWu { get; }

    public IrHelper ToL { get; }

    public IrHelper ToLu { get; }

    public IrHelper FromW { get; }

    public IrHelper FromWu { get; }

    public IrHelper FromL { get; }

    public IrHelper FromLu { get; }

    /// <summary>Reads an FPR; a badly boxed one is the canonical NaN.</summary>
    public abstract IrValue Get(RvEmitter e, int r);

    /// <summary>Reads an FPR as an integer; a badly boxed one is the canonical NaN.</summary>
    public abstract IrValue Bits(RvEmitter e, int r);

    /// <summary>Writes an FPR, boxed.</summary>
    public abstract void Set(RvEmitter e, int r, IrValue value);

    /// <summary>FAdd to FDiv.</summary>
    public virtual IrValue Binary(RvEmitter e, IrOp op, IrValue a, IrValue b, int rm) => e.Ir.Float(op, a, b, RvEmitter.Rounding(rm));

    /// <summary>FEq, FLt, FLe.</summary>
    public virtual IrValue Compare(RvEmitter e, IrOp op, IrValue a, IrValue b) => e.Ir.Float(op, a, b);

    /// <summary>Square root.</summary>
    public virtual IrValue Sqrt(RvEmitter e, IrValue a, int rm) => e.Ir.FSqrt(a, RvEmitter.Rounding(rm));

    /// <summary>±(a * b) ± c.</summary>
    public virtual IrValue MulAdd(RvEmitter e, IrValue a, IrValue b, IrValue c, bool negateProduct, bool negateAddend, int rm)
        => e.Ir.FMulAdd(a, b, c, negateProduct, negateAddend, RvEmitter.Rounding(rm));

    private sealed class SingleFloat() : RvFloat(typeof(FpHelpers<SingleFormat>), IrType.F32, 32)
    {
        public override IrValue Get(RvEmitter e, int r) => e.S(r);

        public override IrValue Bits(RvEmitter e, int r) => e.SBits(r);

        public override void Set(RvEmitter e, int r, IrValue value) => e.SetS(r, value);
    }

    private sealed class DoubleFloat() : RvFloat(typeof(FpHelpers<DoubleFormat>), IrType.F64, 64)
    {
        public override IrValue Get(RvEmitter e, int r) => e.D(r);

        public override IrValue Bits(RvEmitter e, int r) => e.DBits(r);

        public override void Set(RvEmitter e, int r, IrValue value) => e.SetD(r, value);
    }
}

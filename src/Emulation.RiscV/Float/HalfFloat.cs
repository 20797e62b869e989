using Emulation.IR;

namespace Emulation.RiscV.Float;

/// <summary>binary16: everything is a helper.</summary>
internal sealed class HalfFloat() : RvFloat(typeof(FpHelpers<HalfFormat>), IrType.I32, 16)
{
    private readonly IrHelper _add = Create(nameof(FpConvertHelpers.HAdd));
    private readonly IrHelper _sub = Create(nameof(FpConvertHelpers.HSub));
    private readonly IrHelper _mul = Create(nameof(FpConvertHelpers.HMul));
    private readonly IrHelper _div = Create(nameof(FpConvertHelpers.HDiv));
    private readonly IrHelper _sqrt = Create(nameof(FpConvertHelpers.HSqrt));
    private readonly IrHelper _mulAdd = Create(nameof(FpConvertHelpers.HMulAdd));
    private readonly IrHelper _eq = IrHelper.Create(typeof(FpHelpers<HalfFormat>), nameof(FpHelpers<>.Eq), IrType.I1, Fp);
    private readonly IrHelper _lt = IrHelper.Create(typeof(FpHelpers<HalfFormat>), nameof(FpHelpers<>.Lt), IrType.I1, Fp);
    private readonly IrHelper _le = IrHelper.Create(typeof(FpHelpers<HalfFormat>), nameof(FpHelpers<>.Le), IrType.I1, Fp);

    public override IrValue Get(RvEmitter e, int r) => e.HBits(r);

    public override IrValue Bits(RvEmitter e, int r) => e.HBits(r);

    public override void Set(RvEmitter e, int r, IrValue value) => e.SetH(r, value);

    public override IrValue Binary(RvEmitter e, IrOp op, IrValue a, IrValue b, int rm)
    {
        IrHelper helper = op == IrOp.FAdd ? _add : op == IrOp.FSub ? _sub : op == IrOp.FMul ? _mul : _div;
        return e.Ir.Call(helper, a, b, e.Ir.Const((ulong)rm));
    }

    public override IrValue Compare(RvEmitter e, IrOp op, IrValue a, IrValue b)
        => e.Ir.Call(op == IrOp.FEq ? _eq : op == IrOp.FLt ? _lt : _le, a, b);

    public override IrValue Sqrt(RvEmitter e, IrValue a, int rm) => e.Ir.Call(_sqrt, a, e.Ir.Const((ulong)rm));

    public override IrValue MulAdd(RvEmitter e, IrValue a, IrValue b, IrValue c, bool negateProduct, bool negateAddend, int rm)
    {
        IrValue ab = e.Ir.Or(a, e.Ir.Shl(b, 16));
        int how = rm | (negateProduct ? 8 : 0) | (negateAddend ? 16 : 0);
        return e.Ir.Call(_mulAdd, ab, c, e.Ir.Const((ulong)how));
    }

    private static IrHelper Create(string method) => IrHelper.Create(typeof(FpConvertHelpers), method, IrType.I32, Fp);
}

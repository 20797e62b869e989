namespace Emulation.IR;

/// <summary>What an operation may do besides giving a value.</summary>
[Flags]
public enum IrEffects : ushort
{
    /// <summary>A pure function of its operands.</summary>
    None = 0,

    /// <summary>Reads the register file.</summary>
    ReadsState = 1,

    /// <summary>Writes the register file.</summary>
    WritesState = 2,

    /// <summary>Reads guest memory.</summary>
    ReadsMemory = 4,

    /// <summary>Writes guest memory.</summary>
    WritesMemory = 8,

    /// <summary>May end the instruction with a guest exception or leave the engine: all state before the instruction must be in place.</summary>
    MayFault = 16,

    /// <summary>Reads or changes the floating-point environment (rounding mode, sticky flags).</summary>
    FloatEnvironment = 32,

    /// <summary>Moves control inside the block.</summary>
    Control = 64,

    /// <summary>Ends the block.</summary>
    Terminal = 128,

    /// <summary>Asks what time or how many instructions it is: the engine's count must be exact.</summary>
    ReadsTime = 256,

    /// <summary>Anything that keeps an operation without users alive.</summary>
    Observable = WritesState | WritesMemory | MayFault | Control | Terminal | FloatEnvironment,
}

/// <summary>How the types of operands and result relate.</summary>
public enum IrShape : byte
{
    /// <summary>No operands, no result.</summary>
    None,

    /// <summary>No operands, any result.</summary>
    Leaf,

    /// <summary>One operand of any type, no result.</summary>
    Sink,

    /// <summary>One integer operand of the result's type.</summary>
    Unary,

    /// <summary>Two integer operands of the result's type.</summary>
    Binary,

    /// <summary>Two integer operands of one type, a truth value.</summary>
    Compare,

    /// <summary>A truth value and two operands of the result's type.</summary>
    Select,

    /// <summary>One operand, another type as result.</summary>
    Convert,

    /// <summary>One IEEE operand of the result's type.</summary>
    FloatUnary,

    /// <summary>Two IEEE operands of the result's type.</summary>
    FloatBinary,

    /// <summary>Three IEEE operands of the result's type.</summary>
    FloatTernary,

    /// <summary>Two IEEE operands of one type, a truth value.</summary>
    FloatCompare,

    /// <summary>Two IEEE operands of one type, a 32-bit integer.</summary>
    FloatOrder,

    /// <summary>An IEEE operand, an integer of 32 or 64 bits.</summary>
    FloatToInteger,

    /// <summary>An integer of 32 or 64 bits, an IEEE number.</summary>
    IntegerToFloat,

    /// <summary>An IEEE operand, a number of the other IEEE type.</summary>
    FloatConvert,

    /// <summary>An address; a value.</summary>
    Load,

    /// <summary>An address and a value; no result.</summary>
    Store,

    /// <summary>An address and a value; a value.</summary>
    Atomic,

    /// <summary>An address and two values; a value.</summary>
    AtomicCompare,

    /// <summary>A truth value; no result.</summary>
    Condition,

    /// <summary>Whatever the helper says.</summary>
    Call,

    /// <summary>An optional 64-bit operand; no result.</summary>
    OptionalSink,

    /// <summary>A vector; a vector.</summary>
    VectorUnary,

    /// <summary>Two vectors; a vector.</summary>
    VectorBinary,

    /// <summary>Three vectors; a vector.</summary>
    VectorTernary,

    /// <summary>A vector and a 32-bit integer; a vector.</summary>
    VectorShift,

    /// <summary>A vector; a 32-bit integer.</summary>
    VectorMask,

    /// <summary>A vector and a scalar of the lane's type; a vector.</summary>
    VectorInsert,

    /// <summary>A scalar of the lane's type; a vector.</summary>
    VectorSplat,

    /// <summary>A vector; a scalar of the lane's type.</summary>
    VectorExtract,

    /// <summary>A vector of 256 bits, giving one of 128.</summary>
    VectorHalf,

    /// <summary>Two vectors of 128 bits, giving one of 256.</summary>
    VectorJoin,
}

/// <summary>Facts of one operation.</summary>
/// <param name="Op">The operation.</param>
/// <param name="Name">Its name in listings.</param>
/// <param name="Shape">Types of operands and result.</param>
/// <param name="Effects">What else it may do.</param>
/// <param name="Lanes">Lane shapes of a vector operation; of one that does not care, <see cref="LaneSet.I8x16"/>.</param>
public readonly record struct IrOpInfo(IrOp Op, string Name, IrShape Shape, IrEffects Effects, LaneSet Lanes = LaneSet.None);

/// <summary>The table of operations: the single source for builder, verifier, printer, passes and engines.</summary>
public static class IrOpcodes
{
    private const IrEffects Fp = IrEffects.FloatEnvironment;
    private const IrEffects Rd = IrEffects.ReadsMemory | IrEffects.MayFault;
    private const IrEffects Wr = IrEffects.WritesMemory | IrEffects.MayFault;
    private const IrEffects End = IrEffects.Terminal | IrEffects.Control;

    private static readonly IrOpInfo[] s_table =
    [
        new(IrOp.Nop, "nop", IrShape.None, IrEffects.None),
        new(IrOp.Insn, "insn", IrShape.None, IrEffects.Control),
        new(IrOp.Const, "const", IrShape.Leaf, IrEffects.None),
        new(IrOp.Get, "get", IrShape.Leaf, IrEffects.ReadsState),
        new(IrOp.Set, "set", IrShape.Sink, IrEffects.WritesState),
        new(IrOp.Add, "add", IrShape.Binary, IrEffects.None),
        new(IrOp.Sub, "sub", IrShape.Binary, IrEffects.None),
        new(IrOp.Mul, "mul", IrShape.Binary, IrEffects.None),
        new(IrOp.MulHighS, "mulh.s", IrShape.Binary, IrEffects.None),
        new(IrOp.MulHighU, "mulh.u", IrShape.Binary, IrEffects.None),
        new(IrOp.MulHighSU, "mulh.su", IrShape.Binary, IrEffects.None),
        new(IrOp.DivS, "div.s", IrShape.Binary, IrEffects.None),
        new(IrOp.DivU, "div.u", IrShape.Binary, IrEffects.None),
        new(IrOp.RemS, "rem.s", IrShape.Binary, IrEffects.None),
        new(IrOp.RemU, "rem.u", IrShape.Binary, IrEffects.None),
        new(IrOp.And, "and", IrShape.Binary, IrEffects.None),
        new(IrOp.Or, "or", IrShape.Binary, IrEffects.None),
        new(IrOp.Xor, "xor", IrShape.Binary, IrEffects.None),
        new(IrOp.Shl, "shl", IrShape.Binary, IrEffects.None),
        new(IrOp.ShrU, "shr.u", IrShape.Binary, IrEffects.None),
        new(IrOp.ShrS, "shr.s", IrShape.Binary, IrEffects.None),
        new(IrOp.RotL, "rotl", IrShape.Binary, IrEffects.None),
        new(IrOp.RotR, "rotr", IrShape.Binary, IrEffects.None),
        new(IrOp.Clz, "clz", IrShape.Unary, IrEffects.None),
        new(IrOp.Ctz, "ctz", IrShape.Unary, IrEffects.None),
        new(IrOp.PopCount, "popcnt", IrShape.Unary, IrEffects.None),
        new(IrOp.ByteSwap, "bswap", IrShape.Unary, IrEffects.None),
        new(IrOp.Eq, "eq", IrShape.Compare, IrEffects.None),
        new(IrOp.Ne, "ne", IrShape.Compare, IrEffects.None),
        new(IrOp.LtS, "lt.s", IrShape.Compare, IrEffects.None),
        new(IrOp.LtU, "lt.u", IrShape.Compare, IrEffects.None),
        new(IrOp.LeS, "le.s", IrShape.Compare, IrEffects.None),
        new(IrOp.LeU, "le.u", IrShape.Compare, IrEffects.None),
        new(IrOp.Select, "select", IrShape.Select, IrEffects.None),
        new(IrOp.ZExt, "zext", IrShape.Convert, IrEffects.None),
        new(IrOp.SExt, "sext", IrShape.Convert, IrEffects.None),
        new(IrOp.Trunc, "trunc", IrShape.Convert, IrEffects.None),
        new(IrOp.Bitcast, "bitcast", IrShape.Convert, IrEffects.None),
        new(IrOp.FAdd, "fadd", IrShape.FloatBinary, Fp),
        new(IrOp.FSub, "fsub", IrShape.FloatBinary, Fp),
        new(IrOp.FMul, "fmul", IrShape.FloatBinary, Fp),
        new(IrOp.FDiv, "fdiv", IrShape.FloatBinary, Fp),
        new(IrOp.FSqrt, "fsqrt", IrShape.FloatUnary, Fp),
        new(IrOp.FMulAdd, "fma", IrShape.FloatTernary, Fp),
        new(IrOp.FEq, "feq", IrShape.FloatCompare, Fp),
        new(IrOp.FLt, "flt", IrShape.FloatCompare, Fp),
        new(IrOp.FLe, "fle", IrShape.FloatCompare, Fp),
        new(IrOp.FMin, "fmin", IrShape.FloatBinary, Fp),
        new(IrOp.FMax, "fmax", IrShape.FloatBinary, Fp),
        new(IrOp.FOrder, "forder", IrShape.FloatOrder, Fp),
        new(IrOp.FToInt, "ftoint", IrShape.FloatToInteger, Fp),
        new(IrOp.FFromInt, "ffromint", IrShape.IntegerToFloat, Fp),
        new(IrOp.FConvert, "fconvert", IrShape.FloatConvert, Fp),
        new(IrOp.VFAdd, "vfadd", IrShape.VectorBinary, Fp, LaneSet.Float),
        new(IrOp.VFSub, "vfsub", IrShape.VectorBinary, Fp, LaneSet.Float),
        new(IrOp.VFMul, "vfmul", IrShape.VectorBinary, Fp, LaneSet.Float),
        new(IrOp.VFDiv, "vfdiv", IrShape.VectorBinary, Fp, LaneSet.Float),
        new(IrOp.VFSqrt, "vfsqrt", IrShape.VectorUnary, Fp, LaneSet.Float),
        new(IrOp.VFMulAdd, "vfma", IrShape.VectorTernary, Fp, LaneSet.Float),
        new(IrOp.VFEq, "vfeq", IrShape.VectorBinary, Fp, LaneSet.Float),
        new(IrOp.VFLt, "vflt", IrShape.VectorBinary, Fp, LaneSet.Float),
        new(IrOp.VFLe, "vfle", IrShape.VectorBinary, Fp, LaneSet.Float),
        new(IrOp.VAnd, "vand", IrShape.VectorBinary, IrEffects.None, LaneSet.I8x16),
        new(IrOp.VOr, "vor", IrShape.VectorBinary, IrEffects.None, LaneSet.I8x16),
        new(IrOp.VXor, "vxor", IrShape.VectorBinary, IrEffects.None, LaneSet.I8x16),
        new(IrOp.VAndNot, "vandnot", IrShape.VectorBinary, IrEffects.None, LaneSet.I8x16),
        new(IrOp.VAdd, "vadd", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VSub, "vsub", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VMul, "vmul", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VAddSatS, "vaddsat.s", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VAddSatU, "vaddsat.u", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VSubSatS, "vsubsat.s", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VSubSatU, "vsubsat.u", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VMinS, "vmin.s", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VMinU, "vmin.u", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VMaxS, "vmax.s", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VMaxU, "vmax.u", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VEq, "veq", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VGtS, "vgt.s", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VGtU, "vgt.u", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VGeS, "vge.s", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VGeU, "vge.u", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VShlV, "vshl.v", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VShrUV, "vshr.uv", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VShrSV, "vshr.sv", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VZipLow, "vzip.low", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VZipHigh, "vzip.high", IrShape.VectorBinary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VNarrow, "vnarrow", IrShape.VectorBinary, IrEffects.None, LaneSet.Narrow),
        new(IrOp.VShuffle, "vshuffle", IrShape.VectorBinary, IrEffects.None, LaneSet.I8x16),
        new(IrOp.VSelect, "vselect", IrShape.VectorTernary, IrEffects.None, LaneSet.I8x16),
        new(IrOp.VAbs, "vabs", IrShape.VectorUnary, IrEffects.None, LaneSet.Integer),
        new(IrOp.VPopCount, "vpopcnt", IrShape.VectorUnary, IrEffects.None, LaneSet.I8x16),
        new(IrOp.VWidenLowS, "vwiden.low.s", IrShape.VectorUnary, IrEffects.None, LaneSet.Narrow),
        new(IrOp.VWidenLowU, "vwiden.low.u", IrShape.VectorUnary, IrEffects.None, LaneSet.Narrow),
        new(IrOp.VWidenHighS, "vwiden.high.s", IrShape.VectorUnary, IrEffects.None, LaneSet.Narrow),
        new(IrOp.VWidenHighU, "vwiden.high.u", IrShape.VectorUnary, IrEffects.None, LaneSet.Narrow),
        new(IrOp.VShl, "vshl", IrShape.VectorShift, IrEffects.None, LaneSet.Integer),
        new(IrOp.VShrU, "vshr.u", IrShape.VectorShift, IrEffects.None, LaneSet.Integer),
        new(IrOp.VShrS, "vshr.s", IrShape.VectorShift, IrEffects.None, LaneSet.Integer),
        new(IrOp.VMask, "vmask", IrShape.VectorMask, IrEffects.None, LaneSet.Integer),
        new(IrOp.VInsert, "vinsert", IrShape.VectorInsert, IrEffects.None, LaneSet.Any),
        new(IrOp.VSplat, "vsplat", IrShape.VectorSplat, IrEffects.None, LaneSet.Any),
        new(IrOp.VScalar, "vscalar", IrShape.VectorSplat, IrEffects.None, LaneSet.Any),
        new(IrOp.VExtract, "vextract", IrShape.VectorExtract, IrEffects.None, LaneSet.Any),
        new(IrOp.VLow, "vlow", IrShape.VectorHalf, IrEffects.None, LaneSet.I8x16),
        new(IrOp.VHigh, "vhigh", IrShape.VectorHalf, IrEffects.None, LaneSet.I8x16),
        new(IrOp.VJoin, "vjoin", IrShape.VectorJoin, IrEffects.None, LaneSet.I8x16),
        new(IrOp.Load, "load", IrShape.Load, Rd),
        new(IrOp.Store, "store", IrShape.Store, Wr),
        new(IrOp.AtomicRmw, "rmw", IrShape.Atomic, Rd | Wr),
        new(IrOp.AtomicCas, "cas", IrShape.AtomicCompare, Rd | Wr),
        new(IrOp.LoadReserved, "load.r", IrShape.Load, Rd | Wr),
        new(IrOp.StoreConditional, "store.c", IrShape.Atomic, Rd | Wr),
        new(IrOp.Fence, "fence", IrShape.None, IrEffects.ReadsMemory | IrEffects.WritesMemory),
        new(IrOp.Label, "label", IrShape.None, IrEffects.Control),
        new(IrOp.Br, "br", IrShape.None, IrEffects.Control),
        new(IrOp.BrIf, "brif", IrShape.Condition, IrEffects.Control),
        new(IrOp.Call, "call", IrShape.Call, IrEffects.None),
        new(IrOp.Raise, "raise", IrShape.OptionalSink, IrEffects.MayFault | IrEffects.Control),
        new(IrOp.Jump, "jump", IrShape.None, End),
        new(IrOp.Branch, "branch", IrShape.Condition, End),
        new(IrOp.JumpIndirect, "jump.ind", IrShape.OptionalSink, End),
        new(IrOp.Exit, "exit", IrShape.OptionalSink, End),
    ];

    /// <summary>All operations, in the order of <see cref="IrOp"/>.</summary>
    public static ReadOnlySpan<IrOpInfo> All => s_table;

    /// <summary>Facts of <paramref name="op"/>.</summary>
    /// <param name="op">An operation.</param>
    public static ref readonly IrOpInfo Info(IrOp op) => ref s_table[(int)op];
}

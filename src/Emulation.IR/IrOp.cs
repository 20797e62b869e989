namespace Emulation.IR;

/// <summary>Operations. <see cref="IrOpcodes"/> has the facts of each; engines and tests enumerate that table.</summary>
/// <remarks>No operation belongs to one instruction set: what does not fit is a <see cref="Call"/> with declared effects.</remarks>
public enum IrOp : byte
{
    /// <summary>Nothing; what passes leave behind.</summary>
    Nop,

    /// <summary>Start of a guest instruction: Imm = its PC, Aux = its length in bytes.</summary>
    Insn,

    /// <summary>A constant: Imm.</summary>
    Const,

    /// <summary>Reads the register file at byte offset Imm.</summary>
    Get,

    /// <summary>Writes A to the register file at byte offset Imm.</summary>
    Set,

    /// <summary>a + b.</summary>
    Add,

    /// <summary>a - b.</summary>
    Sub,

    /// <summary>a * b, low half.</summary>
    Mul,

    /// <summary>High half of the signed product.</summary>
    MulHighS,

    /// <summary>High half of the unsigned product.</summary>
    MulHighU,

    /// <summary>High half of signed a times unsigned b.</summary>
    MulHighSU,

    /// <summary>Signed quotient, total: x/0 = -1, MIN/-1 = MIN.</summary>
    DivS,

    /// <summary>Unsigned quotient, total: x/0 = all ones.</summary>
    DivU,

    /// <summary>Signed remainder, total: x%0 = x, MIN%-1 = 0.</summary>
    RemS,

    /// <summary>Unsigned remainder, total: x%0 = x.</summary>
    RemU,

    /// <summary>a and b.</summary>
    And,

    /// <summary>a or b.</summary>
    Or,

    /// <summary>a exclusive-or b.</summary>
    Xor,

    /// <summary>a shifted left by b modulo the width.</summary>
    Shl,

    /// <summary>a shifted right by b modulo the width, zeros enter.</summary>
    ShrU,

    /// <summary>a shifted right by b modulo the width, the sign enters.</summary>
    ShrS,

    /// <summary>a rotated left by b modulo the width.</summary>
    RotL,

    /// <summary>a rotated right by b modulo the width.</summary>
    RotR,

    /// <summary>Leading zeros; the width for 0.</summary>
    Clz,

    /// <summary>Trailing zeros; the width for 0.</summary>
    Ctz,

    /// <summary>One bits.</summary>
    PopCount,

    /// <summary>Bytes in reverse order.</summary>
    ByteSwap,

    /// <summary>a = b.</summary>
    Eq,

    /// <summary>a ≠ b.</summary>
    Ne,

    /// <summary>a &lt; b, signed.</summary>
    LtS,

    /// <summary>a &lt; b, unsigned.</summary>
    LtU,

    /// <summary>a ≤ b, signed.</summary>
    LeS,

    /// <summary>a ≤ b, unsigned.</summary>
    LeU,

    /// <summary>a (a truth value) ? b : c.</summary>
    Select,

    /// <summary>Widens with zeros.</summary>
    ZExt,

    /// <summary>Widens with the sign.</summary>
    SExt,

    /// <summary>Keeps the low bits.</summary>
    Trunc,

    /// <summary>The same bits as another type of the same width.</summary>
    Bitcast,

    /// <summary>IEEE sum. Aux of every rounding operation: a static rounding mode, or <see cref="IrRounding.Dynamic"/>.</summary>
    FAdd,

    /// <summary>IEEE difference.</summary>
    FSub,

    /// <summary>IEEE product.</summary>
    FMul,

    /// <summary>IEEE quotient.</summary>
    FDiv,

    /// <summary>IEEE square root.</summary>
    FSqrt,

    /// <summary>±(a * b) ± c with one rounding; Imm bit 0 negates the product, bit 1 the addend.</summary>
    FMulAdd,

    /// <summary>a = b, raising invalid for signalling NaNs only.</summary>
    FEq,

    /// <summary>a &lt; b, raising invalid for every NaN.</summary>
    FLt,

    /// <summary>a ≤ b, raising invalid for every NaN.</summary>
    FLe,

    /// <summary>The smaller, -0 below +0; Aux = an <see cref="IrExtremum"/>.</summary>
    FMin,

    /// <summary>The greater, -0 below +0; Aux = an <see cref="IrExtremum"/>.</summary>
    FMax,

    /// <summary>0 where a = b, 1 where a &lt; b, 2 where a &gt; b, 3 where one is a NaN; raises invalid for signalling NaNs, with Aux 1 for every NaN.</summary>
    FOrder,

    /// <summary>To an integer: Aux = rounding, bit 3 signed, from bit 4 on the number of the rule for what does not fit.</summary>
    FToInt,

    /// <summary>From an integer: Aux = rounding, bit 3 signed.</summary>
    FFromInt,

    /// <summary>To the other IEEE type: Aux = rounding.</summary>
    FConvert,

    /// <summary>IEEE sums of lanes. Aux of every vector operation: a packed <see cref="LaneOp"/>. Flags are those of the scalar operation on each lane, together.</summary>
    VFAdd,

    /// <summary>IEEE differences.</summary>
    VFSub,

    /// <summary>IEEE products.</summary>
    VFMul,

    /// <summary>IEEE quotients.</summary>
    VFDiv,

    /// <summary>IEEE square roots.</summary>
    VFSqrt,

    /// <summary>±(a * b) ± c with one rounding; Imm bit 0 negates the products, bit 1 the addends.</summary>
    VFMulAdd,

    /// <summary>Lanes of ones where a = b, raising invalid for signalling NaNs only.</summary>
    VFEq,

    /// <summary>Lanes of ones where a &lt; b, raising invalid for every NaN.</summary>
    VFLt,

    /// <summary>Lanes of ones where a ≤ b, raising invalid for every NaN.</summary>
    VFLe,

    /// <summary>a and b, all bits of vectors.</summary>
    VAnd,

    /// <summary>a or b.</summary>
    VOr,

    /// <summary>a exclusive-or b.</summary>
    VXor,

    /// <summary>a and not b.</summary>
    VAndNot,

    /// <summary>a + b in each lane.</summary>
    VAdd,

    /// <summary>a - b.</summary>
    VSub,

    /// <summary>a * b, low half.</summary>
    VMul,

    /// <summary>a + b, signed, clamped to what a lane holds.</summary>
    VAddSatS,

    /// <summary>a + b, unsigned, clamped.</summary>
    VAddSatU,

    /// <summary>a - b, signed, clamped.</summary>
    VSubSatS,

    /// <summary>a - b, unsigned, clamped.</summary>
    VSubSatU,

    /// <summary>The smaller, signed.</summary>
    VMinS,

    /// <summary>The smaller, unsigned.</summary>
    VMinU,

    /// <summary>The greater, signed.</summary>
    VMaxS,

    /// <summary>The greater, unsigned.</summary>
    VMaxU,

    /// <summary>Ones where a = b, else zeros.</summary>
    VEq,

    /// <summary>Ones where a &gt; b, signed.</summary>
    VGtS,

    /// <summary>Ones where a &gt; b, unsigned.</summary>
    VGtU,

    /// <summary>Ones where a ≥ b, signed.</summary>
    VGeS,

    /// <summary>Ones where a ≥ b, unsigned.</summary>
    VGeU,

    /// <summary>Each lane of a shifted left by the lane of b, unsigned; zero from the lane's width on.</summary>
    VShlV,

    /// <summary>Each lane of a shifted right by the lane of b, zeros enter; zero from the lane's width on.</summary>
    VShrUV,

    /// <summary>Each lane of a shifted right by the lane of b, the sign enters; the sign alone from the lane's width on.</summary>
    VShrSV,

    /// <summary>Low halves interleaved: a0, b0, a1, b1, ...</summary>
    VZipLow,

    /// <summary>High halves interleaved.</summary>
    VZipHigh,

    /// <summary>The low halves of the lanes of a, then of b. The shape is the result's.</summary>
    VNarrow,

    /// <summary>Byte i of the result is byte b[i] of a, or zero where b[i] ≥ 16.</summary>
    VShuffle,

    /// <summary>Bits of b where a has ones, of c where it has zeros.</summary>
    VSelect,

    /// <summary>The absolute value; MIN stays.</summary>
    VAbs,

    /// <summary>One bits of each byte.</summary>
    VPopCount,

    /// <summary>The lanes of the low half, widened with the sign. The shape is the operand's.</summary>
    VWidenLowS,

    /// <summary>The lanes of the low half, widened with zeros.</summary>
    VWidenLowU,

    /// <summary>The lanes of the high half, widened with the sign.</summary>
    VWidenHighS,

    /// <summary>The lanes of the high half, widened with zeros.</summary>
    VWidenHighU,

    /// <summary>Lanes shifted left by the 32-bit unsigned b; zero from the lane's width on.</summary>
    VShl,

    /// <summary>Lanes shifted right by the 32-bit unsigned b, zeros enter; zero from the lane's width on.</summary>
    VShrU,

    /// <summary>Lanes shifted right by the 32-bit unsigned b, the sign enters; the sign alone from the lane's width on.</summary>
    VShrS,

    /// <summary>The top bits of the lanes as a 32-bit number, lane 0 in bit 0.</summary>
    VMask,

    /// <summary>a with lane Imm replaced by the scalar b.</summary>
    VInsert,

    /// <summary>A scalar in every lane.</summary>
    VSplat,

    /// <summary>A scalar in lane 0, zeros above.</summary>
    VScalar,

    /// <summary>Lane Imm as a scalar of the lane's type.</summary>
    VExtract,

    /// <summary>Bits 0-127 of a vector of 256.</summary>
    VLow,

    /// <summary>Bits 128-255 of a vector of 256.</summary>
    VHigh,

    /// <summary>A vector of 256 bits: a below, b above.</summary>
    VJoin,

    /// <summary>Reads memory at A + Imm; Aux = a packed <see cref="MemOp"/>.</summary>
    Load,

    /// <summary>Writes B to memory at A + Imm; Aux = a packed <see cref="MemOp"/>.</summary>
    Store,

    /// <summary>Atomic read-modify-write at A with B; Imm = an <see cref="AtomicOp"/>, Aux = a packed <see cref="MemOp"/>. Gives the old value.</summary>
    AtomicRmw,

    /// <summary>Atomic compare with B and exchange by C at A; Aux = a packed <see cref="MemOp"/>. Gives the old value.</summary>
    AtomicCas,

    /// <summary>Reads memory at A and makes a reservation; Aux = a packed <see cref="MemOp"/>.</summary>
    LoadReserved,

    /// <summary>Writes B at A if the reservation holds; gives 0 when it did, 1 when not; the reservation is gone. Aux = a packed <see cref="MemOp"/>.</summary>
    StoreConditional,

    /// <summary>Orders memory accesses before it with those after it; Imm = an <see cref="IrFence"/>.</summary>
    Fence,

    /// <summary>A place that branches inside the block go to: Imm = label number. Only forward.</summary>
    Label,

    /// <summary>Goes to label Imm.</summary>
    Br,

    /// <summary>Goes to label Imm when A.</summary>
    BrIf,

    /// <summary>Calls helper number Aux of the block with A, B, C.</summary>
    Call,

    /// <summary>Ends the instruction with guest exception Imm and value A (0 when absent). Not complete: PC stays at the instruction.</summary>
    Raise,

    /// <summary>Terminal: goes on at PC Imm.</summary>
    Jump,

    /// <summary>Terminal: goes on at PC Imm when A, else behind the block.</summary>
    Branch,

    /// <summary>Terminal: goes on at PC A, in whatever mode the CPU then has.</summary>
    JumpIndirect,

    /// <summary>Terminal: back to the run loop, which looks for interrupts and goes on at PC A.</summary>
    Exit,
}

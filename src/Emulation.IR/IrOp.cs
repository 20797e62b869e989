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

    /// <summary>Orders memory accesses before it with those after it.</summary>
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

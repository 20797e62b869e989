using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"RV32I", "RV64I": integer computation and control transfer. RISC-V Unprivileged ISA, same chapters.</summary>
[Extension("I")]
internal static class BaseInteger
{
    [Encoding("imm:20 rd 0110111", "lui {rd}, {immu}")]
    public static void Lui(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Const(i.ImmU));

    [Encoding("imm:20 rd 0010111", "auipc {rd}, {immu}")]
    public static void Auipc(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Const((long)e.Pc + i.ImmU));

    [Encoding("imm:20 rd 1101111", "jal {rd}, {jump}")]
    public static void Jal(RvEmitter e, RvWord i) => e.JumpAndLink(i.Rd, i.ImmJ);

    [Encoding("imm:12 rs1 000 rd 1100111", "jalr {rd}, {immi}({rs1})")]
    public static void Jalr(RvEmitter e, RvWord i) => e.JumpAndLinkRegister(i.Rd, i.Rs1, i.ImmI);

    [Encoding("imm:7 rs2 rs1 000 imm:5 1100011", "beq {rs1}, {rs2}, {branch}")]
    public static void Beq(RvEmitter e, RvWord i) => Branch(e, i, IrOp.Eq);

    [Encoding("imm:7 rs2 rs1 001 imm:5 1100011", "bne {rs1}, {rs2}, {branch}")]
    public static void Bne(RvEmitter e, RvWord i) => Branch(e, i, IrOp.Ne);

    [Encoding("imm:7 rs2 rs1 100 imm:5 1100011", "blt {rs1}, {rs2}, {branch}")]
    public static void Blt(RvEmitter e, RvWord i) => Branch(e, i, IrOp.LtS);

    [Encoding("imm:7 rs2 rs1 101 imm:5 1100011", "bge {rs1}, {rs2}, {branch}")]
    public static void Bge(RvEmitter e, RvWord i) => BranchSwapped(e, i, IrOp.LeS);

    [Encoding("imm:7 rs2 rs1 110 imm:5 1100011", "bltu {rs1}, {rs2}, {branch}")]
    public static void Bltu(RvEmitter e, RvWord i) => Branch(e, i, IrOp.LtU);

    [Encoding("imm:7 rs2 rs1 111 imm:5 1100011", "bgeu {rs1}, {rs2}, {branch}")]
    public static void Bgeu(RvEmitter e, RvWord i) => BranchSwapped(e, i, IrOp.LeU);

    [Encoding("imm:12 rs1 000 rd 0010011", "addi {rd}, {rs1}, {immi}")]
    public static void Addi(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Add(e.X(i.Rs1), i.ImmI));

    [Encoding("imm:12 rs1 010 rd 0010011", "slti {rd}, {rs1}, {immi}")]
    public static void Slti(RvEmitter e, RvWord i) => e.SetBool(i.Rd, e.Ir.Compare(IrOp.LtS, e.X(i.Rs1), e.Const(i.ImmI)));

    [Encoding("imm:12 rs1 011 rd 0010011", "sltiu {rd}, {rs1}, {immi}")]
    public static void Sltiu(RvEmitter e, RvWord i) => e.SetBool(i.Rd, e.Ir.Compare(IrOp.LtU, e.X(i.Rs1), e.Const(i.ImmI)));

    [Encoding("imm:12 rs1 100 rd 0010011", "xori {rd}, {rs1}, {immi}")]
    public static void Xori(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Xor(e.X(i.Rs1), e.Const(i.ImmI)));

    [Encoding("imm:12 rs1 110 rd 0010011", "ori {rd}, {rs1}, {immi}")]
    public static void Ori(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.Or(e.X(i.Rs1), e.Const(i.ImmI)));

    [Encoding("imm:12 rs1 111 rd 0010011", "andi {rd}, {rs1}, {immi}")]
    public static void Andi(RvEmitter e, RvWord i) => e.SetX(i.Rd, e.Ir.And(e.X(i.Rs1), e.Const(i.ImmI)));

    [Encoding("000000 shamt:6 rs1 001 rd 0010011", "slli {rd}, {rs1}, {shamt}", Requires = "RV64")]
    [Encoding("0000000 shamt:5 rs1 001 rd 0010011", "slli {rd}, {rs1}, {shamt}", Requires = "RV32")]
    public static void Slli(RvEmitter e, RvWord i) => ShiftImmediate(e, i, IrOp.Shl);

    [Encoding("000000 shamt:6 rs1 101 rd 0010011", "srli {rd}, {rs1}, {shamt}", Requires = "RV64")]
    [Encoding("0000000 shamt:5 rs1 101 rd 0010011", "srli {rd}, {rs1}, {shamt}", Requires = "RV32")]
    public static void Srli(RvEmitter e, RvWord i) => ShiftImmediate(e, i, IrOp.ShrU);

    [Encoding("010000 shamt:6 rs1 101 rd 0010011", "srai {rd}, {rs1}, {shamt}", Requires = "RV64")]
    [Encoding("0100000 shamt:5 rs1 101 rd 0010011", "srai {rd}, {rs1}, {shamt}", Requires = "RV32")]
    public static void Srai(RvEmitter e, RvWord i) => ShiftImmediate(e, i, IrOp.ShrS);

    [Encoding("0000000 rs2 rs1 000 rd 0110011", "add {rd}, {rs1}, {rs2}")]
    public static void Add(RvEmitter e, RvWord i) => Binary(e, i, IrOp.Add);

    [Encoding("0100000 rs2 rs1 000 rd 0110011", "sub {rd}, {rs1}, {rs2}")]
    public static void Sub(RvEmitter e, RvWord i) => Binary(e, i, IrOp.Sub);

    [Encoding("0000000 rs2 rs1 001 rd 0110011", "sll {rd}, {rs1}, {rs2}")]
    public static void Sll(RvEmitter e, RvWord i) => Binary(e, i, IrOp.Shl);

    [Encoding("0000000 rs2 rs1 010 rd 0110011", "slt {rd}, {rs1}, {rs2}")]
    public static void Slt(RvEmitter e, RvWord i) => e.SetBool(i.Rd, e.Ir.Compare(IrOp.LtS, e.X(i.Rs1), e.X(i.Rs2)));

    [Encoding("0000000 rs2 rs1 011 rd 0110011", "sltu {rd}, {rs1}, {rs2}")]
    public static void Sltu(RvEmitter e, RvWord i) => e.SetBool(i.Rd, e.Ir.Compare(IrOp.LtU, e.X(i.Rs1), e.X(i.Rs2)));

    [Encoding("0000000 rs2 rs1 100 rd 0110011", "xor {rd}, {rs1}, {rs2}")]
    public static void Xor(RvEmitter e, RvWord i) => Binary(e, i, IrOp.Xor);

    [Encoding("0000000 rs2 rs1 101 rd 0110011", "srl {rd}, {rs1}, {rs2}")]
    public static void Srl(RvEmitter e, RvWord i) => Binary(e, i, IrOp.ShrU);

    [Encoding("0100000 rs2 rs1 101 rd 0110011", "sra {rd}, {rs1}, {rs2}")]
    public static void Sra(RvEmitter e, RvWord i) => Binary(e, i, IrOp.ShrS);

    [Encoding("0000000 rs2 rs1 110 rd 0110011", "or {rd}, {rs1}, {rs2}")]
    public static void Or(RvEmitter e, RvWord i) => Binary(e, i, IrOp.Or);

    [Encoding("0000000 rs2 rs1 111 rd 0110011", "and {rd}, {rs1}, {rs2}")]
    public static void And(RvEmitter e, RvWord i) => Binary(e, i, IrOp.And);

    // fm, rs1 and rd other than those of FENCE.TSO are hints or reserved for finer fences; accesses of devices count as those of memory
    [Encoding(".... pred:4 succ:4 rs1 000 rd 0001111", "fence {pred}, {succ}")]
    public static void Fence(RvEmitter e, RvWord i)
    {
        bool loadsBefore = (i.Pred & 0b1010) != 0, storesBefore = (i.Pred & 0b0101) != 0;
        bool loadsAfter = (i.Succ & 0b1010) != 0, storesAfter = (i.Succ & 0b0101) != 0;
        if (storesBefore && loadsAfter)
        {
            e.Ir.Fence();
            return;
        }

        if (loadsBefore && loadsAfter)
            e.Ir.Fence(IrFence.Acquire);
        if (storesAfter && (storesBefore || (loadsBefore && !loadsAfter)))
            e.Ir.Fence(IrFence.Release);
    }

    [Encoding("1000 0011 0011 00000 000 00000 0001111", "fence.tso")]
    public static void FenceTso(RvEmitter e, RvWord i)
    {
        e.Ir.Fence(IrFence.Acquire);
        e.Ir.Fence(IrFence.Release);
    }

    [Encoding("000000000000 00000 000 00000 1110011", "ecall")]
    public static void Ecall(RvEmitter e, RvWord i) => e.RaiseAndEnd(8 + e.Privilege, 0);

    [Encoding("000000000001 00000 000 00000 1110011", "ebreak")]
    public static void Ebreak(RvEmitter e, RvWord i) => e.RaiseAndEnd(3, e.Pc);

    private static void Binary(RvEmitter e, RvWord i, IrOp op) => e.SetX(i.Rd, e.Ir.Binary(op, e.X(i.Rs1), e.X(i.Rs2)));

    private static void ShiftImmediate(RvEmitter e, RvWord i, IrOp op) => e.SetX(i.Rd, e.Ir.Binary(op, e.X(i.Rs1), e.Const(i.Shamt)));

    private static void Branch(RvEmitter e, RvWord i, IrOp op) => e.Branch(e.Ir.Compare(op, e.X(i.Rs1), e.X(i.Rs2)), i.ImmB);

    private static void BranchSwapped(RvEmitter e, RvWord i, IrOp op) => e.Branch(e.Ir.Compare(op, e.X(i.Rs2), e.X(i.Rs1)), i.ImmB);
}

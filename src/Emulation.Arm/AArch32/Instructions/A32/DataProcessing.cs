using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions.A32;

/// <summary>Data processing. Arm DDI 0487, F4.1.2.</summary>
[Extension("AArch32")]
internal static class DataProcessing
{
    [Encoding("cond!=15 000 0000 s rn rd imm5 type 0 rm", "and{s}{c}")]
    [Encoding("cond!=15 000 0001 s rn rd imm5 type 0 rm", "eor{s}{c}")]
    [Encoding("cond!=15 000 0010 s rn rd imm5 type 0 rm", "sub{s}{c}")]
    [Encoding("cond!=15 000 0011 s rn rd imm5 type 0 rm", "rsb{s}{c}")]
    [Encoding("cond!=15 000 0100 s rn rd imm5 type 0 rm", "add{s}{c}")]
    [Encoding("cond!=15 000 0101 s rn rd imm5 type 0 rm", "adc{s}{c}")]
    [Encoding("cond!=15 000 0110 s rn rd imm5 type 0 rm", "sbc{s}{c}")]
    [Encoding("cond!=15 000 0111 s rn rd imm5 type 0 rm", "rsc{s}{c}")]
    [Encoding("cond!=15 000 1000 1 rn 0000 imm5 type 0 rm", "tst{c}")]
    [Encoding("cond!=15 000 1001 1 rn 0000 imm5 type 0 rm", "teq{c}")]
    [Encoding("cond!=15 000 1010 1 rn 0000 imm5 type 0 rm", "cmp{c}")]
    [Encoding("cond!=15 000 1011 1 rn 0000 imm5 type 0 rm", "cmn{c}")]
    [Encoding("cond!=15 000 1100 s rn rd imm5 type 0 rm", "orr{s}{c}")]
    [Encoding("cond!=15 000 1101 s 0000 rd imm5 type 0 rm", "mov{s}{c}")]
    [Encoding("cond!=15 000 1110 s rn rd imm5 type 0 rm", "bic{s}{c}")]
    [Encoding("cond!=15 000 1111 s 0000 rd imm5 type 0 rm", "mvn{s}{c}")]
    public static void ShiftedRegister(A32Emitter e, A32Word i)
    {
        Execute(e, i, e.Shift(i.Rm, i.ShiftType, i.Imm5, i.S));
        if ((AluOp)i.Field(21, 4) == AluOp.Cmp && i.Imm5 == 0 && i.ShiftType == 0)
            e.RememberComparison(i.Rn, i.Rm, 0);
    }

    [Encoding("cond!=15 000 0000 s rn rd rs 0 type 1 rm", "and{s}{c}")]
    [Encoding("cond!=15 000 0001 s rn rd rs 0 type 1 rm", "eor{s}{c}")]
    [Encoding("cond!=15 000 0010 s rn rd rs 0 type 1 rm", "sub{s}{c}")]
    [Encoding("cond!=15 000 0011 s rn rd rs 0 type 1 rm", "rsb{s}{c}")]
    [Encoding("cond!=15 000 0100 s rn rd rs 0 type 1 rm", "add{s}{c}")]
    [Encoding("cond!=15 000 0101 s rn rd rs 0 type 1 rm", "adc{s}{c}")]
    [Encoding("cond!=15 000 0110 s rn rd rs 0 type 1 rm", "sbc{s}{c}")]
    [Encoding("cond!=15 000 0111 s rn rd rs 0 type 1 rm", "rsc{s}{c}")]
    [Encoding("cond!=15 000 1000 1 rn 0000 rs 0 type 1 rm", "tst{c}")]
    [Encoding("cond!=15 000 1001 1 rn 0000 rs 0 type 1 rm", "teq{c}")]
    [Encoding("cond!=15 000 1010 1 rn 0000 rs 0 type 1 rm", "cmp{c}")]
    [Encoding("cond!=15 000 1011 1 rn 0000 rs 0 type 1 rm", "cmn{c}")]
    [Encoding("cond!=15 000 1100 s rn rd rs 0 type 1 rm", "orr{s}{c}")]
    [Encoding("cond!=15 000 1101 s 0000 rd rs 0 type 1 rm", "mov{s}{c}")]
    [Encoding("cond!=15 000 1110 s rn rd rs 0 type 1 rm", "bic{s}{c}")]
    [Encoding("cond!=15 000 1111 s 0000 rd rs 0 type 1 rm", "mvn{s}{c}")]
    public static void RegisterShifted(A32Emitter e, A32Word i) => Execute(e, i, e.Shift(i.Rm, i.ShiftType, e.R(i.Rs), i.S));

    [Encoding("cond!=15 001 0000 s rn rd imm12", "and{s}{c}")]
    [Encoding("cond!=15 001 0001 s rn rd imm12", "eor{s}{c}")]
    [Encoding("cond!=15 001 0010 s rn rd imm12", "sub{s}{c}")]
    [Encoding("cond!=15 001 0011 s rn rd imm12", "rsb{s}{c}")]
    [Encoding("cond!=15 001 0100 s rn rd imm12", "add{s}{c}")]
    [Encoding("cond!=15 001 0101 s rn rd imm12", "adc{s}{c}")]
    [Encoding("cond!=15 001 0110 s rn rd imm12", "sbc{s}{c}")]
    [Encoding("cond!=15 001 0111 s rn rd imm12", "rsc{s}{c}")]
    [Encoding("cond!=15 001 1000 1 rn 0000 imm12", "tst{c}")]
    [Encoding("cond!=15 001 1001 1 rn 0000 imm12", "teq{c}")]
    [Encoding("cond!=15 001 1010 1 rn 0000 imm12", "cmp{c}")]
    [Encoding("cond!=15 001 1011 1 rn 0000 imm12", "cmn{c}")]
    [Encoding("cond!=15 001 1100 s rn rd imm12", "orr{s}{c}")]
    [Encoding("cond!=15 001 1101 s 0000 rd imm12", "mov{s}{c}")]
    [Encoding("cond!=15 001 1110 s rn rd imm12", "bic{s}{c}")]
    [Encoding("cond!=15 001 1111 s 0000 rd imm12", "mvn{s}{c}")]
    public static void Immediate(A32Emitter e, A32Word i)
    {
        ShiftedValue value = e.Immediate(i);
        var op = (AluOp)i.Field(21, 4);
        // ADR: the base is the aligned PC, which in A32 is PC
        Execute(e, i, value);
        if (op == AluOp.Cmp && e.Ir.IsConst(value.Value, out ulong constant))
            e.RememberComparison(i.Rn, Comparison.Immediate, (uint)constant);
    }

    [Encoding("cond!=15 00110000 imm4 rd imm12", "movw{c}", Requires = "V6T2")]
    public static void Movw(A32Emitter e, A32Word i) => e.Write(i.Rd, e.Word(i.Imm16));

    [Encoding("cond!=15 00110100 imm4 rd imm12", "movt{c}", Requires = "V6T2")]
    public static void Movt(A32Emitter e, A32Word i) => e.Write(i.Rd, e.Ir.Or(e.Ir.And(e.R(i.Rd), e.Word(0xffff)), e.Word(i.Imm16 << 16)));

    private static void Execute(A32Emitter e, A32Word i, ShiftedValue b)
    {
        var op = (AluOp)i.Field(21, 4);
        if (i.S && i.Rd == A32Emitter.PcNumber && op is not (>= AluOp.Tst and <= AluOp.Cmn))
            e.ExceptionReturn(op, i.Rn, b);
        else
            e.Alu(op, i.S, i.Rd, i.Rn, b);
    }
}

using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions.T32;

/// <summary>Data processing of a shifted register, or of a modified constant. Arm DDI 0487, F3.1.10 "Data-processing (shifted register)", F3.1.11 "(modified immediate)".</summary>
[Extension("V6T2")]
internal static class WideDataProcessing
{
    [Encoding("1110101 0000 s rn 0 imm3 rd imm2 type rm", "and{s}")]
    [Encoding("1110101 0000 1 rn 0 imm3 1111 imm2 type rm", "tst")]
    [Encoding("11110 i 0 0000 s rn 0 imm3 rd imm8", "and{s}")]
    [Encoding("11110 i 0 0000 1 rn 0 imm3 1111 imm8", "tst")]
    public static void And(A32Emitter e, T32Word i) => Execute(e, i, IsComparison(i) ? AluOp.Tst : AluOp.And);

    [Encoding("1110101 0001 s rn 0 imm3 rd imm2 type rm", "bic{s}")]
    [Encoding("11110 i 0 0001 s rn 0 imm3 rd imm8", "bic{s}")]
    public static void Bic(A32Emitter e, T32Word i) => Execute(e, i, AluOp.Bic);

    [Encoding("1110101 0010 s rn!=15 0 imm3 rd imm2 type rm", "orr{s}")]
    [Encoding("1110101 0010 s 1111 0 imm3 rd imm2 type rm", "mov{s}")]
    [Encoding("11110 i 0 0010 s rn!=15 0 imm3 rd imm8", "orr{s}")]
    [Encoding("11110 i 0 0010 s 1111 0 imm3 rd imm8", "mov{s}")]
    public static void Orr(A32Emitter e, T32Word i) => Execute(e, i, i.Rn == 15 ? AluOp.Mov : AluOp.Orr);

    [Encoding("1110101 0011 s rn!=15 0 imm3 rd imm2 type rm", "orn{s}")]
    [Encoding("1110101 0011 s 1111 0 imm3 rd imm2 type rm", "mvn{s}")]
    [Encoding("11110 i 0 0011 s rn!=15 0 imm3 rd imm8", "orn{s}")]
    [Encoding("11110 i 0 0011 s 1111 0 imm3 rd imm8", "mvn{s}")]
    public static void Orn(A32Emitter e, T32Word i) => Execute(e, i, i.Rn == 15 ? AluOp.Mvn : AluOp.Orn);

    [Encoding("1110101 0100 s rn 0 imm3 rd imm2 type rm", "eor{s}")]
    [Encoding("1110101 0100 1 rn 0 imm3 1111 imm2 type rm", "teq")]
    [Encoding("11110 i 0 0100 s rn 0 imm3 rd imm8", "eor{s}")]
    [Encoding("11110 i 0 0100 1 rn 0 imm3 1111 imm8", "teq")]
    public static void Eor(A32Emitter e, T32Word i) => Execute(e, i, IsComparison(i) ? AluOp.Teq : AluOp.Eor);

    [Encoding("1110101 1000 s rn 0 imm3 rd imm2 type rm", "add{s}")]
    [Encoding("1110101 1000 1 rn 0 imm3 1111 imm2 type rm", "cmn")]
    [Encoding("11110 i 0 1000 s rn 0 imm3 rd imm8", "add{s}")]
    [Encoding("11110 i 0 1000 1 rn 0 imm3 1111 imm8", "cmn")]
    public static void Add(A32Emitter e, T32Word i) => Execute(e, i, IsComparison(i) ? AluOp.Cmn : AluOp.Add);

    [Encoding("1110101 1010 s rn 0 imm3 rd imm2 type rm", "adc{s}")]
    [Encoding("11110 i 0 1010 s rn 0 imm3 rd imm8", "adc{s}")]
    public static void Adc(A32Emitter e, T32Word i) => Execute(e, i, AluOp.Adc);

    [Encoding("1110101 1011 s rn 0 imm3 rd imm2 type rm", "sbc{s}")]
    [Encoding("11110 i 0 1011 s rn 0 imm3 rd imm8", "sbc{s}")]
    public static void Sbc(A32Emitter e, T32Word i) => Execute(e, i, AluOp.Sbc);

    [Encoding("1110101 1101 s rn 0 imm3 rd imm2 type rm", "sub{s}")]
    [Encoding("1110101 1101 1 rn 0 imm3 1111 imm2 type rm", "cmp")]
    [Encoding("11110 i 0 1101 s rn 0 imm3 rd imm8", "sub{s}")]
    [Encoding("11110 i 0 1101 1 rn 0 imm3 1111 imm8", "cmp")]
    public static void Sub(A32Emitter e, T32Word i)
    {
        Execute(e, i, IsComparison(i) ? AluOp.Cmp : AluOp.Sub);
        if (!IsComparison(i))
            return;
        if (!IsRegister(i))
            e.RememberComparison(i.Rn, Comparison.Immediate, A32Emitter.ExpandImmediate(i.Imm12).Value);
        else if (i.ShiftAmount == 0 && i.ShiftType == 0)
            e.RememberComparison(i.Rn, i.Rm, 0);
    }

    [Encoding("1110101 1110 s rn 0 imm3 rd imm2 type rm", "rsb{s}")]
    [Encoding("11110 i 0 1110 s rn 0 imm3 rd imm8", "rsb{s}")]
    public static void Rsb(A32Emitter e, T32Word i) => Execute(e, i, AluOp.Rsb);

    [Encoding("1110101 0110 0 rn 0 imm3 rd imm2 00 rm", "pkhbt", Requires = "DSP")]
    public static void Pkhbt(A32Emitter e, T32Word i)
        => e.SetR(i.Rd, e.Pack(e.R(i.Rn), e.Ir.ShrU(e.Shift(i.Rm, 0, i.ShiftAmount, false).Value, 16)));

    [Encoding("1110101 0110 0 rn 0 imm3 rd imm2 10 rm", "pkhtb", Requires = "DSP")]
    public static void Pkhtb(A32Emitter e, T32Word i)
        => e.SetR(i.Rd, e.Pack(e.Shift(i.Rm, 2, i.ShiftAmount, false).Value, e.Ir.ShrU(e.R(i.Rn), 16)));

    private static bool IsRegister(T32Word i) => i.Field(25, 4) == 5;

    private static bool IsComparison(T32Word i) => i.S && i.Rd == 15;

    private static void Execute(A32Emitter e, T32Word i, AluOp op)
        => e.Alu(op, i.S, i.Rd, i.Rn, IsRegister(i) ? e.Shift(i.Rm, i.ShiftType, i.ShiftAmount, i.S) : e.Immediate(i));
}

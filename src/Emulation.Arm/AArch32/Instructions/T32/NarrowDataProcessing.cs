using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.T32;

/// <summary>Data processing in 16 bits: sets flags outside IT blocks only. Arm DDI 0487, F3.1.1, F3.1.2.</summary>
[Extension("AArch32")]
internal static class NarrowDataProcessing
{
    [Encoding("00000 imm5 m3 d3", "lsls")]
    [Encoding("00001 imm5 m3 d3", "lsrs")]
    [Encoding("00010 imm5 m3 d3", "asrs")]
    public static void ShiftImmediate(A32Emitter e, T32Word i)
        => e.Alu(AluOp.Mov, !e.InIt, i.D3, 0, e.Shift(i.N3, i.Field(11, 2), i.Imm5, !e.InIt));

    [Encoding("0001100 m3 n3 d3", "adds")]
    public static void AddRegister(A32Emitter e, T32Word i) => e.Alu(AluOp.Add, !e.InIt, i.D3, i.N3, e.Shift(i.M3, 0, 0, false));

    [Encoding("0001101 m3 n3 d3", "subs")]
    public static void SubRegister(A32Emitter e, T32Word i) => e.Alu(AluOp.Sub, !e.InIt, i.D3, i.N3, e.Shift(i.M3, 0, 0, false));

    [Encoding("0001110 imm3 n3 d3", "adds")]
    public static void AddImmediate3(A32Emitter e, T32Word i) => e.Alu(AluOp.Add, !e.InIt, i.D3, i.N3, e.Constant((uint)i.M3));

    [Encoding("0001111 imm3 n3 d3", "subs")]
    public static void SubImmediate3(A32Emitter e, T32Word i) => e.Alu(AluOp.Sub, !e.InIt, i.D3, i.N3, e.Constant((uint)i.M3));

    [Encoding("00100 h3 imm8", "movs")]
    public static void MovImmediate(A32Emitter e, T32Word i) => e.Alu(AluOp.Mov, !e.InIt, i.H3, 0, e.Constant((uint)i.Imm8));

    [Encoding("00101 h3 imm8", "cmp")]
    public static void CmpImmediate(A32Emitter e, T32Word i)
    {
        e.Alu(AluOp.Cmp, true, 0, i.H3, e.Constant((uint)i.Imm8));
        e.RememberComparison(i.H3, Comparison.Immediate, (uint)i.Imm8);
    }

    [Encoding("00110 h3 imm8", "adds")]
    public static void AddImmediate8(A32Emitter e, T32Word i) => e.Alu(AluOp.Add, !e.InIt, i.H3, i.H3, e.Constant((uint)i.Imm8));

    [Encoding("00111 h3 imm8", "subs")]
    public static void SubImmediate8(A32Emitter e, T32Word i) => e.Alu(AluOp.Sub, !e.InIt, i.H3, i.H3, e.Constant((uint)i.Imm8));

    [Encoding("010000 0000 m3 d3", "ands")]
    public static void And(A32Emitter e, T32Word i) => Register(e, i, AluOp.And);

    [Encoding("010000 0001 m3 d3", "eors")]
    public static void Eor(A32Emitter e, T32Word i) => Register(e, i, AluOp.Eor);

    [Encoding("010000 0010 m3 d3", "lsls")]
    public static void Lsl(A32Emitter e, T32Word i) => ShiftRegister(e, i, 0);

    [Encoding("010000 0011 m3 d3", "lsrs")]
    public static void Lsr(A32Emitter e, T32Word i) => ShiftRegister(e, i, 1);

    [Encoding("010000 0100 m3 d3", "asrs")]
    public static void Asr(A32Emitter e, T32Word i) => ShiftRegister(e, i, 2);

    [Encoding("010000 0101 m3 d3", "adcs")]
    public static void Adc(A32Emitter e, T32Word i) => Register(e, i, AluOp.Adc);

    [Encoding("010000 0110 m3 d3", "sbcs")]
    public static void Sbc(A32Emitter e, T32Word i) => Register(e, i, AluOp.Sbc);

    [Encoding("010000 0111 m3 d3", "rors")]
    public static void Ror(A32Emitter e, T32Word i) => ShiftRegister(e, i, 3);

    [Encoding("010000 1000 m3 d3", "tst")]
    public static void Tst(A32Emitter e, T32Word i) => e.Alu(AluOp.Tst, true, 0, i.D3, e.Shift(i.N3, 0, 0, false));

    [Encoding("010000 1001 m3 d3", "rsbs")]
    public static void Rsb(A32Emitter e, T32Word i) => e.Alu(AluOp.Rsb, !e.InIt, i.D3, i.N3, e.Constant(0));

    [Encoding("010000 1010 m3 d3", "cmp")]
    public static void Cmp(A32Emitter e, T32Word i)
    {
        e.Alu(AluOp.Cmp, true, 0, i.D3, e.Shift(i.N3, 0, 0, false));
        e.RememberComparison(i.D3, i.N3, 0);
    }

    [Encoding("010000 1011 m3 d3", "cmn")]
    public static void Cmn(A32Emitter e, T32Word i) => e.Alu(AluOp.Cmn, true, 0, i.D3, e.Shift(i.N3, 0, 0, false));

    [Encoding("010000 1100 m3 d3", "orrs")]
    public static void Orr(A32Emitter e, T32Word i) => Register(e, i, AluOp.Orr);

    [Encoding("010000 1101 m3 d3", "muls")]
    public static void Mul(A32Emitter e, T32Word i) => e.Multiply(i.D3, i.N3, i.D3, null, !e.InIt);

    [Encoding("010000 1110 m3 d3", "bics")]
    public static void Bic(A32Emitter e, T32Word i) => Register(e, i, AluOp.Bic);

    [Encoding("010000 1111 m3 d3", "mvns")]
    public static void Mvn(A32Emitter e, T32Word i) => Register(e, i, AluOp.Mvn);

    [Encoding("010001 00 dn m4 d3", "add")]
    public static void AddHigh(A32Emitter e, T32Word i) => e.Alu(AluOp.Add, false, i.D4, i.D4, e.Shift(i.M4, 0, 0, false));

    [Encoding("010001 01 dn m4 d3", "cmp")]
    public static void CmpHigh(A32Emitter e, T32Word i)
    {
        e.Alu(AluOp.Cmp, true, 0, i.D4, e.Shift(i.M4, 0, 0, false));
        e.RememberComparison(i.D4, i.M4, 0);
    }

    [Encoding("010001 10 dn m4 d3", "mov")]
    public static void MovHigh(A32Emitter e, T32Word i) => e.Write(i.D4, e.R(i.M4));

    [Encoding("10100 h3 imm8", "add")]
    public static void Adr(A32Emitter e, T32Word i) => e.SetR(i.H3, e.Ir.Const((e.PcValue & ~3u) + ((uint)i.Imm8 << 2), IrType.I32));

    [Encoding("10101 h3 imm8", "add")]
    public static void AddSp(A32Emitter e, T32Word i) => e.SetR(i.H3, e.Ir.Add(e.R(A32Emitter.Sp), i.Imm8 << 2));

    [Encoding("10110000 0 imm7", "add")]
    public static void AddToSp(A32Emitter e, T32Word i) => e.SetR(A32Emitter.Sp, e.Ir.Add(e.R(A32Emitter.Sp), i.Field(0, 7) << 2));

    [Encoding("10110000 1 imm7", "sub")]
    public static void SubFromSp(A32Emitter e, T32Word i) => e.SetR(A32Emitter.Sp, e.Ir.Add(e.R(A32Emitter.Sp), -(i.Field(0, 7) << 2)));

    private static void Register(A32Emitter e, T32Word i, AluOp op) => e.Alu(op, !e.InIt, i.D3, i.D3, e.Shift(i.N3, 0, 0, false));

    private static void ShiftRegister(A32Emitter e, T32Word i, int type)
        => e.Alu(AluOp.Mov, !e.InIt, i.D3, 0, e.Shift(i.D3, type, e.R(i.N3), !e.InIt));
}

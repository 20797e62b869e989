using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Loads and stores of one general register. Arm DDI 0487, C4.1.94.</summary>
[Extension("Base")]
internal static class LoadStoreRegister
{
    [Encoding("00 111 0 00 00 0 imm9 00 rn rt", "sturb")]
    [Encoding("00 111 0 00 00 0 imm9 01 rn rt", "strb")]
    [Encoding("00 111 0 00 00 0 imm9 11 rn rt", "strb")]
    [Encoding("00 111 0 00 00 1 rm option s 10 rn rt", "strb")]
    [Encoding("00 111 0 01 00 imm12 rn rt", "strb")]
    public static void Strb(A64Emitter e, A64Word i) => Store(e, i, 1);

    [Encoding("00 111 0 00 01 0 imm9 00 rn rt", "ldurb")]
    [Encoding("00 111 0 00 01 0 imm9 01 rn rt", "ldrb")]
    [Encoding("00 111 0 00 01 0 imm9 11 rn rt", "ldrb")]
    [Encoding("00 111 0 00 01 1 rm option s 10 rn rt", "ldrb")]
    [Encoding("00 111 0 01 01 imm12 rn rt", "ldrb")]
    public static void Ldrb(A64Emitter e, A64Word i) => Load(e, i, 1, false, IrType.I32);

    [Encoding("00 111 0 00 10 0 imm9 00 rn rt", "ldursb")]
    [Encoding("00 111 0 00 10 0 imm9 01 rn rt", "ldrsb")]
    [Encoding("00 111 0 00 10 0 imm9 11 rn rt", "ldrsb")]
    [Encoding("00 111 0 00 10 1 rm option s 10 rn rt", "ldrsb")]
    [Encoding("00 111 0 01 10 imm12 rn rt", "ldrsb")]
    public static void LdrsbX(A64Emitter e, A64Word i) => Load(e, i, 1, true, IrType.I64);

    [Encoding("00 111 0 00 11 0 imm9 00 rn rt", "ldursb")]
    [Encoding("00 111 0 00 11 0 imm9 01 rn rt", "ldrsb")]
    [Encoding("00 111 0 00 11 0 imm9 11 rn rt", "ldrsb")]
    [Encoding("00 111 0 00 11 1 rm option s 10 rn rt", "ldrsb")]
    [Encoding("00 111 0 01 11 imm12 rn rt", "ldrsb")]
    public static void LdrsbW(A64Emitter e, A64Word i) => Load(e, i, 1, true, IrType.I32);

    [Encoding("01 111 0 00 00 0 imm9 00 rn rt", "sturh")]
    [Encoding("01 111 0 00 00 0 imm9 01 rn rt", "strh")]
    [Encoding("01 111 0 00 00 0 imm9 11 rn rt", "strh")]
    [Encoding("01 111 0 00 00 1 rm option s 10 rn rt", "strh")]
    [Encoding("01 111 0 01 00 imm12 rn rt", "strh")]
    public static void Strh(A64Emitter e, A64Word i) => Store(e, i, 2);

    [Encoding("01 111 0 00 01 0 imm9 00 rn rt", "ldurh")]
    [Encoding("01 111 0 00 01 0 imm9 01 rn rt", "ldrh")]
    [Encoding("01 111 0 00 01 0 imm9 11 rn rt", "ldrh")]
    [Encoding("01 111 0 00 01 1 rm option s 10 rn rt", "ldrh")]
    [Encoding("01 111 0 01 01 imm12 rn rt", "ldrh")]
    public static void Ldrh(A64Emitter e, A64Word i) => Load(e, i, 2, false, IrType.I32);

    [Encoding("01 111 0 00 10 0 imm9 00 rn rt", "ldursh")]
    [Encoding("01 111 0 00 10 0 imm9 01 rn rt", "ldrsh")]
    [Encoding("01 111 0 00 10 0 imm9 11 rn rt", "ldrsh")]
    [Encoding("01 111 0 00 10 1 rm option s 10 rn rt", "ldrsh")]
    [Encoding("01 111 0 01 10 imm12 rn rt", "ldrsh")]
    public static void LdrshX(A64Emitter e, A64Word i) => Load(e, i, 2, true, IrType.I64);

    [Encoding("01 111 0 00 11 0 imm9 00 rn rt", "ldursh")]
    [Encoding("01 111 0 00 11 0 imm9 01 rn rt", "ldrsh")]
    [Encoding("01 111 0 00 11 0 imm9 11 rn rt", "ldrsh")]
    [Encoding("01 111 0 00 11 1 rm option s 10 rn rt", "ldrsh")]
    [Encoding("01 111 0 01 11 imm12 rn rt", "ldrsh")]
    public static void LdrshW(A64Emitter e, A64Word i) => Load(e, i, 2, true, IrType.I32);

    [Encoding("10 111 0 00 00 0 imm9 00 rn rt", "stur")]
    [Encoding("10 111 0 00 00 0 imm9 01 rn rt", "str")]
    [Encoding("10 111 0 00 00 0 imm9 11 rn rt", "str")]
    [Encoding("10 111 0 00 00 1 rm option s 10 rn rt", "str")]
    [Encoding("10 111 0 01 00 imm12 rn rt", "str")]
    public static void StrW(A64Emitter e, A64Word i) => Store(e, i, 4);

    [Encoding("10 111 0 00 01 0 imm9 00 rn rt", "ldur")]
    [Encoding("10 111 0 00 01 0 imm9 01 rn rt", "ldr")]
    [Encoding("10 111 0 00 01 0 imm9 11 rn rt", "ldr")]
    [Encoding("10 111 0 00 01 1 rm option s 10 rn rt", "ldr")]
    [Encoding("10 111 0 01 01 imm12 rn rt", "ldr")]
    public static void LdrW(A64Emitter e, A64Word i) => Load(e, i, 4, false, IrType.I32);

    [Encoding("10 111 0 00 10 0 imm9 00 rn rt", "ldursw")]
    [Encoding("10 111 0 00 10 0 imm9 01 rn rt", "ldrsw")]
    [Encoding("10 111 0 00 10 0 imm9 11 rn rt", "ldrsw")]
    [Encoding("10 111 0 00 10 1 rm option s 10 rn rt", "ldrsw")]
    [Encoding("10 111 0 01 10 imm12 rn rt", "ldrsw")]
    public static void Ldrsw(A64Emitter e, A64Word i) => Load(e, i, 4, true, IrType.I64);

    [Encoding("11 111 0 00 00 0 imm9 00 rn rt", "stur")]
    [Encoding("11 111 0 00 00 0 imm9 01 rn rt", "str")]
    [Encoding("11 111 0 00 00 0 imm9 11 rn rt", "str")]
    [Encoding("11 111 0 00 00 1 rm option s 10 rn rt", "str")]
    [Encoding("11 111 0 01 00 imm12 rn rt", "str")]
    public static void StrX(A64Emitter e, A64Word i) => Store(e, i, 8);

    [Encoding("11 111 0 00 01 0 imm9 00 rn rt", "ldur")]
    [Encoding("11 111 0 00 01 0 imm9 01 rn rt", "ldr")]
    [Encoding("11 111 0 00 01 0 imm9 11 rn rt", "ldr")]
    [Encoding("11 111 0 00 01 1 rm option s 10 rn rt", "ldr")]
    [Encoding("11 111 0 01 01 imm12 rn rt", "ldr")]
    public static void LdrX(A64Emitter e, A64Word i) => Load(e, i, 8, false, IrType.I64);

    [Encoding("11 111 0 00 10 0 imm9 00 rn rt", "prfum")]
    [Encoding("11 111 0 00 10 1 rm option s 10 rn rt", "prfm")]
    [Encoding("11 111 0 01 10 imm12 rn rt", "prfm")]
    public static void Prfm(A64Emitter e, A64Word i) => e.TryAddress(i, 8, out _, prefetch: true);

    // a range: its kind is in other bits of option
    [Encoding("11 111 0 00 10 1 rm . 1 . s 10 rn 11 imm3", "rprfm")]
    public static void Rprfm(A64Emitter e, A64Word i)
    {
    }

    [Encoding("00 011 0 00 imm19 rt", "ldr")]
    public static void LdrLiteralW(A64Emitter e, A64Word i) => e.SetX(i.Rt, Literal(e, i, 4, false, IrType.I32));

    [Encoding("01 011 0 00 imm19 rt", "ldr")]
    public static void LdrLiteralX(A64Emitter e, A64Word i) => e.SetX(i.Rt, Literal(e, i, 8, false, IrType.I64));

    [Encoding("10 011 0 00 imm19 rt", "ldrsw")]
    public static void LdrswLiteral(A64Emitter e, A64Word i) => e.SetX(i.Rt, Literal(e, i, 4, true, IrType.I64));

    [Encoding("11 011 0 00 imm19 rt", "prfm")]
    public static void PrfmLiteral(A64Emitter e, A64Word i)
    {
    }

    private static IrValue Literal(A64Emitter e, A64Word i, int size, bool signed, IrType type)
        => e.Ir.Load(e.Const(e.Pc + (ulong)i.Imm19), 0, e.Plain(size, signed), type);

    private static void Load(A64Emitter e, A64Word i, int size, bool signed, IrType type)
    {
        if (!e.TryAddress(i, size, out MemoryOperand address))
            return;
        IrValue value = e.Ir.Load(address.Base, address.Displacement, e.Plain(size, signed), type);
        e.WriteBack(i, address);
        e.SetX(i.Rt, value);
    }

    private static void Store(A64Emitter e, A64Word i, int size)
    {
        if (!e.TryAddress(i, size, out MemoryOperand address))
            return;
        e.Ir.Store(address.Base, address.Displacement, e.R(size == 8, i.Rt), e.Plain(size, false));
        e.WriteBack(i, address);
    }
}

using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Loads and stores of one vector register or a part of it. Arm DDI 0487, C4.1.94.</summary>
[Extension("FP")]
internal static class LoadStoreVector
{
    [Encoding("00 111 1 00 00 0 imm9 00 rn rt", "stur")]
    [Encoding("00 111 1 00 00 0 imm9 01 rn rt", "str")]
    [Encoding("00 111 1 00 00 0 imm9 11 rn rt", "str")]
    [Encoding("00 111 1 00 00 1 rm option s 10 rn rt", "str")]
    [Encoding("00 111 1 01 00 imm12 rn rt", "str")]
    public static void StrB(A64Emitter e, A64Word i) => Store(e, i, 1);

    [Encoding("00 111 1 00 01 0 imm9 00 rn rt", "ldur")]
    [Encoding("00 111 1 00 01 0 imm9 01 rn rt", "ldr")]
    [Encoding("00 111 1 00 01 0 imm9 11 rn rt", "ldr")]
    [Encoding("00 111 1 00 01 1 rm option s 10 rn rt", "ldr")]
    [Encoding("00 111 1 01 01 imm12 rn rt", "ldr")]
    public static void LdrB(A64Emitter e, A64Word i) => Load(e, i, 1);

    [Encoding("01 111 1 00 00 0 imm9 00 rn rt", "stur")]
    [Encoding("01 111 1 00 00 0 imm9 01 rn rt", "str")]
    [Encoding("01 111 1 00 00 0 imm9 11 rn rt", "str")]
    [Encoding("01 111 1 00 00 1 rm option s 10 rn rt", "str")]
    [Encoding("01 111 1 01 00 imm12 rn rt", "str")]
    public static void StrH(A64Emitter e, A64Word i) => Store(e, i, 2);

    [Encoding("01 111 1 00 01 0 imm9 00 rn rt", "ldur")]
    [Encoding("01 111 1 00 01 0 imm9 01 rn rt", "ldr")]
    [Encoding("01 111 1 00 01 0 imm9 11 rn rt", "ldr")]
    [Encoding("01 111 1 00 01 1 rm option s 10 rn rt", "ldr")]
    [Encoding("01 111 1 01 01 imm12 rn rt", "ldr")]
    public static void LdrH(A64Emitter e, A64Word i) => Load(e, i, 2);

    [Encoding("10 111 1 00 00 0 imm9 00 rn rt", "stur")]
    [Encoding("10 111 1 00 00 0 imm9 01 rn rt", "str")]
    [Encoding("10 111 1 00 00 0 imm9 11 rn rt", "str")]
    [Encoding("10 111 1 00 00 1 rm option s 10 rn rt", "str")]
    [Encoding("10 111 1 01 00 imm12 rn rt", "str")]
    public static void StrS(A64Emitter e, A64Word i) => Store(e, i, 4);

    [Encoding("10 111 1 00 01 0 imm9 00 rn rt", "ldur")]
    [Encoding("10 111 1 00 01 0 imm9 01 rn rt", "ldr")]
    [Encoding("10 111 1 00 01 0 imm9 11 rn rt", "ldr")]
    [Encoding("10 111 1 00 01 1 rm option s 10 rn rt", "ldr")]
    [Encoding("10 111 1 01 01 imm12 rn rt", "ldr")]
    public static void LdrS(A64Emitter e, A64Word i) => Load(e, i, 4);

    [Encoding("11 111 1 00 00 0 imm9 00 rn rt", "stur")]
    [Encoding("11 111 1 00 00 0 imm9 01 rn rt", "str")]
    [Encoding("11 111 1 00 00 0 imm9 11 rn rt", "str")]
    [Encoding("11 111 1 00 00 1 rm option s 10 rn rt", "str")]
    [Encoding("11 111 1 01 00 imm12 rn rt", "str")]
    public static void StrD(A64Emitter e, A64Word i) => Store(e, i, 8);

    [Encoding("11 111 1 00 01 0 imm9 00 rn rt", "ldur")]
    [Encoding("11 111 1 00 01 0 imm9 01 rn rt", "ldr")]
    [Encoding("11 111 1 00 01 0 imm9 11 rn rt", "ldr")]
    [Encoding("11 111 1 00 01 1 rm option s 10 rn rt", "ldr")]
    [Encoding("11 111 1 01 01 imm12 rn rt", "ldr")]
    public static void LdrD(A64Emitter e, A64Word i) => Load(e, i, 8);

    [Encoding("00 111 1 00 10 0 imm9 00 rn rt", "stur")]
    [Encoding("00 111 1 00 10 0 imm9 01 rn rt", "str")]
    [Encoding("00 111 1 00 10 0 imm9 11 rn rt", "str")]
    [Encoding("00 111 1 00 10 1 rm option s 10 rn rt", "str")]
    [Encoding("00 111 1 01 10 imm12 rn rt", "str")]
    public static void StrQ(A64Emitter e, A64Word i) => Store(e, i, 16);

    [Encoding("00 111 1 00 11 0 imm9 00 rn rt", "ldur")]
    [Encoding("00 111 1 00 11 0 imm9 01 rn rt", "ldr")]
    [Encoding("00 111 1 00 11 0 imm9 11 rn rt", "ldr")]
    [Encoding("00 111 1 00 11 1 rm option s 10 rn rt", "ldr")]
    [Encoding("00 111 1 01 11 imm12 rn rt", "ldr")]
    public static void LdrQ(A64Emitter e, A64Word i) => Load(e, i, 16);

    [Encoding("00 011 1 00 imm19 rt", "ldr")]
    public static void LdrLiteralS(A64Emitter e, A64Word i) => Literal(e, i, 4);

    [Encoding("01 011 1 00 imm19 rt", "ldr")]
    public static void LdrLiteralD(A64Emitter e, A64Word i) => Literal(e, i, 8);

    [Encoding("10 011 1 00 imm19 rt", "ldr")]
    public static void LdrLiteralQ(A64Emitter e, A64Word i) => Literal(e, i, 16);

    private static void Literal(A64Emitter e, A64Word i, int size)
        => e.SetVectorPart(i.Rt, e.LoadVector(e.Const(e.Pc + (ulong)i.Imm19), 0, size));

    private static void Load(A64Emitter e, A64Word i, int size)
    {
        if (!e.TryAddress(i, size, out MemoryOperand address))
            return;
        IrValue value = e.LoadVector(address.Base, address.Displacement, size);
        e.WriteBack(i, address);
        e.SetVectorPart(i.Rt, value);
    }

    private static void Store(A64Emitter e, A64Word i, int size)
    {
        if (!e.TryAddress(i, size, out MemoryOperand address))
            return;
        e.StoreVector(address.Base, address.Displacement, i.Rt, size);
        e.WriteBack(i, address);
    }
}

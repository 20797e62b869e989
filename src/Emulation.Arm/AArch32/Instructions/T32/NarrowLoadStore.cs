using Emulation.Cpu.Decode;

namespace Emulation.Arm.Instructions.T32;

/// <summary>Loads and stores in 16 bits. Arm DDI 0487, F3.1.4 to F3.1.7.</summary>
[Extension("AArch32")]
internal static class NarrowLoadStore
{
    [Encoding("01001 t3 imm8", "ldr")]
    public static void LoadLiteral(A32Emitter e, T32Word i) => e.Load(i.H3, new A32Address(A32Emitter.PcNumber, e.Word(i.Imm8 << 2)), 4);

    [Encoding("0101 000 m3 n3 t3", "str")]
    public static void StoreRegister(A32Emitter e, T32Word i) => e.Store(i.D3, Register(e, i), 4);

    [Encoding("0101 001 m3 n3 t3", "strh")]
    public static void StoreHalfRegister(A32Emitter e, T32Word i) => e.Store(i.D3, Register(e, i), 2);

    [Encoding("0101 010 m3 n3 t3", "strb")]
    public static void StoreByteRegister(A32Emitter e, T32Word i) => e.Store(i.D3, Register(e, i), 1);

    [Encoding("0101 011 m3 n3 t3", "ldrsb")]
    public static void LoadSignedByteRegister(A32Emitter e, T32Word i) => e.Load(i.D3, Register(e, i), 1, true);

    [Encoding("0101 100 m3 n3 t3", "ldr")]
    public static void LoadRegister(A32Emitter e, T32Word i) => e.Load(i.D3, Register(e, i), 4);

    [Encoding("0101 101 m3 n3 t3", "ldrh")]
    public static void LoadHalfRegister(A32Emitter e, T32Word i) => e.Load(i.D3, Register(e, i), 2);

    [Encoding("0101 110 m3 n3 t3", "ldrb")]
    public static void LoadByteRegister(A32Emitter e, T32Word i) => e.Load(i.D3, Register(e, i), 1);

    [Encoding("0101 111 m3 n3 t3", "ldrsh")]
    public static void LoadSignedHalfRegister(A32Emitter e, T32Word i) => e.Load(i.D3, Register(e, i), 2, true);

    [Encoding("0110 0 imm5 n3 t3", "str")]
    public static void StoreImmediate(A32Emitter e, T32Word i) => e.Store(i.D3, Immediate(e, i, 4), 4);

    [Encoding("0110 1 imm5 n3 t3", "ldr")]
    public static void LoadImmediate(A32Emitter e, T32Word i) => e.Load(i.D3, Immediate(e, i, 4), 4);

    [Encoding("0111 0 imm5 n3 t3", "strb")]
    public static void StoreByteImmediate(A32Emitter e, T32Word i) => e.Store(i.D3, Immediate(e, i, 1), 1);

    [Encoding("0111 1 imm5 n3 t3", "ldrb")]
    public static void LoadByteImmediate(A32Emitter e, T32Word i) => e.Load(i.D3, Immediate(e, i, 1), 1);

    [Encoding("1000 0 imm5 n3 t3", "strh")]
    public static void StoreHalfImmediate(A32Emitter e, T32Word i) => e.Store(i.D3, Immediate(e, i, 2), 2);

    [Encoding("1000 1 imm5 n3 t3", "ldrh")]
    public static void LoadHalfImmediate(A32Emitter e, T32Word i) => e.Load(i.D3, Immediate(e, i, 2), 2);

    [Encoding("1001 0 t3 imm8", "str")]
    public static void StoreStack(A32Emitter e, T32Word i) => e.Store(i.H3, new A32Address(A32Emitter.Sp, e.Word(i.Imm8 << 2)), 4);

    [Encoding("1001 1 t3 imm8", "ldr")]
    public static void LoadStack(A32Emitter e, T32Word i) => e.Load(i.H3, new A32Address(A32Emitter.Sp, e.Word(i.Imm8 << 2)), 4);

    [Encoding("1011 0 10 m list8", "push")]
    public static void StorePush(A32Emitter e, T32Word i)
        => e.StoreMultiple(A32Emitter.Sp, i.Imm8 | (i.Flag(8) ? 1 << A32Emitter.Lr : 0), false, true, true);

    [Encoding("1011 1 10 p list8", "pop")]
    public static void LoadPop(A32Emitter e, T32Word i)
        => e.LoadMultiple(A32Emitter.Sp, i.Imm8 | (i.Flag(8) ? 1 << A32Emitter.PcNumber : 0), true, false, true);

    [Encoding("1100 0 n3 list8", "stmia")]
    public static void StoreMultiple(A32Emitter e, T32Word i) => e.StoreMultiple(i.H3, i.Imm8, true, false, true);

    [Encoding("1100 1 n3 list8", "ldmia")]
    public static void LoadMultiple(A32Emitter e, T32Word i) => e.LoadMultiple(i.H3, i.Imm8, true, false, (i.Imm8 & (1 << i.H3)) == 0);

    private static A32Address Register(A32Emitter e, T32Word i) => new(i.N3, e.R(i.M3));

    private static A32Address Immediate(A32Emitter e, T32Word i, int size) => new(i.N3, e.Word(i.Imm5 * size));
}

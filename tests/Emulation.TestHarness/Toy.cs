using Emulation.IR;

namespace Emulation.TestHarness;

/// <summary>Encoder of the toy instruction set: <c>imm:12 rb:4 ra:4 rd:4 op:8</c>. Operation codes below 128 are those of the IR, what they do with operands is in <see cref="ToyFrontend"/>.</summary>
public static class Toy
{
    /// <summary>rd = imm.</summary>
    public const int LoadImmediate = 128;

    /// <summary>rd = ra + imm.</summary>
    public const int AddImmediate = 129;

    /// <summary>Two stores in one instruction: rb at ra, then rd at ra + imm.</summary>
    public const int StorePair = 130;

    /// <summary>Memory at ra += rb, not atomic, rd untouched.</summary>
    public const int AddToMemory = 131;

    /// <summary>Writes the low byte, half or word of rd with ra: imm = log2 of the size.</summary>
    public const int Insert = 132;

    /// <summary>Goes to pc + 4 imm when ra ≠ 0.</summary>
    public const int BranchNotZero = 133;

    /// <summary>Waits for an interrupt.</summary>
    public const int Halt = 134;

    /// <summary>Orders fetches behind stores: back to the run loop.</summary>
    public const int FetchBarrier = 135;

    /// <summary>An instruction without a meaning: exception 2.</summary>
    public const int Illegal = 136;

    /// <summary>Whatever <see cref="ToyFrontend.Custom"/> emits.</summary>
    public const int Custom = 137;

    /// <summary>Vector rd = memory at ra; imm as for <see cref="IrOp.Load"/>.</summary>
    public const int VectorLoad = 138;

    /// <summary>Memory at ra = vector rd.</summary>
    public const int VectorStore = 139;

    /// <summary>Moves vectors: imm bits 0-1 choose a constant, a choice by ra &lt; rb, a copy, a copy when rb is odd.</summary>
    public const int VectorMove = 140;

    /// <summary>An operation on vectors of 256 bits: imm bits 0-2 choose the lanes, 3-8 the operation, 9 its form, 10-11 the rounding.</summary>
    public const int WideVector = 141;

    /// <summary>Vector of 256 bits rd = memory at ra; imm as for <see cref="IrOp.Load"/>.</summary>
    public const int WideLoad = 142;

    /// <summary>Memory at ra = vector of 256 bits rd.</summary>
    public const int WideStore = 143;

    /// <summary>Encodes an instruction.
    public static uint Encode(int op, int rd = 0, int ra = 0, int rb = 0, int imm = 0)
        => (uint)(op & 255) | ((uint)(rd & 15) << 8) | ((uint)(ra & 15) << 12) | ((uint)(rb & 15) << 16) | ((uint)imm << 20);

    /// <summary>Encodes an operation of the IR.</summary>
    public static uint Encode(IrOp op, int rd = 0, int ra = 0, int rb = 0, int imm = 0) => Encode((int)op, rd, ra, rb, imm);

    /// <summary>rd = imm.</summary>
    public static uint Li(int rd, int imm) => Encode(LoadImmediate, rd, imm: imm);

    /// <summary>rd = ra + imm.</summary>
    public static uint Addi(int rd, int ra, int imm) => Encode(AddImmediate, rd, ra, imm: imm);

    /// <summary>rd = ra + rb.</summary>
    public static uint Add(int rd, int ra, int rb) => Encode(IrOp.Add, rd, ra, rb);

    /// <summary>Goes <paramref name="words"/> instructions on when ra ≠ 0.</summary>
    public static uint Bnz(int ra, int words) => Encode(BranchNotZero, ra: ra, imm: words);

    /// <summary>Goes <paramref name="words"/> instructions on.</summary>
    public static uint Jump(int words) => Encode(IrOp.Jump, imm: words);

    /// <summary>rd = memory at ra + 8 imm.</summary>
    public static uint Ld(int rd, int ra, int imm = 0) => Encode(IrOp.Load, rd, ra, rb: 3, imm: imm);

    /// <summary>Memory at ra + 8 imm = rd.</summary>
    public static uint Sd(int rd, int ra, int imm = 0) => Encode(IrOp.Store, rd, ra, rb: 3, imm: imm);
}

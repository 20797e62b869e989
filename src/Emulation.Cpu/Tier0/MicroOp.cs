using System.Runtime.InteropServices;

namespace Emulation.Cpu;

/// <summary>Families of tier-0 operations; a code is <c>family * 8 + form</c>.</summary>
/// <remarks>Families of IR operations stand in the order of <see cref="IR.IrOp"/>, so that lowering is arithmetic.</remarks>
internal enum Micro : ushort
{
    Add, Sub, Mul, MulHighS, MulHighU, MulHighSU, DivS, DivU, RemS, RemU, And, Or, Xor, Shl, ShrU, ShrS, RotL, RotR,
    Clz, Ctz, PopCount, ByteSwap,
    Eq, Ne, LtS, LtU, LeS, LeU,
    Select,
    BrEq, BrNe, BrLtS, BrLtU, BrLeS, BrLeU, BrTrue,
    Mov, MovI, Ext64, Ext32,
    Load, Load32, Store, LoadAny, StoreAny, Atomic,
    FAdd, FSub, FMul, FDiv, FSqrt, FMulAdd, FEq, FLt, FLe, FMin, FMax, FOrder, FToInt, FFromInt, FConvert,
    VFAdd, VFSub, VFMul, VFDiv, VFSqrt, VFMulAdd, VFEq, VFLt, VFLe,
    VAnd, VOr, VXor, VAndNot, VAdd, VSub, VMul, VAddSatS, VAddSatU, VSubSatS, VSubSatU, VMinS, VMinU, VMaxS, VMaxU,
    VEq, VGtS, VGtU, VGeS, VGeU, VShlV, VShrUV, VShrSV, VZipLow, VZipHigh, VNarrow, VShuffle, VSelect,
    VAbs, VPopCount, VWidenLowS, VWidenLowU, VWidenHighS, VWidenHighU, VShl, VShrU, VShrS, VMask, VInsert, VSplat, VScalar,
    Call, CallExact, Fence,
    Skip, SkipIf, Raise,
    Enter, Goto, GotoPc, JumpIndirect, ExitLoop, Resolve,
}

/// <summary>One tier-0 operation: a handler and operands that are byte offsets into the CPU's flat state.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal unsafe struct Op
{
    public const int Size = 24;

    // Two-operand forms. 32-bit results are written as 32 bits, or sign-extended to 64.
    public const int RR64 = 0, RI64 = 1, RR32 = 2, RI32 = 3, RR32S = 4, RI32S = 5;

    // Forms of Mov and MovI.
    public const int W64 = 0, W32 = 1, W16 = 2, W8 = 3, W128 = 4;

    // Forms of Ext64 and Ext32; Load uses the same and two more.
    public const int U8 = 0, S8 = 1, U16 = 2, S16 = 3, U32 = 4, S32 = 5, Load64 = 6, Load128 = 7;

    // Forms of vector operations are lane shapes; those of shifts by a constant are this much higher.
    public const int ConstantAmount = 4;

    // Forms of Select.
    public const int Select64 = 0, Select32 = 1, Select128 = 2;

    // The form of Store for vectors; the others are log2 of the size as well.
    public const int Store128 = 4;

    // In a regime: pages' numbers are folded before they index a TLB.
    public const byte Folds = 1 << 4;

    /// <summary>Native code to run: a threaded handler, or for the first operation of a block a compiled region.</summary>
    [FieldOffset(0)] public nint Handler;

    /// <summary>family * 8 + form, for the portable interpreter.</summary>
    [FieldOffset(8)] public ushort Code;

    /// <summary>Offset of the result.</summary>
    [FieldOffset(10)] public ushort A;

    /// <summary>Offset of the first operand.</summary>
    [FieldOffset(12)] public ushort B;

    /// <summary>Offset of the second operand; number of the guest instruction in operations that may fault.</summary>
    [FieldOffset(14)] public ushort C;

    /// <summary>Constant, pointer or packed fields.</summary>
    [FieldOffset(16)] public long Imm;

    /// <summary>Low half of <see cref="Imm"/>: displacement of a memory access; instructions of an entered block.</summary>
    [FieldOffset(16)] public int Low;

    /// <summary>High half of <see cref="Imm"/>: entries left until a block counts as hot.</summary>
    [FieldOffset(20)] public int High;

    /// <summary>In operations that may fault: their number in the block, which leads back to its header.</summary>
    [FieldOffset(20)] public ushort Index;

    /// <summary>In memory operations: the MMU index, and <see cref="Folds"/>.</summary>
    [FieldOffset(22)] public byte Regime;

    /// <summary>In memory operations of any form: packed flags (<see cref="IR.MemOp"/>, low byte).</summary>
    [FieldOffset(23)] public byte Flags;

    /// <summary>In memory operations: the MMU index.</summary>
    public readonly int Mmu => Regime & (Folds - 1);
}

/// <summary>What precedes the operations of a block in native memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BlockHeader
{
    /// <summary>Virtual address of the first instruction.</summary>
    public ulong Pc;

    /// <summary>Mode bits it was translated for.</summary>
    public uint Mode;

    /// <summary>Guest instructions.</summary>
    public ushort Instructions;

    /// <summary>Number of operations.</summary>
    public ushort Ops;

    /// <summary>Per guest instruction: byte offset of its address from <see cref="Pc"/>, one more for the end.</summary>
    public ushort* PcOffsets;

    /// <summary>Per guest instruction: number of its first operation, one more for the end.</summary>
    public ushort* FirstOps;

    /// <summary>Number of the managed block in its cache.</summary>
    public int Id;

    /// <summary>Keeps the operations 8-byte aligned.</summary>
    private readonly int _padding;
}

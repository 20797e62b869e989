namespace Emulation.RiscV;

/// <summary>A 32-bit instruction word by the fields of the manual. RISC-V Unprivileged ISA, "Base Instruction Formats".</summary>
/// <param name="bits">The word.</param>
internal readonly partial struct RvWord(uint bits)
{
    public uint Bits { get; } = bits;

    public int Rd => Field(7, 5);

    public int Rs1 => Field(15, 5);

    public int Rs2 => Field(20, 5);

    public int Rs3 => Field(27, 5);

    /// <summary>Rounding mode.</summary>
    public int Rm => Field(12, 3);

    /// <summary>Shift amount; bit 5 is 0 in RV32 and word shifts.</summary>
    public int Shamt => Field(20, 6);

    /// <summary>Shift amount of word shifts.</summary>
    public int Shamt5 => Field(20, 5);

    public int Csr => Field(20, 12);

    /// <summary>Zero-extended immediate in place of rs1.</summary>
    public int Zimm => Rs1;

    public int Pred => Field(24, 4);

    public int Succ => Field(20, 4);

    public bool Aq => Field(26, 1) != 0;

    public bool Rl => Field(25, 1) != 0;

    public int ImmI => (int)Bits >> 20;

    public int ImmS => ((int)(Bits & 0xfe000000) >> 20) | Rd;

    public int ImmB => ((int)(Bits & 0x80000000) >> 19) | (Field(7, 1) << 11) | (Field(25, 6) << 5) | (Field(8, 4) << 1);

    public int ImmU => (int)(Bits & 0xfffff000);

    public int ImmJ => ((int)(Bits & 0x80000000) >> 11) | (int)(Bits & 0xff000) | (Field(20, 1) << 11) | (Field(21, 10) << 1);

    // What compressed instructions expand to. Only the operands are put in place: emitters do not look at opcodes.

    public static RvWord R(int rd, int rs1, int rs2) => new((uint)((rd << 7) | (rs1 << 15) | (rs2 << 20)));

    public static RvWord I(int rd, int rs1, int imm) => new((uint)((rd << 7) | (rs1 << 15) | (imm << 20)));

    public static RvWord S(int rs1, int rs2, int imm)
        => new((uint)(((imm & 31) << 7) | (rs1 << 15) | (rs2 << 20) | ((imm >> 5) << 25)));

    public static RvWord B(int rs1, int rs2, int imm)
        => new((uint)((((imm >> 11) & 1) << 7) | (((imm >> 1) & 15) << 8) | (rs1 << 15) | (rs2 << 20) | (((imm >> 5) & 63) << 25) | ((imm >> 12) << 31)));

    public static RvWord U(int rd, int imm) => new((uint)((rd << 7) | imm));

    public static RvWord J(int rd, int imm)
        => new((uint)((rd << 7) | (imm & 0xff000) | (((imm >> 11) & 1) << 20) | (((imm >> 1) & 0x3ff) << 21) | ((imm >> 20) << 31)));

    private int Field(int shift, int width) => (int)(Bits >> shift) & ((1 << width) - 1);

    private int Bit(int from, int to) => (int)((Bits >> from) & 1) << to;
}

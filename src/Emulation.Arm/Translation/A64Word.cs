namespace Emulation.Arm;

/// <summary>An A64 instruction word by the fields of the manual. Arm DDI 0487, C4.</summary>
/// <param name="bits">The word.</param>
internal readonly struct A64Word(uint bits)
{
    public uint Bits { get; } = bits;

    public int Rd => Field(0, 5);

    public int Rt => Field(0, 5);

    public int Rn => Field(5, 5);

    public int Rm => Field(16, 5);

    public int Rs => Field(16, 5);

    public int Ra => Field(10, 5);

    public int Rt2 => Field(10, 5);

    /// <summary>Whether the operation is 64 bits wide.</summary>
    public bool Sf => Flag(31);

    /// <summary>128 rather than 64 bits of a vector.</summary>
    public bool Q => Flag(30);

    public bool U => Flag(29);

    /// <summary>Sets flags, or in register offsets: scales.</summary>
    public bool S12 => Flag(12);

    public int Imm12 => Field(10, 12);

    public int Imm16 => Field(5, 16);

    public int Imm9 => Signed(12, 9);

    public int Imm7 => Signed(15, 7);

    public int Imm6 => Field(10, 6);

    public int Imm3 => Field(10, 3);

    public int Imm5 => Field(16, 5);

    public int Imm4 => Field(11, 4);

    public int Immr => Field(16, 6);

    public int Imms => Field(10, 6);

    public int Hw => Field(21, 2);

    /// <summary>Branch distance in bytes.</summary>
    public long Imm26 => (long)Signed(0, 26) << 2;

    /// <summary>Branch distance in bytes.</summary>
    public long Imm19 => (long)Signed(5, 19) << 2;

    /// <summary>Branch distance in bytes.</summary>
    public long Imm14 => (long)Signed(5, 14) << 2;

    /// <summary>What ADR adds.</summary>
    public long ImmAdr => ((long)Signed(5, 19) << 2) | (long)Field(29, 2);

    /// <summary>Kind of shift: LSL, LSR, ASR, ROR.</summary>
    public int Shift => Field(22, 2);

    public int Option => Field(13, 3);

    public int Cond => Field(12, 4);

    public int Nzcv => Field(0, 4);

    /// <summary>log2 of the bytes of a memory access.</summary>
    public int Size => Field(30, 2);

    /// <summary>log2 of the bytes of a lane.</summary>
    public int Lane => Field(22, 2);

    /// <summary>Format of scalars: 0 single, 1 double, 3 half.</summary>
    public int Type => Field(22, 2);

    /// <summary>immh:immb.</summary>
    public int ImmShift => Field(16, 7);

    public int Field(int shift, int width) => (int)(Bits >> shift) & ((1 << width) - 1);

    public bool Flag(int bit) => ((Bits >> bit) & 1) != 0;

    public int Signed(int shift, int width) => Field(shift, width) << (32 - width) >> (32 - width);
}

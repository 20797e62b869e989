namespace Emulation.Arm;

/// <summary>An A32 instruction word, or a T32 word of the common coprocessor space in A32 form. Arm DDI 0487, F4.1.</summary>
/// <param name="bits">The word.</param>
internal readonly struct A32Word(uint bits)
{
    public uint Bits { get; } = bits;

    public int Cond => Field(28, 4);

    public int Rn => Field(16, 4);

    public int Rd => Field(12, 4);

    public int Rt => Field(12, 4);

    public int Rs => Field(8, 4);

    public int Rm => Field(0, 4);

    public int Imm5 => Field(7, 5);

    public int ShiftType => Field(5, 2);

    public int Imm12 => Field(0, 12);

    public int Imm24 => Signed(0, 24);

    /// <summary>Sets flags.</summary>
    public bool S => Flag(20);

    public bool P => Flag(24);

    public bool U => Flag(23);

    public bool W => Flag(21);

    /// <summary>Immediate split in two nibbles.</summary>
    public int Imm4H4L => (Field(8, 4) << 4) | Field(0, 4);

    /// <summary>Immediate of MOVW, BKPT and their like: bits 19-16 or 19-8 above bits 3-0 or 11-0.</summary>
    public int Imm16 => (Field(16, 4) << 12) | Field(0, 12);

    /// <summary>Immediate of BKPT, HVC, UDF.</summary>
    public int Imm12H4L => (Field(8, 12) << 4) | Field(0, 4);

    public int Field(int shift, int width) => (int)(Bits >> shift) & ((1 << width) - 1);

    public bool Flag(int bit) => ((Bits >> bit) & 1) != 0;

    public int Signed(int shift, int width) => Field(shift, width) << (32 - width) >> (32 - width);
}

namespace Emulation.Arm;

/// <summary>A T32 instruction: 16 bits, or 32 with the first halfword above. Arm DDI 0487, F3.1.</summary>
/// <param name="bits">The word.</param>
internal readonly struct T32Word(uint bits)
{
    public uint Bits { get; } = bits;

    /// <summary>Register in bits 2-0 of 16.</summary>
    public int D3 => Field(0, 3);

    /// <summary>Register in bits 5-3 of 16.</summary>
    public int N3 => Field(3, 3);

    /// <summary>Register in bits 8-6 of 16.</summary>
    public int M3 => Field(6, 3);

    /// <summary>Register in bits 10-8 of 16.</summary>
    public int H3 => Field(8, 3);

    /// <summary>Register in bit 7 and bits 2-0 of 16.</summary>
    public int D4 => (Field(7, 1) << 3) | Field(0, 3);

    /// <summary>Register in bits 6-3 of 16.</summary>
    public int M4 => Field(3, 4);

    public int Imm5 => Field(6, 5);

    public int Imm8 => Field(0, 8);

    public int Rn => Field(16, 4);

    public int Rt => Field(12, 4);

    public int Ra => Field(12, 4);

    public int Rd => Field(8, 4);

    public int Rt2 => Field(8, 4);

    public int Rm => Field(0, 4);

    public bool S => Flag(20);

    public bool W => Flag(21);

    /// <summary>imm3:imm2, the amount of a shift.</summary>
    public int ShiftAmount => (Field(12, 3) << 2) | Field(6, 2);

    public int ShiftType => Field(4, 2);

    /// <summary>i:imm3:imm8.</summary>
    public int Imm12 => (Field(26, 1) << 11) | (Field(12, 3) << 8) | Field(0, 8);

    /// <summary>imm4:i:imm3:imm8.</summary>
    public int Imm16 => (Field(16, 4) << 12) | Imm12;

    public int Field(int shift, int width) => (int)(Bits >> shift) & ((1 << width) - 1);

    public bool Flag(int bit) => ((Bits >> bit) & 1) != 0;

    public int Signed(int shift, int width) => Field(shift, width) << (32 - width) >> (32 - width);
}

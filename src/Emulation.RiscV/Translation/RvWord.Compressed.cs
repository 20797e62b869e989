namespace Emulation.RiscV;

// Fields of 16-bit words. RISC-V Unprivileged ISA, "C", "Instruction Formats".
internal readonly partial struct RvWord
{
    /// <summary>rd or rs1, all registers.</summary>
    public int CRd => Field(7, 5);

    /// <summary>rs2, all registers.</summary>
    public int CRs2 => Field(2, 5);

    /// <summary>rd' or rs1' in bits 9 to 7: x8 to x15.</summary>
    public int CRs1Short => 8 + Field(7, 3);

    /// <summary>rd' or rs2' in bits 4 to 2: x8 to x15.</summary>
    public int CRs2Short => 8 + Field(2, 3);

    /// <summary>CI: signed six bits.</summary>
    public int CImm => (int)(((Bits >> 7) & 0x20) | ((Bits >> 2) & 0x1f)) << 26 >> 26;

    /// <summary>CI: shift amount.</summary>
    public int CShamt => Bit(12, 5) | Field(2, 5);

    /// <summary>C.LUI: the immediate in place, bits 17 to 12.</summary>
    public int CImmLui => CImm << 12;

    /// <summary>C.ADDI16SP.</summary>
    public int CImm16Sp => (Bit(12, 9) | Bit(6, 4) | Bit(5, 6) | (Field(3, 2) << 7) | Bit(2, 5)) << 22 >> 22;

    /// <summary>C.ADDI4SPN.</summary>
    public int CImm4Spn => (Field(11, 2) << 4) | (Field(7, 4) << 6) | Bit(6, 2) | Bit(5, 3);

    /// <summary>CL, CS of words: bits 5:3, 2, 6.</summary>
    public int CImmW => (Field(10, 3) << 3) | Bit(6, 2) | Bit(5, 6);

    /// <summary>CL, CS of double words: bits 5:3, 7:6.</summary>
    public int CImmD => (Field(10, 3) << 3) | (Field(5, 2) << 6);

    /// <summary>C.LWSP.</summary>
    public int CImmLwsp => Bit(12, 5) | (Field(4, 3) << 2) | (Field(2, 2) << 6);

    /// <summary>C.LDSP.</summary>
    public int CImmLdsp => Bit(12, 5) | (Field(5, 2) << 3) | (Field(2, 3) << 6);

    /// <summary>C.SWSP.</summary>
    public int CImmSwsp => (Field(9, 4) << 2) | (Field(7, 2) << 6);

    /// <summary>C.SDSP.</summary>
    public int CImmSdsp => (Field(10, 3) << 3) | (Field(7, 3) << 6);

    /// <summary>CJ.</summary>
    public int CImmJ => (Bit(12, 11) | Bit(11, 4) | (Field(9, 2) << 8) | Bit(8, 10) | Bit(7, 6) | Bit(6, 7) | (Field(3, 3) << 1) | Bit(2, 5)) << 20 >> 20;

    /// <summary>CB.</summary>
    public int CImmB => (Bit(12, 8) | (Field(10, 2) << 3) | (Field(5, 2) << 6) | (Field(3, 2) << 1) | Bit(2, 5)) << 23 >> 23;

    /// <summary>Zcb bytes: bit 5 is offset bit 1, bit 6 is offset bit 0.</summary>
    public int CImmByte => Bit(6, 0) | Bit(5, 1);

    /// <summary>Zcb half words: bit 5 is offset bit 1.</summary>
    public int CImmHalf => Bit(5, 1);
}

namespace Emulation.Arm;

/// <summary>What SCTLR and TCR say about signed pointers in the present regime. These are those of a Linux process: 48 bits, the top byte of lower addresses ignored, every key in use.</summary>
internal class PointerRules
{
    /// <summary>Keys that are in use: instructions of others do nothing. SCTLR_ELx.EnIA, EnIB, EnDA, EnDB.</summary>
    public virtual PointerKeys Enabled => PointerKeys.All;

    /// <summary>Whether PACIASP and PACIBSP are no targets of jumps through other registers than X16 and X17. SCTLR_ELx.BT0, BT1.</summary>
    public virtual bool RestrictsJumps => false;

    /// <summary>Bits of an address that are translated. TCR_ELx.TxSZ.</summary>
    /// <param name="upper">Of addresses with bit 55 set.</param>
    public virtual int AddressBits(bool upper) => 48;

    /// <summary>Whether bits 63 to 56 are a tag. TCR_ELx.TBIx, TBIDx.</summary>
    /// <param name="upper">Of addresses with bit 55 set.</param>
    /// <param name="isData">Whether not of instructions.</param>
    public virtual bool IgnoresTop(bool upper, bool isData) => !upper;
}

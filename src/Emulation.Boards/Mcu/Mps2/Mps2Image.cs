namespace Emulation.Boards.Mcu;

/// <summary>What the FPGA of an MPS2 board is.</summary>
public enum Mps2Image
{
    /// <summary>Application note 385: Cortex-M3.</summary>
    An385,

    /// <summary>Application note 386: Cortex-M4 with floating point.</summary>
    An386,
}

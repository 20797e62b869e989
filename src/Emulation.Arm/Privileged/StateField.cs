namespace Emulation.Arm;

/// <summary>What MSR (immediate) writes, with the immediate as operand.</summary>
internal enum StateField
{
    /// <summary>PSTATE.SP.</summary>
    SpSel,

    /// <summary>Bits of DAIF to set.</summary>
    DaifSet,

    /// <summary>Bits of DAIF to clear.</summary>
    DaifClear,

    /// <summary>PSTATE.PAN.</summary>
    Pan,

    /// <summary>PSTATE.UAO.</summary>
    Uao,

    /// <summary>PSTATE.DIT.</summary>
    Dit,

    /// <summary>PSTATE.SSBS.</summary>
    Ssbs,
}

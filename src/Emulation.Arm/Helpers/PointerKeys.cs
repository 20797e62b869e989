namespace Emulation.Arm;

/// <summary>Keys of pointer authentication, as bits where several are meant. Their numbers order the register file.</summary>
[Flags]
internal enum PointerKeys
{
    None = 0,

    /// <summary>APIAKey, SCTLR_ELx.EnIA.</summary>
    InstructionA = 1,

    /// <summary>APIBKey, SCTLR_ELx.EnIB.</summary>
    InstructionB = 2,

    /// <summary>APDAKey, SCTLR_ELx.EnDA.</summary>
    DataA = 4,

    /// <summary>APDBKey, SCTLR_ELx.EnDB.</summary>
    DataB = 8,

    All = InstructionA | InstructionB | DataA | DataB,
}

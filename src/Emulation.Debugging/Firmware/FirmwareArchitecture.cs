namespace Emulation.Debugging;

/// <summary>What a firmware file was built for.</summary>
public enum FirmwareArchitecture
{
    /// <summary>The file does not say: raw bytes, hex files.</summary>
    Unknown,

    /// <summary>Arm, 32-bit: A32 and Thumb. ELF machine 40.</summary>
    Arm,

    /// <summary>Arm, 64-bit. ELF machine 183.</summary>
    AArch64,

    /// <summary>RISC-V, 32-bit. ELF machine 243.</summary>
    RiscV32,

    /// <summary>RISC-V, 64-bit. ELF machine 243.</summary>
    RiscV64,

    /// <summary>Anything else.</summary>
    Other,
}

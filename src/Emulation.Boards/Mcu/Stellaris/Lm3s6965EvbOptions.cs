using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Boards.Mcu;

/// <summary>Options of the LM3S6965 evaluation board.</summary>
public sealed class Lm3s6965EvbOptions
{
    /// <summary>Hertz of the crystal.</summary>
    public ulong CrystalFrequency { get; set; } = 8_000_000;

    /// <summary>How guest code is executed.</summary>
    public EngineOptions Engine { get; set; } = new() { Engine = EngineKind.Jit };

    /// <summary>Bounds of the tier-1 engine.</summary>
    public JitOptions Jit { get; set; } = new();
}

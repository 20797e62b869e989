using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Boards.Mcu;

/// <summary>Options of the board <c>microbit</c>.</summary>
public sealed class MicrobitOptions
{
    /// <summary>Bytes of memory; no board has others.</summary>
    public const ulong Memory = 16 << 10;

    /// <summary>How guest code is executed.</summary>
    public EngineOptions Engine { get; set; } = new() { Engine = EngineKind.Jit };

    /// <summary>Bounds of the tier-1 engine.</summary>
    public JitOptions Jit { get; set; } = new();

    /// <summary>Chooses the numbers of the random number generator and the identification of the chip. Null: the same each time in deterministic mode, and different ones in real time.</summary>
    public ulong? EntropySeed { get; set; }
}

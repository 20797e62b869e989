using Emulation.Core;
using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Boards.Mcu;

/// <summary>Options of the board <c>sifive-e</c>.</summary>
public sealed class SifiveEOptions
{
    /// <summary>Bytes of data memory; no board has others.</summary>
    public const ulong Memory = 16 << 10;

    /// <summary>The chip.</summary>
    public SifiveEChip Chip { get; set; }

    /// <summary>How guest code is executed.</summary>
    public EngineOptions Engine { get; set; } = new() { Engine = EngineKind.Jit };

    /// <summary>Bounds of the tier-1 engine.</summary>
    public JitOptions Jit { get; set; } = new();
}

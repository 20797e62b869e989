using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Boards.Mcu;

/// <summary>Options of the board <c>mps2-an505</c>.</summary>
public sealed class Mps2An505Options
{
    /// <summary>Whether characters of the UARTs take no time: for firmware that was only ever run on emulators and does not wait for the line.</summary>
    public bool InstantSerial { get; set; }

    /// <summary>Regions of each of the CPU's MPUs: 8 in the FPGA image. Emulators used to have 16, which firmware that was only run on those may ask for.</summary>
    public int MpuRegions { get; set; } = 8;

    /// <summary>How guest code is executed.</summary>
    public EngineOptions Engine { get; set; } = new() { Engine = EngineKind.Jit };

    /// <summary>Bounds of the tier-1 engine.</summary>
    public JitOptions Jit { get; set; } = new();
}

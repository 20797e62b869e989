using Emulation.Arm;
using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Boards.Mcu;

/// <summary>Options of an MPS2 board.</summary>
public sealed class Mps2Options
{
    /// <summary>The FPGA image: the CPU on the board.</summary>
    public Mps2Image Image { get; set; } = Mps2Image.An385;

    /// <summary>Whether characters of the UARTs take no time: for firmware that was only ever run on emulators and does not wait for the line.</summary>
    public bool InstantSerial { get; set; }

    /// <summary>How guest code is executed.</summary>
    public EngineOptions Engine { get; set; } = new() { Engine = EngineKind.Jit };

    /// <summary>Bounds of the tier-1 engine.</summary>
    public JitOptions Jit { get; set; } = new();

    internal ArmMCpuModel Model => Image switch
    {
        Mps2Image.An386 => ArmMCpuModel.CortexM4F,
        _ => ArmMCpuModel.CortexM3,
    };
}

using Emulation.Core;
using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Boards.Mcu;

/// <summary>Options of an STM32F405/407.</summary>
public sealed class Stm32F407Options
{
    /// <summary>The crystal or clock at OSC_IN; 0 for none.</summary>
    public Frequency HseFrequency { get; set; } = 8_000_000;

    /// <summary>The crystal or clock at OSC32_IN; 0 for none.</summary>
    public Frequency LseFrequency { get; set; } = 32_768;

    /// <summary>What the BOOT pins choose: 0 flash, 1 system memory, 3 SRAM.</summary>
    public int BootMode { get; set; }

    /// <summary>The device's identity, 96 bits.</summary>
    public (uint Low, uint Middle, uint High) UniqueId { get; set; } = (0x0001_0002, 0x3030_5108, 0x3231_3335);

    /// <summary>Chooses the numbers of the random number generator, which are repeatable in deterministic time.</summary>
    public ulong RandomSeed { get; set; } = 1;

    /// <summary>How guest code is executed.</summary>
    public EngineOptions Engine { get; set; } = new() { Engine = EngineKind.Jit };

    /// <summary>Bounds of the tier-1 engine.</summary>
    public JitOptions Jit { get; set; } = new();
}

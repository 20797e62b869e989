using Emulation.Core;

namespace Emulation.Devices.Tests.Stm32;

/// <summary>A bench with the clocks of an STM32: 16 MHz behind a gate.</summary>
public sealed class Stm32Bench
{
    public const ulong Hertz = 16_000_000;

    /// <summary>Nanoseconds of two cycles: one is 62.5 ns.</summary>
    public const long TwoCycles = 125;

    public Stm32Bench()
    {
        var tree = new ClockTree();
        Source = tree.Source("hsi", Hertz);
        Divider = tree.Divider("apb", Source);
        Gate = tree.Gate("gate", Divider, enabled: true);
    }

    public DeviceBench Devices { get; } = new();

    public ClockSource Source { get; }

    public ClockDivider Divider { get; }

    public ClockGate Gate { get; }

    public void Cycles(long cycles) => Devices.Advance((cycles * TwoCycles / 2) + (cycles & 1));
}

using Emulation.Core;

namespace Emulation.Boards.Mcu;

/// <summary>Chooses the board <c>stm32f4-discovery</c>.</summary>
public static class Stm32F4DiscoveryBuilderExtensions
{
    /// <summary>Builds an STM32F4 discovery board.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes options; null for the defaults.</param>
    public static MachineBuilder UseStm32F4Discovery(this MachineBuilder builder, Action<Stm32F407Options>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new Stm32F407Options();
        configure?.Invoke(options);
        return builder.UseBoard(() => new Stm32F4DiscoveryBoard(options));
    }
}

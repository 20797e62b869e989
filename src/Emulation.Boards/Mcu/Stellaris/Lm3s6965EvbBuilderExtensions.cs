using Emulation.Core;

namespace Emulation.Boards.Mcu;

/// <summary>Chooses the board <c>lm3s6965evb</c>.</summary>
public static class Lm3s6965EvbBuilderExtensions
{
    /// <summary>Builds the LM3S6965 evaluation board.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes options; null for the defaults.</param>
    public static MachineBuilder UseLm3s6965Evb(this MachineBuilder builder, Action<Lm3s6965EvbOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new Lm3s6965EvbOptions();
        configure?.Invoke(options);
        return builder.UseBoard(() => new Lm3s6965EvbBoard(options));
    }
}

using Emulation.Core;

namespace Emulation.Boards.Mcu;

/// <summary>Chooses the board <c>microbit</c>.</summary>
public static class MicrobitBuilderExtensions
{
    /// <summary>Builds a BBC micro:bit V1.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes options; null for the defaults.</param>
    public static MachineBuilder UseMicrobit(this MachineBuilder builder, Action<MicrobitOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new MicrobitOptions();
        configure?.Invoke(options);
        return builder.UseBoard(() => new MicrobitBoard(options));
    }
}

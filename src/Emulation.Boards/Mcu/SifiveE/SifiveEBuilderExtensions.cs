using Emulation.Core;

namespace Emulation.Boards.Mcu;

/// <summary>Chooses the board <c>sifive-e</c>.</summary>
public static class SifiveEBuilderExtensions
{
    /// <summary>Builds a board with a SiFive FE310.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes options; null for the defaults.</param>
    public static MachineBuilder UseSifiveE(this MachineBuilder builder, Action<SifiveEOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new SifiveEOptions();
        configure?.Invoke(options);
        return builder.UseBoard(() => new SifiveEBoard(options));
    }
}

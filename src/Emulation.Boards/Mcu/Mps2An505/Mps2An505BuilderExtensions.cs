using Emulation.Core;

namespace Emulation.Boards.Mcu;

/// <summary>Chooses the board <c>mps2-an505</c>.</summary>
public static class Mps2An505BuilderExtensions
{
    /// <summary>Builds an MPS2+ board with the image of application note 505: Cortex-M33 with TrustZone.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes options; null for the defaults.</param>
    public static MachineBuilder UseMps2An505(this MachineBuilder builder, Action<Mps2An505Options>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new Mps2An505Options();
        configure?.Invoke(options);
        return builder.UseBoard(() => new Mps2An505Board(options));
    }
}

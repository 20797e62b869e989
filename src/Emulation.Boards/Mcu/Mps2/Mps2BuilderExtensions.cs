using Emulation.Core;

namespace Emulation.Boards.Mcu;

/// <summary>Chooses an MPS2 board.</summary>
public static class Mps2BuilderExtensions
{
    /// <summary>Builds an MPS2 board: <c>mps2-an385</c>, or what the options say.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes options; null for the defaults.</param>
    public static MachineBuilder UseMps2(this MachineBuilder builder, Action<Mps2Options>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new Mps2Options();
        configure?.Invoke(options);
        return builder.UseBoard(() => new Mps2Board(options));
    }
}

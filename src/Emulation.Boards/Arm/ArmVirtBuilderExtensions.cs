using Emulation.Core;

namespace Emulation.Boards.Arm;

/// <summary>Chooses the board <c>aarch64-virt</c> or <c>arm-virt</c>.</summary>
public static class ArmVirtBuilderExtensions
{
    /// <summary>Builds an Arm <c>virt</c> machine</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes options; null for the defaults.</param>
    public static MachineBuilder UseArmVirt(this MachineBuilder builder, Action<ArmVirtOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new ArmVirtOptions();
        configure?.Invoke(options);
        return builder.UseBoard(() => new ArmVirtBoard(options));
    }
}

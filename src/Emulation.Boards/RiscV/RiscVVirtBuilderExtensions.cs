using Emulation.Core;

namespace Emulation.Boards.RiscV;

/// <summary>Chooses the board <c>riscv64-virt</c> or <c>riscv32-virt</c>.</summary>
public static class RiscVVirtBuilderExtensions
{
    /// <summary>Builds a RISC-V <c>virt</c> machine; the width of its ISA decides which.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes options; null for the defaults.</param>
    public static MachineBuilder UseRiscVVirt(this MachineBuilder builder, Action<RiscVVirtOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new RiscVVirtOptions();
        configure?.Invoke(options);
        return builder.UseBoard(() => new RiscVVirtBoard(options));
    }
}

using Emulation.Boards.DeviceTree;
using Emulation.Boards.Loading;
using Emulation.Core;

namespace Emulation.Boards;

/// <summary>What a machine starts with, for any board that has a <see cref="BootPlan"/>.</summary>
public static class BootBuilderExtensions
{
    /// <summary>Boots a Linux kernel.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="kernel">Path of an ELF file or a Linux image, compressed or not.</param>
    /// <param name="initrd">Path of the initial RAM disk, or null.</param>
    /// <param name="commandLine">The kernel's command line, or null.</param>
    public static MachineBuilder BootLinux(this MachineBuilder builder, string kernel, string? initrd = null, string? commandLine = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(kernel);
        return Plan(builder, plan =>
        {
            plan.Kernel = kernel;
            plan.Initrd = initrd;
            plan.CommandLine = commandLine ?? "";
        });
    }

    /// <summary>Runs firmware: before a kernel, or alone.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">Path of an ELF file, or of bytes for the start of memory.</param>
    public static MachineBuilder WithFirmware(this MachineBuilder builder, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Plan(builder, plan => (plan.Firmware, plan.FirmwareMode) = (path, FirmwareMode.File));
    }

    /// <summary>Runs no firmware, not even the built-in one: the kernel, the loaded program or the start of memory gets control at reset.</summary>
    /// <param name="builder">The builder.</param>
    public static MachineBuilder WithoutFirmware(this MachineBuilder builder)
        => Plan(builder, plan => (plan.Firmware, plan.FirmwareMode) = (null, FirmwareMode.None));

    /// <summary>Loads a file at power-on and at each reset.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The file.</param>
    /// <param name="address">Physical address for its bytes as they are; null for an ELF file.</param>
    public static MachineBuilder LoadFile(this MachineBuilder builder, string path, ulong? address = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Plan(builder, plan => plan.Files.Add((path, address)));
    }

    /// <summary>Gives the guest a device tree of the user's own; memory and what the kernel is told are put into it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">Path of a blob.</param>
    public static MachineBuilder WithDeviceTree(this MachineBuilder builder, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Plan(builder, plan => plan.DeviceTree = path);
    }

    /// <summary>Adds to the device tree, so that a guest finds a device of the user's own.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="change">Gets the root of a tree that has all that the board knows, such as the node of a clock; adds a node. It must do the same each time.</param>
    public static MachineBuilder ChangeDeviceTree(this MachineBuilder builder, Action<FdtNode> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Plan(builder, plan => plan.TreeChanges.Add(change));
    }

    /// <summary>Says that <see cref="Machine.Load"/> will follow, so that a machine without kernel and firmware is no mistake.</summary>
    /// <param name="builder">The builder.</param>
    public static MachineBuilder ForSavedState(this MachineBuilder builder) => Plan(builder, static plan => plan.StateFollows = true);

    private static MachineBuilder Plan(MachineBuilder builder, Action<BootPlan> change)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Configure(context => change(context.Require<BootPlan>()));
    }
}

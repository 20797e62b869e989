using Emulation.Boards.DeviceTree;

namespace Emulation.Boards.Loading;

/// <summary>What a machine starts with. Boards publish one; the builder's verbs fill it in; the board reads it when everything is composed.</summary>
public sealed class BootPlan
{
    /// <summary>The kernel: an ELF file or a Linux image, compressed or not; null for none.</summary>
    public string? Kernel { get; set; }

    /// <summary>The initial RAM disk; null for none.</summary>
    public string? Initrd { get; set; }

    /// <summary>The kernel's command line.</summary>
    public string CommandLine { get; set; } = "";

    /// <summary>The firmware: an ELF file, or bytes for the start of memory; null for what <see cref="FirmwareMode"/> says.</summary>
    public string? Firmware { get; set; }

    /// <summary>What runs before the kernel.</summary>
    public FirmwareMode FirmwareMode { get; set; }

    /// <summary>A device tree blob in place of the generated one; memory and what the kernel is told are put into it. Null for the generated one.</summary>
    public string? DeviceTree { get; set; }

    /// <summary>What users' own devices add to the device tree, given its root; run once, when the tree has all that the board knows.</summary>
    public IList<Action<FdtNode>> TreeChanges { get; } = [];

    /// <summary>Whether the machine's state will be loaded before it runs, so that it may have nothing to start with.</summary>
    public bool StateFollows { get; set; }

    /// <summary>Files to load: with an address as they are, without one as ELF files.</summary>
    public IList<(string Path, ulong? Address)> Files { get; } = [];
}

/// <summary>What runs before the kernel.</summary>
public enum FirmwareMode
{
    /// <summary>The host provides the firmware's interface; no firmware code runs.</summary>
    BuiltIn,

    /// <summary>The file in <see cref="BootPlan.Firmware"/>.</summary>
    File,

    /// <summary>Nothing: the kernel or the loaded program starts at reset, in the most privileged mode; without one, the start of memory does.</summary>
    None,
}

namespace Emulation.Compare;

/// <summary>A guest that both emulators can boot.</summary>
/// <param name="Name">Its folder among the guests.</param>
/// <param name="Board">emu's board.</param>
/// <param name="BoardOptions">More of emu's arguments.</param>
/// <param name="Qemu">QEMU's program.</param>
/// <param name="QemuMachine">Its machine and processor.</param>
/// <param name="Console">The kernel's console.</param>
internal sealed record GuestKind(string Name, string Board, string[] BoardOptions, string Qemu, string[] QemuMachine, string Console)
{
    /// <summary>All of them; the first is the default.</summary>
    public static readonly GuestKind[] All =
    [
        new("riscv64", "riscv64-virt", [], "qemu-system-riscv64", ["-M", "virt"], "ttyS0"),
        new("arm64", "aarch64-virt", ["--cpu", "cortex-a72"], "qemu-system-aarch64", ["-M", "virt", "-cpu", "cortex-a72"], "ttyAMA0"),
        new("armhf", "arm-virt", ["--cpu", "cortex-a15"], "qemu-system-arm", ["-M", "virt", "-cpu", "cortex-a15"], "ttyAMA0"),
    ];

    /// <summary>The one of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static GuestKind Of(string name)
        => Array.Find(All, g => g.Name == name) ?? throw new UsageException($"there is no guest '{name}'; there are {string.Join(", ", All.Select(g => g.Name))}");
}

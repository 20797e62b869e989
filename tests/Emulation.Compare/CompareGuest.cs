namespace Emulation.Compare;

/// <summary>A guest that both can boot, and how each names its machine.</summary>
/// <param name="Name">Folder of build/guests.sh.</param>
/// <param name="Board">emu's board.</param>
/// <param name="Qemu">QEMU's program.</param>
/// <param name="QemuPackages">Debian's packages that have it.</param>
/// <param name="QemuMachine">QEMU's arguments for the same machine.</param>
/// <param name="Console">The kernel's name of the console.</param>
internal sealed record CompareGuest(string Name, string Board, string Qemu, string QemuPackages, IReadOnlyList<string> QemuMachine, string Console)
{
    /// <summary>All there are; the first is the default.</summary>
    public static IReadOnlyList<CompareGuest> All { get; } =
    [
        new("riscv64", "riscv64-virt", "qemu-system-riscv64", "qemu-system-misc or qemu-system-riscv", ["-M", "virt"], "ttyS0"),
        new("arm64", "aarch64-virt", "qemu-system-aarch64", "qemu-system-arm", ["-M", "virt", "-cpu", "cortex-a72"], "ttyAMA0"),
    ];

    /// <summary>Finds one by its name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static CompareGuest Find(string name) => All.FirstOrDefault(g => g.Name == name)
        ?? throw new UsageException($"--guest: there is no '{name}'; there are {string.Join(", ", All.Select(static g => g.Name))}");
}

using Emulation.Boards.DeviceTree;
using Emulation.Boards.Loading;
using Emulation.Boards.RiscV.Sbi;
using Emulation.Core;

namespace Emulation.Boards.RiscV;

/// <summary>What is in the memory of a RISC-V board when it starts: images, device tree, reset code. A machine and its forks share it.</summary>
/// <remarks>
/// Placement: firmware at the start of memory; the kernel where it says, usually 2 MiB (4 MiB with 32 bits) further; the initial RAM disk half of memory,
/// at most 512 MiB, behind the kernel, or as high as there is room; the device tree at the end of the first GiB.
/// </remarks>
internal sealed class RiscVBoot
{
    private static readonly BootLimits s_limits = new(TreeEnd: 1UL << 30, MaxInitrdDistance: 512UL << 20);
    private readonly BootLayout _layout;
    private readonly int _bits;

    private RiscVBoot(BootLayout layout, int bits) => (_layout, _bits) = (layout, bits);

    /// <summary>What the guest is told about itself.</summary>
    public required FlattenedDeviceTree DeviceTree { get; init; }

    /// <summary>Where hart 0 goes from the reset code: the firmware, the kernel or a program.</summary>
    public ulong Start { get; private set; }

    /// <summary>What firmware starts in S-mode.</summary>
    public ulong Next { get; private set; }

    /// <summary>Where the blob lies.</summary>
    public ulong TreeAddress { get; private set; }

    /// <summary>Reads all files and finds a place for each.</summary>
    /// <exception cref="GuestImageException">A file is missing, is wrong or does not fit.</exception>
    public static RiscVBoot Prepare(BootPlan plan, ImageLoader loader, MemoryPlan memory, FlattenedDeviceTree tree, int bits, ulong ramSize, IProgress<LoadProgress>? progress)
    {
        if (plan.DeviceTree is { } path)
        {
            tree = BootLayout.ReadTree(path, progress);
            RiscVVirtDeviceTree.AddMemory(tree.Root, ramSize);
        }

        BootLayout.Change(tree, plan);

        var boot = new RiscVBoot(new BootLayout(memory, RiscVVirtMap.Ram, s_limits), bits) { DeviceTree = tree };
        boot.Place(plan, loader, progress);
        return boot;
    }

    /// <summary>Puts everything into memory.</summary>
    public void Load(Machine machine, RamBlock rom, SbiFirmware? sbi)
    {
        _layout.Load(machine.Memory);
        byte[] code = sbi is null ? ResetRom.ForFirmware(Start, TreeAddress, Next, _bits) : HartSetup.ParkingCode;
        rom.Write(0, code);
        sbi?.Boot(Next, TreeAddress);
    }

    private void Place(BootPlan plan, ImageLoader loader, IProgress<LoadProgress>? progress)
    {
        GuestImage? firmware = plan.Firmware is { } file ? _layout.Add(loader.ReadFirmware(file)) : null;
        GuestImage? kernel = plan.Kernel is null ? null : _layout.Add(loader.ReadKernel(plan.Kernel));
        GuestImage? program = _layout.AddFiles(plan, loader);
        program = kernel ?? program;

        FdtNode chosen = BootLayout.AddChosen(DeviceTree, plan);
        if (plan.Initrd is { } initrd)
            _layout.PlaceInitrd(initrd, kernel, chosen, progress);
        TreeAddress = _layout.PlaceTree(DeviceTree);

        Next = program?.Entry ?? plan.Files.Select(static f => f.Address).FirstOrDefault(static a => a is not null)
            ?? (plan.FirmwareMode == FirmwareMode.None ? RiscVVirtMap.Ram : RiscVVirtMap.Ram + (_bits == 64 ? 2UL << 20 : 4UL << 20));
        Start = firmware?.Entry ?? Next;
    }
}

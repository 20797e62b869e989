using System.Buffers.Binary;
using System.Text;
using Emulation.Arm;
using Emulation.Boards.DeviceTree;
using Emulation.Boards.Loading;
using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Arm;

/// <summary>What is in the memory of an Arm board when it starts: images and the device tree. A machine and its forks share it.</summary>
/// <remarks>
/// Without firmware the first CPU starts in the kernel as its boot protocol says: X0 has the device tree, or in AArch32 R0 has 0, R1 all ones and R2 the device tree. Placement: the kernel 2 MiB behind the start of memory and what its
/// header says; the initial RAM disk half of memory, at most 128 MiB, behind it; the device tree at the end of the first 512 MiB. Firmware is in the
/// first bank of flash, finds the device tree at the start of memory, and gets kernel, RAM disk and command line as firmware configuration items.
/// </remarks>
internal sealed class ArmBoot
{
    // items of firmware configuration that describe a kernel. QEMU documentation, "fw_cfg"
    private const ushort KernelSizeItem = 0x08, InitrdSizeItem = 0x0b, KernelItem = 0x11, InitrdItem = 0x12, CommandLineSizeItem = 0x14, CommandLineItem = 0x15;

    // Linux documentation, "arm/booting": with a device tree there is no machine type
    private const ulong NoMachineType = uint.MaxValue;

    // a kernel of 32 bits maps its tree where it maps memory directly, and decompresses itself to the first 128 MiB
    private static readonly BootLimits s_limits = new(TreeEnd: 512UL << 20, MaxInitrdDistance: 128UL << 20);
    private readonly BootLayout _layout;
    private readonly List<(ushort Size, ushort Data, byte[] Bytes)> _items = [];
    private ReadOnlyMemory<byte> _flash;

    private ArmBoot(BootLayout layout) => _layout = layout;

    /// <summary>What the guest is told about itself.</summary>
    public required FlattenedDeviceTree DeviceTree { get; init; }

    /// <summary>Where the blob lies.</summary>
    public ulong TreeAddress { get; private set; }

    /// <summary>Where the first CPU starts; null for its reset vector.</summary>
    public ulong? Start { get; private set; }

    /// <summary>Where nothing lies.</summary>
    public FreeMemory Free => _layout.LargestFree;

    /// <summary>Reads all files and finds a place for each.</summary>
    /// <exception cref="GuestImageException">A file is missing, is wrong or does not fit.</exception>
    public static ArmBoot Prepare(BootPlan plan, ImageLoader loader, MemoryPlan memory, FlattenedDeviceTree tree, ulong ramSize, IProgress<LoadProgress>? progress)
    {
        if (plan.DeviceTree is { } path)
        {
            tree = BootLayout.ReadTree(path, progress);
            ArmVirtDeviceTree.AddMemory(tree.Root, ramSize);
        }

        BootLayout.Change(tree, plan);

        var boot = new ArmBoot(new BootLayout(memory, ArmVirtMap.Ram, s_limits)) { DeviceTree = tree };
        if (plan.Firmware is { } firmware)
            boot.PlaceFirmware(firmware, plan, loader, progress);
        else
            boot.PlaceKernel(plan, loader, progress);
        return boot;
    }

    /// <summary>Gives firmware what it is to start.</summary>
    public void Describe(FwCfg items)
    {
        Span<byte> size = stackalloc byte[4];
        foreach ((ushort sizeItem, ushort item, byte[] bytes) in _items)
        {
            BinaryPrimitives.WriteInt32LittleEndian(size, bytes.Length);
            items.AddItem(sizeItem, size);
            items.AddItem(item, bytes);
        }
    }

    /// <summary>Puts everything into memory and the first CPU to its start.</summary>
    public void Load(AddressSpace memory, CfiFlash flash, ArmCpu cpu)
    {
        if (!_flash.IsEmpty)
            flash.Ram.Write(0, _flash.Span);
        _layout.Load(memory);
        if (Start is not { } start)
            return;
        const uint Thumb = 1 << 5;
        if (cpu.IsAArch32 && (start & 1) != 0)
            cpu.Cpsr |= Thumb;                           // the entry of an ELF file says so, as a branch does
        cpu.SetPc(cpu.IsAArch32 ? start & ~1UL : start);
        if (cpu.IsAArch32)
            (cpu["x0"], cpu["x1"], cpu["x2"]) = (0, NoMachineType, TreeAddress);
        else
            cpu["x0"] = TreeAddress;
    }

    private void PlaceFirmware(string firmware, BootPlan plan, ImageLoader loader, IProgress<LoadProgress>? progress)
    {
        byte[] bytes = new GuestFile("firmware", firmware, progress).ReadAll();
        if (ElfReader.IsElf(bytes))
        {
            Start = _layout.Add(loader.ReadAny(firmware, null)).Entry;
        }
        else
        {
            if ((ulong)bytes.Length > ArmVirtMap.FlashSize)
                throw new GuestImageException("firmware", firmware, $"has {bytes.Length} bytes, and the flash bank {ArmVirtMap.FlashSize}", "give firmware for this board");
            _flash = bytes;
        }

        _layout.AddFiles(plan, loader);
        BootLayout.AddChosen(DeviceTree, plan);
        if (plan.Kernel is { } kernel)
        {
            _items.Add((KernelSizeItem, KernelItem, new GuestFile("kernel", kernel, progress).ReadAll()));
            _items.Add((CommandLineSizeItem, CommandLineItem, Encoding.UTF8.GetBytes(plan.CommandLine + "\0")));
        }

        if (plan.Initrd is { } initrd)
            _items.Add((InitrdSizeItem, InitrdItem, new GuestFile("initrd", initrd, progress).ReadAll()));
        TreeAddress = ArmVirtMap.Ram;
        _layout.Add(GuestImage.Raw("device tree", "generated", TreeAddress, WithRoom(DeviceTree.Write())));
    }

    // U-Boot adds to its copy of the tree in place, and has its own data right behind: the blob says that it is longer than it is
    private static byte[] WithRoom(byte[] blob)
    {
        const int Room = 64 << 10, TotalSizeOffset = 4;
        Array.Resize(ref blob, blob.Length + Room);
        BinaryPrimitives.WriteInt32BigEndian(blob.AsSpan(TotalSizeOffset), blob.Length);
        return blob;
    }

    private void PlaceKernel(BootPlan plan, ImageLoader loader, IProgress<LoadProgress>? progress)
    {
        GuestImage? kernel = plan.Kernel is null ? null : _layout.Add(loader.ReadKernel(plan.Kernel));
        GuestImage? program = _layout.AddFiles(plan, loader);
        program = kernel ?? program;
        FdtNode chosen = BootLayout.AddChosen(DeviceTree, plan);
        if (plan.Initrd is { } initrd)
            _layout.PlaceInitrd(initrd, kernel, chosen, progress);
        TreeAddress = _layout.PlaceTree(DeviceTree);
        Start = program?.Entry ?? plan.Files.Select(static f => f.Address).FirstOrDefault(static a => a is not null) ?? ArmVirtMap.Ram;
    }
}

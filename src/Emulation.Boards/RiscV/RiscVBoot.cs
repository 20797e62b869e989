using System.Text;
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
    private const ulong Alignment = RiscVVirtMap.PlacementAlignment;
    private const ulong TreeEnd = 1UL << 30;
    private const ulong MaxInitrdDistance = 512UL << 20;
    private readonly List<GuestImage> _images = [];
    private readonly int _bits;

    private RiscVBoot(int bits) => _bits = bits;

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
            tree = ReadTree(path, ramSize, progress);
        var boot = new RiscVBoot(bits) { DeviceTree = tree };
        boot.Place(plan, loader, memory, progress);
        return boot;
    }

    /// <summary>Puts everything into memory.</summary>
    public void Load(Machine machine, RamBlock rom, SbiFirmware? sbi)
    {
        foreach (ImageSegment segment in _images.SelectMany(static i => i.Segments))
        {
            Write(machine, segment.Address, segment.Data.Span);
            Clear(machine, segment.Address + (ulong)segment.Data.Length, segment.Size - (ulong)segment.Data.Length);
        }

        byte[] code = sbi is null ? ResetRom.ForFirmware(Start, TreeAddress, Next, _bits) : HartSetup.ParkingCode;
        rom.Write(0, code);
        sbi?.Boot(Next, TreeAddress);
    }

    private void Place(BootPlan plan, ImageLoader loader, MemoryPlan memory, IProgress<LoadProgress>? progress)
    {
        GuestImage? firmware = plan.Firmware is { } file ? Add(memory, loader.ReadFirmware(file)) : null;
        GuestImage? kernel = plan.Kernel is null ? null : Add(memory, loader.ReadKernel(plan.Kernel));
        GuestImage? program = kernel;
        foreach ((string path, ulong? address) in plan.Files)
        {
            GuestImage image = Add(memory, loader.ReadAny(path, address));
            if (address is null)
                program ??= image;
        }

        FdtNode chosen = DeviceTree.Root.GetOrAddNode("chosen");
        if (plan.CommandLine.Length > 0)
            chosen.Set("bootargs", Encoding.UTF8.GetBytes(plan.CommandLine + "\0"));
        if (plan.Initrd is { } initrd)
            PlaceInitrd(initrd, kernel, chosen, memory, progress);
        byte[] blob = DeviceTree.Write();
        TreeAddress = memory.FindBelow(RiscVVirtMap.Ram + TreeEnd, (ulong)blob.Length, Alignment)
            ?? memory.FindBelow(RiscVVirtMap.Ram + TreeEnd, (ulong)blob.Length, 8)
            ?? throw new GuestImageException("there is no room for the device tree; give the machine more memory");
        Add(memory, GuestImage.Raw("device tree", "generated", TreeAddress, blob));

        Next = program?.Entry ?? plan.Files.Select(static f => f.Address).FirstOrDefault(static a => a is not null)
            ?? (plan.FirmwareMode == FirmwareMode.None ? RiscVVirtMap.Ram : RiscVVirtMap.Ram + (_bits == 64 ? 2UL << 20 : 4UL << 20));
        Start = firmware?.Entry ?? Next;
    }

    private void PlaceInitrd(string path, GuestImage? kernel, FdtNode chosen, MemoryPlan memory, IProgress<LoadProgress>? progress)
    {
        if (kernel is null)
            throw new GuestImageException("initrd", path, "has no kernel that uses it", "give a kernel too");
        byte[] bytes = new GuestFile("initrd", path, progress).ReadAll();
        ulong size = (ulong)bytes.Length;
        ulong ram = memory.RamEnd - RiscVVirtMap.Ram;
        ulong end = Math.Min(memory.RamEnd, RiscVVirtMap.Ram + TreeEnd) - Alignment;
        ulong wanted = Up(kernel.Start + Math.Min(ram / 2, MaxInitrdDistance));
        ulong address = wanted >= kernel.End && wanted + size <= end && memory.IsFree(wanted, size)
            ? wanted
            : memory.FindBelow(end, size, Alignment) ?? memory.FindBelow(memory.RamEnd, size, 4096)
            ?? throw new GuestImageException("initrd", path, $"of {MemoryPlan.Size(size)} does not fit beside the kernel in {MemoryPlan.Size(ram)} of memory", "give the machine more memory");
        Add(memory, GuestImage.Raw("initrd", path, address, bytes));
        chosen.SetUInt64("linux,initrd-start", address).SetUInt64("linux,initrd-end", address + size);
    }

    private GuestImage Add(MemoryPlan memory, GuestImage image)
    {
        memory.Take(image);
        _images.Add(image);
        return image;
    }

    private static ulong Up(ulong address) => (address + Alignment - 1) / Alignment * Alignment;

    private static FlattenedDeviceTree ReadTree(string path, ulong ramSize, IProgress<LoadProgress>? progress)
    {
        var file = new GuestFile("device tree", path, progress);
        try
        {
            FlattenedDeviceTree tree = FlattenedDeviceTree.Read(file.ReadAll());
            RiscVVirtDeviceTree.AddMemory(tree.Root, ramSize);
            return tree;
        }
        catch (FdtException e)
        {
            throw file.Error($"cannot be used: {e.Message}", "give a blob (.dtb), not source", e);
        }
    }

    private static void Write(Machine machine, ulong address, ReadOnlySpan<byte> bytes)
    {
        if (!machine.Memory.TryLoad(address, bytes))
            throw new MachineConfigurationException($"{bytes.Length} bytes at 0x{address:x} do not lie in memory");
    }

    private static void Clear(Machine machine, ulong address, ulong count)
    {
        ReadOnlySpan<byte> zeros = stackalloc byte[RamBlock.PageSize];
        for (ulong done = 0; done < count;)
        {
            int part = (int)Math.Min(count - done, (ulong)zeros.Length);
            Write(machine, address + done, zeros[..part]);
            done += (ulong)part;
        }
    }
}

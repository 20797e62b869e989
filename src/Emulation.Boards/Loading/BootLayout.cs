using System.Text;
using Emulation.Boards.DeviceTree;
using Emulation.Core;

namespace Emulation.Boards.Loading;

/// <summary>Limits of where a board's kernels look for what they are given.</summary>
/// <param name="TreeEnd">Bytes from the start of memory before which the device tree ends.</param>
/// <param name="MaxInitrdDistance">Most bytes from the kernel to the initial RAM disk, if there is room.</param>
internal readonly record struct BootLimits(ulong TreeEnd, ulong MaxInitrdDistance);

/// <summary>Images and where they lie in the guest's memory. A machine and its forks share it.</summary>
/// <param name="memory">Keeps them apart.</param>
/// <param name="ramStart">Physical address of main memory.</param>
/// <param name="limits">Where kernels look.</param>
internal sealed class BootLayout(MemoryPlan memory, ulong ramStart, BootLimits limits)
{
    /// <summary>Alignment of what is placed: the size of a large page, as kernels want for their image and device tree.</summary>
    public const ulong Alignment = 2 << 20;

    private readonly List<GuestImage> _images = [];

    /// <summary>Takes an image to where it wants to lie.</summary>
    /// <exception cref="GuestImageException">It lies outside memory or on something else.</exception>
    public GuestImage Add(GuestImage image)
    {
        memory.Take(image);
        _images.Add(image);
        return image;
    }

    /// <summary>Loads the files of a plan that are neither kernel nor firmware.</summary>
    /// <returns>The first that has an entry of its own, or null.</returns>
    public GuestImage? AddFiles(BootPlan plan, ImageLoader loader)
    {
        GuestImage? program = null;
        foreach ((string path, ulong? address) in plan.Files)
        {
            GuestImage image = Add(loader.ReadAny(path, address));
            if (address is null)
                program ??= image;
        }

        return program;
    }

    /// <summary>Puts the initial RAM disk half of memory, but no further than the limit, behind the kernel, or as high as there is room; and says so in the device tree.</summary>
    public void PlaceInitrd(string path, GuestImage? kernel, FdtNode chosen, IProgress<LoadProgress>? progress)
    {
        if (kernel is null)
            throw new GuestImageException("initrd", path, "has no kernel that uses it", "give a kernel too");
        byte[] bytes = new GuestFile("initrd", path, progress).ReadAll();
        ulong size = (ulong)bytes.Length;
        ulong ram = memory.RamEnd - ramStart;
        ulong end = Math.Min(memory.RamEnd, ramStart + limits.TreeEnd) - Alignment;
        ulong wanted = Up(kernel.Start + Math.Min(ram / 2, limits.MaxInitrdDistance));
        ulong address = wanted >= kernel.End && wanted + size <= end && memory.IsFree(wanted, size)
            ? wanted
            : memory.FindBelow(end, size, Alignment) ?? memory.FindBelow(memory.RamEnd, size, 4096)
            ?? throw new GuestImageException("initrd", path, $"of {MemoryPlan.Size(size)} does not fit beside the kernel in {MemoryPlan.Size(ram)} of memory", "give the machine more memory");
        Add(GuestImage.Raw("initrd", path, address, bytes));
        chosen.SetUInt64("linux,initrd-start", address).SetUInt64("linux,initrd-end", address + size);
    }

    /// <summary>Puts the device tree as high as the limit allows.</summary>
    /// <returns>Its address.</returns>
    public ulong PlaceTree(FlattenedDeviceTree tree)
    {
        byte[] blob = tree.Write();
        ulong size = (ulong)blob.Length;
        ulong address = memory.FindBelow(ramStart + limits.TreeEnd, size, Alignment) ?? memory.FindBelow(ramStart + limits.TreeEnd, size, 8)
            ?? throw new GuestImageException("there is no room for the device tree; give the machine more memory");
        Add(GuestImage.Raw("device tree", "generated", address, blob));
        return address;
    }

    /// <summary>Where nothing lies.</summary>
    public FreeMemory LargestFree => memory.LargestFree();

    /// <summary>Puts everything into memory.</summary>
    /// <param name="target">The memory.</param>
    public void Load(AddressSpace target)
    {
        foreach (ImageSegment segment in _images.SelectMany(static i => i.Segments))
        {
            Write(target, segment.Address, segment.Data.Span);
            Clear(target, segment.Address + (ulong)segment.Data.Length, segment.Size - (ulong)segment.Data.Length);
        }
    }

    /// <summary>The node that tells the kernel what it was started with; the command line is in it.</summary>
    public static FdtNode AddChosen(FlattenedDeviceTree tree, BootPlan plan)
    {
        FdtNode chosen = tree.Root.GetOrAddNode("chosen");
        if (plan.CommandLine.Length > 0)
            chosen.Set("bootargs", Encoding.UTF8.GetBytes(plan.CommandLine + "\0"));
        return chosen;
    }

    /// <summary>Lets users' own devices describe themselves.</summary>
    /// <exception cref="MachineConfigurationException">A node is there already.</exception>
    public static void Change(FlattenedDeviceTree tree, BootPlan plan)
    {
        try
        {
            foreach (Action<FdtNode> change in plan.TreeChanges)
                change(tree.Root);
        }
        catch (FdtException e)
        {
            throw new MachineConfigurationException($"the device tree cannot be changed: {e.Message}", e);
        }
    }

    /// <summary>Reads a device tree of the user's own.</summary>
    public static FlattenedDeviceTree ReadTree(string path, IProgress<LoadProgress>? progress)
    {
        var file = new GuestFile("device tree", path, progress);
        try
        {
            return FlattenedDeviceTree.Read(file.ReadAll());
        }
        catch (FdtException e)
        {
            throw file.Error($"cannot be used: {e.Message}", "give a blob (.dtb), not source", e);
        }
    }

    private static ulong Up(ulong address) => (address + Alignment - 1) / Alignment * Alignment;

    private static void Write(AddressSpace target, ulong address, ReadOnlySpan<byte> bytes)
    {
        if (!target.TryLoad(address, bytes))
            throw new MachineConfigurationException($"{bytes.Length} bytes at 0x{address:x} do not lie in memory");
    }

    private static void Clear(AddressSpace target, ulong address, ulong count)
    {
        ReadOnlySpan<byte> zeros = stackalloc byte[RamBlock.PageSize];
        for (ulong done = 0; done < count;)
        {
            int part = (int)Math.Min(count - done, (ulong)zeros.Length);
            Write(target, address + done, zeros[..part]);
            done += (ulong)part;
        }
    }
}

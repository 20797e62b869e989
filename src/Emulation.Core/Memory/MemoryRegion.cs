namespace Emulation.Core;

/// <summary>A named piece of an address space. Regions form a tree; an <see cref="AddressSpace"/> flattens it.</summary>
/// <param name="name">Shown in memory maps and messages.</param>
/// <param name="size">Length in bytes; at least 1.</param>
public abstract class MemoryRegion(string name, ulong size)
{
    /// <summary>The name shown in memory maps and messages.</summary>
    public string Name { get; } = name;

    /// <summary>Length in bytes.</summary>
    public ulong Size { get; } = size > 0 ? size : throw new ArgumentOutOfRangeException(nameof(size), $"region '{name}' has no bytes");
}

/// <summary>Ordinary memory.</summary>
/// <param name="ram">The storage; regions of several address spaces may share one.</param>
/// <param name="readOnly">Whether guest writes are dropped (ROM).</param>
public sealed class RamRegion(RamBlock ram, bool readOnly = false) : MemoryRegion(ram.Name, ram.Size)
{
    /// <summary>The storage behind the region.</summary>
    public RamBlock Ram { get; } = ram;

    /// <summary>True for ROM: guest writes are dropped, the host may still write through <see cref="Ram"/>.</summary>
    public bool ReadOnly { get; } = readOnly;

    /// <summary>Takes the guest's writes to ROM instead of dropping them, under the device lock: the command interface of a flash chip. Reads stay those of memory.</summary>
    public IMmio? WriteHandler { get; init; }
}

/// <summary>A window of device registers.</summary>
/// <param name="name">Shown in memory maps and messages.</param>
/// <param name="size">Length in bytes.</param>
/// <param name="handler">What answers accesses.</param>
public sealed class MmioRegion(string name, ulong size, IMmio handler) : MemoryRegion(name, size)
{
    /// <summary>What answers accesses.</summary>
    public IMmio Handler { get; } = handler;

    /// <summary>Legal widths; others are refused.</summary>
    public AccessSizes Sizes { get; init; } = AccessSizes.All;

    /// <summary>Whether an access must be a multiple of its own width.</summary>
    public bool Aligned { get; init; } = true;

    /// <summary>Whether the registers are big-endian on the bus.</summary>
    public bool BigEndian { get; init; }

    /// <summary>What is asked before the handler gets an access; null for none. Set while the machine is composed.</summary>
    public IMmioGate? Gate { get; set; }
}

/// <summary>Another view of (part of) a region.</summary>
/// <param name="name">Shown in memory maps and messages.</param>
/// <param name="target">The region that is shown.</param>
/// <param name="offset">First byte of <paramref name="target"/> that is shown.</param>
/// <param name="size">Length of the view in bytes.</param>
public sealed class AliasRegion(string name, MemoryRegion target, ulong offset, ulong size) : MemoryRegion(name, size)
{
    /// <summary>The region that is shown.</summary>
    public MemoryRegion Target { get; } = target;

    /// <summary>First byte of the target that is shown.</summary>
    public ulong Offset { get; } = offset;
}

/// <summary>A region made of others. Where children overlap, the higher priority wins; equal priorities are an error found by the builder.</summary>
/// <param name="name">Shown in memory maps and messages.</param>
/// <param name="size">Length in bytes.</param>
public sealed class ContainerRegion(string name, ulong size) : MemoryRegion(name, size)
{
    private readonly List<Child> _children = [];

    /// <summary>Raised after a child was added or removed.</summary>
    public event Action? Changed;

    /// <summary>The children in no particular order.</summary>
    public IReadOnlyList<Child> Children => _children;

    /// <summary>Adds <paramref name="region"/> at <paramref name="offset"/>.</summary>
    /// <param name="offset">Byte offset in this container.</param>
    /// <param name="region">The child.</param>
    /// <param name="priority">Higher priorities hide lower ones where they overlap.</param>
    public void Add(ulong offset, MemoryRegion region, int priority = 0)
    {
        if (offset > Size || region.Size > Size - offset)
            throw new ArgumentOutOfRangeException(nameof(offset), $"region '{region.Name}' ({region.Size:x} bytes at {offset:x}) does not fit in '{Name}' ({Size:x} bytes)");
        if (region is ContainerRegion container)
            container.Changed += OnChanged;
        _children.Add(new Child(offset, region, priority));
        OnChanged();
    }

    /// <summary>Removes a child; false when it is not there.</summary>
    /// <param name="region">The child.</param>
    public bool Remove(MemoryRegion region)
    {
        int index = _children.FindIndex(c => ReferenceEquals(c.Region, region));
        if (index < 0)
            return false;
        if (region is ContainerRegion container)
            container.Changed -= OnChanged;
        _children.RemoveAt(index);
        OnChanged();
        return true;
    }

    private void OnChanged() => Changed?.Invoke();

    /// <summary>A child and its place.</summary>
    /// <param name="Offset">Byte offset in the container.</param>
    /// <param name="Region">The child.</param>
    /// <param name="Priority">Higher hides lower.</param>
    public readonly record struct Child(ulong Offset, MemoryRegion Region, int Priority);
}

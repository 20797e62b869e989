namespace Emulation.Cpu;

/// <summary>Kind of a memory access.</summary>
public enum MemoryAccessKind
{
    /// <summary>A load.</summary>
    Read,

    /// <summary>A store, or the store half of an atomic operation.</summary>
    Write,

    /// <summary>An instruction fetch.</summary>
    Fetch,
}

/// <summary>What a page may be used for.</summary>
[Flags]
public enum PageRights : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Loads.</summary>
    Read = 1,

    /// <summary>Stores.</summary>
    Write = 2,

    /// <summary>Instruction fetches.</summary>
    Execute = 4,

    /// <summary>Everything.</summary>
    All = Read | Write | Execute,
}

/// <summary>Where a virtual page lies.</summary>
/// <param name="Physical">Physical address of the 4 KiB granule that holds the address (low 12 bits zero).</param>
/// <param name="Rights">What the present regime may do with all of it without another walk. A page that is not dirty yet has no write right here.</param>
/// <param name="Cacheable">False when rights differ inside the granule (PMP, MPU): every access is checked anew, but those in a known <see cref="Part"/>.</param>
/// <param name="Global">Whether it is the same in every address space of its regime: <see cref="VirtualCpu.FlushLocalTlb"/> may leave it.</param>
public readonly record struct PageTranslation(ulong Physical, PageRights Rights, bool Cacheable = true, bool Global = false)
{
    /// <summary>Where rights differ inside the granule: what is known around the address. Without rights when nothing is.</summary>
    public PagePart Part { get; init; }
}

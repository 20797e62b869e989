namespace Emulation.Storage;

/// <summary>A VHDX image: Hyper-V's format since Windows 8.</summary>
public sealed record VhdxCreateOptions : DiskCreateOptions
{
    /// <inheritdoc/>
    public override string Format => "vhdx";

    /// <summary>Whether every block has its place from the start.</summary>
    public bool Fixed { get; init; }

    /// <summary>Bytes of a block: a power of two from 1 MiB to 256 MiB; 0 is 32 MiB, and 2 MiB above a parent.</summary>
    public int BlockSize { get; init; }

    /// <summary>Bytes of the log: whole MiB from 1 MiB to 1 GiB.</summary>
    public int LogSize { get; init; } = 1 << 20;

    /// <summary>Bytes of the smallest unit a guest addresses: 512 or 4096. QEMU reads images of 512 only.</summary>
    public int LogicalSectorSize { get; init; } = 512;

    /// <summary>Bytes of the unit a guest is told the medium has: 512 or 4096.</summary>
    public int PhysicalSectorSize { get; init; } = 4096;

    /// <summary>What the image says about the program that made it: at most 255 UTF-16 units.</summary>
    public string Creator { get; init; } = "emulation";

    /// <summary>The VHDX image below, its parent; relative names count from the new image's folder. It may not change any more.</summary>
    public string? BackingFile { get; init; }
}

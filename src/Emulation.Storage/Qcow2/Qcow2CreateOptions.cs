namespace Emulation.Storage;

/// <summary>A qcow2 image.</summary>
public sealed record Qcow2CreateOptions : DiskCreateOptions
{
    /// <inheritdoc/>
    public override string Format => "qcow2";

    /// <summary>2 for readers from before 2011, else 3.</summary>
    public int Version { get; init; } = 3;

    /// <summary>Bytes of a cluster: a power of two from 512 to 2 MiB; at least 16 KiB with <see cref="ExtendedL2"/>.</summary>
    public int ClusterSize { get; init; } = 1 << 16;

    /// <summary>Width of a reference count in bits: a power of two from 1 to 64; version 2 has 16 only. It bounds the number of snapshots.</summary>
    public int RefcountBits { get; init; } = 16;

    /// <summary>Whether a cluster's 32 subclusters are allocated one by one; version 3 only.</summary>
    public bool ExtendedL2 { get; init; }

    /// <summary>Whether reference counts may be written late, at the price of a repair after a crash; version 3 only.</summary>
    public bool LazyRefcounts { get; init; }

    /// <summary>How compressed clusters are compressed; version 2 has zlib only.</summary>
    public Qcow2Compression Compression { get; init; }

    /// <summary>The image below, by the name that is recorded; relative names count from the new image's folder. Needs <see cref="BackingFormat"/>.</summary>
    public string? BackingFile { get; init; }

    /// <summary>The format of the image below.</summary>
    public string? BackingFormat { get; init; }

    /// <summary>Encrypts the guest's data with LUKS (AES-256-XTS); null leaves them plain. Version 3 only; such an image has no compressed clusters.</summary>
    public string? Passphrase { get; init; }

    /// <summary>A file that holds the guest's data, by the name that is recorded; created unless it is there; version 3 only.</summary>
    /// <remarks>A relative name counts from the image's folder here, but from the working directory in QEMU: a full path means the same to both.</remarks>
    public string? DataFile { get; init; }

    /// <summary>Whether the data file always is a raw image of the disk by itself; excludes a backing file.</summary>
    public bool DataFileIsRaw { get; init; }

    /// <summary>What of the file's space is taken at once. With a backing file it needs <see cref="ExtendedL2"/>, by which what is taken can still show through.</summary>
    public DiskPreallocation Preallocation { get; init; }
}

/// <summary>How clusters of a qcow2 image are compressed.</summary>
public enum Qcow2Compression
{
    /// <summary>Deflate.</summary>
    Zlib = 0,

    /// <summary>Zstandard.</summary>
    Zstd = 1,
}

namespace Emulation.Storage;

/// <summary>What of a disk in use is backed up.</summary>
public sealed record BackupOptions
{
    /// <summary>A persistent bitmap of the source, a <see cref="Qcow2Image"/>. After a backup that succeeded it holds what was written since that backup began; after one that did not, what it held and what was written.</summary>
    public string? Bitmap { get; init; }

    /// <summary>Whether only what <see cref="Bitmap"/> holds is copied, otherwise all is. The rest of the target then must be what it was at the last backup.</summary>
    public bool Incremental { get; init; }

    /// <summary>Whether all of the target is known to read as zeros.</summary>
    public bool TargetIsZero { get; init; }

    /// <summary>Most bytes per second, on average; 0 for no limit. What the machine is about to write over is copied at once.</summary>
    public long BytesPerSecond { get; init; }
}

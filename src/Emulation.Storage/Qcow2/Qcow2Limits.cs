namespace Emulation.Storage;

/// <summary>Sizes beyond which an image is refused: those of QEMU, which bound what an untrusted header can make us allocate.</summary>
internal static class Qcow2Limits
{
    public const int MinClusterBits = 9;
    public const int MaxClusterBits = 21;
    public const int MinExtendedClusterBits = 14;
    public const int MaxL1Bytes = 32 << 20;
    public const int MaxRefcountTableBytes = 8 << 20;
    public const int MaxSnapshots = 65536;
    public const int MaxSnapshotTableBytes = 64 << 20;
    public const int MaxSnapshotExtra = 1024;
    public const int MaxBackingName = 1023;

    /// <summary>First host offset that a table entry cannot express: entries have bits 9 to 55.</summary>
    public const long HostEnd = 1L << 56;
}

namespace Emulation.Storage;

/// <summary>Bits of header fields and table entries. QEMU docs/interop/qcow2, "Header" and "Cluster mapping".</summary>
internal static class Qcow2Bits
{
    public const uint Magic = 0x514649fb;

    public const ulong IncompatibleDirty = 1 << 0;
    public const ulong IncompatibleCorrupt = 1 << 1;
    public const ulong IncompatibleDataFile = 1 << 2;
    public const ulong IncompatibleCompression = 1 << 3;
    public const ulong IncompatibleExtendedL2 = 1 << 4;
    public const ulong IncompatibleKnown = (1 << 5) - 1;

    public const ulong CompatibleLazyRefcounts = 1 << 0;

    public const ulong AutoclearBitmaps = 1 << 0;
    public const ulong AutoclearRawDataFile = 1 << 1;

    public const uint ExtensionEnd = 0;
    public const uint ExtensionBackingFormat = 0xe2792aca;
    public const uint ExtensionFeatureNames = 0x6803f857;
    public const uint ExtensionBitmaps = 0x23852875;
    public const uint ExtensionEncryption = 0x0537be77;
    public const uint ExtensionDataFile = 0x44415441;

    public const ulong Copied = 1UL << 63;
    public const ulong Compressed = 1UL << 62;
    public const ulong ZeroFlag = 1;
    public const ulong OffsetMask = 0x00ff_ffff_ffff_fe00;
}

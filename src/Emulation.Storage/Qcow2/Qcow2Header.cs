using System.Buffers.Binary;
using System.Text;

namespace Emulation.Storage;

/// <summary>A header whose fields have been found sound. QEMU docs/interop/qcow2, "Header".</summary>
internal sealed class Qcow2Header
{
    public const int LengthV2 = 72;
    public const int LengthV3 = 104;

    // with the field of the compression type, padded
    public const int LengthCreated = 112;

    public required int Version { get; init; }

    public required int ClusterBits { get; init; }

    public required int RefcountOrder { get; init; }

    public required long Size { get; set; }

    public required int L1Size { get; set; }

    public required long L1Offset { get; set; }

    public required long RefcountTableOffset { get; set; }

    public required int RefcountTableClusters { get; set; }

    public int SnapshotCount { get; set; }

    public long SnapshotsOffset { get; set; }

    public ulong Incompatible { get; set; }

    public ulong Compatible { get; set; }

    public ulong Autoclear { get; set; }

    public int HeaderLength { get; init; } = LengthCreated;

    public byte CompressionType { get; init; }

    /// <summary>0: none, 1: AES, 2: LUKS.</summary>
    public uint EncryptionMethod { get; init; }

    public string? BackingFile { get; set; }

    public List<Qcow2HeaderExtension> Extensions { get; } = [];

    public string? BackingFormat => Text(Qcow2Bits.ExtensionBackingFormat);

    public string? DataFile => Text(Qcow2Bits.ExtensionDataFile);

    public bool HasDataFile => (Incompatible & Qcow2Bits.IncompatibleDataFile) != 0;

    public bool DataFileIsRaw => HasDataFile && (Autoclear & Qcow2Bits.AutoclearRawDataFile) != 0;

    public bool IsDirty => (Incompatible & Qcow2Bits.IncompatibleDirty) != 0;

    public bool IsCorrupt => (Incompatible & Qcow2Bits.IncompatibleCorrupt) != 0;

    public bool LazyRefcounts => (Compatible & Qcow2Bits.CompatibleLazyRefcounts) != 0;

    public Qcow2Geometry Geometry()
        => new(Version, ClusterBits, RefcountOrder, (Incompatible & Qcow2Bits.IncompatibleExtendedL2) != 0);

    public Qcow2HeaderExtension? Find(uint type)
    {
        foreach (Qcow2HeaderExtension extension in Extensions)
        {
            if (extension.Type == type)
                return extension;
        }

        return null;
    }

    /// <summary>Writes the fields that change while an image is in use; all lie in the first sector, which a disk writes whole or not at all.</summary>
    public async ValueTask WriteAsync(HostFile file)
    {
        byte[] bytes = new byte[Version == 2 ? LengthV2 : LengthV3];
        await file.ReadAsync(0, bytes).ConfigureAwait(false);
        PutChangeable(bytes);
        await file.WriteAsync(0, bytes).ConfigureAwait(false);
    }

    /// <summary>The whole first cluster of a new image.</summary>
    public byte[] ToFirstCluster(ImageName name)
    {
        byte[] bytes = new byte[1 << ClusterBits];
        int length = Version == 2 ? LengthV2 : LengthCreated;
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Qcow2Bits.Magic);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), Version);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), ClusterBits);
        PutChangeable(bytes);
        if (Version > 2)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(96), RefcountOrder);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(100), length);
            bytes[104] = CompressionType;
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(32), EncryptionMethod);
        }

        int position = length;
        foreach (Qcow2HeaderExtension extension in Extensions)
        {
            int end = position + 8 + ((extension.Data.Length + 7) & ~7);
            if (end > bytes.Length - 8)
                throw name.Error("the header does not fit in a cluster: the names in it are too long for this cluster size");
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(position), extension.Type);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(position + 4), extension.Data.Length);
            extension.Data.CopyTo(bytes.AsSpan(position + 8));
            position = end;
        }

        position += 8; // the end mark
        if (BackingFile is null)
            return bytes;
        byte[] backing = Encoding.UTF8.GetBytes(BackingFile);
        if (backing.Length > Qcow2Limits.MaxBackingName || position + backing.Length > bytes.Length)
            throw name.Error($"the name of the backing file has {backing.Length} bytes: too long for this cluster size");
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), position);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), backing.Length);
        backing.CopyTo(bytes.AsSpan(position));
        return bytes;
    }

    private void PutChangeable(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes[24..], Size);
        BinaryPrimitives.WriteInt32BigEndian(bytes[36..], L1Size);
        BinaryPrimitives.WriteInt64BigEndian(bytes[40..], L1Offset);
        BinaryPrimitives.WriteInt64BigEndian(bytes[48..], RefcountTableOffset);
        BinaryPrimitives.WriteInt32BigEndian(bytes[56..], RefcountTableClusters);
        BinaryPrimitives.WriteInt32BigEndian(bytes[60..], SnapshotCount);
        BinaryPrimitives.WriteInt64BigEndian(bytes[64..], SnapshotsOffset);
        if (Version == 2)
            return;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[72..], Incompatible);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[80..], Compatible);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[88..], Autoclear);
    }

    private string? Text(uint type) => Find(type) is { } extension ? Encoding.UTF8.GetString(extension.Data) : null;
}

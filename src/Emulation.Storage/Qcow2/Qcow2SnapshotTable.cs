using System.Buffers.Binary;
using System.Text;

namespace Emulation.Storage;

/// <summary>Reads and writes the table of snapshots. QEMU docs/interop/qcow2, "Snapshots".</summary>
internal static class Qcow2SnapshotTable
{
    private const int FixedLength = 40;
    private const int KnownExtra = 16;

    /// <summary>Reads the table of a header, and its length in bytes.</summary>
    public static async ValueTask<Qcow2SnapshotList> ReadAsync(HostFile file, Qcow2Header header, ImageName name)
    {
        var snapshots = new List<Qcow2Snapshot>();
        long position = header.SnapshotsOffset;
        byte[] head = new byte[FixedLength];
        for (int i = 0; i < header.SnapshotCount; i++)
        {
            if (position > file.Length - FixedLength || position - header.SnapshotsOffset > Qcow2Limits.MaxSnapshotTableBytes)
                throw name.At(position, $"the snapshot table ends before snapshot {i} of {header.SnapshotCount}");
            await file.ReadAsync(position, head).ConfigureAwait(false);
            uint extra = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(36));
            if (extra > Qcow2Limits.MaxSnapshotExtra)
                throw name.At(position + 36, $"{extra} bytes of extra data in a snapshot are more than {Qcow2Limits.MaxSnapshotExtra}");
            int idLength = BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(12));
            int nameLength = BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(14));
            byte[] rest = new byte[extra + idLength + nameLength];
            await file.ReadAsync(position + FixedLength, rest).ConfigureAwait(false);
            snapshots.Add(Parse(head, rest, (int)extra, idLength, position, header, file, name));
            position += (FixedLength + rest.Length + 7) & ~7;
        }

        return new Qcow2SnapshotList(snapshots, position - header.SnapshotsOffset);
    }

    public static byte[] ToBytes(IEnumerable<Qcow2Snapshot> snapshots, ImageName name)
    {
        var bytes = new MemoryStream();
        byte[] head = new byte[FixedLength + KnownExtra];
        foreach (Qcow2Snapshot snapshot in snapshots)
        {
            byte[] id = Encoding.UTF8.GetBytes(snapshot.Id);
            byte[] label = Encoding.UTF8.GetBytes(snapshot.Name);
            if (label.Length > ushort.MaxValue || id.Length > ushort.MaxValue)
                throw name.Error($"the name of a snapshot is longer than {ushort.MaxValue} bytes");
            BinaryPrimitives.WriteInt64BigEndian(head, snapshot.L1Offset);
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(8), snapshot.L1Size);
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(12), (ushort)id.Length);
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(14), (ushort)label.Length);
            BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(16), (uint)snapshot.Date.ToUnixTimeSeconds());
            BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(20), (uint)(snapshot.Date.Ticks % TimeSpan.TicksPerSecond * 100));
            BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(24), snapshot.GuestNanoseconds);
            BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(32), (uint)Math.Min(snapshot.StateSize, uint.MaxValue));
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(36), KnownExtra + snapshot.MoreExtra.Length);
            BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(40), snapshot.StateSize);
            BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(48), snapshot.DiskSize);
            bytes.Write(head);
            bytes.Write(snapshot.MoreExtra);
            bytes.Write(id);
            bytes.Write(label);
            bytes.SetLength((bytes.Length + 7) & ~7);
            bytes.Position = bytes.Length;
        }

        return bytes.Length <= Qcow2Limits.MaxSnapshotTableBytes
            ? bytes.ToArray()
            : throw name.Error("the table of snapshots would be larger than 64 MiB");
    }

    private static Qcow2Snapshot Parse(
        ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest, int extra, int idLength, long position, Qcow2Header header, HostFile file, ImageName name)
    {
        Qcow2Geometry geometry = header.Geometry();
        ulong l1Offset = BinaryPrimitives.ReadUInt64BigEndian(head);
        uint l1Size = BinaryPrimitives.ReadUInt32BigEndian(head[8..]);
        if (l1Size > Qcow2Limits.MaxL1Bytes / 8)
            throw name.At(position + 8, $"a snapshot's L1 table of {l1Size} entries is larger than 32 MiB");
        long fileEnd = geometry.RoundUp(file.Length);
        if ((l1Offset & (ulong)(geometry.ClusterSize - 1)) != 0 || l1Offset >= (ulong)fileEnd
            || (l1Offset == 0 && l1Size != 0) || geometry.RoundUp(l1Size * 8L) > fileEnd - (long)l1Offset)
        {
            throw name.At(position, $"a snapshot's L1 table at 0x{l1Offset:x} with {l1Size} entries lies outside the file or not on a cluster");
        }

        ulong state = extra >= 8 ? BinaryPrimitives.ReadUInt64BigEndian(rest) : BinaryPrimitives.ReadUInt32BigEndian(head[32..]);
        ulong disk = extra >= 16 ? BinaryPrimitives.ReadUInt64BigEndian(rest[8..]) : (ulong)header.Size;
        if (state > long.MaxValue / 2 || disk > long.MaxValue / 2 || geometry.L1Entries((long)disk) > l1Size)
            throw name.At(position, $"a snapshot of a disk of {disk} bytes with {state} bytes of state is not possible with {l1Size} L1 entries");
        uint nanoseconds = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(head[20..]), 999_999_999);
        return new Qcow2Snapshot
        {
            L1Offset = (long)l1Offset,
            L1Size = (int)l1Size,
            Id = Encoding.UTF8.GetString(rest.Slice(extra, idLength)),
            Name = Encoding.UTF8.GetString(rest[(extra + idLength)..]),
            Date = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(head[16..])).AddTicks(nanoseconds / 100),
            GuestNanoseconds = BinaryPrimitives.ReadUInt64BigEndian(head[24..]),
            StateSize = (long)state,
            DiskSize = (long)disk,
            MoreExtra = extra > KnownExtra ? rest[KnownExtra..extra].ToArray() : [],
        };
    }
}

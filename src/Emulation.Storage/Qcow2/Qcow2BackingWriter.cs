using System.Buffers.Binary;
using System.Text;

namespace Emulation.Storage;

/// <summary>Changes which image a header says is below.</summary>
/// <remarks>
/// A disk writes one sector whole or not at all. So the new name goes where nothing is that counts, and then the first sector, with its
/// place and the format, is what makes it count. What stands behind that sector stays as it is; if it cannot, the table of feature names
/// goes, which only explains.
/// </remarks>
internal sealed class Qcow2BackingWriter(Qcow2Metadata metadata)
{
    private const int Sector = 512;

    private readonly Qcow2Header _header = metadata.Header;

    public async ValueTask SetAsync(string? file, string? format)
    {
        byte[] old = new byte[metadata.Geometry.ClusterSize];
        await metadata.File.ReadAsync(0, old).ConfigureAwait(false);
        List<Qcow2HeaderExtension> extensions = WithFormat(_header.Extensions, format);
        (byte[] next, int end) = Build(old, extensions);
        if (!SameBehind(old, next, end))
        {
            extensions.RemoveAll(static e => e.Type == Qcow2Bits.ExtensionFeatureNames);
            (next, end) = Build(old, extensions);
        }

        PutName(old, next, end, file);
        for (int at = Sector; at < next.Length; at += Sector)
        {
            if (!next.AsSpan(at, Sector).SequenceEqual(old.AsSpan(at, Sector)))
                await metadata.File.WriteAsync(at, next.AsMemory(at, Sector)).ConfigureAwait(false);
        }

        await metadata.File.FlushAsync().ConfigureAwait(false);
        await metadata.File.WriteAsync(0, next.AsMemory(0, Sector)).ConfigureAwait(false);
        await metadata.File.FlushAsync().ConfigureAwait(false);
        _header.BackingFile = file;
        _header.Extensions.Clear();
        _header.Extensions.AddRange(extensions);
    }

    private static List<Qcow2HeaderExtension> WithFormat(List<Qcow2HeaderExtension> extensions, string? format)
    {
        var result = new List<Qcow2HeaderExtension>(extensions);
        int place = result.FindIndex(static e => e.Type == Qcow2Bits.ExtensionBackingFormat);
        if (place >= 0)
            result.RemoveAt(place);
        if (format is not null)
            result.Insert(Math.Max(place, 0), new Qcow2HeaderExtension(Qcow2Bits.ExtensionBackingFormat, Encoding.UTF8.GetBytes(format)));
        return result;
    }

    // the old cluster with other extensions, and the end of the mark behind them
    private (byte[] Bytes, int End) Build(byte[] old, List<Qcow2HeaderExtension> extensions)
    {
        byte[] bytes = [.. old];
        int position = _header.HeaderLength;
        foreach (Qcow2HeaderExtension extension in extensions)
        {
            int length = 8 + ((extension.Data.Length + 7) & ~7);
            if (position + length > bytes.Length - 8)
                throw TooLong();
            bytes.AsSpan(position, length).Clear();
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(position), extension.Type);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(position + 4), extension.Data.Length);
            extension.Data.CopyTo(bytes.AsSpan(position + 8));
            position += length;
        }

        bytes.AsSpan(position, 8).Clear();
        return (bytes, position + 8);
    }

    private static bool SameBehind(byte[] old, byte[] next, int end)
        => end <= Sector || old.AsSpan(Sector, end - Sector).SequenceEqual(next.AsSpan(Sector, end - Sector));

    private void PutName(byte[] old, byte[] next, int end, string? file)
    {
        (int oldPlace, int oldLength) = ((int)BinaryPrimitives.ReadInt64BigEndian(old.AsSpan(8)), BinaryPrimitives.ReadInt32BigEndian(old.AsSpan(16)));
        byte[] name = Encoding.UTF8.GetBytes(file ?? "");
        if (name.Length > Qcow2Limits.MaxBackingName)
            throw TooLong();
        int place = end;
        // in the first sector everything changes at once; behind it the old name stays as long as it counts
        bool inTheWay = Math.Max(place, Sector) < oldPlace + oldLength && oldPlace < place + name.Length;
        if (inTheWay && oldPlace + oldLength + name.Length <= next.Length)
            place = Math.Max(place, oldPlace + oldLength);
        if (place + name.Length > next.Length)
            throw TooLong();
        name.CopyTo(next.AsSpan(place));
        BinaryPrimitives.WriteInt64BigEndian(next.AsSpan(8), name.Length == 0 ? 0 : place);
        BinaryPrimitives.WriteInt32BigEndian(next.AsSpan(16), name.Length);
    }

    private DiskImageException TooLong() => metadata.Name.Error("the name of the new backing file is too long for its cluster size");
}

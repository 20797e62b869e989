using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>Changes the bitmaps extension of a header in place. Every step leaves a header that can be read.</summary>
internal sealed class Qcow2ExtensionWriter(Qcow2Metadata metadata)
{
    private const int Sector = 512;
    private const int Length = 24;

    private byte[] _bytes = [];

    /// <summary>Writes the extension, where it is or after all others, and says in the header that it is valid.</summary>
    public async ValueTask SetAsync(byte[] data)
    {
        _bytes = new byte[metadata.Geometry.ClusterSize];
        await metadata.File.ReadAsync(0, _bytes).ConfigureAwait(false);
        int position = Find(Qcow2Bits.ExtensionBitmaps);
        if (position >= 0 && Word(position + 4) == Length)
        {
            // a write across sectors is not one step: the extension counts for nothing meanwhile
            if ((position + 8) / Sector != (position + 7 + Length) / Sector)
                await SetValidAsync(false).ConfigureAwait(false);
            await WriteAsync(position + 8, data).ConfigureAwait(false);
        }
        else
        {
            if (position >= 0)
                throw metadata.Name.At(position, "the bitmaps extension has another length than it should");
            await AppendAsync(data).ConfigureAwait(false);
        }

        List<Qcow2HeaderExtension> extensions = metadata.Header.Extensions;
        extensions.RemoveAll(e => e.Type == Qcow2Bits.ExtensionBitmaps);
        extensions.Add(new Qcow2HeaderExtension(Qcow2Bits.ExtensionBitmaps, data));
        await SetValidAsync(true).ConfigureAwait(false);
    }

    /// <summary>Says in the header that there are no valid bitmaps, and takes the extension away if it is the last.</summary>
    public async ValueTask RemoveAsync()
    {
        await SetValidAsync(false).ConfigureAwait(false);
        _bytes = new byte[metadata.Geometry.ClusterSize];
        await metadata.File.ReadAsync(0, _bytes).ConfigureAwait(false);
        int position = Find(Qcow2Bits.ExtensionBitmaps);
        if (position >= 0 && Next(position) is int next && next <= Limit() - 8 && Word(next) == Qcow2Bits.ExtensionEnd)
        {
            await WriteAsync(position, new byte[4]).ConfigureAwait(false);
            metadata.Header.Extensions.RemoveAll(e => e.Type == Qcow2Bits.ExtensionBitmaps);
        }
    }

    private async ValueTask AppendAsync(byte[] data)
    {
        int end = Find(Qcow2Bits.ExtensionEnd);
        if (end < 0)
            throw metadata.Name.At(metadata.Header.HeaderLength, "the header has no room for bitmaps");
        if (end + 8 + Length + 8 > Limit())
            await MoveBackingNameAsync(end + 8 + Length + 8).ConfigureAwait(false);
        byte[] rest = new byte[Length + 8];
        data.CopyTo(rest, 0);
        await WriteAsync(end + 8, rest).ConfigureAwait(false);
        byte[] head = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(head, Qcow2Bits.ExtensionBitmaps);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), Length);
        await WriteAsync(end, head).ConfigureAwait(false);
    }

    // a copy further on, and then the header says where
    private async ValueTask MoveBackingNameAsync(int free)
    {
        int offset = (int)BinaryPrimitives.ReadInt64BigEndian(_bytes.AsSpan(8));
        int length = (int)Word(16);
        int target = Math.Max(free, offset + length);
        if (offset == 0 || target + length > _bytes.Length)
            throw metadata.Name.At(metadata.Header.HeaderLength, "the header has no room for bitmaps");
        await WriteAsync(target, _bytes.AsMemory(offset, length)).ConfigureAwait(false);
        byte[] field = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(field, target);
        await WriteAsync(8, field).ConfigureAwait(false);
        field.CopyTo(_bytes, 8);
    }

    private async ValueTask SetValidAsync(bool valid)
    {
        ulong autoclear = metadata.Header.Autoclear & ~Qcow2Bits.AutoclearBitmaps | (valid ? Qcow2Bits.AutoclearBitmaps : 0);
        if (autoclear == metadata.Header.Autoclear)
            return;
        metadata.Header.Autoclear = autoclear;
        await metadata.Header.WriteAsync(metadata.File).ConfigureAwait(false);
        await metadata.File.FlushAsync().ConfigureAwait(false);
    }

    private async ValueTask WriteAsync(int position, ReadOnlyMemory<byte> bytes)
    {
        await metadata.File.WriteAsync(position, bytes).ConfigureAwait(false);
        await metadata.File.FlushAsync().ConfigureAwait(false);
    }

    private int Find(uint type)
    {
        for (int position = metadata.Header.HeaderLength; position <= Limit() - 8; position = Next(position))
        {
            if (Word(position) == type)
                return position;
            if (Word(position) == Qcow2Bits.ExtensionEnd)
                break;
        }

        return -1;
    }

    private int Next(int position) => position + 8 + (int)((Word(position + 4) + 7) & ~7u);

    private int Limit() => BinaryPrimitives.ReadInt64BigEndian(_bytes.AsSpan(8)) is > 0 and long name ? (int)name : _bytes.Length;

    private uint Word(int position) => BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(position));
}

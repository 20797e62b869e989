using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>The last 512 bytes of a UDIF image; all fields are big-endian.</summary>
internal sealed record DmgTrailer
{
    public const int Length = 512;

    private const uint Version = 4;
    private const int MaxPlist = 64 << 20;

    private static ReadOnlySpan<byte> Magic => "koly"u8;

    /// <summary>First byte of what chunks count from.</summary>
    public required long DataOffset { get; init; }

    public required long PlistOffset { get; init; }

    public required int PlistLength { get; init; }

    public required long Sectors { get; init; }

    public static bool IsMagic(ReadOnlySpan<byte> tail)
        => tail.Length >= Length && tail[^Length..].StartsWith(Magic)
            && BinaryPrimitives.ReadUInt32BigEndian(tail[^(Length - 4)..]) == Version && BinaryPrimitives.ReadUInt32BigEndian(tail[^(Length - 8)..]) == Length;

    public static async ValueTask<DmgTrailer> ReadAsync(HostFile file, ImageName name)
    {
        long at = file.Length - Length;
        byte[] bytes = await ImageFields.ReadAsync(file, at, Length, name).ConfigureAwait(false);
        if (!IsMagic(bytes))
            throw name.At(at, "the trailer of a UDIF image is not there; an encrypted or older image is not supported");
        ulong U64(int offset) => BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(offset));
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(60)) > 1)
            throw name.At(at + 60, "an image in several files is not supported");
        (ulong data, ulong plist, ulong length) = (U64(24), U64(216), U64(224));
        if (data > (ulong)at)
            throw name.At(at + 24, $"the data are said to be at byte 0x{data:x}");
        if (length == 0)
            throw name.At(at + 224, "it has no property list; an image with a resource fork only is not supported");
        if (length > MaxPlist || plist > (ulong)at || length > (ulong)at - plist)
            throw name.At(at + 216, $"the property list is said to be {length} bytes at byte 0x{plist:x}");
        if (U64(492) > long.MaxValue / ImageFields.Sector)
            throw name.At(at + 492, $"a disk of {U64(492)} sectors is not possible");
        return new DmgTrailer { DataOffset = (long)data, PlistOffset = (long)plist, PlistLength = (int)length, Sectors = (long)U64(492) };
    }
}

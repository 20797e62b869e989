using System.Buffers.Binary;

namespace Emulation.Jit;

/// <summary>The file format of <see cref="JitProfile"/>, all little-endian: magic and version, number of regions, regions, hash of all before.</summary>
/// <remarks>A region: key (offset 2, mode 4, hash 8), heat 4, age 1, number of members 2, members (offset 2, hash 4).</remarks>
internal static class ProfileFile
{
    // The version also covers what regions are made of: profiles of other versions may match, but would say nothing sensible.
    private const byte Version = 1;
    private const int HeaderSize = 12, HashSize = 8, RegionSize = 21, MemberSize = 6;
    private const int MaxBytes = 64 << 20;

    private static ReadOnlySpan<byte> Magic => "EMUPROF"u8;

    public static void Write(Stream stream, IReadOnlyCollection<KeyValuePair<ProfileKey, ProfileRegion>> regions)
    {
        var bytes = new byte[HeaderSize + HashSize + regions.Sum(static r => RegionSize + (MemberSize * r.Value.Members.Length))];
        Magic.CopyTo(bytes);
        bytes[Magic.Length] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), regions.Count);
        Span<byte> rest = bytes.AsSpan(HeaderSize);
        foreach ((ProfileKey key, ProfileRegion region) in regions)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(rest, key.Offset);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[2..], key.Mode);
            BinaryPrimitives.WriteUInt64LittleEndian(rest[6..], key.Hash);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[14..], region.Heat);
            rest[18] = region.Age;
            BinaryPrimitives.WriteUInt16LittleEndian(rest[19..], (ushort)region.Members.Length);
            rest = rest[RegionSize..];
            foreach (ProfileMember member in region.Members)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(rest, member.Offset);
                BinaryPrimitives.WriteUInt32LittleEndian(rest[2..], member.Hash);
                rest = rest[MemberSize..];
            }
        }

        BinaryPrimitives.WriteUInt64LittleEndian(rest, ProfileKey.HashOf(0, bytes.AsSpan(0, bytes.Length - HashSize)));
        stream.Write(bytes);
    }

    /// <summary>Reads regions, a run older than they were.</summary>
    /// <exception cref="InvalidDataException">The bytes are not what <see cref="Write"/> wrote.</exception>
    public static Dictionary<ProfileKey, ProfileRegion> Read(Stream stream)
    {
        byte[] bytes = ReadAll(stream);
        if (bytes.Length < HeaderSize + HashSize || !bytes.AsSpan().StartsWith(Magic))
            throw new InvalidDataException(Magic.StartsWith(bytes.AsSpan(0, Math.Min(bytes.Length, Magic.Length))) ? "the profile is cut off" : "the file is not a profile");
        if (bytes[Magic.Length] != Version)
            throw new InvalidDataException($"the profile has version {bytes[Magic.Length]}, not {Version}");
        Span<byte> rest = bytes.AsSpan(0, bytes.Length - HashSize);
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(rest.Length)) != ProfileKey.HashOf(0, rest))
            throw new InvalidDataException("the profile is damaged");
        int count = BinaryPrimitives.ReadInt32LittleEndian(rest[8..]);
        rest = rest[HeaderSize..];
        var regions = new Dictionary<ProfileKey, ProfileRegion>();
        for (int i = 0; i < count; i++)
        {
            int members = rest.Length < RegionSize ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(rest[19..]);
            if (rest.Length < RegionSize + (members * MemberSize))
                throw new InvalidDataException("the profile is damaged");
            var key = new ProfileKey(
                BinaryPrimitives.ReadUInt16LittleEndian(rest),
                BinaryPrimitives.ReadUInt32LittleEndian(rest[2..]),
                BinaryPrimitives.ReadUInt64LittleEndian(rest[6..]));
            uint heat = BinaryPrimitives.ReadUInt32LittleEndian(rest[14..]);
            var age = (byte)Math.Min(rest[18] + 1, byte.MaxValue);
            rest = rest[RegionSize..];
            var list = new ProfileMember[members];
            for (int m = 0; m < members; m++, rest = rest[MemberSize..])
                list[m] = new ProfileMember(BinaryPrimitives.ReadUInt16LittleEndian(rest), BinaryPrimitives.ReadUInt32LittleEndian(rest[2..]));
            regions[key] = new ProfileRegion(list, heat, age);
        }

        return regions;
    }

    /// <summary>Whether a file is a profile of any version, or nothing yet.</summary>
    public static bool MayReplace(Stream stream)
    {
        Span<byte> start = stackalloc byte[Magic.Length];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return Magic.StartsWith(start[..read]);
    }

    private static byte[] ReadAll(Stream stream)
    {
        var copy = new MemoryStream();
        var buffer = new byte[81920];
        while (stream.Read(buffer) is > 0 and int read)
        {
            copy.Write(buffer, 0, read);
            if (copy.Length > MaxBytes)
                throw new InvalidDataException("the profile is too large");
        }

        return copy.ToArray();
    }
}

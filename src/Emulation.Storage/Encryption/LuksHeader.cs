using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Emulation.Storage;

/// <summary>A LUKS version 1 header, opened with a passphrase. LUKS On-Disk Format Specification 1.2.3.</summary>
internal static class LuksHeader
{
    /// <summary>Length of the fixed part.</summary>
    public const int Length = 592;

    public const uint SlotActive = 0x00ac71f3;
    public const uint SlotDisabled = 0x0000dead;

    private const int Slots = 8;
    private const int SlotLength = 48;
    private const uint MaxIterations = 30_000_000;
    private const int DigestLength = 20;

    /// <summary>Finds the master key and makes the cipher.</summary>
    /// <param name="header">The header with its key material.</param>
    /// <param name="passphrase">UTF-8 bytes.</param>
    /// <param name="name">For messages.</param>
    /// <param name="start">Where the header is in the file.</param>
    public static SectorCipher Open(byte[] header, byte[] passphrase, ImageName name, long start)
    {
        if (header.Length < Length || !header.AsSpan(0, 6).SequenceEqual((ReadOnlySpan<byte>)[0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe]))
            throw name.At(start, "there is no LUKS header here");
        if (BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(6)) != 1)
            throw name.At(start + 6, $"LUKS version {BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(6))} is not supported; 1 is");
        (string cipher, string mode, string hash) = (Text(header, 8), Text(header, 40), Text(header, 72));
        uint keyBytes = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(108));
        bool xts = mode == "xts-plain64";
        if (cipher != "aes" || (!xts && mode != "cbc-plain64") || keyBytes is not (16 or 24 or 32 or 48 or 64) || (xts && keyBytes is not (32 or 48 or 64)) || (!xts && keyBytes > 32))
            throw name.At(start + 8, $"encryption with {cipher}-{mode} and a key of {keyBytes} bytes is not supported; AES with xts-plain64 and cbc-plain64 is");
        HashAlgorithmName algorithm = hash switch
        {
            "sha1" => HashAlgorithmName.SHA1,
            "sha256" => HashAlgorithmName.SHA256,
            "sha512" => HashAlgorithmName.SHA512,
            _ => throw name.At(start + 72, $"the hash {hash} is not supported; sha1, sha256 and sha512 are"),
        };

        for (int i = 0; i < Slots; i++)
        {
            int slot = 208 + (i * SlotLength);
            if (BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(slot)) != SlotActive)
                continue;
            byte[] master = OpenSlot(header, slot, passphrase, (int)keyBytes, xts, algorithm, name, start);
            uint iterations = Iterations(header, 164, name, start);
            byte[] digest = Rfc2898DeriveBytes.Pbkdf2(master, header.AsSpan(132, 32), (int)iterations, algorithm, DigestLength);
            if (CryptographicOperations.FixedTimeEquals(digest, header.AsSpan(112, DigestLength)))
                return Cipher(master, xts);
        }

        throw name.At(start, "the passphrase is wrong");
    }

    /// <summary>Spreads a key over stripes, all of which are needed to have it again. Section 2.4.</summary>
    public static byte[] Split(byte[] key, int stripes, HashAlgorithmName algorithm)
    {
        byte[] split = RandomNumberGenerator.GetBytes(key.Length * stripes);
        Span<byte> last = split.AsSpan(key.Length * (stripes - 1));
        last.Clear();
        byte[] sum = Merge(split, key.Length, stripes, algorithm);
        for (int i = 0; i < key.Length; i++)
            last[i] = (byte)(sum[i] ^ key[i]);
        return split;
    }

    private static byte[] OpenSlot(
        byte[] header, int slot, byte[] passphrase, int keyBytes, bool xts, HashAlgorithmName algorithm, ImageName name, long start)
    {
        uint iterations = Iterations(header, slot + 4, name, start);
        long material = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(slot + 40)) * (long)SectorCipher.Sector;
        long stripes = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(slot + 44));
        long length = (stripes * keyBytes + SectorCipher.Sector - 1) & -SectorCipher.Sector;
        if (stripes == 0 || material < Length || length > header.Length - material)
            throw name.At(start + slot, $"a key slot with {stripes} stripes at sector {material / SectorCipher.Sector} lies outside the LUKS header");
        byte[] key = Rfc2898DeriveBytes.Pbkdf2(passphrase, header.AsSpan(slot + 8, 32), (int)iterations, algorithm, keyBytes);
        byte[] split = header.AsSpan((int)material, (int)length).ToArray();
        using SectorCipher cipher = Cipher(key, xts);
        cipher.Decrypt(split, 0, split.Length, 0);
        return Merge(split, keyBytes, (int)stripes, algorithm);
    }

    private static byte[] Merge(byte[] split, int keyBytes, int stripes, HashAlgorithmName algorithm)
    {
        byte[] key = new byte[keyBytes];
        for (int i = 0; i < stripes; i++)
        {
            for (int j = 0; j < keyBytes; j++)
                key[j] ^= split[(i * keyBytes) + j];
            if (i < stripes - 1)
                Diffuse(key, algorithm);
        }

        return key;
    }

    private static void Diffuse(byte[] key, HashAlgorithmName algorithm)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        Span<byte> number = stackalloc byte[4];
        Span<byte> digest = stackalloc byte[hash.HashLengthInBytes];
        for (int i = 0; i * digest.Length < key.Length; i++)
        {
            Span<byte> part = key.AsSpan(i * digest.Length, Math.Min(digest.Length, key.Length - (i * digest.Length)));
            BinaryPrimitives.WriteInt32BigEndian(number, i);
            hash.AppendData(number);
            hash.AppendData(part);
            hash.GetHashAndReset(digest);
            digest[..part.Length].CopyTo(part);
        }
    }

    private static uint Iterations(byte[] header, int offset, ImageName name, long start)
    {
        uint iterations = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(offset));
        return iterations is > 0 and <= MaxIterations
            ? iterations
            : throw name.At(start + offset, $"{iterations} iterations of the key derivation are not possible; 1 to {MaxIterations} are");
    }

    private static SectorCipher Cipher(byte[] key, bool xts) => xts ? new AesXts(key) : new AesCbc(key);

    private static string Text(byte[] header, int offset) => Encoding.ASCII.GetString(header, offset, 32).TrimEnd('\0');
}

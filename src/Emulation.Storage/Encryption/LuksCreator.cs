using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Emulation.Storage;

/// <summary>A new LUKS version 1 header: AES-256 in XTS mode, SHA-256, one key slot. LUKS On-Disk Format Specification 1.2.3.</summary>
internal static class LuksCreator
{
    private const int KeyBytes = 64;
    private const int Stripes = 4000;
    private const int Iterations = 600_000;
    private const int SaltLength = 32;
    private const int DigestLength = 20;
    private const int Slots = 8;
    private const int SlotLength = 48;
    private const int Alignment = 4096;
    private const int Material = (KeyBytes * Stripes + Alignment - 1) & -Alignment;

    /// <summary>Bytes of header and key material.</summary>
    public const int Length = Alignment + (Slots * Material);

    public static byte[] Create(string passphrase)
    {
        byte[] header = new byte[Length];
        byte[] master = RandomNumberGenerator.GetBytes(KeyBytes);
        ((ReadOnlySpan<byte>)[0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe, 0, 1]).CopyTo(header);
        Encoding.ASCII.GetBytes("aes", header.AsSpan(8));
        Encoding.ASCII.GetBytes("xts-plain64", header.AsSpan(40));
        Encoding.ASCII.GetBytes("sha256", header.AsSpan(72));
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(104), Length / SectorCipher.Sector);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(108), KeyBytes);
        RandomNumberGenerator.Fill(header.AsSpan(132, SaltLength));
        Rfc2898DeriveBytes.Pbkdf2(master, header.AsSpan(132, SaltLength), header.AsSpan(112, DigestLength), Iterations, HashAlgorithmName.SHA256);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(164), Iterations);
        Encoding.ASCII.GetBytes(Guid.NewGuid().ToString(), header.AsSpan(168));
        for (int i = 0; i < Slots; i++)
        {
            int slot = 208 + (i * SlotLength);
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(slot), LuksHeader.SlotDisabled);
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(slot + 40), (Alignment + (i * Material)) / SectorCipher.Sector);
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(slot + 44), Stripes);
        }

        FillSlot(header, 208, master, Encoding.UTF8.GetBytes(passphrase));
        return header;
    }

    private static void FillSlot(byte[] header, int slot, byte[] master, byte[] passphrase)
    {
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(slot), LuksHeader.SlotActive);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(slot + 4), Iterations);
        Span<byte> salt = header.AsSpan(slot + 8, SaltLength);
        RandomNumberGenerator.Fill(salt);
        byte[] key = Rfc2898DeriveBytes.Pbkdf2(passphrase, salt, Iterations, HashAlgorithmName.SHA256, KeyBytes);
        byte[] split = LuksHeader.Split(master, Stripes, HashAlgorithmName.SHA256);
        using var cipher = new AesXts(key);
        cipher.Encrypt(split, 0, split.Length, 0);
        split.CopyTo(header, Alignment);
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Emulation.Storage;

/// <summary>AES in CBC mode, the initialization vector being the sector's number ("cbc-plain64").</summary>
internal sealed class AesCbc : SectorCipher
{
    private readonly Aes _aes = Aes.Create();

    private const int LegacyKeyLength = 16;

    public AesCbc(ReadOnlySpan<byte> key) => _aes.Key = key.ToArray();

    /// <summary>The cipher of old QEMU images: the passphrase itself is the key. What is wrong with a wrong one does not show.</summary>
    public static AesCbc OfPassphrase(string passphrase)
    {
        byte[] secret = Encoding.UTF8.GetBytes(passphrase);
        byte[] key = new byte[LegacyKeyLength];
        secret.AsSpan(0, Math.Min(secret.Length, key.Length)).CopyTo(key);
        return new AesCbc(key);
    }

    public override void Encrypt(byte[] data, int offset, int count, long sector)
    {
        Span<byte> vector = stackalloc byte[16];
        vector.Clear();
        for (int end = offset + count; offset < end; offset += Sector)
        {
            Span<byte> part = data.AsSpan(offset, Sector);
            BinaryPrimitives.WriteInt64LittleEndian(vector, sector++);
            _aes.EncryptCbc(part, vector, part, PaddingMode.None);
        }
    }

    public override void Decrypt(byte[] data, int offset, int count, long sector)
    {
        Span<byte> vector = stackalloc byte[16];
        vector.Clear();
        for (int end = offset + count; offset < end; offset += Sector)
        {
            Span<byte> part = data.AsSpan(offset, Sector);
            BinaryPrimitives.WriteInt64LittleEndian(vector, sector++);
            _aes.DecryptCbc(part, vector, part, PaddingMode.None);
        }
    }

    public override void Dispose() => _aes.Dispose();
}

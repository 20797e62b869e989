using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Emulation.Storage;

/// <summary>AES in XTS mode, the tweak being the sector's number ("xts-plain64"). IEEE 1619.</summary>
internal sealed class AesXts : SectorCipher
{
    private const int Block = 16;
    private const int Batch = 64;

    private readonly Aes _data = Aes.Create();
    private readonly Aes _tweak = Aes.Create();
    private readonly ICryptoTransform _encryptor;
    private readonly ICryptoTransform _decryptor;
    private readonly ICryptoTransform _tweakEncryptor;
    private readonly byte[] _tweaks = new byte[Batch * Block];
    private readonly byte[] _mask = new byte[Batch * Sector];

    /// <param name="key">The key of the data, then the key of the tweaks, equally long.</param>
    public AesXts(ReadOnlySpan<byte> key)
    {
        (_data.Mode, _data.Padding, _tweak.Mode, _tweak.Padding) = (CipherMode.ECB, PaddingMode.None, CipherMode.ECB, PaddingMode.None);
        _data.Key = key[..(key.Length / 2)].ToArray();
        _tweak.Key = key[(key.Length / 2)..].ToArray();
        _encryptor = _data.CreateEncryptor();
        _decryptor = _data.CreateDecryptor();
        _tweakEncryptor = _tweak.CreateEncryptor();
    }

    public override void Encrypt(byte[] data, int offset, int count, long sector) => Transform(_encryptor, data, offset, count, sector);

    public override void Decrypt(byte[] data, int offset, int count, long sector) => Transform(_decryptor, data, offset, count, sector);

    public override void Dispose()
    {
        _encryptor.Dispose();
        _decryptor.Dispose();
        _tweakEncryptor.Dispose();
        _data.Dispose();
        _tweak.Dispose();
    }

    private void Transform(ICryptoTransform transform, byte[] data, int offset, int count, long sector)
    {
        while (count > 0)
        {
            int part = Math.Min(count, _mask.Length);
            Mask(part / Sector, sector);
            Xor(data.AsSpan(offset, part), _mask);
            transform.TransformBlock(data, offset, part, data, offset);
            Xor(data.AsSpan(offset, part), _mask);
            offset += part;
            count -= part;
            sector += part / Sector;
        }
    }

    // each block's mask is the one before times x in GF(2^128)
    private void Mask(int sectors, long sector)
    {
        Array.Clear(_tweaks);
        for (int i = 0; i < sectors; i++)
            BinaryPrimitives.WriteInt64LittleEndian(_tweaks.AsSpan(i * Block), sector + i);
        _tweakEncryptor.TransformBlock(_tweaks, 0, sectors * Block, _tweaks, 0);
        for (int i = 0; i < sectors; i++)
        {
            ulong low = BinaryPrimitives.ReadUInt64LittleEndian(_tweaks.AsSpan(i * Block));
            ulong high = BinaryPrimitives.ReadUInt64LittleEndian(_tweaks.AsSpan((i * Block) + 8));
            for (int position = i * Sector; position < (i + 1) * Sector; position += Block)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(_mask.AsSpan(position), low);
                BinaryPrimitives.WriteUInt64LittleEndian(_mask.AsSpan(position + 8), high);
                ulong carry = high >> 63;
                high = (high << 1) | (low >> 63);
                low = (low << 1) ^ (0x87 & (0 - carry));
            }
        }
    }

    private static void Xor(Span<byte> data, ReadOnlySpan<byte> mask)
    {
        int i = 0;
        for (; i <= data.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            (new Vector<byte>(data[i..]) ^ new Vector<byte>(mask[i..])).CopyTo(data[i..]);
        for (; i < data.Length; i++)
            data[i] ^= mask[i];
    }
}

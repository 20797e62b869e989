using System.Buffers.Binary;
using System.Text;

namespace Emulation.Storage;

/// <summary>The cipher of an encrypted image, and by which offset it counts sectors.</summary>
/// <param name="Cipher">Encrypts the guest's data.</param>
/// <param name="ByHost">LUKS counts the sectors of the file, legacy AES those of the disk.</param>
internal sealed record Qcow2Encryption(SectorCipher Cipher, bool ByHost)
{
    private const uint Aes = 1;
    private const int MaxHeader = 8 << 20;

    /// <summary>Opens the encryption of an image; null when it has none.</summary>
    public static async ValueTask<Qcow2Encryption?> OpenAsync(HostFile file, Qcow2Header header, string? passphrase, ImageName name)
    {
        if (header.EncryptionMethod == 0)
            return null;
        if (passphrase is null)
            throw name.At(32, $"it is encrypted ({(header.EncryptionMethod == Aes ? "AES" : "LUKS")}): a passphrase is needed");
        if (header.EncryptionMethod == Aes)
            return new Qcow2Encryption(AesCbc.OfPassphrase(passphrase), ByHost: false);

        byte[] secret = Encoding.UTF8.GetBytes(passphrase);
        (long offset, long length) = Place(header, file, name);
        byte[] bytes = new byte[length];
        await file.ReadAsync(offset, bytes).ConfigureAwait(false);
        return new Qcow2Encryption(LuksHeader.Open(bytes, secret, name, offset), ByHost: true);
    }

    /// <summary>Where the LUKS header of an image is.</summary>
    public static (long Offset, long Length) Place(Qcow2Header header, HostFile file, ImageName name)
    {
        if (header.Find(Qcow2Bits.ExtensionEncryption) is not { Data.Length: >= 16 } extension)
            throw name.At(32, "it is encrypted with LUKS, but has no LUKS header");
        ulong offset = BinaryPrimitives.ReadUInt64BigEndian(extension.Data);
        ulong length = BinaryPrimitives.ReadUInt64BigEndian(extension.Data.AsSpan(8));
        ulong end = (ulong)header.Geometry().RoundUp(file.Length);
        if (offset == 0 || offset % (1UL << header.ClusterBits) != 0 || offset >= end || length > end - offset || length is < LuksHeader.Length or > MaxHeader)
            throw name.Error($"its LUKS header at 0x{offset:x}, {length} bytes, lies outside the file or is not possible");
        return ((long)offset, (long)length);
    }

    /// <summary>The number of a sector.</summary>
    public long SectorOf(long host, long guest) => (ByHost ? host : guest) / SectorCipher.Sector;
}

namespace Emulation.Storage;

/// <summary>Encrypts and decrypts sectors of 512 bytes, each by its number. An instance is used by one caller at a time.</summary>
internal abstract class SectorCipher : IDisposable
{
    public const int Sector = 512;

    /// <summary>Encrypts whole sectors.</summary>
    /// <param name="data">Changed in place.</param>
    /// <param name="offset">First byte in the array.</param>
    /// <param name="count">Bytes, a multiple of the sector.</param>
    /// <param name="sector">Number of the first sector.</param>
    public abstract void Encrypt(byte[] data, int offset, int count, long sector);

    /// <summary>Decrypts whole sectors.</summary>
    /// <param name="data">Changed in place.</param>
    /// <param name="offset">First byte in the array.</param>
    /// <param name="count">Bytes, a multiple of the sector.</param>
    /// <param name="sector">Number of the first sector.</param>
    public abstract void Decrypt(byte[] data, int offset, int count, long sector);

    public abstract void Dispose();
}

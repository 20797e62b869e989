using System.Buffers;

namespace Emulation.Storage;

/// <summary>Encrypted data, which are written in whole sectors.</summary>
internal sealed partial class Qcow2Writer
{
    // the rest of the first and the last sector stays what it is
    private async ValueTask WritePartSectorsAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        int head = (int)(offset & (SectorCipher.Sector - 1));
        int length = (head + buffer.Length + SectorCipher.Sector - 1) & -SectorCipher.Sector;
        byte[] sectors = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            int last = length - SectorCipher.Sector;
            await reader.ReadAsync(metadata.L1, offset - head, sectors.AsMemory(0, SectorCipher.Sector), cancellationToken).ConfigureAwait(false);
            if (last > 0)
                await reader.ReadAsync(metadata.L1, offset - head + last, sectors.AsMemory(last, SectorCipher.Sector), cancellationToken).ConfigureAwait(false);
            buffer.CopyTo(sectors.AsMemory(head));
            await WriteAsync(offset - head, sectors.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(sectors);
        }
    }

    private async ValueTask WriteEncryptedAsync(long host, long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        Qcow2Encryption encryption = metadata.Encryption!;
        byte[] sectors = ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            buffer.CopyTo(sectors);
            encryption.Cipher.Encrypt(sectors, 0, buffer.Length, encryption.SectorOf(host, offset));
            await StoreAsync(host, sectors.AsMemory(0, buffer.Length), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(sectors);
        }
    }
}

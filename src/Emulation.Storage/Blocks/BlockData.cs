using System.Buffers;

namespace Emulation.Storage;

/// <summary>The guest's bytes in an image's file: as they are, or each sector encrypted by its number on the disk.</summary>
internal sealed class BlockData(HostFile file, SectorCipher? cipher)
{
    private const int Sector = SectorCipher.Sector;
    private const int Piece = 1 << 16;

    public async ValueTask ReadAsync(long host, long guest, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (cipher is null)
        {
            await file.ReadAsync(host, buffer, cancellationToken).ConfigureAwait(false);
            return;
        }

        byte[] piece = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            while (!buffer.IsEmpty)
            {
                (int within, int count, int whole) = Part(guest, buffer.Length);
                await DecryptAsync(piece, host - within, guest - within, whole, cancellationToken).ConfigureAwait(false);
                piece.AsMemory(within, count).CopyTo(buffer);
                (host, guest, buffer) = (host + count, guest + count, buffer[count..]);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
        }
    }

    public async ValueTask WriteAsync(long host, long guest, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (cipher is null)
        {
            await file.WriteAsync(host, buffer, cancellationToken).ConfigureAwait(false);
            return;
        }

        byte[] piece = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            while (!buffer.IsEmpty)
            {
                (int within, int count, int whole) = Part(guest, buffer.Length);
                if (count < whole)
                    await DecryptAsync(piece, host - within, guest - within, whole, cancellationToken).ConfigureAwait(false);
                buffer[..count].CopyTo(piece.AsMemory(within));
                cipher.Encrypt(piece, 0, whole, (guest - within) / Sector);
                await file.WriteAsync(host - within, piece.AsMemory(0, whole), cancellationToken).ConfigureAwait(false);
                (host, guest, buffer) = (host + count, guest + count, buffer[count..]);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
        }
    }

    public async ValueTask ZeroAsync(long host, long guest, long length, CancellationToken cancellationToken)
    {
        if (cipher is null)
        {
            await file.ZeroAsync(host, length).ConfigureAwait(false);
            return;
        }

        byte[] zeroes = new byte[Math.Min(length, Piece)];
        for (long done = 0; done < length; done += zeroes.Length)
        {
            int count = (int)Math.Min(zeroes.Length, length - done);
            await WriteAsync(host + done, guest + done, zeroes.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask DecryptAsync(byte[] piece, long host, long guest, int count, CancellationToken cancellationToken)
    {
        await file.ReadAsync(host, piece.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        cipher!.Decrypt(piece, 0, count, guest / Sector);
    }

    // sectors that hold the next bytes, as many as fit into a piece
    private static (int Within, int Count, int Whole) Part(long guest, int rest)
    {
        int within = (int)(guest % Sector);
        int count = Math.Min(rest, Piece - within);
        return (within, count, (within + count + Sector - 1) & -Sector);
    }
}

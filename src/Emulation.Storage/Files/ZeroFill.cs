namespace Emulation.Storage;

/// <summary>Zeros that are written although they are there already, so that the host takes space for them.</summary>
internal static class ZeroFill
{
    private const int Piece = 1 << 20;

    public static async ValueTask WriteAsync(IBlockDevice file, long offset, long length, CancellationToken cancellationToken = default)
    {
        byte[] zeroes = new byte[Math.Min(Piece, length)];
        while (length > 0)
        {
            int count = (int)Math.Min(length, zeroes.Length);
            cancellationToken.ThrowIfCancellationRequested();
            await file.WriteAsync(offset, zeroes.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            offset += count;
            length -= count;
        }
    }
}

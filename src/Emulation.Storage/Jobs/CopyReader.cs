namespace Emulation.Storage;

/// <summary>Reads a disk for a copy; what cannot be read may become zeros.</summary>
internal sealed class CopyReader(IBlockDevice source, IProgress<UnreadableRange>? unreadable)
{
    private const int Sector = 512;
    private const int Block = 64 << 10;

    private readonly Lock _telling = new();

    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await source.ReadAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (unreadable is not null && e is IOException or InvalidDataException)
        {
            if (buffer.Length <= Sector)
            {
                buffer.Span.Clear();
                lock (_telling)
                    unreadable!.Report(new UnreadableRange(offset, buffer.Length, e.Message));
                return;
            }

            // smaller parts, down to single sectors
            int part = buffer.Length > Block ? Block : Sector;
            for (int at = 0; at < buffer.Length;)
            {
                int count = Math.Min(part - (int)((offset + at) % part), buffer.Length - at);
                await ReadAsync(offset + at, buffer.Slice(at, count), cancellationToken).ConfigureAwait(false);
                at += count;
            }
        }
    }
}

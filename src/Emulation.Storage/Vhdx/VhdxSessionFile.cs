namespace Emulation.Storage;

/// <summary>The file of an image that is written: before the first change of anything its headers say that it changes.</summary>
internal sealed class VhdxSessionFile(IBlockDevice file, VhdxHeaders headers) : PassThrough(file)
{
    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => headers.HasBegun ? Inner.WriteAsync(offset, buffer, cancellationToken) : BeginAndWriteAsync(offset, buffer, cancellationToken);

    protected override async ValueTask WriteZeroesCoreAsync(long offset, long length, bool mayUnmap, CancellationToken cancellationToken)
    {
        await headers.BeginAsync(data: true).ConfigureAwait(false);
        await Inner.WriteZeroesAsync(offset, length, mayUnmap, cancellationToken).ConfigureAwait(false);
    }

    protected override async ValueTask ResizeCoreAsync(long length, CancellationToken cancellationToken)
    {
        await headers.BeginAsync(data: true).ConfigureAwait(false);
        await Inner.ResizeAsync(length, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask BeginAndWriteAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await headers.BeginAsync(data: true).ConfigureAwait(false);
        await Inner.WriteAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
    }
}

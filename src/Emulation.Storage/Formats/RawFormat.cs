namespace Emulation.Storage;

/// <summary>The format without a format: the file's bytes are the disk's bytes.</summary>
internal sealed class RawFormat : IDiskFormat
{
    public string Name => "raw";

    public bool Probe(ReadOnlySpan<byte> head) => false;

    public ValueTask<BlockDevice> OpenAsync(IBlockDevice file, ImageSource source)
    {
        if (source.ReadOnly && !file.ReadOnly)
            return new(new ReadOnlyView(file, leaveOpen: false));
        return new(file as BlockDevice ?? new PassThrough(file));
    }

    public async ValueTask<BlockDevice> CreateAsync(IBlockDevice file, long length, DiskCreateOptions options, ImageSource source)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        await file.ResizeAsync(length).ConfigureAwait(false);
        return await OpenAsync(file, source).ConfigureAwait(false);
    }
}

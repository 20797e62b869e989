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
        var raw = ImageFields.Options<RawCreateOptions>(options, Name);
        if (raw.Preallocation is DiskPreallocation.Metadata || !Enum.IsDefined(raw.Preallocation))
            throw new DiskImageException($"raw image cannot be created: preallocation {raw.Preallocation} is not possible; it has no tables");
        await file.ResizeAsync(length).ConfigureAwait(false);
        if (raw.Preallocation == DiskPreallocation.Full)
            await ZeroFill.WriteAsync(file, 0, length).ConfigureAwait(false);
        return await OpenAsync(file, source).ConfigureAwait(false);
    }

    public DiskLayout Layout(long length, DiskCreateOptions options) => new(1, 0, 1, Whole: true);

    public long Reserve(long length, DiskCreateOptions options) => options is RawCreateOptions { Preallocation: DiskPreallocation.Falloc } ? length : 0;
}

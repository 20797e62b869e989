using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>Checks that several formats share.</summary>
internal static class ImageFields
{
    public const int Sector = 512;

    /// <summary>Reads a header that must lie in the file whole.</summary>
    public static async ValueTask<byte[]> ReadAsync(HostFile file, long offset, int length, ImageName name)
    {
        if (offset < 0 || offset > file.Length - length)
            throw name.At(offset, $"the file of {file.Length} bytes is too short for the header");
        byte[] bytes = new byte[length];
        await file.ReadAsync(offset, bytes).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>A new disk's size: whole sectors, at least one.</summary>
    public static void CheckLength(string format, long length, long most)
    {
        if (length <= 0 || length > most || length % Sector != 0)
            throw new DiskImageException($"{format} image cannot be created: a disk has whole sectors of {Sector} bytes, at most {most} bytes, not {length}");
    }

    /// <summary>What is said of formats that are for reading only.</summary>
    public static DiskImageException CannotCreate(string format) => new($"{format} images can be read, but not created");

    /// <summary>The format's own options.</summary>
    public static T Options<T>(DiskCreateOptions options, string format) where T : DiskCreateOptions
        => options as T ?? throw new ArgumentException($"{options.GetType().Name} are not options of {format}", nameof(options));

    /// <summary>Blocks that a disk of a length has.</summary>
    public static long Blocks(long length, long blockSize) => length == 0 ? 0 : ((length - 1) / blockSize) + 1;

    public static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    public static ulong U64(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
}

namespace Emulation.Storage;

/// <content>Layers over devices.</content>
public static partial class DiskImage
{
    /// <summary>A view of <paramref name="image"/> that is no faster than rates of bytes and operations.</summary>
    /// <param name="image">The image below.</param>
    /// <param name="options">The rates.</param>
    /// <param name="leaveOpen">Whether disposing the view leaves the image open.</param>
    public static IBlockDevice Throttle(this IBlockDevice image, ThrottleOptions options, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(options);
        return new ThrottledDisk(image, options, leaveOpen);
    }

    /// <summary>A bounded cache in memory over <paramref name="image"/>. Calls must not overlap.</summary>
    /// <param name="image">The image below; nobody else may change it meanwhile.</param>
    /// <param name="options">Sizes, and when writes reach the image.</param>
    /// <param name="leaveOpen">Whether disposing the cache, which writes what waits, leaves the image open.</param>
    public static IBlockDevice Cache(this IBlockDevice image, DiskCacheOptions? options = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new CachedDisk(image, options ?? new DiskCacheOptions(), leaveOpen);
    }

    /// <summary>A view of <paramref name="image"/> whose requests fail as told, to test what lies over it.</summary>
    /// <param name="image">The image below.</param>
    /// <param name="faults">What fails; the first that applies to a request decides how.</param>
    /// <param name="seed">Chooses the sectors of torn writes.</param>
    /// <param name="leaveOpen">Whether disposing the view leaves the image open.</param>
    public static IBlockDevice WithFaults(this IBlockDevice image, IEnumerable<DiskFault> faults, int seed = 0, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(faults);
        return new FaultyDisk(image, [.. faults], seed, leaveOpen);
    }

    /// <summary>A view of <paramref name="image"/> that loses its power, to test what lies over it.</summary>
    /// <param name="image">The image below; holds afterwards what a power cut may leave.</param>
    /// <param name="operations">How many writes, zeroings, flushes and resizes succeed.</param>
    /// <param name="seed">Chooses what survives.</param>
    /// <param name="leaveOpen">Whether disposing the view leaves the image open.</param>
    public static PowerCutDisk WithPowerCut(this IBlockDevice image, long operations = long.MaxValue, int seed = 0, bool leaveOpen = false)
        => new(image, operations, seed, leaveOpen);

    /// <summary>A seekable stream over <paramref name="image"/>.</summary>
    /// <param name="image">The image.</param>
    /// <param name="leaveOpen">Whether disposing the stream leaves the image open.</param>
    public static DiskStream AsStream(this IBlockDevice image, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new DiskStream(image, leaveOpen);
    }

    /// <summary>A device over a seekable stream, which nobody else moves meanwhile. Its size is the stream's.</summary>
    /// <param name="stream">Can be read; the device can be written if the stream can.</param>
    /// <param name="leaveOpen">Whether disposing the device leaves the stream open.</param>
    public static IBlockDevice AsBlockDevice(this Stream stream, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new StreamDisk(stream, leaveOpen);
    }
}

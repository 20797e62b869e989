using Microsoft.Win32.SafeHandles;

namespace Emulation.Storage;

/// <summary>Where a sparse file has holes.</summary>
/// <remarks>
/// .NET 10 can neither seek to a hole nor list a file's extents, and this project has no native code: every byte counts as present.
/// The one place to change when that becomes possible.
/// </remarks>
internal static class FileHoles
{
    /// <summary>The run of bytes of one kind that starts at <paramref name="offset"/>.</summary>
    public static BlockRun Find(SafeFileHandle file, long offset, long length)
    {
        _ = (file, offset);
        return new BlockRun(length, BlockStatus.Allocated);
    }
}

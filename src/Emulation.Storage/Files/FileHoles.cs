using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Emulation.Storage;

/// <summary>The one thing that files ask of Linux itself: where they have holes, and new ones. .NET cannot, and other systems go without.</summary>
/// <remarks>A file system that knows no holes refuses: its bytes then count as present, and zeros are written.</remarks>
internal static partial class FileHoles
{
    private const int SeekData = 3, SeekHole = 4;             // lseek(2)
    private const int NothingThere = 6;                       // ENXIO: a hole up to the end of the file
    private const int KeepSize = 1, PunchHole = 2, ZeroRange = 16;     // fallocate(2)

    // off_t has as many bits as the process
    private static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>The run of bytes of one kind that starts at <paramref name="offset"/>.</summary>
    /// <param name="file">A regular file.</param>
    /// <param name="offset">First byte, before the file's end.</param>
    /// <param name="length">Most bytes to report on; they end before the file does.</param>
    public static BlockRun Find(SafeFileHandle file, long offset, long length)
    {
        var present = new BlockRun(length, BlockStatus.Allocated);
        if (!IsSupported)
            return present;
        long data = Seek(file, offset, SeekData);
        if (data < 0)
            return Marshal.GetLastPInvokeError() == NothingThere ? present with { Status = BlockStatus.Allocated | BlockStatus.Zero } : present;
        if (data > offset)
            return new BlockRun(Math.Min(length, data - offset), BlockStatus.Allocated | BlockStatus.Zero);
        long hole = Seek(file, offset, SeekHole);
        return hole > offset ? present with { Length = Math.Min(length, hole - offset) } : present;
    }

    /// <summary>Makes a range read as zeros without writing them.</summary>
    /// <param name="file">A regular file that is open for writing.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes; they end before the file does.</param>
    /// <param name="giveBack">Whether its space is given back, or kept.</param>
    /// <returns>False when that cannot be done; nothing has changed then.</returns>
    public static bool TryMakeZero(SafeFileHandle file, long offset, long length, bool giveBack)
        => IsSupported && Allocate(file, KeepSize | (giveBack ? PunchHole : ZeroRange), offset, length) == 0;

    /// <summary>Takes the space of a range; what it holds stays as it is.</summary>
    /// <param name="file">A regular file that is open for writing.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes; they end before the file does.</param>
    /// <returns>False when that cannot be done.</returns>
    public static bool TryReserve(SafeFileHandle file, long offset, long length) => IsSupported && Allocate(file, KeepSize, offset, length) == 0;

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);
}

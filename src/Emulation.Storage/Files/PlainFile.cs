using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Emulation.Storage;

/// <summary>A regular file of the host: what every format lies on, and itself the raw format.</summary>
internal sealed class PlainFile : BlockDevice
{
    private const int ZeroPiece = 1 << 16;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private long _length;

    private PlainFile(SafeFileHandle file, string path, bool readOnly, long length)
    {
        _file = file;
        _path = path;
        ReadOnly = readOnly;
        _length = length;
    }

    public override long Length => _length;

    public override bool ReadOnly { get; }

    public override bool AllowsConcurrentCalls => true;

    public override bool CanResize => !ReadOnly;

    public string Path => _path;

    public static PlainFile Open(string path, bool readOnly)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new DiskImageException($"disk image '{path}' is a directory");
        var info = new FileInfo(path);
        if (!info.Exists)
            throw new DiskImageException($"disk image '{path}' does not exist");
        // before opening: a pipe or a device node has no size either, and opening a pipe would wait for its other end
        if (info.Length == 0)
            throw new DiskImageException($"disk image '{path}' is empty or not a regular file");
        SafeFileHandle file = OpenHandle(path, FileMode.Open, readOnly);
        try
        {
            return new PlainFile(file, path, readOnly, RandomAccess.GetLength(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Creates a file that must not exist.</summary>
    /// <param name="path">A path in an existing directory.</param>
    /// <param name="length">Bytes, all zero; 0 for a format that grows its file.</param>
    /// <param name="reserve">Bytes of space that the host keeps free for it.</param>
    public static PlainFile Create(string path, long length, long reserve = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (System.IO.Path.Exists(path))
            throw new DiskImageException($"disk image '{path}' exists already");
        SafeFileHandle file = OpenHandle(path, FileMode.CreateNew, readOnly: false, reserve);
        try
        {
            // cutting it off at 0 would give back what is reserved
            if (length > 0)
                RandomAccess.SetLength(file, length);
            return new PlainFile(file, path, readOnly: false, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            file.Dispose();
            File.Delete(path);
            throw new DiskImageException($"disk image '{path}' of {length} bytes cannot be created: {e.Message}", e);
        }
    }

    /// <summary>Takes the space of a range of the file; false when that cannot be done.</summary>
    public bool TryReserve(long offset, long length) => FileHoles.TryReserve(_file, offset, length);

    protected override ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ReadExactly(offset, buffer.Span);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RandomAccess.Write(_file, buffer.Span, offset);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask FlushCoreAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RandomAccess.FlushToDisk(_file);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask DiscardCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        FileHoles.TryMakeZero(_file, offset, length, giveBack: true);
        return ValueTask.CompletedTask;
    }

    // Without the system's help, holes that are there are left alone: only pieces that hold something else are written.
    protected override ValueTask WriteZeroesCoreAsync(long offset, long length, bool mayUnmap, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (FileHoles.TryMakeZero(_file, offset, length, mayUnmap))
            return ValueTask.CompletedTask;
        byte[] piece = ArrayPool<byte>.Shared.Rent(ZeroPiece);
        try
        {
            while (length > 0)
            {
                int count = (int)Math.Min(length, ZeroPiece - (offset & (ZeroPiece - 1)));
                Span<byte> part = piece.AsSpan(0, count);
                cancellationToken.ThrowIfCancellationRequested();
                ReadExactly(offset, part);
                if (part.ContainsAnyExcept((byte)0))
                {
                    part.Clear();
                    RandomAccess.Write(_file, part, offset);
                }

                offset += count;
                length -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        return ValueTask.CompletedTask;
    }

    protected override ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
        => new(FileHoles.Find(_file, offset, length));

    protected override ValueTask ResizeCoreAsync(long length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RandomAccess.SetLength(_file, length);
        _length = length;
        return ValueTask.CompletedTask;
    }

    protected override void Close() => _file.Dispose();

    private void ReadExactly(long offset, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int count = RandomAccess.Read(_file, buffer, offset);
            if (count == 0)
                throw new EndOfStreamException($"disk image '{_path}' ends at byte {offset}: another program shortened it");
            buffer = buffer[count..];
            offset += count;
        }
    }

    private static SafeFileHandle OpenHandle(string path, FileMode mode, bool readOnly, long reserve = 0)
    {
        try
        {
            return File.OpenHandle(path, mode, readOnly ? FileAccess.Read : FileAccess.ReadWrite, readOnly ? FileShare.Read : FileShare.None, FileOptions.None, reserve);
        }
        catch (UnauthorizedAccessException e)
        {
            string what = readOnly ? "reading" : "writing (a read-only disk might do)";
            throw new DiskImageException($"disk image '{path}' may not be opened for {what}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            throw new DiskImageException($"disk image '{path}' cannot be opened: {e.Message}", e);
        }
    }
}

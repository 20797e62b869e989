using System.IO.Compression;

namespace Emulation.Boards.Loading;

/// <summary>Reads files for the guest in pieces, tells how far it is, and turns every failure into a sentence for the user.</summary>
/// <param name="purpose">What the file is for.</param>
/// <param name="path">The file.</param>
/// <param name="progress">Told about each piece; may be null.</param>
internal sealed class GuestFile(string purpose, string path, IProgress<LoadProgress>? progress)
{
    // one buffer must hold a piece of the guest's memory, and arrays end at 2 GiB
    private const long MaxBytes = int.MaxValue - 4096L;
    private const int Piece = 1 << 20;

    public string Purpose { get; } = purpose;

    public string Path { get; } = path;

    public GuestImageException Error(string problem, string remedy, Exception? inner = null) => new(Purpose, Path, problem, remedy, inner);

    /// <summary>Opens the file.</summary>
    public FileStream Open()
    {
        if (Directory.Exists(Path))
            throw Error("is a directory", "name a file");
        try
        {
            var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
            if (stream.CanSeek && stream.Length > 0)
                return stream;
            bool seeks = stream.CanSeek;
            stream.Dispose();
            throw Error(seeks ? "is empty" : "is not a regular file", "check how it was made or downloaded");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Error("does not exist", "check the path", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Error($"cannot be opened ({e.Message})", "check the path and its permissions", e);
        }
    }

    /// <summary>Reads the whole file.</summary>
    public byte[] ReadAll()
    {
        using FileStream stream = Open();
        return Read(stream, 0, stream.Length);
    }

    /// <summary>Reads a part of the file.</summary>
    public byte[] Read(Stream stream, long offset, long count)
    {
        if (count > MaxBytes)
            throw Error($"has a piece of {count} bytes", $"pieces of more than {MaxBytes} bytes cannot be loaded");
        byte[] bytes = new byte[count];
        try
        {
            stream.Position = offset;
            for (int done = 0; done < bytes.Length;)
            {
                int part = Math.Min(Piece, bytes.Length - done);
                stream.ReadExactly(bytes, done, part);
                done += part;
                progress?.Report(new LoadProgress(Purpose, Path, offset + done, stream.Length));
            }
        }
        catch (EndOfStreamException e)
        {
            throw Error($"is truncated: {count} bytes at offset {offset} were expected", "copy or build it again", e);
        }
        catch (IOException e)
        {
            throw Error($"cannot be read ({e.Message})", "check the medium it is on", e);
        }

        return bytes;
    }

    /// <summary>Decompresses a gzip member.</summary>
    /// <param name="compressed">What to decompress.</param>
    /// <param name="limit">Most bytes that make sense: the guest's memory. A small file can claim to hold any amount.</param>
    public byte[] Decompress(Stream compressed, ulong limit)
    {
        limit = Math.Min(limit, (ulong)MaxBytes);
        using var output = new MemoryStream();
        byte[] piece = new byte[Piece];
        try
        {
            using var gzip = new GZipStream(compressed, CompressionMode.Decompress, leaveOpen: true);
            int count;
            while ((count = gzip.Read(piece)) > 0)
            {
                output.Write(piece, 0, count);
                if ((ulong)output.Length > limit)
                    throw Error($"decompresses to more than the guest's {limit >> 20} MiB of memory", "give the machine more memory");
                progress?.Report(new LoadProgress(Purpose, Path, compressed.Position, compressed.Length));
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Error($"holds damaged gzip data ({e.Message})", "copy or build it again", e);
        }
        catch (IOException e)
        {
            throw Error($"cannot be read ({e.Message})", "check the medium it is on", e);
        }

        return output.Length > 0 ? output.ToArray() : throw Error("holds truncated gzip data", "copy or build it again");
    }
}

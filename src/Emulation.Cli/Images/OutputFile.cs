using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>A file that is written beside its place and put there when it is complete: what was there before stays until then.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _name;
    private readonly string _path;
    private readonly string _temporaryPath;
    private FileStream? _old;

    public OutputFile(string path)
    {
        if (DiskImage.IsUri(path))
            throw new UsageException($"'{path}' is not a file, and cannot be created or replaced");
        _name = path;
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path))
            throw new UsageException($"'{path}' is a directory");
        string folder = Path.GetDirectoryName(_path)!;
        if (!Directory.Exists(folder))
            throw new UsageException($"'{path}' cannot be created: there is no directory '{folder}'");
        if (File.Exists(_path))
        {
            _path = File.ResolveLinkTarget(_path, returnFinalTarget: true)?.FullName ?? _path;
            if ((File.GetAttributes(_path) & FileAttributes.Device) != 0)
                throw new UsageException($"'{path}' is not a regular file");
            // also keeps what is about to be replaced from being read as source or backing file
            _old = Lock(path, _path);
        }

        _temporaryPath = Path.Combine(Path.GetDirectoryName(_path)!, $".{Path.GetFileName(_path)}.{Guid.NewGuid():N}");
    }

    /// <summary>Where the file is put. Names in an image count from there, and its further files are named after it.</summary>
    public string FinalPath => _path;

    /// <summary>Has the file written and puts it in its place.</summary>
    /// <param name="write">Writes to the path that it is given and closes the file.</param>
    public async Task WriteAsync(Func<string, Task> write)
    {
        try
        {
            await write(_temporaryPath).ConfigureAwait(false);
        }
        catch (DiskImageException e)
        {
            // under the name that the user gave it
            string message = e.Message.Replace(_temporaryPath, _name, StringComparison.Ordinal).Replace($"'{_path}'", $"'{_name}'", StringComparison.Ordinal);
            if (message == e.Message)
                throw;
            throw new DiskImageException(message, e);
        }

        _old?.Dispose();
        _old = null;
        File.Move(_temporaryPath, _path, overwrite: true);
    }

    public void Dispose()
    {
        _old?.Dispose();
        File.Delete(_temporaryPath);
    }

    private static FileStream Lock(string name, string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{name}' exists and cannot be replaced: {e.Message}", e);
        }
    }
}

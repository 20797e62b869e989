using Emulation.Core;
using Microsoft.Win32.SafeHandles;

namespace Emulation.Devices;

/// <summary>Files of one folder of the host. Names lead nowhere else: not absolute, no "..", through no symbolic link.</summary>
/// <remarks>The guest cannot make links, so that what was checked stays true as long as the host does not make one at the same time.</remarks>
internal sealed class DirectoryFiles : ISemihostingFiles
{
    private readonly string _root;
    private readonly bool _readOnly;

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public DirectoryFiles(string root, bool readOnly)
    {
        _root = Path.GetFullPath(root);
        _readOnly = readOnly;
        if (!Directory.Exists(_root))
            throw new DirectoryNotFoundException($"semihosting: there is no folder '{root}'");
    }

    public int Open(string name, OpenMode mode, out ISemihostingFile? file)
    {
        FileMode how = mode.Existing ? FileMode.Open : mode.Truncates ? FileMode.Create : FileMode.OpenOrCreate;
        return Open(name, mode, how, out file);
    }

    public int Remove(string name) => Change(name, out string path) is not 0 and var error ? error : Try(() =>
    {
        // File.Delete says nothing where there is no file
        if (!File.Exists(path))
            throw new FileNotFoundException();
        File.Delete(path);
    });

    public int Rename(string name, string newName)
    {
        if (Change(name, out string path) is not 0 and var error)
            return error;
        if (Change(newName, out string newPath) is not 0 and var newError)
            return newError;
        return Try(() => File.Move(path, newPath, overwrite: true));
    }

    public void Reset() { }

    public void Save(StateWriter writer, IEnumerable<ISemihostingFile> open) { }

    public void SaveHandle(StateWriter writer, ISemihostingFile file) { }

    public void Load(StateReader reader) { }

    public ISemihostingFile Reopen(StateReader reader, string name, OpenMode mode)
        => Open(name, mode, FileMode.Open, out ISemihostingFile? file) == 0 ? file! : new LostFile();

    private int Open(string name, OpenMode mode, FileMode how, out ISemihostingFile? file)
    {
        file = null;
        if (mode.CanWrite && _readOnly)
            return SemihostingError.ReadOnly;
        if (Resolve(name, out string path) is not 0 and var error)
            return error;
        if (Directory.Exists(path))
            return SemihostingError.IsDirectory;
        FileAccess access = mode.CanWrite ? mode.CanRead ? FileAccess.ReadWrite : FileAccess.Write : FileAccess.Read;
        HostFile? opened = null;
        int result = Try(() => opened = new HostFile(File.OpenHandle(path, how, access, FileShare.ReadWrite | FileShare.Delete)));
        file = opened;
        return result;
    }

    private int Change(string name, out string path)
    {
        path = "";
        return _readOnly ? SemihostingError.ReadOnly : Resolve(name, out path);
    }

    private int Resolve(string name, out string path)
    {
        path = _root;
        if (name.Length == 0 || Path.IsPathRooted(name))
            return name.Length == 0 ? SemihostingError.NoEntry : SemihostingError.Access;
        foreach (string part in name.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar))
        {
            if (part is "" or ".")
                continue;
            if (part == ".." || part.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || IsDevice(part))
                return SemihostingError.Access;
            path = Path.Combine(path, part);
            try
            {
                if (new FileInfo(path) is { LinkTarget: not null })
                    return SemihostingError.Access;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return ErrorOf(e);
            }
        }

        return path == _root ? SemihostingError.IsDirectory : 0;
    }

    // names that Windows has in every folder
    private static bool IsDevice(string part)
    {
        if (!OperatingSystem.IsWindows())
            return false;
        string stem = part.Split('.')[0].TrimEnd(' ').ToUpperInvariant();
        return stem is "CON" or "PRN" or "AUX" or "NUL" or "CONIN$" or "CONOUT$" || (stem.Length == 4 && (stem.StartsWith("COM", StringComparison.Ordinal) || stem.StartsWith("LPT", StringComparison.Ordinal)));
    }

    private static int Try(Action action)
    {
        try
        {
            action();
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return ErrorOf(e);
        }
    }

    private static int ErrorOf(Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => SemihostingError.NoEntry,
        UnauthorizedAccessException => SemihostingError.Access,
        PathTooLongException => SemihostingError.NameTooLong,
        IOException => SemihostingError.Io,
        _ => SemihostingError.Invalid,
    };

    private sealed class HostFile(SafeFileHandle handle) : ISemihostingFile
    {
        public long Length
        {
            get
            {
                long length = 0;
                int error = Try(() => length = RandomAccess.GetLength(handle));
                return error == 0 ? length : -error;
            }
        }

        public int Read(long position, Span<byte> destination)
        {
            try
            {
                return RandomAccess.Read(handle, destination, position);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                return -ErrorOf(e);
            }
        }

        public int Write(long position, ReadOnlySpan<byte> source)
        {
            try
            {
                RandomAccess.Write(handle, source, position);
                return source.Length;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                return -ErrorOf(e);
            }
        }

        public void Dispose() => handle.Dispose();
    }

    /// <summary>Was open in a saved state, and is not there any more.</summary>
    private sealed class LostFile : ISemihostingFile
    {
        public long Length => -SemihostingError.Io;

        public int Read(long position, Span<byte> destination) => -SemihostingError.Io;

        public int Write(long position, ReadOnlySpan<byte> source) => -SemihostingError.Io;

        public void Dispose() { }
    }
}

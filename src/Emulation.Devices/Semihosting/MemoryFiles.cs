using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Files in the machine's memory: part of its state, and nothing of the host is touched.</summary>
/// <param name="initial">Files that there are at reset.</param>
/// <param name="limit">Most bytes of all files, those that are removed and still open included.</param>
internal sealed class MemoryFiles(IEnumerable<KeyValuePair<string, byte[]>> initial, long limit) : ISemihostingFiles
{
    // what a name and its entry cost besides their bytes
    private const int EntryBytes = 64;

    private readonly List<KeyValuePair<string, byte[]>> _initial = [.. initial.Select(static f => KeyValuePair.Create(f.Key, (byte[])f.Value.Clone()))];
    private readonly SortedDictionary<string, MemoryFile> _names = new(StringComparer.Ordinal);

    // of the state that is read or written at present: files by their number
    private List<MemoryFile> _numbered = [];
    private long _used;

    /// <summary>Content of a file; null when there is none of the name.</summary>
    public byte[]? Find(string name) => _names.TryGetValue(name, out MemoryFile? file) ? file.Content.ToArray() : null;

    public int Open(string name, OpenMode mode, out ISemihostingFile? file)
    {
        file = null;
        if (!_names.TryGetValue(name, out MemoryFile? found))
        {
            if (mode.Existing)
                return SemihostingError.NoEntry;
            if (!TryTake(Cost(name)))
                return SemihostingError.NoSpace;
            _names.Add(name, found = new MemoryFile(this));
        }

        if (mode.Truncates)
            found.Truncate();
        found.Users++;
        file = found;
        return 0;
    }

    public int Remove(string name)
    {
        if (!_names.Remove(name, out MemoryFile? file))
            return SemihostingError.NoEntry;
        Give(Cost(name));
        file.Unnamed = true;
        file.ReleaseIfUnused();
        return 0;
    }

    public int Rename(string name, string newName)
    {
        if (!_names.TryGetValue(name, out MemoryFile? file))
            return SemihostingError.NoEntry;
        if (name == newName)
            return 0;
        if (!TryTake(Cost(newName)))
            return SemihostingError.NoSpace;
        if (_names.ContainsKey(newName))
            Remove(newName);
        _names.Remove(name);
        Give(Cost(name));
        _names.Add(newName, file);
        return 0;
    }

    public void Reset()
    {
        Clear();
        foreach ((string name, byte[] content) in _initial)
        {
            var file = new MemoryFile(this);
            file.Set(content);
            _names.Add(name, file);
            _used += Cost(name) + content.Length;
        }
    }

    public void Save(StateWriter writer, IEnumerable<ISemihostingFile> open)
    {
        _numbered = [.. _names.Values];
        foreach (MemoryFile file in open.OfType<MemoryFile>())
        {
            if (!_numbered.Contains(file))
                _numbered.Add(file);
        }

        writer.Write(_numbered.Count);
        foreach (MemoryFile file in _numbered)
            writer.Write(file.Content);
        writer.Write(_names.Count);
        foreach (string name in _names.Keys)
            writer.Write(name);
    }

    public void SaveHandle(StateWriter writer, ISemihostingFile file) => writer.Write(_numbered.IndexOf((MemoryFile)file));

    public void Load(StateReader reader)
    {
        Clear();
        _numbered = [];
        for (int left = reader.ReadCount(4); left > 0; left--)
        {
            var file = new MemoryFile(this);
            file.Set(reader.ReadBytes());
            _numbered.Add(file);
            _used += file.Length;
        }

        int names = reader.ReadCount(4);
        if (names > _numbered.Count)
            throw reader.Damaged($"{names} names of {_numbered.Count} files");
        for (int i = 0; i < names; i++)
        {
            string name = reader.ReadString();
            if (!_names.TryAdd(name, _numbered[i]))
                throw reader.Damaged($"two files are named '{name}'");
            _used += Cost(name);
        }

        foreach (MemoryFile file in _numbered.Skip(names))
            file.Unnamed = true;
    }

    public ISemihostingFile Reopen(StateReader reader, string name, OpenMode mode)
    {
        int number = reader.ReadInt32();
        if ((uint)number >= (uint)_numbered.Count)
            throw reader.Damaged($"there is no file {number}");
        _numbered[number].Users++;
        return _numbered[number];
    }

    private bool TryTake(long bytes)
    {
        if (bytes > limit - _used)
            return false;
        _used += bytes;
        return true;
    }

    private void Give(long bytes) => _used -= bytes;

    private void Clear()
    {
        // what is still open is forgotten with its handles
        _names.Clear();
        _used = 0;
    }

    private static long Cost(string name) => EntryBytes + name.Length;

    private sealed class MemoryFile(MemoryFiles owner) : ISemihostingFile
    {
        private byte[] _bytes = [];
        private int _length;

        public bool Unnamed { get; set; }

        public int Users { get; set; }

        public long Length => _length;

        public ReadOnlySpan<byte> Content => _bytes.AsSpan(0, _length);

        public int Read(long position, Span<byte> destination)
        {
            if (position >= _length)
                return 0;
            ReadOnlySpan<byte> left = Content[(int)position..];
            left = left[..Math.Min(left.Length, destination.Length)];
            left.CopyTo(destination);
            return left.Length;
        }

        public int Write(long position, ReadOnlySpan<byte> source)
        {
            long end = position + source.Length;
            if (end > _length)
            {
                if (end > Array.MaxLength || !owner.TryTake(end - _length))
                    return -SemihostingError.NoSpace;
                if (end > _bytes.Length)
                    Array.Resize(ref _bytes, (int)Math.Min(Math.Max(end, 2L * _bytes.Length), Array.MaxLength));
                _length = (int)end;
            }

            source.CopyTo(_bytes.AsSpan((int)position));
            return source.Length;
        }

        public void Set(ReadOnlySpan<byte> content)
        {
            _bytes = content.ToArray();
            _length = content.Length;
        }

        public void Truncate()
        {
            owner.Give(_length);
            (_bytes, _length) = ([], 0);
        }

        public void ReleaseIfUnused()
        {
            if (Unnamed && Users == 0)
                Truncate();
        }

        public void Dispose()
        {
            Users--;
            ReleaseIfUnused();
        }
    }
}

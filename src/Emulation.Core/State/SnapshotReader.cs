using System.Buffers.Binary;
using System.Text;

namespace Emulation.Core;

/// <summary>Reads a snapshot file from anywhere: sizes are not trusted, damage is found before or undone after.</summary>
internal sealed class SnapshotReader
{
    private const int Step = 1 << 16;
    private readonly Stream _stream;
    private string _where = "header";
    private uint _crc;

    private SnapshotReader(Stream stream) => _stream = stream;

    /// <summary>Reads into <paramref name="machine"/>; all changes are made inside <paramref name="change"/>, which undoes them when they fail.</summary>
    public static void Read(Machine machine, Stream stream, Action<Action> change)
    {
        var reader = new SnapshotReader(stream);
        reader.Header();
        (List<(string, ulong)> memory, List<(string, int)> sections) = reader.Manifest();
        MachineState.CheckFits(machine, sections, memory);
        change(() => reader.Content(machine, memory, sections));
    }

    private static SnapshotException Damaged(string where, string what) => new($"snapshot {where}: {what}");

    private void Header()
    {
        Span<byte> header = stackalloc byte[12];
        Fill(header);
        if (!header[..8].SequenceEqual(SnapshotFormat.Magic))
            throw Damaged(_where, "this is not a snapshot file");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        if (version != SnapshotFormat.Version)
            throw Damaged(_where, $"format version {version} is not supported, only {SnapshotFormat.Version}");
    }

    private (List<(string Name, ulong Size)> Memory, List<(string Name, int Version)> Sections) Manifest()
    {
        _where = "manifest";
        (string name, int version, ulong length) = Begin(SectionKind.Manifest, null);
        var data = new StateReader("manifest of " + name, version, State(length));
        var memory = new List<(string, ulong)>();
        for (int i = data.ReadCount(12); i > 0; i--)
            memory.Add((data.ReadString(), data.ReadUInt64()));
        var sections = new List<(string, int)>();
        for (int i = data.ReadCount(8); i > 0; i--)
            sections.Add((data.ReadString(), data.ReadInt32()));
        return (memory, sections);
    }

    private void Content(Machine machine, List<(string Name, ulong Size)> memory, List<(string Name, int Version)> sections)
    {
        foreach ((string name, _) in memory)
        {
            (_, int version, ulong length) = Begin(SectionKind.Memory, name);
            if (version is not (1 or 2))
                throw Damaged(_where, $"version {version} of the memory format is not supported");
            Memory(machine.RamBlocks.First(r => r.Name == name), length, hasBackground: version == 2);
        }

        var states = new List<StateSection>();
        foreach ((string name, int expected) in sections)
        {
            (_, int version, ulong length) = Begin(SectionKind.State, name);
            if (version != expected)
                throw Damaged(_where, $"version {version} where the manifest has {expected}");
            states.Add(new StateSection(name, version, State(length)));
        }

        (_, _, ulong rest) = Begin(SectionKind.End, "");
        State(rest);
        MachineState.Load(machine, states);
    }

    private unsafe void Memory(RamBlock ram, ulong length, bool hasBackground)
    {
        ulong left = length;
        byte[] page = new byte[RamBlock.PageSize];
        Span<byte> number = stackalloc byte[8];
        Take(number, ref left);
        if (BinaryPrimitives.ReadUInt64LittleEndian(number) != ram.Size)
            throw Damaged(_where, $"it is of {BinaryPrimitives.ReadUInt64LittleEndian(number)} bytes, the machine's memory has {ram.Size}");
        number.Clear();
        if (hasBackground)
            Take(number[..1], ref left);
        byte background = number[0];
        for (ulong chunk = 0; chunk < ram.Size; chunk += RamBlock.ChunkSize)
        {
            Take(number[..2], ref left);
            int map = BinaryPrimitives.ReadUInt16LittleEndian(number);
            if (map == 0 && background == ram.Background && ram.IsUntouched(chunk))
                continue;
            for (int i = 0; i < SnapshotFormat.PagesPerChunk; i++)
            {
                ulong offset = chunk + ((ulong)i << RamBlock.PageShift);
                bool present = (map & (1 << i)) != 0;
                if (offset >= ram.Size)
                {
                    if (present)
                        throw Damaged(_where, "it has a page beyond the end of the memory");
                    break;
                }

                if (present)
                    Take(page, ref left);
                else
                    page.AsSpan().Fill(background);

                // what is equal stays shared with forks and untouched on the host
                if (!new ReadOnlySpan<byte>(ram.ReadPointer(offset), RamBlock.PageSize).SequenceEqual(page))
                    ram.Write(offset, page);
            }
        }

        if (left != 0)
            throw Damaged(_where, $"{left} bytes are left over");
        End();
    }

    private (string Name, int Version, ulong Length) Begin(SectionKind kind, string? expected)
    {
        if (expected is not null)
            _where = kind == SectionKind.End ? "end" : $"section '{expected}'";
        _crc = uint.MaxValue;
        Span<byte> head = stackalloc byte[12];
        Fill(head[..3]);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(head[1..]);
        if (head[0] != (byte)kind || nameLength > SnapshotFormat.MaxName)
            throw Damaged(_where, "another section is in its place");
        byte[] text = new byte[nameLength];
        Fill(text);
        string name = Encoding.UTF8.GetString(text);
        if (expected is not null && name != expected)
            throw Damaged(_where, $"section '{name}' is in its place");
        Fill(head);
        int version = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (kind is SectionKind.Memory or SectionKind.State)
            _where = $"section '{name}' (version {version})";
        return (name, version, BinaryPrimitives.ReadUInt64LittleEndian(head[4..]));
    }

    /// <summary>Reads a payload; memory is taken as bytes really come, not as the length says.</summary>
    private byte[] State(ulong length)
    {
        if (length > SnapshotFormat.MaxState)
            throw Damaged(_where, $"a length of {length} bytes is out of range");
        byte[] data = new byte[Math.Min((int)length, Step)];
        int filled = 0;
        while (filled < (int)length)
        {
            if (filled == data.Length)
                Array.Resize(ref data, (int)Math.Min((long)length, 2L * data.Length));
            Fill(data.AsSpan(filled));
            filled = data.Length;
        }

        End();
        return data;
    }

    private void Take(Span<byte> into, ref ulong left)
    {
        if ((ulong)into.Length > left)
            throw Damaged(_where, "it is shorter than its content");
        left -= (ulong)into.Length;
        Fill(into);
    }

    private void End()
    {
        uint expected = _crc;
        Span<byte> crc = stackalloc byte[4];
        Fill(crc);
        if (BinaryPrimitives.ReadUInt32LittleEndian(crc) != expected)
            throw Damaged(_where, "the checksum is wrong");
    }

    private void Fill(Span<byte> into)
    {
        int read = _stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
        if (read < into.Length)
            throw Damaged(_where, "the file ends here");
        _crc = SnapshotFormat.Crc(_crc, into);
    }
}

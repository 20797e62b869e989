using System.Buffers.Binary;
using System.Text;

namespace Emulation.Core;

/// <summary>A snapshot cannot be used: it is damaged, or it is of another machine. The message names the section and what is wrong.</summary>
public sealed class SnapshotException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SnapshotException() { }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">Names the section and what is wrong.</param>
    public SnapshotException(string message) : base(message) { }

    /// <summary>Creates the exception with a message and a cause.</summary>
    /// <param name="message">Names the section and what is wrong.</param>
    /// <param name="inner">The cause.</param>
    public SnapshotException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>Reads one section of machine state in the order it was written. Reading past its end throws <see cref="SnapshotException"/>.</summary>
/// <param name="section">Name of the section, for messages.</param>
/// <param name="version">Version the section was written with.</param>
/// <param name="data">The section's bytes.</param>
public sealed class StateReader(string section, int version, ReadOnlyMemory<byte> data)
{
    private int _position;

    /// <summary>Name of the section.</summary>
    public string Section { get; } = section;

    /// <summary>Version the section was written with.</summary>
    public int Version { get; } = version;

    /// <summary>Bytes not read yet.</summary>
    public int Remaining => data.Length - _position;

    /// <summary>Reads a flag.</summary>
    public bool ReadBoolean() => ReadByte() != 0;

    /// <summary>Reads 8 bits.</summary>
    public byte ReadByte() => Take(1)[0];

    /// <summary>Reads 16 bits.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    /// <summary>Reads 32 bits.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>Reads 32 bits.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>Reads 64 bits.</summary>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Reads 64 bits.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>Fills <paramref name="destination"/> with bytes written without a length.</summary>
    /// <param name="destination">Filled whole.</param>
    public void ReadRaw(Span<byte> destination) => Take(destination.Length).CopyTo(destination);

    /// <summary>Reads bytes written with a length.</summary>
    public ReadOnlySpan<byte> ReadBytes() => Take(ReadCount(1));

    /// <summary>Reads text.</summary>
    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    /// <summary>Reads values written with a count into an array of the same length.</summary>
    /// <param name="destination">Filled whole; another count in the section is an error.</param>
    public void Read(Span<ulong> destination)
    {
        ExpectCount(destination.Length);
        for (int i = 0; i < destination.Length; i++)
            destination[i] = ReadUInt64();
    }

    /// <summary>Reads values written with a count into an array of the same length.</summary>
    /// <param name="destination">Filled whole; another count in the section is an error.</param>
    public void Read(Span<uint> destination)
    {
        ExpectCount(destination.Length);
        for (int i = 0; i < destination.Length; i++)
            destination[i] = ReadUInt32();
    }

    /// <summary>Reads a count that was written as 32 bits and checks it against the bytes left.</summary>
    /// <param name="elementSize">Least bytes per element.</param>
    public int ReadCount(int elementSize)
    {
        int count = ReadInt32();
        if (count < 0 || count > Remaining / elementSize)
            throw Damaged($"a count of {count} does not fit in the {Remaining} bytes left");
        return count;
    }

    /// <summary>An exception that names this section.</summary>
    /// <param name="what">What is wrong.</param>
    public SnapshotException Damaged(string what) => new($"snapshot section '{Section}' (version {Version}) at byte {_position}: {what}");

    private void ExpectCount(int count)
    {
        int actual = ReadInt32();
        if (actual != count)
            throw Damaged($"{actual} values where this machine has {count}");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
            throw Damaged($"needs {count} bytes, {Remaining} are left");
        ReadOnlySpan<byte> span = data.Span.Slice(_position, count);
        _position += count;
        return span;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Emulation.Debugging;

/// <summary>Reads little-endian debug information; a read behind the end is an error of the file.</summary>
/// <param name="bytes">The section, or a part of it.</param>
/// <param name="file">Shown in errors.</param>
/// <param name="section">Shown in errors.</param>
internal ref struct DwarfCursor(ReadOnlySpan<byte> bytes, string file, string section)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; set; }

    public readonly int Length => _bytes.Length;

    public readonly bool AtEnd => Position >= _bytes.Length;

    public readonly FirmwareFormatException Error(string problem)
        => new(file, $"has damaged debug information: {section} at offset 0x{Position:x}: {problem}", "build it again, or strip it with 'strip -g'");

    public ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(_bytes.Length - Position))
            throw Error($"{count} bytes are missing");
        ReadOnlySpan<byte> taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    /// <summary>A cursor over the next bytes, which this one skips.</summary>
    public DwarfCursor Part(ulong count) => new(Take(count), file, section);

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A value of 1, 2, 3, 4 or 8 bytes.</summary>
    public ulong Unsigned(int size)
    {
        switch (size)
        {
            case 1: return U8();
            case 2: return U16();
            case 3: return U16() | ((ulong)U8() << 16);
            case 4: return U32();
            case 8: return U64();
            default: throw Error($"a value of {size} bytes");
        }
    }

    /// <summary>A length and whether the unit is of the 64-bit format. DWARF 5, 7.4.</summary>
    public ulong InitialLength(out bool wide)
    {
        uint length = U32();
        wide = length == 0xffff_ffff;
        if (!wide && length >= 0xffff_fff0)
            throw Error($"a reserved length 0x{length:x}");
        return wide ? U64() : length;
    }

    public ulong Uleb()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = U8();
            if (shift < 64)
                value |= (ulong)(next & 0x7f) << shift;
            if ((next & 0x80) == 0)
                return value;
        }
    }

    public long Sleb()
    {
        long value = 0;
        int shift = 0;
        byte next;
        do
        {
            next = U8();
            if (shift < 64)
                value |= (long)(next & 0x7f) << shift;
            shift += 7;
        }
        while ((next & 0x80) != 0);
        if (shift < 64 && (next & 0x40) != 0)
            value |= -1L << shift;
        return value;
    }

    public string Text()
    {
        int length = _bytes[Position..].IndexOf((byte)0);
        if (length < 0)
            throw Error("a text has no end");
        string text = Encoding.UTF8.GetString(_bytes.Slice(Position, length));
        Position += length + 1;
        return text;
    }

    /// <summary>A text of another section.</summary>
    public readonly string TextAt(ReadOnlySpan<byte> strings, ulong offset)
    {
        if (offset >= (ulong)strings.Length)
            throw Error($"a text at 0x{offset:x} lies behind its section");
        ReadOnlySpan<byte> rest = strings[(int)offset..];
        int length = rest.IndexOf((byte)0);
        return length < 0 ? throw Error("a text has no end") : Encoding.UTF8.GetString(rest[..length]);
    }
}

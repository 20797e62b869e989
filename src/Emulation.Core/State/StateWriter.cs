using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Emulation.Core;

/// <summary>Writes one section of machine state: little-endian, no padding, in the order of the calls.</summary>
public sealed class StateWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>Writes a flag as one byte.</summary>
    /// <param name="value">The flag.</param>
    public void Write(bool value) => Write((byte)(value ? 1 : 0));

    /// <summary>Writes 8 bits.</summary>
    /// <param name="value">The value.</param>
    public void Write(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    /// <summary>Writes 16 bits.</summary>
    /// <param name="value">The value.</param>
    public void Write(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.GetSpan(2), value);
        _buffer.Advance(2);
    }

    /// <summary>Writes 32 bits.</summary>
    /// <param name="value">The value.</param>
    public void Write(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    /// <summary>Writes 32 bits.</summary>
    /// <param name="value">The value.</param>
    public void Write(int value) => Write((uint)value);

    /// <summary>Writes 64 bits.</summary>
    /// <param name="value">The value.</param>
    public void Write(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    /// <summary>Writes 64 bits.</summary>
    /// <param name="value">The value.</param>
    public void Write(long value) => Write((ulong)value);

    /// <summary>Writes bytes without a length: the reader knows it.</summary>
    /// <param name="bytes">The bytes.</param>
    public void WriteRaw(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    /// <summary>Writes a 32-bit length and the bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Write(bytes.Length);
        _buffer.Write(bytes);
    }

    /// <summary>Writes a 32-bit byte length and UTF-8 text.</summary>
    /// <param name="text">The text.</param>
    public void Write(string text) => Write(Encoding.UTF8.GetBytes(text).AsSpan());

    /// <summary>Writes a 32-bit count and the values.</summary>
    /// <param name="values">The values.</param>
    public void Write(ReadOnlySpan<ulong> values)
    {
        Write(values.Length);
        foreach (ulong value in values)
            Write(value);
    }

    /// <summary>Writes a 32-bit count and the values.</summary>
    /// <param name="values">The values.</param>
    public void Write(ReadOnlySpan<uint> values)
    {
        Write(values.Length);
        foreach (uint value in values)
            Write(value);
    }
}

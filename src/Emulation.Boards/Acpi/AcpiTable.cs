using System.Buffers.Binary;
using System.Text;

namespace Emulation.Boards.Acpi;

/// <summary>An ACPI table that is being written: its header and little-endian fields behind it. ACPI Specification 6.3, 5.2.6.</summary>
internal sealed class AcpiTable
{
    public const int HeaderSize = 36, ChecksumOffset = 9;

    private readonly List<byte> _bytes = [];

    public AcpiTable(string signature, byte revision)
    {
        Text(signature, 4);
        U32(0);
        U8(revision).U8(0);
        Text("EMUL", 6);
        Text("EMULVIRT", 8);
        U32(1);
        Text("EMUL", 4);
        U32(1);
    }

    public int Length => _bytes.Count;

    public AcpiTable U8(byte value)
    {
        _bytes.Add(value);
        return this;
    }

    public AcpiTable U16(int value) => U8((byte)value).U8((byte)(value >> 8));

    public AcpiTable U32(uint value) => U16((ushort)value).U16((int)(value >> 16));

    public AcpiTable U64(ulong value) => U32((uint)value).U32((uint)(value >> 32));

    public AcpiTable Zeros(int count)
    {
        _bytes.AddRange(new byte[count]);
        return this;
    }

    public AcpiTable Bytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>The table with its length; the loader computes the checksum.</summary>
    public byte[] ToArray()
    {
        byte[] all = [.. _bytes];
        BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(4), all.Length);
        return all;
    }

    private void Text(string text, int length) => _bytes.AddRange(Encoding.ASCII.GetBytes(text.PadRight(length)));
}

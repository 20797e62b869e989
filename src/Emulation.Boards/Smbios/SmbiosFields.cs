namespace Emulation.Boards.Smbios;

/// <summary>Fields of a structure, little-endian.</summary>
internal sealed class SmbiosFields
{
    public List<byte> Bytes { get; } = [];

    public SmbiosFields U8(params ReadOnlySpan<byte> values)
    {
        Bytes.AddRange(values);
        return this;
    }

    public SmbiosFields U16(int value) => U8((byte)value, (byte)(value >> 8));

    public SmbiosFields U32(uint value) => U16((ushort)value).U16((int)(value >> 16));

    public SmbiosFields U64(ulong value) => U32((uint)value).U32((uint)(value >> 32));

    public SmbiosFields Zeros(int count)
    {
        Bytes.AddRange(new byte[count]);
        return this;
    }
}

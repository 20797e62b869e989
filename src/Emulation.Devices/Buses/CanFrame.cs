using System.Buffers.Binary;

namespace Emulation.Devices;

/// <summary>A classical CAN frame. ISO 11898-1.</summary>
/// <param name="Id">Identifier: 11 bits, or 29 if <paramref name="IsExtended"/>.</param>
/// <param name="IsExtended">Whether it has 29 bits.</param>
/// <param name="IsRemote">Whether it is a remote frame, which has a length and no data.</param>
/// <param name="Dlc">Data length code: 0 to 15; 9 and above mean 8 bytes.</param>
/// <param name="Bytes">The data: byte 0, which goes first, is the least significant. Bytes past the length are 0.</param>
public readonly record struct CanFrame(uint Id, bool IsExtended, bool IsRemote, int Dlc, ulong Bytes)
{
    /// <summary>Creates a data frame.</summary>
    /// <param name="id">Identifier.</param>
    /// <param name="data">Up to 8 bytes.</param>
    /// <param name="extended">Whether the identifier has 29 bits.</param>
    /// <exception cref="ArgumentException">More than 8 bytes, or the identifier has too many bits.</exception>
    public CanFrame(uint id, ReadOnlySpan<byte> data, bool extended = false) : this(id, extended, false, data.Length, Pack(data)) => Check(id, extended);

    /// <summary>Creates a remote frame.</summary>
    /// <param name="id">Identifier.</param>
    /// <param name="length">Length that is asked for: 0 to 8.</param>
    /// <param name="extended">Whether the identifier has 29 bits.</param>
    /// <exception cref="ArgumentException">The identifier has too many bits.</exception>
    public static CanFrame Remote(uint id, int length = 0, bool extended = false)
    {
        Check(id, extended);
        return new CanFrame(id, extended, true, length, 0);
    }

    /// <summary>Bytes of data.</summary>
    public int Length => IsRemote ? 0 : Math.Clamp(Dlc, 0, 8);

    /// <summary>The data as an array.</summary>
    public byte[] Data
    {
        get
        {
            byte[] all = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(all, Bytes);
            return all[..Length];
        }
    }

    /// <summary>A byte of the data.</summary>
    /// <param name="index">0 to 7.</param>
    public byte this[int index] => (byte)(Bytes >> (8 * index));

    /// <summary>What arbitration compares: of frames that begin together the lowest goes on.</summary>
    /// <remarks>Base identifier, RTR or SRR, IDE, extension, RTR.</remarks>
    internal ulong Priority => IsExtended
        ? ((ulong)(Id >> 18 & 0x7ff) << 21) | (3ul << 19) | ((ulong)(Id & 0x3ffff) << 1) | (IsRemote ? 1ul : 0)
        : ((ulong)(Id & 0x7ff) << 21) | (IsRemote ? 1ul << 20 : 0);

    /// <summary>As candump writes it: <c>123#0102</c>, <c>00000123#R2</c>.</summary>
    public override string ToString() => (IsExtended ? $"{Id:X8}" : $"{Id:X3}") + "#" + (IsRemote ? $"R{(Dlc > 0 ? Dlc : "")}" : Convert.ToHexString(Data));

    private static ulong Pack(ReadOnlySpan<byte> data)
    {
        if (data.Length > 8)
            throw new ArgumentException($"a CAN frame has at most 8 bytes, not {data.Length}", nameof(data));
        ulong bytes = 0;
        for (int i = 0; i < data.Length; i++)
            bytes |= (ulong)data[i] << (8 * i);
        return bytes;
    }

    private static void Check(uint id, bool extended)
    {
        if (id > (extended ? 0x1fff_ffffu : 0x7ff))
            throw new ArgumentException($"0x{id:x} is no identifier of {(extended ? 29 : 11)} bits", nameof(id));
    }
}

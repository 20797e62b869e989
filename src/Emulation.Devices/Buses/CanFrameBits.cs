namespace Emulation.Devices;

/// <summary>The bits of a frame on the wire: lengths and CRC. ISO 11898-1, 10.4 and 10.5.</summary>
internal static class CanFrameBits
{
    /// <summary>CRC delimiter, ACK slot and its delimiter, end of frame: not stuffed.</summary>
    public const int TailBits = 1 + 2 + 7;

    public const int IntermissionBits = 3;

    /// <summary>Bits from start of frame to the end of the CRC sequence with stuff bits, then <see cref="TailBits"/>.</summary>
    public static int Length(in CanFrame frame)
    {
        Span<byte> bits = stackalloc byte[128];
        return StuffedLength(bits[..Fill(frame, bits)]) + TailBits;
    }

    /// <summary>The CRC sequence of 15 bits.</summary>
    public static int Crc(in CanFrame frame)
    {
        Span<byte> bits = stackalloc byte[128];
        return Crc(bits[..(Fill(frame, bits) - 15)]);
    }

    private static int Fill(in CanFrame frame, Span<byte> bits)
    {
        int count = 0;
        count = Put(bits, count, 0, 1);
        if (frame.IsExtended)
        {
            count = Put(bits, count, frame.Id >> 18, 11);
            count = Put(bits, count, 3, 2);                     // SRR, IDE
            count = Put(bits, count, frame.Id, 18);
            count = Put(bits, count, frame.IsRemote ? 1u : 0, 1);
            count = Put(bits, count, 0, 2);                     // r1, r0
        }
        else
        {
            count = Put(bits, count, frame.Id, 11);
            count = Put(bits, count, frame.IsRemote ? 1u : 0, 1);
            count = Put(bits, count, 0, 2);                     // IDE, r0
        }

        count = Put(bits, count, (uint)frame.Dlc, 4);
        for (int i = 0; i < frame.Length; i++)
            count = Put(bits, count, frame[i], 8);
        return Put(bits, count, (uint)Crc(bits[..count]), 15);
    }

    private static int Put(Span<byte> bits, int count, uint value, int width)
    {
        for (int i = width - 1; i >= 0; i--)
            bits[count++] = (byte)(value >> i & 1);
        return count;
    }

    private static int Crc(ReadOnlySpan<byte> bits)
    {
        int crc = 0;
        foreach (byte bit in bits)
        {
            int next = bit ^ (crc >> 14 & 1);
            crc = (crc << 1) & 0x7fff;
            if (next != 0)
                crc ^= 0x4599;
        }

        return crc;
    }

    // after five equal bits comes one of the other kind, which counts for the next five
    private static int StuffedLength(ReadOnlySpan<byte> bits)
    {
        int length = 0, run = 0, last = -1;
        foreach (byte bit in bits)
        {
            run = bit == last ? run + 1 : 1;
            last = bit;
            length++;
            if (run < 5)
                continue;
            length++;
            (run, last) = (1, 1 - bit);
        }

        return length;
    }
}

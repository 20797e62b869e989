using System.Buffers.Binary;

namespace Emulation.Devices;

// What commands do. SD Physical Layer Simplified Specification 3.01, 4.7.4.
public sealed partial class SdCard
{
    private enum Answer
    {
        None,
        Illegal,
        Status,
        Address,
        Conditions,
        Echo,
        Identification,
        Specific,
    }

    private static bool IsAppCommand(int index) => index is 6 or 13 or 22 or 23 or 41 or 42 or 51;

    private Answer Run(int index, uint argument)
    {
        bool addressed = argument >> 16 == _address;
        switch (index, _state)
        {
            case (0, _):
                GoIdle();
                return Answer.None;
            case (2, SdState.Ready):
                _state = SdState.Identification;
                return Answer.Identification;
            case (3, SdState.Identification or SdState.Standby):
                _state = SdState.Standby;
                _address = Address;
                return Answer.Address;
            case (6, SdState.Transfer):
                FillSwitchStatus(Send(64), argument);
                return Answer.Status;
            case (7, SdState.Standby) when addressed:
                _state = SdState.Transfer;
                return Answer.Status;
            case (7, SdState.Transfer or SdState.SendingData) when !addressed:
                _state = SdState.Standby;
                return Answer.None;
            case (7, SdState.Standby): return Answer.None;
            case (8, SdState.Idle): return (argument >> 8 & 15) == 1 ? Answer.Echo : Answer.None;
            case (9, SdState.Standby): return addressed ? Answer.Specific : Answer.None;
            case (10, SdState.Standby): return addressed ? Answer.Identification : Answer.None;
            case (12, SdState.SendingData or SdState.ReceivingData or SdState.Transfer):
                EndTransfer();
                return Answer.Status;
            case (13, >= SdState.Standby): return addressed ? Answer.Status : Answer.None;
            case (15, >= SdState.Standby) when addressed:
                _state = SdState.Inactive;
                return Answer.None;
            case (16, SdState.Transfer): return Answer.Status;      // blocks of high-capacity cards always have 512 bytes
            case (17 or 18, SdState.Transfer): return BeginRead(argument, index == 18);
            case (24 or 25, SdState.Transfer): return BeginWrite(argument, index == 25);
            case (32, SdState.Transfer):
                _eraseFirst = argument;
                return Answer.Status;
            case (33, SdState.Transfer):
                _eraseLast = argument;
                return Answer.Status;
            case (38, SdState.Transfer):
                Erase();
                return Answer.Status;
            case (55, _):
                if (_state >= SdState.Standby && !addressed)
                    return Answer.None;
                _app = true;
                return Answer.Status;
            default: return Answer.Illegal;
        }
    }

    private Answer RunApp(int index, uint argument)
    {
        switch (index, _state)
        {
            case (41, SdState.Idle):
                // without a voltage it is a question; a host that does not know high capacity waits for ever
                if ((argument & Voltages) != 0 && (argument & HighCapacity) != 0)
                    _state = SdState.Ready;
                return Answer.Conditions;
            case (6 or 23 or 42, SdState.Transfer): return Answer.Status;
            case (13, SdState.Transfer):
                Send(64)[0] = 0x80;             // four data lines
                return Answer.Status;
            case (22, SdState.Transfer):
                BinaryPrimitives.WriteUInt32BigEndian(Send(4), _written);
                return Answer.Status;
            case (51, SdState.Transfer):
                // version 2.00, one or four data lines
                ((ReadOnlySpan<byte>)[0x02, 0x05, 0, 0, 0, 0, 0, 0]).CopyTo(Send(8));
                return Answer.Status;
            default: return Answer.Illegal;
        }
    }

    /// <summary>Makes the card send bytes that are not of the medium.</summary>
    private Span<byte> Send(int length)
    {
        Array.Clear(_block);
        (_state, _multiple, _medium) = (SdState.SendingData, false, false);
        (_position, _length) = (0, length);
        return _block.AsSpan(0, length);
    }

    private Answer BeginRead(uint sector, bool multiple)
    {
        if (sector >= Sectors)
            return Fail(OutOfRange);

        (_sector, _multiple, _medium, _state) = (sector, multiple, true, SdState.SendingData);
        LoadBlock();
        return Answer.Status;
    }

    private Answer BeginWrite(uint sector, bool multiple)
    {
        if (sector >= Sectors)
            return Fail(OutOfRange);
        if (Disk.ReadOnly)
            return Fail(WriteProtected);
        (_sector, _multiple, _medium, _written) = (sector, multiple, true, 0);
        (_state, _position) = (SdState.ReceivingData, 0);
        return Answer.Status;
    }

    // what was written is durable when the host is told that the card is ready
    private void EndTransfer()
    {
        // the card has read ahead: past its end that was no error of the host's
        if (_state == SdState.SendingData && _medium && _multiple && _sector >= Sectors)
            _errors &= ~OutOfRange;
        if (_state == SdState.ReceivingData)
            Try(() => Disk.FlushAsync());
        (_state, _position, _length) = (SdState.Transfer, 0, 0);
    }

    private void Erase()
    {
        (long first, long last) = (_eraseFirst, _eraseLast);
        (_eraseFirst, _eraseLast) = (-1, -1);
        if (first < 0 || last < 0)
        {
            _errors |= EraseSequenceError;
            return;
        }

        if (last < first || last >= Sectors)
        {
            _errors |= EraseParameter;
            return;
        }

        if (Disk.ReadOnly)
        {
            _errors |= WriteProtected;
            return;
        }

        long offset = first * BlockSize, end = Math.Min((last + 1) * BlockSize, Disk.Length);
        if (offset < end)
            Try(() => Disk.WriteZeroesAsync(offset, end - offset));
    }

    /// <summary>Fills in CSD or CID, in whatever state the card is.</summary>
    internal void FillRegister(bool isSpecific, Span<byte> response)
    {
        if (isSpecific)
            FillSpecific(response);
        else
            FillIdentification(response);
    }

    // 5.2: MID, OID, PNM, PRV, PSN, MDT
    private void FillIdentification(Span<byte> response)
    {
        ((ReadOnlySpan<byte>)[0, (byte)'E', (byte)'M', (byte)'E', (byte)'M', (byte)'U', (byte)'S', (byte)'D', 0x10, 0, 0, 0, 0, 0x01, 0x91, 0]).CopyTo(response);
        BinaryPrimitives.WriteUInt32BigEndian(response[9..], SerialNumber);
        response[15] = CheckByte(response[..15]);
    }

    // 5.3.3: version 2.0; 25 MHz; classes 0, 2, 4, 5, 8, 10; blocks of 512 bytes, each of which can be erased
    private void FillSpecific(Span<byte> response)
    {
        uint size = (uint)(Units - 1);
        byte protection = (byte)(Disk.ReadOnly ? 0x10 : 0);
        ((ReadOnlySpan<byte>)[0x40, 0x0e, 0, 0x32, 0x53, 0x59, 0, (byte)(size >> 16), (byte)(size >> 8), (byte)size, 0x7f, 0x80, 0x0a, 0x40, protection, 0]).CopyTo(response);
        response[15] = CheckByte(response[..15]);
    }

    // 4.3.10.4: the first function of each group is all there is
    private static void FillSwitchStatus(Span<byte> status, uint argument)
    {
        status[1] = 100;                        // milliamperes
        for (int group = 0; group < 6; group++)
        {
            status[2 + (2 * group)] = 0x80;
            status[3 + (2 * group)] = 0x01;
            uint wanted = argument >> (20 - (4 * group)) & 15;
            uint selected = wanted is 0 or 15 ? 0u : 15;
            status[14 + (group / 2)] |= (byte)(selected << (group % 2 == 0 ? 4 : 0));
        }
    }

    // CRC7 and the bit that ends a response: 4.5
    internal static byte CheckByte(ReadOnlySpan<byte> bytes)
    {
        int crc = 0;
        foreach (byte value in bytes)
        {
            for (int bit = 7; bit >= 0; bit--)
            {
                int top = (crc >> 6) ^ (value >> bit & 1);
                crc = ((crc << 1) & 0x7f) ^ (top != 0 ? 0x09 : 0);
            }
        }

        return (byte)((crc << 1) | 1);
    }
}

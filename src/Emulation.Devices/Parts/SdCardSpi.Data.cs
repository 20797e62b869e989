namespace Emulation.Devices;

// Blocks in both directions. SD Physical Layer Simplified Specification 3.01, 7.2 and 7.3.3.
public sealed partial class SdCardSpi
{
    /// <summary>CRC-16-CCITT of a block. 4.5.</summary>
    internal static ushort Crc16(ReadOnlySpan<byte> bytes)
    {
        int crc = 0;
        foreach (byte value in bytes)
        {
            crc ^= value << 8;
            for (int bit = 0; bit < 8; bit++)
                crc = ((crc << 1) ^ ((crc & 0x8000) != 0 ? 0x1021 : 0)) & 0xffff;
        }

        return (ushort)crc;
    }

    private void BeginRead(int index, uint argument)
    {
        Command(index, argument);
        if (!_card.HasData)
        {
            _card.TakeFailure();
            Answer(ParameterError);
            return;
        }

        Answer(0);
        (_isReading, _isMultiple) = (true, index == 18);
    }

    private void NextBlock()
    {
        if (!_card.HasData)
        {
            // data error token: out of range
            _output.Enqueue(0x08);
            _isReading = false;
            return;
        }

        Blocks = (Blocks.Read + 1, Blocks.Written);
        SendFromCard(BlockSize);
        _isReading = _isMultiple;
    }

    private void SendFromCard(int count)
    {
        Span<byte> block = stackalloc byte[BlockSize];
        for (int i = 0; i < count; i++)
            block[i] = _card.HasData ? _card.ReadByte() : (byte)0xff;
        Send(block[..count]);
    }

    private void Send(ReadOnlySpan<byte> data)
    {
        _output.Enqueue(0xff);
        _output.Enqueue(StartBlock);
        foreach (byte value in data)
            _output.Enqueue(value);
        ushort crc = Crc16(data);
        _output.Enqueue((byte)(crc >> 8));
        _output.Enqueue((byte)crc);
    }

    private void EndRead()
    {
        Command(12, 0);
        _card.TakeFailure();
        _isReading = _isMultiple = false;
        // 7.5.2.2: a byte of data may still come first
        Answer(0);
    }

    private void BeginWrite(int index, uint argument)
    {
        Command(index, argument);
        if (!_card.TakesData)
        {
            _card.TakeFailure();
            Answer(ParameterError);
            return;
        }

        Answer(0);
        (_receive, _isMultiple) = (ReceiveState.Token, index == 25);
    }

    private void ReceiveData(byte value)
    {
        _data[_dataLength++] = value;
        if (_dataLength < _data.Length)
            return;
        _dataLength = 0;
        _receive = _isMultiple ? ReceiveState.Token : ReceiveState.None;
        byte response = 0xe5;                           // accepted
        if (_checksCrc && Crc16(_data.AsSpan(0, BlockSize)) != ((_data[BlockSize] << 8) | _data[BlockSize + 1]))
        {
            response = 0xeb;
        }
        else
        {
            for (int i = 0; i < BlockSize && _card.TakesData; i++)
                _card.WriteByte(_data[i]);
            if (_card.TakeFailure())
                response = 0xed;
            else
                Blocks = (Blocks.Read, Blocks.Written + 1);
        }

        _output.Clear();
        _output.Enqueue(response);
        if (response != 0xe5)
        {
            AbortWrite();
            return;
        }

        _isBusyNext = true;
    }

    private void AbortWrite()
    {
        if (_receive == ReceiveState.None && _card.TakesData)
            Command(12, 0);
    }

    private void EndWrite()
    {
        Command(12, 0);
        (_receive, _isMultiple) = (ReceiveState.None, false);
        _output.Clear();
        _busyUntil = Now + BusyTime;
    }
}

using System.Buffers.Binary;

namespace Emulation.Devices;

// Commands and their responses. SD Physical Layer Simplified Specification 3.01, 7.3.
public sealed partial class SdCardSpi
{
    // 7.3.2: the response comes one byte after the command at the earliest
    private void Answer(byte r1, params ReadOnlySpan<byte> more)
    {
        _output.Clear();
        _output.Enqueue(0xff);
        _output.Enqueue((byte)(r1 | (_isInitialized ? 0 : Idle)));
        foreach (byte value in more)
            _output.Enqueue(value);
    }

    private void Execute(int index, uint argument)
    {
        bool isApp = _isApp;
        _isApp = false;
        bool checks = _checksCrc || !_isSpiMode || index == 8;
        if (checks && (SdCard.CheckByte(_command.AsSpan(0, 5)) | 1) != _command[5])
        {
            if (_isSpiMode)
                Answer(CrcError);
            return;
        }

        if (index == 0)
        {
            ClearState();
            _isSpiMode = true;
            _card.Command(0, 0, stackalloc byte[16]);
            Answer(0);
            return;
        }

        if (!_isSpiMode)
            return;
        if (_isReading && index == 12)
        {
            EndRead();
            return;
        }

        _isReading = false;
        if (isApp)
            ExecuteApp(index, argument);
        else
            ExecuteBasic(index, argument);
    }

    private void ExecuteBasic(int index, uint argument)
    {
        Span<byte> response = stackalloc byte[16];
        switch (index)
        {
            case 1:
                Initialize();
                Answer(0);
                break;
            case 8:
                // R7: voltage accepted, pattern
                Answer(0, 0, 0, (byte)((argument >> 8 & 15) == 1 ? 1 : 0), (byte)argument);
                break;
            case 55:
                _isApp = true;
                Answer(0);
                break;
            case 58:
                uint conditions = 0x00ff_8000 | (_isInitialized ? 0xc000_0000 : 0);
                Answer(0, (byte)(conditions >> 24), (byte)(conditions >> 16), (byte)(conditions >> 8), (byte)conditions);
                break;
            case 59:
                _checksCrc = (argument & 1) != 0;
                Answer(0);
                break;
            case var _ when !_isInitialized:
                Answer(IllegalCommand);
                break;
            case 9 or 10:
                _card.FillRegister(isSpecific: index == 9, response);
                Answer(0);
                Send(response);
                break;
            case 12:
                Answer(0);
                break;
            case 13:
                uint status = Command(13, SdCard.Address << 16);
                Answer(0, (byte)((status >> 31 & 1) << 7 | (status >> 26 & 1) << 5 | (status >> 19 & 1) << 2));
                break;
            case 16:
                Answer(argument == BlockSize ? (byte)0 : ParameterError);
                break;
            case 17 or 18:
                BeginRead(index, argument);
                break;
            case 24 or 25:
                BeginWrite(index, argument);
                break;
            case 6:
                Command(6, argument);
                Answer(0);
                SendFromCard(64);
                break;
            case 32 or 33 or 38:
                Command(index, argument);
                Answer(0);
                if (index == 38)
                    _busyUntil = Now + BusyTime;
                break;
            default:
                Answer(IllegalCommand);
                break;
        }
    }

    private void ExecuteApp(int index, uint argument)
    {
        switch (index)
        {
            case 41:
                // a host that does not support high capacity is never told that the card is ready
                if ((argument & 0x4000_0000) != 0)
                    Initialize();
                Answer(0);
                break;
            case var _ when !_isInitialized:
                Answer(IllegalCommand);
                break;
            case 13:
                Command(55, SdCard.Address << 16);
                Command(13, 0);
                Answer(0, 0);
                SendFromCard(64);
                break;
            case 22 or 51:
                Command(55, SdCard.Address << 16);
                Command(index, 0);
                Answer(0);
                SendFromCard(index == 22 ? 4 : 8);
                break;
            case 23 or 42:
                Answer(0);
                break;
            default:
                Answer(IllegalCommand);
                break;
        }
    }

    // The card's own protocol is brought to the state in which data can be transferred.
    private void Initialize()
    {
        if (_isInitialized)
            return;
        Command(0, 0);
        Command(8, 0x1aa);
        Command(55, 0);
        Command(41, 0x40ff_8000);
        Command(2, 0);
        Command(3, 0);
        Command(7, SdCard.Address << 16);
        _isInitialized = true;
    }

    private uint Command(int index, uint argument)
    {
        Span<byte> response = stackalloc byte[16];
        response.Clear();
        _card.Command(index, argument, response);
        return BinaryPrimitives.ReadUInt32BigEndian(response);
    }
}

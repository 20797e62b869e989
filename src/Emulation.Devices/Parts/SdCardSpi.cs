using Emulation.Core;
using Emulation.Storage;

namespace Emulation.Devices;

/// <summary>An SD card in SPI mode. SD Physical Layer Simplified Specification 3.01, section 7.</summary>
/// <remarks>
/// The card itself is <see cref="SdCard"/>, of high capacity. CMD0 with its chip select active enters SPI mode; CRC is checked for CMD0 and CMD8, and for all when CMD59 turned it on.
/// Data takes no time but a byte of gap; a written block keeps the card busy for <see cref="BusyTime"/>.
/// </remarks>
public sealed class SdCardSpi : SpiPart
{
    private const byte Idle = 0x01, IllegalCommand = 0x04, CrcError = 0x08, ParameterError = 0x40;
    private const byte StartBlock = 0xfe, StartMultiple = 0xfc, StopMultiple = 0xfd;
    private const int BlockSize = 512;

    private readonly SdCard _card;
    private readonly Func<IBlockDevice> _fork;
    private readonly byte[] _command = new byte[6];
    private readonly byte[] _data = new byte[BlockSize + 2];
    private readonly Queue<byte> _output = new();
    private int _commandLength;
    private int _dataLength;
    private ReceiveState _receive;
    private bool _isSpiMode;
    private bool _isInitialized;
    private bool _isApp;
    private bool _checksCrc;
    private bool _isReading;
    private bool _isMultiple;
    private bool _isBusyNext;
    private long _busyUntil;

    /// <summary>Creates a card.</summary>
    /// <param name="disk">The medium; it stays the caller's to dispose. A fork of the machine gets its <see cref="IVolatileBlockDevice.Fork"/>, or shares it when it has none.</param>
    public SdCardSpi(IBlockDevice disk)
    {
        ArgumentNullException.ThrowIfNull(disk);
        _card = new SdCard(disk);
        _fork = () => disk is IVolatileBlockDevice changes ? changes.Fork() : disk;
    }

    private enum ReceiveState : byte
    {
        None,
        Token,
        Block,
    }

    /// <summary>The medium.</summary>
    public IBlockDevice Disk => _card.Disk;

    /// <summary>For how long a written block keeps the card busy, in nanoseconds.</summary>
    public long BusyTime { get; set; } = 250_000;

    /// <summary>Blocks that were read and written so far.</summary>
    public (long Read, long Written) Blocks { get; private set; }

    /// <inheritdoc/>
    public override void PowerCycle()
    {
        base.PowerCycle();
        _card.Reset();
        ClearState();
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        base.Save(writer);
        _card.Save(writer);
        writer.WriteRaw(_command);
        writer.WriteRaw(_data);
        writer.Write(_commandLength);
        writer.Write(_dataLength);
        writer.Write((byte)_receive);
        foreach (bool value in (ReadOnlySpan<bool>)[_isSpiMode, _isInitialized, _isApp, _checksCrc, _isReading, _isMultiple, _isBusyNext])
            writer.Write(value);
        writer.Write(_busyUntil);
        writer.Write(BusyTime);
        writer.Write(Blocks.Read);
        writer.Write(Blocks.Written);
        writer.Write(_output.ToArray().AsSpan());
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        base.Load(reader);
        _card.Load(reader);
        reader.ReadRaw(_command);
        reader.ReadRaw(_data);
        _commandLength = reader.ReadInt32();
        _dataLength = reader.ReadInt32();
        _receive = (ReceiveState)reader.ReadByte();
        if ((uint)_commandLength >= 6 || (uint)_dataLength >= (uint)_data.Length || _receive > ReceiveState.Block)
            throw reader.Damaged("state of an SD card out of range");
        (_isSpiMode, _isInitialized, _isApp) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        (_checksCrc, _isReading, _isMultiple, _isBusyNext) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        _busyUntil = reader.ReadInt64();
        BusyTime = reader.ReadInt64();
        Blocks = (reader.ReadInt64(), reader.ReadInt64());
        _output.Clear();
        foreach (byte value in reader.ReadBytes())
            _output.Enqueue(value);
    }

    /// <inheritdoc/>
    public override IPart Fork() => new SdCardSpi(_fork());

    /// <inheritdoc/>
    protected override void OnDeselected(int strayBits)
    {
        _commandLength = 0;
        // what was not fetched is lost, a read of many blocks goes on
        if (!_isReading)
            _output.Clear();
    }

    /// <inheritdoc/>
    protected override byte Next()
    {
        if (Now < _busyUntil)
            return 0;
        if (_output.Count == 0 && _isReading)
            NextBlock();
        if (!_output.TryDequeue(out byte value))
            return 0xff;
        // the answer to a block comes first, then the card is busy
        if (_isBusyNext)
            (_isBusyNext, _busyUntil) = (false, Now + BusyTime);
        return value;
    }

    /// <inheritdoc/>
    protected override void Received(byte value)
    {
        if (_receive == ReceiveState.Block)
        {
            ReceiveData(value);
            return;
        }

        if (_commandLength == 0 && _receive == ReceiveState.Token)
        {
            if (value == (_isMultiple ? StartMultiple : StartBlock))
            {
                (_receive, _dataLength) = (ReceiveState.Block, 0);
                return;
            }

            if (value == StopMultiple && _isMultiple)
            {
                EndWrite();
                return;
            }
        }

        if (_commandLength == 0 && (value & 0xc0) != 0x40)
            return;
        _command[_commandLength++] = value;
        if (_commandLength < 6)
            return;
        _commandLength = 0;
        Execute(_command[0] & 63, (uint)((_command[1] << 24) | (_command[2] << 16) | (_command[3] << 8) | _command[4]));
    }

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

    private void ClearState()
    {
        (_commandLength, _dataLength, _receive, _busyUntil) = (0, 0, ReceiveState.None, 0);
        (_isSpiMode, _isInitialized, _isApp, _checksCrc, _isReading, _isMultiple, _isBusyNext) = (false, false, false, false, false, false, false);
        _output.Clear();
    }

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
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(response);
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

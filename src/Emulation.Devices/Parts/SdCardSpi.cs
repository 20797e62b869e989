using Emulation.Core;
using Emulation.Storage;

namespace Emulation.Devices;

/// <summary>An SD card in SPI mode. SD Physical Layer Simplified Specification 3.01, section 7.</summary>
/// <remarks>
/// The card itself is <see cref="SdCard"/>, of high capacity. CMD0 with its chip select active enters SPI mode; CRC is checked for CMD0 and CMD8, and for all when CMD59 turned it on.
/// Data takes no time but a byte of gap; a written block keeps the card busy for <see cref="BusyTime"/>.
/// </remarks>
public sealed partial class SdCardSpi : SpiPart
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

    private void ClearState()
    {
        (_commandLength, _dataLength, _receive, _busyUntil) = (0, 0, ReceiveState.None, 0);
        (_isSpiMode, _isInitialized, _isApp, _checksCrc, _isReading, _isMultiple, _isBusyNext) = (false, false, false, false, false, false, false);
        _output.Clear();
    }
}

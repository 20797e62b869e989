using System.Buffers.Binary;
using Emulation.Core;
using Emulation.Storage;

namespace Emulation.Devices;

/// <summary>An SD memory card of high capacity with any image as its medium. SD Physical Layer Simplified Specification 3.01.</summary>
/// <remarks>
/// Capacity is in units of 512 KiB: past the end of an image whose size is none there are zeros that cannot be written. Data takes no time. Hosts from before version 2.00 of the
/// specification, which do not ask for high capacity, wait for the card for ever, as they do for a real one.
/// </remarks>
public sealed partial class SdCard
{
    /// <summary>The address that the card takes (RCA).</summary>
    internal const ushort Address = 0x4567;

    private const int BlockSize = 512;
    private const long Unit = 512 << 10;
    private const uint OutOfRange = 1u << 31, EraseSequenceError = 1 << 28, EraseParameter = 1 << 27, WriteProtected = 1 << 26, Illegal = 1 << 22, GeneralError = 1 << 19,
        ReadyForData = 1 << 8, AppCommand = 1 << 5;

    private const uint Voltages = 0xff_8000, PoweredUp = 1u << 31, HighCapacity = 1 << 30;

    private readonly byte[] _block = new byte[BlockSize];
    private SdState _state;
    private uint _errors;
    private ushort _address;
    private bool _app;
    private bool _isCommandOfApp;
    private bool _multiple;
    private bool _medium;
    private bool _failed;
    private int _position;
    private int _length;
    private long _sector;
    private uint _written;
    private long _eraseFirst = -1;
    private long _eraseLast = -1;

    /// <summary>Creates a card that has just been put in.</summary>
    /// <param name="disk">The medium; it stays the caller's to dispose.</param>
    public SdCard(IBlockDevice disk)
    {
        ArgumentNullException.ThrowIfNull(disk);
        Disk = disk;
        Units = Math.Max(1, (disk.Length + Unit - 1) / Unit);
        if (Units > 1 << 22)
            throw new ArgumentException($"an SD card has at most {Unit << 22} bytes, not {disk.Length}", nameof(disk));
    }

    /// <summary>The medium.</summary>
    public IBlockDevice Disk { get; }

    /// <summary>Number that the card says it has.</summary>
    public uint SerialNumber { get; init; } = 1;

    private long Units { get; }

    private long Sectors => Units * (Unit / BlockSize);

    /// <summary>Whether the card has a byte for the host.</summary>
    internal bool HasData => _state == SdState.SendingData && _position < _length;

    /// <summary>Whether the card takes a byte from the host.</summary>
    internal bool TakesData => _state == SdState.ReceivingData;

    /// <summary>Tells once that the last transfer ended, or did not begin, because of an error.</summary>
    internal bool TakeFailure()
    {
        bool failed = _failed;
        _failed = false;
        return failed;
    }

    /// <summary>Power was off.</summary>
    internal void Reset()
    {
        GoIdle();
        _state = SdState.Idle;
    }

    /// <summary>A command from the host.</summary>
    /// <param name="index">0 to 63.</param>
    /// <param name="argument">Its argument.</param>
    /// <param name="response">Gets the response, most significant byte first: 16 bytes.</param>
    /// <returns>Length of the response: 4 or 16 bytes, or 0 for none.</returns>
    internal int Command(int index, uint argument, Span<byte> response)
    {
        if (_state == SdState.Inactive)
            return 0;
        SdState before = _state;
        _isCommandOfApp = _app;
        _app = _failed = false;
        Answer answer = _isCommandOfApp && IsAppCommand(index) ? RunApp(index, argument) : Run(index, argument);
        switch (answer)
        {
            case Answer.Illegal:
                _errors |= Illegal;
                return 0;
            case Answer.Status:
                BinaryPrimitives.WriteUInt32BigEndian(response, TakeStatus(before));
                return 4;
            case Answer.Address:
                uint status = TakeStatus(before);
                BinaryPrimitives.WriteUInt32BigEndian(response, ((uint)_address << 16) | ((status >> 8) & 0xc000) | ((status >> 6) & 0x2000) | (status & 0x1fff));
                return 4;
            case Answer.Conditions:
                BinaryPrimitives.WriteUInt32BigEndian(response, Voltages | HighCapacity | (_state == SdState.Ready ? PoweredUp : 0));
                return 4;
            case Answer.Echo:
                BinaryPrimitives.WriteUInt32BigEndian(response, argument & 0xfff);
                return 4;
            case Answer.Identification:
                FillIdentification(response);
                return 16;
            case Answer.Specific:
                FillSpecific(response);
                return 16;
            default: return 0;
        }
    }

    /// <summary>The next byte of the card's data.</summary>
    internal byte ReadByte()
    {
        byte value = _block[_position++];
        if (_position < _length)
            return value;
        if (_multiple)
            LoadBlock();
        else
            _state = SdState.Transfer;
        return value;
    }

    /// <summary>The next byte of the host's data.</summary>
    internal void WriteByte(byte value)
    {
        _block[_position++] = value;
        if (_position < BlockSize)
            return;
        StoreBlock();
        _position = 0;
        if (!_multiple || _failed)
            _state = SdState.Transfer;
    }

    internal void Save(StateWriter writer)
    {
        writer.Write((byte)_state);
        writer.Write(_errors);
        writer.Write(_address);
        writer.Write(_app);
        writer.Write(_multiple);
        writer.Write(_medium);
        writer.Write(_failed);
        writer.Write(_position);
        writer.Write(_length);
        writer.Write(_sector);
        writer.Write(_written);
        writer.Write(_eraseFirst);
        writer.Write(_eraseLast);
        writer.Write(_block);
        Medium.SaveChanges(writer, Disk);
    }

    internal void Load(StateReader reader)
    {
        _state = (SdState)reader.ReadByte();
        _errors = reader.ReadUInt32();
        _address = reader.ReadUInt16();
        _app = reader.ReadBoolean();
        _multiple = reader.ReadBoolean();
        _medium = reader.ReadBoolean();
        _failed = reader.ReadBoolean();
        _position = reader.ReadInt32();
        _length = reader.ReadInt32();
        if ((uint)_length > BlockSize || (uint)_position > BlockSize || (_state == SdState.ReceivingData && _position == BlockSize))
            throw reader.Damaged("position in a block of an SD card out of range");
        _sector = reader.ReadInt64();
        _written = reader.ReadUInt32();
        _eraseFirst = reader.ReadInt64();
        _eraseLast = reader.ReadInt64();
        ReadOnlySpan<byte> block = reader.ReadBytes();
        if (block.Length != BlockSize)
            throw reader.Damaged("block of an SD card has a wrong length");
        block.CopyTo(_block);
        Medium.LoadChanges(reader, Disk);
    }

    private void GoIdle()
    {
        _state = SdState.Idle;
        (_errors, _address, _written) = (0, 0, 0);
        (_app, _multiple, _medium, _failed) = (false, false, false, false);
        (_position, _length, _sector) = (0, 0, 0);
        (_eraseFirst, _eraseLast) = (-1, -1);
        Array.Clear(_block);
    }

    // errors are shown once
    private uint TakeStatus(SdState state)
    {
        uint status = _errors | ((uint)state << 9) | (state is SdState.Transfer or SdState.ReceivingData ? ReadyForData : 0) | (_app || _isCommandOfApp ? AppCommand : 0);
        _errors = 0;
        return status;
    }

    private void LoadBlock()
    {
        (_position, _length) = (0, 0);
        if (_sector >= Sectors)
        {
            Fail(OutOfRange);
            return;
        }

        long offset = _sector * BlockSize;
        int count = (int)Math.Clamp(Disk.Length - offset, 0, BlockSize);
        Array.Clear(_block);
        _failed = !Try(() => Disk.ReadAsync(offset, _block.AsMemory(0, count)));
        if (_failed)
            return;
        _length = BlockSize;
        _sector++;
    }

    private void StoreBlock()
    {
        long offset = _sector * BlockSize;
        if (offset + BlockSize > Disk.Length)
        {
            Fail(OutOfRange);
            return;
        }

        _failed = !Try(() => Disk.WriteAsync(offset, _block));
        if (_failed)
            return;
        _sector++;
        _written++;
    }

    private Answer Fail(uint error)
    {
        _errors |= error;
        _failed = true;
        return Answer.Status;
    }

    private bool Try(Func<ValueTask> operation)
    {
        try
        {
            Medium.Wait(operation());
            return true;
        }
        catch (Exception e) when (Medium.IsFailure(e))
        {
            _errors |= GeneralError;
            return false;
        }
    }
}

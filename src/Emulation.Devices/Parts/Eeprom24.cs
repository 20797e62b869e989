using Emulation.Core;

namespace Emulation.Devices;

/// <summary>I²C EEPROM of the 24xx family. Microchip AT24C01D/02D (DS20006100), AT24C256C, AT24CM02.</summary>
/// <remarks>
/// A page write begins its cycle at the STOP condition; until it ends, the part does not acknowledge its address. Addresses wrap within the page while writing and at the end of the
/// memory while reading. A repeated START instead of the STOP abandons the data.
/// </remarks>
public sealed class Eeprom24 : I2cPart
{
    private readonly Eeprom24Model _model;
    private readonly byte[] _buffer;
    private readonly bool[] _loaded;
    private ClockTimer? _timer;
    private int _address;
    private int _addressBytesLeft;
    private int _page;
    private int _received;
    private bool _isWriting;
    private bool _isReading;

    /// <summary>Creates a part.</summary>
    /// <param name="model">Its type.</param>
    /// <param name="content">Its first bytes; the rest is erased (0xff).</param>
    public Eeprom24(Eeprom24Model model, ReadOnlySpan<byte> content = default) : this(model, new PartMemory(Checked(model).Size, content)) { }

    private Eeprom24(Eeprom24Model model, PartMemory memory)
    {
        _model = model;
        Memory = memory;
        _buffer = new byte[model.PageSize];
        _loaded = new bool[model.PageSize];
        WriteProtectPin = AddTerminal("WP");
    }

    /// <summary>Raised when a write cycle begins, with its number from 1: the place to cut the power (<see cref="CutPower"/>).</summary>
    public event Action<long>? WriteBegan;

    /// <summary>Its type.</summary>
    public Eeprom24Model Model => _model;

    /// <summary>Its content; what a test changes here takes no write cycle.</summary>
    public PartMemory Memory { get; }

    /// <summary>Write protect input: while the pin is high, the memory is not written. Not wired, it is low.</summary>
    public Terminal WriteProtectPin { get; }

    /// <summary>Protects the memory as the pin does.</summary>
    public bool WriteProtected { get; set; }

    /// <summary>Duration of a write cycle in nanoseconds; the longest of the data sheet unless set.</summary>
    public long WriteTime { get; set; } = -1;

    /// <summary>Write cycles that began so far.</summary>
    public long WriteCount { get; private set; }

    /// <summary>Whether a write cycle is under way.</summary>
    public bool IsBusy => _isWriting;

    /// <inheritdoc/>
    public override int AddressSpan => _model.AddressSpan;

    /// <inheritdoc/>
    public override I2cAck Start(int address, I2cDirection direction)
    {
        if (_isWriting)
            return false;
        int block = (address & (AddressSpan - 1)) << (8 * _model.AddressBytes);
        _isReading = direction == I2cDirection.Read;
        // a read takes the low bits from the address counter, the block from the device address
        if (AddressSpan > 1)
            _address = (_address & ((1 << (8 * _model.AddressBytes)) - 1)) | block;
        if (!_isReading)
        {
            _addressBytesLeft = _model.AddressBytes;
            ClearBuffer();
        }

        return true;
    }

    /// <inheritdoc/>
    public override I2cAck Write(byte value)
    {
        if (_isReading || _isWriting)
            return false;
        if (_addressBytesLeft > 0)
        {
            _addressBytesLeft--;
            int shift = 8 * _addressBytesLeft;
            _address = ((_address & ~(0xff << shift)) | (value << shift)) & (_model.Size - 1);
            _page = _address / _model.PageSize;
            return true;
        }

        int offset = _address % _model.PageSize;
        (_buffer[offset], _loaded[offset]) = (value, true);
        _received++;
        _address = (_page * _model.PageSize) + ((offset + 1) % _model.PageSize);
        // what is sent to a protected memory is acknowledged and dropped
        return true;
    }

    /// <inheritdoc/>
    public override I2cByte Read() => Memory[_address];

    /// <inheritdoc/>
    public override void ReadDone(bool acknowledged) => _address = (_address + 1) & (_model.Size - 1);

    /// <inheritdoc/>
    public override void RepeatedStart() => ClearBuffer();

    /// <inheritdoc/>
    public override void Stop()
    {
        if (_isReading || _isWriting || _received == 0)
            return;
        if (WriteProtected || WriteProtectPin.Level)
        {
            ClearBuffer();
            return;
        }

        _isWriting = true;
        WriteCount++;
        _timer?.Arm(Now + (WriteTime >= 0 ? WriteTime : _model.WriteTime));
        WriteBegan?.Invoke(WriteCount);
    }

    /// <summary>Fault: the power goes away and comes back. A write cycle that is under way leaves its page torn.</summary>
    /// <param name="written">Bytes of the page that are programmed already; those after them read erased.</param>
    public void CutPower(int written)
    {
        if (_isWriting)
            Program(Math.Max(0, written));
        _isWriting = false;
        PowerCycle();
    }

    /// <inheritdoc/>
    public override void PowerCycle()
    {
        _timer?.Disarm();
        // without power the page under way was erased and not programmed
        if (_isWriting)
            Program(0);
        (_isWriting, _isReading, _address, _addressBytesLeft, _page) = (false, false, 0, 0, 0);
        ClearBuffer();
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        Memory.Save(writer);
        _timer!.Save(writer);
        writer.Write(_address);
        writer.Write(_addressBytesLeft);
        writer.Write(_page);
        writer.Write(_received);
        writer.Write(_isWriting);
        writer.Write(_isReading);
        writer.Write(WriteProtected);
        writer.Write(WriteTime);
        writer.Write(WriteCount);
        writer.WriteRaw(_buffer);
        foreach (bool loaded in _loaded)
            writer.Write(loaded);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        Memory.Load(reader);
        _timer!.Load(reader);
        _address = reader.ReadInt32() & (_model.Size - 1);
        _addressBytesLeft = Math.Clamp(reader.ReadInt32(), 0, _model.AddressBytes);
        _page = reader.ReadInt32() & ((_model.Size / _model.PageSize) - 1);
        _received = reader.ReadInt32();
        _isWriting = reader.ReadBoolean();
        _isReading = reader.ReadBoolean();
        WriteProtected = reader.ReadBoolean();
        WriteTime = reader.ReadInt64();
        WriteCount = reader.ReadInt64();
        reader.ReadRaw(_buffer);
        for (int i = 0; i < _loaded.Length; i++)
            _loaded[i] = reader.ReadBoolean();
    }

    /// <inheritdoc/>
    public override IPart Fork() => new Eeprom24(_model, Memory.Fork());

    /// <inheritdoc/>
    protected override void OnJoined() => _timer = CreateTimer("write cycle", OnWritten);

    private static Eeprom24Model Checked(Eeprom24Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model;
    }

    private void OnWritten()
    {
        Program(_model.PageSize);
        _isWriting = false;
        ClearBuffer();
    }

    private void Program(int count)
    {
        for (int i = 0; i < _buffer.Length; i++)
        {
            if (_loaded[i])
                Memory[(_page * _model.PageSize) + i] = i < count ? _buffer[i] : (byte)0xff;
        }
    }

    private void ClearBuffer()
    {
        _received = 0;
        Array.Clear(_loaded);
        Array.Clear(_buffer);
    }
}

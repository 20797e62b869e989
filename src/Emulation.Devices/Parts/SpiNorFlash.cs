using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Serial NOR flash: W25Q, MX25, IS25LP. Winbond W25Q128JV Rev L, Macronix MX25L6433F, ISSI IS25LP128, JEDEC JESD216B.</summary>
/// <remarks>
/// Reads with one, two and four lanes, with addresses of three and four bytes and in continuous-read mode; programming clears bits only and wraps within its page; erasing and
/// programming take the typical times of the data sheet, during which only the status can be read. QPI and suspend are not there.
/// </remarks>
public sealed partial class SpiNorFlash : SpiPart
{
    private const int PageSize = 256;
    private const byte Busy = 1, WriteEnabled = 2;

    private readonly SpiNorModel _model;
    private readonly byte[] _buffer = new byte[PageSize];
    private readonly byte[] _sfdp;
    private ClockTimer? _timer;
    private Phase _phase;
    private byte _command;
    private int _addressLeft;
    private int _dummyLeft;
    private int _address;
    private int _dataIndex;
    private int _programmed;
    private int _continuous;
    private bool _isResetEnabled;
    private bool _isVolatileWrite;
    private bool _isPoweredDown;
    private bool _isFourByte;
    private Operation _operation;
    private int _operationAddress;
    private int _operationSize;
    private int _newStatus;
    private int _status;
    private int _nonVolatileStatus;

    /// <summary>Creates a part.</summary>
    /// <param name="model">Its type.</param>
    /// <param name="content">Its first bytes; the rest is erased (0xff).</param>
    public SpiNorFlash(SpiNorModel model, ReadOnlySpan<byte> content = default) : this(model, new PartMemory(Checked(model).Size, content)) { }

    /// <summary>Creates a part with a memory that others see, too, such as a window from which a vCPU executes.</summary>
    /// <param name="model">Its type.</param>
    /// <param name="memory">As large as the model.</param>
    /// <exception cref="ArgumentException">The memory has another size.</exception>
    public SpiNorFlash(SpiNorModel model, PartMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        _model = Checked(model);
        if (memory.Size != model.Size)
            throw new ArgumentException($"a {model.Name} has {model.Size} bytes, the memory {memory.Size}", nameof(memory));
        Memory = memory;
        _sfdp = SpiNorSfdp.Build(model);
        WriteProtectPin = AddTerminal("WP#");
    }

    /// <summary>Raised when programming or erasing begins, with the number of such operations so far: the place to cut the power (<see cref="CutPower"/>).</summary>
    public event Action<long>? WriteBegan;

    private enum Phase : byte
    {
        Command,
        Address,
        Mode,
        Data,
        Ignored,
    }

    private enum Operation : byte
    {
        None,
        Program,
        Erase,
        WriteStatus,
        Wake,
        Reset,
    }

    /// <summary>Its type.</summary>
    public SpiNorModel Model => _model;

    /// <summary>Its content; what a test changes here takes no time.</summary>
    public PartMemory Memory { get; }

    /// <summary>Write protect input of the status registers, active low; not wired, it is high.</summary>
    public Terminal WriteProtectPin { get; }

    /// <summary>Programming and erasing operations that began so far.</summary>
    public long WriteCount { get; private set; }

    /// <summary>Whether it programs, erases, or recovers.</summary>
    public bool IsBusy => _operation != Operation.None;

    /// <summary>The status registers: the first in bits 0 to 7 and so on.</summary>
    public int Status => (_status & ~Busy) | (IsBusy && _operation is not Operation.Wake ? Busy : 0);

    /// <summary>Whether it is in deep power-down (B9).</summary>
    public bool IsPoweredDown => _isPoweredDown;

    private bool IsQuadEnabled => (_status >> _model.QuadEnableBit & 1) != 0;

    private bool IsWriteEnabled
    {
        get => (_status & WriteEnabled) != 0;
        set => _status = value ? _status | WriteEnabled : _status & ~WriteEnabled;
    }

    /// <inheritdoc/>
    protected override int SkippedClocks => _phase == Phase.Data ? _dummyLeft : 0;

    /// <summary>Fault: the power goes away and comes back during an operation.</summary>
    /// <param name="done">Bytes of the page or of the erased range that are done; the others are as before.</param>
    public void CutPower(int done)
    {
        if (_operation is Operation.Program or Operation.Erase)
            Apply(Math.Max(0, done));
        _operation = Operation.None;
        PowerCycle();
    }

    /// <inheritdoc/>
    public override void PowerCycle()
    {
        base.PowerCycle();
        // an operation under way ends where it is: half done
        if (_operation is Operation.Program or Operation.Erase)
            Apply(_operationSize / 2);
        _timer?.Disarm();
        ResetState();
        _isPoweredDown = false;
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        base.Save(writer);
        Memory.Save(writer);
        _timer!.Save(writer);
        writer.WriteRaw(_buffer);
        writer.Write((byte)_phase);
        writer.Write((byte)_operation);
        writer.Write(_command);
        foreach (int value in (ReadOnlySpan<int>)[
            _addressLeft, _dummyLeft, _address, _dataIndex, _programmed, _continuous, _operationAddress, _operationSize, _newStatus, _status, _nonVolatileStatus])
        {
            writer.Write(value);
        }

        foreach (bool value in (ReadOnlySpan<bool>)[_isResetEnabled, _isVolatileWrite, _isPoweredDown, _isFourByte])
            writer.Write(value);
        writer.Write(WriteCount);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        base.Load(reader);
        Memory.Load(reader);
        _timer!.Load(reader);
        reader.ReadRaw(_buffer);
        _phase = (Phase)reader.ReadByte();
        _operation = (Operation)reader.ReadByte();
        _command = reader.ReadByte();
        (_addressLeft, _dummyLeft, _address, _dataIndex) = (reader.ReadInt32() & 7, reader.ReadInt32() & 63, reader.ReadInt32(), reader.ReadInt32());
        (_programmed, _continuous, _operationAddress, _operationSize) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        (_newStatus, _status, _nonVolatileStatus) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        (_isResetEnabled, _isVolatileWrite, _isPoweredDown, _isFourByte) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        WriteCount = reader.ReadInt64();
        if (_phase > Phase.Ignored || _operation > Operation.Reset || (uint)_operationAddress >= (uint)_model.Size || _operationSize < 0
            || _operationSize > _model.Size - _operationAddress || _continuous is < 0 or > 255 || _dataIndex < 0)
            throw reader.Damaged($"state of a {_model.Name} out of range");
    }

    /// <inheritdoc/>
    public override IPart Fork() => new SpiNorFlash(_model, Memory.Fork());

    /// <inheritdoc/>
    protected override void OnJoined() => _timer = CreateTimer("operation", OnDone);

    /// <inheritdoc/>
    protected override void OnSelected()
    {
        (_phase, _address, _dataIndex, _dummyLeft, _programmed) = (Phase.Command, 0, 0, 0, 0);
        if (_continuous == 0)
            return;
        // the command of the last read goes on
        _command = (byte)_continuous;
        BeginAddress();
    }

    /// <inheritdoc/>
    protected override void OnDeselected(int strayBits)
    {
        // a command that writes counts only when the last byte is whole
        if (strayBits == 0 && _phase is not (Phase.Ignored or Phase.Command))
            EndCommand();
        _phase = Phase.Ignored;
    }

    /// <inheritdoc/>
    protected override void SkipClocks(int clocks) => _dummyLeft -= clocks;

    /// <inheritdoc/>
    protected override byte Next() => _phase == Phase.Data ? ReadData() : (byte)0xff;

    /// <inheritdoc/>
    protected override void Received(byte value)
    {
        switch (_phase)
        {
            case Phase.Command:
                BeginCommand(value);
                break;
            case Phase.Address:
                if (!CheckLanes(SpiNorCommand.AddressLanes(_command), "address"))
                    break;
                _address = (_address << 8) | value;
                if (--_addressLeft == 0)
                    _phase = SpiNorCommand.HasMode(_command) ? Phase.Mode : Phase.Data;
                break;
            case Phase.Mode:
                // M5-4 = 10: the next selection begins with the address
                _continuous = (value & 0x30) == 0x20 ? _command : 0;
                _phase = Phase.Data;
                break;
            case Phase.Data:
                if (CheckLanes(SpiNorCommand.DataLanes(_command), "data"))
                    WriteData(value);
                break;
            case Phase.Ignored:
                break;
        }
    }

    private static SpiNorModel Checked(SpiNorModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model;
    }

    private bool CheckLanes(int lanes, string what)
    {
        if (Lanes == lanes)
            return true;
        GuestError($"command 0x{_command:x2} has its {what} on {lanes} lanes, not on {Lanes}");
        (_phase, _continuous) = (Phase.Ignored, 0);
        return false;
    }

    private void BeginAddress()
    {
        _addressLeft = SpiNorCommand.AddressBytes(_command, _isFourByte);
        _dummyLeft = SpiNorCommand.DummyClocks(_command);
        _phase = _addressLeft > 0 ? Phase.Address : Phase.Data;
    }

    private void BeginCommand(byte command)
    {
        _command = command;
        bool reset = command is 0x66 or 0x99;
        if (!CheckLanes(1, "code") || (IsBusy && command is not (0x05 or 0x35 or 0x15) && !reset) || (_isPoweredDown && command != 0xab))
        {
            _phase = Phase.Ignored;
            return;
        }

        if (command != 0x99)
            _isResetEnabled = command == 0x66;
        if (SpiNorCommand.IsQuad(command) && !IsQuadEnabled)
        {
            GuestError($"command 0x{command:x2} without QE, the bit that enables four lanes");
            _phase = Phase.Ignored;
            return;
        }

        BeginAddress();
    }

    private void ResetState()
    {
        (_phase, _continuous, _isResetEnabled, _isVolatileWrite, _isFourByte, _operation, _operationSize) = (Phase.Ignored, 0, false, false, false, Operation.None, 0);
        _status = _nonVolatileStatus;
    }
}

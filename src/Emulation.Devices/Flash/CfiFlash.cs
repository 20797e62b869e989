using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// Parallel NOR flash with the Intel command set (CFI algorithm 0001): one bank of interleaved chips. Intel 28F128J3 data sheet, JESD68.01.
/// Ports: a region of the flash's size.
/// </summary>
/// <remarks>
/// <para>In array mode the region is ROM over <see cref="Ram"/>, as fast as memory and executable; its writes are commands. Every other mode lays a register window over
/// it, so a change of mode changes the memory map.</para>
/// <para>Chips of a bank work in step: commands are taken from the low byte, status and identification appear once per chip. Operations complete at once.
/// The content is the machine's memory: it is saved as such, and a reset leaves it.</para>
/// </remarks>
public sealed class CfiFlash : IDevice, IMmio, IFaultableMemory
{
    private const byte Ready = 0x80;
    private const byte EraseError = 0x20;
    private const byte ProgramError = 0x10;
    private const byte LockError = 0x02;

    private readonly CfiFlashOptions _options;
    private readonly GuestLog _log;
    private readonly byte[] _query;
    private readonly byte[] _buffer;
    private readonly bool[] _buffered;
    private readonly bool[] _locked;
    private readonly MmioRegion _window;
    private ReadMode _mode;
    private Step _step;
    private byte _status;
    private ulong _bufferStart;
    private uint _left;
    private bool _bufferPlaced;

    /// <summary>Creates the flash over memory that holds its content.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="ram">The content; an erased byte is 0xff. Its size is a whole number of sectors and, per chip, a power of two.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="options">Geometry; the default is that of two interleaved x16 chips with 128 KiB sectors.</param>
    public CfiFlash(string name, RamBlock ram, GuestLog log, CfiFlashOptions? options = null)
    {
        _options = options ?? new CfiFlashOptions();
        if (_options.BankWidth is not (1 or 2 or 4) || _options.ChipWidth is not (1 or 2 or 4) || _options.ChipWidth > _options.BankWidth)
            throw new ArgumentException($"flash '{name}': chips of {_options.ChipWidth} bytes do not make a bank of {_options.BankWidth}", nameof(options));
        if (_options.WriteBufferShift is < 0 or > 16)
            throw new ArgumentException($"flash '{name}': a write buffer of 2^{_options.WriteBufferShift} bytes is out of range", nameof(options));
        ulong sectors = ram.Size / Math.Max(1, _options.SectorSize);
        if (_options.SectorSize < 256 || !ulong.IsPow2(_options.SectorSize) || sectors is 0 or > 0x1_0000 || sectors * _options.SectorSize != ram.Size || !ulong.IsPow2(ram.Size))
            throw new ArgumentException($"flash '{name}': {ram.Size} bytes are no power of two of 1 to 65536 sectors of {_options.SectorSize}", nameof(ram));
        Name = name;
        Ram = ram;
        _log = log;
        _query = CfiQuery.Build(_options, ram.Size);
        _buffer = new byte[(_options.BankWidth / _options.ChipWidth) << _options.WriteBufferShift];
        _buffered = new bool[_buffer.Length];
        _locked = new bool[sectors];
        _status = Ready;
        _window = new MmioRegion($"{name}.command", ram.Size, this) { Aligned = false };
        Region = new ContainerRegion(name, ram.Size);
        Region.Add(0, new RamRegion(ram, readOnly: true) { WriteHandler = this });
    }

    /// <summary>What reads give.</summary>
    private enum ReadMode : byte
    {
        Array,
        Status,
        Identification,
        Query,
    }

    /// <summary>What the next write is part of.</summary>
    private enum Step : byte
    {
        Command,
        Program,
        EraseConfirm,
        LockConfirm,
        BufferCount,
        BufferData,
        BufferConfirm,
    }

    /// <summary>Raised under the device lock after the guest changed content: first byte and count.</summary>
    public event Action<ulong, ulong>? ContentChanged;

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The region to map.</summary>
    public ContainerRegion Region { get; }

    /// <summary>The content.</summary>
    public RamBlock Ram { get; }

    /// <inheritdoc/>
    public MemoryOperationHook? BeforeOperation { get; set; }

    RamBlock IFaultableMemory.Content => Ram;

    private int Chips => _options.BankWidth / _options.ChipWidth;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (_mode == ReadMode.Array)
            return Ram.Read(offset, size);
        ulong value = 0;
        for (int i = 0; i < size; i++)
        {
            ulong at = offset + (ulong)i;
            int lane = (int)(at % (ulong)_options.ChipWidth);
            value |= (ulong)(byte)(ChipValue(at / (ulong)_options.BankWidth) >> (8 * lane)) << (8 * i);
        }

        return value;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        int width = Math.Min(size, _options.BankWidth);
        for (int done = 0; done < size; done += width)
            WriteBus(offset + (ulong)done, width, value >> (8 * done));
    }

    /// <inheritdoc/>
    public void Reset()
    {
        SetMode(ReadMode.Array);
        _step = Step.Command;
        _status = Ready;
        Array.Clear(_locked);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write((byte)_mode);
        writer.Write((byte)_step);
        writer.Write(_status);
        foreach (bool locked in _locked)
            writer.Write(locked);
        if (_step is not (Step.BufferData or Step.BufferConfirm))
            return;
        writer.Write(_left);
        writer.Write(_bufferPlaced);
        writer.Write(_bufferStart);
        writer.WriteRaw(_buffer);
        foreach (bool buffered in _buffered)
            writer.Write(buffered);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        byte mode = reader.ReadByte();
        byte step = reader.ReadByte();
        if (mode > (byte)ReadMode.Query || step > (byte)Step.BufferConfirm)
            throw reader.Damaged($"no flash is in mode {mode}, step {step}");
        SetMode((ReadMode)mode);
        _step = (Step)step;
        _status = reader.ReadByte();
        foreach (ref bool locked in _locked.AsSpan())
            locked = reader.ReadBoolean();
        if (_step is not (Step.BufferData or Step.BufferConfirm))
            return;
        _left = reader.ReadUInt32();
        _bufferPlaced = reader.ReadBoolean();
        _bufferStart = reader.ReadUInt64();
        if (_bufferStart % (ulong)_buffer.Length != 0 || _bufferStart >= Ram.Size)
            throw reader.Damaged($"the write buffer lies at 0x{_bufferStart:x}");
        reader.ReadRaw(_buffer);
        foreach (ref bool buffered in _buffered.AsSpan())
            buffered = reader.ReadBoolean();
    }

    private uint ChipValue(ulong unit)
    {
        ulong inSector = unit % (_options.SectorSize / (ulong)_options.BankWidth);
        switch (_mode)
        {
            case ReadMode.Status:
                return _status;
            case ReadMode.Query or ReadMode.Identification when inSector == 2:
                return _locked[unit * (ulong)_options.BankWidth / _options.SectorSize] ? 1u : 0;
            case ReadMode.Identification:
                return inSector < 2 ? _query[inSector] : 0u;
            default:
                return unit < (ulong)_query.Length ? _query[unit] : 0u;
        }
    }

    private void WriteBus(ulong offset, int size, ulong value)
    {
        byte command = (byte)value;
        switch (_step)
        {
            case Step.Command: Begin(command); break;
            case Step.Program:
                Program(offset, size, value);
                Finish();
                break;
            case Step.EraseConfirm or Step.LockConfirm: Confirm(command, offset); break;
            case Step.BufferCount: BeginBuffer(value); break;
            case Step.BufferData: AddToBuffer(offset, size, value); break;
            default: ConfirmBuffer(command); break;
        }
    }

    private void Begin(byte command)
    {
        switch (command)
        {
            case 0x00 or 0xf0 or 0xff: SetMode(ReadMode.Array); break;
            case 0x10 or 0x40: Expect(Step.Program); break;
            case 0x20: Expect(Step.EraseConfirm); break;
            case 0x60: Expect(Step.LockConfirm); break;
            case 0xe8: Expect(Step.BufferCount); break;
            case 0x50: _status = Ready; break;
            // nothing is ever in progress, so there is nothing to suspend or resume
            case 0x70 or 0xb0 or 0xd0: SetMode(ReadMode.Status); break;
            case 0x90: SetMode(ReadMode.Identification); break;
            case 0x98: SetMode(ReadMode.Query); break;
            default: _log.Error(Name, $"unknown command 0x{command:x2}"); break;
        }
    }

    private void Expect(Step step)
    {
        SetMode(ReadMode.Status);
        _step = step;
    }

    private void Finish()
    {
        _status |= Ready;
        _step = Step.Command;
    }

    private void FailSequence(string what)
    {
        _log.Error(Name, what);
        _status |= EraseError | ProgramError;
        Finish();
    }

    private void Confirm(byte command, ulong offset)
    {
        ulong sector = offset / _options.SectorSize;
        switch (_step, command)
        {
            case (_, 0xff):
                SetMode(ReadMode.Array);
                break;
            case (Step.EraseConfirm, 0xd0):
                Erase(sector);
                break;
            case (Step.LockConfirm, 0x01 or 0x2f):
                _locked[sector] = true;
                break;
            case (Step.LockConfirm, 0xd0):
                _locked[sector] = false;
                break;
            default:
                FailSequence($"command 0x{command:x2} does not confirm an erase or a lock");
                break;
        }

        Finish();
    }

    private void Erase(ulong sector)
    {
        if (IsProtected(sector, EraseError))
            return;
        Span<byte> erased = stackalloc byte[RamBlock.PageSize];
        erased.Fill(0xff);
        ulong start = sector * _options.SectorSize;
        ulong count = Allowed(MemoryOperationKind.Erase, start, _options.SectorSize);
        for (ulong done = 0; done < count; done += (ulong)erased.Length)
            Ram.Write(start + done, erased[..(int)Math.Min((ulong)erased.Length, count - done)]);
        ContentChanged?.Invoke(start, _options.SectorSize);
    }

    private void Program(ulong offset, int size, ulong value)
    {
        if (IsProtected(offset / _options.SectorSize, ProgramError))
            return;
        ulong count = Allowed(MemoryOperationKind.Program, offset, (ulong)size);
        if (count < 8)
            value |= ulong.MaxValue << (8 * (int)count);

        // programming only clears bits
        Ram.Write(offset, size, Ram.Read(offset, size) & value);
        ContentChanged?.Invoke(offset, (ulong)size);
    }

    private ulong Allowed(MemoryOperationKind kind, ulong offset, ulong count)
        => BeforeOperation is { } ask ? Math.Min(count, ask(new MemoryOperation(kind, offset, count))) : count;

    private bool IsProtected(ulong sector, byte error)
    {
        if (!_options.ReadOnly && !_locked[sector])
            return false;
        _status |= (byte)(error | (_locked[sector] ? LockError : 0));
        return true;
    }

    private void BeginBuffer(ulong value)
    {
        // the count is one less than the writes that follow, the same for each chip
        _left = (uint)(value & (ulong.MaxValue >> (64 - (8 * _options.ChipWidth)))) + 1;
        if (_left > (uint)(_buffer.Length / _options.BankWidth))
        {
            FailSequence($"buffered write of {_left} words is larger than the buffer");
            return;
        }

        Array.Clear(_buffered);
        Array.Clear(_buffer);
        _bufferPlaced = false;
        _bufferStart = 0;
        _step = Step.BufferData;
    }

    private void AddToBuffer(ulong offset, int size, ulong value)
    {
        ulong start = offset & ~((ulong)_buffer.Length - 1);
        if (!_bufferPlaced)
            _bufferStart = start;
        _bufferPlaced = true;
        int at = (int)(offset - start);
        if (start != _bufferStart || at + size > _buffer.Length)
        {
            FailSequence($"buffered write at 0x{offset:x} leaves the buffer at 0x{_bufferStart:x}");
            return;
        }

        for (int i = 0; i < size; i++)
        {
            _buffer[at + i] = (byte)(value >> (8 * i));
            _buffered[at + i] = true;
        }

        if (--_left == 0)
            _step = Step.BufferConfirm;
    }

    private void ConfirmBuffer(byte command)
    {
        if (command != 0xd0)
        {
            FailSequence($"command 0x{command:x2} does not confirm a buffered write");
            return;
        }

        Finish();
        int length = (int)Math.Min((ulong)_buffer.Length, Ram.Size - _bufferStart);
        for (int i = 0; i < length; i++)
        {
            if (_buffered[i] && IsProtected((_bufferStart + (ulong)i) / _options.SectorSize, ProgramError))
                return;
        }

        ulong count = Allowed(MemoryOperationKind.Program, _bufferStart, (ulong)length);
        for (int i = 0; i < (int)count; i++)
        {
            ulong at = _bufferStart + (ulong)i;
            if (_buffered[i])
                Ram.Write(at, 1, Ram.Read(at, 1) & _buffer[i]);
        }

        ContentChanged?.Invoke(_bufferStart, (ulong)length);
    }

    private void SetMode(ReadMode mode)
    {
        bool wasArray = _mode == ReadMode.Array;
        _mode = mode;
        if (wasArray && mode != ReadMode.Array)
            Region.Add(0, _window, priority: 1);
        else if (!wasArray && mode == ReadMode.Array)
            Region.Remove(_window);
    }
}

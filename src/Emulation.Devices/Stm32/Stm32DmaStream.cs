using Emulation.Core;

namespace Emulation.Devices;

/// <summary>One stream of a <see cref="Stm32Dma"/>: its registers, its FIFO, its transfers.</summary>
internal sealed class Stm32DmaStream
{
    private const uint FifoError = 1 << 0;
    private const uint TransferError = 1 << 3;
    private const uint HalfTransfer = 1 << 4;
    private const uint TransferComplete = 1 << 5;
    private const int FifoBytes = 16;

    // CR fields that a running stream does not let go of: all but EN, the interrupt enables and CT is locked
    private const uint Unlocked = 0x1f;

    private readonly Stm32Dma _owner;
    private readonly int _index;
    private readonly Register _control;
    private readonly Register _count;
    private readonly Register _peripheral;
    private readonly Register[] _memory;
    private readonly Register _fifoControl;
    private readonly byte[] _fifo = new byte[FifoBytes];
    private int _first;
    private int _level;
    private bool _enabled;
    private uint _left;
    private uint _total;
    private uint _programmed;
    private ulong _peripheralAddress;
    private ulong _memoryAddress;
    private uint _fetched;

    public Stm32DmaStream(Stm32Dma owner, int index)
    {
        (_owner, _index) = (owner, index);
        ulong at = 0x10 + (0x18 * (ulong)index);
        RegisterMap map = owner.Registers;
        _control = map.Define(at, $"S{index}CR").Bits(27, 0, "CHSEL ... EN", read: () => _control!.Value, write: WriteControl).Reserved(31, 28);
        _count = map.Define(at + 0x04, $"S{index}NDTR").Bits(15, 0, "NDT", read: () => _left, write: WriteCount).Ignored(31, 16);
        _peripheral = map.Define(at + 0x08, $"S{index}PAR").Bits(31, 0, "PA", read: () => _peripheral!.Value, write: v => WriteLocked(_peripheral!, v));
        _memory =
        [
            map.Define(at + 0x0c, $"S{index}M0AR").Bits(31, 0, "M0A", read: () => _memory![0].Value, write: v => WriteMemory(0, v)),
            map.Define(at + 0x10, $"S{index}M1AR").Bits(31, 0, "M1A", read: () => _memory![1].Value, write: v => WriteMemory(1, v)),
        ];
        _fifoControl = map.Define(at + 0x14, $"S{index}FCR", reset: 0x21)
            .Bits(2, 0, "FTH, DMDIS", read: () => _fifoControl!.Value & 7, write: WriteFifoControl)
            .Bits(5, 3, "FS", FieldMode.ReadOnly, read: FifoStatus).Reserved(6, 6)
            .Flag(7, "FEIE", read: () => (_fifoControl!.Value & 0x80) != 0, write: v => SetFifoInterrupt(v)).Reserved(31, 8);
    }

    private enum Direction
    {
        PeripheralToMemory,
        MemoryToPeripheral,
        MemoryToMemory,
        Reserved,
    }

    /// <summary>Whether the stream runs.</summary>
    public bool IsEnabled => _enabled;

    /// <summary>Software priority; 3 is the highest.</summary>
    public int Priority => Field(16, 2);

    /// <summary>Flags whose interrupts are enabled, as they stand in LISR.</summary>
    public uint EnabledFlags
    {
        get
        {
            uint control = (uint)_control.Value;
            // TCIE, HTIE, TEIE, DMEIE are bits 4 to 1; the flags are 5 to 2
            return ((control & 0x1e) << 1) | ((_fifoControl.Value & 0x80) != 0 ? FifoError : 0);
        }
    }

    /// <summary>Whether there is something to transfer now.</summary>
    public bool Wants => _enabled && _left != 0 && (Mode == Direction.MemoryToMemory || NeedsPrefetch || _owner.Request(_index, Channel) is not null);

    /// <summary>Cycles of what <see cref="Transfer"/> will do: two for a beat on each port.</summary>
    public ulong NextCycles
    {
        get
        {
            if (NeedsPrefetch)
                return DirectMode ? 2 : 2 * (ulong)(FifoBytes / MemorySize);
            int beats = Mode == Direction.MemoryToMemory ? CopyBeats : PeripheralBurst, bytes = beats * PeripheralSize;
            return 2 * (ulong)(beats + Math.Max(1, bytes / MemorySize));
        }
    }

    private int Channel => Field(25, 3);

    private Direction Mode => (Direction)Field(6, 2);

    private bool Circular => (Bit(8) || DoubleBuffer) && Mode != Direction.MemoryToMemory;

    private bool DoubleBuffer => Bit(18) && Mode != Direction.MemoryToMemory;

    private bool PeripheralControlsFlow => Bit(5) && Mode != Direction.MemoryToMemory;

    private bool DirectMode => (_fifoControl.Value & 4) == 0 && Mode != Direction.MemoryToMemory;

    private int PeripheralSize => 1 << Math.Min(Field(11, 2), 2);

    // in direct mode the memory side has the peripheral's width (10.3.11)
    private int MemorySize => DirectMode ? PeripheralSize : 1 << Math.Min(Field(13, 2), 2);

    private int PeripheralBurst => DirectMode ? 1 : Beats(Field(21, 2));

    private int MemoryBurst => DirectMode ? 1 : Beats(Field(23, 2));

    // The ports are arbitrated burst by burst (10.3.4), so that a copy holds nobody up for longer; where there is nobody it goes on in larger steps, which are cheaper here.
    private int CopyBeats => _owner.IsAlone(_index) ? FifoBytes / PeripheralSize : PeripheralBurst;

    private int Threshold => DirectMode ? PeripheralSize : ((int)(_fifoControl.Value & 3) + 1) * 4;

    private int Target => Field(19, 1);

    // items are fetched before the first request: one in direct mode, else as many as the FIFO holds (10.3.6)
    private bool NeedsPrefetch => _enabled && Mode == Direction.MemoryToPeripheral && _level == 0 && _fetched < _total;

    public void Reset()
    {
        (_first, _level, _enabled, _left, _total, _programmed, _peripheralAddress, _memoryAddress, _fetched) = (0, 0, false, 0, 0, 0, 0, 0, 0);
        Array.Clear(_fifo);
    }

    public void Save(StateWriter writer)
    {
        foreach (byte value in _fifo)
            writer.Write(value);
        // registers whose fields give their own values are not in the map's image
        writer.Write((uint)_control.Value);
        writer.Write((uint)_peripheral.Value);
        writer.Write((uint)_memory[0].Value);
        writer.Write((uint)_memory[1].Value);
        writer.Write((uint)_fifoControl.Value);
        writer.Write(_first);
        writer.Write(_level);
        writer.Write(_enabled);
        writer.Write(_left);
        writer.Write(_total);
        writer.Write(_programmed);
        writer.Write(_peripheralAddress);
        writer.Write(_memoryAddress);
        writer.Write(_fetched);
    }

    public void Load(StateReader reader)
    {
        for (int i = 0; i < FifoBytes; i++)
            _fifo[i] = reader.ReadByte();
        _control.Value = reader.ReadUInt32() & 0xfef_ffff;
        _peripheral.Value = reader.ReadUInt32();
        _memory[0].Value = reader.ReadUInt32();
        _memory[1].Value = reader.ReadUInt32();
        _fifoControl.Value = reader.ReadUInt32() & 0xa7;
        _first = reader.ReadInt32() & (FifoBytes - 1);
        _level = reader.ReadInt32();
        if ((uint)_level > FifoBytes)
            throw reader.Damaged($"{_level} bytes in a FIFO of {FifoBytes}");
        _enabled = reader.ReadBoolean();
        _left = reader.ReadUInt32() & 0xffff;
        _total = reader.ReadUInt32() & 0xffff;
        _programmed = reader.ReadUInt32() & 0xffff;
        _peripheralAddress = reader.ReadUInt64();
        _memoryAddress = reader.ReadUInt64();
        _fetched = reader.ReadUInt32();
    }

    /// <summary>Serves one request: a burst at the peripheral's side, and what that makes necessary at the memory's.</summary>
    public void Transfer()
    {
        if (NeedsPrefetch)
        {
            Fill();
            return;
        }

        DmaRequest? request = _owner.Request(_index, Channel);
        bool last = PeripheralControlsFlow && request is { IsLast: true };
        bool done = Mode == Direction.MemoryToPeripheral ? Drain(last) : Collect(last);
        if (!done)
            return;
        bool end = _left == 0;
        if (Mode != Direction.MemoryToMemory)
            request?.Acknowledge(end && !Circular, Circular ? uint.MaxValue : _left);
        if (end)
            Complete();
    }

    private static int Beats(int field) => field switch { 0 => 1, 1 => 4, 2 => 8, _ => 16 };

    private bool Bit(int bit) => (_control.Value >> bit & 1) != 0;

    private int Field(int low, int width) => (int)(_control.Value >> low) & ((1 << width) - 1);

    private ulong FifoStatus()
    {
        if (_level == 0)
            return 4;
        return _level == FifoBytes ? 5UL : (ulong)(_level / 4);
    }

    private void WriteControl(ulong value)
    {
        uint next = (uint)value & 0xfef_ffff;
        uint old = (uint)_control.Value;
        if (_enabled)
        {
            if (((next ^ old) & ~Unlocked) != 0)
                _owner.Error($"S{_index}CR is written while the stream runs");
            next = (next & Unlocked) | (old & ~Unlocked);
        }

        _control.Value = next;
        bool enable = (next & 1) != 0;
        if (enable && !_enabled)
            Enable();
        else if (!enable && _enabled)
            Disable();
        _owner.UpdateIrq(_index);
    }

    private void WriteCount(ulong value)
    {
        if (_enabled)
            _owner.Error($"S{_index}NDTR is written while the stream runs");
        else
            _left = _programmed = (uint)value;
    }

    private void WriteLocked(Register register, ulong value)
    {
        if (_enabled)
            _owner.Error($"{register.Name} is written while the stream runs");
        else
            register.Value = value;
    }

    private void WriteMemory(int buffer, ulong value)
    {
        if (!_enabled || (DoubleBuffer && buffer != Target))
        {
            _memory[buffer].Value = value;
            return;
        }

        _owner.Error($"{_memory[buffer].Name} is written while the stream uses it");
        if (DoubleBuffer)
        {
            // the address of the buffer in use (10.3.10)
            Stop();
            _owner.Raise(_index, TransferError);
        }
    }

    private void WriteFifoControl(ulong value)
    {
        if (_enabled)
            _owner.Error($"S{_index}FCR is written while the stream runs");
        else
            _fifoControl.Value = (_fifoControl.Value & ~7UL) | value;
    }

    private void SetFifoInterrupt(bool on)
    {
        _fifoControl.Value = (_fifoControl.Value & ~0x80UL) | (on ? 0x80UL : 0);
        _owner.UpdateIrq(_index);
    }

    private void Enable()
    {
        string? mistake = Mistake();
        if (mistake != null)
        {
            _owner.Error($"stream {_index} is enabled with {mistake}");
            _control.Value &= ~1UL;
            _owner.Raise(_index, FifoError);
            return;
        }

        _enabled = true;
        _first = _level = 0;
        if (_left == 0)
            _left = _programmed;
        if (PeripheralControlsFlow)
            _left = 0xffff;
        Load();
        _owner.Kick();
    }

    // 10.3.12 and tables 48, 49: what the hardware refuses, and what has no meaning
    private string? Mistake()
    {
        if (Mode == Direction.Reserved)
            return "a reserved direction";
        if (Mode == Direction.MemoryToMemory && !_owner.CopiesMemory)
            return "a copy of memory, which this controller cannot do";
        if (Field(11, 2) == 3 || (!DirectMode && Field(13, 2) == 3))
            return "a reserved width";
        if (DirectMode)
            return null;
        if (PeripheralBurst * PeripheralSize > FifoBytes || MemoryBurst * MemorySize > FifoBytes)
            return "a burst longer than the FIFO";
        return MemoryBurst > 1 && Threshold % (MemoryBurst * MemorySize) != 0 ? "a FIFO threshold that is not a multiple of the memory burst" : null;
    }

    private void Load()
    {
        _total = _left;
        _fetched = 0;
        _peripheralAddress = _peripheral.Value;
        _memoryAddress = _memory[DoubleBuffer ? Target : 0].Value;
    }

    private void Disable()
    {
        bool cut = _left != 0;
        if (Mode != Direction.MemoryToPeripheral)
            Flush(all: true);
        Stop();
        if (cut)
            _owner.Raise(_index, TransferComplete);
    }

    private void Stop()
    {
        _enabled = false;
        _first = _level = 0;
        _control.Value &= ~1UL;
    }

    private void Complete()
    {
        _owner.Raise(_index, TransferComplete);
        if (!Circular)
        {
            Stop();
            return;
        }

        if (DoubleBuffer)
            _control.Value ^= 1UL << 19;
        _left = PeripheralControlsFlow ? 0xffff : _programmed;
        Load();
    }

    private ulong Step(bool memory)
    {
        if (memory)
            return Bit(10) ? (ulong)MemorySize : 0;
        // PINCOS has no meaning in direct mode and with bursts (10.5.5)
        return !Bit(9) ? 0 : Bit(15) && !DirectMode && PeripheralBurst == 1 ? 4 : (ulong)PeripheralSize;
    }

    private void CountDown(bool last)
    {
        _left--;
        if (PeripheralControlsFlow)
        {
            _left = last ? 0 : Math.Max(1, _left);
            return;
        }

        if (_left == _total / 2 && _left != 0)
            _owner.Raise(_index, HalfTransfer);
    }

    /// <summary>From the peripheral port through the FIFO to memory.</summary>
    private bool Collect(bool last)
    {
        int beats = Mode == Direction.MemoryToMemory ? CopyBeats : PeripheralBurst;
        for (int i = 0; i < beats && _left != 0; i++)
        {
            if (_level + PeripheralSize > FifoBytes)
                Flush(all: true);
            if (!Read(memory: false, _peripheralAddress, PeripheralSize, out ulong value))
                return Fail($"reads from 0x{_peripheralAddress:x8}");
            _peripheralAddress += Step(memory: false);
            Push(value, PeripheralSize);
            CountDown(last && i == beats - 1);
            if (!_enabled)
                return false;
        }

        return Flush(all: _left == 0);
    }

    private bool Flush(bool all)
    {
        // at its threshold the FIFO is emptied, as far as there are whole bursts (10.3.12)
        int unit = all ? 1 : MemorySize * MemoryBurst;
        if (!all && _level < Threshold)
            return true;
        while (_level >= unit)
        {
            // what is left at the end is written with the full width
            ulong value = Pull(Math.Min(MemorySize, _level));
            if (!Write(memory: true, _memoryAddress, MemorySize, value))
                return Fail($"writes to 0x{_memoryAddress:x8}");
            _memoryAddress += Step(memory: true);
        }

        return true;
    }

    /// <summary>From memory to the FIFO.</summary>
    private bool Fill()
    {
        uint items = DirectMode ? 1 : (uint)(FifoBytes / PeripheralSize);
        while (_fetched < _total && items > 0 && _level + MemorySize <= FifoBytes)
        {
            if (!Read(memory: true, _memoryAddress, MemorySize, out ulong value))
                return Fail($"reads from 0x{_memoryAddress:x8}");
            _memoryAddress += Step(memory: true);
            Push(value, MemorySize);
            uint got = (uint)Math.Max(1, MemorySize / PeripheralSize);
            // several narrow reads make one wide item
            if (MemorySize >= PeripheralSize || _level % PeripheralSize == 0)
            {
                _fetched += got;
                items -= Math.Min(items, got);
            }
        }

        return true;
    }

    /// <summary>From the FIFO to the peripheral port, then memory again.</summary>
    private bool Drain(bool last)
    {
        for (int i = 0; i < PeripheralBurst && _left != 0; i++)
        {
            if (_level < PeripheralSize && !Fill())
                return false;
            ulong value = Pull(Math.Min(PeripheralSize, _level));
            if (!Write(memory: false, _peripheralAddress, PeripheralSize, value))
                return Fail($"writes to 0x{_peripheralAddress:x8}");
            _peripheralAddress += Step(memory: false);
            CountDown(last && i == PeripheralBurst - 1);
            if (!_enabled)
                return false;
        }

        return (!DirectMode && _level > Threshold) || _left == 0 || Fill();
    }

    private bool Read(bool memory, ulong address, int size, out ulong value)
    {
        value = 0;
        return _owner.Reaches(memory, address) && _owner.Bus.Read(address, size, out value) == BusResult.Ok;
    }

    private bool Write(bool memory, ulong address, int size, ulong value)
        => _owner.Reaches(memory, address) && _owner.Bus.Write(address, size, value) == BusResult.Ok;

    private bool Fail(string what)
    {
        _owner.Error($"stream {_index} {what}, where nothing answers it");
        Stop();
        _owner.Raise(_index, TransferError);
        return false;
    }

    private void Push(ulong value, int size)
    {
        for (int i = 0; i < size && _level < FifoBytes; i++)
            _fifo[(_first + _level++) % FifoBytes] = (byte)(value >> (8 * i));
    }

    private ulong Pull(int size)
    {
        ulong value = 0;
        for (int i = 0; i < size; i++)
        {
            value |= (ulong)_fifo[_first] << (8 * i);
            _first = (_first + 1) % FifoBytes;
        }

        _level -= size;
        return value;
    }
}

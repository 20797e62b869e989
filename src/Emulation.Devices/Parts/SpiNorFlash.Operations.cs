namespace Emulation.Devices;

// What commands do once their address is there.
public sealed partial class SpiNorFlash
{
    private int Address => (int)((uint)_address & (uint)(_model.Size - 1));

    private bool IsStatusLocked
    {
        get
        {
            bool isProtected = (_status & 0x80) != 0, low = WriteProtectPin is { Pin: not null, Level: false };
            // with four lanes WP# is a data line
            return isProtected && low && !IsQuadEnabled;
        }
    }

    private byte ReadData()
    {
        int index = _dataIndex++;
        if (SpiNorCommand.IsRead(_command))
        {
            if (CheckLanes(SpiNorCommand.DataLanes(_command), "data"))
                return Memory[(int)(((uint)_address + (uint)index) & (uint)(_model.Size - 1))];
            return 0xff;
        }

        // reads go on for as long as the clock does
        if (index > 1 << 20)
            _dataIndex = 256;
        bool isWinbond = _model.Maker == SpiNorMaker.Winbond;
        return _command switch
        {
            0x05 => (byte)Status,
            0x35 when isWinbond => (byte)(_status >> 8),
            0x15 when isWinbond => (byte)((_status >> 16 & ~1) | (_isFourByte ? 1 : 0)),
            0x15 when _model.Maker == SpiNorMaker.Macronix => (byte)((_status >> 8 & ~0x20) | (_isFourByte ? 0x20 : 0)),
            0x48 when _model.Maker == SpiNorMaker.Issi => (byte)(_status >> 8),
            0x9f => (byte)(_model.JedecId >> (16 - (8 * (index % 3)))),
            0xab => _model.DeviceId,
            0x90 => ((index ^ _address) & 1) == 0 ? (byte)(_model.JedecId >> 16) : _model.DeviceId,
            0x5a => _sfdp[(_address + index) & 0xff],
            0x4b when isWinbond => (byte)(0xd1 + index),
            _ => 0xff,
        };
    }

    private void WriteData(byte value)
    {
        if (SpiNorCommand.IsProgram(_command))
        {
            // more than a page: the last bytes count
            if (_programmed == 0)
                Array.Fill(_buffer, (byte)0xff);
            _buffer[(Address + _programmed) % PageSize] = value;
            _programmed = _programmed + 1 > 2 * PageSize ? _programmed + 1 - PageSize : _programmed + 1;
            return;
        }

        int register = _command switch { 0x01 => _programmed, 0x31 => 1, 0x11 => 2, 0x42 => 1, _ => -1 };
        if (register < 0 || (register > 1 && _command == 0x01))
            return;
        if (_programmed == 0)
            _newStatus = _status;
        _newStatus = (_newStatus & ~(0xff << (8 * register))) | (value << (8 * register));
        _programmed++;
    }

    // CS# goes high
    private void EndCommand()
    {
        bool hasAddress = _phase == Phase.Data;
        switch (_command)
        {
            case 0x06:
                IsWriteEnabled = true;
                break;
            case 0x04:
                IsWriteEnabled = false;
                break;
            case 0x50:
                _isVolatileWrite = true;
                break;
            case 0x01 or 0x31 or 0x11 or 0x42 when _programmed > 0:
                WriteStatus();
                break;
            case 0xb7 when _model.HasFourByteAddresses:
                _isFourByte = true;
                break;
            case 0xe9 when _model.HasFourByteAddresses:
                _isFourByte = false;
                break;
            case 0xb9:
                _isPoweredDown = true;
                break;
            case 0xab when _isPoweredDown:
                _isPoweredDown = false;
                Begin(Operation.Wake, 0, 0, _model.WakeTime);
                break;
            case 0x99 when _isResetEnabled:
                SoftReset();
                break;
            case 0xc7 or 0x60:
                Write(Operation.Erase, 0, _model.Size, _model.ChipEraseTime);
                break;
            case var program when SpiNorCommand.IsProgram(program) && hasAddress && _programmed > 0:
                Write(Operation.Program, Address & ~(PageSize - 1), PageSize, _model.PageProgramTime);
                break;
            case var erase when SpiNorCommand.EraseSize(erase) > 0 && hasAddress:
                int size = SpiNorCommand.EraseSize(erase);
                long time = size switch { 4 << 10 => _model.SectorEraseTime, 32 << 10 => _model.HalfBlockEraseTime, _ => _model.BlockEraseTime };
                Write(Operation.Erase, Address & ~(size - 1), size, time);
                break;
        }
    }

    private void Write(Operation operation, int address, int size, long time)
    {
        if (!IsWriteEnabled)
        {
            GuestError($"command 0x{_command:x2} without write enable");
            return;
        }

        (int first, int length) = ProtectedRange();
        if (address < first + length && first < address + size)
        {
            GuestError($"command 0x{_command:x2} at 0x{address:x}, which is write-protected");
            IsWriteEnabled = false;
            return;
        }

        WriteCount++;
        Begin(operation, address, size, time);
        WriteBegan?.Invoke(WriteCount);
    }

    private void Begin(Operation operation, int address, int size, long time)
    {
        (_operation, _operationAddress, _operationSize) = (operation, address, size);
        _timer?.Arm(Now + time);
    }

    private void WriteStatus()
    {
        if ((!IsWriteEnabled && !_isVolatileWrite) || IsStatusLocked)
        {
            IsWriteEnabled = _isVolatileWrite = false;
            return;
        }

        const int Writable = 0x7fff_fffc;
        _newStatus = (_status & ~Writable) | (_newStatus & Writable);
        if (_isVolatileWrite && !IsWriteEnabled)
        {
            (_status, _isVolatileWrite) = (_newStatus, false);
            return;
        }

        Begin(Operation.WriteStatus, 0, 0, _model.StatusWriteTime);
    }

    private void SoftReset()
    {
        if (_operation is Operation.Program or Operation.Erase)
            Apply(_operationSize / 2);
        ResetState();
        Begin(Operation.Reset, 0, 0, _model.ResetTime);
    }

    private void OnDone()
    {
        switch (_operation)
        {
            case Operation.Program or Operation.Erase:
                Apply(_operationSize);
                IsWriteEnabled = false;
                break;
            case Operation.WriteStatus:
                IsWriteEnabled = _isVolatileWrite = false;
                _nonVolatileStatus = _newStatus & ~(Busy | WriteEnabled);
                _status = _nonVolatileStatus;
                break;
        }

        _operation = Operation.None;
    }

    // bits can only be cleared
    private void Apply(int count)
    {
        if (_operation == Operation.Erase)
        {
            Memory.Erase(_operationAddress, Math.Min(count, _operationSize));
            return;
        }

        for (int i = 0; i < Math.Min(count, PageSize); i++)
        {
            int address = _operationAddress + i;
            if (_buffer[i] != 0xff)
                Memory[address] = (byte)(Memory[address] & _buffer[i]);
        }
    }

    // block protection: W25Q128JV 7.1.3 to 7.1.7; MX25L6433F and IS25LP128, tables of protected areas
    private (int First, int Length) ProtectedRange()
    {
        int size = _model.Size, length;
        bool bottom, complement = false;
        if (_model.Maker == SpiNorMaker.Winbond)
        {
            int level = _status >> 2 & 7;
            complement = (_status & 0x4000) != 0;
            bottom = (_status & 0x20) != 0;
            if (level is 0 or 7)
                length = level == 0 ? 0 : size;
            else if ((_status & 0x40) != 0)
                length = Math.Min(4096 << (level - 1), 32 << 10);
            else
                length = (int)Math.Min(size, (long)Math.Max(64 << 10, size / 64) << (level - 1));
        }
        else
        {
            int level = _status >> 2 & 15;
            bottom = _model.Maker == SpiNorMaker.Macronix ? (_status & 0x800) != 0 : (_status & 0x200) != 0;
            length = level == 0 ? 0 : (int)Math.Min(size, (64L << 10) << (level - 1));
        }

        int first = bottom ? 0 : size - length;
        return complement ? (bottom ? length : 0, size - length) : (first, length);
    }
}

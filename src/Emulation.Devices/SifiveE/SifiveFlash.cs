using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The SPI NOR flash of the HiFive1 boards, an ISSI IS25LP128 or IS25LP032D, whose content is plain memory so that a controller can show it to the guest directly. IS25LP032D/IS25LP128 data sheets, "Commands".</summary>
/// <remarks>Typical times: page program 0.2 ms, sector erase 70 ms, block erase 100 and 150 ms, chip erase 8 s.</remarks>
/// <param name="content">The content; a power of two of bytes, erased bytes are 0xff. It is saved by its machine.</param>
public sealed class SifiveFlash(RamBlock content) : SpiPart
{
    private const int PageSize = 256;
    private const byte Busy = 1;
    private const byte WriteEnabled = 2;
    private const byte QuadEnable = 0x40;
    private const long Microsecond = 1000;

    private readonly RamBlock _content = content ?? throw new ArgumentNullException(nameof(content));
    private readonly byte[] _page = new byte[PageSize];
    private readonly bool[] _pageSet = new bool[PageSize];
    private byte _command;
    private byte _status;
    private int _count;
    private uint _address;
    private bool _poweredDown;
    private long _busyUntil;

    private bool IsBusy => Now < _busyUntil;

    /// <inheritdoc/>
    public override IPart Fork() => new SifiveFlash(_content);

    /// <inheritdoc/>
    public override void PowerCycle()
    {
        base.PowerCycle();
        (_command, _count, _address, _poweredDown, _busyUntil) = (0, 0, 0, false, 0);
        _status &= QuadEnable;
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        base.Save(writer);
        writer.WriteRaw(_page);
        foreach (bool set in _pageSet)
            writer.Write(set);
        writer.Write(_command);
        writer.Write(_status);
        writer.Write(_count);
        writer.Write(_address);
        writer.Write(_poweredDown);
        writer.Write(_busyUntil);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        base.Load(reader);
        reader.ReadRaw(_page);
        for (int i = 0; i < PageSize; i++)
            _pageSet[i] = reader.ReadBoolean();
        _command = reader.ReadByte();
        _status = reader.ReadByte();
        _count = reader.ReadInt32();
        _address = reader.ReadUInt32();
        _poweredDown = reader.ReadBoolean();
        _busyUntil = reader.ReadInt64();
    }

    /// <inheritdoc/>
    protected override void OnSelected()
    {
        _count = 0;
        Array.Clear(_pageSet);
    }

    /// <inheritdoc/>
    protected override byte Next()
    {
        if (_count == 0 || (_poweredDown && _command != 0xab))
            return 0xff;
        switch (_command)
        {
            case 0x05:
                return (byte)((_status & ~Busy) | (IsBusy ? Busy : 0));
            case 0x9f:
                return ((_count - 1) % 3) switch { 0 => 0x9d, 1 => 0x60, _ => (byte)System.Numerics.BitOperations.Log2(_content.Size) };
            case 0xab when _count > 3:
                return (byte)(System.Numerics.BitOperations.Log2(_content.Size) - 1);
            default:
                return !IsBusy && _count >= DataStart ? (byte)_content.Read((_address + (uint)(_count - DataStart)) & ((uint)_content.Size - 1), 1) : (byte)0xff;
        }
    }

    /// <inheritdoc/>
    protected override void Received(byte value)
    {
        int index = _count;
        _count = Math.Min(_count + 1, int.MaxValue - 1);
        if (index == 0)
        {
            _command = value;
            if (IsBusy && value != 0x05)
                _command = 0;
            return;
        }

        if (index <= 3)
            _address = ((_address << 8) | value) & 0xff_ffff;
        else if (_command is 0x02 or 0x32 or 0x38)
        {
            int at = (int)((_address + (uint)(index - 4)) % PageSize);
            (_page[at], _pageSet[at]) = (value, true);
        }

        if (_command == 0x01 && index == 1 && (_status & WriteEnabled) != 0)
            _status = (byte)((_status & (Busy | WriteEnabled)) | (value & ~(Busy | WriteEnabled)));
    }

    /// <inheritdoc/>
    protected override void OnDeselected(int strayBits)
    {
        // a command that writes counts only as a whole number of bytes
        if (strayBits != 0 || _count == 0)
            return;
        if (_poweredDown && _command != 0xab)
            return;
        switch (_command)
        {
            case 0x06: _status |= WriteEnabled; break;
            case 0x04: _status &= unchecked((byte)~WriteEnabled); break;
            case 0xb9: _poweredDown = true; break;
            case 0xab: _poweredDown = false; break;
            case 0x01 when _count > 1: Finish(2000 * Microsecond); break;
            case 0x02 or 0x32 or 0x38 when _count > 4: Program(); break;
            case 0x20 or 0xd7 when _count == 4: Erase(4096, 70_000 * Microsecond); break;
            case 0x52 when _count == 4: Erase(32768, 100_000 * Microsecond); break;
            case 0xd8 when _count == 4: Erase(65536, 150_000 * Microsecond); break;
            case 0x60 or 0xc7 when _count == 1: Erase(_content.Size, 8_000_000 * Microsecond); break;
            default: break;
        }
    }

    // bytes before the data of a read: command, address, and dummy bytes of the fast ones
    private int DataStart => _command switch { 0x03 => 4, 0x0b or 0x3b or 0x6b => 5, 0xbb => 5, 0xeb => 7, _ => int.MaxValue };

    private void Program()
    {
        if ((_status & WriteEnabled) == 0)
        {
            GuestError("a page program without write enable");
            return;
        }

        ulong page = _address & ((uint)_content.Size - 1) & ~(uint)(PageSize - 1);
        Span<byte> bytes = stackalloc byte[PageSize];
        _content.Read(page, bytes);
        for (int i = 0; i < PageSize; i++)
        {
            if (_pageSet[i])
                bytes[i] &= _page[i];
        }

        _content.Write(page, bytes);
        Finish(200 * Microsecond);
    }

    private void Erase(ulong size, long time)
    {
        if ((_status & WriteEnabled) == 0)
        {
            GuestError("an erase without write enable");
            return;
        }

        ulong start = size == _content.Size ? 0 : _address & ((uint)_content.Size - 1) & ~(size - 1);
        Span<byte> erased = stackalloc byte[4096];
        erased.Fill(0xff);
        for (ulong done = 0; done < size; done += 4096)
            _content.Write(start + done, erased);
        Finish(time);
    }

    private void Finish(long time)
    {
        _status &= unchecked((byte)~WriteEnabled);
        _busyUntil = Now + time;
    }
}

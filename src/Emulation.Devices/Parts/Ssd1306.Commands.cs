using Emulation.Core;

namespace Emulation.Devices;

// Table 9-1 and section 10 of the SSD1306 data sheet.
public sealed partial class Ssd1306
{
    private int _scrollFirst;
    private int _scrollLast;
    private int _scrollFrames;
    private int _scrollVertical;
    private int _scrollDirection;
    private int _areaTop;
    private int _areaRows;

    /// <summary>Nanoseconds between two steps of the scroll.</summary>
    internal long ScrollInterval => Math.Max(1, _scrollFrames * FrameTime);

    /// <summary>Moves the picture by one step.</summary>
    internal void Scroll()
    {
        for (int page = _scrollFirst; page <= _scrollLast && _scrollDirection != 0; page++)
        {
            Span<byte> row = _ram.AsSpan(page * Columns, Columns);
            byte carry = _scrollDirection > 0 ? row[^1] : row[0];
            if (_scrollDirection > 0)
            {
                row[..^1].CopyTo(row[1..]);
                row[0] = carry;
            }
            else
            {
                row[1..].CopyTo(row[..^1]);
                row[^1] = carry;
            }
        }

        if (_scrollVertical > 0 && _areaRows > 0)
            ScrollRows();
        Updated?.Invoke();
    }

    internal void Save(StateWriter writer)
    {
        writer.WriteRaw(_ram);
        writer.WriteRaw(_command);
        foreach (int value in (ReadOnlySpan<int>)[
            _commandLength, _column, _page, _columnStart, _columnEnd, _pageStart, _pageEnd, AddressingMode, StartLine, DisplayOffset, MultiplexRatio,
            _scrollFirst, _scrollLast, _scrollFrames, _scrollVertical, _scrollDirection, _areaTop, _areaRows])
        {
            writer.Write((ushort)(short)value);
        }

        foreach (byte value in (ReadOnlySpan<byte>)[Contrast, CommonPins, ClockSetting, Precharge, DeselectLevel])
            writer.Write(value);
        foreach (bool value in (ReadOnlySpan<bool>)[IsOn, IsInverse, IsAllOn, IsSegmentRemapped, IsScanReversed, IsChargePumpOn, IsScrolling, IsLocked])
            writer.Write(value);
    }

    internal void Load(StateReader reader)
    {
        reader.ReadRaw(_ram);
        reader.ReadRaw(_command);
        int Next(int low, int high)
        {
            int value = (short)reader.ReadUInt16();
            return value >= low && value <= high ? value : throw reader.Damaged("state of a display out of range");
        }

        _commandLength = Next(0, LengthOf(_command[0]) - 1);
        (_column, _page) = (Next(0, Columns - 1), Next(0, Pages - 1));
        (_columnStart, _columnEnd, _pageStart, _pageEnd) = (Next(0, Columns - 1), Next(0, Columns - 1), Next(0, Pages - 1), Next(0, Pages - 1));
        (AddressingMode, StartLine, DisplayOffset, MultiplexRatio) = (Next(0, 2), Next(0, 63), Next(0, 63), Next(16, 64));
        (_scrollFirst, _scrollLast, _scrollFrames, _scrollVertical) = (Next(0, Pages - 1), Next(0, Pages - 1), Next(2, 256), Next(0, 63));
        (_scrollDirection, _areaTop, _areaRows) = (Next(-1, 1), Next(0, 63), Next(0, 64));
        (Contrast, CommonPins, ClockSetting, Precharge, DeselectLevel) = (reader.ReadByte(), reader.ReadByte(), reader.ReadByte(), reader.ReadByte(), reader.ReadByte());
        (IsOn, IsInverse, IsAllOn, IsSegmentRemapped) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        (IsScanReversed, IsChargePumpOn, IsScrolling, IsLocked) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
    }

    private static int LengthOf(byte command) => command switch
    {
        0x26 or 0x27 => 7,
        0x29 or 0x2a => 6,
        0x21 or 0x22 or 0xa3 => 3,
        0x20 or 0x23 or 0x81 or 0x8d or 0xa8 or 0xd3 or 0xd5 or 0xd6 or 0xd9 or 0xda or 0xdb or 0xfd => 2,
        _ => 1,
    };

    private static int FramesOf(int code) => (code & 7) switch { 0 => 5, 1 => 64, 2 => 128, 3 => 256, 4 => 3, 5 => 4, 6 => 25, _ => 2 };

    private void ResetScroll()
        => (_scrollFirst, _scrollLast, _scrollFrames, _scrollVertical, _scrollDirection, _areaTop, _areaRows) = (0, 0, 5, 0, 0, 0, 64);

    private void Execute()
    {
        byte command = _command[0], a = _command[1], b = _command[2];
        switch (command)
        {
            case <= 0x0f:
                _column = (_column & 0x70) | command;
                break;
            case <= 0x1f:
                _column = (_column & 0x0f) | ((command & 7) << 4);
                break;
            case 0x20:
                AddressingMode = Math.Min(a & 3, 2);
                break;
            case 0x21:
                (_columnStart, _columnEnd) = (a & 127, b & 127);
                _column = _columnStart;
                break;
            case 0x22:
                (_pageStart, _pageEnd) = (a & 7, b & 7);
                _page = _pageStart;
                break;
            case 0x26 or 0x27:
                (_scrollFirst, _scrollFrames, _scrollLast) = (b & 7, FramesOf(_command[3]), _command[4] & 7);
                (_scrollDirection, _scrollVertical) = (command == 0x26 ? 1 : -1, 0);
                break;
            case 0x29 or 0x2a:
                (_scrollFirst, _scrollFrames, _scrollLast) = (b & 7, FramesOf(_command[3]), _command[4] & 7);
                (_scrollDirection, _scrollVertical) = (command == 0x29 ? 1 : -1, _command[5] & 63);
                break;
            case 0x2e:
                IsScrolling = false;
                break;
            case 0x2f:
                IsScrolling = true;
                break;
            case >= 0x40 and <= 0x7f:
                StartLine = command & 63;
                break;
            case 0x81:
                Contrast = a;
                break;
            case 0x8d:
                IsChargePumpOn = (a & 4) != 0;
                break;
            case 0xa0 or 0xa1:
                IsSegmentRemapped = command == 0xa1;
                break;
            case 0xa3:
                (_areaTop, _areaRows) = (a & 63, Math.Min(b & 127, 64));
                break;
            case 0xa4 or 0xa5:
                IsAllOn = command == 0xa5;
                break;
            case 0xa6 or 0xa7:
                IsInverse = command == 0xa7;
                break;
            case 0xa8:
                // 0 to 14 are invalid
                if ((a & 63) >= 15)
                    MultiplexRatio = (a & 63) + 1;
                break;
            case 0xae or 0xaf:
                IsOn = command == 0xaf;
                break;
            case >= 0xb0 and <= 0xb7:
                _page = command & 7;
                break;
            case 0xc0 or 0xc8:
                IsScanReversed = command == 0xc8;
                break;
            case 0xd3:
                DisplayOffset = a & 63;
                break;
            case 0xd5:
                ClockSetting = a;
                break;
            case 0xd9:
                Precharge = a;
                break;
            case 0xda:
                CommonPins = a;
                break;
            case 0xdb:
                DeselectLevel = a;
                break;
            case 0xfd:
                IsLocked = (a & 4) != 0;
                break;
        }
    }

    private void ScrollRows()
    {
        byte[] before = [.. _ram];
        int top = _areaTop, rows = Math.Min(_areaRows, 64 - top);
        for (int y = 0; y < rows; y++)
        {
            int source = top + ((y + _scrollVertical) % rows), target = top + y;
            for (int x = 0; x < Columns; x++)
            {
                int bit = before[(source / 8 * Columns) + x] >> (source & 7) & 1;
                ref byte cell = ref _ram[(target / 8 * Columns) + x];
                cell = (byte)((cell & ~(1 << (target & 7))) | (bit << (target & 7)));
            }
        }
    }
}

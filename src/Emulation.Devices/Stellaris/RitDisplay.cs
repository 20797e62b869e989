using System.Text;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>OLED display RIT P14201 of Stellaris evaluation boards: 128 x 96 pixels of 16 grey levels, with a controller like the SSD1329 on SPI. Solomon Systech SSD1325 and SSD1329 data sheets, "Command Table".</summary>
/// <remarks>Commands that only change timing or voltages are taken with their arguments. Scrolling and drawing commands are reported as missing.</remarks>
public sealed class RitDisplay : SpiPart
{
    /// <summary>Pixels in a row.</summary>
    public const int Width = 128;

    /// <summary>Rows.</summary>
    public const int Height = 96;

    private const int Stride = 64;
    private readonly byte[] _memory = new byte[Stride * 128];
    private readonly byte[] _arguments = new byte[8];
    private byte _command, _remap, _startLine, _offset, _contrast;
    private byte _firstColumn, _lastColumn, _firstRow, _lastRow, _column, _row;
    private int _count, _wanted;
    private bool _on, _data;
    private byte _mode;

    /// <summary>Creates a display.</summary>
    public RitDisplay() => SetDefaults();

    /// <summary>Whether it shows anything.</summary>
    public bool IsOn => _on;

    /// <summary>Contrast current as set last, 0 to 255.</summary>
    public int Contrast => _contrast;

    /// <summary>Sets the input D/C: data while it is high, commands while it is low.</summary>
    /// <param name="level">The level.</param>
    public void SetDataCommand(bool level) => _data = level;

    /// <summary>The grey level of a pixel as it is shown, 0 to 15; 0 while the display is off.</summary>
    /// <param name="x">Column from the left.</param>
    /// <param name="y">Row from the top.</param>
    public int Pixel(int x, int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)x, (uint)Width - 1, nameof(x));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)y, (uint)Height - 1, nameof(y));
        if (!_on)
            return 0;
        byte pair = _memory[(((y + _startLine) & 127) * Stride) + (x >> 1)];
        int value = (x & 1) == 0 ? pair & 15 : pair >> 4;
        return _mode switch { 1 => 15, 2 => 0, 3 => 15 - value, _ => value };
    }

    /// <summary>The picture as text: a line for each two rows of pixels, with block characters.</summary>
    /// <param name="threshold">Grey levels from which a pixel is lit.</param>
    public string ToText(int threshold = 1)
    {
        var text = new StringBuilder();
        for (int y = 0; y < Height; y += 2)
        {
            var line = new StringBuilder(Width);
            for (int x = 0; x < Width; x++)
                line.Append((Pixel(x, y) >= threshold, Pixel(x, y + 1) >= threshold) switch { (true, true) => '█', (true, false) => '▀', (false, true) => '▄', _ => ' ' });
            text.AppendLine(line.ToString().TrimEnd());
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public override bool Supports(SpiMode mode) => true;

    /// <inheritdoc/>
    public override void PowerCycle()
    {
        base.PowerCycle();
        Array.Clear(_memory);
        SetDefaults();
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        base.Save(writer);
        writer.WriteRaw(_memory);
        writer.WriteRaw(_arguments);
        writer.WriteRaw([_command, _remap, _startLine, _offset, _contrast, _firstColumn, _lastColumn, _firstRow, _lastRow, _column, _row, _mode]);
        writer.Write(_count);
        writer.Write(_wanted);
        writer.Write(_on);
        writer.Write(_data);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        base.Load(reader);
        reader.ReadRaw(_memory);
        reader.ReadRaw(_arguments);
        byte[] values = new byte[12];
        reader.ReadRaw(values);
        (_command, _remap, _startLine, _offset, _contrast, _mode) = (values[0], values[1], values[2], values[3], values[4], values[11]);
        (_firstColumn, _lastColumn, _firstRow, _lastRow, _column, _row) = ((byte)(values[5] & 63), (byte)(values[6] & 63), (byte)(values[7] & 127), (byte)(values[8] & 127), (byte)(values[9] & 63), (byte)(values[10] & 127));
        _count = reader.ReadInt32();
        _wanted = reader.ReadInt32();
        if (_wanted < 0 || _wanted > _arguments.Length || _count < 0 || _count > _wanted)
            throw reader.Damaged("a command has more arguments than there are");
        _on = reader.ReadBoolean();
        _data = reader.ReadBoolean();
    }

    /// <inheritdoc/>
    public override IPart Fork() => new RitDisplay();

    /// <inheritdoc/>
    protected override byte Next() => 0xff;

    /// <inheritdoc/>
    protected override void Received(byte value)
    {
        if (_data)
        {
            WritePixels(value);
            return;
        }

        if (_count < _wanted)
        {
            _arguments[_count++] = value;
        }
        else
        {
            (_command, _count, _wanted) = (value, 0, Arguments(value));
        }

        if (_count == _wanted)
        {
            Execute();
            (_count, _wanted) = (0, 0);
        }
    }

    private static int Arguments(byte command) => command switch
    {
        0x15 or 0x75 => 2,
        0x23 => 3,
        0x24 => 4,
        0x25 => 5,
        0x26 => 5,
        0x81 or 0x82 or 0xa0 or 0xa1 or 0xa2 or 0xa8 or 0xad or 0xb0 or 0xb1 or 0xb2 or 0xb3 or 0xb4 or 0xbb or 0xbc or 0xbe or 0xbf or 0xcf or 0xd2 or 0xfd => 1,
        0xb8 => 8,
        _ => 0,
    };

    private void SetDefaults()
    {
        (_command, _remap, _startLine, _offset, _contrast, _mode) = (0, 0, 0, 0, 0x40, 0);
        (_firstColumn, _lastColumn, _firstRow, _lastRow, _column, _row) = (0, 63, 0, 127, 0, 0);
        (_count, _wanted, _on, _data) = (0, 0, false, false);
    }

    private void Execute()
    {
        switch (_command)
        {
            case 0x15:
                (_firstColumn, _lastColumn) = ((byte)(_arguments[0] & 63), (byte)(_arguments[1] & 63));
                _column = _firstColumn;
                break;
            case 0x75:
                (_firstRow, _lastRow) = ((byte)(_arguments[0] & 127), (byte)(_arguments[1] & 127));
                _row = _firstRow;
                break;
            case 0x81:
                _contrast = _arguments[0];
                break;
            case 0xa0:
                _remap = _arguments[0];
                break;
            case 0xa1:
                _startLine = (byte)(_arguments[0] & 127);
                break;
            case 0xa2:
                _offset = (byte)(_arguments[0] & 127);
                break;
            case 0xa4 or 0xa5 or 0xa6 or 0xa7:
                _mode = (byte)(_command & 3);
                break;
            case 0xae or 0xaf:
                _on = _command == 0xaf;
                break;
            case 0x23 or 0x24 or 0x25 or 0x26 or 0x2e or 0x2f:
                if (_command is 0x24 or 0x25 or 0x26)
                    GuestError($"drawing and scrolling (command 0x{_command:x2}) are not modelled");
                break;
            default:
                break;
        }
    }

    // Remap: bit 0 mirrors the columns, bit 1 swaps nibbles, bit 2 goes down the rows first
    private void WritePixels(byte value)
    {
        if ((_remap & 2) != 0)
            value = (byte)((value >> 4) | (value << 4));
        int column = (_remap & 1) != 0 ? Stride - 1 - _column : _column;
        _memory[(_row * Stride) + column] = value;
        if ((_remap & 4) != 0)
        {
            if (_row++ == _lastRow)
            {
                _row = _firstRow;
                _column = _column == _lastColumn ? _firstColumn : (byte)((_column + 1) & 63);
            }
        }
        else if (_column++ == _lastColumn)
        {
            _column = _firstColumn;
            _row = _row == _lastRow ? _firstRow : (byte)((_row + 1) & 127);
        }

        (_column, _row) = ((byte)(_column & 63), (byte)(_row & 127));
    }
}

using System.Text;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Controller and panel of a monochrome OLED display: SSD1306 or SSD1309, 128x64 or 128x32. Solomon Systech SSD1306 Rev 1.1.</summary>
/// <remarks>
/// This is the display itself; <see cref="Ssd1306I2c"/> and <see cref="Ssd1306Spi"/> put it on a bus. Display RAM is random after power-on of a real one; here it is zero.
/// Scrolling shows the moved picture, and like the real one it moves the RAM.
/// </remarks>
public sealed partial class Ssd1306
{
    private const int Columns = 128, Pages = 8;
    private const long OscillatorBase = 370_000;

    private readonly byte[] _ram = new byte[Columns * Pages];
    private readonly byte[] _command = new byte[8];
    private readonly int _height;
    private int _commandLength;
    private int _column;
    private int _page;
    private int _columnStart;
    private int _columnEnd;
    private int _pageStart;
    private int _pageEnd;

    internal Ssd1306(int height)
    {
        if (height is not (16 or 32 or 64))
            throw new ArgumentOutOfRangeException(nameof(height), height, "a panel has 16, 32 or 64 rows");
        _height = height;
        Reset();
    }

    /// <summary>Raised after the display was turned on or off, scrolled, or its RAM or settings changed.</summary>
    public event Action? Updated;

    /// <summary>Pixels in a row.</summary>
    public int Width => Columns;

    /// <summary>Rows of the panel.</summary>
    public int Height => _height;

    /// <summary>Whether the display is on (AF).</summary>
    public bool IsOn { get; private set; }

    /// <summary>Whether it shows inverse (A7).</summary>
    public bool IsInverse { get; private set; }

    /// <summary>Whether all pixels are lit whatever the RAM holds (A5).</summary>
    public bool IsAllOn { get; private set; }

    /// <summary>Contrast (81).</summary>
    public byte Contrast { get; private set; }

    /// <summary>Memory addressing mode (20): 0 horizontal, 1 vertical, 2 page.</summary>
    public int AddressingMode { get; private set; }

    /// <summary>First RAM row shown (40 to 7F).</summary>
    public int StartLine { get; private set; }

    /// <summary>Vertical offset (D3).</summary>
    public int DisplayOffset { get; private set; }

    /// <summary>Rows that are driven (A8), 16 to 64.</summary>
    public int MultiplexRatio { get; private set; }

    /// <summary>Whether column 127 is at the first segment (A1).</summary>
    public bool IsSegmentRemapped { get; private set; }

    /// <summary>Whether rows are scanned from the last (C8).</summary>
    public bool IsScanReversed { get; private set; }

    /// <summary>Whether the charge pump is on (8D); an SSD1306 module shows nothing without it.</summary>
    public bool IsChargePumpOn { get; private set; }

    /// <summary>Setting of the common pins (DA): 02, 12, 22 or 32.</summary>
    public byte CommonPins { get; private set; }

    /// <summary>Divider and oscillator frequency (D5).</summary>
    public byte ClockSetting { get; private set; }

    /// <summary>Pre-charge periods (D9).</summary>
    public byte Precharge { get; private set; }

    /// <summary>V(COMH) deselect level (DB).</summary>
    public byte DeselectLevel { get; private set; }

    /// <summary>Whether it scrolls (2F).</summary>
    public bool IsScrolling { get; private set; }

    /// <summary>Whether the display is locked against all commands but the one that unlocks it (FD 16).</summary>
    public bool IsLocked { get; private set; }

    /// <summary>Duration of a frame in nanoseconds: by clock setting, pre-charge and multiplex ratio.</summary>
    public long FrameTime
    {
        get
        {
            // section 8.3: phase 1 + phase 2 + 50 DCLKs per row
            int clocks = (Precharge & 15) + (Precharge >> 4) + 50;
            long oscillator = OscillatorBase * (8 + (ClockSetting >> 4)) / 16;
            return ((ClockSetting & 15) + 1L) * clocks * MultiplexRatio * VirtualClock.Second / oscillator;
        }
    }

    /// <summary>Bytes of RAM: page by page, bit 0 is the upper pixel.</summary>
    public ReadOnlySpan<byte> Ram => _ram;

    /// <summary>Whether a pixel is lit, with everything that decides it: power, remaps, offsets, inversion.</summary>
    /// <param name="x">0 at the left.</param>
    /// <param name="y">0 at the top.</param>
    public bool this[int x, int y]
    {
        get
        {
            if ((uint)x >= Columns || (uint)y >= (uint)_height || !IsOn)
                return false;
            if (IsAllOn)
                return true;
            // table 10-1 and 10-2: a module has its rows in the order of scanning with C8 and its columns in that of A1
            int row = IsScanReversed ? y : _height - 1 - y;
            if (row >= MultiplexRatio)
                return false;
            int line = (row + StartLine + DisplayOffset) & 63;
            int column = IsSegmentRemapped ? x : Columns - 1 - x;
            return ((_ram[(line / 8 * Columns) + column] >> (line & 7) & 1) != 0) != IsInverse;
        }
    }

    /// <summary>The picture as text: a line per row, <c>#</c> for lit.</summary>
    /// <param name="on">Character of a lit pixel.</param>
    /// <param name="off">Character of a dark one.</param>
    public string ToText(char on = '#', char off = '.')
    {
        var text = new StringBuilder((Columns + 1) * _height);
        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < Columns; x++)
                text.Append(this[x, y] ? on : off);
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The picture as a PNG image; lit pixels are as bright as the contrast.</summary>
    /// <param name="scale">Image pixels per pixel, 1 to 32.</param>
    public byte[] ToPng(int scale = 4)
    {
        if (scale is < 1 or > 32)
            throw new ArgumentOutOfRangeException(nameof(scale));
        int width = Columns * scale, height = _height * scale;
        byte[] pixels = new byte[width * height];
        byte lit = (byte)(128 + (Contrast / 2));
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                pixels[(y * width) + x] = this[x / scale, y / scale] ? lit : (byte)0;
        }

        return PngWriter.Encode(width, height, pixels);
    }

    /// <summary>Writes <see cref="ToPng"/> to a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scale">Image pixels per pixel.</param>
    public void SavePng(string path, int scale = 4) => File.WriteAllBytes(path, ToPng(scale));

    /// <summary>RES# was low: settings are those of power-on; RAM is kept.</summary>
    internal void Reset()
    {
        (IsOn, IsInverse, IsAllOn, IsSegmentRemapped, IsScanReversed, IsChargePumpOn, IsScrolling, IsLocked) = (false, false, false, false, false, false, false, false);
        (Contrast, AddressingMode, StartLine, DisplayOffset, MultiplexRatio) = (0x7f, 2, 0, 0, 64);
        (CommonPins, ClockSetting, Precharge, DeselectLevel) = (0x12, 0x80, 0x22, 0x20);
        (_columnStart, _columnEnd, _pageStart, _pageEnd, _column, _page, _commandLength) = (0, Columns - 1, 0, Pages - 1, 0, 0, 0);
        ResetScroll();
        Array.Clear(_command);
    }

    internal void PowerCycle()
    {
        Reset();
        Array.Clear(_ram);
        Updated?.Invoke();
    }

    internal void WriteData(byte value)
    {
        _ram[(_page * Columns) + _column] = value;
        Advance();
        Updated?.Invoke();
    }

    internal byte ReadData()
    {
        byte value = _ram[(_page * Columns) + _column];
        Advance();
        return value;
    }

    internal void WriteCommand(byte value)
    {
        _command[_commandLength++] = value;
        if (_commandLength < LengthOf(_command[0]))
            return;
        _commandLength = 0;
        if (IsLocked && !(_command[0] == 0xfd && (_command[1] & 4) == 0))
            return;
        Execute();
        Updated?.Invoke();
    }

    private void Advance()
    {
        switch (AddressingMode)
        {
            case 0:
                if (NextColumn())
                    NextPage();
                break;
            case 1:
                if (NextPage())
                    NextColumn();
                break;
            default:
                // page mode: the column wraps, the page stays
                _column = (_column + 1) % Columns;
                break;
        }
    }

    private bool NextColumn()
    {
        bool wraps = _column == _columnEnd;
        _column = wraps ? _columnStart : (_column + 1) % Columns;
        return wraps;
    }

    private bool NextPage()
    {
        bool wraps = _page == _pageEnd;
        _page = wraps ? _pageStart : (_page + 1) % Pages;
        return wraps;
    }
}

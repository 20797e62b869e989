using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The display of the micro:bit: 5 by 5 LEDs, wired as 3 rows of 9 columns. micro:bit schematics V1.5, "LED matrix".</summary>
/// <remarks>An LED is lit while its row is high and its column low. Eyes see an average: here that of the last 60 ms.</remarks>
public sealed class MicrobitDisplay : IDevice
{
    /// <summary>LEDs in a line.</summary>
    public const int Size = 5;

    private const int Rows = 3;
    private const int Columns = 9;
    private const long Window = 60_000_000;

    // for each LED from the top left, its row and column in the matrix, both from 1
    private static readonly byte[] s_wiring =
    [
        0x11, 0x24, 0x12, 0x25, 0x13,
        0x34, 0x35, 0x36, 0x37, 0x38,
        0x22, 0x19, 0x23, 0x39, 0x21,
        0x18, 0x17, 0x16, 0x15, 0x14,
        0x33, 0x27, 0x31, 0x26, 0x32,
    ];

    private readonly VirtualClock _clock;
    private readonly Pin[] _rows;
    private readonly Pin[] _columns;
    private readonly long[] _lit = new long[Size * Size];
    private readonly long[] _last = new long[Size * Size];
    private readonly bool[] _on = new bool[Size * Size];
    private long _since;

    /// <summary>Creates the display.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="rows">Three pins.</param>
    /// <param name="columns">Nine pins.</param>
    /// <param name="clock">Virtual time.</param>
    public MicrobitDisplay(string name, IReadOnlyList<Pin> rows, IReadOnlyList<Pin> columns, VirtualClock clock)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(columns);
        if (rows.Count != Rows || columns.Count != Columns)
            throw new ArgumentException($"the display has {Rows} rows and {Columns} columns, not {rows.Count} and {columns.Count}", nameof(rows));
        (Name, _rows, _columns, _clock) = (name, [.. rows], [.. columns], clock);
        foreach (Pin pin in _rows.Concat(_columns))
            pin.Changed += _ => Update();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Whether an LED is lit at this moment.</summary>
    /// <param name="x">Column from the left, from 0.</param>
    /// <param name="y">Line from the top, from 0.</param>
    public bool IsLit(int x, int y) => IsOn(Index(x, y));

    /// <summary>How bright an LED looks: 0 to 1, the part of the last 60 ms that it was lit. With the usual refresh of 3 rows, full brightness is about a third.</summary>
    /// <param name="x">Column from the left, from 0.</param>
    /// <param name="y">Line from the top, from 0.</param>
    public double Brightness(int x, int y)
    {
        int index = Index(x, y);
        (long elapsed, long lit, long last) = Present(index);
        return ((double)lit + ((double)last * (Window - elapsed) / Window)) / Window;
    }

    /// <summary>The picture as five lines of <c>#</c> and <c>.</c>: an LED counts as lit when it was for at least a tenth of the last 60 ms.</summary>
    public string Text()
    {
        const double Threshold = 0.1;
        return string.Join('\n', Enumerable.Range(0, Size).Select(y => string.Concat(Enumerable.Range(0, Size).Select(x => Brightness(x, y) >= Threshold ? '#' : '.'))));
    }

    /// <inheritdoc/>
    public void Reset() => Update();

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(_since);
        for (int i = 0; i < _lit.Length; i++)
        {
            writer.Write(_lit[i]);
            writer.Write(_last[i]);
            writer.Write(_on[i]);
        }
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _since = reader.ReadInt64();
        for (int i = 0; i < _lit.Length; i++)
        {
            _lit[i] = reader.ReadInt64();
            _last[i] = reader.ReadInt64();
            _on[i] = reader.ReadBoolean();
        }
    }

    private static int Index(int x, int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)x, (uint)Size, nameof(x));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Size, nameof(y));
        return (y * Size) + x;
    }

    private bool IsOn(int index) => _rows[(s_wiring[index] >> 4) - 1].Level && !_columns[(s_wiring[index] & 15) - 1].Level;

    /// <summary>Nanoseconds since the present window began, and how long an LED was lit in it and in the one before.</summary>
    private (long Elapsed, long Lit, long Last) Present(int index)
    {
        long now = _clock.Now, start = now - (now % Window), then = _since - (_since % Window);
        long on = _on[index] ? 1 : 0;
        if (start == then)
            return (now - start, _lit[index] + (on * (now - _since)), _last[index]);
        long last = start - then == Window ? _lit[index] + (on * (start - _since)) : on * Window;
        return (now - start, on * (now - start), last);
    }

    private void Update()
    {
        for (int i = 0; i < _lit.Length; i++)
        {
            (_, _lit[i], _last[i]) = Present(i);
            _on[i] = IsOn(i);
        }

        _since = _clock.Now;
    }
}

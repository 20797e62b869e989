using System.Globalization;
using System.Text;
using Emulation.Core;

namespace Emulation.Debugging;

/// <summary>Records waveforms and writes them as a value change dump, which waveform viewers show. IEEE 1364-2001, clause 18.</summary>
/// <param name="machine">The machine, for its time.</param>
public sealed class VcdRecorder(Machine machine) : IDisposable
{
    private readonly List<VcdSignal> _signals = [];
    private readonly List<(long Time, VcdSignal Signal, ulong Value)> _changes = [];
    private readonly List<Action> _detach = [];

    /// <summary>Number of changes so far.</summary>
    public int Count => _changes.Count;

    /// <summary>Adds a signal that the caller sets.</summary>
    /// <param name="name">Its name; dots make scopes.</param>
    /// <param name="width">1 to 64 bits.</param>
    /// <param name="initial">Its value now.</param>
    public VcdSignal Add(string name, int width = 1, ulong initial = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 64);
        var signal = new VcdSignal(this, name, width, CodeOf(_signals.Count));
        _signals.Add(signal);
        signal.Set(initial);
        return signal;
    }

    /// <summary>Records a pin.</summary>
    /// <param name="pin">A pin of the machine.</param>
    public VcdSignal Add(Pin pin)
    {
        ArgumentNullException.ThrowIfNull(pin);
        VcdSignal signal = Add(pin.Name, 1, pin.Level ? 1UL : 0);
        void OnChange(bool level) => signal.Set(level ? 1UL : 0);
        pin.Changed += OnChange;
        _detach.Add(() => pin.Changed -= OnChange);
        return signal;
    }

    /// <summary>Records an interrupt line, until the machine ends.</summary>
    /// <param name="line">A line of the machine.</param>
    public VcdSignal Add(IrqLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        VcdSignal signal = Add(line.Name, 1, line.Level ? 1UL : 0);
        line.Connect(level => signal.Set(level ? 1UL : 0));
        return signal;
    }

    /// <summary>Records a variable: each write of a CPU to it.</summary>
    /// <param name="name">The signal's name.</param>
    /// <param name="address">Its address.</param>
    /// <param name="size">1, 2, 4 or 8 bytes; writes of another width are not seen.</param>
    public VcdSignal AddMemory(string name, ulong address, int size)
    {
        Span<byte> now = stackalloc byte[8];
        now.Clear();
        machine.Memory.TryRead(address, now[..size]);
        VcdSignal signal = Add(name, 8 * size, System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(now));
        IDisposable hook = machine.Hooks.Write(address, address + (ulong)size - 1, (in MemoryEvent e) =>
        {
            if (e.Address == address && e.Size == size)
                signal.Set(e.Value);
        });
        _detach.Add(hook.Dispose);
        return signal;
    }

    /// <summary>Writes the file.</summary>
    /// <param name="path">Its path; by custom it ends in .vcd.</param>
    public void Save(string path) => File.WriteAllText(path, ToString());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Action detach in _detach)
            detach();
        _detach.Clear();
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder("$timescale 1ns $end\n");
        foreach (IGrouping<string, VcdSignal> scope in _signals.GroupBy(static s => Scope(s.Name)))
        {
            text.Append(CultureInfo.InvariantCulture, $"$scope module {Word(scope.Key)} $end\n");
            foreach (VcdSignal signal in scope)
                text.Append(CultureInfo.InvariantCulture, $"$var wire {signal.Width} {signal.Code} {Word(signal.Name[(signal.Name.LastIndexOf('.') + 1)..])} $end\n");
            text.Append("$upscope $end\n");
        }

        text.Append("$enddefinitions $end\n");
        long time = -1;
        foreach ((long at, VcdSignal signal, ulong value) in _changes)
        {
            if (at != time)
                text.Append(CultureInfo.InvariantCulture, $"#{time = at}\n");
            if (signal.Width == 1)
                text.Append(CultureInfo.InvariantCulture, $"{value & 1}{signal.Code}\n");
            else
                text.Append(CultureInfo.InvariantCulture, $"b{value:b} {signal.Code}\n");
        }

        if (machine.Clock.Now > time)
            text.Append(CultureInfo.InvariantCulture, $"#{machine.Clock.Now}\n");
        return text.ToString();
    }

    internal void Change(VcdSignal signal, ulong value)
    {
        if (signal.Last == value)
            return;
        signal.Last = value;
        _changes.Add((machine.Clock.Now, signal, value));
    }

    // printable characters from ! to ~ as digits
    private static string CodeOf(int index)
    {
        var code = new StringBuilder();
        do
        {
            code.Append((char)('!' + (index % 94)));
            index /= 94;
        }
        while (index > 0);
        return code.ToString();
    }

    private static string Scope(string name) => name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : "board";

    private static string Word(string name) => string.Concat(name.Select(static c => char.IsWhiteSpace(c) ? '_' : c));
}

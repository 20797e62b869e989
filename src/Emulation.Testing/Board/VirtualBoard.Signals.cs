using Emulation.Core;

namespace Emulation.Testing;

// Pins and lines.
public abstract partial class VirtualBoard
{
    private readonly Dictionary<(object Wire, bool ActiveLow), TestSignal> _signals = [];

    /// <summary>A pin as a signal that a test looks at and drives.</summary>
    /// <param name="pin">A pin of this board's machine.</param>
    /// <param name="activeLow">Whether low is on.</param>
    public TestSignal Signal(Pin pin, bool activeLow = false)
    {
        ArgumentNullException.ThrowIfNull(pin);
        return Signal(pin, activeLow, () => new TestSignal(this, pin.Name, () => pin.Level, handler => pin.Changed += handler, pin, activeLow));
    }

    /// <summary>An interrupt line as a signal that a test looks at.</summary>
    /// <param name="line">A line of this board's machine.</param>
    public TestSignal Signal(IrqLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return Signal(line, false, () => new TestSignal(this, line.Name, () => line.Level, handler => line.Connect(handler)));
    }

    private TestSignal Signal(object wire, bool activeLow, Func<TestSignal> create)
    {
        if (!_signals.TryGetValue((wire, activeLow), out TestSignal? signal))
            _signals.Add((wire, activeLow), signal = create());
        return signal;
    }
}

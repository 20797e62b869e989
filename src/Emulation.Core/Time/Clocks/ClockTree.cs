namespace Emulation.Core;

/// <summary>The clocks of a machine: creates them, and resets, saves and loads their settings.</summary>
/// <remarks>The board adds it before every device that counts a clock, so that a reset finds the clocks at their initial frequencies.</remarks>
/// <param name="name">Unique in the machine.</param>
public sealed class ClockTree(string name = "clocks") : IDevice
{
    private readonly List<ClockSignal> _signals = [];

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <summary>All clocks in order of creation.</summary>
    public IReadOnlyList<ClockSignal> Signals => _signals;

    /// <summary>Finds a clock by its name; null when there is none.</summary>
    /// <param name="name">The name in the manual.</param>
    public ClockSignal? Find(string name) => _signals.Find(s => s.Name == name);

    /// <summary>Creates an oscillator.</summary>
    /// <param name="name">The name in the manual.</param>
    /// <param name="frequency">Its nominal frequency.</param>
    /// <param name="enabled">Whether it oscillates after reset.</param>
    public ClockSource Source(string name, Frequency frequency, bool enabled = true) => Add(new ClockSource(name, frequency, enabled));

    /// <summary>Creates a clock that is a fraction of another.</summary>
    /// <param name="name">The name in the manual.</param>
    /// <param name="input">What is divided.</param>
    /// <param name="divider">Divisor after reset.</param>
    /// <param name="multiplier">Factor after reset.</param>
    public ClockDivider Divider(string name, ClockSignal input, uint divider = 1, uint multiplier = 1)
        => Add(new ClockDivider(name, Own(input), divider, multiplier));

    /// <summary>Creates a clock that is one of several.</summary>
    /// <param name="name">The name in the manual.</param>
    /// <param name="selected">Index of the input that passes after reset.</param>
    /// <param name="inputs">The inputs; null where the selection stops the clock.</param>
    public ClockMux Mux(string name, int selected, params ClockSignal?[] inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (ClockSignal? input in inputs)
            _ = input is null ? null : Own(input);
        return Add(new ClockMux(name, inputs, selected));
    }

    /// <summary>Creates a clock that can be stopped.</summary>
    /// <param name="name">The name in the manual.</param>
    /// <param name="input">What passes.</param>
    /// <param name="enabled">Whether it passes after reset.</param>
    public ClockGate Gate(string name, ClockSignal input, bool enabled = false) => Add(new ClockGate(name, Own(input), enabled));

    /// <inheritdoc/>
    public void Reset()
    {
        foreach (ClockSignal signal in _signals)
            signal.Reset();
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        foreach (ClockSignal signal in _signals)
            signal.Save(writer);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        foreach (ClockSignal signal in _signals)
            signal.Load(reader);
    }

    // inputs before outputs is what lets a load compute every frequency at once, and it keeps cycles out
    private ClockSignal Own(ClockSignal input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return _signals.Contains(input) ? input : throw new ArgumentException($"clock {input.Name} is not of this tree", nameof(input));
    }

    private T Add<T>(T signal)
        where T : ClockSignal
    {
        if (Find(signal.Name) is not null)
            throw new ArgumentException($"two clocks are named '{signal.Name}'", nameof(signal));
        _signals.Add(signal);
        return signal;
    }
}

namespace Emulation.Core;

/// <summary>A clock in a machine: an oscillator, or what a divider, multiplexer, gate or PLL makes of others. Created by a <see cref="ClockTree"/>.</summary>
/// <remarks>Used under the device lock. A change travels down the tree at once; a <see cref="ClockCounter"/> on a signal counts on exactly across it.</remarks>
public abstract class ClockSignal
{
    private Frequency _frequency;

    private protected ClockSignal(string name) => Name = name;

    /// <summary>The name in the manual, unique in its tree.</summary>
    public string Name { get; }

    /// <summary>The present frequency; zero while the clock stands still.</summary>
    public Frequency Frequency => _frequency;

    /// <summary>Whether it ticks.</summary>
    public bool IsRunning => !_frequency.IsZero;

    /// <summary>Raised after the frequency changed. Not raised when a snapshot is loaded: listeners load their own side.</summary>
    public event Action? Changed;

    /// <summary>What the settings and the inputs make of the clock.</summary>
    private protected abstract Frequency Compute();

    private protected abstract void ResetSetting();

    private protected abstract void SaveSetting(StateWriter writer);

    private protected abstract void LoadSetting(StateReader reader);

    internal void Reset()
    {
        ResetSetting();
        Update();
    }

    internal void Save(StateWriter writer) => SaveSetting(writer);

    // in the order of creation inputs come first, so the frequency can be computed at once
    internal void Load(StateReader reader)
    {
        LoadSetting(reader);
        _frequency = Compute();
    }

    private protected void Follow(ClockSignal input) => input.Changed += Update;

    private protected void Update()
    {
        Frequency frequency = Compute();
        if (frequency == _frequency)
            return;
        _frequency = frequency;
        Changed?.Invoke();
    }

    private protected void Start() => _frequency = Compute();
}

namespace Emulation.Core;

/// <summary>A clock that passes another on, or stops.</summary>
public sealed class ClockGate : ClockSignal
{
    private readonly ClockSignal _input;
    private readonly bool _initial;
    private bool _enabled;

    internal ClockGate(string name, ClockSignal input, bool enabled)
        : base(name)
    {
        _input = input;
        _initial = _enabled = enabled;
        Follow(input);
        Start();
    }

    /// <summary>Whether the clock passes.</summary>
    public bool Enabled
    {
        get => _enabled;
        set
        {
            _enabled = value;
            Update();
        }
    }

    private protected override Frequency Compute() => _enabled ? _input.Frequency : default;

    private protected override void ResetSetting() => _enabled = _initial;

    private protected override void SaveSetting(StateWriter writer) => writer.Write(_enabled);

    private protected override void LoadSetting(StateReader reader) => _enabled = reader.ReadBoolean();
}

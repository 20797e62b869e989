namespace Emulation.Core;

/// <summary>A clock that is one of several others.</summary>
public sealed class ClockMux : ClockSignal
{
    private readonly ClockSignal?[] _inputs;
    private readonly int _initial;
    private int _selected;

    internal ClockMux(string name, ClockSignal?[] inputs, int selected)
        : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(selected);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(selected, inputs.Length);
        _inputs = inputs;
        _initial = _selected = selected;
        foreach (ClockSignal input in inputs.OfType<ClockSignal>().Distinct())
            Follow(input);
        Start();
    }

    /// <summary>Index of the input that passes; an input that is null, and none (outside the inputs), stop the clock.</summary>
    public int Selected
    {
        get => _selected;
        set
        {
            _selected = value;
            Update();
        }
    }

    private protected override Frequency Compute() => (uint)_selected < (uint)_inputs.Length ? _inputs[_selected]?.Frequency ?? default : default;

    private protected override void ResetSetting() => _selected = _initial;

    private protected override void SaveSetting(StateWriter writer) => writer.Write(_selected);

    private protected override void LoadSetting(StateReader reader) => _selected = reader.ReadInt32();
}

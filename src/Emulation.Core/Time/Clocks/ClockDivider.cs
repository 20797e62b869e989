namespace Emulation.Core;

/// <summary>A clock that is a fraction of another: a prescaler, or with a multiplier a PLL.</summary>
public sealed class ClockDivider : ClockSignal
{
    private readonly ClockSignal _input;
    private readonly (uint Multiplier, uint Divider) _initial;
    private uint _multiplier;
    private uint _divider;

    internal ClockDivider(string name, ClockSignal input, uint divider, uint multiplier)
        : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfZero(divider);
        _input = input;
        _initial = (_multiplier, _divider) = (multiplier, divider);
        Follow(input);
        Start();
    }

    /// <summary>What the input is multiplied with; 0 stops the clock.</summary>
    public uint Multiplier => _multiplier;

    /// <summary>What the product is divided by.</summary>
    public uint Divider
    {
        get => _divider;
        set => Set(_multiplier, value);
    }

    /// <summary>Changes both factors at once.</summary>
    /// <param name="multiplier">0 stops the clock.</param>
    /// <param name="divider">At least 1.</param>
    public void Set(uint multiplier, uint divider)
    {
        ArgumentOutOfRangeException.ThrowIfZero(divider);
        (_multiplier, _divider) = (multiplier, divider);
        Update();
    }

    private protected override Frequency Compute() => _input.Frequency.Scale(_multiplier, _divider);

    private protected override void ResetSetting() => (_multiplier, _divider) = _initial;

    private protected override void SaveSetting(StateWriter writer)
    {
        writer.Write(_multiplier);
        writer.Write(_divider);
    }

    private protected override void LoadSetting(StateReader reader)
    {
        (_multiplier, _divider) = (reader.ReadUInt32(), reader.ReadUInt32());
        if (_divider == 0)
            throw reader.Damaged($"clock {Name} is divided by 0");
    }
}

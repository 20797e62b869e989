namespace Emulation.Core;

/// <summary>An oscillator: a crystal, an RC oscillator, an external clock.</summary>
public sealed class ClockSource : ClockSignal
{
    private const ulong Million = 1_000_000;
    private readonly bool _initiallyEnabled;
    private bool _enabled;
    private int _deviation;

    internal ClockSource(string name, Frequency nominal, bool enabled)
        : base(name)
    {
        Nominal = nominal;
        _initiallyEnabled = _enabled = enabled;
        Start();
    }

    /// <summary>The frequency it has without <see cref="Deviation"/>.</summary>
    public Frequency Nominal { get; }

    /// <summary>Whether it oscillates.</summary>
    public bool Enabled
    {
        get => _enabled;
        set
        {
            _enabled = value;
            Update();
        }
    }

    /// <summary>How far it is off its nominal frequency, in parts per million: trimming by the guest, or drift as a test's fault. Greater than -1,000,000.</summary>
    public int Deviation
    {
        get => _deviation;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, -(int)Million);
            _deviation = value;
            Update();
        }
    }

    private protected override Frequency Compute()
        => !_enabled ? default : _deviation == 0 ? Nominal : Nominal.Scale((ulong)((long)Million + _deviation), Million);

    private protected override void ResetSetting() => _enabled = _initiallyEnabled;

    private protected override void SaveSetting(StateWriter writer)
    {
        writer.Write(_enabled);
        writer.Write(_deviation);
    }

    private protected override void LoadSetting(StateReader reader)
    {
        _enabled = reader.ReadBoolean();
        _deviation = reader.ReadInt32();
        if (_deviation <= -(int)Million)
            throw reader.Damaged($"clock {Name} deviates by {_deviation} ppm");
    }
}

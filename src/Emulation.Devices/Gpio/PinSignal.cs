using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A signal of a peripheral that an alternate function connects to a pin: an output, an input, or both. Used under the device lock.</summary>
/// <remarks>
/// The peripheral drives <see cref="Output"/>; the port that selected the function listens and drives its pin. The port (or a test) calls <see cref="SetInput"/> with the pin's level.
/// An output that nobody observes may lag behind; reading it brings it up to date. The peripheral saves and loads it.
/// </remarks>
/// <param name="name">The name of the alternate function in the data sheet, such as <c>TIM1_CH1N</c>.</param>
/// <param name="idleInput">The level of the input while no pin is connected.</param>
public sealed class PinSignal(string name, bool idleInput = false)
{
    private readonly bool _idleInput = idleInput;
    private PinDrive _output;
    private Action? _outputChanged;

    /// <summary>The name of the alternate function in the data sheet.</summary>
    public string Name { get; } = name;

    /// <summary>What the peripheral does to the pin.</summary>
    public PinDrive Output
    {
        get
        {
            Refresh?.Invoke();
            return _output;
        }
    }

    /// <summary>The level that the peripheral sees.</summary>
    public bool Input { get; private set; } = idleInput;

    /// <summary>Whether anybody wants to know of every change of the output at its time.</summary>
    public bool IsObserved => _outputChanged != null;

    /// <summary>Raised after <see cref="Output"/> changed. Not raised when a snapshot is loaded.</summary>
    public event Action? OutputChanged
    {
        add
        {
            bool first = _outputChanged == null;
            _outputChanged += value;
            if (first)
                ObservedChanged?.Invoke();
        }

        remove
        {
            _outputChanged -= value;
            if (_outputChanged == null)
                ObservedChanged?.Invoke();
        }
    }

    /// <summary>Brings the output up to date; the peripheral sets it.</summary>
    internal Action? Refresh { get; set; }

    /// <summary>Told when <see cref="IsObserved"/> changed; the peripheral sets it.</summary>
    internal Action? ObservedChanged { get; set; }

    /// <summary>Told when <see cref="Input"/> changed; the peripheral sets it.</summary>
    internal Action? InputChanged { get; set; }

    /// <summary>Gives the input a level, as the pin does.</summary>
    /// <param name="level">High or low.</param>
    public void SetInput(bool level)
    {
        if (Input == level)
            return;
        Input = level;
        InputChanged?.Invoke();
    }

    /// <summary>Disconnects the input: it takes its idle level.</summary>
    public void ReleaseInput() => SetInput(_idleInput);

    internal void Drive(PinDrive drive)
    {
        if (_output == drive)
            return;
        _output = drive;
        _outputChanged?.Invoke();
    }

    internal void Drive(bool level) => Drive(level ? PinDrive.High : PinDrive.Low);

    internal void Save(StateWriter writer)
    {
        writer.Write((byte)_output);
        writer.Write(Input);
    }

    internal void Load(StateReader reader)
    {
        byte output = reader.ReadByte();
        if (output > (byte)PinDrive.High)
            throw reader.Damaged($"signal {Name} is driven in an unknown way");
        _output = (PinDrive)output;
        Input = reader.ReadBoolean();
    }
}

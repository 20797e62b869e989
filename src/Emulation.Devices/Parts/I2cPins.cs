using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Joins two pins to an I²C bus, for firmware that drives SCL and SDA as ports: START, STOP, bits and acknowledgements are what the edges say. UM10204, 3.1.</summary>
/// <remarks>Targets answer as soon as SCL falls; they do not stretch the clock here.</remarks>
public sealed class I2cPins : Part
{
    private readonly bool _isFork;
    private readonly I2cBitDecoder _decoder;
    private I2cBus _bus;

    /// <summary>Creates the joint; put it on the <see cref="PartBench"/> and connect both terminals.</summary>
    /// <param name="bus">The bus, which no peripheral of the machine need drive.</param>
    public I2cPins(I2cBus bus) : this(bus, isFork: false) { }

    private I2cPins(I2cBus bus, bool isFork)
    {
        ArgumentNullException.ThrowIfNull(bus);
        (_bus, _isFork) = (bus, isFork);
        (Scl, Sda) = (AddTerminal("SCL"), AddTerminal("SDA"));
        _decoder = new I2cBitDecoder(Sda.SetOpenDrain);
        Scl.Changed += level => _decoder.OnClock(_bus, level, Sda.Level);
        Sda.Changed += level => _decoder.OnData(_bus, Name, Scl.Level, level);
    }

    /// <summary>Clock.</summary>
    public Terminal Scl { get; }

    /// <summary>Data, open drain; the pull-up is the firmware's or the board's.</summary>
    public Terminal Sda { get; }

    /// <inheritdoc/>
    public override void PowerCycle() => _decoder.Reset();

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        Sda.Save(writer);
        _decoder.Save(writer);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        Sda.Load(reader);
        _decoder.Load(reader);
    }

    /// <inheritdoc/>
    public override IPart Fork() => new I2cPins(_bus, isFork: true);

    /// <inheritdoc/>
    protected override void OnJoined()
    {
        if (_isFork && Site.Machine is { } machine)
            _bus = machine.Device<I2cBus>(_bus.Name);
    }
}

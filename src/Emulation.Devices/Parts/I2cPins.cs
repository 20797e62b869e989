using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Joins two pins to an I²C bus, for firmware that drives SCL and SDA as ports: START, STOP, bits and acknowledgements are what the edges say. UM10204, 3.1.</summary>
/// <remarks>Targets answer as soon as SCL falls; they do not stretch the clock here.</remarks>
public sealed class I2cPins : Part
{
    private readonly bool _isFork;
    private I2cBus _bus;
    private Phase _phase;
    private int _bits;
    private byte _shift;
    private bool _isAddress;
    private bool _isReading;
    private bool _acknowledged;

    /// <summary>Creates the joint; put it on the <see cref="PartBench"/> and connect both terminals.</summary>
    /// <param name="bus">The bus, which no peripheral of the machine need drive.</param>
    public I2cPins(I2cBus bus) : this(bus, isFork: false) { }

    private I2cPins(I2cBus bus, bool isFork)
    {
        ArgumentNullException.ThrowIfNull(bus);
        (_bus, _isFork) = (bus, isFork);
        (Scl, Sda) = (AddTerminal("SCL"), AddTerminal("SDA"));
        Scl.Changed += OnClock;
        Sda.Changed += OnData;
    }

    private enum Phase : byte
    {
        Idle,
        Receive,
        Acknowledge,
        Send,
        ControllerAcknowledge,
    }

    /// <summary>Clock.</summary>
    public Terminal Scl { get; }

    /// <summary>Data, open drain; the pull-up is the firmware's or the board's.</summary>
    public Terminal Sda { get; }

    /// <inheritdoc/>
    public override void PowerCycle()
    {
        _phase = Phase.Idle;
        Sda.SetOpenDrain(false);
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        Sda.Save(writer);
        writer.Write((byte)_phase);
        writer.Write((byte)_bits);
        writer.Write(_shift);
        writer.Write(_isAddress);
        writer.Write(_isReading);
        writer.Write(_acknowledged);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        Sda.Load(reader);
        _phase = (Phase)reader.ReadByte();
        _bits = reader.ReadByte();
        if (_phase > Phase.ControllerAcknowledge || _bits > 8)
            throw reader.Damaged("state of I²C pins out of range");
        _shift = reader.ReadByte();
        _isAddress = reader.ReadBoolean();
        _isReading = reader.ReadBoolean();
        _acknowledged = reader.ReadBoolean();
    }

    /// <inheritdoc/>
    public override IPart Fork() => new I2cPins(_bus, isFork: true);

    /// <inheritdoc/>
    protected override void OnJoined()
    {
        if (_isFork && Site.Machine is { } machine)
            _bus = machine.Device<I2cBus>(_bus.Name);
    }

    private void OnData(bool level)
    {
        if (!Scl.Level)
            return;
        if (level)
        {
            _phase = Phase.Idle;
            _bus.Stop(Name);
            return;
        }

        (_phase, _bits, _isAddress, _isReading) = (_bus.Start(Name) ? Phase.Receive : Phase.Idle, 0, true, false);
    }

    private void OnClock(bool level)
    {
        if (level)
            Sample();
        else
            Shift();
    }

    private void Sample()
    {
        if (_phase == Phase.Receive && _bits < 8)
        {
            _shift = (byte)((_shift << 1) | (Sda.Level ? 1 : 0));
            _bits++;
        }
        else if (_phase == Phase.ControllerAcknowledge)
        {
            _acknowledged = !Sda.Level;
        }
        else if (_phase == Phase.Idle)
        {
            // pulses outside of a transfer free a target that holds SDA
            _bus.PulseClock();
        }
    }

    private void Shift()
    {
        switch (_phase)
        {
            case Phase.Receive when _bits == 8:
                bool ack = _bus.Write(_shift);
                _isReading = ack && _isAddress && (_shift & 1) != 0;
                (_isAddress, _phase) = (false, Phase.Acknowledge);
                Sda.SetOpenDrain(ack);
                break;
            case Phase.Acknowledge when _isReading:
                BeginByte();
                break;
            case Phase.Acknowledge:
                (_phase, _bits) = (Phase.Receive, 0);
                Sda.SetOpenDrain(false);
                break;
            case Phase.Send:
                _bits++;
                if (_bits == 8)
                    _phase = Phase.ControllerAcknowledge;
                Sda.SetOpenDrain(_bits < 8 && (_shift >> (7 - _bits) & 1) == 0);
                break;
            case Phase.ControllerAcknowledge:
                _bus.EndRead(_acknowledged);
                if (_acknowledged)
                    BeginByte();
                else
                    (_phase, _bits) = (Phase.Receive, 0);
                break;
            case Phase.Idle or Phase.Receive:
                break;
        }
    }

    private void BeginByte()
    {
        (_phase, _bits, _shift) = (Phase.Send, 0, _bus.BeginRead().Value);
        Sda.SetOpenDrain((_shift & 0x80) == 0);
    }
}

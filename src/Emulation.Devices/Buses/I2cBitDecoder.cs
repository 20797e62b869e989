using Emulation.Core;

namespace Emulation.Devices;

/// <summary>What the edges of SCL and SDA mean to a bus: START, STOP, bits and acknowledgements. UM10204, 3.1.</summary>
/// <remarks>Targets answer as soon as SCL falls; they do not stretch the clock here.</remarks>
/// <param name="pull">Told whether targets pull SDA low.</param>
internal sealed class I2cBitDecoder(Action<bool> pull)
{
    private Phase _phase;
    private int _bits;
    private byte _shift;
    private bool _isAddress;
    private bool _isReading;
    private bool _acknowledged;

    private enum Phase : byte
    {
        Idle,
        Receive,
        Acknowledge,
        Send,
        ControllerAcknowledge,
    }

    /// <summary>Forgets the transfer and lets SDA go.</summary>
    public void Reset()
    {
        (_phase, _bits, _shift, _isAddress, _isReading, _acknowledged) = (Phase.Idle, 0, 0, false, false, false);
        pull(false);
    }

    /// <summary>SDA changed.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="controller">Who drives.</param>
    /// <param name="clock">Level of SCL.</param>
    /// <param name="data">The new level.</param>
    public void OnData(I2cBus bus, string controller, bool clock, bool data)
    {
        if (!clock)
            return;
        if (data)
        {
            _phase = Phase.Idle;
            bus.Stop(controller);
            return;
        }

        (_phase, _bits, _isAddress, _isReading) = (bus.Start(controller) ? Phase.Receive : Phase.Idle, 0, true, false);
    }

    /// <summary>SCL changed.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="clock">The new level.</param>
    /// <param name="data">Level of SDA.</param>
    public void OnClock(I2cBus bus, bool clock, bool data)
    {
        if (clock)
            Sample(bus, data);
        else
            Shift(bus);
    }

    public void Save(StateWriter writer)
    {
        writer.Write((byte)_phase);
        writer.Write((byte)_bits);
        writer.Write(_shift);
        writer.Write(_isAddress);
        writer.Write(_isReading);
        writer.Write(_acknowledged);
    }

    public void Load(StateReader reader)
    {
        _phase = (Phase)reader.ReadByte();
        _bits = reader.ReadByte();
        if (_phase > Phase.ControllerAcknowledge || _bits > 8)
            throw reader.Damaged("state of I²C pins out of range");
        _shift = reader.ReadByte();
        _isAddress = reader.ReadBoolean();
        _isReading = reader.ReadBoolean();
        _acknowledged = reader.ReadBoolean();
    }

    private void Sample(I2cBus bus, bool data)
    {
        if (_phase == Phase.Receive && _bits < 8)
        {
            _shift = (byte)((_shift << 1) | (data ? 1 : 0));
            _bits++;
        }
        else if (_phase == Phase.ControllerAcknowledge)
        {
            _acknowledged = !data;
        }
        else if (_phase == Phase.Idle)
        {
            // pulses outside of a transfer free a target that holds SDA
            bus.PulseClock();
        }
    }

    private void Shift(I2cBus bus)
    {
        switch (_phase)
        {
            case Phase.Receive when _bits == 8:
                bool ack = bus.Write(_shift);
                _isReading = ack && _isAddress && (_shift & 1) != 0;
                (_isAddress, _phase) = (false, Phase.Acknowledge);
                pull(ack);
                break;
            case Phase.Acknowledge when _isReading:
                BeginByte(bus);
                break;
            case Phase.Acknowledge:
                (_phase, _bits) = (Phase.Receive, 0);
                pull(false);
                break;
            case Phase.Send:
                _bits++;
                if (_bits == 8)
                    _phase = Phase.ControllerAcknowledge;
                pull(_bits < 8 && (_shift >> (7 - _bits) & 1) == 0);
                break;
            case Phase.ControllerAcknowledge:
                bus.EndRead(_acknowledged);
                if (_acknowledged)
                    BeginByte(bus);
                else
                    (_phase, _bits) = (Phase.Receive, 0);
                break;
            case Phase.Idle or Phase.Receive:
                break;
        }
    }

    private void BeginByte(I2cBus bus)
    {
        (_phase, _bits, _shift) = (Phase.Send, 0, bus.BeginRead().Value);
        pull((_shift & 0x80) == 0);
    }
}

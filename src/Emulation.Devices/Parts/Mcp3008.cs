using Emulation.Core;

namespace Emulation.Devices;

/// <summary>10-bit A/D converter with eight channels MCP3008. Microchip DS21295.</summary>
/// <param name="referenceMillivolts">VREF.</param>
public sealed class Mcp3008(int referenceMillivolts = 3300) : Part, ISpiDevice
{
    private readonly int[] _millivolts = new int[8];
    private int _clock;
    private int _config;
    private int _result;

    /// <summary>Voltage at an input in millivolts.</summary>
    /// <param name="channel">0 to 7.</param>
    public int this[int channel]
    {
        get => _millivolts[channel];
        set => _millivolts[channel] = value;
    }

    /// <inheritdoc/>
    public void Select() => (_clock, _config, _result) = (0, 0, 0);

    /// <inheritdoc/>
    public void Deselect() => _clock = 0;

    /// <inheritdoc/>
    public uint Exchange(uint value, in SpiFrame frame)
    {
        uint answer = 0;
        for (int i = frame.Bits - 1; i >= 0; i--)
            answer = (answer << 1) | (Clock((value >> i & 1) != 0) ? 1u : 0);
        return answer;
    }

    /// <inheritdoc/>
    public override void PowerCycle() => Select();

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        foreach (int value in _millivolts)
            writer.Write(value);
        writer.Write(_clock);
        writer.Write(_config);
        writer.Write(_result);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        for (int i = 0; i < _millivolts.Length; i++)
            _millivolts[i] = reader.ReadInt32();
        _clock = reader.ReadInt32();
        _config = reader.ReadInt32() & 15;
        _result = reader.ReadInt32() & 1023;
    }

    /// <inheritdoc/>
    public override IPart Fork() => new Mcp3008(referenceMillivolts);

    // figure 5-1: start bit, four bits of configuration, sampling clock, null bit, B9 to B0, then B1 to B9 again
    private bool Clock(bool input)
    {
        if (_clock == 0 && !input)
            return true;                                // DOUT is not driven
        int clock = _clock++;
        if (clock is >= 1 and <= 4)
        {
            _config = ((_config << 1) | (input ? 1 : 0)) & 15;
            if (clock == 4)
                Sample();
            return true;
        }

        return clock switch
        {
            < 6 => true,
            6 => false,
            <= 16 => (_result >> (16 - clock) & 1) != 0,
            <= 25 => (_result >> (clock - 16) & 1) != 0,
            _ => false,
        };
    }

    private void Sample()
    {
        int channel = _config & 7;
        bool isSingle = (_config & 8) != 0;
        long voltage = isSingle ? _millivolts[channel] : _millivolts[channel] - _millivolts[channel ^ 1];
        _result = referenceMillivolts <= 0 ? 0 : (int)Math.Clamp(voltage * 1024 / referenceMillivolts, 0, 1023);
    }
}

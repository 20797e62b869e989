using Emulation.Core;

namespace Emulation.Devices;

/// <summary>An SSD1306 or SSD1309 display on I²C, usually at 0x3C or 0x3D. SSD1306 Rev 1.1, 8.1.5.</summary>
/// <param name="height">Rows: 64, 32 or 16.</param>
public sealed class Ssd1306I2c(int height = 64) : I2cPart
{
    private ClockTimer? _timer;
    private bool _expectsControl;
    private bool _isLast;
    private bool _isData;
    private bool _isReading;

    /// <summary>The display.</summary>
    public Ssd1306 Display { get; } = new(height);

    /// <inheritdoc/>
    public override I2cAck Start(int address, I2cDirection direction)
    {
        (_isReading, _expectsControl, _isLast) = (direction == I2cDirection.Read, true, false);
        return true;
    }

    /// <inheritdoc/>
    public override I2cAck Write(byte value)
    {
        if (_isReading)
            return false;
        if (_expectsControl)
        {
            // Co: another control byte follows the next byte; D/C#: data
            (_isLast, _isData, _expectsControl) = ((value & 0x80) == 0, (value & 0x40) != 0, false);
            return true;
        }

        if (_isData)
            Display.WriteData(value);
        else
            Display.WriteCommand(value);
        Ssd1306Scroll.Follow(Display, _timer, Now);
        _expectsControl = !_isLast;
        return true;
    }

    /// <inheritdoc/>
    public override I2cByte Read() => (byte)(Display.IsOn ? 0 : 0x40);

    /// <inheritdoc/>
    public override void PowerCycle()
    {
        _timer?.Disarm();
        (_expectsControl, _isLast, _isData, _isReading) = (false, false, false, false);
        Display.PowerCycle();
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        _timer!.Save(writer);
        writer.Write(_expectsControl);
        writer.Write(_isLast);
        writer.Write(_isData);
        writer.Write(_isReading);
        Display.Save(writer);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        _timer!.Load(reader);
        _expectsControl = reader.ReadBoolean();
        _isLast = reader.ReadBoolean();
        _isData = reader.ReadBoolean();
        _isReading = reader.ReadBoolean();
        Display.Load(reader);
    }

    /// <inheritdoc/>
    public override IPart Fork() => new Ssd1306I2c(height);

    /// <inheritdoc/>
    protected override void OnJoined()
        => _timer = CreateTimer("scroll", () => Ssd1306Scroll.Step(Display, _timer!, Now));
}

using Emulation.Core;

namespace Emulation.Devices;

/// <summary>An SSD1306 or SSD1309 display on SPI with four wires: the D/C# input says whether a byte is data. SSD1306 Rev 1.1, 8.1.3.</summary>
public sealed class Ssd1306Spi : SpiPart
{
    private readonly int _height;
    private ClockTimer? _timer;

    /// <summary>Creates a display.</summary>
    /// <param name="height">Rows: 64, 32 or 16.</param>
    public Ssd1306Spi(int height = 64)
    {
        _height = height;
        Display = new Ssd1306(height);
        DataCommand = AddTerminal("D/C#");
        ResetPin = AddTerminal("RES#");
        ResetPin.Changed += level =>
        {
            if (!level)
                Display.Reset();
        };
    }

    /// <summary>The display.</summary>
    public Ssd1306 Display { get; }

    /// <summary>High for data, low for commands.</summary>
    public Terminal DataCommand { get; }

    /// <summary>Low resets the display; not wired, it is high.</summary>
    public Terminal ResetPin { get; }

    /// <inheritdoc/>
    public override void PowerCycle()
    {
        base.PowerCycle();
        _timer?.Disarm();
        Display.PowerCycle();
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        base.Save(writer);
        _timer!.Save(writer);
        Display.Save(writer);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        base.Load(reader);
        _timer!.Load(reader);
        Display.Load(reader);
    }

    /// <inheritdoc/>
    public override IPart Fork() => new Ssd1306Spi(_height);

    /// <inheritdoc/>
    protected override void OnJoined()
        => _timer = CreateTimer("scroll", () => Ssd1306Scroll.Step(Display, _timer!, Now));

    /// <inheritdoc/>
    protected override byte Next() => 0xff;

    /// <inheritdoc/>
    protected override void Received(byte value)
    {
        if (ResetPin is { Pin: not null, Level: false })
            return;
        if (DataCommand.Level)
            Display.WriteData(value);
        else
            Display.WriteCommand(value);
        Ssd1306Scroll.Follow(Display, _timer, Now);
    }
}

using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A part with one terminal.</summary>
public abstract class PinPart : Part
{
    /// <summary>Creates a part that is not wired.</summary>
    /// <param name="terminal">Name of its terminal.</param>
    protected PinPart(string terminal)
    {
        Line = AddTerminal(terminal);
        Line.Changed += OnChanged;
        Line.Connected += OnConnected;
    }

    /// <summary>Its terminal.</summary>
    public Terminal Line { get; }

    /// <inheritdoc/>
    public override void Save(StateWriter writer) => Line.Save(writer);

    /// <inheritdoc/>
    public override void Load(StateReader reader) => Line.Load(reader);

    /// <summary>The terminal was wired, and has a pin and time from now on.</summary>
    protected virtual void OnConnected() { }

    /// <summary>The level of the pin changed.</summary>
    /// <param name="level">The new level.</param>
    protected virtual void OnChanged(bool level) { }
}

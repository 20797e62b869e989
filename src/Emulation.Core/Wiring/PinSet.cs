namespace Emulation.Core;

/// <summary>The pins of a board: creates them, and resets, saves and loads what drives them.</summary>
/// <remarks>
/// The board adds it before the devices at the pins. A party whose part is missing after a load keeps driving; a part of the same name takes it over.
/// </remarks>
/// <param name="name">Unique in the machine.</param>
public sealed class PinSet(string name = "pins") : IDevice
{
    private readonly Dictionary<string, Pin> _pins = [];
    private readonly List<Pin> _order = [];

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <summary>All pins in order of creation.</summary>
    public IReadOnlyList<Pin> Pins => _order;

    /// <summary>A pin by its name.</summary>
    /// <param name="name">The board's name.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public Pin this[string name] => _pins.TryGetValue(name, out Pin? pin) ? pin : throw new ArgumentException($"'{Name}' have no pin '{name}'", nameof(name));

    /// <summary>Creates a pin.</summary>
    /// <param name="name">The board's name.</param>
    /// <param name="supplyMillivolts">The supply voltage.</param>
    public Pin Add(string name, int supplyMillivolts = 3300)
    {
        var pin = new Pin(name, supplyMillivolts);
        if (!_pins.TryAdd(name, pin))
            throw new ArgumentException($"two pins are named '{name}'", nameof(name));
        _order.Add(pin);
        return pin;
    }

    /// <inheritdoc/>
    /// <remarks>Pins keep what drives them: every device at a pin lets go in its own reset, and what is outside the machine does not notice.</remarks>
    public void Reset()
    {
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        foreach (Pin pin in _order)
            pin.Save(writer);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        foreach (Pin pin in _order)
            pin.Load(reader);
    }
}

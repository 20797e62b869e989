using Emulation.Core;

namespace Emulation.Devices;

// Faults, wires and state.
public sealed partial class SpiBus
{
    /// <summary>Fault: bits of the <paramref name="nth"/> word that the controller gets from now on are inverted.</summary>
    /// <param name="mask">Which bits, in the order on the wire: the first is the most significant.</param>
    /// <param name="nth">1 is the next.</param>
    public BusFault CorruptWord(uint mask, int nth = 1) => _faults.Add(BusFaultKind.Corrupt, nth, mask);

    /// <summary>Takes the power of all parts away and gives it back.</summary>
    public void PowerCycle() => _devices.PowerCycle();

    /// <summary>Deselects all devices; parts keep their state otherwise.</summary>
    public void Reset()
    {
        foreach (int slot in _selected)
            Device(slot)?.Deselect();
        _selected.Clear();
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(_selected.Count);
        foreach (int slot in _selected)
            writer.Write(slot);
        _faults.Save(writer);
        _devices.Save(writer);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        _selected.Clear();
        for (int left = reader.ReadCount(4); left > 0; left--)
            _selected.Add(reader.ReadInt32());
        _faults.Load(reader);
        _devices.Load(reader);
    }

    private void Wire(int slot, Pin pin, bool activeHigh)
    {
        void OnLevel(bool level) => SetSelectLevel(slot, level != activeHigh);
        _wires.Add(slot, (pin, OnLevel));
        pin.Changed += OnLevel;
    }

    private void Unwire(int slot)
    {
        if (_wires.Remove(slot, out (Pin Pin, Action<bool> Handler) wire))
            wire.Pin.Changed -= wire.Handler;
        _selected.Remove(slot);
    }

    // chip selects by pin go with their devices, also into a fork
    private void OnDevicesChanged()
    {
        foreach (int slot in _wires.Keys.ToArray())
        {
            if (_devices.WireOf(slot) is null)
                Unwire(slot);
        }

        foreach ((int slot, _) in _devices.Entries)
        {
            if (_devices.WireOf(slot) is { } wire && !_wires.ContainsKey(slot) && _devices.FindPin(wire[1..]) is { } pin)
                Wire(slot, pin, wire[0] == '+');
        }
    }
}

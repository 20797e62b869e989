using Emulation.Core;

namespace Emulation.Devices;

// Faults and state.
public sealed partial class I2cBus
{
    /// <summary>Fault: the <paramref name="nth"/> byte that a controller sends from now on, addresses included, is not acknowledged and does not reach its target.</summary>
    /// <param name="nth">1 is the next.</param>
    public BusFault NackByte(int nth = 1) => _faults.Add(BusFaultKind.Nack, nth);

    /// <summary>Fault: bits of the <paramref name="nth"/> byte that a controller reads from now on are inverted.</summary>
    /// <param name="mask">Which bits.</param>
    /// <param name="nth">1 is the next.</param>
    public BusFault CorruptRead(byte mask, int nth = 1) => _faults.Add(BusFaultKind.Corrupt, nth, mask);

    /// <summary>Fault: a controller loses arbitration at the <paramref name="nth"/> byte that it sends from now on, addresses included.</summary>
    /// <param name="nth">1 is the next.</param>
    public BusFault LoseArbitration(int nth = 1) => _faults.Add(BusFaultKind.LoseArbitration, nth);

    /// <summary>Fault: a target that lost count of the clock holds SDA low until it has seen clock pulses (UM10204 3.1.16).</summary>
    /// <param name="pulses">Pulses it takes to free the bus: usually up to 9; -1 for a short circuit, which only <see cref="ReleaseSda"/> ends.</param>
    public void HoldSda(int pulses = 9)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pulses, -1);
        _heldPulses = pulses;
    }

    /// <summary>Ends what <see cref="HoldSda"/> began.</summary>
    public void ReleaseSda()
    {
        _heldPulses = 0;
        if (!IsBusy)
            Freed?.Invoke();
    }

    /// <summary>A clock pulse outside of a transfer: how firmware frees a bus whose SDA is held.</summary>
    /// <returns>Whether SDA is high afterwards.</returns>
    public bool PulseClock()
    {
        if (_heldPulses > 0 && !SclHeld && --_heldPulses == 0 && !IsBusy)
            Freed?.Invoke();
        return !SdaHeld;
    }

    /// <summary>Takes the power of all parts away and gives it back.</summary>
    public void PowerCycle() => _targets.PowerCycle();

    /// <summary>Ends the transfer; parts keep their state.</summary>
    public void Reset()
    {
        ForEachSelected(static target => target.Stop());
        (_phase, _direction, _tenBitHigh, _tenBitTarget, _lastRead, Owner) = (Phase.Idle, I2cDirection.Write, 0, -1, 0, "");
        _selected.Clear();
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write((byte)_phase);
        writer.Write((byte)_direction);
        writer.Write(_tenBitHigh);
        writer.Write(_tenBitTarget);
        writer.Write(_heldPulses);
        writer.Write(_lastRead);
        writer.Write(SclHeld);
        writer.Write(Owner);
        writer.Write(_selected.Count);
        foreach (int slot in _selected)
            writer.Write(slot);
        _faults.Save(writer);
        _targets.Save(writer);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        _phase = (Phase)reader.ReadByte();
        _direction = (I2cDirection)(reader.ReadByte() & 1);
        _tenBitHigh = reader.ReadInt32() & 0x300;
        _tenBitTarget = reader.ReadInt32();
        _heldPulses = reader.ReadInt32();
        _lastRead = reader.ReadByte();
        SclHeld = reader.ReadBoolean();
        Owner = reader.ReadString();
        if (_phase > Phase.Ignored || _heldPulses < -1)
            throw reader.Damaged("phase of an I²C transfer out of range");
        _selected.Clear();
        for (int left = reader.ReadCount(4); left > 0; left--)
            _selected.Add(reader.ReadInt32());
        if (_selected.Exists(slot => Target(slot) is null))
            throw reader.Damaged($"a target is addressed that is not attached to {Name}");
        _faults.Load(reader);
        _targets.Load(reader);
    }
}

namespace Emulation.Devices;

// What is attached at which addresses.
public sealed partial class I2cBus
{
    private const int TenBitFlag = 1 << 10, NodeFlag = 1 << 12;

    /// <summary>Attaches a target with a 7-bit address.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="address">Address without the R/W bit: 0x01 to 0x77.</param>
    /// <param name="target">The target; a composition step makes a new one each time it runs.</param>
    /// <returns><paramref name="target"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The address does not exist, or is not aligned to the target's span.</exception>
    /// <exception cref="InvalidOperationException">The address is taken, or the target is attached elsewhere.</exception>
    public T Attach<T>(int address, T target)
        where T : class, II2cTarget
    {
        ArgumentNullException.ThrowIfNull(target);
        if (address is < 1 or > 0x77)
        {
            string hint = address is > 0x77 and <= 0xff ? $"; 0x{address:x2} with the R/W bit is address 0x{address >> 1:x2}, and 10-bit addresses have {nameof(AttachTenBit)}" : "";
            throw new ArgumentOutOfRangeException(nameof(address), $"{Name}: 0x{address:x2} is no 7-bit address (0x01 to 0x77){hint}");
        }

        return AttachAt(address, target);
    }

    /// <summary>Attaches a target with a 10-bit address.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="address">0 to 0x3ff.</param>
    /// <param name="target">The target.</param>
    /// <returns><paramref name="target"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The address does not exist.</exception>
    /// <exception cref="InvalidOperationException">The address is taken, or the target is attached elsewhere.</exception>
    public T AttachTenBit<T>(int address, T target)
        where T : class, II2cTarget
    {
        ArgumentNullException.ThrowIfNull(target);
        if (address is < 0 or > 0x3ff)
            throw new ArgumentOutOfRangeException(nameof(address), $"{Name}: 0x{address:x} is no 10-bit address (0 to 0x3ff)");
        return AttachAt(address | TenBitFlag, target);
    }

    /// <summary>Joins the target side of a controller to the bus; a composition step does that, for a fork composes anew.</summary>
    /// <param name="node">The target side, of a controller of this bus or of another.</param>
    public void Join(II2cNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (!_nodes.Contains(node))
            _nodes.Add(node);
    }

    /// <summary>A target that held the clock lets it go: controllers that wait are told, if no other target holds it.</summary>
    public void ReleaseClock()
    {
        if (!IsHeld)
            ClockReleased?.Invoke();
    }

    /// <summary>Takes a target off the bus.</summary>
    /// <param name="target">What was attached.</param>
    /// <returns>Whether it was.</returns>
    public bool Detach(II2cTarget target)
    {
        foreach ((int slot, object part) in _targets.Entries)
        {
            if (ReferenceEquals(part, target))
                return _targets.Remove(slot);
        }

        return false;
    }

    /// <summary>The target at an address: the way to a part of a fork.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="address">7-bit address it was attached at.</param>
    /// <exception cref="InvalidOperationException">There is no such target.</exception>
    public T Get<T>(int address)
        where T : class
        => _targets.Find(address) as T ?? throw new InvalidOperationException($"{Name}: there is no {typeof(T).Name} at 0x{address:x2}");

    private static string Describe(int slot) => (slot & TenBitFlag) != 0 ? $"10-bit {slot & 0x3ff:x3}" : $"{slot:x2}";

    private T AttachAt<T>(int slot, T target)
        where T : class, II2cTarget
    {
        int span = target.AddressSpan;
        if (span < 1 || (span & (span - 1)) != 0 || (slot & (span - 1)) != 0)
            throw new ArgumentOutOfRangeException(nameof(slot), $"{Name}: a {target.GetType().Name} answers at {span} addresses, and 0x{slot & 0x3ff:x2} is no multiple of that");
        foreach ((int other, object part) in _targets.Entries)
        {
            if (other < slot + span && slot < other + ((II2cTarget)part).AddressSpan && other != slot)
                throw new InvalidOperationException($"{Name}: address {Describe(Math.Max(other, slot))} is taken by the {part.GetType().Name} at {Describe(other)}; a {target.GetType().Name} cannot be attached at {Describe(slot)}");
        }

        _targets.Add(slot, target);
        return target;
    }
}

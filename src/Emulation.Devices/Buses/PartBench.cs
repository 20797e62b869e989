using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Where parts are that are wired to pins or serial lines only: LEDs, buttons, potentiometers. A machine has one.</summary>
public sealed class PartBench : IDevice, IPowered
{
    private readonly PartSet<string> _parts;

    /// <summary>Creates the bench of a machine that is being composed; add it with <see cref="MachineContext.AddDevice{T}(T)"/>, after the pins.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="context">The machine.</param>
    public PartBench(string name, MachineContext context) : this(name, context.Clock, context.Log, PartSet<string>.In(context, name, static slot => slot)) { }

    /// <summary>Creates a bench outside of a machine: nothing forks it.</summary>
    /// <param name="name">Shown in messages.</param>
    /// <param name="clock">Time.</param>
    /// <param name="log">Where mistakes of the guest go.</param>
    public PartBench(string name, VirtualClock clock, GuestLog log) : this(name, clock, log, new PartSet<string>(name, static slot => slot)) { }

    private PartBench(string name, VirtualClock clock, GuestLog log, PartSet<string> parts)
    {
        Name = name;
        _parts = parts;
        parts.Connect(clock, log, static slot => slot, static () => { });
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Puts a part on the bench.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">Unique on the bench, such as <c>LD4</c>.</param>
    /// <param name="part">The part; a composition step makes a new one each time it runs.</param>
    /// <returns><paramref name="part"/>.</returns>
    /// <exception cref="InvalidOperationException">The name is taken, or the part is attached elsewhere.</exception>
    public T Attach<T>(string name, T part)
        where T : class, IPart
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(part);
        _parts.Add(name, part);
        return part;
    }

    /// <summary>Puts a part that has one terminal on the bench and wires it.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="pin">The pin; the part is named after it.</param>
    /// <param name="part">The part; a composition step makes a new one each time it runs.</param>
    /// <returns><paramref name="part"/>.</returns>
    /// <exception cref="InvalidOperationException">The name is taken, or the part is attached elsewhere.</exception>
    public T Attach<T>(Pin pin, T part)
        where T : Part
    {
        ArgumentNullException.ThrowIfNull(pin);
        ArgumentNullException.ThrowIfNull(part);
        if (part.Terminals.Count != 1)
            throw new InvalidOperationException($"{Name}: a {part.GetType().Name} has {part.Terminals.Count} terminals; attach it by a name and connect each");
        _parts.Add($"{part.GetType().Name} {pin.Name}", part);
        part.Terminals[0].Connect(pin);
        return part;
    }

    /// <summary>Takes a part off the bench.</summary>
    /// <param name="part">What was attached.</param>
    /// <returns>Whether it was.</returns>
    public bool Detach(IPart part)
    {
        foreach ((string slot, object other) in _parts.Entries)
        {
            if (ReferenceEquals(other, part))
                return _parts.Remove(slot);
        }

        return false;
    }

    /// <summary>A part by its name, or by its pin: the way to a part of a fork.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">The name it was attached by, or the pin's.</param>
    /// <exception cref="InvalidOperationException">There is no such part.</exception>
    public T Get<T>(string name)
        where T : class
        => _parts.Find(name) as T ?? _parts.Find($"{typeof(T).Name} {name}") as T ?? throw new InvalidOperationException($"{Name}: there is no {typeof(T).Name} '{name}'");

    /// <summary>Takes the power of all parts away and gives it back.</summary>
    public void PowerCycle() => _parts.PowerCycle();

    /// <summary>Nothing: a reset of the machine does not reach these parts.</summary>
    public void Reset()
    {
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer) => _parts.Save(writer);

    /// <inheritdoc/>
    public void Load(StateReader reader) => _parts.Load(reader);
}

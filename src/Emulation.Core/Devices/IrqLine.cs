namespace Emulation.Core;

/// <summary>An interrupt wire from a device to whatever listens: a controller's input, a CPU's pin, a test.</summary>
/// <remarks>Level triggered by nature; an edge is a change of level. Sinks are called under the machine's device lock, only on changes.</remarks>
/// <param name="name">Shown in messages.</param>
public sealed class IrqLine(string name)
{
    private Action<bool>[] _sinks = [];

    /// <summary>Shown in messages.</summary>
    public string Name { get; } = name;

    /// <summary>The present level.</summary>
    public bool Level { get; private set; }

    /// <summary>Stands between the line and its listeners, for fault injection: gets each new level in their place and passes on what it likes with <see cref="Deliver"/>. Null for none; not saved.</summary>
    public Action<bool>? Interceptor { get; set; }

    /// <summary>Whether anything listens.</summary>
    public bool IsConnected => _sinks.Length > 0;

    /// <summary>Connects a listener; several may listen (fan-out). A raised line tells the new listener at once.</summary>
    /// <param name="sink">Called with the new level.</param>
    /// <param name="invert">Whether the listener sees the opposite level.</param>
    public void Connect(Action<bool> sink, bool invert = false)
    {
        _sinks = [.. _sinks, invert ? level => sink(!level) : sink];
        if (Level != invert)
            _sinks[^1](Level);
    }

    /// <summary>Drives the line.</summary>
    /// <param name="level">The new level; setting the present one does nothing.</param>
    public void Set(bool level)
    {
        if (Level == level)
            return;
        Level = level;
        if (Interceptor is { } interceptor)
            interceptor(level);
        else
            Deliver(level);
    }

    /// <summary>Tells the listeners a level, whatever that of the line is: for an <see cref="Interceptor"/>.</summary>
    /// <param name="level">What they see.</param>
    public void Deliver(bool level)
    {
        foreach (Action<bool> sink in _sinks)
            sink(level);
    }

    /// <summary>Raises and lowers the line: an edge.</summary>
    public void Pulse()
    {
        Set(true);
        Set(false);
    }

    /// <summary>Sets the level without telling anyone: for loading a snapshot, where listeners load their own side.</summary>
    /// <param name="level">The saved level.</param>
    public void Restore(bool level) => Level = level;
}

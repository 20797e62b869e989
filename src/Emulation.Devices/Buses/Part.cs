using Emulation.Core;

namespace Emulation.Devices;

/// <summary>What parts have in common: their place, and timers that end with it.</summary>
public abstract class Part : IPart
{
    private readonly List<ClockTimer> _timers = [];
    private readonly List<Terminal> _terminals = [];
    private PartSite? _site;

    /// <inheritdoc/>
    public virtual int StateVersion => 1;

    /// <summary>Where it is attached, such as <c>i2c1@48</c>; the name of its type while it is not.</summary>
    public string Name => _site?.Name ?? GetType().Name;

    /// <summary>Whether it is attached.</summary>
    public bool IsAttached => _site is not null;

    /// <summary>Its terminals that can be wired to pins.</summary>
    public IReadOnlyList<Terminal> Terminals => _terminals;

    /// <summary>The present virtual time in nanoseconds; 0 while it is not attached.</summary>
    protected long Now => _site?.Clock.Now ?? 0;

    /// <summary>The site.</summary>
    /// <exception cref="InvalidOperationException">It is not attached.</exception>
    protected PartSite Site => _site ?? throw new InvalidOperationException($"this {GetType().Name} is not attached to a machine");

    /// <inheritdoc/>
    public void Join(PartSite site)
    {
        ArgumentNullException.ThrowIfNull(site);
        if (_site is not null)
            throw new InvalidOperationException($"this {GetType().Name} cannot be attached as {site.Name}: it is {_site.Name} already (a part that a composition step attaches is created in that step)");
        _site = site;
        foreach (Terminal terminal in _terminals)
            terminal.Join();
        OnJoined();
    }

    /// <inheritdoc/>
    public void Leave()
    {
        if (_site is null)
            return;
        OnLeaving();
        foreach (ClockTimer timer in _timers)
            timer.Disarm();
        _timers.Clear();
        foreach (Terminal terminal in _terminals)
            terminal.Leave();
        _site = null;
    }

    /// <inheritdoc/>
    public abstract void PowerCycle();

    /// <inheritdoc/>
    public abstract void Save(StateWriter writer);

    /// <inheritdoc/>
    public abstract void Load(StateReader reader);

    /// <inheritdoc/>
    public abstract IPart Fork();

    /// <summary>A terminal by its name.</summary>
    /// <param name="name">As the data sheet calls it.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public Terminal Terminal(string name)
        => _terminals.Find(t => t.Name == name) ?? throw new ArgumentException($"a {GetType().Name} has no terminal '{name}'", nameof(name));

    /// <summary>Declares a terminal; in the constructor.</summary>
    /// <param name="name">As the data sheet calls it.</param>
    protected Terminal AddTerminal(string name)
    {
        var terminal = new Terminal(this, name);
        _terminals.Add(terminal);
        return terminal;
    }

    /// <summary>Creates a timer; in <see cref="OnJoined"/>. The part saves and loads it.</summary>
    /// <param name="name">Shown in diagnostics.</param>
    /// <param name="expired">What happens.</param>
    protected ClockTimer CreateTimer(string name, Action expired)
    {
        ClockTimer timer = Site.Clock.CreateTimer($"{Name} {name}", expired);
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Records a mistake of the guest.</summary>
    /// <param name="message">What it did.</param>
    protected void GuestError(string message) => _site?.Log.Error(Name, message);

    /// <summary>The part has its place: time to create timers.</summary>
    protected virtual void OnJoined() { }

    /// <summary>The part is about to lose its place; timers are disarmed afterwards.</summary>
    protected virtual void OnLeaving() { }
}

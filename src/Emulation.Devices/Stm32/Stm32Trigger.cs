namespace Emulation.Devices;

/// <summary>A trigger line inside an STM32, such as a timer's TRGO: listeners come and go as the guest selects it. Used under the device lock.</summary>
/// <param name="name">The name in the manual, such as <c>TIM2_TRGO</c>.</param>
public sealed class Stm32Trigger(string name)
{
    private Action<bool>? _changed;

    /// <summary>The name in the manual.</summary>
    public string Name { get; } = name;

    /// <summary>The present level.</summary>
    public bool Level { get; private set; }

    /// <summary>Whether anybody listens; a source need not compute what nobody hears.</summary>
    public bool IsObserved => _changed != null;

    /// <summary>Raised after the level changed.</summary>
    public event Action<bool>? Changed
    {
        add
        {
            bool first = _changed == null;
            _changed += value;
            if (first)
                ObservedChanged?.Invoke();
        }

        remove
        {
            _changed -= value;
            if (_changed == null)
                ObservedChanged?.Invoke();
        }
    }

    /// <summary>Told when <see cref="IsObserved"/> changed; the source sets it.</summary>
    internal Action? ObservedChanged { get; set; }

    /// <summary>Drives the line.</summary>
    /// <param name="level">The new level.</param>
    public void Set(bool level)
    {
        if (Level == level)
            return;
        Level = level;
        _changed?.Invoke(level);
    }

    /// <summary>Raises and lowers the line.</summary>
    public void Pulse()
    {
        Set(true);
        Set(false);
    }

    internal void Restore(bool level) => Level = level;
}

using Emulation.Core;

namespace Emulation.Devices;

/// <summary>An input of a timer behind its digital filter: a level counts once it stayed for N samples (RM0090 17.4.7, ICxF).</summary>
internal sealed class Stm32TimerInput
{
    // samples and clocks per sample by ICxF and ETF; the first four sample the timer's clock, the others the divided one
    private static ReadOnlySpan<byte> Samples => [0, 2, 4, 8, 6, 8, 6, 8, 6, 8, 5, 6, 8, 5, 6, 8];

    private static ReadOnlySpan<byte> Dividers => [1, 1, 1, 1, 2, 2, 4, 4, 8, 8, 16, 16, 16, 32, 32, 32];

    private readonly CycleTimer _stable;
    private readonly Action _changed;
    private bool _raw;

    public Stm32TimerInput(string name, VirtualClock clock, ClockSignal signal, Action changed)
    {
        _changed = changed;
        _stable = new CycleTimer(name, clock, signal, () => Take(_raw));
    }

    /// <summary>The filtered level.</summary>
    public bool Level { get; private set; }

    /// <summary>Gives it the pin's level.</summary>
    /// <param name="raw">The level.</param>
    /// <param name="filter">ICxF or ETF.</param>
    /// <param name="division">Clocks of the dead-time and sampling clock: 1, 2 or 4.</param>
    public void Set(bool raw, int filter, uint division)
    {
        _raw = raw;
        if (filter == 0)
        {
            _stable.Disarm();
            Take(raw);
        }
        else if (raw == Level)
        {
            _stable.Disarm();
        }
        else if (!_stable.IsArmed)
        {
            _stable.Arm((ulong)Samples[filter] * Dividers[filter] * (filter < 4 ? 1 : division));
        }
    }

    public void Reset(bool level)
    {
        _stable.Disarm();
        _raw = Level = level;
    }

    public void Save(StateWriter writer)
    {
        _stable.Save(writer);
        writer.Write(_raw);
        writer.Write(Level);
    }

    public void Load(StateReader reader)
    {
        _stable.Load(reader);
        _raw = reader.ReadBoolean();
        Level = reader.ReadBoolean();
    }

    private void Take(bool level)
    {
        if (Level == level)
            return;
        Level = level;
        _changed();
    }
}

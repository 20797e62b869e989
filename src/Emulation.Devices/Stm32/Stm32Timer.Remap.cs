using Emulation.Core;

namespace Emulation.Devices;

/// <content>Clocks that the option register connects to inputs, so that a guest can measure them (RM0090 18.4.21, 18.4.22, 19.5.11).</content>
public sealed partial class Stm32Timer
{
    /// <summary>Connects a clock to a channel's input where the option register selects it. Declared by the board before anything runs.</summary>
    /// <param name="channel">1 to 4.</param>
    /// <param name="option">The value of the whole option register.</param>
    /// <param name="source">The clock; each of its cycles is one pulse.</param>
    public void ConnectClock(int channel, uint option, ClockSignal source)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)(channel - 1), (uint)_channels.Length, nameof(channel));
        ArgumentNullException.ThrowIfNull(source);
        int index = _remaps.Count;
        _remaps.Add(new Remap(channel - 1, option, new CycleTimer($"{Name}.or{option:x}", Clock, source, () => OnClockInput(index))));
    }

    private bool IsRemapped(int channel) => _remaps.Exists(r => r.Channel == channel && r.Option == (uint)_or.Value);

    private void OnRemap()
    {
        foreach (Remap remap in _remaps)
        {
            bool selected = remap.Option == (uint)_or.Value;
            if (selected && !remap.Edge.IsArmed)
                remap.Edge.Arm(1);
            else if (!selected)
                remap.Edge.Disarm();
        }

        OnInputs();
    }

    private void OnClockInput(int index)
    {
        (int channel, CycleTimer edge) = (_remaps[index].Channel, _remaps[index].Edge);
        edge.Extend(1);
        // a capture that waits for nothing but a flag is still a capture: every cycle counts
        _channels[channel].Input.Set(true, 0, 1);
        _channels[channel].Input.Set(false, 0, 1);
    }

    private readonly record struct Remap(int Channel, uint Option, CycleTimer Edge);
}

using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>A device with what a board gives it: clocks, pins, buses. They are reset, saved and loaded together, in this order.</summary>
/// <param name="main">The device under test.</param>
/// <param name="others">What comes before it.</param>
public sealed class DeviceBundle(MmioDevice main, params IDevice[] others) : IDevice
{
    private readonly IDevice[] _all = [.. others, main];

    public string Name => Device.Name;

    public MmioDevice Device { get; } = main;

    /// <summary>How often a reset resets.</summary>
    public int Resets { get; set; } = 1;

    /// <summary>The device under test, whether it is alone or in a bundle; null for one without a register window of its own.</summary>
    public static MmioDevice? MainOf(IDevice device) => device as MmioDevice ?? (device as DeviceBundle)?.Device;

    public T Other<T>() => _all.OfType<T>().First();

    public void Reset()
    {
        for (int i = 0; i < Resets; i++)
        {
            foreach (IDevice device in _all)
                device.Reset();
        }
    }

    public void Save(StateWriter writer)
    {
        foreach (IDevice device in _all)
            device.Save(writer);
    }

    public void Load(StateReader reader)
    {
        foreach (IDevice device in _all)
            device.Load(reader);
    }
}

using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards;

/// <summary>Places for virtio devices on a board. Builder verbs fill them; the board connects them when everything is composed.</summary>
public sealed class VirtioSlots
{
    private readonly VirtioDevice?[] _devices;

    internal VirtioSlots(int count) => _devices = new VirtioDevice?[count];

    /// <summary>Number of slots.</summary>
    public int Count => _devices.Length;

    /// <summary>Puts a device into the next free slot: the one of the highest address first, which is the order in which guests look.</summary>
    /// <param name="device">The device.</param>
    /// <exception cref="MachineConfigurationException">All are taken.</exception>
    public void Add(VirtioDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        int index = Array.FindLastIndex(_devices, static d => d is null);
        if (index < 0)
            throw new MachineConfigurationException($"all {Count} virtio slots of the board are taken");
        _devices[index] = device;
    }

    internal VirtioDevice? DeviceAt(int index) => _devices[index];
}

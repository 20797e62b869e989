using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards;

/// <summary>Places for virtio devices on a board. Builder verbs fill them; the board connects them when everything is composed.</summary>
public sealed class VirtioSlots
{
    private readonly VirtioDevice?[] _devices;
    private readonly List<(VirtioDevice Device, VirtioPciInterface Interface)>? _pciDevices;

    internal VirtioSlots(int count, bool hasPci = false) => (_devices, _pciDevices) = (new VirtioDevice?[count], hasPci ? [] : null);

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

    /// <summary>Puts a device on the board's PCI bus, as the next device there.</summary>
    /// <param name="device">The device.</param>
    /// <param name="which">Which registers the function has.</param>
    /// <exception cref="MachineConfigurationException">The board has no such bus, or it is full.</exception>
    public void AddPci(VirtioDevice device, VirtioPciInterface which = VirtioPciInterface.Modern)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (_pciDevices is null)
            throw new MachineConfigurationException("the board has no PCI bus");
        if (_pciDevices.Count == PciHost.DeviceCount - 1)
            throw new MachineConfigurationException($"the PCI bus of the board has room for {PciHost.DeviceCount - 1} devices");
        _pciDevices.Add((device, which));
    }

    internal IReadOnlyList<(VirtioDevice Device, VirtioPciInterface Interface)> PciDevices => _pciDevices ?? [];

    internal VirtioDevice? DeviceAt(int index) => _devices[index];
}

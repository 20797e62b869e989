using Emulation.Core;

namespace Emulation.Devices;

/// <summary>How a virtio device reaches its driver: registers in memory, PCI, channel I/O.</summary>
internal interface IVirtioTransport
{
    /// <summary>Names the device in messages.</summary>
    string Name { get; }

    /// <summary>Taken around everything the host does to the device from outside.</summary>
    Lock DeviceLock { get; }

    /// <summary>Requests were given back on a queue.</summary>
    void InterruptQueue(int queue);

    /// <summary>The configuration or the status changed.</summary>
    void InterruptConfiguration();

    /// <summary>Calls <see cref="VirtioDevice.Continue"/> a little later in virtual time.</summary>
    void ScheduleContinue();
}

using Emulation.Core;

namespace Emulation.Devices;

// A device with a driver from before virtio 1.0. Virtio 1.2: the sections called "Legacy Interface" of 2.1, 2.2, 2.7.2 and 3.1.2.
public abstract partial class VirtioDevice
{
    private const uint AnyLayout = 1 << 27;     // buffers are one run of bytes here in any case
    private const ulong LegacyAlign = 4096;

    /// <summary>Whether the driver that uses the device came through the legacy interface.</summary>
    internal bool IsLegacy { get; private set; }

    internal uint LegacyFeatures => (uint)OfferedFeatures | AnyLayout;

    // legacy drivers may use queues before they say that they are ready
    private bool TakesRequests => !NeedsReset && (_status.HasFlag(VirtioStatus.DriverOk) || (IsLegacy && _status != VirtioStatus.None));

    /// <summary>There is no answer to features: what is not offered is not used.</summary>
    internal void WriteLegacyFeatures(uint value)
    {
        IsLegacy = true;
        _driverFeatures = (VirtioFeatures)(value & LegacyFeatures);
    }

    /// <summary>Writes the status; 0 is for the transport, which resets itself as well.</summary>
    internal void WriteLegacyStatus(byte value)
    {
        IsLegacy = true;
        _status = (_status & VirtioStatus.NeedsReset) | ((VirtioStatus)value & VirtioStatus.WrittenByDriver & ~VirtioStatus.FeaturesOk);
    }

    /// <summary>Puts a queue to a page of memory and uses it from there; 0 ends its use. The three parts follow each other, the last on a page of its own.</summary>
    internal void PlaceLegacyQueue(Virtqueue queue, uint page)
    {
        IsLegacy = true;
        queue.Reset();
        if (page == 0 || NeedsReset)
            return;
        ulong size = queue.MaxSize;
        queue.DescriptorArea = page * LegacyAlign;
        queue.DriverArea = queue.DescriptorArea + (size * Descriptor.Size);
        queue.DeviceArea = (queue.DriverArea + 6 + (2 * size) + LegacyAlign - 1) & ~(LegacyAlign - 1);
        if (queue.Enable(_memory!, _driverFeatures) is { } fault)
            Break($"queue {queue.Index}: {fault}");
    }

    internal void SaveLegacy(StateWriter writer) => writer.Write(IsLegacy);

    internal void LoadLegacy(StateReader reader) => IsLegacy = reader.ReadBoolean();
}

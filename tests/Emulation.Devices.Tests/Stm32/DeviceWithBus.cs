using Emulation.Core;

namespace Emulation.Devices.Tests.Stm32;

/// <summary>A controller and its bus as one device: what the controller does depends on the state of both.</summary>
internal sealed class DeviceWithBus(MmioDevice device, IDevice bus) : IDevice
{
    public string Name => device.Name;

    public MmioDevice Device => device;

    public IDevice Bus => bus;

    public void Reset()
    {
        bus.Reset();
        device.Reset();
    }

    public void Save(StateWriter writer)
    {
        bus.Save(writer);
        device.Save(writer);
    }

    public void Load(StateReader reader)
    {
        bus.Load(reader);
        device.Load(reader);
    }
}

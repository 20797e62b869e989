using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The host bridge that software finds as the first device of a generic PCI Express host.</summary>
internal sealed class PciHostBridge : PciFunction
{
    private const ushort RedHat = 0x1b36;
    private const ushort GenericHost = 0x0008;

    public PciHostBridge(string name, GuestLog log) : base(name, log, RedHat, GenericHost, classCode: 0x06_0000, revision: 0)
        => SetSubsystem(0x1af4, 0x1100);
}

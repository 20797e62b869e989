using Emulation.Core;

namespace Emulation.Devices.Tests.Pci;

/// <summary>A PCI host with one virtio function as device 1: for the tests that every device must pass, one device.</summary>
internal sealed class PciBench : IDevice
{
    public const ulong MemoryBase = 0x2000_0000;

    public PciBench(DeviceBench bench, VirtioDevice device, VirtioPciInterface which = VirtioPciInterface.Modern)
    {
        Host = new PciHost("pci", bench.Log) { MessageSink = (address, data, requester) => Sent.Add((address, data, requester)) };
        Memory = Host.AddWindow(ports: false, MemoryBase, 0x100_0000);
        Ports = Host.AddWindow(ports: true, 0, 0x1_0000);
        Function = new VirtioPci("virtio", bench.Memory, bench.Clock, bench.Log, device, which);
        Host.Add(Function);
    }

    public PciHost Host { get; }

    public VirtioPci Function { get; }

    public ContainerRegion Memory { get; }

    public ContainerRegion Ports { get; }

    public List<(ulong Address, uint Data, int Requester)> Sent { get; } = [];

    public string Name => "pci bench";

    /// <summary>The configuration space of the function, then the memory window, then what else the host has.</summary>
    public ContainerRegion CreateWindow()
    {
        var all = new ContainerRegion("pci", 0x200_0000);
        all.Add(0, new AliasRegion("function", Host.ConfigRegion, 0x8000, 0x1000));
        all.Add(0x1_0000, new AliasRegion("config", Host.ConfigRegion, 0, 0x10_0000));
        all.Add(0x100_0000, Memory);
        return all;
    }

    public uint Get(ulong register, int size = 4) => (uint)Host.Read(0x8000 + register, size);

    public void Set(ulong register, uint value, int size = 4) => Host.Write(0x8000 + register, size, value);

    public void Reset()
    {
        Function.Reset();
        Host.Reset();
    }

    public void Save(StateWriter writer)
    {
        Function.Save(writer);
        Host.Save(writer);
    }

    public void Load(StateReader reader)
    {
        Function.Load(reader);
        Host.Load(reader);
    }
}

using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>A device for the tests that every device must pass.</summary>
/// <param name="Name">Shown in test names.</param>
/// <param name="Create">Builds it on a bench.</param>
/// <param name="Window">The register window to send accesses to.</param>
/// <param name="Stimulate">Something from outside the registers that changes its state.</param>
public sealed record DeviceCase(string Name, Func<DeviceBench, IDevice> Create, Func<IDevice, MemoryRegion> Window, Action<DeviceBench, IDevice, Random>? Stimulate = null)
{
    public override string ToString() => Name;
}

/// <summary>Every device of the assembly, in the variants that matter. A new device is one line here.</summary>
public static class AllDevices
{
    public static IEnumerable<DeviceCase> Cases =>
    [
        Mmio("clint", b => new Clint("clint", b.Clock, b.Log, harts: 4)),
        Mmio("plic", b => new Plic("plic", b.Log, sources: 95, contexts: 4), static (_, d, r) => ((Plic)d).Input(r.Next(1, 96))(r.Next(2) == 0)),
        Mmio("plic-1023", b => new Plic("plic", b.Log, sources: 1023, contexts: 3, priorityBits: 31), static (_, d, r) => ((Plic)d).Input(r.Next(1, 1024))(r.Next(2) == 0)),
        Mmio("ns16550", b => new Ns16550("uart", b.Port, b.Clock, b.Log), SendByte),
        Mmio("ns16550-paced", b => new Ns16550("uart", b.Port, b.Clock, b.Log, new Ns16550Options { Paced = true, RegisterShift = 2, Sizes = AccessSizes.Word }), SendByte),
        Mmio("sifive-test", b => new SifiveTest("test", b.Log)),
        Mmio("goldfish-rtc", b => new GoldfishRtc("rtc", b.Clock, b.Log, epoch: 1_700_000_000_000_000_000)),
        Mmio("fw-cfg", CreateFwCfg),
        new("cfi-flash", b => new CfiFlash("flash", new RamBlock("flash", 1 << 20), b.Log), d => ((CfiFlash)d).Region),
    ];

    private static DeviceCase Mmio(string name, Func<DeviceBench, MmioDevice> create, Action<DeviceBench, IDevice, Random>? stimulate = null)
        => new(name, create, d => ((MmioDevice)d).Region, stimulate);

    private static void SendByte(DeviceBench bench, IDevice device, Random random)
    {
        if (random.Next(8) == 0)
            bench.Port.SendBreak();
        else
            bench.Port.Send([(byte)random.Next(256)]);
    }

    private static FwCfg CreateFwCfg(DeviceBench bench)
    {
        var device = new FwCfg("fwcfg", bench.Memory, bench.Log);
        device.AddFile("etc/test", "hello"u8);
        device.AddWritableFile("etc/writable", new byte[16]);
        return device;
    }
}

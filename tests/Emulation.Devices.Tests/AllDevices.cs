using Emulation.Core;
using Emulation.Devices.Tests.Pci;

namespace Emulation.Devices.Tests;

/// <summary>A device for the tests that every device must pass.</summary>
/// <param name="Name">Shown in test names.</param>
/// <param name="Create">Builds it on a bench.</param>
/// <param name="Window">The register window to send accesses to.</param>
/// <param name="Stimulate">Something from outside the registers that changes its state.</param>
public sealed record DeviceCase(string Name, Func<DeviceBench, IDevice> Create, Func<IDevice, MemoryRegion> Window, Action<DeviceBench, IDevice, Random>? Stimulate = null)
{
    /// <summary>The longest time between two accesses, in bits of nanoseconds: short for devices that have an event every few microseconds.</summary>
    public int TimeBits { get; init; } = 40;

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
        Mmio("gicv2m", b => new GicV2m("v2m", b.Log, firstSpi: 80, count: 64)),
        new("gicv2", b => new GicV2("gic", b.Log, new GicV2Options { Cpus = 3, Spis = 64 }), GicWindows, DriveGic),
        new("gicv2-secure", b => new GicV2("gic", b.Log, new GicV2Options { Cpus = 2, Spis = 64, Security = true }), GicWindows, DriveGic),
        new("gicv2-virtual", b => new GicV2("gic", b.Log, new GicV2Options { Cpus = 2, Spis = 64, Virtualization = true }), GicWindows, DriveGic),
        new("gicv3", b => new GicV3("gic", b.Memory, b.Log, new GicV3Options { Cpus = 3, Spis = 64, Lpis = true }), Gic3Windows, DriveGic3),
        new("gicv3-secure", b => new GicV3("gic", null, b.Log, new GicV3Options { Cpus = 2, Spis = 64, Security = true }), Gic3Windows, DriveGic3),
        Mmio("gic-its", b => new GicIts("its", new GicV3("gic", b.Memory, b.Log, new GicV3Options { Lpis = true }), b.Memory, b.Log)),
        new("pci-virtio", b => new PciBench(b, new VirtioRng(new SeededEntropy(1))), d => ((PciBench)d).CreateWindow()),
        new("pci-virtio-transitional", b => new PciBench(b, new VirtioRng(new SeededEntropy(1)), VirtioPciInterface.Transitional), PortsFirst),
        Mmio("pl011", b => new Pl011("uart", b.Port, b.Clock, b.Log), SendByte),
        Mmio("pl011-paced", b => new Pl011("uart", b.Port, b.Clock, b.Log, new Pl011Options { Paced = true }), SendByte),
        Mmio("pl031", b => new Pl031("rtc", b.Clock, b.Log, epoch: 1_700_000_000_000_000_000)),
        Mmio("sp804", b => new Sp804("timer", b.Clock, b.Log)),
        Mmio("sp805", b => new Sp805("watchdog", b.Clock, b.Log, frequency: 1000)),
        Mmio("pl061", b => new Pl061("gpio", b.Log), static (_, d, r) => ((Pl061)d).Input(r.Next(8))(r.Next(2) == 0)),
        Mmio("pl050-keyboard", b => new Pl050("kmi", new Ps2Keyboard(), b.Log),
            static (_, d, r) => ((Ps2Keyboard)((Pl050)d).Device).SetKey(r.Next(2) == 0 ? Ps2Key.A : Ps2Key.Up, r.Next(2) == 0)),
        Mmio("pl050-mouse", b => new Pl050("kmi", new Ps2Mouse(), b.Log),
            static (_, d, r) => ((Ps2Mouse)((Pl050)d).Device).Move(r.Next(-300, 300), r.Next(-300, 300), r.Next(-9, 9), (byte)r.Next(32))),
        Mmio("pl180", b => new Pl180("mmc", new SdCard(new Emulation.Storage.MemoryDisk(1 << 20)), b.Log), CommandCard),
        Mmio("pl180-empty", b => new Pl180("mmc", null, b.Log)),
        Mmio("cmsdk-timer", b => new CmsdkTimer("timer", SlowClock(), b.Clock, b.Log), static (_, d, r) => ((CmsdkTimer)d).SetInput(r.Next(2) == 0)),
        Mmio("cmsdk-uart", b => new CmsdkUart("uart", b.Port, SlowClock(), b.Clock, b.Log), SendByte),
        Mmio("cmsdk-dualtimer", b => Sp804.CreateCmsdk("dualtimer", b.Clock, b.Log, 1_000_000)),
        Mmio("cmsdk-watchdog", b => Sp805.CreateCmsdk("watchdog", b.Clock, b.Log, 1_000_000)),
        Mmio("cmsdk-gpio", b => new CmsdkGpio("gpio", b.Log)),
        Mmio("mps2-scc", b => new Mps2Scc("scc", b.Log, 1, 2, [3, 4])),
        Mmio("mps2-fpgaio", b => CreateFpgaIo(b)),
        .. Stm32.Stm32SystemCases.All,
        .. Stellaris.StellarisCases.All,
        Mmio("stm32-usart", b => new Stm32Usart("usart1", b.Port, b.Log, b.Clock, SlowClock()), SendFrame),
        Mmio("stm32-uart", b => new Stm32Usart("uart4", b.Port, b.Log, b.Clock, SlowClock(), new Stm32UsartOptions { Synchronous = false, PeerBaudRate = 9 }), SendFrame),
        Mmio("stm32-dma1", b => new Stm32Dma("dma1", b.Log, b.Clock, SlowClock(), b.Memory, memoryToMemory: false)),
        Mmio("stm32-dma2", b => CreateDma(b), static (_, d, r) => ProgramDma((Stm32Dma)d, r)),
        Mmio("stm32-tim1", b => new Stm32Timer("tim1", b.Log, b.Clock, SlowClock(), Stm32TimerOptions.Advanced), DriveTimer),
        Mmio("stm32-tim2", b => new Stm32Timer("tim2", b.Log, b.Clock, SlowClock(), Stm32TimerOptions.General32 with { OptionMask = 0xc00 }), DriveTimer),
        Mmio("stm32-tim5", CreateTim5, DriveTimer),
        Mmio("stm32-tim3", b => new Stm32Timer("tim3", b.Log, b.Clock, SlowClock(), Stm32TimerOptions.General16), DriveTimer),
        Mmio("stm32-tim9", b => new Stm32Timer("tim9", b.Log, b.Clock, SlowClock(), Stm32TimerOptions.TwoChannels), DriveTimer),
        Mmio("stm32-tim10", b => new Stm32Timer("tim10", b.Log, b.Clock, SlowClock(), Stm32TimerOptions.OneChannel), DriveTimer),
        Mmio("stm32-tim6", b => new Stm32Timer("tim6", b.Log, b.Clock, SlowClock(), Stm32TimerOptions.Basic)),
        Mmio("stm32-adc", CreateAdc),
        Mmio("stm32-dac", b => new Stm32Dac("dac", b.Log, b.Clock, SlowClock())),
        .. SifiveE.SifiveCases.All,
        .. Nrf51.NrfCases.All,
        .. Cmsdk.CmsdkCases.All,
        new("cfi-flash", b => new CfiFlash("flash", new RamBlock("flash", 1 << 20), b.Log), d => ((CfiFlash)d).Region),
    ];

    private static DeviceCase Mmio(string name, Func<DeviceBench, MmioDevice> create, Action<DeviceBench, IDevice, Random>? stimulate = null)
        => new(name, create, d => ((MmioDevice)d).Region, stimulate);

    // the legacy registers, mapped where the window begins
    private static ContainerRegion PortsFirst(IDevice device)
    {
        var bench = (PciBench)device;
        bench.Set(0x10, 0x1000);
        bench.Set(0x04, 7, 2);
        var all = new ContainerRegion("pci", 0x200_0000);
        all.Add(0, new AliasRegion("legacy", bench.Ports, 0x1000, 0x1000));
        all.Add(0x1000, new AliasRegion("function", bench.Host.ConfigRegion, 0x8000, 0x1000));
        return all;
    }

    // every view of every CPU, one behind the other
    private static ContainerRegion GicWindows(IDevice device)
    {
        var gic = (GicV2)device;
        var all = new ContainerRegion("gic", 0x8000 * (ulong)gic.Options.Cpus);
        for (int cpu = 0; cpu < gic.Options.Cpus; cpu++)
        {
            all.Add(0x8000 * (ulong)cpu, gic.CreateCpuInterfaceRegion(cpu, cpu == 0 ? static () => true : null));
            all.Add((0x8000 * (ulong)cpu) + 0x2000, gic.CreateDistributorRegion(cpu, cpu == 0 ? static () => true : null));
            if (!gic.Options.Virtualization)
                continue;
            all.Add((0x8000 * (ulong)cpu) + 0x4000, gic.CreateVirtualCpuInterfaceRegion(cpu));
            all.Add((0x8000 * (ulong)cpu) + 0x6000, gic.CreateVirtualControlRegion(cpu));
        }

        return all;
    }

    private static void DriveGic(DeviceBench bench, IDevice device, Random random)
    {
        if (random.Next(2) == 0)
            ((GicV2)device).Input(random.Next(64))(random.Next(2) == 0);
        else
            ((GicV2)device).PrivateInput(random.Next(2), random.Next(16))(random.Next(2) == 0);
    }

    private static ContainerRegion Gic3Windows(IDevice device)
    {
        var gic = (GicV3)device;
        var all = new ContainerRegion("gic", 0x10_0000);
        // what guests use comes first, where most random accesses go
        all.Add(0, new AliasRegion("bits", gic.CreateRedistributorRegion(static () => true), 0x1_0080, 0x1000));
        all.Add(0x1_0000, gic.CreateDistributorRegion());
        all.Add(0x2_0000, gic.CreateDistributorRegion(static () => true));
        all.Add(0x4_0000, gic.CreateRedistributorRegion());
        return all;
    }

    private static void DriveGic3(DeviceBench bench, IDevice device, Random random)
    {
        var gic = (GicV3)device;
        if (random.Next(3) == 0)
            gic.Input(random.Next(64))(random.Next(2) == 0);
        else if (random.Next(3) == 0)
            gic.PrivateInput(random.Next(2), random.Next(16))(random.Next(2) == 0);
        var access = new GicAccess(random.Next(2), random.Next(1, 4), random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0);
        int encoding = (3 << 14) | (random.Next(4) switch { 0 => 4 << 11, 1 => 6 << 11, _ => 0 }) | (12 << 7) | (random.Next(8, 14) << 3) | random.Next(8);
        if (random.Next(8) == 0)
            encoding = (3 << 14) | (4 << 7) | (6 << 3);
        if (random.Next(2) == 0)
            gic.TryRead(encoding, access, out _);
        else
            gic.TryWrite(encoding, access, random.Next(2) == 0 ? (ulong)random.NextInt64() : (ulong)random.Next(256));
    }

    // the commands that bring a card up and read, most of the time in an order that makes sense
    private static void CommandCard(DeviceBench bench, IDevice device, Random random)
    {
        var mmc = (Pl180)device;
        (uint Command, uint Argument)[] steps = [(0, 0), (8, 0x1aa), (55, 0), (41, 0x40ff_8000), (2, 0), (3, 0), (7, 0x4567_0000), (18, (uint)random.Next(4096)), (12, 0), (25, 3), (13, 0x4567_0000)];
        mmc.Write(0, 4, 3);
        for (int i = random.Next(2); i < steps.Length; i++)
        {
            if (random.Next(20) == 0)
                break;
            mmc.Write(0x28, 4, 1024);
            mmc.Write(0x2c, 4, (ulong)(random.Next(2) * 3) | 0x90);
            mmc.Write(0x08, 4, steps[i].Argument);
            mmc.Write(0x0c, 4, 0x440 | steps[i].Command);
            mmc.Read(0x80, 4);
            if (random.Next(2) == 0)
                mmc.Write(0x80, 4, (uint)random.Next());
        }
    }

    // so slow that the long times between accesses hold few events
    private static ClockSource SlowClock() => new ClockTree().Source("slow", 100);

    private static void SendFrame(DeviceBench bench, IDevice device, Random random)
    {
        if (random.Next(4) == 0)
            ((Stm32Usart)device).Receive((ushort)random.Next(512), (UsartErrors)random.Next(8));
        else if (random.Next(4) == 0)
            ((Stm32Usart)device).ClearToSend.SetInput(random.Next(2) == 0);
        else
            SendByte(bench, device, random);
    }

    private static Stm32Dma CreateDma(DeviceBench bench)
    {
        var dma = new Stm32Dma("dma2", bench.Log, bench.Clock, SlowClock(), bench.Memory, memoryToMemory: true);
        dma.Connect(0, 0, new DmaRequest("always"));
        return dma;
    }

    // a copy inside the bench's memory, or nearly
    private static void ProgramDma(Stm32Dma dma, Random random)
    {
        ulong at = 0x10 + (0x18 * (ulong)random.Next(8));
        dma.Write(at + 4, 4, (ulong)random.Next(100));
        dma.Write(at + 8, 4, DeviceBench.RamBase + (ulong)random.Next(64));
        dma.Write(at + 12, 4, DeviceBench.RamBase + 0x1000 + (ulong)random.Next(64));
        dma.Write(at + 20, 4, (ulong)random.Next(256));
        dma.Write(at, 4, ((ulong)random.Next() & 0x1ff_ff1e) | (random.Next(3) != 0 ? 0x81UL : 1));
    }

    private static Stm32Timer CreateTim5(DeviceBench bench)
    {
        var timer = new Stm32Timer("tim5", bench.Log, bench.Clock, SlowClock(), Stm32TimerOptions.General32 with { OptionMask = 0xc0 });
        timer.ConnectClock(4, 0x40, SlowClock());
        return timer;
    }

    private static void DriveTimer(DeviceBench bench, IDevice device, Random random)
    {
        PinSignal[] signals = [.. ((Stm32Timer)device).Signals];
        signals[random.Next(signals.Length)].SetInput(random.Next(2) == 0);
    }

    private static Stm32Adc CreateAdc(DeviceBench bench)
    {
        ClockSource clock = SlowClock();
        var adc = new Stm32Adc("adc", bench.Log, bench.Clock, [clock, clock, clock]);
        adc.SetInput(1, 0, 1234);
        adc.SetInput(2, 5, static time => (int)(time / 1_000_000 % 3300));
        return adc;
    }

    private static void SendByte(DeviceBench bench, IDevice device, Random random)
    {
        if (random.Next(8) == 0)
            bench.Port.SendBreak();
        else
            bench.Port.Send([(byte)random.Next(256)]);
    }

    private static Mps2FpgaIo CreateFpgaIo(DeviceBench bench)
    {
        var tree = new ClockTree();
        return new Mps2FpgaIo("fpgaio", tree, tree.Source("system", 1_000_000), new PinSet(), bench.Clock, bench.Log);
    }

    private static FwCfg CreateFwCfg(DeviceBench bench)
    {
        var device = new FwCfg("fwcfg", bench.Memory, bench.Log);
        device.AddFile("etc/test", "hello"u8);
        device.AddWritableFile("etc/writable", new byte[16]);
        return device;
    }
}

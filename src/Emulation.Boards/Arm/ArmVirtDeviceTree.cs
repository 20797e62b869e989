using Emulation.Boards.DeviceTree;

namespace Emulation.Boards.Arm;

/// <summary>Describes the board to the guest.</summary>
internal sealed class ArmVirtDeviceTree
{
    private const string UartPath = "/pl011@9000000";
    private const uint SharedInterrupt = 0;
    private const uint PrivateInterrupt = 1;
    private const uint EdgeRising = 1;
    private const uint LevelHigh = 4;

    private readonly FlattenedDeviceTree _tree = new();
    private readonly ArmVirtDescription _board;
    private readonly FdtNode _controller;
    private readonly uint _clock;

    private ArmVirtDeviceTree(ArmVirtDescription board)
    {
        _board = board;
        FdtNode root = _tree.Root;
        root.SetCells("#address-cells", 2).SetCells("#size-cells", 2).SetStrings("compatible", "linux,dummy-virt").SetStrings("model", "linux,dummy-virt").SetEmpty("dma-coherent");
        _controller = root.AddNode($"intc@{ArmVirtMap.GicDistributor:x}");
        FdtNode clock = root.AddNode("apb-pclk").SetStrings("clock-output-names", "clk24mhz").SetCells("clock-frequency", ArmVirtMap.PeripheralClock)
            .SetCells("#clock-cells", 0).SetStrings("compatible", "fixed-clock");
        _clock = _tree.PhandleOf(clock);
        root.SetCells("interrupt-parent", _tree.PhandleOf(_controller));
    }

    private uint PrivateFlags => _board.GicVersion == 2 ? (((1u << _board.Cpus) - 1) << 8) | LevelHigh : LevelHigh;

    public static FlattenedDeviceTree Create(ArmVirtDescription board)
    {
        var maker = new ArmVirtDeviceTree(board);
        FdtNode root = maker._tree.Root;
        FdtNode chosen = root.AddNode("chosen").SetStrings("stdout-path", UartPath);
        chosen.Set("rng-seed", board.Seed).Set("kaslr-seed", board.Seed[..8]);
        root.AddNode("aliases").SetStrings("serial0", UartPath);
        AddMemory(root, board.Memory);
        maker.AddCpus();
        uint messages = maker.AddInterruptController();
        maker.AddTimer();
        maker.AddDevices();
        if (board.HasPcie)
            maker.AddPcie(messages);
        return maker._tree;
    }

    /// <summary>Replaces what a tree says about memory.</summary>
    public static void AddMemory(FdtNode root, ulong size)
    {
        root.RemoveNodes(static n => n.Name == "memory" || n.Name.StartsWith("memory@", StringComparison.Ordinal));
        root.AddNode($"memory@{ArmVirtMap.Ram:x}").SetStrings("device_type", "memory").SetUInt64("reg", ArmVirtMap.Ram, size);
    }

    private void AddCpus()
    {
        FdtNode cpus = _tree.Root.AddNode("cpus").SetCells("#address-cells", 1).SetCells("#size-cells", 0);
        FdtNode cluster = cpus.AddNode("cpu-map").AddNode("socket0").AddNode("cluster0");
        for (uint i = 0; i < _board.Cpus; i++)
        {
            FdtNode cpu = cpus.AddNode($"cpu@{i:x}").SetStrings("device_type", "cpu").SetCells("reg", i).SetStrings("compatible", _board.CpuCompatible);
            if (_board.Conduit is not null)
                cpu.SetStrings("enable-method", "psci");
            cluster.AddNode($"core{i}").SetCells("cpu", _tree.PhandleOf(cpu));
        }

        if (_board.Conduit is { } conduit)
        {
            bool wide = _board.Is64Bit;
            _tree.Root.AddNode("psci").SetStrings("compatible", "arm,psci-1.0", "arm,psci-0.2", "arm,psci").SetStrings("method", conduit)
                .SetCells("cpu_suspend", wide ? 0xc400_0001 : 0x8400_0001).SetCells("cpu_off", 0x8400_0002)
                .SetCells("cpu_on", wide ? 0xc400_0003 : 0x8400_0003).SetCells("migrate", wide ? 0xc400_0005 : 0x8400_0005);
        }
    }

    private uint AddInterruptController()
    {
        if (_board.Virtualization)
            _controller.SetCells("interrupts", PrivateInterrupt, ArmVirtMap.MaintenancePpi, LevelHigh);
        _controller.SetEmpty("interrupt-controller").SetCells("#interrupt-cells", 3).SetCells("#address-cells", 2).SetCells("#size-cells", 2).SetEmpty("ranges");
        FdtNode messages;
        if (_board.GicVersion == 2)
        {
            ulong[] windows = _board.Virtualization
                ? [ArmVirtMap.GicDistributor, ArmVirtMap.GicCpuInterface, ArmVirtMap.GicVirtualControl, ArmVirtMap.GicVirtualCpuInterface]
                : [ArmVirtMap.GicDistributor, ArmVirtMap.GicCpuInterface];
            _controller.SetStrings("compatible", "arm,cortex-a15-gic").SetUInt64("reg", [.. windows.SelectMany(static w => new[] { w, ArmVirtMap.GicWindow })]);
            messages = _controller.AddNode($"v2m@{ArmVirtMap.GicV2m:x}").SetStrings("compatible", "arm,gic-v2m-frame")
                .SetUInt64("reg", ArmVirtMap.GicV2m, 0x1000).SetEmpty("msi-controller");
            return _tree.PhandleOf(messages);
        }

        _controller.SetStrings("compatible", "arm,gic-v3").SetCells("#redistributor-regions", 1)
            .SetUInt64("reg", ArmVirtMap.GicDistributor, ArmVirtMap.GicWindow, ArmVirtMap.GicRedistributors, ArmVirtMap.GicRedistributorSpace);
        if (!_board.HasIts)
            return 0;
        messages = _controller.AddNode($"its@{ArmVirtMap.GicIts:x}").SetStrings("compatible", "arm,gic-v3-its")
            .SetUInt64("reg", ArmVirtMap.GicIts, 0x2_0000).SetEmpty("msi-controller").SetCells("#msi-cells", 1);
        return _tree.PhandleOf(messages);
    }

    private void AddTimer()
    {
        var interrupts = new List<uint>();
        foreach (int ppi in (ReadOnlySpan<int>)[ArmVirtMap.SecureTimerPpi, ArmVirtMap.PhysicalTimerPpi, ArmVirtMap.VirtualTimerPpi, ArmVirtMap.HypervisorTimerPpi])
            interrupts.AddRange([PrivateInterrupt, (uint)ppi, PrivateFlags]);
        string[] compatible = _board.Is64Bit ? ["arm,armv8-timer", "arm,armv7-timer"] : ["arm,armv7-timer"];
        _tree.Root.AddNode("timer").SetStrings("compatible", compatible).SetCells("interrupts", interrupts.ToArray()).SetEmpty("always-on");
    }

    private void AddDevices()
    {
        FdtNode root = _tree.Root;
        if (_board.HasPmu)
            root.AddNode("pmu").SetStrings("compatible", "arm,armv8-pmuv3").SetCells("interrupts", PrivateInterrupt, ArmVirtMap.PmuPpi, PrivateFlags);
        AddFlash();
        AddPrimeCell("pl011", ArmVirtMap.Uart, ArmVirtMap.UartSpi).SetStrings("clock-names", "uartclk", "apb_pclk").SetCells("clocks", _clock, _clock);
        if (_board.Secure)
            AddSecureDevices();
        AddPrimeCell("pl031", ArmVirtMap.Rtc, ArmVirtMap.RtcSpi).SetStrings("clock-names", "apb_pclk").SetCells("clocks", _clock);
        root.AddNode($"fw-cfg@{ArmVirtMap.FwCfg:x}").SetStrings("compatible", "qemu,fw-cfg-mmio").SetUInt64("reg", ArmVirtMap.FwCfg, 0x18).SetEmpty("dma-coherent");

        // from the highest address down: disks are numbered in this order, which is the order in which slots are filled
        for (int slot = ArmVirtMap.VirtioSlots - 1; slot >= 0; slot--)
        {
            ulong address = ArmVirtMap.Virtio + (ArmVirtMap.VirtioSize * (ulong)slot);
            root.AddNode($"virtio_mmio@{address:x}").SetStrings("compatible", "virtio,mmio").SetUInt64("reg", address, ArmVirtMap.VirtioSize)
                .SetCells("interrupts", SharedInterrupt, (uint)(ArmVirtMap.FirstVirtioSpi + slot), EdgeRising).SetEmpty("dma-coherent");
        }

        FdtNode gpio = AddGpio(ArmVirtMap.Gpio, ArmVirtMap.GpioSpi);
        const uint KeyPower = 116;
        root.AddNode("gpio-keys").SetStrings("compatible", "gpio-keys").AddNode("poweroff").SetStrings("label", "GPIO Key Poweroff")
            .SetCells("linux,code", KeyPower).SetCells("gpios", _tree.PhandleOf(gpio), ArmVirtMap.PowerKey, 0);
    }

    // with a Secure state the first bank is for firmware alone
    private void AddFlash()
    {
        FdtNode root = _tree.Root;
        ulong second = ArmVirtMap.Flash + ArmVirtMap.FlashSize;
        if (_board.Secure)
        {
            AddSecure(AddBank("secflash", ArmVirtMap.Flash)).SetUInt64("reg", ArmVirtMap.Flash, ArmVirtMap.FlashSize);
            AddBank("flash", second).SetUInt64("reg", second, ArmVirtMap.FlashSize);
        }
        else
        {
            AddBank("flash", ArmVirtMap.Flash).SetUInt64("reg", ArmVirtMap.Flash, ArmVirtMap.FlashSize, second, ArmVirtMap.FlashSize);
        }

        FdtNode AddBank(string name, ulong address) => root.AddNode($"{name}@{address:x}").SetStrings("compatible", "cfi-flash").SetCells("bank-width", 4);
    }

    private void AddSecureDevices()
    {
        FdtNode root = _tree.Root;
        AddSecure(AddPrimeCell("pl011", ArmVirtMap.SecureUart, ArmVirtMap.SecureUartSpi).SetStrings("clock-names", "uartclk", "apb_pclk").SetCells("clocks", _clock, _clock));
        AddSecure(root.AddNode($"secram@{ArmVirtMap.SecureRam:x}").SetStrings("device_type", "memory").SetUInt64("reg", ArmVirtMap.SecureRam, ArmVirtMap.SecureRamSize));
        uint gpio = _tree.PhandleOf(AddSecure(AddGpio(ArmVirtMap.SecureGpio, ArmVirtMap.SecureGpioSpi)));
        AddSecure(root.AddNode("gpio-poweroff").SetStrings("compatible", "gpio-poweroff").SetCells("gpios", gpio, ArmVirtMap.SecurePowerOff, 0));
        AddSecure(root.AddNode("gpio-restart").SetStrings("compatible", "gpio-restart").SetCells("gpios", gpio, ArmVirtMap.SecureReset, 0));
    }

    // seen by secure software only
    private static FdtNode AddSecure(FdtNode node) => node.SetStrings("status", "disabled").SetStrings("secure-status", "okay");

    private FdtNode AddGpio(ulong address, int spi)
        => AddPrimeCell("pl061", address, spi).SetStrings("clock-names", "apb_pclk").SetCells("clocks", _clock).SetEmpty("gpio-controller").SetCells("#gpio-cells", 2);

    private void AddPcie(uint messages)
    {
        ulong config = _board.PcieConfig, configSize = _board.PcieConfigSize;
        FdtNode pcie = _tree.Root.AddNode($"pcie@{ArmVirtMap.PcieMemory:x}").SetStrings("compatible", "pci-host-ecam-generic").SetStrings("device_type", "pci")
            .SetCells("#address-cells", 3).SetCells("#size-cells", 2).SetCells("linux,pci-domain", 0).SetCells("bus-range", 0, (uint)(configSize >> 20) - 1)
            .SetEmpty("dma-coherent").SetUInt64("reg", config, configSize).SetCells("#interrupt-cells", 1);
        if (messages != 0)
            pcie.SetCells("msi-map", 0, messages, 0, 0x1_0000);
        const uint Ports = 0x0100_0000, Memory32 = 0x0200_0000, Memory64 = 0x0300_0000;
        var ranges = new List<uint>();
        AddRange(Ports, 0, ArmVirtMap.PciePorts, ArmVirtMap.PciePortsSize);
        AddRange(Memory32, ArmVirtMap.PcieMemory, ArmVirtMap.PcieMemory, ArmVirtMap.PcieMemorySize);
        if (_board.Is64Bit)
            AddRange(Memory64, ArmVirtMap.PcieMemoryHigh, ArmVirtMap.PcieMemoryHigh, ArmVirtMap.PcieMemoryHighSize);
        pcie.SetCells("ranges", ranges.ToArray());

        // the four lines of four devices; the lines of further devices repeat them
        var map = new List<uint>();
        for (uint device = 0; device < 4; device++)
        {
            for (uint pin = 0; pin < 4; pin++)
                map.AddRange([device << 11, 0, 0, pin + 1, _tree.PhandleOf(_controller), 0, 0, SharedInterrupt, ArmVirtMap.FirstPcieSpi + ((device + pin) % 4), LevelHigh]);
        }

        pcie.SetCells("interrupt-map-mask", 0x1800, 0, 0, 7).SetCells("interrupt-map", map.ToArray());

        void AddRange(uint kind, ulong bus, ulong address, ulong size)
            => ranges.AddRange([kind, (uint)(bus >> 32), (uint)bus, (uint)(address >> 32), (uint)address, (uint)(size >> 32), (uint)size]);
    }

    private FdtNode AddPrimeCell(string name, ulong address, int spi)
        => _tree.Root.AddNode($"{name}@{address:x}").SetStrings("compatible", $"arm,{name}", "arm,primecell").SetUInt64("reg", address, 0x1000)
            .SetCells("interrupts", SharedInterrupt, (uint)spi, LevelHigh);
}

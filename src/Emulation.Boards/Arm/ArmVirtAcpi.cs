using System.Globalization;
using Emulation.Boards.Acpi;
using Emulation.Devices;

namespace Emulation.Boards.Arm;

/// <summary>Describes the board to a guest that UEFI firmware starts: ACPI tables, hardware-reduced. ACPI Specification 6.3, chapter 5; Arm DEN 0044 "Base Boot Requirements".</summary>
internal sealed class ArmVirtAcpi
{
    private const int FirstSpi = 32, FirstPpi = 16;
    private readonly ArmVirtDescription _board;

    private ArmVirtAcpi(ArmVirtDescription board) => _board = board;

    /// <summary>Gives the tables to firmware.</summary>
    public static void Describe(ArmVirtDescription board, FwCfg items)
    {
        var maker = new ArmVirtAcpi(board);
        var loader = new AcpiLoader();
        int definitions = loader.Add(maker.CreateDefinitions(), listed: false);
        loader.Add(maker.CreateFixedDescription(), pointer: (140, definitions));
        loader.Add(maker.CreateInterruptControllers());
        loader.Add(CreateTimers());
        loader.Add(CreateConsole());
        loader.Add(CreateDebugPort());
        loader.Add(maker.CreateTopology());
        loader.Add(maker.CreatePcieConfiguration());
        if (board.HasIts)
            loader.Add(CreateInterruptRemapping());
        loader.Finish(items);
    }

    // 5.2.9
    private AcpiTable CreateFixedDescription()
    {
        const uint HardwareReduced = 1 << 20;
        const int Psci = 1, PsciByHvc = 2;
        int boot = _board.Conduit switch
        {
            null => 0,
            "hvc" => Psci | PsciByHvc,
            _ => Psci,
        };
        var table = new AcpiTable("FACP", 6);
        return table.Zeros(112 - table.Length).U32(HardwareReduced).Zeros(129 - 116).U16(boot).U8(3).Zeros(268 - 132).Bytes("EMUL\0\0\0\0"u8);
    }

    // 5.2.12.14 to 5.2.12.18
    private AcpiTable CreateInterruptControllers()
    {
        bool old = _board.GicVersion == 2;
        var table = new AcpiTable("APIC", 4);
        table.U32(0).U32(0);
        table.U8(0xc).U8(24).U16(0).U32(0).U64(ArmVirtMap.GicDistributor).U32(0).U8((byte)_board.GicVersion).Zeros(3);
        for (uint cpu = 0; cpu < _board.Cpus; cpu++)
        {
            table.U8(0xb).U8(80).U16(0).U32(cpu).U32(cpu).U32(1).U32(0).U32(FirstPpi + ArmVirtMap.PmuPpi).U64(0)
                .U64(old ? ArmVirtMap.GicCpuInterface : 0).U64(old ? ArmVirtMap.GicVirtualCpuInterface : 0).U64(old ? ArmVirtMap.GicVirtualControl : 0)
                .U32(_board.Virtualization ? FirstPpi + ArmVirtMap.MaintenancePpi : 0u).U64(0).U64(cpu).Zeros(4);
        }

        if (old)
            return table.U8(0xd).U8(24).U16(0).U32(0).U64(ArmVirtMap.GicV2m).U32(1).U16(ArmVirtMap.Messages).U16(FirstSpi + ArmVirtMap.FirstMessageSpi);
        table.U8(0xe).U8(16).U16(0).U64(ArmVirtMap.GicRedistributors).U32((uint)ArmVirtMap.GicRedistributorSpace);
        if (_board.HasIts)
            table.U8(0xf).U8(20).U16(0).U32(0).U64(ArmVirtMap.GicIts).U32(0);
        return table;
    }

    // 5.2.24
    private static AcpiTable CreateTimers()
    {
        const uint AlwaysOn = 4;
        AcpiTable table = new AcpiTable("GTDT", 2).U64(ulong.MaxValue).U32(0);
        foreach (int ppi in (ReadOnlySpan<int>)[ArmVirtMap.SecureTimerPpi, ArmVirtMap.PhysicalTimerPpi, ArmVirtMap.VirtualTimerPpi, ArmVirtMap.HypervisorTimerPpi])
            table.U32((uint)(FirstPpi + ppi)).U32(AlwaysOn);
        return table.U64(ulong.MaxValue).U32(0).U32(0);
    }

    // Microsoft, "Serial Port Console Redirection Table", revision 2
    private static AcpiTable CreateConsole()
    {
        const byte Pl011 = 3, GicInterrupt = 8, Baud9600 = 3;
        return new AcpiTable("SPCR", 2).U8(Pl011).Zeros(3).U8(0).U8(8).U8(0).U8(1).U64(ArmVirtMap.Uart).U8(GicInterrupt).U8(0).U32(FirstSpi + ArmVirtMap.UartSpi)
            .U8(Baud9600).U8(0).U8(1).U8(2).U8(0).U8(0).U16(0xffff).U16(0xffff).Zeros(12);
    }

    // Microsoft, "Debug Port Table 2"
    private static AcpiTable CreateDebugPort()
    {
        const int Device = 44, AddressAt = 22, SizeAt = AddressAt + 12, NameAt = SizeAt + 4, Serial = 0x8000, Pl011 = 3;
        ReadOnlySpan<byte> name = "COM0\0"u8;
        return new AcpiTable("DBG2", 0).U32(Device).U32(1)
            .U8(0).U16(NameAt + name.Length).U8(1).U16(name.Length).U16(NameAt).U16(0).U16(0).U16(Serial).U16(Pl011).U16(0).U16(AddressAt).U16(SizeAt)
            .U8(0).U8(8).U8(0).U8(1).U64(ArmVirtMap.Uart).U32(0x1000).Bytes(name);
    }

    // 5.2.29: one package, one cluster, cores
    private AcpiTable CreateTopology()
    {
        const uint Package = 1, Core = 2 | 8, First = AcpiTable.HeaderSize, Second = First + 20;
        AcpiTable table = new AcpiTable("PPTT", 2)
            .U8(0).U8(20).U16(0).U32(Package).U32(0).U32(0).U32(0)
            .U8(0).U8(20).U16(0).U32(0).U32(First).U32(0).U32(0);
        for (uint cpu = 0; cpu < _board.Cpus; cpu++)
            table.U8(0).U8(20).U16(0).U32(Core).U32(Second).U32(cpu).U32(0);
        return table;
    }

    // PCI Firmware Specification 3.0, 4.1.2
    private AcpiTable CreatePcieConfiguration()
        => new AcpiTable("MCFG", 1).U64(0).U64(_board.PcieConfig).U16(0).U8(0).U8((byte)((_board.PcieConfigSize >> 20) - 1)).U32(0);

    // Arm DEN 0049, "I/O Remapping Table": functions go to the translation service under their own numbers
    private static AcpiTable CreateInterruptRemapping()
    {
        const uint ItsNode = 48;
        return new AcpiTable("IORT", 0).U32(2).U32(ItsNode).U32(0)
            .U8(0).U16(24).U8(0).U32(0).U32(0).U32(0).U32(1).U32(0)
            .U8(2).U16(56).U8(0).U32(0).U32(1).U32(36).U32(1).U8(0).U16(0).U8(3).U32(0).U32(0).U8(64).Zeros(3)
            .U32(0).U32(0xffff).U32(0).U32(ItsNode).U32(0);
    }

    private AcpiTable CreateDefinitions()
    {
        var aml = new AmlWriter();
        aml.Scope("\\_SB_", scope =>
        {
            for (int cpu = 0; cpu < _board.Cpus; cpu++)
            {
                ulong number = (ulong)cpu;
                scope.Device(string.Create(CultureInfo.InvariantCulture, $"C{cpu:d3}"), d => d.Name("_HID", "ACPI0007").Name("_UID", number));
            }

            scope.Device("COM0", static d => d.Name("_HID", "ARMH0011").Name("_UID", 0)
                .NameResources("_CRS", AmlWriter.Memory(ArmVirtMap.Uart, 0x1000), AmlWriter.Interrupt(FirstSpi + ArmVirtMap.UartSpi)));
            scope.Device("FWCF", static d => d.Name("_HID", "QEMU0002").Name("_STA", 0xb).Name("_CCA", 1).NameResources("_CRS", AmlWriter.Memory(ArmVirtMap.FwCfg, 0x18)));
            for (int slot = 0; slot < ArmVirtMap.VirtioSlots; slot++)
                AddVirtio(scope, slot);
            scope.Device("PCI0", AddPcie);
            scope.Device("GPO0", static d =>
            {
                d.Name("_HID", "ARMH0061").Name("_UID", 0)
                    .NameResources("_CRS", AmlWriter.Memory(ArmVirtMap.Gpio, 0x1000), AmlWriter.Interrupt(FirstSpi + ArmVirtMap.GpioSpi));
                d.NameResources("_AEI", AmlWriter.GpioInterrupt("GPO0", ArmVirtMap.PowerKey));
                d.Method("_E03", static m => m.Notify("PWRB", 0x80));
            });
            scope.Device("PWRB", static d => d.Name("_HID", "PNP0C0C").Name("_UID", 0));
        });
        return new AcpiTable("DSDT", 2).Bytes(aml.ToArray());
    }

    private static void AddVirtio(AmlWriter scope, int slot)
        => scope.Device(string.Create(CultureInfo.InvariantCulture, $"VR{slot:d2}"), d => d.Name("_HID", "LNRO0005").Name("_UID", (ulong)slot).Name("_CCA", 1)
            .NameResources("_CRS", AmlWriter.Memory(ArmVirtMap.Virtio + (ArmVirtMap.VirtioSize * (ulong)slot), ArmVirtMap.VirtioSize),
                AmlWriter.Interrupt(FirstSpi + ArmVirtMap.FirstVirtioSpi + slot)));

    private void AddPcie(AmlWriter d)
    {
        d.Name("_HID", "PNP0A08").Name("_CID", "PNP0A03").Name("_SEG", 0).Name("_BBN", 0).Name("_UID", 0).Name("_CCA", 1);
        var routes = new List<ulong[]>();
        for (ulong device = 0; device < PciHost.DeviceCount; device++)
        {
            for (ulong pin = 0; pin < 4; pin++)
                routes.Add([(device << 16) | 0xffff, pin, 0, FirstSpi + ArmVirtMap.FirstPcieSpi + ((device + pin) % 4)]);
        }

        d.NamePackage("_PRT", routes);
        d.NameResources("_CRS", AmlWriter.Space(2, 2, 0, _board.PcieConfigSize >> 20),
            AmlWriter.Space(4, 0, ArmVirtMap.PcieMemory, ArmVirtMap.PcieMemorySize),
            AmlWriter.Space(4, 1, 0, ArmVirtMap.PciePortsSize, ArmVirtMap.PciePorts),
            AmlWriter.Space(8, 0, ArmVirtMap.PcieMemoryHigh, ArmVirtMap.PcieMemoryHighSize));
        d.Method("_CBA", m => m.Return(_board.PcieConfig));
        d.PciCapabilities();
        d.Device("RES0", r => r.Name("_HID", "PNP0C02").NameResources("_CRS", AmlWriter.Space(8, 0, _board.PcieConfig, _board.PcieConfigSize)));
    }
}

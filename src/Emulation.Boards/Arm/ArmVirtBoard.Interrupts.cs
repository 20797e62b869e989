using Emulation.Arm;
using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Arm;

// The interrupt controller and what is connected to it.
public sealed partial class ArmVirtBoard
{
    private void AddInterruptController(MachineContext context, int cpus)
    {
        if (_gicVersion == 3)
        {
            GicV3 = new GicV3("gic", context.Memory, context.Log, new GicV3Options { Cpus = cpus, Spis = ArmVirtMap.Spis, Security = _options.Secure, Lpis = true });
            MapRegisters(context);
            Its = context.AddDevice(ArmVirtMap.GicIts, new GicIts("its", GicV3, context.Memory, context.Log));
            return;
        }

        GicV2 = new GicV2("gic", context.Log, new GicV2Options { Cpus = cpus, Spis = ArmVirtMap.Spis, Security = _options.Secure, Virtualization = _options.Virtualization });
        Messages = context.AddDevice(ArmVirtMap.GicV2m, new GicV2m("gicv2m", context.Log, 32 + ArmVirtMap.FirstMessageSpi, ArmVirtMap.Messages));
        for (int i = 0; i < ArmVirtMap.Messages; i++)
            Messages.Lines[i].Connect(Spi(ArmVirtMap.FirstMessageSpi + i));

        MapRegisters(context);
    }

    // The view of the first CPU is also what the host and other bus masters see.
    private void MapRegisters(MachineContext context)
    {
        foreach ((ulong address, MmioRegion region) in RegistersOf(0, secure: false))
            context.Map(address, region);
        if (SecureMemory is null)
            return;
        foreach ((ulong address, MmioRegion region) in RegistersOf(0, secure: true))
            SecureMemory.Root.Add(address, region, priority: 2);
    }

    // The registers of the controller as the accesses of a CPU in one of the spaces see them.
    private IEnumerable<(ulong Address, MmioRegion Region)> RegistersOf(int cpu, bool secure)
    {
        Func<bool>? isSecure = secure ? static () => true : null;
        if (GicV2 is null)
        {
            yield return (ArmVirtMap.GicDistributor, GicV3!.CreateDistributorRegion(isSecure));
            yield return (ArmVirtMap.GicRedistributors, GicV3.CreateRedistributorRegion(isSecure));
            yield break;
        }

        yield return (ArmVirtMap.GicDistributor, GicV2.CreateDistributorRegion(cpu, isSecure));
        yield return (ArmVirtMap.GicCpuInterface, GicV2.CreateCpuInterfaceRegion(cpu, isSecure));
        if (!GicV2.Options.Virtualization)
            yield break;
        yield return (ArmVirtMap.GicVirtualControl, GicV2.CreateVirtualControlRegion(cpu));
        yield return (ArmVirtMap.GicVirtualCpuInterface, GicV2.CreateVirtualCpuInterfaceRegion(cpu));
    }

    /// <summary>
    /// The memory as one CPU sees it. Registers of a GICv2 are banked by CPU, so that each of several CPUs has a space of its own around the system's; with a
    /// Secure state each has both physical address spaces in it.
    /// </summary>
    private AddressSpace MemoryOf(MachineContext context, int cpu, int cpus)
    {
        if (SecureMemory is null && (cpus == 1 || GicV2 is null))
            return context.Memory;
        AddressSpace space = context.AddAddressSpace($"cpu{cpu}", context.Memory.Root.Size);
        space.Root.Add(0, context.Memory.Root);
        foreach ((ulong address, MmioRegion region) in RegistersOf(cpu, secure: false))
            space.Root.Add(address, region, priority: 1);
        if (SecureMemory is null)
            return space;
        space.Root.Add(ArmVirtMap.SecureSpace, new AliasRegion($"cpu{cpu}.secure", SecureMemory.Root, 0, ArmVirtMap.SecureSpace), priority: 2);
        foreach ((ulong address, MmioRegion region) in RegistersOf(cpu, secure: true))
            space.Root.Add(ArmVirtMap.SecureSpace + address, region, priority: 3);
        return space;
    }

    private Action<bool> Ppi(int cpu, int number) => GicV2?.PrivateInput(cpu, number) ?? GicV3!.PrivateInput(cpu, number);

    private Action<bool> Spi(int number) => GicV2?.Input(number) ?? GicV3!.Input(number);

    private void AddPcie(MachineContext context)
    {
        Pcie = context.AddDevice(new PciHost("pcie", context.Log, (int)(PcieConfigSize >> 20)) { MessageSink = (address, data, requester) => Send(context.Memory, address, data, requester) });
        context.Map(PcieConfig, Pcie.ConfigRegion);
        context.Map(ArmVirtMap.PciePorts, Pcie.AddWindow(ports: true, 0, ArmVirtMap.PciePortsSize));
        context.Map(ArmVirtMap.PcieMemory, Pcie.AddWindow(ports: false, ArmVirtMap.PcieMemory, ArmVirtMap.PcieMemorySize));
        context.Map(ArmVirtMap.PcieMemoryHigh, Pcie.AddWindow(ports: false, ArmVirtMap.PcieMemoryHigh, ArmVirtMap.PcieMemoryHighSize));
        for (int i = 0; i < 4; i++)
            Pcie.Line(i).Connect(Spi(ArmVirtMap.FirstPcieSpi + i));
        context.AddDevice(Pcie.Bridge);
        for (int i = 0; i < _virtio.PciDevices.Count; i++)
        {
            (VirtioDevice device, VirtioPciInterface which) = _virtio.PciDevices[i];
            PciFunction function = context.AddDevice(new VirtioPci($"virtio-pci{i}", context.Memory, context.Clock, context.Log, device, which));
            Pcie.Add(function);
        }
    }

    // A message is a write of its device: to the frame or service that makes an interrupt of it, or to memory. Other registers do not take it.
    private void Send(AddressSpace memory, ulong address, uint data, int requester)
    {
        if (Messages is not null && address == ArmVirtMap.GicV2m + GicV2m.SetSpi)
            Messages.Send(data & 0x3ff);
        else if (Its is not null && address == ArmVirtMap.GicIts + GicIts.Translater)
            Its.Translate((uint)requester, data);
        else
            memory.TryWrite(address, BitConverter.GetBytes(data));
    }

    // The controller makes a FIQ of an interrupt for the other world: IHI 0069, 4.6.2.
    private static void TellWorld(MachineContext context, GicV3 gic, ArmCpu cpu)
    {
        cpu.WorldChanged = (level, secure) =>
        {
            context.Memory.EnterDeviceLock();
            try
            {
                gic.SetCpuState(cpu.Index, level, secure);
            }
            finally
            {
                context.Memory.DeviceLock.Exit();
            }
        };
    }

    private void ConnectCpus(MachineContext context)
    {
        GicSystemRegisters? registers = GicV3 is null ? null : new GicSystemRegisters(GicV3);
        foreach (ArmCpu cpu in _cpus)
        {
            int index = cpu.Index;
            cpu.ConnectInterrupt(ArmInterrupt.Irq, GicV2?.Irq(index) ?? GicV3!.Irq(index));
            cpu.ConnectInterrupt(ArmInterrupt.Fiq, GicV2?.Fiq(index) ?? GicV3!.Fiq(index));
            if (GicV2 is null || GicV2.Options.Virtualization)
            {
                cpu.ConnectInterrupt(ArmInterrupt.VirtualIrq, GicV2?.VirtualIrq(index) ?? GicV3!.VirtualIrq(index));
                cpu.ConnectInterrupt(ArmInterrupt.VirtualFiq, GicV2?.VirtualFiq(index) ?? GicV3!.VirtualFiq(index));
                (GicV2?.Maintenance(index) ?? GicV3!.Maintenance(index)).Connect(Ppi(index, ArmVirtMap.MaintenancePpi));
            }

            if (GicV3 is not null)
            {
                cpu.SystemRegisters = registers;
                if (_options.Secure)
                    TellWorld(context, GicV3, cpu);
            }

            foreach ((ArmTimer timer, int ppi) in (ReadOnlySpan<(ArmTimer, int)>)
                [
                    (ArmTimer.Physical, ArmVirtMap.PhysicalTimerPpi), (ArmTimer.Virtual, ArmVirtMap.VirtualTimerPpi),
                    (ArmTimer.HypervisorPhysical, ArmVirtMap.HypervisorTimerPpi), (ArmTimer.HypervisorVirtual, ArmVirtMap.HypervisorVirtualTimerPpi),
                    (ArmTimer.SecurePhysical, ArmVirtMap.SecureTimerPpi),
                ])
                cpu.TimerOutput(timer).Connect(Ppi(index, ppi));
            cpu.CounterOverflow.Connect(Ppi(index, ArmVirtMap.PmuPpi));
        }
    }
}

using System.Diagnostics.Metrics;
using Emulation.Arm;
using Emulation.Boards.DeviceTree;
using Emulation.Boards.Loading;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Devices;
using Emulation.Jit;
using Microsoft.Extensions.DependencyInjection;

namespace Emulation.Boards.Arm;

/// <summary>
/// The boards <c>aarch64-virt</c> and <c>arm-virt</c>: memory map, interrupts and device tree of the well-known <c>virt</c> machine.
/// </summary>
/// <param name="options">Its options; not changed afterwards.</param>
public sealed partial class ArmVirtBoard(ArmVirtOptions options) : IBoard
{
    private readonly ArmVirtOptions _options = options ?? throw new ArgumentNullException(nameof(options));
    private readonly VirtioSlots _virtio = new(ArmVirtMap.VirtioSlots, hasPci: true);
    private readonly SerialLines _serial = new(options.Secure ? 2 : 1);
    private readonly BootPlan _plan = new();
    private List<ArmCpu> _cpus = [];
    private ArmCpuModel _model = null!;
    private BoardOrigin<ArmBoot> _origin = new();
    private int _gicVersion;

    /// <inheritdoc/>
    public string Name => _options.Is32Bit ? "arm-virt" : "aarch64-virt";

    /// <summary>The CPUs in order of their number.</summary>
    public IReadOnlyList<ArmCpu> Cpus => _cpus;

    /// <summary>Main memory, at physical address 0x4000_0000.</summary>
    public RamBlock Ram { get; private set; } = null!;

    /// <summary>Memory and devices as Secure accesses see them, or null without a Secure state.</summary>
    public AddressSpace? SecureMemory { get; private set; }

    /// <summary>Translated code, shared by the CPUs.</summary>
    public TranslationCache Code { get; private set; } = null!;

    /// <summary>The interrupt controller of version 2, or null.</summary>
    public GicV2? GicV2 { get; private set; }

    /// <summary>The interrupt controller of version 3, or null.</summary>
    public GicV3? GicV3 { get; private set; }

    /// <summary>The frame of message-signalled interrupts of version 2, or null.</summary>
    public GicV2m? Messages { get; private set; }

    /// <summary>The translation service of message-signalled interrupts of version 3, or null.</summary>
    public GicIts? Its { get; private set; }

    /// <summary>The PCI Express host.</summary>
    public PciHost Pcie { get; private set; } = null!;

    /// <summary>The serial device.</summary>
    public Pl011 Uart { get; private set; } = null!;

    /// <summary>The serial device of secure software, or null.</summary>
    public Pl011? SecureUart { get; private set; }

    /// <summary>The host's end of the serial device.</summary>
    public SerialPort Console { get; private set; } = null!;

    /// <summary>The real-time clock.</summary>
    public Pl031 Rtc { get; private set; } = null!;

    /// <summary>The lines by which secure software switches the machine off or resets it, or null.</summary>
    public Pl061? SecureGpio { get; private set; }

    /// <summary>The lines of the power key.</summary>
    public Pl061 Gpio { get; private set; } = null!;

    /// <summary>Items for firmware.</summary>
    public FwCfg FwCfg { get; private set; } = null!;

    /// <summary>The two banks of flash. Erased at first.</summary>
    public IReadOnlyList<CfiFlash> Flash { get; private set; } = [];

    /// <summary>The virtio slots, by address.</summary>
    public IReadOnlyList<VirtioMmio> Virtio { get; private set; } = [];

    /// <summary>What the guest is told about the machine.</summary>
    public FlattenedDeviceTree DeviceTree { get; private set; } = new();

    // where a kernel starts: the highest level of the Non-secure state
    private int StartLevel => _options.Virtualization ? 2 : 1;

    private ulong PcieConfig => _options.Is32Bit ? ArmVirtMap.PcieConfigLow : ArmVirtMap.PcieConfig;

    private ulong PcieConfigSize => _options.Is32Bit ? ArmVirtMap.PcieConfigLowSize : ArmVirtMap.PcieConfigSize;

    // With EL3 in AArch64 a kernel is for firmware to start; with EL3 in AArch32 the host starts it in the Non-secure state, as firmware would.
    private bool KernelFirst => _plan.FirmwareMode == FirmwareMode.BuiltIn && (!_options.Secure || _options.Is32Bit);

    private bool HostFirmware => _plan.FirmwareMode != FirmwareMode.None && (!_options.Secure || KernelFirst);

    /// <inheritdoc/>
    public void Compose(MachineContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // a fault is noted and composition goes on with a default, so that it is the only one that is reported
        _model = FindModel(context);
        int cpus = Math.Clamp(_options.Cpus, 1, ArmVirtOptions.MaxCpus);
        if (cpus != _options.Cpus)
            context.Error($"the board has 1 to {ArmVirtOptions.MaxCpus} CPUs, not {_options.Cpus}");
        if (_options is { Is32Bit: true, Virtualization: true })
            context.Error($"{Name} has no EL2: the option virtualization is of 64-bit boards");
        _gicVersion = _options.GicVersion;
        if (_gicVersion is not (2 or 3))
        {
            context.Error($"the board has a GIC of version 2 or 3, not {_gicVersion}");
            _gicVersion = 2;
        }

        _origin = context.Backend("board origin", _origin);
        ulong memory = CheckMemory(context, context.MemorySize ?? _options.Memory);
        context.Provide(_virtio);
        context.Provide(_serial);
        context.Provide(_plan);
        Ram = context.AddRam("ram", ArmVirtMap.Ram, memory);
        if (_options.Secure)
            AddSecureSpace(context);
        AddInterruptController(context, cpus);
        context.OnComposed(() => Complete(context, cpus, memory));
    }

    /// <summary>Presses and releases the power key: a guest that listens shuts down.</summary>
    /// <param name="machine">The board's machine.</param>
    public void PressPowerKey(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        lock (machine.DeviceLock)
        {
            Gpio.Input(ArmVirtMap.PowerKey)(true);
            Gpio.Input(ArmVirtMap.PowerKey)(false);
        }
    }

    private ArmCpuModel FindModel(MachineContext context)
    {
        if (ArmCpuModel.Find(_options.ChosenCpu) is { } model && model.IsAArch32Only == _options.Is32Bit)
            return model;
        IEnumerable<string> names = ArmCpuModel.All.Where(m => m.IsAArch32Only == _options.Is32Bit).Select(static m => m.Name);
        context.Error($"{Name} has no CPU '{_options.ChosenCpu}'; it has {string.Join(", ", names)}");
        return ArmCpuModel.Find(_options.Is32Bit ? ArmVirtOptions.DefaultCpu32 : ArmVirtOptions.DefaultCpu64)!;
    }

    private ulong CheckMemory(MachineContext context, ulong size)
    {
        // what lies above 4 GiB, 32-bit software reaches with long descriptors only, and devices are all below
        ulong most = _options.Is32Bit ? 3UL << 30 : 255UL << 30;
        if (size >= 1 << 20 && size <= most && size % 4096 == 0)
            return size;
        context.Error($"{Name} has 1 MiB to {most >> 30} GiB of memory in whole pages of 4 KiB, not {size} bytes");
        return 128.MiB();
    }

    // What other steps chose is known now: the exception level at which CPUs begin depends on what they begin with.
    private void Complete(MachineContext context, int cpus, ulong memory)
    {
        if (GicV2 is not null)
            GicV2.Options.ResetToGroup1 = _options.Secure && KernelFirst;
        AddCpus(context, cpus);
        AddDevices(context);

        // devices are reset in this order: the controller comes behind its sources, or it would keep requests that they have just withdrawn
        context.AddDevice<IDevice>((IDevice?)GicV2 ?? GicV3!);
        PrepareBoot(context, memory);
    }

    private void AddCpus(MachineContext context, int count)
    {
        Code = new TranslationCache(_options.Engine);
        var frontend = new ArmFrontend(_model.Isa);
        IMeterFactory? meters = context.Services.GetService<IMeterFactory>();
        if (_options.Engine.Engine == EngineKind.Jit && JitEngine.IsSupported)
            Code.TierOne = new JitEngine(Code, frontend, _options.Jit) { Meters = meters is null ? null : new JitMeters(meters, context.Machine.Name) };
        CpuMeters? cpuMeters = meters is null ? null : context.Own(new CpuMeters(meters, context.Machine.Name));
        var group = new ArmCpuGroup();
        _cpus = new List<ArmCpu>(count);
        for (int i = 0; i < count; i++)
        {
            var cpuContext = new CpuContext(MemoryOf(context, i, count), context.Clock, context.Log, Code)
            {
                Hooks = context.Hooks,
                Exclusive = context.Machine.RunExclusive,
                Meters = cpuMeters,
            };
            var cpuOptions = new ArmCpuOptions
            {
                Model = _model,
                HasEl2 = _options.Virtualization && !_options.Is32Bit,
                HasEl3 = _options.Secure,
                StartsInAArch32 = _options.Is32Bit,
                SecureMemory = SecureMemory is null ? 0 : ArmVirtMap.SecureSpace,
                ResetVector = ArmVirtMap.Flash,
                ResetLevel = KernelFirst ? StartLevel : null,
                StartsPoweredOff = i > 0,
            };
            _cpus.Add(context.AddCpu(new ArmCpu(i, cpuOptions, cpuContext, frontend, group)));
        }

        context.Own(Code);
        context.Provide(Code);
        ConnectCpus(context);
    }

    private void AddDevices(MachineContext context)
    {
        var options = new Pl011Options { ClockFrequency = ArmVirtMap.PeripheralClock };
        Console = _serial.Take(0, "serial0", context);
        Uart = context.AddDevice(ArmVirtMap.Uart, new Pl011("uart0", Console, context.Clock, context.Log, options));
        Uart.Irq.Connect(Spi(ArmVirtMap.UartSpi));
        if (_options.Secure)
            AddSecureDevices(context, options);
        Rtc = context.AddDevice(ArmVirtMap.Rtc, new Pl031("rtc", context.Clock, context.Log, _origin.Epoch(context, _options.Epoch)));
        Rtc.Irq.Connect(Spi(ArmVirtMap.RtcSpi));
        Gpio = context.AddDevice(ArmVirtMap.Gpio, new Pl061("gpio", context.Log));
        Gpio.Irq.Connect(Spi(ArmVirtMap.GpioSpi));
        FwCfg = context.AddDevice(ArmVirtMap.FwCfg, new FwCfg("fwcfg", context.Memory, context.Log));
        const ushort CpuCount = 5;
        FwCfg.AddItem(CpuCount, [(byte)_cpus.Count, 0]);

        var banks = new CfiFlash[2];
        for (int i = 0; i < banks.Length; i++)
        {
            banks[i] = context.AddDevice(new CfiFlash($"flash{i}", context.CreateRam($"flash{i}", ArmVirtMap.FlashSize, background: 0xff), context.Log));
            if (i == 0 && _options.Secure)
                _secureDevices.Add(ArmVirtMap.Flash, banks[i].Region);
            else
                context.Map(ArmVirtMap.Flash + ((ulong)i * ArmVirtMap.FlashSize), banks[i].Region);
        }

        Flash = banks;
        var slots = new VirtioMmio[ArmVirtMap.VirtioSlots];
        for (int i = 0; i < slots.Length; i++)
        {
            slots[i] = context.AddDevice(new VirtioMmio($"virtio{i}", context.Memory, context.Clock, context.Log, _virtio.DeviceAt(i)));
            slots[i].Irq.Connect(Spi(ArmVirtMap.FirstVirtioSpi + i));
            context.Map(ArmVirtMap.Virtio + (ArmVirtMap.VirtioSize * (ulong)i), slots[i].CreateRegion(ArmVirtMap.VirtioSize));
        }

        Virtio = slots;
        AddPcie(context);
    }

    private void PrepareBoot(MachineContext context, ulong memory)
    {
        byte[] seed = new byte[32];
        new SeededEntropy(Seed(context)).Fill(seed);
        ArmConduit conduit = _options.Virtualization ? ArmConduit.Smc : ArmConduit.Hvc;
        var description = new ArmVirtDescription
        {
            Cpus = _cpus.Count,
            CpuCompatible = $"arm,{(_model == ArmCpuModel.Max ? "armv8" : _model.Name)}",
            Is64Bit = !_options.Is32Bit,
            Memory = memory,
            GicVersion = _gicVersion,
            Secure = _options.Secure,
            Virtualization = _options.Virtualization,
            Conduit = HostFirmware ? conduit.ToString().ToLowerInvariant() : null,
            HasIts = Its is not null,
            HasPmu = _model.Isa.Has(ArmFeature.PMUv3),
            HasPcie = true,
            PcieConfig = PcieConfig,
            PcieConfigSize = PcieConfigSize,
            Seed = seed,
        };
        DeviceTree = ArmVirtDeviceTree.Create(description);
        if (_plan.Firmware is not null)
        {
            ArmVirtAcpi.Describe(description, FwCfg);
            ArmVirtSmbios.Describe(description, FwCfg);
        }

        if (HostFirmware)
        {
            IEntropySource entropy = context.Machine.TimeMode == TimeMode.Deterministic ? new SeededEntropy(Seed(context) ^ ulong.MaxValue) : new HostEntropy();
            context.AddDevice(new ArmFirmware(context.Machine, _cpus, conduit, StartLevel, entropy));
        }

        if (_options.Secure && !_options.Is32Bit && _plan is { FirmwareMode: FirmwareMode.BuiltIn, StateFollows: false })
            throw new MachineConfigurationException("with a Secure state the board needs firmware of the guest's own; give a firmware file, or none to start at EL3");
        if (_plan is { FirmwareMode: FirmwareMode.BuiltIn, Kernel: null, Files.Count: 0, StateFollows: false })
            throw new MachineConfigurationException("there is nothing to run: give a kernel, a firmware file or a program to load");
        IProgress<LoadProgress>? progress = context.Services.GetService<IProgress<LoadProgress>>();
        GuestTarget target = _options.Is32Bit
            ? new GuestTarget(Name, ElfMachines.Arm, 32, "Arm")
            : new GuestTarget(Name, ElfMachines.AArch64, 64, "AArch64") { KernelBase = ArmVirtMap.KernelBase };
        var loader = new ImageLoader(target, ArmVirtMap.Ram, memory, progress);
        AddressSpace known = SecureMemory ?? context.Memory;
        ArmBoot boot = _origin.Boot ??= ArmBoot.Prepare(_plan, loader, new MemoryPlan(ArmVirtMap.Ram, memory, known), DeviceTree, memory, progress);
        DeviceTree = boot.DeviceTree;
        boot.Describe(FwCfg);
        context.Provide(boot.Free);
        context.OnReset(_ => boot.Load(known, Flash[0], _cpus[0]));
    }

    private ulong Seed(MachineContext context) => _origin.Seed(context, _options.EntropySeed);
}

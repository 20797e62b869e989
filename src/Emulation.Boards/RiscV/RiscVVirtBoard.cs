using System.Diagnostics.Metrics;
using Emulation.Boards.DeviceTree;
using Emulation.Boards.Loading;
using Emulation.Boards.RiscV.Sbi;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Devices;
using Emulation.Jit;
using Emulation.RiscV;
using Microsoft.Extensions.DependencyInjection;

namespace Emulation.Boards.RiscV;

/// <summary>
/// The boards <c>riscv64-virt</c> and <c>riscv32-virt</c>: memory map, interrupts and device tree of the well-known <c>virt</c> machine, without its PCI host.
/// </summary>
/// <param name="options">Its options; not changed afterwards.</param>
public sealed class RiscVVirtBoard(RiscVVirtOptions options) : IBoard, IReportsFailure
{
    private readonly RiscVVirtOptions _options = options ?? throw new ArgumentNullException(nameof(options));
    private readonly VirtioSlots _virtio = new(RiscVVirtMap.VirtioSlots);
    private readonly SerialLines _serial = new(1);
    private readonly BootPlan _plan = new();
    private List<RiscVCpu> _harts = [];
    private RamBlock? _rom;
    private BoardOrigin<RiscVBoot> _origin = new();

    /// <inheritdoc/>
    public string Name => Isa is { Xlen: 32 } ? "riscv32-virt" : "riscv64-virt";

    /// <summary>What the harts implement.</summary>
    public RiscVIsa Isa { get; private set; } = null!;

    /// <summary>The harts in order of their number.</summary>
    public IReadOnlyList<RiscVCpu> Harts => _harts;

    /// <summary>Main memory, at physical address 0x8000_0000.</summary>
    public RamBlock Ram { get; private set; } = null!;

    /// <summary>Translated code, shared by the harts.</summary>
    public TranslationCache Code { get; private set; } = null!;

    /// <summary>Timer and software interrupts.</summary>
    public Clint Clint { get; private set; } = null!;

    /// <summary>The interrupt controller.</summary>
    public Plic Plic { get; private set; } = null!;

    /// <summary>The serial device.</summary>
    public Ns16550 Uart { get; private set; } = null!;

    /// <summary>The host's end of the serial device.</summary>
    public SerialPort Console { get; private set; } = null!;

    /// <summary>The real-time clock.</summary>
    public GoldfishRtc Rtc { get; private set; } = null!;

    /// <summary>Power-off and reset.</summary>
    public SifiveTest Finisher { get; private set; } = null!;

    /// <summary>Items for firmware.</summary>
    public FwCfg FwCfg { get; private set; } = null!;

    /// <summary>The two banks of flash. Erased at first.</summary>
    public IReadOnlyList<CfiFlash> Flash { get; private set; } = [];

    /// <summary>The virtio slots, by address.</summary>
    public IReadOnlyList<VirtioMmio> Virtio { get; private set; } = [];

    /// <summary>What the guest is told about the machine.</summary>
    public FlattenedDeviceTree DeviceTree { get; private set; } = new();

    /// <summary>The code with which the guest finished, when it reported a failure to <see cref="Finisher"/>; else null.</summary>
    public int? FailureCode { get; private set; }

    /// <inheritdoc/>
    public void Compose(MachineContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // a fault is noted and composition goes on with a default, so that it is the only one that is reported
        Isa = ParseIsa(context, out int cpus);
        _origin = context.Backend("board origin", _origin);
        ulong memory = CheckMemory(context, context.MemorySize ?? _options.Memory);
        context.Provide(_virtio);
        context.Provide(_serial);
        context.Provide(_plan);
        context.Provide<IReportsFailure>(this);

        Ram = context.AddRam("ram", RiscVVirtMap.Ram, memory);
        _rom = context.AddRom("mrom", RiscVVirtMap.ResetRom, RiscVVirtMap.ResetRomSize);
        AddHarts(context, cpus);
        AddDevices(context);
        context.OnComposed(() => Complete(context, memory));
    }

    private RiscVIsa ParseIsa(MachineContext context, out int cpus)
    {
        cpus = Math.Clamp(_options.Cpus, 1, RiscVVirtOptions.MaxCpus);
        if (cpus != _options.Cpus)
            context.Error($"the board has 1 to {RiscVVirtOptions.MaxCpus} harts, not {_options.Cpus}");
        string text = _options.Isa;
        if (_options.Mmu is { } mmu)
        {
            if (mmu is not ("sv32" or "sv39" or "sv48" or "sv57"))
                context.Error($"unknown address translation scheme '{mmu}'; there are sv32, sv39, sv48 and sv57");
            int comma = text.IndexOf(',', StringComparison.Ordinal);
            text = comma < 0 ? $"{text}_{mmu}" : $"{text[..comma]}_{mmu}{text[comma..]}";
        }

        try
        {
            return RiscVIsa.Parse(text);
        }
        catch (ArgumentException e)
        {
            int end = e.Message.IndexOf(" (Parameter", StringComparison.Ordinal);
            context.Error(end < 0 ? e.Message : e.Message[..end]);
            return RiscVIsa.Parse(RiscVVirtOptions.DefaultIsa64);
        }
    }

    private ulong CheckMemory(MachineContext context, ulong size)
    {
        ulong most = Isa.Xlen == 32 ? 2UL << 30 : 512UL << 30;
        if (size >= 64 << 10 && size <= most && size % 4096 == 0)
            return size;
        context.Error($"{Name} has 64 KiB to {most >> 30} GiB of memory in whole pages of 4 KiB, not {size} bytes");
        return 128.MiB();
    }

    private void AddHarts(MachineContext context, int cpus)
    {
        Code = new TranslationCache(_options.Engine);
        var frontend = new RiscVFrontend(Isa);
        IMeterFactory? meters = context.Services.GetService<IMeterFactory>();
        if (_options.Engine.Engine == EngineKind.Jit && JitEngine.IsSupported)
            Code.TierOne = new JitEngine(Code, frontend, _options.Jit) { Meters = meters is null ? null : new JitMeters(meters, context.Machine.Name) };
        CpuMeters? cpuMeters = meters is null ? null : context.Own(new CpuMeters(meters, context.Machine.Name));
        var cpuContext = new CpuContext(context.Memory, context.Clock, context.Log, Code)
        {
            Hooks = context.Hooks,
            Exclusive = context.Machine.RunExclusive,
            Meters = cpuMeters,
        };
        var cpuOptions = new RiscVCpuOptions { ResetVector = RiscVVirtMap.ResetRom, TimebaseFrequency = RiscVVirtMap.Timebase, EntropySeed = Seed(context), StopOnTrap = true };
        _harts = new List<RiscVCpu>(cpus);
        for (int i = 0; i < cpus; i++)
            _harts.Add(context.AddCpu(new RiscVCpu(i, Isa, cpuOptions, cpuContext, frontend)));
        context.Own(Code);
        context.Provide(Code);
    }

    private void AddDevices(MachineContext context)
    {
        Clint = context.AddDevice(RiscVVirtMap.Clint, new Clint("clint", context.Clock, context.Log, _harts.Count, RiscVVirtMap.Timebase));
        Plic = new Plic("plic", context.Log, RiscVVirtMap.PlicSources, 2 * _harts.Count, size: RiscVVirtMap.PlicSize);
        foreach (RiscVCpu cpu in _harts)
        {
            cpu.TimeSource = () => Clint.Time;
            Clint.TimeWritten += cpu.OnTimeWritten;
            cpu.ConnectInterrupt(RiscVInterrupt.MachineSoftware, Clint.SoftwareInterrupt(cpu.Index));
            cpu.ConnectInterrupt(RiscVInterrupt.MachineTimer, Clint.TimerInterrupt(cpu.Index));
            cpu.ConnectInterrupt(RiscVInterrupt.MachineExternal, Plic.Output(2 * cpu.Index));
            cpu.ConnectInterrupt(RiscVInterrupt.SupervisorExternal, Plic.Output((2 * cpu.Index) + 1));
        }

        Finisher = context.AddDevice(RiscVVirtMap.Finisher, new SifiveTest("finisher", context.Log));
        Finisher.Finished += (request, code) => Finish(context.Machine, request, code);
        Rtc = context.AddDevice(RiscVVirtMap.Rtc, new GoldfishRtc("rtc", context.Clock, context.Log, _origin.Epoch(context, _options.Epoch)));
        Rtc.Irq.Connect(Plic.Input(RiscVVirtMap.RtcIrq));
        FwCfg = context.AddDevice(RiscVVirtMap.FwCfg, new FwCfg("fwcfg", context.Memory, context.Log));
        const ushort CpuCount = 5;
        FwCfg.AddItem(CpuCount, [(byte)_harts.Count, 0]);
        var banks = new CfiFlash[2];
        for (int i = 0; i < banks.Length; i++)
        {
            banks[i] = context.AddDevice(new CfiFlash($"flash{i}", context.CreateRam($"flash{i}", RiscVVirtMap.FlashSize, background: 0xff), context.Log));
            context.Map(RiscVVirtMap.Flash + ((ulong)i * RiscVVirtMap.FlashSize), banks[i].Region);
        }

        Flash = banks;
    }

    // What other steps chose is known now.
    private void Complete(MachineContext context, ulong memory)
    {
        Console = _serial.Take(0, "serial0", context);
        Uart = context.AddDevice(RiscVVirtMap.Uart, new Ns16550("uart0", Console, context.Clock, context.Log, new Ns16550Options { ClockFrequency = RiscVVirtMap.UartClock }));
        Uart.Irq.Connect(Plic.Input(RiscVVirtMap.UartIrq));
        var slots = new VirtioMmio[RiscVVirtMap.VirtioSlots];
        for (int i = 0; i < slots.Length; i++)
        {
            slots[i] = context.AddDevice(new VirtioMmio($"virtio{i}", context.Memory, context.Clock, context.Log, _virtio.DeviceAt(i)));
            slots[i].Irq.Connect(Plic.Input(RiscVVirtMap.FirstVirtioIrq + i));
            context.Map(RiscVVirtMap.Virtio + (0x1000 * (ulong)i), slots[i].CreateRegion());
        }

        Virtio = slots;

        // devices are reset in this order: the controller comes behind its sources, or it would keep requests that they have just withdrawn
        context.AddDevice(RiscVVirtMap.Plic, Plic);
        PrepareBoot(context, memory);
    }

    private void PrepareBoot(MachineContext context, ulong memory)
    {
        byte[] seed = new byte[32];
        new SeededEntropy(Seed(context)).Fill(seed);
        DeviceTree = RiscVVirtDeviceTree.Create(Isa, _harts.Count, memory, seed);
        SbiFirmware? sbi = null;
        if (_plan.FirmwareMode == FirmwareMode.BuiltIn)
        {
            if (!Isa.HasSupervisorMode)
                throw new MachineConfigurationException($"the built-in firmware serves S-mode, which '{_options.Isa}' has not; choose a firmware file or none");
            if (_plan is { Kernel: null, Files.Count: 0, StateFollows: false })
                throw new MachineConfigurationException("there is nothing to run: give a kernel, a firmware file or a program to load");
            sbi = context.AddDevice(new SbiFirmware(context, this, RiscVVirtMap.ResetRom));
        }

        IProgress<LoadProgress>? progress = context.Services.GetService<IProgress<LoadProgress>>();
        var target = new GuestTarget(Name, ElfMachines.RiscV, Isa.Xlen, "RISC-V");
        var loader = new ImageLoader(target, RiscVVirtMap.Ram, memory, progress);
        RiscVBoot boot = _origin.Boot ??= RiscVBoot.Prepare(_plan, loader, new MemoryPlan(RiscVVirtMap.Ram, memory, context.Memory), DeviceTree, Isa.Xlen, memory, progress);
        DeviceTree = boot.DeviceTree;
        context.OnReset(machine =>
        {
            FailureCode = null;
            boot.Load(machine, _rom!, sbi);
        });
    }

    private void Finish(Machine machine, FinisherRequest request, int code)
    {
        switch (request)
        {
            case FinisherRequest.Reset:
                machine.RequestReset();
                break;
            case FinisherRequest.Fail:
                FailureCode = code;
                machine.RequestPowerOff();
                break;
            default:
                machine.RequestPowerOff();
                break;
        }
    }

    private ulong Seed(MachineContext context) => _origin.Seed(context, _options.EntropySeed);
}

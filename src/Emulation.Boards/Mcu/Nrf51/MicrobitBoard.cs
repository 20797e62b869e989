using Emulation.Arm;
using Emulation.Boards.Loading;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <summary>The board <c>microbit</c>: a BBC micro:bit V1 with a Nordic nRF51822. nRF51 Series Reference Manual, micro:bit schematics V1.5.</summary>
/// <param name="options">Its options; not changed afterwards.</param>
public sealed partial class MicrobitBoard(MicrobitOptions options) : IBoard
{
    private const int Interrupts = 32;

    private readonly MicrobitOptions _options = options ?? throw new ArgumentNullException(nameof(options));
    private readonly SerialLines _serial = new(1);
    private readonly BootPlan _plan = new();
    private readonly List<NrfPeripheral> _peripherals = [];
    private BoardOrigin<McuFirmware> _origin = new();

    /// <inheritdoc/>
    public string Name => "microbit";

    /// <summary>The CPU, a Cortex-M0.</summary>
    public ArmMCpu Cpu { get; private set; } = null!;

    /// <summary>Translated code.</summary>
    public TranslationCache Code { get; private set; } = null!;

    /// <summary>The clock tree.</summary>
    public ClockTree ClockTree { get; private set; } = null!;

    /// <summary>The chip's clocks.</summary>
    public NrfClocks Clocks { get; private set; } = null!;

    /// <summary>The chip's pins, <c>P0</c> to <c>P31</c>; <see cref="Edge"/> has those of the edge connector.</summary>
    public PinSet Pins { get; private set; } = null!;

    /// <summary>Memory, at 0x2000_0000.</summary>
    public RamBlock Ram { get; private set; } = null!;

    /// <summary>Code memory, at 0.</summary>
    public RamBlock Flash { get; private set; } = null!;

    /// <summary>The factory's information registers.</summary>
    public RamBlock Ficr { get; private set; } = null!;

    /// <summary>The user's configuration registers.</summary>
    public RamBlock Uicr { get; private set; } = null!;

    /// <summary>Power, clock, memory protection.</summary>
    public NrfPower Power { get; private set; } = null!;

    /// <summary>The GPIO port.</summary>
    public NrfGpio Gpio { get; private set; } = null!;

    /// <summary>GPIO tasks and events.</summary>
    public NrfGpiote Gpiote { get; private set; } = null!;

    /// <summary>The interconnect.</summary>
    public NrfPpi Ppi { get; private set; } = null!;

    /// <summary>The timers TIMER0 to TIMER2.</summary>
    public IReadOnlyList<NrfTimer> Timers { get; private set; } = [];

    /// <summary>The real-time counters RTC0 and RTC1.</summary>
    public IReadOnlyList<NrfRtc> Rtcs { get; private set; } = [];

    /// <summary>The UART, at the interface chip's USB port.</summary>
    public NrfUart Uart { get; private set; } = null!;

    /// <summary>The host's end of the UART.</summary>
    public SerialPort Console { get; private set; } = null!;

    /// <summary>The random number generator.</summary>
    public NrfRng Rng { get; private set; } = null!;

    /// <summary>The temperature sensor in the chip.</summary>
    public NrfTemp Temp { get; private set; } = null!;

    /// <summary>The watchdog.</summary>
    public NrfWatchdog Watchdog { get; private set; } = null!;

    /// <summary>The flash controller.</summary>
    public NrfNvmc Nvmc { get; private set; } = null!;

    /// <summary>The LEDs.</summary>
    public MicrobitDisplay Display { get; private set; } = null!;

    /// <summary>The left button.</summary>
    public MicrobitButton ButtonA { get; private set; } = null!;

    /// <summary>The right button.</summary>
    public MicrobitButton ButtonB { get; private set; } = null!;

    /// <inheritdoc/>
    public void Compose(MachineContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _origin = context.Backend("board origin", _origin);
        if (context.MemorySize is { } size && size != MicrobitOptions.Memory)
            context.Error($"{Name} has 16 KiB of memory, not {size} bytes");
        context.Provide(_serial);
        context.Provide(_plan);
        ClockTree = context.AddDevice(new ClockTree());
        Clocks = new NrfClocks(ClockTree);
        Pins = context.AddDevice(new PinSet());
        AddMemory(context);
        AddCpu(context);
        AddDevices(context);
        AddBoardParts(context);
        context.OnComposed(() => Complete(context));
    }

    /// <summary>A pin of the edge connector.</summary>
    /// <param name="number">0 to 16, 19 or 20, as printed on the board.</param>
    public Pin Edge(int number)
    {
        ReadOnlySpan<int> pins = [3, 2, 1, 4, 5, 17, 12, 11, 18, 10, 6, 26, 20, 23, 22, 21, 16, -1, -1, 0, 30];
        if ((uint)number >= (uint)pins.Length || pins[number] < 0)
            throw new ArgumentOutOfRangeException(nameof(number), number, "the edge connector has pins 0 to 16, 19 and 20");
        return Gpio.Pins[pins[number]];
    }

    private void AddMemory(MachineContext context)
    {
        Flash = context.CreateRam("flash", NrfMap.FlashSize, background: 0xff);
        Ram = context.AddRam("ram", NrfMap.Ram, MicrobitOptions.Memory);
        Ficr = context.CreateRam("ficr", RamBlock.PageSize, background: 0xff);
        Uicr = context.CreateRam("uicr", RamBlock.PageSize, background: 0xff);
        Nvmc = context.AddDevice(NrfMap.Nvmc, new NrfNvmc("nvmc", Flash, Uicr, context.Clock, context.Log));
        context.Map(NrfMap.Flash, new RamRegion(Flash, readOnly: true) { WriteHandler = Nvmc.FlashWrites });
        context.AddRom("rom table", NrfMap.RomTable, RamBlock.PageSize, CreateRomTable());
        context.Map(NrfMap.Ficr, new RamRegion(Ficr, readOnly: true));
        context.Map(NrfMap.Uicr, new RamRegion(Uicr, readOnly: true) { WriteHandler = Nvmc.UicrWrites });
    }

    private void AddCpu(MachineContext context)
    {
        var cpuOptions = new ArmMCpuOptions { Model = ArmMCpuModel.CortexM0, Interrupts = Interrupts, PriorityBits = 2, ProcessorClock = Clocks.Hfclk };
        (Cpu, Code) = McuCpu.Add(context, cpuOptions, _options.Engine, _options.Jit);
        Cpu.SystemReset = () => Restart(context.Machine, ResetReason.Request);
    }

    private void AddDevices(MachineContext context)
    {
        (VirtualClock clock, GuestLog log) = (context.Clock, context.Log);
        Ppi = context.AddDevice(NrfMap.Ppi, new NrfPpi("ppi", log));
        Power = Add(context, NrfMap.Power, new NrfPower("power", Clocks, hasLowCrystal: false, clock, log));
        Gpio = context.AddDevice(NrfMap.Gpio, new NrfGpio("gpio", Pins, log));
        Gpiote = Add(context, NrfMap.Gpiote, new NrfGpiote("gpiote", Gpio, log));
        Timers =
        [
            Add(context, NrfMap.Timer0, new NrfTimer("timer0", Clocks, wide: true, clock, log)),
            Add(context, NrfMap.Timer1, new NrfTimer("timer1", Clocks, wide: false, clock, log)),
            Add(context, NrfMap.Timer2, new NrfTimer("timer2", Clocks, wide: false, clock, log)),
        ];
        Rtcs = [Add(context, NrfMap.Rtc0, new NrfRtc("rtc0", Clocks, 3, clock, log)), Add(context, NrfMap.Rtc1, new NrfRtc("rtc1", Clocks, 4, clock, log))];
        Temp = Add(context, NrfMap.Temp, new NrfTemp("temp", clock, log));
        ulong seed = _origin.Seed(context, _options.EntropySeed);
        Rng = Add(context, NrfMap.Rng, new NrfRng("rng", context.Machine.TimeMode == TimeMode.Deterministic ? new SeededEntropy(seed) : new HostEntropy(), clock, log));
        Watchdog = Add(context, NrfMap.Watchdog, new NrfWatchdog("wdt", Clocks, clock, log));
        Watchdog.ResetRequested += () => Restart(context.Machine, ResetReason.Watchdog);
        AddMoreDevices(context);
        ConnectWake(context.Machine);
    }

    private T Add<T>(MachineContext context, ulong address, T device)
        where T : NrfPeripheral
    {
        _peripherals.Add(device);
        context.AddDevice(address, device);
        Ppi.Attach(address, device);
        Cpu.Nvic.Connect(NrfMap.Irq(address), device.Irq);
        return device;
    }

    private void AddBoardParts(MachineContext context)
    {
        const int FirstRow = 13, FirstColumn = 4;
        Display = context.AddDevice(new MicrobitDisplay("display", [.. Enumerable.Range(FirstRow, 3).Select(i => Gpio.Pins[i])], [.. Enumerable.Range(FirstColumn, 9).Select(i => Gpio.Pins[i])], context.Clock));
        ButtonA = new MicrobitButton("A", Gpio.Pins[17]);
        ButtonB = new MicrobitButton("B", Gpio.Pins[26]);
    }

    // What other steps chose is known now.
    private void Complete(MachineContext context)
    {
        Console = _serial.Take(0, "serial0", context);
        Uart = Add(context, NrfMap.Uart, new NrfUart("uart0", Console, context.Clock, context.Log));
        ulong seed = _origin.Seed(context, _options.EntropySeed);
        context.OnReset(_ => WriteFactoryInformation(seed));
        McuFirmware.InstallArm(context, _origin, _plan, Name, new McuPlaces(NrfMap.Flash, NrfMap.Ram, MicrobitOptions.Memory));
    }
}

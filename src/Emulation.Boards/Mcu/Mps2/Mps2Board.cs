using Emulation.Arm;
using Emulation.Boards.Loading;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <summary>The boards <c>mps2-an385</c> and <c>mps2-an386</c>: Arm's MPS2 FPGA board with a Cortex-M3 or M4 at 25 MHz. Arm DAI 0385, DAI 0386.</summary>
/// <remarks>
/// UART0 is the console. The buses of the SPI and I²C controllers are empty: user code attaches parts, and display, touch screen, audio codec and analog converter are none of them.
/// The Ethernet controller never has a link. The audio interface (I2S) and the VGA memories are not there: accesses to them give bus faults.
/// Priorities have 8 bits, as the firmware that is written for emulators of this board counts on; the FPGA images have 3.
/// </remarks>
/// <param name="options">Its options; not changed afterwards.</param>
public sealed class Mps2Board(Mps2Options options) : IBoard
{
    /// <summary>Bytes of memory at 0x2000_0000; no board has others.</summary>
    public const ulong Memory = Mps2Map.SramSize;

    /// <summary>Hertz of the CPU and its peripherals.</summary>
    public const ulong SystemFrequency = 25_000_000;

    private const int Interrupts = 32;
    private readonly Mps2Options _options = options ?? throw new ArgumentNullException(nameof(options));
    private readonly SerialLines _serial = new(5);
    private readonly BootPlan _plan = new();
    private readonly List<CmsdkUart> _uarts = [];
    private readonly List<SerialPort> _ports = [];
    private readonly List<CmsdkGpio> _gpio = [];
    private Mps2Serial _buses = null!;
    private BoardOrigin<McuFirmware> _origin = new();

    /// <inheritdoc/>
    public string Name => _options.Image == Mps2Image.An386 ? "mps2-an386" : "mps2-an385";

    /// <summary>The CPU.</summary>
    public ArmMCpu Cpu { get; private set; } = null!;

    /// <summary>Translated code.</summary>
    public TranslationCache Code { get; private set; } = null!;

    /// <summary>The clocks.</summary>
    public ClockTree Clocks { get; private set; } = null!;

    /// <summary>The pins: <c>LED0</c>, <c>LED1</c>, <c>BUTTON0</c>, <c>BUTTON1</c>, and <c>GPIO0.0</c> to <c>GPIO3.15</c>.</summary>
    public PinSet Pins { get; private set; } = null!;

    /// <summary>The first timer.</summary>
    public CmsdkTimer Timer0 { get; private set; } = null!;

    /// <summary>The second timer.</summary>
    public CmsdkTimer Timer1 { get; private set; } = null!;

    /// <summary>The dual timer.</summary>
    public Sp804 DualTimer { get; private set; } = null!;

    /// <summary>The watchdog; its interrupt is the NMI.</summary>
    public Sp805 Watchdog { get; private set; } = null!;

    /// <summary>The serial configuration controller.</summary>
    public Mps2Scc Scc { get; private set; } = null!;

    /// <summary>LEDs, buttons and counters.</summary>
    public Mps2FpgaIo FpgaIo { get; private set; } = null!;

    /// <summary>The UARTs.</summary>
    public IReadOnlyList<CmsdkUart> Uarts => _uarts;

    /// <summary>The host's ends of the UARTs.</summary>
    public IReadOnlyList<SerialPort> Serial => _ports;

    /// <summary>The host's end of UART0, the console.</summary>
    public SerialPort Uart0 => _ports[0];

    /// <summary>The GPIO ports.</summary>
    public IReadOnlyList<CmsdkGpio> Gpio => _gpio;

    /// <summary>The SPI controllers: of the SPI header, the display, the analog converter of the shield adapter, shield 0 and shield 1.</summary>
    public IReadOnlyList<Pl022> Spi => _buses.Spi;

    /// <summary>The buses of <see cref="Spi"/>, where parts are attached. Chip select 0 is a bit of MISC of <see cref="FpgaIo"/>; others are pins.</summary>
    public IReadOnlyList<SpiBus> SpiBuses => _buses.SpiBuses;

    /// <summary>The I²C controllers: of the touch screen, the audio codec, shield 0 and shield 1.</summary>
    public IReadOnlyList<SbCon> I2c => _buses.I2c;

    /// <summary>The buses of <see cref="I2c"/>, where parts are attached.</summary>
    public IReadOnlyList<I2cBus> I2cBuses => _buses.I2cBuses;

    /// <summary>The Ethernet controller, whose link is down.</summary>
    public Lan9220 Ethernet { get; private set; } = null!;

    /// <summary>A pin by its name.</summary>
    /// <param name="name">Such as <c>LED0</c>.</param>
    public Pin Pin(string name) => Pins[name];

    /// <inheritdoc/>
    public void Compose(MachineContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _origin = context.Backend("board origin", _origin);
        if (context.MemorySize is { } size && size != Memory)
            context.Error($"{Name} has 4 MiB of memory, not {size} bytes");
        context.Provide(_serial);
        context.Provide(_plan);
        Clocks = context.AddDevice(new ClockTree());
        ClockSource system = Clocks.Source("SYSCLK", SystemFrequency);
        Pins = context.AddDevice(new PinSet());
        AddMemory(context, "code", Mps2Map.Code, Mps2Map.CodeSize, 2);
        AddMemory(context, "block ram", Mps2Map.BlockRam, Mps2Map.BlockRamSize, 4);
        AddMemory(context, "sram", Mps2Map.Sram, Mps2Map.SramSize, 2);
        context.AddRam("psram", Mps2Map.Psram, Mps2Map.PsramSize);
        AddCpu(context, system);
        AddTimers(context, system);
        AddPorts(context);
        uint number = _options.Image == Mps2Image.An386 ? 0x386u : 0x385;      // in decimal digits
        Scc = context.AddDevice(Mps2Map.Scc, new Mps2Scc("SCC", context.Log, 0x0020_0008, 0x4104_0000 | (number << 4), [50_000_000, 24_576_000, 25_000_000]));
        FpgaIo = context.AddDevice(Mps2Map.FpgaIo, new Mps2FpgaIo("FPGAIO", Clocks, system, Pins, context.Clock, context.Log));
        AddSerial(context, system);
        context.OnComposed(() => Complete(context, system));
    }

    // the memories are seen several times
    private static void AddMemory(MachineContext context, string name, ulong address, ulong size, int times)
    {
        RamBlock ram = context.CreateRam(name, size);
        for (int i = 0; i < times; i++)
            context.Map(address + ((ulong)i * size), new RamRegion(ram));
    }

    private void AddCpu(MachineContext context, ClockSignal system)
    {
        var cpuOptions = new ArmMCpuOptions { Model = _options.Model, Interrupts = Interrupts, PriorityBits = 8, ProcessorClock = system };
        (Cpu, Code) = McuCpu.Add(context, cpuOptions, _options.Engine, _options.Jit);
        Cpu.SystemReset = context.Machine.RequestReset;
    }

    private void AddTimers(MachineContext context, ClockSignal system)
    {
        (VirtualClock clock, GuestLog log) = (context.Clock, context.Log);
        Timer0 = context.AddDevice(Mps2Map.Timer0, new CmsdkTimer("TIMER0", system, clock, log));
        Timer1 = context.AddDevice(Mps2Map.Timer1, new CmsdkTimer("TIMER1", system, clock, log));
        DualTimer = context.AddDevice(Mps2Map.DualTimer, Sp804.CreateCmsdk("DUALTIMER", clock, log, SystemFrequency));
        Watchdog = context.AddDevice(Mps2Map.Watchdog, Sp805.CreateCmsdk("WATCHDOG", clock, log, SystemFrequency));
        Cpu.Nvic.Connect(Mps2Map.Timer0Irq, Timer0.Irq);
        Cpu.Nvic.Connect(Mps2Map.Timer1Irq, Timer1.Irq);
        Cpu.Nvic.Connect(Mps2Map.DualTimerIrq, DualTimer.Combined);
        Cpu.Nvic.ConnectNmi(Watchdog.Irq);
        Watchdog.ResetRequest.Connect(level =>
        {
            if (level)
                context.Machine.RequestReset();
        });
    }

    private void AddPorts(MachineContext context)
    {
        for (int i = 0; i < 4; i++)
        {
            CmsdkGpio port = context.AddDevice(Mps2Map.Gpio + ((ulong)i * 0x1000), new CmsdkGpio($"GPIO{i}", context.Log));
            for (int pin = 0; pin < CmsdkGpio.PinCount; pin++)
                port.Connect(pin, Pins.Add($"GPIO{i}.{pin}"));
            Cpu.Nvic.Connect(Mps2Map.GpioIrqs[i], port.Combined);
            _gpio.Add(port);
        }

        for (int pin = 0; pin < 8; pin++)
            Cpu.Nvic.Connect(Mps2Map.PinIrq + pin, _gpio[0].Irq(pin));
    }

    private void AddSerial(MachineContext context, ClockSignal system)
    {
        _buses = new Mps2Serial(context, system, FpgaIo);
        for (int i = 0; i < Mps2Map.Spi.Count; i++)
            context.AddDevice(Mps2Map.Spi[i], _buses.Spi[i]);
        for (int i = 0; i < Mps2Map.I2c.Count; i++)
            context.AddDevice(Mps2Map.I2c[i], _buses.I2c[i]);
        ConnectAny(Mps2Map.SpiIrq, Spi[0].Irq, Spi[1].Irq);
        Cpu.Nvic.Connect(Mps2Map.AdcSpiIrq, Spi[2].Irq);
        ConnectAny(Mps2Map.ShieldSpiIrq, Spi[3].Irq, Spi[4].Irq);
        Ethernet = context.AddDevice(Mps2Map.Ethernet, new Lan9220("ETHERNET", context.Clock, context.Log));
        Cpu.Nvic.Connect(Mps2Map.EthernetIrq, Ethernet.Irq);
    }

    private void ConnectAny(int interrupt, params IrqLine[] lines)
    {
        foreach (IrqLine line in lines)
            line.Connect(_ => Cpu.Nvic.SetInput(interrupt, lines.Any(l => l.Level)));
    }

    private void Complete(MachineContext context, ClockSignal system)
    {
        for (int i = 0; i < Mps2Map.Uarts.Count; i++)
        {
            _ports.Add(_serial.Take(i, $"UART{i}", context));
            CmsdkUart uart = context.AddDevice(Mps2Map.Uarts[i], new CmsdkUart($"UART{i}", _ports[i], system, context.Clock, context.Log) { IsInstant = _options.InstantSerial });
            Cpu.Nvic.Connect(Mps2Map.UartIrqs[i].Receive, uart.ReceiveIrq);
            Cpu.Nvic.Connect(Mps2Map.UartIrqs[i].Send, uart.TransmitIrq);
            _uarts.Add(uart);
        }

        ConnectAny(Mps2Map.UartOverrunIrq, [.. _uarts.SelectMany(u => new[] { u.TransmitOverrunIrq, u.ReceiveOverrunIrq })]);
        McuFirmware.InstallArm(context, _origin, _plan, Name, new McuPlaces(Mps2Map.Code, Mps2Map.Sram, Memory));
    }
}

using Emulation.Arm;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <summary>An LM3S6965: CPU, memory and peripherals. Boards put it on their pins. LM3S6965 data sheet.</summary>
public sealed partial class Lm3s6965
{
    private readonly MachineContext _context;
    private readonly Lm3s6965EvbOptions _options;
    private readonly List<SerialPort> _ports = [];
    private readonly List<Pl011> _uarts = [];

    internal Lm3s6965(MachineContext context, Lm3s6965EvbOptions options, PinSet pins)
    {
        (_context, _options, Pins) = (context, options, pins);
        Clocks = context.AddDevice(new StellarisClocks(options.CrystalFrequency));
        Flash = context.AddDevice(Lm3s6965Map.FlashControl, new StellarisFlash("FLASH", context.CreateRam("flash", StellarisFlash.Size, background: 0xff), context.Clock, context.Log));
        context.Map(Lm3s6965Map.Flash, Flash.MemoryRegion);
        Sram = context.AddRam("sram", Lm3s6965Map.Sram, Lm3s6965Map.SramSize);
        AddCpu();
        System = context.AddDevice(Lm3s6965Map.SystemControl, new StellarisSystemControl("SYSCTL", Clocks, context.Clock, context.Log));
        System.FlashRegisters = Flash.Protection;
        System.ResetDemanded += context.Machine.RequestReset;
        Cpu.SystemReset = () => System.RequestReset(StellarisResetCause.Software);
        Cpu.SleepChanged += mode => System.SetSleep((int)mode);
        Connect(Lm3s6965Map.SystemControlIrq, System.Irq);
        Connect(Lm3s6965Map.FlashIrq, Flash.Irq);
        AddPorts();
        AddTimers();
        AddSerial();
        AddAnalog();
        AddMotion();
        ConnectPins();
    }

    /// <summary>The clocks.</summary>
    public StellarisClocks Clocks { get; }

    /// <summary>The pins by name.</summary>
    public PinSet Pins { get; }

    /// <summary>The CPU, a Cortex-M3.</summary>
    public ArmMCpu Cpu { get; private set; } = null!;

    /// <summary>Translated code.</summary>
    public TranslationCache Code { get; private set; } = null!;

    /// <summary>64 KiB of memory.</summary>
    public RamBlock Sram { get; }

    /// <summary>Flash memory.</summary>
    public StellarisFlash Flash { get; }

    /// <summary>System control.</summary>
    public StellarisSystemControl System { get; }

    /// <summary>GPIO ports A to G.</summary>
    public IReadOnlyList<StellarisGpio> Ports { get; private set; } = [];

    /// <summary>The timer modules.</summary>
    public IReadOnlyList<StellarisTimer> Timers { get; private set; } = [];

    /// <summary>The watchdog.</summary>
    public StellarisWatchdog Watchdog { get; private set; } = null!;

    /// <summary>The UARTs.</summary>
    public IReadOnlyList<Pl011> Uarts => _uarts;

    /// <summary>The host's ends of the UARTs.</summary>
    public IReadOnlyList<SerialPort> SerialPorts => _ports;

    /// <summary>The synchronous serial port.</summary>
    public Pl022 Ssi0 { get; private set; } = null!;

    /// <summary>Its bus.</summary>
    public SpiBus Spi { get; private set; } = null!;

    internal void Complete(SerialLines serial)
    {
        for (int i = 0; i < 3; i++)
        {
            string name = $"UART{i}";
            ClockGate gate = Clocks.Gate(name);
            _ports.Add(serial.Take(i, name, _context));
            var options = new Pl011Options { Clock = gate, Paced = true, PeripheralId = 0x0118_0011, HasModem = false };
            Pl011 uart = _context.AddDevice(Lm3s6965Map.Uart + ((ulong)i * 0x1000), new Pl011(name, _ports[i], _context.Clock, _context.Log, options));
            uart.Region.Gate = new StellarisClockGuard(name, _context.Log, gate);
            System.OnReset(name, uart.Reset);
            Connect(Lm3s6965Map.UartIrqs[i], uart.Irq);
            _uarts.Add(uart);
        }
    }

    private void AddCpu()
    {
        var options = new ArmMCpuOptions { Model = ArmMCpuModel.CortexM3, Interrupts = Lm3s6965Map.Interrupts, PriorityBits = 3, ProcessorClock = Clocks.System };
        (Cpu, Code) = McuCpu.Add(_context, options, _options.Engine, _options.Jit);
    }

    private void AddPorts()
    {
        var ports = new StellarisGpio[7];
        for (int i = 0; i < ports.Length; i++)
        {
            string name = $"GPIO{(char)('A' + i)}";
            ports[i] = _context.AddDevice(Lm3s6965Map.Gpio[i], new StellarisGpio(name, _context.Clock, _context.Log, Clocks.Gate(name)));
            System.OnReset(name, ports[i].Reset);
            Connect(Lm3s6965Map.GpioIrqs[i], ports[i].Irq);
            int pins = i switch { 4 => 4, 5 => 4, 6 => 2, _ => 8 };
            for (int pin = 0; pin < pins; pin++)
                ports[i].ConnectPin(pin, Pins.Add($"P{(char)('A' + i)}{pin}"));
        }

        Ports = ports;
    }

    private void AddTimers()
    {
        var timers = new StellarisTimer[4];
        for (int i = 0; i < timers.Length; i++)
        {
            string name = $"TIMER{i}";
            timers[i] = _context.AddDevice(Lm3s6965Map.Timer + ((ulong)i * 0x1000), new StellarisTimer(name, _context.Clock, _context.Log, Clocks.Gate(name)));
            System.OnReset(name, timers[i].Reset);
            Connect(Lm3s6965Map.TimerIrqs[i].A, timers[i].IrqA);
            Connect(Lm3s6965Map.TimerIrqs[i].B, timers[i].IrqB);
        }

        Timers = timers;
        Watchdog = _context.AddDevice(Lm3s6965Map.Watchdog, new StellarisWatchdog("WDT", _context.Clock, _context.Log, Clocks.Gate("WDT")));
        System.OnReset("WDT", Watchdog.Reset);
        Connect(Lm3s6965Map.WatchdogIrq, Watchdog.Irq);
        Watchdog.ResetRequest.Connect(level =>
        {
            if (level)
                System.RequestReset(StellarisResetCause.Watchdog);
        });
    }

    private void AddSerial()
    {
        Spi = _context.AddDevice(new SpiBus("spi0", _context));
        ClockGate gate = Clocks.Gate("SSI0");
        Ssi0 = _context.AddDevice(Lm3s6965Map.Ssi0, new Pl022("SSI0", Spi, gate, _context.Clock, _context.Log, new Pl022Options { PeripheralId = 0x0118_0022, HasDma = false }));
        Ssi0.Region.Gate = new StellarisClockGuard("SSI0", _context.Log, gate);
        System.OnReset("SSI0", Ssi0.Reset);
        Connect(Lm3s6965Map.Ssi0Irq, Ssi0.Irq);
    }

    private void Connect(int interrupt, IrqLine line) => Cpu.Nvic.Connect(interrupt, line);
}

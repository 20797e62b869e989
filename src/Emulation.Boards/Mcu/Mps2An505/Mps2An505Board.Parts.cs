using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Mcu;

// Memories, protection, peripherals and their interrupts.
public sealed partial class Mps2An505Board
{
    private const ulong SlowFrequency = 32_768;
    private const int BlockBits = 12;
    private const int FirstExpansion = 16;
    private readonly List<CmsdkUart> _uarts = [];
    private readonly List<SerialPort> _ports = [];
    private readonly List<CmsdkGpio> _gpio = [];
    private Mps2Serial _buses = null!;
    private readonly List<TrustZoneMpc> _controllers = [];

    /// <summary>The Secure privilege control block.</summary>
    public IotKitSecurity Security { get; private set; } = null!;

    /// <summary>The Non-secure privilege control block.</summary>
    public IotKitSecurityNonSecure SecurityNonSecure { get; private set; } = null!;

    /// <summary>The system control block.</summary>
    public IotKitSystemControl SystemControl { get; private set; } = null!;

    /// <summary>The memory protection controllers: of SSRAM1 to SSRAM3, and of the SRAM in the subsystem.</summary>
    public IReadOnlyList<TrustZoneMpc> MemoryControllers => _controllers;

    /// <summary>The first timer.</summary>
    public CmsdkTimer Timer0 { get; private set; } = null!;

    /// <summary>The second timer.</summary>
    public CmsdkTimer Timer1 { get; private set; } = null!;

    /// <summary>The dual timer.</summary>
    public Sp804 DualTimer { get; private set; } = null!;

    /// <summary>The timer of the clock of 32768 Hz.</summary>
    public CmsdkTimer SlowTimer { get; private set; } = null!;

    /// <summary>The Secure watchdog; its interrupt is the NMI.</summary>
    public Sp805 Watchdog { get; private set; } = null!;

    /// <summary>The Non-secure watchdog.</summary>
    public Sp805 WatchdogNonSecure { get; private set; } = null!;

    /// <summary>The watchdog of the clock of 32768 Hz; its interrupt is the NMI.</summary>
    public Sp805 SlowWatchdog { get; private set; } = null!;

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

    private An505Bus AddSecurity(MachineContext context)
    {
        SecurityNonSecure = new IotKitSecurityNonSecure("NSPCTRL", context.Log);
        Security = new IotKitSecurity("SPCTRL", SecurityNonSecure, context.Log);
        var bus = new An505Bus(context, Security);
        bus.AddPrivileged(An505Map.SecurityNonSecure, SecurityNonSecure);
        bus.AddPrivileged(An505Map.Security, Security);
        return bus;
    }

    private void AddMemories(MachineContext context, An505Bus bus)
    {
        for (int i = 0; i < An505Map.Ssrams.Count; i++)
        {
            (string name, ulong address, ulong size, ulong controller) = An505Map.Ssrams[i];
            RamBlock ram = context.CreateRam(name, size);
            TrustZoneMpc mpc = bus.Add(controller, new TrustZoneMpc($"{name} MPC", ram, BlockBits, context.Log), TrustZonePpc.ApbExpansion0, i);
            AddController(bus, address, ram, mpc, FirstExpansion + i);
        }

        RamBlock sram = context.CreateRam("SRAM0", An505Map.Sram0Size);
        AddController(bus, An505Map.Sram0, sram, bus.AddPrivileged(An505Map.Sram0Controller, new TrustZoneMpc("SRAM0 MPC", sram, BlockBits, context.Log)), 0);
        bus.AddOpen(An505Map.Psram, new RamRegion(context.CreateRam("PSRAM", An505Map.PsramSize)));
        Cpu.Nvic.Connect(An505Map.MemoryControllerIrq, Security.MpcIrq);
        Cpu.Nvic.Connect(An505Map.PeripheralControllerIrq, Security.PpcIrq);
    }

    private void AddController(An505Bus bus, ulong address, RamBlock ram, TrustZoneMpc controller, int bit)
    {
        bus.AddMemory(address, ram, controller);
        controller.Irq.Connect(level => Security.SetMpc(bit, level));
        _controllers.Add(controller);
    }

    private void AddSystem(MachineContext context, An505Bus bus)
    {
        // one bank of SRAM of 32 KiB, no DSP-less or second CPU
        const uint Version = 0x0004_1743, Configuration = 0x31;
        var info = new IotKitSystemInfo("SYSINFO", Version, Configuration, context.Log);
        context.AddDevice(info);
        bus.AddOpen(An505Map.SystemInfo, info.Region);
        bus.AddOpen(An505Map.SystemInfo + An505Map.SecureBit, info.Region);
        SystemControl = bus.AddPrivileged(An505Map.SystemControl, new IotKitSystemControl("SYSCTRL", An505Map.InitialVectorTable, context.Log));
        SystemControl.ResetRequest.Connect(level =>
        {
            if (level)
                context.Machine.RequestReset();
        });
    }

    private void AddTimers(MachineContext context, An505Bus bus, ClockSignal system, ClockSignal slow)
    {
        (VirtualClock clock, GuestLog log) = (context.Clock, context.Log);
        Timer0 = bus.Add(An505Map.Timer0, new CmsdkTimer("TIMER0", system, clock, log), TrustZonePpc.Apb0, 0);
        Timer1 = bus.Add(An505Map.Timer1, new CmsdkTimer("TIMER1", system, clock, log), TrustZonePpc.Apb0, 1);
        DualTimer = bus.Add(An505Map.DualTimer, Sp804.CreateCmsdk("DUALTIMER", clock, log, SystemFrequency), TrustZonePpc.Apb0, 2);
        SlowTimer = bus.Add(An505Map.SlowTimer, new CmsdkTimer("S32KTIMER", slow, clock, log), TrustZonePpc.Apb1, 0);
        Watchdog = bus.AddPrivileged(An505Map.WatchdogSecure, Sp805.CreateCmsdk("WATCHDOG", clock, log, SystemFrequency));
        WatchdogNonSecure = bus.AddPrivileged(An505Map.WatchdogNonSecure, Sp805.CreateCmsdk("NSWATCHDOG", clock, log, SystemFrequency));
        SlowWatchdog = bus.AddPrivileged(An505Map.SlowWatchdog, Sp805.CreateCmsdk("S32KWATCHDOG", clock, log, SlowFrequency));
        Cpu.Nvic.Connect(An505Map.Timer0Irq, Timer0.Irq);
        Cpu.Nvic.Connect(An505Map.Timer1Irq, Timer1.Irq);
        Cpu.Nvic.Connect(An505Map.DualTimerIrq, DualTimer.Combined);
        Cpu.Nvic.Connect(An505Map.SlowTimerIrq, SlowTimer.Irq);
        Cpu.Nvic.Connect(An505Map.WatchdogIrq, WatchdogNonSecure.Irq);
        Cpu.Nvic.Connect(An505Map.WatchdogResetIrq, WatchdogNonSecure.ResetRequest);
        foreach (Sp805 watchdog in (Sp805[])[Watchdog, SlowWatchdog])
            watchdog.Irq.Connect(_ => Cpu.Nvic.SetNmi(Watchdog.Irq.Level || SlowWatchdog.Irq.Level));
        ConnectReset(Watchdog, IotKitReset.SecureWatchdog);
        ConnectReset(SlowWatchdog, IotKitReset.SlowWatchdog);
        ConnectReset(WatchdogNonSecure, IotKitReset.NonSecureWatchdog);
    }

    private void ConnectReset(Sp805 watchdog, IotKitReset cause) => watchdog.ResetRequest.Connect(level =>
    {
        if (level)
            SystemControl.Request(cause);
    });

    private void AddPorts(MachineContext context, An505Bus bus)
    {
        (TrustZonePpc ppc, int first) = An505Map.GpioPort;
        int irq = An505Map.PinIrq;
        for (int i = 0; i < 4; i++)
        {
            CmsdkGpio port = bus.Add(An505Map.Gpio + ((ulong)i * 0x1000), new CmsdkGpio($"GPIO{i}", context.Log), ppc, first + i);
            for (int pin = 0; pin < CmsdkGpio.PinCount; pin++)
                port.Connect(pin, Pins.Add($"GPIO{i}.{pin}"));
            for (int pin = 0; pin < CmsdkGpio.PinCount && irq < An505Map.Interrupts; pin++)
                Cpu.Nvic.Connect(irq++, port.Irq(pin));
            Cpu.Nvic.Connect(An505Map.GpioIrq + i, port.Combined);
            _gpio.Add(port);
        }
    }

    private void AddSerial(MachineContext context, An505Bus bus, ClockSignal system)
    {
        _buses = new Mps2Serial(context, system, FpgaIo);
        (TrustZonePpc ppc, int first) = An505Map.SpiPort;
        for (int i = 0; i < An505Map.Spi.Count; i++)
        {
            bus.Add(An505Map.Spi[i], _buses.Spi[i], ppc, first + i);
            Cpu.Nvic.Connect(An505Map.SpiIrq + i, _buses.Spi[i].Irq);
        }

        (ppc, first) = An505Map.I2cPort;
        for (int i = 0; i < An505Map.I2c.Count; i++)
            bus.Add(An505Map.I2c[i], _buses.I2c[i], ppc, first + i);
        Ethernet = bus.Add(An505Map.Ethernet, new Lan9220("ETHERNET", context.Clock, context.Log), An505Map.EthernetPort.Ppc, An505Map.EthernetPort.Port);
        Cpu.Nvic.Connect(An505Map.EthernetIrq, Ethernet.Irq);
    }

    private void AddUarts(MachineContext context, An505Bus bus, ClockSignal system)
    {
        (TrustZonePpc ppc, int first) = An505Map.UartPort;
        for (int i = 0; i < 5; i++)
        {
            _ports.Add(_serial.Take(i, $"UART{i}", context));
            var uart = new CmsdkUart($"UART{i}", _ports[i], system, context.Clock, context.Log) { IsInstant = _options.InstantSerial };
            bus.Add(An505Map.Uart + ((ulong)i * 0x1000), uart, ppc, first + i);
            Cpu.Nvic.Connect(An505Map.UartIrq + (2 * i), uart.ReceiveIrq);
            Cpu.Nvic.Connect(An505Map.UartIrq + (2 * i) + 1, uart.TransmitIrq);
            Cpu.Nvic.Connect(An505Map.UartCombinedIrq + i, uart.Combined);
            _uarts.Add(uart);
        }

        IrqLine[] overruns = [.. _uarts.SelectMany(u => new[] { u.TransmitOverrunIrq, u.ReceiveOverrunIrq })];
        foreach (IrqLine line in overruns)
            line.Connect(_ => Cpu.Nvic.SetInput(An505Map.UartOverrunIrq, overruns.Any(l => l.Level)));
    }
}

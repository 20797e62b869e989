using Emulation.Arm;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Devices;
using Emulation.Jit;

namespace Emulation.Boards.Mcu;

/// <summary>An STM32F405/407 with 1 MB of flash: CPU, memory and peripherals. Boards put it on their pins. RM0090, DS8626.</summary>
/// <remarks>
/// Not modelled: USB (OTG_FS, OTG_HS), Ethernet (ETH), SDIO, DCMI, the FSMC and its memory, the second half of full-duplex I2S (I2S2ext, I2S3ext), CRYP and HASH. An access there is an
/// access to nothing, and its message or fault names the peripheral: "not modelled: OTG_FS".
/// </remarks>
public sealed partial class Stm32F407
{
    private readonly MachineContext _context;
    private readonly Stm32F407Options _options;
    private readonly List<PinSignal> _signals = [];
    private readonly List<DmaRequest> _requests = [];

    internal Stm32F407(MachineContext context, Stm32F407Options options, PinSet pins)
    {
        (_context, _options, Pins) = (context, options, pins);
        System = new Stm32System();
        Clocks = context.AddDevice(new Stm32F4Clocks(System, options.HseFrequency, options.LseFrequency));
        AddMemory();
        AddCpu();
        AddSystemPeripherals();
        AddPorts();
        SpiBuses = [.. Enumerable.Range(1, 3).Select(i => context.AddDevice(new SpiBus($"SPI{i} bus", context)))];
        I2cBuses = [.. Enumerable.Range(1, 3).Select(i => context.AddDevice(new I2cBus($"I2C{i} bus", context)))];
        CanBuses = [.. Enumerable.Range(1, 2).Select(i => context.AddDevice(new CanBus($"CAN{i} bus", context)))];

        // the controllers are nodes of their buses, and those want to know theirs while the machine is composed
        AddControllers();
    }

    /// <summary>Resets, and who may write the backup domain.</summary>
    public Stm32System System { get; }

    /// <summary>The clocks.</summary>
    public Stm32F4Clocks Clocks { get; }

    /// <summary>The pins by name, such as <c>PD12</c>.</summary>
    public PinSet Pins { get; }

    /// <summary>The CPU, a Cortex-M4 with floating point.</summary>
    public ArmMCpu Cpu { get; private set; } = null!;

    /// <summary>Translated code.</summary>
    public TranslationCache Code { get; private set; } = null!;

    /// <summary>112 KiB of memory at 0x2000_0000.</summary>
    public RamBlock Sram1 { get; private set; } = null!;

    /// <summary>16 KiB of memory at 0x2001_c000.</summary>
    public RamBlock Sram2 { get; private set; } = null!;

    /// <summary>64 KiB of memory at 0x1000_0000, for the CPU alone.</summary>
    public RamBlock Ccm { get; private set; } = null!;

    /// <summary>Flash memory.</summary>
    public Stm32F4Flash Flash { get; private set; } = null!;

    /// <summary>Reset and clock control.</summary>
    public Stm32F4Rcc Rcc { get; private set; } = null!;

    /// <summary>Power control.</summary>
    public Stm32F4Pwr Pwr { get; private set; } = null!;

    /// <summary>System configuration.</summary>
    public Stm32F4Syscfg Syscfg { get; private set; } = null!;

    /// <summary>External interrupts.</summary>
    public Stm32Exti Exti { get; private set; } = null!;

    /// <summary>The GPIO ports, A first.</summary>
    public IReadOnlyList<Stm32Gpio> Ports { get; private set; } = [];

    /// <summary>CRC unit.</summary>
    public Stm32Crc Crc { get; private set; } = null!;

    /// <summary>Random numbers.</summary>
    public Stm32Rng Rng { get; private set; } = null!;

    /// <summary>Independent watchdog.</summary>
    public Stm32Iwdg Iwdg { get; private set; } = null!;

    /// <summary>Window watchdog.</summary>
    public Stm32Wwdg Wwdg { get; private set; } = null!;

    /// <summary>Debug support.</summary>
    public Stm32Dbgmcu Dbgmcu { get; private set; } = null!;

    /// <summary>4 KiB of backup memory.</summary>
    public Stm32BackupSram BackupSram { get; private set; } = null!;

    /// <summary>The serial ports: USART1, USART2, USART3, UART4, UART5, USART6.</summary>
    public IReadOnlyList<Stm32Usart> Usarts { get; private set; } = [];

    /// <summary>The SPI controllers: SPI1 is at index 0.</summary>
    public IReadOnlyList<Stm32Spi> Spis { get; private set; } = [];

    /// <summary>The buses of the SPI controllers; parts are attached to them, and their chip selects to pins by <see cref="ConnectSelect"/>.</summary>
    public IReadOnlyList<SpiBus> SpiBuses { get; private set; } = [];

    /// <summary>The I²C controllers: I2C1 is at index 0.</summary>
    public IReadOnlyList<Stm32I2c> I2cs { get; private set; } = [];

    /// <summary>The buses of the I²C controllers; parts are attached to them.</summary>
    public IReadOnlyList<I2cBus> I2cBuses { get; private set; } = [];

    /// <summary>The CAN controllers: CAN1 is at index 0.</summary>
    public IReadOnlyList<Stm32Can> Cans { get; private set; } = [];

    /// <summary>The buses of the CAN controllers.</summary>
    public IReadOnlyList<CanBus> CanBuses { get; private set; } = [];

    /// <summary>The timers: TIM1 is at index 0.</summary>
    public IReadOnlyList<Stm32Timer> Timers { get; private set; } = [];

    /// <summary>The analog-to-digital converters.</summary>
    public Stm32Adc Adc { get; private set; } = null!;

    /// <summary>The digital-to-analog converter.</summary>
    public Stm32Dac Dac { get; private set; } = null!;

    /// <summary>The real-time clock.</summary>
    public Stm32Rtc Rtc { get; private set; } = null!;

    /// <summary>The DMA controllers.</summary>
    public IReadOnlyList<Stm32Dma> Dmas { get; private set; } = [];

    /// <summary>What is not modelled, by the names of the manual, with first and last address.</summary>
    public static IReadOnlyList<(string Name, ulong First, ulong Last)> NotModelled { get; } = [.. Stm32F407Map.Missing.Select(static m => (m.Name, m.Start, m.End - 1))];

    /// <summary>Makes a pin the chip select, active low, of a device on an SPI bus.</summary>
    /// <param name="bus">One of <see cref="SpiBuses"/>.</param>
    /// <param name="chipSelect">The chip select that the device is attached at.</param>
    /// <param name="pin">The pin.</param>
    public static void ConnectSelect(SpiBus bus, int chipSelect, Pin pin)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(pin);
        pin.Changed += level => bus.SetSelectLevel(chipSelect, level);
    }

    /// <summary>A port's number by its letter.</summary>
    internal static string PortName(int index) => $"GPIO{(char)('A' + index)}";

    private void AddMemory()
    {
        RamBlock main = _context.CreateRam("flash", Stm32F4Flash.MainSize, background: 0xff);
        RamBlock system = _context.CreateRam("system memory", Stm32F4Flash.SystemSize, background: 0xff);
        RamBlock options = _context.CreateRam("option bytes", 0x1000, background: 0xff);
        Flash = _context.AddDevice(Stm32F407Map.FlashControl, new Stm32F4Flash("FLASH", main, system, options, _context.Clock, _context.Log));
        Flash.SetIdentity([_options.UniqueId.Low, _options.UniqueId.Middle, _options.UniqueId.High]);
        _context.Map(Stm32F407Map.Flash, Flash.MainRegion);
        _context.Map(Stm32F407Map.System, Flash.SystemRegion);
        _context.Map(Stm32F407Map.Options, Flash.OptionRegion);
        Ccm = _context.AddRam("ccm", Stm32F407Map.Ccm, Stm32F407Map.CcmSize);
        Sram1 = _context.CreateRam("sram1", Stm32F407Map.Sram1Size);
        Sram2 = _context.AddRam("sram2", Stm32F407Map.Sram2, Stm32F407Map.Sram2Size);
    }

    private void AddCpu()
    {
        Code = new TranslationCache(_options.Engine);
        var options = new ArmMCpuOptions { Model = ArmMCpuModel.CortexM4F, Interrupts = Stm32F407Interrupts.Count, PriorityBits = 4, ProcessorClock = Clocks.Bus, ReferenceClock = Clocks.SysTick, SysTickCalibration = 0x4000_493e };
        var frontend = new ArmMFrontend(options.Model);
        if (_options.Engine.Engine == EngineKind.Jit && JitEngine.IsSupported)
            Code.TierOne = new JitEngine(Code, frontend, _options.Jit);
        var cpuContext = new CpuContext(_context.Memory, _context.Clock, _context.Log, Code) { Hooks = _context.Hooks, Exclusive = _context.Machine.RunExclusive };
        Cpu = _context.AddCpu(new ArmMCpu(0, options, cpuContext, frontend));
        _context.Own(Code);
        _context.Provide(Code);
        _context.UseCpuClock(Clocks.Hclk);
        Cpu.SystemReset = () => System.RequestReset(Stm32ResetCause.Software);
        System.ResetDemanded += _context.Machine.RequestReset;
    }

    private void AddSystemPeripherals()
    {
        (VirtualClock clock, GuestLog log) = (_context.Clock, _context.Log);
        Rcc = _context.AddDevice(Stm32F407Map.Rcc, new Stm32F4Rcc("RCC", Clocks, System, clock, log));
        Pwr = _context.AddDevice(Stm32F407Map.Pwr, new Stm32F4Pwr("PWR", System, clock, log, Clocks.Gate("PWR")));
        Exti = _context.AddDevice(Stm32F407Map.Exti, new Stm32Exti("EXTI", log));
        var sram = new RamRegion(Sram1);
        Syscfg = _context.AddDevice(Stm32F407Map.Syscfg, new Stm32F4Syscfg("SYSCFG", clock, log, Clocks.Gate("SYSCFG"), Exti, Flash.MainRegion, Flash.SystemRegion, null, sram));
        Syscfg.BootMode = _options.BootMode;
        _context.Map(Stm32F407Map.Sram1, sram);
        _context.Map(0, Syscfg.BootRegion);
        Crc = _context.AddDevice(Stm32F407Map.Crc, new Stm32Crc("CRC", clock, log, Clocks.Gate("CRC")));
        IEntropySource entropy = _context.Machine.TimeMode == TimeMode.Deterministic ? new SeededEntropy(_options.RandomSeed) : new HostEntropy();
        Rng = _context.AddDevice(Stm32F407Map.Rng, new Stm32Rng("RNG", clock, log, Clocks.Gate("RNG"), Clocks.Pll48, entropy));
        Iwdg = _context.AddDevice(Stm32F407Map.Iwdg, new Stm32Iwdg("IWDG", System, clock, log, Clocks.Lsi, Rcc.ForceLsi, () => Flash.HardwareWatchdog));
        Wwdg = _context.AddDevice(Stm32F407Map.Wwdg, new Stm32Wwdg("WWDG", System, clock, log, Clocks.Gate("WWDG")));
        BackupSram = _context.AddDevice(Stm32F407Map.BackupSram, new Stm32BackupSram("BKPSRAM", System, log, Clocks.Gate("BKPSRAM")));
        Rtc = _context.AddDevice(Stm32F407Map.Rtc, new Stm32Rtc("RTC", System, clock, log, Clocks.Rtc));
        Dbgmcu = _context.AddDevice(new Stm32Dbgmcu("DBGMCU", System, log));
        // the private peripheral bus is the CPU's; the device lies over its part of it
        _context.Map(Stm32F407Map.Dbgmcu, Dbgmcu.Region, priority: 1);

        Rcc.OnReset("PWR", Pwr.Reset);
        Rcc.OnReset("SYSCFG", Syscfg.Reset);
        Rcc.OnReset("CRC", Crc.Reset);
        Rcc.OnReset("RNG", Rng.Reset);
        Rcc.OnReset("WWDG", Wwdg.Reset);
        Rcc.OnBackupReset(Pwr.ResetBackup);
        Rcc.OnBackupReset(Rtc.ResetBackup);
        Rtc.Alarm.Connect(Exti.Input(17));
        Rtc.TamperStamp.Connect(Exti.Input(21));
        Rtc.Wakeup.Connect(Exti.Input(22));
        foreach (IrqLine line in (IrqLine[])[Rtc.Alarm, Rtc.TamperStamp, Rtc.Wakeup])
            line.Connect(WakeFromStandby);
        Connect("FLASH", Flash.Irq);
        Connect("RCC", Rcc.Irq);
        Connect("RNG", Rng.Irq);
        Connect("WWDG", Wwdg.Irq);
        ConnectExti();
        Rcc.Nmi.Connect(Cpu.Nvic.SetNmi);
    }

    private void ConnectExti()
    {
        for (int i = 0; i < 5; i++)
            Connect($"EXTI{i}", Exti.Output(i));
        Connect("EXTI9_5", Outputs(5, 9));
        Connect("EXTI15_10", Outputs(10, 15));
        Connect("PVD", Exti.Output(16));
        Connect("RTC_Alarm", Exti.Output(17));
        Connect("OTG_FS_WKUP", Exti.Output(18));
        Connect("ETH_WKUP", Exti.Output(19));
        Connect("OTG_HS_WKUP", Exti.Output(20));
        Connect("TAMP_STAMP", Exti.Output(21));
        Connect("RTC_WKUP", Exti.Output(22));
        Pwr.Pvd.Connect(Exti.Input(16));
        Exti.Event.Connect(level =>
        {
            if (level)
                Cpu.SetEvent();
        });
    }

    private IrqLine[] Outputs(int first, int last) => [.. Enumerable.Range(first, last - first + 1).Select(Exti.Output)];

    private void AddPorts()
    {
        var ports = new Stm32Gpio[9];
        for (int i = 0; i < ports.Length; i++)
        {
            string name = PortName(i);
            ports[i] = _context.AddDevice(Stm32F407Map.Gpio + ((ulong)i * 0x400), new Stm32Gpio(name, _context.Clock, _context.Log, Clocks.Gate(name)));
            Rcc.OnReset(name, ports[i].Reset);
            Syscfg.ConnectPort(i, ports[i]);
        }

        Ports = ports;
        ports[0].InputChanged += (pin, level) =>
        {
            if (pin != 0)
                return;
            Pwr.SetWakePin(level);
            WakeFromStandby(level && Pwr.WakesOnPin);
        };
        ports[2].InputChanged += (pin, level) =>
        {
            if (pin != 13)
                return;
            Rtc.SetTamper(1, level);
            Rtc.SetTimeStamp(level);
        };
        foreach ((string pin, _) in Stm32F407Pins.Table)
        {
            if (Stm32F407Pins.HasPackage100(pin))
                ports[pin[1] - 'A'].ConnectPin(int.Parse(pin.AsSpan(2), global::System.Globalization.CultureInfo.InvariantCulture), Pins.Add(pin));
        }
    }

    private void Connect(string interrupt, params IrqLine[] lines) => Stm32F407Interrupts.Connect(Cpu.Nvic, interrupt, lines);
}

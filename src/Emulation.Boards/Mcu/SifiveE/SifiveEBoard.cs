using System.Buffers.Binary;
using Emulation.Boards.Loading;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Devices;
using Emulation.Jit;
using Emulation.RiscV;

namespace Emulation.Boards.Mcu;

/// <summary>The board <c>sifive-e</c>: a HiFive1 or HiFive1 Rev B with a SiFive FE310. FE310-G000 and -G002 Manuals, HiFive1 Getting Started Guide.</summary>
/// <param name="options">Its options; not changed afterwards.</param>
public sealed class SifiveEBoard(SifiveEOptions options) : IBoard
{
    private readonly SifiveEOptions _options = options ?? throw new ArgumentNullException(nameof(options));
    private readonly SerialLines _serial = new(2);
    private readonly BootPlan _plan = new();
    private BoardOrigin<McuFirmware> _origin = new();
    private RamBlock _modeSelect = null!;
    private RamBlock _maskRom = null!;
    private RamBlock _otp = null!;

    /// <inheritdoc/>
    public string Name => "sifive-e";

    /// <summary>The hart.</summary>
    public RiscVCpu Cpu { get; private set; } = null!;

    /// <summary>Translated code.</summary>
    public TranslationCache Code { get; private set; } = null!;

    /// <summary>The clock tree.</summary>
    public ClockTree ClockTree { get; private set; } = null!;

    /// <summary>The chip's clocks.</summary>
    public SifiveClocks Clocks { get; private set; } = null!;

    /// <summary>The pins, <c>GPIO0</c> to <c>GPIO31</c>.</summary>
    public PinSet Pins { get; private set; } = null!;

    /// <summary>Data memory (DTIM), at 0x8000_0000.</summary>
    public RamBlock Ram { get; private set; } = null!;

    /// <summary>Memory for code (ITIM), at 0x0800_0000.</summary>
    public RamBlock Itim { get; private set; } = null!;

    /// <summary>The content of the flash, at 0x2000_0000.</summary>
    public RamBlock FlashContent { get; private set; } = null!;

    /// <summary>The flash on QSPI0.</summary>
    public SpiNorFlash Flash { get; private set; } = null!;

    /// <summary>Timer and software interrupt.</summary>
    public Clint Clint { get; private set; } = null!;

    /// <summary>The interrupt controller.</summary>
    public Plic Plic { get; private set; } = null!;

    /// <summary>Clock control.</summary>
    public SifivePrci Prci { get; private set; } = null!;

    /// <summary>The always-on domain.</summary>
    public SifiveAon Aon { get; private set; } = null!;

    /// <summary>One-time programmable memory.</summary>
    public SifiveOtp Otp { get; private set; } = null!;

    /// <summary>The GPIO port.</summary>
    public SifiveGpio Gpio { get; private set; } = null!;

    /// <summary>UART0, at the debugger's USB port.</summary>
    public SifiveUart Uart0 { get; private set; } = null!;

    /// <summary>UART1.</summary>
    public SifiveUart Uart1 { get; private set; } = null!;

    /// <summary>The host's end of UART0.</summary>
    public SerialPort Console { get; private set; } = null!;

    /// <summary>The host's end of UART1.</summary>
    public SerialPort Serial1 { get; private set; } = null!;

    /// <summary>The SPI controllers: QSPI0 with the flash, SPI1, SPI2.</summary>
    public IReadOnlyList<SifiveSpi> Spi { get; private set; } = [];

    /// <summary>The buses of the SPI controllers; parts are attached to the second and third.</summary>
    public IReadOnlyList<SpiBus> SpiBuses { get; private set; } = [];

    /// <summary>The pulse-width modulators.</summary>
    public IReadOnlyList<SifivePwm> Pwm { get; private set; } = [];

    /// <summary>The I²C controller; null on a G000.</summary>
    public SifiveI2c? I2c { get; private set; }

    /// <summary>The bus of <see cref="I2c"/>; null on a G000.</summary>
    public I2cBus? I2cBus { get; private set; }

    /// <summary>The green part of the RGB LED, lit while the pin is low.</summary>
    public Pin GreenLed => Pins["GPIO19"];

    /// <summary>The blue part of the RGB LED, lit while the pin is low.</summary>
    public Pin BlueLed => Pins["GPIO21"];

    /// <summary>The red part of the RGB LED, lit while the pin is low.</summary>
    public Pin RedLed => Pins["GPIO22"];

    private bool IsG002 => _options.Chip == SifiveEChip.Fe310G002;

    /// <inheritdoc/>
    public void Compose(MachineContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _origin = context.Backend("board origin", _origin);
        if (context.MemorySize is { } size && size != SifiveEOptions.Memory)
            context.Error($"{Name} has 16 KiB of memory, not {size} bytes");
        context.Provide(_serial);
        context.Provide(_plan);
        ClockTree = context.AddDevice(new ClockTree());
        Clocks = new SifiveClocks(ClockTree);
        Pins = context.AddDevice(new PinSet());
        AddMemory(context);
        AddHart(context);
        AddDevices(context);
        context.OnComposed(() => Complete(context));
    }

    private void AddMemory(MachineContext context)
    {
        Ram = context.AddRam("dtim", SifiveEMap.Dtim, SifiveEOptions.Memory);
        Itim = context.AddRam("itim", SifiveEMap.Itim, SifiveEMap.ItimSize);
        _modeSelect = context.AddRom("mode select", SifiveEMap.ModeSelect, SifiveEMap.ModeSelectSize);
        _maskRom = context.AddRom("mask rom", SifiveEMap.MaskRom, SifiveEMap.MaskRomSize);
        _otp = context.CreateRam("otp", SifiveOtp.Size, background: 0xff);
        context.Map(SifiveEMap.Otp, new RamRegion(_otp, readOnly: true));
        FlashContent = context.CreateRam("flash", IsG002 ? 4.MiB() : 16.MiB(), background: 0xff);
    }

    private void AddHart(MachineContext context)
    {
        RiscVIsa isa = RiscVIsa.Parse(IsG002 ? "rv32imac_zicsr_zifencei,priv=mu,pmp=8" : "rv32imac_zicsr_zifencei,priv=m,pmp=0");
        Code = new TranslationCache(_options.Engine);
        var frontend = new RiscVFrontend(isa);
        if (_options.Engine.Engine == EngineKind.Jit && JitEngine.IsSupported)
            Code.TierOne = new JitEngine(Code, frontend, _options.Jit);
        var cpuContext = new CpuContext(context.Memory, context.Clock, context.Log, Code) { Hooks = context.Hooks, Exclusive = context.Machine.RunExclusive };
        const uint SiFive = 0x489;
        var cpuOptions = new RiscVCpuOptions { ResetVector = SifiveEMap.ResetVector, VendorId = SiFive, StopOnTrap = true };
        Cpu = context.AddCpu(new RiscVCpu(0, isa, cpuOptions, cpuContext, frontend));
        context.Own(Code);
        context.Provide(Code);
        context.UseCpuClock(Clocks.Hfclk);
    }

    private void AddDevices(MachineContext context)
    {
        (VirtualClock clock, GuestLog log, ClockSignal hfclk) = (context.Clock, context.Log, Clocks.Hfclk);
        Plic = new Plic("plic", log, SifiveEMap.PlicSources, contexts: 1, size: SifiveEMap.PlicSize);
        Clint = context.AddDevice(SifiveEMap.Clint, new Clint("clint", clock, log, 1, Clocks.Lfclk));
        Cpu.ConnectInterrupt(RiscVInterrupt.MachineSoftware, Clint.SoftwareInterrupt(0));
        Cpu.ConnectInterrupt(RiscVInterrupt.MachineTimer, Clint.TimerInterrupt(0));
        Cpu.ConnectInterrupt(RiscVInterrupt.MachineExternal, Plic.Output(0));

        Prci = context.AddDevice(SifiveEMap.Prci, new SifivePrci("prci", Clocks, clock, log));
        Aon = context.AddDevice(SifiveEMap.Aon, new SifiveAon("aon", Clocks, clock, log));
        Aon.WatchdogIrq.Connect(Plic.Input(SifiveEMap.WatchdogIrq));
        Aon.RtcIrq.Connect(Plic.Input(SifiveEMap.RtcIrq));
        Aon.ResetRequested += context.Machine.RequestReset;
        Aon.Slept += Cpu.Stop;
        Otp = context.AddDevice(SifiveEMap.OtpControl, new SifiveOtp("otp control", _otp, log));
        Gpio = context.AddDevice(SifiveEMap.Gpio, new SifiveGpio("gpio", Pins, log));
        for (int i = 0; i < SifiveGpio.PinCount; i++)
            Gpio.Irq(i).Connect(Plic.Input(SifiveEMap.GpioIrq + i));

        SpiBuses = [.. Enumerable.Range(0, 3).Select(i => context.AddDevice(new SpiBus($"spi{i} bus", context)))];
        Spi = [AddSpi(context, 0, SifiveEMap.Spi0, 1, SifiveEMap.Spi0Irq), AddSpi(context, 1, SifiveEMap.Spi1, 4, SifiveEMap.Spi1Irq), AddSpi(context, 2, SifiveEMap.Spi2, 1, SifiveEMap.Spi2Irq)];
        SpiNorModel model = IsG002 ? SpiNorModel.Is25Lp032 : SpiNorModel.Is25Lp128;
        Flash = SpiBuses[0].Attach(0, new SpiNorFlash(model, new PartMemory(FlashContent, model.Size)));
        var window = new FlashWindow(FlashContent);
        context.Map(SifiveEMap.Flash, window.Region);
        Spi[0].DirectChanged += () => window.IsOpen = Spi[0].IsDirect;

        Pwm =
        [
            AddPwm(context, 0, SifiveEMap.Pwm0, 8, SifiveEMap.Pwm0Irq, [0, 1, 2, 3]),
            AddPwm(context, 1, SifiveEMap.Pwm1, 16, SifiveEMap.Pwm1Irq, [20, 19, 21, 22]),
            AddPwm(context, 2, SifiveEMap.Pwm2, 16, SifiveEMap.Pwm2Irq, [10, 11, 12, 13]),
        ];
        if (!IsG002)
            return;
        I2cBus = context.AddDevice(new I2cBus("i2c0 bus", context));
        I2c = context.AddDevice(SifiveEMap.I2c0, new SifiveI2c("i2c0", I2cBus, hfclk, clock, log));
        I2c.Irq.Connect(Plic.Input(SifiveEMap.I2c0Irq));
    }

    private SifiveSpi AddSpi(MachineContext context, int index, ulong address, int selects, int irq)
    {
        SifiveSpi spi = context.AddDevice(address, new SifiveSpi($"spi{index}", SpiBuses[index], selects, index == 0, Clocks.Hfclk, context.Clock, context.Log));
        spi.Irq.Connect(Plic.Input(irq));
        return spi;
    }

    private SifivePwm AddPwm(MachineContext context, int index, ulong address, int width, int irq, ReadOnlySpan<int> pins)
    {
        SifivePwm pwm = context.AddDevice(address, new SifivePwm($"pwm{index}", width, Clocks.Hfclk, context.Clock, context.Log));
        for (int i = 0; i < SifivePwm.ComparatorCount; i++)
        {
            pwm.Connect(i, Gpio.Function(pins[i], 1));
            pwm.Irq(i).Connect(Plic.Input(irq + i));
        }

        return pwm;
    }

    private SifiveUart AddUart(MachineContext context, int index, ulong address, int irq, SerialPort port, int transmitPin, int receivePin)
    {
        SifiveUart uart = context.AddDevice(address, new SifiveUart($"uart{index}", port, Clocks.Hfclk, context.Clock, context.Log));
        uart.Irq.Connect(Plic.Input(irq));
        // idle lines are high; characters do not appear as levels
        Gpio.Function(transmitPin, 0).Set(true);
        Gpio.Function(receivePin, 0).Set(false, drive: false);
        return uart;
    }

    // What other steps chose is known now.
    private void Complete(MachineContext context)
    {
        Console = _serial.Take(0, "serial0", context);
        Serial1 = _serial.Take(1, "serial1", context);
        Uart0 = AddUart(context, 0, SifiveEMap.Uart0, SifiveEMap.Uart0Irq, Console, transmitPin: 17, receivePin: 16);
        Uart1 = AddUart(context, 1, SifiveEMap.Uart1, SifiveEMap.Uart1Irq, Serial1, transmitPin: 18, receivePin: 23);

        // devices are reset in this order: the controller comes behind its sources, or it would keep requests that they have just withdrawn
        context.AddDevice(SifiveEMap.Plic, Plic);
        McuFirmware firmware = _origin.Boot ??= McuFirmware.Read(context, _plan, new GuestTarget(Name, ElfMachines.RiscV, 32, "RISC-V"),
            IsG002 ? SifiveEMap.FirmwareG002 : SifiveEMap.FirmwareG000, SifiveEMap.Dtim, SifiveEOptions.Memory);
        context.OnReset(_ => WriteRoms(firmware));
        firmware.LoadAtPowerOn(context);
    }

    // Mode select jumps to the mask ROM, that to the flash; on the HiFive1 by way of the OTP memory, whose content the board's maker wrote.
    private void WriteRoms(McuFirmware firmware)
    {
        ulong start = firmware.Entry ?? (IsG002 ? SifiveEMap.FirmwareG002 : SifiveEMap.FirmwareG000);
        if (IsG002 && firmware.Covers(SifiveEMap.Flash))
            start = SifiveEMap.Flash;
        _modeSelect.Write(SifiveEMap.ResetVector - SifiveEMap.ModeSelect, Jump(SifiveEMap.MaskRom));
        _maskRom.Write(0, Jump(IsG002 ? start : SifiveEMap.Otp));
        if (!IsG002)
            _otp.Write(0, Jump(start));
    }

    private static byte[] Jump(ulong target)
    {
        uint low = (uint)target & 0xfff, high = ((uint)target + 0x800) & 0xffff_f000;
        byte[] code = new byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(code, 0x0000_02b7 | high);                        // lui t0, high
        BinaryPrimitives.WriteUInt32LittleEndian(code.AsSpan(4), 0x0002_8293 | (low << 20));       // addi t0, t0, low
        BinaryPrimitives.WriteUInt32LittleEndian(code.AsSpan(8), 0x0002_8067);                     // jr t0
        return code;
    }
}

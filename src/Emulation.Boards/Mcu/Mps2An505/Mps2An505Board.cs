using Emulation.Arm;
using Emulation.Boards.Loading;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <summary>The board <c>mps2-an505</c>: Arm's MPS2+ FPGA board with the IoTKit, a Cortex-M33 with TrustZone at 20 MHz. Arm DAI 0505, ECM 0601256.</summary>
/// <remarks>
/// UART0 is the console. The CPU starts Secure, at 0x1000_0000.
/// The buses of the SPI and I²C controllers are empty: user code attaches parts, and display, touch screen, audio codec and analog converter are none of them.
/// The Ethernet controller never has a link. The audio interface (I2S), the VGA memories and the DMA controllers are not there: accesses to them give bus faults.
/// The machine's memory shows Secure and Non-secure addresses without what the protection controllers turn away.
/// </remarks>
public sealed partial class Mps2An505Board : IBoard
{
    /// <summary>Bytes of memory at 0x1000_0000; no board has others.</summary>
    public const ulong Memory = 4 << 20;

    /// <summary>Hertz of the CPU and its peripherals.</summary>
    public const ulong SystemFrequency = 20_000_000;

    private const int PriorityBits = 3;
    private readonly Mps2An505Options _options;
    private readonly SerialLines _serial = new(5);
    private readonly BootPlan _plan = new();
    private BoardOrigin<McuFirmware> _origin = new();

    /// <summary>Creates the board.</summary>
    /// <param name="options">Its options; not changed afterwards.</param>
    public Mps2An505Board(Mps2An505Options options) => _options = options ?? throw new ArgumentNullException(nameof(options));

    /// <inheritdoc/>
    public string Name => "mps2-an505";

    /// <summary>The CPU.</summary>
    public ArmMCpu Cpu { get; private set; } = null!;

    /// <summary>Translated code.</summary>
    public TranslationCache Code { get; private set; } = null!;

    /// <summary>The clocks.</summary>
    public ClockTree Clocks { get; private set; } = null!;

    /// <summary>The pins: <c>LED0</c>, <c>LED1</c>, <c>BUTTON0</c>, <c>BUTTON1</c>, and <c>GPIO0.0</c> to <c>GPIO3.15</c>.</summary>
    public PinSet Pins { get; private set; } = null!;

    /// <summary>A pin by its name.</summary>
    /// <param name="name">Such as <c>LED0</c>.</param>
    public Pin Pin(string name) => Pins[name];

    /// <inheritdoc/>
    public void Compose(MachineContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _origin = context.Backend("board origin", _origin);
        if (_options.MpuRegions is not (8 or 16))
            context.Error($"{Name} has MPUs with 8 or 16 regions, not {_options.MpuRegions}");
        if (context.MemorySize is { } size && size != Memory)
            context.Error($"{Name} has 4 MiB of memory, not {size} bytes");
        context.Provide(_serial);
        context.Provide(_plan);
        Clocks = context.AddDevice(new ClockTree());
        ClockSource system = Clocks.Source("SYSCLK", SystemFrequency);
        ClockSource slow = Clocks.Source("S32KCLK", SlowFrequency);
        Pins = context.AddDevice(new PinSet());
        An505Bus bus = AddSecurity(context);
        AddCpu(context, system);
        AddMemories(context, bus);
        AddSystem(context, bus);
        AddTimers(context, bus, system, slow);
        AddPorts(context, bus);
        Scc = bus.Add(An505Map.Scc, new Mps2Scc("SCC", context.Log, 0x0020_0008, 0x4104_5050, [40_000_000, 24_580_000, 25_000_000]), An505Map.SccPort.Ppc, An505Map.SccPort.Port);
        FpgaIo = bus.Add(An505Map.FpgaIo, new Mps2FpgaIo("FPGAIO", Clocks, system, Pins, context.Clock, context.Log), An505Map.FpgaIoPort.Ppc, An505Map.FpgaIoPort.Port);
        AddSerial(context, bus, system);
        context.OnComposed(() => Complete(context, bus, system));
    }

    private void AddCpu(MachineContext context, ClockSignal system)
    {
        var cpuOptions = new ArmMCpuOptions
        {
            Model = ArmMCpuModel.CortexM33 with { MpuRegions = _options.MpuRegions },
            Interrupts = An505Map.Interrupts,
            PriorityBits = PriorityBits,
            ProcessorClock = system,
            VectorTable = An505Map.InitialVectorTable,
            Idau = new An505Idau(Security),
            SecureMemory = An505Bus.Secure,
            NonSecureMemory = An505Bus.NonSecure,
            UnprivilegedMemory = An505Bus.Unprivileged,
        };
        (Cpu, Code) = McuCpu.Add(context, cpuOptions, _options.Engine, _options.Jit);
        Cpu.SystemReset = () => SystemControl.Request(IotKitReset.System);
        Security.CallableChanged += Cpu.AttributionChanged;
    }

    private void Complete(MachineContext context, An505Bus bus, ClockSignal system)
    {
        AddUarts(context, bus, system);
        context.OnReset(_ => Cpu.VectorTable = SystemControl.VectorTable);
        McuFirmware.InstallArm(context, _origin, _plan, Name, new McuPlaces(An505Map.InitialVectorTable, An505Map.InitialVectorTable, Memory));
    }
}

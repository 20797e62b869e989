using Emulation.Arm;
using Emulation.Cpu;
using Emulation.Debugging;

namespace Emulation.Testing.Tests;

/// <summary>A small Cortex-M4F board: 64 KiB of flash, 16 KiB of RAM, a UART and a GPIO port of the tests' own.</summary>
internal sealed class CortexBench : VirtualBoard
{
    private static readonly BoardRecipe s_recipe = new("cortex", FirmwareArchitecture.Arm, static (builder, firmware) => builder.WithInstructionRate(InstructionRate.PerSecond(16_000_000)).UseBoard(() => new CortexBoard(firmware.Engine)))
    {
        VectorTable = 0x0800_0000,
    };

    public CortexBench(Action<FirmwareOptions> firmware)
        : base(s_recipe, firmware)
        => (Board, Uart) = (Machine.Get<CortexBoard>(), AddUart("uart", Machine.Get<CortexBoard>().Port));

    private CortexBench(CortexBench origin)
        : base(origin)
        => (Board, Uart) = (Machine.Get<CortexBoard>(), AddUart("uart", Machine.Get<CortexBoard>().Port));

    public CortexBoard Board { get; }

    public TestUart Uart { get; }

    public TestSignal Led => Signal(Board.Pins["P0"]);

    public TestSignal Button => Signal(Board.Pins["P1"]);

    public static string Program => Path.Combine(TestContext.CurrentContext.TestDirectory, "firmware", "cortex.elf");

    public CortexBench Fork() => new(this);

    /// <inheritdoc/>
    protected override VirtualBoard ForkBoard() => Fork();
}

internal sealed class CortexBoard(EngineKind engine) : IBoard
{
    public string Name => "cortex";

    public SerialPort Port { get; private set; } = null!;

    public PinSet Pins { get; private set; } = null!;

    public ClockTree Clocks { get; private set; } = null!;

    public ClockSource Crystal { get; private set; } = null!;

    public void Compose(MachineContext context)
    {
        Clocks = context.AddDevice(new ClockTree());
        Crystal = Clocks.Source("crystal", 16_000_000);
        RamBlock flash = context.CreateRam("flash", 64.KiB(), background: 0xff);
        context.Map(0x0800_0000, new RamRegion(flash, readOnly: true));
        context.AddRam("sram", 0x2000_0000, 16.KiB());
        var cache = new TranslationCache(new EngineOptions { Engine = engine });
        var options = new ArmMCpuOptions { Model = ArmMCpuModel.CortexM4F, VectorTable = 0x0800_0000, ProcessorClock = Crystal };
        context.AddCpu(new ArmMCpu(0, options, new CpuContext(context.Memory, context.Clock, context.Log, cache) { Hooks = context.Hooks, Exclusive = context.Machine.RunExclusive }));
        context.Own(cache);
        Port = context.Backend("uart", new SerialPort("uart"));
        Port.Attach(context.DeviceLock);
        Pins = context.AddDevice(new PinSet());
        context.AddDevice(0x4000_0000, new CortexUart(Port, context.Log));
        context.AddDevice(0x4000_1000, new CortexGpio(Pins, context.Log));
    }
}

internal sealed class CortexUart : MmioDevice
{
    private readonly ISerialLine _line;

    public CortexUart(ISerialLine line, GuestLog log)
        : base("uart", log, 0x1000, AccessSizes.Word)
    {
        _line = line;
        Registers.Define(0, "DATA").Bits(7, 0, "data", FieldMode.ReadWrite, () => line.TryReceive(out SerialSymbol symbol) ? symbol.Value : 0UL, value => line.Transmit((byte)value)).Reserved(31, 8);
        Registers.Define(4, "STATUS", access: RegisterAccess.ReadOnly).Flag(0, "RXNE", FieldMode.ReadOnly, () => line.PendingInput > 0).Reserved(31, 1);
    }

    protected override void SaveState(StateWriter writer) => _line.Save(writer);

    protected override void LoadState(StateReader reader) => _line.Load(reader);
}

internal sealed class CortexGpio : MmioDevice
{
    public CortexGpio(PinSet pins, GuestLog log)
        : base("gpio", log, 0x1000, AccessSizes.Word)
    {
        Pin led = pins.Add("P0"), button = pins.Add("P1");
        button.Driver("pull-down").Set(PinDrive.PullDown);
        PinDriver driver = led.Driver("gpio");
        driver.Set(false);
        Registers.Define(0, "OUT").Bits(0, 0, "P0", FieldMode.ReadWrite, null, value => driver.Set(value != 0)).Reserved(31, 1);
        Registers.Define(4, "IN", access: RegisterAccess.ReadOnly).Flag(0, "P0", FieldMode.ReadOnly, () => led.Level).Flag(1, "P1", FieldMode.ReadOnly, () => button.Level).Reserved(31, 2);
    }
}

using Emulation.Arm;
using Emulation.Boards.Loading;
using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <summary>The board <c>lm3s6965evb</c>: an LM3S6965 (Cortex-M3) with an 8 MHz crystal, a status LED, five switches, a buzzer and an OLED display. LM3S6965 Evaluation Board User's Manual.</summary>
/// <remarks>UART0 is the console. Ethernet and the hibernation module are not there: accesses to them give bus faults. The slot of the SD card is empty.</remarks>
/// <param name="options">Its options; not changed afterwards.</param>
public sealed class Lm3s6965EvbBoard(Lm3s6965EvbOptions options) : IBoard
{
    /// <summary>Bytes of memory at 0x2000_0000; no board has others.</summary>
    public const ulong Memory = Lm3s6965Map.SramSize;

    // chip selects of SSI0
    private const int DisplaySelect = 0, CardSelect = 1;

    private readonly Lm3s6965EvbOptions _options = options ?? throw new ArgumentNullException(nameof(options));
    private readonly SerialLines _serial = new(3);
    private readonly BootPlan _plan = new();
    private BoardOrigin<McuFirmware> _origin = new();

    /// <inheritdoc/>
    public string Name => "lm3s6965evb";

    /// <summary>The microcontroller.</summary>
    public Lm3s6965 Chip { get; private set; } = null!;

    /// <summary>Its CPU.</summary>
    public ArmMCpu Cpu => Chip.Cpu;

    /// <summary>The pins: <c>PA0</c> to <c>PG1</c>, and <c>ADC0</c> to <c>ADC3</c>.</summary>
    public PinSet Pins { get; private set; } = null!;

    /// <summary>The host's end of UART0, the console.</summary>
    public SerialPort Uart0 => Chip.SerialPorts[0];

    /// <summary>The host's end of UART1.</summary>
    public SerialPort Uart1 => Chip.SerialPorts[1];

    /// <summary>The host's end of UART2.</summary>
    public SerialPort Uart2 => Chip.SerialPorts[2];

    /// <summary>The status LED; lit while the pin is high.</summary>
    public Pin StatusLed => Pins["PF0"];

    /// <summary>The buzzer, at PWM1.</summary>
    public Pin Buzzer => Pins["PD1"];

    /// <summary>The select switch; low while it is pressed.</summary>
    public Pin SelectSwitch => Pins["PF1"];

    /// <summary>The display.</summary>
    public RitDisplay Display => Chip.Spi.Get<RitDisplay>(DisplaySelect);

    /// <summary>A pin by its name.</summary>
    /// <param name="name">Such as <c>PF0</c>.</param>
    public Pin Pin(string name) => Pins[name];

    /// <summary>The pin of a switch; low while it is pressed.</summary>
    /// <param name="item">Which.</param>
    public Pin SwitchPin(Lm3s6965Switch item) => Pins[PinOf(item)];

    /// <inheritdoc/>
    public void Compose(MachineContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _origin = context.Backend("board origin", _origin);
        if (context.MemorySize is { } size && size != Memory)
            context.Error($"{Name} has 64 KiB of memory, not {size} bytes");
        context.Provide(_serial);
        context.Provide(_plan);
        Pins = context.AddDevice(new PinSet());
        Chip = new Lm3s6965(context, _options, Pins);
        context.Provide(Chip);
        Chip.Spi.Attach(DisplaySelect, new RitDisplay());
        // nothing but the guest's pull-ups holds the switches' pins high
        foreach (Lm3s6965Switch item in Enum.GetValues<Lm3s6965Switch>())
            SwitchPin(item).Driver("switch").Release();
        Pins["PA3"].Changed += level => Chip.Spi.SetSelectLevel(DisplaySelect, level);
        Pins["PD0"].Changed += level => Chip.Spi.SetSelectLevel(CardSelect, level);
        Pins["PC7"].Changed += level => Display.SetDataCommand(level);
        context.OnComposed(() => Complete(context));
    }

    /// <summary>Presses or releases a switch.</summary>
    /// <param name="machine">The board's machine; it may run.</param>
    /// <param name="item">Which.</param>
    /// <param name="pressed">Whether it is pressed.</param>
    public void SetSwitch(Machine machine, Lm3s6965Switch item, bool pressed)
    {
        ArgumentNullException.ThrowIfNull(machine);
        lock (machine.DeviceLock)
            SwitchPin(item).Driver("switch").Set(pressed ? PinDrive.Low : PinDrive.Floating);
    }

    /// <summary>Presses the reset button, before the next instruction.</summary>
    /// <param name="machine">The board's machine.</param>
    public void PressReset(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        lock (machine.DeviceLock)
            Chip.System.RequestReset(StellarisResetCause.External);
    }

    private static string PinOf(Lm3s6965Switch item) => item switch
    {
        Lm3s6965Switch.Select => "PF1",
        Lm3s6965Switch.Up => "PE0",
        Lm3s6965Switch.Down => "PE1",
        Lm3s6965Switch.Left => "PE2",
        Lm3s6965Switch.Right => "PE3",
        _ => throw new ArgumentOutOfRangeException(nameof(item), item, "the board has no such switch"),
    };

    private void Complete(MachineContext context)
    {
        Chip.Complete(_serial);
        McuFirmware.InstallArm(context, _origin, _plan, Name, new McuPlaces(Lm3s6965Map.Flash, Lm3s6965Map.Sram, Memory));
        context.OnReset(_ => Display.SetDataCommand(Pins["PC7"].Level));
    }
}

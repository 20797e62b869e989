using Emulation.Arm;
using Emulation.Boards.Loading;
using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <summary>The board <c>stm32f4-discovery</c>: an STM32F407VG with an 8 MHz crystal, four LEDs, a button, an accelerometer and an audio converter. UM1472.</summary>
/// <remarks>
/// USART2, which is not led to the debugger on the first revisions, is the console. The accelerometer is the LIS302DL of board revision B (MB997B); the microphone is not there.
/// </remarks>
/// <param name="options">Options of the microcontroller; not changed afterwards.</param>
public sealed class Stm32F4DiscoveryBoard(Stm32F407Options options) : IBoard
{
    /// <summary>Bytes of memory at 0x2000_0000; no board has others.</summary>
    public const ulong Memory = 128 << 10;

    private readonly Stm32F407Options _options = options ?? throw new ArgumentNullException(nameof(options));
    private readonly SerialLines _serial = new(6);
    private readonly BootPlan _plan = new();
    private BoardOrigin<McuFirmware> _origin = new();
    private PinDriver _button = null!;

    /// <inheritdoc/>
    public string Name => "stm32f4-discovery";

    /// <summary>The microcontroller.</summary>
    public Stm32F407 Chip { get; private set; } = null!;

    /// <summary>Its CPU.</summary>
    public ArmMCpu Cpu => Chip.Cpu;

    /// <summary>Its flash memory.</summary>
    public Stm32F4Flash Flash => Chip.Flash;

    /// <summary>The pins by name, such as <c>PD12</c>.</summary>
    public PinSet Pins { get; private set; } = null!;

    /// <summary>The host's end of USART1.</summary>
    public SerialPort Usart1 => Chip.SerialPorts["USART1"];

    /// <summary>The host's end of USART2, the console.</summary>
    public SerialPort Usart2 => Chip.SerialPorts["USART2"];

    /// <summary>The host's end of USART3.</summary>
    public SerialPort Usart3 => Chip.SerialPorts["USART3"];

    /// <summary>The host's end of UART4.</summary>
    public SerialPort Uart4 => Chip.SerialPorts["UART4"];

    /// <summary>The host's end of UART5.</summary>
    public SerialPort Uart5 => Chip.SerialPorts["UART5"];

    /// <summary>The host's end of USART6.</summary>
    public SerialPort Usart6 => Chip.SerialPorts["USART6"];

    /// <summary>The bus of I2C1.</summary>
    public I2cBus I2C1 => Chip.I2cBuses[0];

    /// <summary>The bus of I2C2.</summary>
    public I2cBus I2C2 => Chip.I2cBuses[1];

    /// <summary>The bus of I2C3.</summary>
    public I2cBus I2C3 => Chip.I2cBuses[2];

    /// <summary>The bus of SPI1.</summary>
    public SpiBus Spi1 => Chip.SpiBuses[0];

    /// <summary>The bus of SPI2.</summary>
    public SpiBus Spi2 => Chip.SpiBuses[1];

    /// <summary>The bus of SPI3.</summary>
    public SpiBus Spi3 => Chip.SpiBuses[2];

    /// <summary>The bus of CAN1.</summary>
    public CanBus Can1 => Chip.CanBuses[0];

    /// <summary>The bus of CAN2.</summary>
    public CanBus Can2 => Chip.CanBuses[1];

    /// <summary>The green LED, LD4; lit while the pin is high.</summary>
    public Pin GreenLed => Pins["PD12"];

    /// <summary>The orange LED, LD3; lit while the pin is high.</summary>
    public Pin OrangeLed => Pins["PD13"];

    /// <summary>The red LED, LD5; lit while the pin is high.</summary>
    public Pin RedLed => Pins["PD14"];

    /// <summary>The blue LED, LD6; lit while the pin is high.</summary>
    public Pin BlueLed => Pins["PD15"];

    /// <summary>The accelerometer, U5: on SPI1, selected by PE3, with its interrupts at PE0 and PE1.</summary>
    public Lis302dl Accelerometer => Spi1.Get<Lis302dl>();

    /// <summary>The audio converter, U7: on I2C1 and I2S3, reset by PD4.</summary>
    public Cs43l22 Audio => I2C1.Get<Cs43l22>(Cs43l22.Address);

    /// <summary>The pin of the user button, B1; high while it is pressed.</summary>
    public Pin UserButton => Pins["PA0"];

    /// <summary>A pin by its name.</summary>
    /// <param name="name">Such as <c>PD12</c>.</param>
    public Pin Pin(string name) => Pins[name];

    /// <inheritdoc/>
    public void Compose(MachineContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _origin = context.Backend("board origin", _origin);
        if (context.MemorySize is { } size && size != Memory)
            context.Error($"{Name} has 128 KiB of memory, not {size} bytes");
        if (_options.BootMode is not (0 or 1 or 3))
        {
            context.Error($"the BOOT pins choose flash (0), system memory (1) or SRAM (3), not {_options.BootMode}");
            _options.BootMode = 0;
        }

        context.Provide(_serial);
        context.Provide(_plan);
        Pins = context.AddDevice(new PinSet());
        Chip = new Stm32F407(context, _options, Pins);
        context.Provide(Chip);
        _button = Pins["PA0"].Driver("button");
        _button.Set(PinDrive.PullDown);
        AddParts();
        context.OnComposed(() => Complete(context));
    }

    /// <summary>Presses or releases the user button.</summary>
    /// <param name="machine">The board's machine; it may run.</param>
    /// <param name="pressed">Whether it is pressed.</param>
    public void SetButton(Machine machine, bool pressed)
    {
        ArgumentNullException.ThrowIfNull(machine);
        lock (machine.DeviceLock)
            _button.Set(pressed ? PinDrive.High : PinDrive.PullDown);
    }

    /// <summary>Presses the reset button: a reset by the pin NRST, before the next instruction.</summary>
    /// <param name="machine">The board's machine.</param>
    public void PressReset(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        lock (machine.DeviceLock)
            Chip.System.RequestReset(Stm32ResetCause.Pin);
    }

    // UM1472, figures 13 and 16
    private void AddParts()
    {
        // the sensor pulls its chip select up
        Pins["PE3"].Driver("accelerometer").Set(PinDrive.PullUp);
        Lis302dl sensor = Spi1.Attach(Pins["PE3"], new Lis302dl());
        sensor.Interrupt1.Connect(Pins["PE0"]);
        sensor.Interrupt2.Connect(Pins["PE1"]);
        Cs43l22 audio = I2C1.Attach(Cs43l22.Address, new Cs43l22());
        audio.ResetPin.Connect(Pins["PD4"]);
        Chip.Spis[2].SoundSent += audio.Play;
    }

    private void Complete(MachineContext context)
    {
        Chip.Complete(_serial);
        McuFirmware.InstallArm(context, _origin, _plan, Name, new McuPlaces(_options.BootMode == 3 ? Stm32F407Map.Sram1 : Stm32F407Map.Flash, Stm32F407Map.Sram1, Memory)
        {
            VectorTable = 0,
            LinkAddress = _options.BootMode switch { 0 => Stm32F407Map.Flash, 1 => Stm32F407Map.System, _ => Stm32F407Map.Sram1 },
        });
        context.OnReset(_ => Chip.CompleteReset());
    }
}

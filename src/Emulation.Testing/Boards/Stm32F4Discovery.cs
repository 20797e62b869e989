using Emulation.Boards;
using Emulation.Boards.Mcu;
using Emulation.Core;
using Emulation.Debugging;
using Emulation.Devices;

namespace Emulation.Testing;

/// <summary>The board <c>stm32f4-discovery</c> (STM32F407VG) with firmware in its flash.</summary>
public sealed class Stm32F4Discovery : VirtualBoard
{
    private const ulong FlashStart = 0x0800_0000;

    /// <summary>Makes a board and brings it to power-on.</summary>
    /// <param name="firmware">Says what it runs.</param>
    /// <param name="configure">Changes the microcontroller's options; null for none.</param>
    public Stm32F4Discovery(Action<FirmwareOptions> firmware, Action<Stm32F407Options>? configure = null)
        : base(RecipeFor(configure), firmware)
        => Board = Find();

    private Stm32F4Discovery(Stm32F4Discovery origin)
        : base(origin)
        => Board = Find();

    /// <summary>The typed parts.</summary>
    public Stm32F4DiscoveryBoard Board { get; }

    /// <summary>The microcontroller: its clocks, peripherals and buses.</summary>
    public Stm32F407 Chip => Board.Chip;

    /// <summary>USART1.</summary>
    public TestUart Usart1 => Port("USART1");

    /// <summary>USART2, the board's console.</summary>
    public TestUart Usart2 => Port("USART2");

    /// <summary>USART3.</summary>
    public TestUart Usart3 => Port("USART3");

    /// <summary>UART4.</summary>
    public TestUart Uart4 => Port("UART4");

    /// <summary>UART5.</summary>
    public TestUart Uart5 => Port("UART5");

    /// <summary>USART6.</summary>
    public TestUart Usart6 => Port("USART6");

    /// <summary>The bus of I2C1; parts are attached to it.</summary>
    public I2cBus I2C1 => Board.I2C1;

    /// <summary>The bus of I2C2.</summary>
    public I2cBus I2C2 => Board.I2C2;

    /// <summary>The bus of I2C3.</summary>
    public I2cBus I2C3 => Board.I2C3;

    /// <summary>The bus of SPI1.</summary>
    public SpiBus Spi1 => Board.Spi1;

    /// <summary>The bus of SPI2.</summary>
    public SpiBus Spi2 => Board.Spi2;

    /// <summary>The bus of SPI3.</summary>
    public SpiBus Spi3 => Board.Spi3;

    /// <summary>The bus of CAN1.</summary>
    public CanBus Can1 => Board.Can1;

    /// <summary>The bus of CAN2.</summary>
    public CanBus Can2 => Board.Can2;

    /// <summary>Main flash: each programming access and each erase is an operation.</summary>
    public IFaultableMemory Flash => Board.Flash;

    /// <summary>The user button, at PA0.</summary>
    public TestSignal UserButton => Button(Stm32F4Pin.PA0);

    /// <summary>A pin as a signal.</summary>
    /// <param name="pin">Its name; <see cref="Stm32F4Pin"/> has them.</param>
    /// <param name="activeLow">Whether low is on.</param>
    /// <exception cref="ArgumentException">The board has no such pin.</exception>
    public TestSignal Signal(string pin, bool activeLow = false) => Signal(Board.Pin(pin), activeLow);

    /// <summary>An LED, lit while its pin is high, as those of the board are.</summary>
    /// <param name="pin">Its pin; <see cref="Stm32F4Pin"/> has the names.</param>
    /// <exception cref="ArgumentException">The board has no such pin.</exception>
    public TestSignal Led(string pin) => Signal(pin);

    /// <summary>A button that makes its pin high while it is pressed, as that of the board at PA0 does.</summary>
    /// <param name="pin">Its pin; <see cref="Stm32F4Pin"/> has the names.</param>
    /// <exception cref="ArgumentException">The board has no such pin.</exception>
    public TestSignal Button(string pin) => Signal(pin);

    /// <summary>Presses the reset button: a reset by the pin NRST. RAM and the backup domain keep their content.</summary>
    public void PressReset() => Board.PressReset(Machine);

    /// <summary>Makes a copy in the present state. May be called from several threads as long as this board does not run.</summary>
    public Stm32F4Discovery Fork() => new(this);

    /// <inheritdoc/>
    protected override VirtualBoard ForkBoard() => Fork();

    private static BoardRecipe RecipeFor(Action<Stm32F407Options>? configure)
        => new("stm32f4-discovery", FirmwareArchitecture.Arm, (builder, firmware) => builder
            .UseStm32F4Discovery(options =>
            {
                options.Engine = options.Engine with { Engine = firmware.Engine };
                configure?.Invoke(options);
            })
            .ForSavedState())
        {
            VectorTable = FlashStart,
        };

    private TestUart Port(string name) => Uarts.First(u => u.Name == name);

    private Stm32F4DiscoveryBoard Find()
    {
        Stm32F4DiscoveryBoard board = Machine.Get<Stm32F4DiscoveryBoard>();
        foreach ((string name, SerialPort port) in board.Chip.SerialPorts)
            AddUart(name, port);
        return board;
    }
}

using Emulation.Boards;
using Emulation.Boards.Mcu;
using Emulation.Core;
using Emulation.Debugging;
using Emulation.Devices;

namespace Emulation.Testing;

/// <summary>The board <c>sifive-e</c> (HiFive1, FE310) with firmware in its flash. The hart goes to the firmware's entry at once.</summary>
public sealed class SifiveE : VirtualBoard
{
    /// <summary>Makes a board and brings it to power-on.</summary>
    /// <param name="firmware">Says what it runs.</param>
    /// <param name="configure">Changes the board's options, such as the chip; null for none.</param>
    public SifiveE(Action<FirmwareOptions> firmware, Action<SifiveEOptions>? configure = null)
        : base(RecipeFor(configure), firmware)
        => (Board, Uart0, Uart1) = Find();

    private SifiveE(SifiveE origin)
        : base(origin)
        => (Board, Uart0, Uart1) = Find();

    /// <summary>The typed parts.</summary>
    public SifiveEBoard Board { get; }

    /// <summary>UART0, at the debugger's USB port.</summary>
    public TestUart Uart0 { get; }

    /// <summary>UART1.</summary>
    public TestUart Uart1 { get; }

    /// <summary>The red part of the LED.</summary>
    public TestSignal RedLed => Signal(Board.RedLed, activeLow: true);

    /// <summary>The green part of the LED.</summary>
    public TestSignal GreenLed => Signal(Board.GreenLed, activeLow: true);

    /// <summary>The blue part of the LED.</summary>
    public TestSignal BlueLed => Signal(Board.BlueLed, activeLow: true);

    /// <summary>The bus of SPI1; parts are attached to it.</summary>
    public SpiBus Spi1 => Board.SpiBuses[1];

    /// <summary>A pin as a signal.</summary>
    /// <param name="number">Its number in the GPIO port, 0 to 31.</param>
    /// <param name="activeLow">Whether low is on.</param>
    public TestSignal Gpio(int number, bool activeLow = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, SifiveGpio.PinCount);
        return Signal(Board.Pins[$"GPIO{number}"], activeLow);
    }

    /// <summary>Makes a copy in the present state. May be called from several threads as long as this board does not run.</summary>
    public SifiveE Fork() => new(this);

    /// <inheritdoc/>
    protected override VirtualBoard ForkBoard() => Fork();

    /// <inheritdoc/>
    protected override IEnumerable<RamBlock> NonVolatile => [Board.FlashContent];

    private static BoardRecipe RecipeFor(Action<SifiveEOptions>? configure)
        => new("sifive-e", FirmwareArchitecture.RiscV32, (builder, firmware) => builder
            .UseSifiveE(options =>
            {
                options.Engine = options.Engine with { Engine = firmware.Engine };
                configure?.Invoke(options);
            })
            .ForSavedState())
        {
            StartsAtEntry = true,
        };

    private (SifiveEBoard, TestUart, TestUart) Find()
    {
        SifiveEBoard board = Machine.Get<SifiveEBoard>();
        return (board, AddUart("uart0", board.Console), AddUart("uart1", board.Serial1));
    }
}

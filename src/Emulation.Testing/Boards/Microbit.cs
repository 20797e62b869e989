using Emulation.Boards;
using Emulation.Boards.Mcu;
using Emulation.Core;
using Emulation.Debugging;
using Emulation.Devices;

namespace Emulation.Testing;

/// <summary>The board <c>microbit</c> (BBC micro:bit V1, nRF51822) with firmware in its flash.</summary>
public sealed class Microbit : VirtualBoard
{
    /// <summary>Makes a board and brings it to power-on.</summary>
    /// <param name="firmware">Says what it runs.</param>
    /// <param name="configure">Changes the board's options; null for none.</param>
    public Microbit(Action<FirmwareOptions> firmware, Action<MicrobitOptions>? configure = null)
        : base(RecipeFor(configure), firmware)
        => (Board, Uart) = Find();

    private Microbit(Microbit origin)
        : base(origin)
        => (Board, Uart) = Find();

    /// <summary>The typed parts: sensors, buses, peripherals.</summary>
    public MicrobitBoard Board { get; }

    /// <summary>The UART, at the interface chip's USB port.</summary>
    public TestUart Uart { get; }

    /// <summary>The 25 LEDs.</summary>
    public MicrobitDisplay Display => Board.Display;

    /// <summary>The I²C bus with the board's sensors, which the edge connector has, too; parts are attached to it.</summary>
    public I2cBus I2C => Board.I2cBuses[0];

    /// <summary>The left button; on while it is pressed.</summary>
    public TestSignal ButtonA => Signal(Board.ButtonA.Pin, activeLow: true);

    /// <summary>The right button; on while it is pressed.</summary>
    public TestSignal ButtonB => Signal(Board.ButtonB.Pin, activeLow: true);

    /// <summary>Code memory: each word that is written and each page that is erased is an operation.</summary>
    public IFaultableMemory Flash => Board.Nvmc;

    /// <summary>A pin of the edge connector as a signal.</summary>
    /// <param name="number">0 to 16, 19 or 20, as printed on the board.</param>
    public TestSignal Edge(int number) => Signal(Board.Edge(number));

    /// <summary>A pin of the chip as a signal.</summary>
    /// <param name="pin">Its name, such as <c>P17</c>.</param>
    /// <param name="activeLow">Whether low is on.</param>
    /// <exception cref="ArgumentException">The board has no such pin.</exception>
    public TestSignal Signal(string pin, bool activeLow = false) => Signal(Board.Pins[pin], activeLow);

    /// <summary>Makes a copy in the present state. May be called from several threads as long as this board does not run.</summary>
    public Microbit Fork() => new(this);

    /// <inheritdoc/>
    protected override VirtualBoard ForkBoard() => Fork();

    private static BoardRecipe RecipeFor(Action<MicrobitOptions>? configure)
        => new("microbit", FirmwareArchitecture.Arm, (builder, firmware) => builder
            .UseMicrobit(options =>
            {
                options.Engine = options.Engine with { Engine = firmware.Engine };
                configure?.Invoke(options);
            })
            .ForSavedState())
        {
            VectorTable = 0,
        };

    private (MicrobitBoard, TestUart) Find()
    {
        MicrobitBoard board = Machine.Get<MicrobitBoard>();
        return (board, AddUart("uart0", board.Console));
    }
}

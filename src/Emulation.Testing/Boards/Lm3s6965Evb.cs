using Emulation.Boards;
using Emulation.Boards.Mcu;
using Emulation.Core;
using Emulation.Debugging;
using Emulation.Devices;

namespace Emulation.Testing;

/// <summary>The board <c>lm3s6965evb</c> (LM3S6965, Cortex-M3) with firmware in its flash.</summary>
public sealed class Lm3s6965Evb : VirtualBoard
{
    /// <summary>Makes a board and brings it to power-on.</summary>
    /// <param name="firmware">Says what it runs.</param>
    /// <param name="configure">Changes the board's options; null for none.</param>
    public Lm3s6965Evb(Action<FirmwareOptions> firmware, Action<Lm3s6965EvbOptions>? configure = null)
        : base(RecipeFor(configure), firmware)
        => Board = Find();

    private Lm3s6965Evb(Lm3s6965Evb origin)
        : base(origin)
        => Board = Find();

    /// <summary>The typed parts.</summary>
    public Lm3s6965EvbBoard Board { get; }

    /// <summary>UART0, the console.</summary>
    public TestUart Uart0 => Uarts[0];

    /// <summary>UART1.</summary>
    public TestUart Uart1 => Uarts[1];

    /// <summary>UART2.</summary>
    public TestUart Uart2 => Uarts[2];

    /// <summary>The status LED.</summary>
    public TestSignal StatusLed => Signal(Board.StatusLed);

    /// <summary>The OLED display.</summary>
    public RitDisplay Display => Board.Display;

    /// <summary>Flash: each word that is programmed and each erase is an operation.</summary>
    public IFaultableMemory Flash => Board.Chip.Flash;

    /// <summary>A switch; on while it is pressed.</summary>
    /// <param name="item">Which.</param>
    public TestSignal Switch(Lm3s6965Switch item) => Signal(Board.SwitchPin(item), activeLow: true);

    /// <summary>A pin as a signal.</summary>
    /// <param name="pin">Its name, such as <c>PF0</c>.</param>
    /// <param name="activeLow">Whether low is on.</param>
    /// <exception cref="ArgumentException">The board has no such pin.</exception>
    public TestSignal Signal(string pin, bool activeLow = false) => Signal(Board.Pin(pin), activeLow);

    /// <summary>Presses the reset button. RAM keeps its content.</summary>
    public void PressReset() => Board.PressReset(Machine);

    /// <summary>Makes a copy in the present state. May be called from several threads as long as this board does not run.</summary>
    public Lm3s6965Evb Fork() => new(this);

    /// <inheritdoc/>
    protected override VirtualBoard ForkBoard() => Fork();

    private static BoardRecipe RecipeFor(Action<Lm3s6965EvbOptions>? configure)
        => new("lm3s6965evb", FirmwareArchitecture.Arm, (builder, firmware) => builder
            .UseLm3s6965Evb(options =>
            {
                options.Engine = options.Engine with { Engine = firmware.Engine };
                configure?.Invoke(options);
            })
            .ForSavedState())
        {
            VectorTable = 0,
        };

    private Lm3s6965EvbBoard Find()
    {
        Lm3s6965EvbBoard board = Machine.Get<Lm3s6965EvbBoard>();
        for (int i = 0; i < board.Chip.SerialPorts.Count; i++)
            AddUart($"UART{i}", board.Chip.SerialPorts[i]);
        return board;
    }
}

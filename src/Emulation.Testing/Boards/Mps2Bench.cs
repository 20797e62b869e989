using Emulation.Boards;
using Emulation.Boards.Mcu;
using Emulation.Core;
using Emulation.Debugging;

namespace Emulation.Testing;

/// <summary>An MPS2 board with firmware. Its memory is RAM, which the board's controller fills at each reset.</summary>
public abstract class Mps2Bench : VirtualBoard
{
    private protected Mps2Bench(Mps2Image image, Action<FirmwareOptions> firmware, Action<Mps2Options>? configure)
        : base(RecipeFor(image, configure), firmware)
        => Board = Find();

    private protected Mps2Bench(Mps2Bench origin)
        : base(origin)
        => Board = Find();

    /// <summary>The typed parts.</summary>
    public Mps2Board Board { get; }

    /// <summary>UART0, the console.</summary>
    public TestUart Uart0 => Uarts[0];

    /// <summary>One of the two LEDs.</summary>
    /// <param name="number">0 or 1.</param>
    public TestSignal Led(int number) => Signal(Board.Pin(Numbered("LED", number)));

    /// <summary>One of the two buttons; on while it is pressed.</summary>
    /// <param name="number">0 or 1.</param>
    public TestSignal Button(int number) => Signal(Board.Pin(Numbered("BUTTON", number)));

    /// <summary>A pin as a signal.</summary>
    /// <param name="pin">Its name, such as <c>GPIO0.3</c>.</param>
    /// <param name="activeLow">Whether low is on.</param>
    /// <exception cref="ArgumentException">The board has no such pin.</exception>
    public TestSignal Signal(string pin, bool activeLow = false) => Signal(Board.Pin(pin), activeLow);

    private static string Numbered(string name, int number)
        => number is 0 or 1 ? $"{name}{number}" : throw new ArgumentOutOfRangeException(nameof(number), number, "the board has numbers 0 and 1");

    private static BoardRecipe RecipeFor(Mps2Image image, Action<Mps2Options>? configure)
        => new(image == Mps2Image.An386 ? "mps2-an386" : "mps2-an385", FirmwareArchitecture.Arm, (builder, firmware) => builder
            .UseMps2(options =>
            {
                options.Image = image;
                options.Engine = options.Engine with { Engine = firmware.Engine };
                configure?.Invoke(options);
            })
            .ForSavedState())
        {
            VectorTable = 0,
        };

    private Mps2Board Find()
    {
        Mps2Board board = Machine.Get<Mps2Board>();
        for (int i = 0; i < board.Serial.Count; i++)
            AddUart($"UART{i}", board.Serial[i]);
        return board;
    }
}

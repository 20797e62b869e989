using Emulation.Boards.Mcu;

namespace Emulation.Testing;

/// <summary>The board <c>mps2-an386</c> (Cortex-M4F at 25 MHz) with firmware.</summary>
public sealed class Mps2An386 : Mps2Bench
{
    /// <summary>Makes a board and brings it to power-on.</summary>
    /// <param name="firmware">Says what it runs.</param>
    /// <param name="configure">Changes the board's options; null for none.</param>
    public Mps2An386(Action<FirmwareOptions> firmware, Action<Mps2Options>? configure = null)
        : base(Mps2Image.An386, firmware, configure)
    {
    }

    private Mps2An386(Mps2An386 origin)
        : base(origin)
    {
    }

    /// <summary>Makes a copy in the present state. May be called from several threads as long as this board does not run.</summary>
    public Mps2An386 Fork() => new(this);

    /// <inheritdoc/>
    protected override VirtualBoard ForkBoard() => Fork();
}

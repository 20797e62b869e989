using Emulation.Boards.Mcu;

namespace Emulation.Testing;

/// <summary>The board <c>mps2-an385</c> (Cortex-M3 at 25 MHz) with firmware.</summary>
public sealed class Mps2An385 : Mps2Bench
{
    /// <summary>Makes a board and brings it to power-on.</summary>
    /// <param name="firmware">Says what it runs.</param>
    /// <param name="configure">Changes the board's options; null for none.</param>
    public Mps2An385(Action<FirmwareOptions> firmware, Action<Mps2Options>? configure = null)
        : base(Mps2Image.An385, firmware, configure)
    {
    }

    private Mps2An385(Mps2An385 origin)
        : base(origin)
    {
    }

    /// <summary>Makes a copy in the present state. May be called from several threads as long as this board does not run.</summary>
    public Mps2An385 Fork() => new(this);

    /// <inheritdoc/>
    protected override VirtualBoard ForkBoard() => Fork();
}

namespace Emulation.Devices;

/// <summary>Clock polarity and phase of SPI.</summary>
public enum SpiMode
{
    /// <summary>CPOL 0, CPHA 0.</summary>
    Mode0 = 0,

    /// <summary>CPOL 0, CPHA 1.</summary>
    Mode1 = 1,

    /// <summary>CPOL 1, CPHA 0.</summary>
    Mode2 = 2,

    /// <summary>CPOL 1, CPHA 1.</summary>
    Mode3 = 3,
}

/// <summary>Who drives the data lines during a word.</summary>
public enum SpiDirection
{
    /// <summary>Both, on lines of their own: MOSI and MISO.</summary>
    FullDuplex,

    /// <summary>The controller, on all lanes.</summary>
    Out,

    /// <summary>The device, on all lanes.</summary>
    In,
}

/// <summary>How a word goes over an SPI bus.</summary>
/// <param name="Bits">Its bits: 1 to 32, a multiple of <paramref name="Lanes"/>. It takes Bits / Lanes clocks.</param>
/// <param name="Mode">Polarity and phase.</param>
/// <param name="LsbFirst">Whether the least significant bit goes first.</param>
/// <param name="Lanes">Data lines: 1, 2, 4 or 8. With more than one, <paramref name="Direction"/> is not full duplex.</param>
/// <param name="Direction">Who drives.</param>
public readonly record struct SpiFrame(int Bits, SpiMode Mode = SpiMode.Mode0, bool LsbFirst = false, int Lanes = 1, SpiDirection Direction = SpiDirection.FullDuplex)
{
    /// <summary>Eight bits in mode 0, most significant first.</summary>
    public static SpiFrame Byte => new(8);

    /// <summary>Clocks it takes.</summary>
    public int Clocks => Bits / Math.Max(1, Lanes);

    /// <summary>The bits of a word of this width.</summary>
    public uint Mask => Bits >= 32 ? uint.MaxValue : (1u << Bits) - 1;
}

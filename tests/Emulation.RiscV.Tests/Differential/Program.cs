namespace Emulation.RiscV.Tests.Differential;

/// <summary>A generated program: code, then data, in one image; at the end it writes the data to standard output and exits.</summary>
/// <param name="Xlen">32 or 64.</param>
/// <param name="Image">Bytes from <see cref="Base"/> on.</param>
/// <param name="DataOffset">Where the data begin in the image; they reach to its end.</param>
/// <param name="DumpStart">Address behind the random instructions, where the registers begin to be written to memory.</param>
/// <param name="End">Address of the first instruction behind the stream: the system calls.</param>
/// <param name="Listing">Generated instructions, for reports.</param>
internal sealed record Program(int Xlen, byte[] Image, int DataOffset, ulong DumpStart, ulong End, IReadOnlyList<(ulong Pc, string Text)> Listing)
{
    /// <summary>Where the image is loaded and begins.</summary>
    public const ulong Base = 0x40_0000;

    /// <summary>Bytes of scratch memory; its middle is what x27 points to.</summary>
    public const int ScratchBytes = 8192;

    /// <summary>Bytes of interesting constants behind it, half of them on each side of x26.</summary>
    public const int ConstantBytes = 4096;

    /// <summary>Bytes of the register dump behind those: x, f, fcsr.</summary>
    public const int DumpBytes = 1024;

    /// <summary>Data altogether.</summary>
    public const int DataBytes = ScratchBytes + ConstantBytes + DumpBytes;
}

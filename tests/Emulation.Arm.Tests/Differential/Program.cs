namespace Emulation.Arm.Tests.Differential;

/// <summary>A generated program: code, then data, in one image; at the end it writes the data to standard output and exits.</summary>
/// <param name="Image">Bytes from <see cref="Base"/> on.</param>
/// <param name="DataOffset">Where the data begin in the image; they reach to its end.</param>
/// <param name="DumpStart">Address behind the random instructions.</param>
/// <param name="End">Address of the first instruction behind the stream: the system calls.</param>
internal sealed record Program(byte[] Image, int DataOffset, ulong DumpStart, ulong End)
{
    /// <summary>Where the image is loaded and begins.</summary>
    public const ulong Base = 0x40_0000;

    /// <summary>Bytes of scratch memory; its middle is what x27 points to.</summary>
    public const int ScratchBytes = 8192;

    /// <summary>Bytes of interesting constants behind it, from where x26 points.</summary>
    public const int ConstantBytes = 4096;

    /// <summary>Bytes of the register dump behind those: x0 to x30, NZCV, v0 to v31, FPSR.</summary>
    public const int DumpBytes = 1024;

    /// <summary>Data altogether.</summary>
    public const int DataBytes = ScratchBytes + ConstantBytes + DumpBytes;
}

namespace Emulation.Devices;

/// <summary>A file opening mode: number 0 to 11 for the modes of C's fopen. "Semihosting for AArch32 and AArch64", SYS_OPEN.</summary>
/// <param name="number">The number.</param>
internal readonly struct OpenMode(byte number)
{
    public const uint Count = 12;

    public byte Number => number;

    /// <summary>"r": the file must exist.</summary>
    public bool Existing => number < 4;

    /// <summary>"w": the file is made empty.</summary>
    public bool Truncates => number is >= 4 and < 8;

    /// <summary>"a": each write goes to the end.</summary>
    public bool Appends => number >= 8;

    /// <summary>"r" and "rb".</summary>
    public bool IsPlainRead => number < 2;

    public bool CanRead => Existing || (number & 2) != 0;

    public bool CanWrite => !Existing || (number & 2) != 0;
}

namespace Emulation.Devices;

/// <summary>Numbers of <c>errno</c>, as C libraries for bare metal and Linux agree on them.</summary>
internal static class SemihostingError
{
    public const int NoEntry = 2;
    public const int Io = 5;
    public const int TooBig = 7;
    public const int BadHandle = 9;
    public const int Access = 13;
    public const int Fault = 14;
    public const int Exists = 17;
    public const int IsDirectory = 21;
    public const int Invalid = 22;
    public const int TooManyFiles = 24;
    public const int NoSpace = 28;
    public const int NotSeekable = 29;
    public const int ReadOnly = 30;
    public const int NameTooLong = 36;
    public const int NotSupported = 38;
}

namespace Emulation.Devices;

/// <summary>Numbers of operations. "Semihosting for AArch32 and AArch64", "Semihosting operations".</summary>
internal static class SemihostingOperation
{
    public const uint Open = 0x01;
    public const uint Close = 0x02;
    public const uint WriteC = 0x03;
    public const uint Write0 = 0x04;
    public const uint Write = 0x05;
    public const uint Read = 0x06;
    public const uint ReadC = 0x07;
    public const uint IsError = 0x08;
    public const uint IsTty = 0x09;
    public const uint Seek = 0x0a;
    public const uint FLen = 0x0c;
    public const uint TmpNam = 0x0d;
    public const uint Remove = 0x0e;
    public const uint Rename = 0x0f;
    public const uint Clock = 0x10;
    public const uint Time = 0x11;
    public const uint System = 0x12;
    public const uint Errno = 0x13;
    public const uint GetCmdLine = 0x15;
    public const uint HeapInfo = 0x16;
    public const uint Exit = 0x18;
    public const uint ExitExtended = 0x20;
    public const uint Elapsed = 0x30;
    public const uint TickFreq = 0x31;
}

namespace Emulation.Arm;

/// <summary>Fault status codes of ISS.DFSC and IFSC; the low two bits of those with a level are it. Arm DDI 0487, D17.2.37 "ISS encoding for an exception from a Data Abort".</summary>
internal static class FaultStatus
{
    public const int AddressSize = 0x00;
    public const int Translation = 0x04;
    public const int AccessFlag = 0x08;
    public const int Permission = 0x0c;
    public const int ExternalOnWalk = 0x14;
    public const int Unsupported = 0x31;

    /// <summary>Adds the level; those of level -1 have codes of their own.</summary>
    /// <param name="status">A constant above.</param>
    /// <param name="level">-1 to 3.</param>
    public static int At(int status, int level)
    {
        if (level >= 0)
            return status | level;
        return status switch
        {
            AddressSize => 0x29,
            Translation => 0x2b,
            ExternalOnWalk => 0x13,
            _ => status,
        };
    }
}

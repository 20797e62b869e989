namespace Emulation.Arm;

/// <summary>Fault status registers of AArch32. Arm DDI 0487, G8.2.37 "DFSR", G5.13.</summary>
internal static class A32FaultStatus
{
    /// <summary>Domain fault of a section, which AArch64 does not have; of a page one more.</summary>
    public const int Domain = 0x3c;

    /// <summary>LPAE: the format is that of long descriptors.</summary>
    public const uint LongFormat = 1 << 9;

    public const uint Write = 1 << 11;
    public const uint Cache = 1 << 13;

    /// <summary>Asynchronous external abort, in each format.</summary>
    public const uint AsynchronousShort = (1 << 10) | 6, AsynchronousLong = LongFormat | 0x11;

    /// <summary>FS in the format of short descriptors, bit 4 at bit 10.</summary>
    /// <param name="status">As in ISS.DFSC, level 1 for sections and 2 for pages.</param>
    public static uint Short(int status) => status switch
    {
        ArmException.AlignmentFault => 1,
        ArmException.DebugFault => 2,
        ArmException.ExternalAbort => 8,
        FaultStatus.ExternalOnWalk | 1 => 12,
        FaultStatus.ExternalOnWalk | 2 => 14,
        FaultStatus.AccessFlag | 1 => 3,
        FaultStatus.AccessFlag | 2 => 6,
        Domain | 1 => 9,
        Domain | 2 => 11,
        FaultStatus.Permission | 1 => 13,
        FaultStatus.Permission | 2 => 15,
        FaultStatus.Translation | 2 => 7,
        _ => 5,
    };
}

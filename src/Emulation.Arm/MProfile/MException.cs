namespace Emulation.Arm;

/// <summary>Numbers of exceptions. DDI 0403E, B1.5.2.</summary>
internal static class MException
{
    public const int Reset = 1, Nmi = 2, HardFault = 3, MemManage = 4, BusFault = 5, UsageFault = 6, SecureFault = 7;
    public const int SvCall = 11, DebugMonitor = 12, PendSv = 14, SysTick = 15;

    /// <summary>The first external interrupt.</summary>
    public const int External = 16;

    /// <summary>Whether each security state has an exception of its own with this number.</summary>
    /// <param name="number">A number.</param>
    public static bool IsBanked(int number) => number is HardFault or MemManage or UsageFault or SvCall or PendSv or SysTick;

    /// <summary>A name for messages.</summary>
    /// <param name="number">A number.</param>
    public static string Name(int number) => number switch
    {
        0 => "Thread mode",
        Reset => "Reset",
        Nmi => "NMI",
        HardFault => "HardFault",
        MemManage => "MemManage",
        BusFault => "BusFault",
        UsageFault => "UsageFault",
        SecureFault => "SecureFault",
        SvCall => "SVCall",
        DebugMonitor => "DebugMonitor",
        PendSv => "PendSV",
        SysTick => "SysTick",
        >= External => $"interrupt {number - External}",
        _ => $"exception {number}",
    };
}

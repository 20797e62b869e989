namespace Emulation.RiscV;

/// <summary>Exception codes of <c>mcause</c>. RISC-V Privileged, table "Machine cause register values after trap".</summary>
internal static class Cause
{
    public const int FetchMisaligned = 0;
    public const int FetchAccess = 1;
    public const int IllegalInstruction = 2;
    public const int Breakpoint = 3;
    public const int LoadMisaligned = 4;
    public const int LoadAccess = 5;
    public const int StoreMisaligned = 6;
    public const int StoreAccess = 7;
    public const int UserCall = 8;
    public const int SupervisorCall = 9;
    public const int MachineCall = 11;
    public const int FetchPage = 12;
    public const int LoadPage = 13;
    public const int StorePage = 15;

    /// <summary>What <c>medeleg</c> can delegate: everything that the implemented modes raise, except a call from M-mode.</summary>
    public const ulong Delegable = (1UL << FetchMisaligned) | (1UL << FetchAccess) | (1UL << IllegalInstruction) | (1UL << Breakpoint)
        | (1UL << LoadMisaligned) | (1UL << LoadAccess) | (1UL << StoreMisaligned) | (1UL << StoreAccess)
        | (1UL << UserCall) | (1UL << SupervisorCall) | (1UL << FetchPage) | (1UL << LoadPage) | (1UL << StorePage);

    /// <summary>The name shown in results and messages.</summary>
    public static string Name(int code) => code switch
    {
        FetchMisaligned => "instruction address misaligned",
        FetchAccess => "instruction access fault",
        IllegalInstruction => "illegal instruction",
        Breakpoint => "breakpoint",
        LoadMisaligned => "load address misaligned",
        LoadAccess => "load access fault",
        StoreMisaligned => "store/AMO address misaligned",
        StoreAccess => "store/AMO access fault",
        UserCall => "environment call from U-mode",
        SupervisorCall => "environment call from S-mode",
        MachineCall => "environment call from M-mode",
        FetchPage => "instruction page fault",
        LoadPage => "load page fault",
        StorePage => "store/AMO page fault",
        _ => $"exception {code}",
    };
}

namespace Emulation.RiscV;

/// <summary>Privilege level of a hart, as encoded in <c>mstatus.MPP</c>. RISC-V Privileged, "Privilege Levels".</summary>
public enum PrivilegeLevel
{
    /// <summary>U: applications.</summary>
    User = 0,

    /// <summary>S: operating systems.</summary>
    Supervisor = 1,

    /// <summary>M: firmware; all there is after reset.</summary>
    Machine = 3,
}

namespace Emulation.RiscV;

/// <summary>MODE field of <c>satp</c>. RISC-V Privileged, "Supervisor Address Translation and Protection (satp) Register".</summary>
internal enum SatpMode
{
    Bare = 0,
    Sv32 = 1,
    Sv39 = 8,
    Sv48 = 9,
    Sv57 = 10,
}

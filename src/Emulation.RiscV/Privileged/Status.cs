namespace Emulation.RiscV;

/// <summary>Fields of <c>mstatus</c> (RV64 layout). RISC-V Privileged, "Machine Status (mstatus and mstatush) Registers".</summary>
internal static class Status
{
    public const ulong Sie = 1UL << 1;
    public const ulong Mie = 1UL << 3;
    public const ulong Spie = 1UL << 5;
    public const ulong Mpie = 1UL << 7;
    public const ulong Spp = 1UL << 8;
    public const int MppShift = 11;
    public const ulong Mpp = 3UL << MppShift;
    public const int FsShift = 13;
    public const ulong Fs = 3UL << FsShift;
    public const ulong Mprv = 1UL << 17;
    public const ulong Sum = 1UL << 18;
    public const ulong Mxr = 1UL << 19;
    public const ulong Tvm = 1UL << 20;
    public const ulong Tw = 1UL << 21;
    public const ulong Tsr = 1UL << 22;
    public const ulong Uxl64 = 2UL << 32;
    public const ulong Sxl64 = 2UL << 34;

    /// <summary>What <c>sstatus</c> shows of it.</summary>
    public const ulong SupervisorView = Sie | Spie | Spp | Fs | Sum | Mxr | (3UL << 32);
}

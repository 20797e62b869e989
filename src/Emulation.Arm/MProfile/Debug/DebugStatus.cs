namespace Emulation.Arm;

/// <summary>Bits of DFSR. DDI 0403E, C1.6.1.</summary>
internal static class DebugStatus
{
    public const uint Halted = 1 << 0, Breakpoint = 1 << 1, Watchpoint = 1 << 2, VectorCatch = 1 << 3, External = 1 << 4;
}

using Emulation.Arm;
using Emulation.Devices;

namespace Emulation.Boards.Arm;

/// <summary>Gives a CPU the system registers of a GICv3's CPU interface.</summary>
internal sealed class GicSystemRegisters(GicV3 gic) : IArmSystemRegisters
{
    public int TrapTarget(int encoding, in ArmRegisterAccess access) => gic.TrapTarget(encoding, Convert(access));

    public bool TryRead(int encoding, in ArmRegisterAccess access, out ulong value) => gic.TryRead(encoding, Convert(access), out value);

    public bool TryWrite(int encoding, in ArmRegisterAccess access, ulong value) => gic.TryWrite(encoding, Convert(access), value);

    private static GicAccess Convert(in ArmRegisterAccess access)
        => new(access.Cpu.Index, access.Level, access.IsSecure, access.HypervisorIrq, access.HypervisorFiq, access.MonitorIrq, access.MonitorFiq);
}

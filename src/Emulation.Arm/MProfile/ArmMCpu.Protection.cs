using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm;

// MPU, security attribution and the default memory map. DDI 0403E, B3.1, B3.5; DDI 0553, ValidateAddress(), TTResp().
public sealed unsafe partial class ArmMCpu
{
    private const uint SecureGatewayCode = 0xe97f;

    internal MProtection Protection { get; }

    /// <summary>TT: who may do what at an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="alternate">Whether it is asked of the Non-secure state: TTA, TTAT.</param>
    /// <param name="unprivileged">Whether it is asked of unprivileged code: TTT, TTAT.</param>
    internal uint TestTarget(uint address, bool alternate, bool unprivileged)
    {
        bool secure = _secure && !alternate;
        int bank = secure ? 1 : 0;
        bool privileged = !unprivileged && (_ipsr != 0 || (_control[bank] & ControlUnprivileged) == 0);
        bool urgent = Exceptions.ExecutionPriority < 0;
        return Arm.TestTarget.Response(
            IsPrivileged || alternate ? Protection[bank].Check(address, privileged, urgent) : null,
            _secure ? Protection.Security!.Check(address, false, secure) : null);
    }

    // records the fault of an access that is not allowed; the bytes of one that is not aligned may lie in two regions
    private bool TryProtect(uint address, int size, MemoryAccessKind kind, int mmuIndex, out PageRights rights, out bool whole)
    {
        bool privileged = (mmuIndex & MMode.PrivilegedMmu) != 0, urgent = (mmuIndex & MMode.UrgentMmu) != 0;
        bool secure = (mmuIndex & MMode.SecureMmu) != 0;
        (rights, whole) = (PageRights.All, true);
        uint left = (uint)size - 1;
        for (uint at = address; ; at++)
        {
            (uint first, uint last) = (0, uint.MaxValue);
            if (Protection.Security is { } unit)
            {
                SecurityAttribution attribution = unit.Check(at, kind == MemoryAccessKind.Fetch, secure);
                (first, last) = (attribution.First, attribution.Last);
                if (!TryCross(attribution, at, kind, secure, ref whole))
                    return false;
            }

            ProtectionResult result = Protection[secure ? 1 : 0].Check(at, privileged, urgent).Within(first, last);
            rights &= result.Rights;
            whole &= result.CoversPage(at);
            if ((result.Rights & RightOf(kind)) == 0)
            {
                RecordException(kind == MemoryAccessKind.Fetch ? MFault.InstructionAccess : MFault.DataAccess, at);
                return false;
            }

            if (result.Last - at >= left)
                return true;
            left -= result.Last - at + 1;
            at = result.Last;
        }
    }

    // Non-secure accesses to Secure memory fault, and instructions of the other state do, but an SG where the memory is Non-secure callable.
    private bool TryCross(in SecurityAttribution attribution, uint address, MemoryAccessKind kind, bool secure, ref bool whole)
    {
        if (attribution.IsNonSecure != secure)
            return true;
        if (kind != MemoryAccessKind.Fetch)
        {
            if (secure)
                return true;
            RecordException(MFault.AttributionUnit, address);
            return false;
        }

        whole = false;
        if (!secure && attribution.IsCallable && (IsGateway(address) || IsGateway(address - 2)))
            return true;
        RecordException(secure ? MFault.InvalidTransition : MFault.InvalidEntry, address);
        return false;
    }

    private bool IsGateway(uint address)
        => Context.Memory.Read(address, 2, out ulong first) == BusResult.Ok && first == SecureGatewayCode
            && Context.Memory.Read(address + 2, 2, out ulong second) == BusResult.Ok && second == SecureGatewayCode;

    private static PageRights RightOf(MemoryAccessKind kind) => kind switch
    {
        MemoryAccessKind.Fetch => PageRights.Execute,
        MemoryAccessKind.Write => PageRights.Write,
        _ => PageRights.Read,
    };
}

using Emulation.Cpu;

namespace Emulation.Arm;

/// <summary>The answer of TT, TTT, TTA and TTAT. DDI 0553, TTResp() and "TT_RESP".</summary>
internal static class TestTarget
{
    private const uint RegionValid = 1 << 16, SecurityRegionValid = 1 << 17, Read = 1 << 18, ReadWrite = 1 << 19;
    private const uint NonSecureRead = 1 << 20, NonSecureReadWrite = 1 << 21, Secure = 1 << 22, IdauRegionValid = 1 << 23;

    /// <summary>The value for the destination register.</summary>
    /// <param name="permissions">What the MPU of the state that is asked about says for its privilege; null when the caller may not know: unprivileged and about its own state.</param>
    /// <param name="security">The address's security, when the caller is Secure; null otherwise.</param>
    public static uint Response(ProtectionResult? permissions, SecurityAttribution? security)
    {
        uint response = 0;
        if (permissions is { } found)
        {
            if (found.Region >= 0)
                response |= (uint)found.Region | RegionValid;
            if ((found.Rights & PageRights.Read) != 0)
                response |= Read;
            if ((found.Rights & PageRights.Write) != 0)
                response |= ReadWrite;
        }

        if (security is not { } attribution)
            return response;
        if (attribution.Region is { } region)
            response |= ((uint)region << 8) | SecurityRegionValid;
        if (attribution.IdauRegion is { } idau)
            response |= ((uint)idau << 24) | IdauRegionValid;
        if (!attribution.IsNonSecure)
            return response | Secure;
        if ((response & Read) != 0)
            response |= NonSecureRead;
        return (response & ReadWrite) != 0 ? response | NonSecureReadWrite : response;
    }
}

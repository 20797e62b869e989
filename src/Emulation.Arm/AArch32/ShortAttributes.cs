namespace Emulation.Arm;

/// <summary>Memory attributes of short descriptors, as MAIR would say them. Arm DDI 0487, G5.7.2 "Short-descriptor format memory region attributes".</summary>
internal static class ShortAttributes
{
    private const byte StronglyOrdered = 0, Device = 4, NonCacheable = 4, WriteThrough = 0xa, WriteBack = 0xf, WriteBackNoAllocate = 0xe;

    /// <summary>Without remapping.</summary>
    /// <param name="attributes">TEX:C:B.</param>
    /// <param name="shared">The S bit; what it means on return: nothing, of Device memory.</param>
    public static (byte Attributes, bool IsDevice) Of(int attributes, ref bool shared)
    {
        if (attributes is 0 or 1 or 8)
            shared = attributes != 8;
        return Of(attributes);
    }

    /// <summary>Without remapping and shareability.</summary>
    /// <param name="attributes">TEX:C:B.</param>
    public static (byte Attributes, bool IsDevice) Of(int attributes) => attributes switch
    {
        0 => (StronglyOrdered, true),
        1 or 8 => (Device, true),
        >= 16 => ((byte)((Policy(attributes >> 2 & 3) << 4) | Policy(attributes & 3)), false),
        2 => (Both(WriteThrough), false),
        3 => (Both(WriteBackNoAllocate), false),
        7 => (Both(WriteBack), false),
        _ => (Both(NonCacheable), false),
    };

    /// <summary>By PRRR and NMRR: SCTLR.TRE.</summary>
    /// <param name="attributes">TEX:C:B, of which TEX[2:1] are the operating system's.</param>
    /// <param name="remap">PRRR, NMRR above it.</param>
    /// <param name="shared">The S bit; what it means on return.</param>
    public static (byte Attributes, bool IsDevice) Remapped(int attributes, ulong remap, ref bool shared)
    {
        int n = attributes & 7;
        switch (remap >> (2 * n) & 3)
        {
            case 0:
                shared = true;
                return (StronglyOrdered, true);
            case 1:
                shared = (remap >> (shared ? 17 : 16) & 1) != 0;
                return (Device, true);
            default:
                shared = (remap >> (shared ? 19 : 18) & 1) != 0;
                int inner = (int)(remap >> (32 + (2 * n))) & 3, outer = (int)(remap >> (48 + (2 * n))) & 3;
                return ((byte)((Policy(outer) << 4) | Policy(inner)), false);
        }
    }

    /// <summary>Inner and outer attributes as PAR has them in the short format. Arm DDI 0487, G8.2.112 "PAR".</summary>
    /// <param name="attributes">As in MAIR.</param>
    /// <param name="isDevice">Whether memory is Device or Strongly-ordered.</param>
    /// <returns>Bits 6-2.</returns>
    public static uint OfPar(byte attributes, bool isDevice)
    {
        if (isDevice)
            return attributes == StronglyOrdered ? 1u << 4 : 3u << 4;
        return (Inner(attributes & 15) << 4) | (Outer(attributes >> 4) << 2);
    }

    private static byte Both(byte half) => (byte)((half << 4) | half);

    // regions of normal memory: non-cacheable, write-back write-allocate, write-through, write-back
    private static byte Policy(int field) => field switch { 0 => NonCacheable, 1 => WriteBack, 2 => WriteThrough, _ => WriteBackNoAllocate };

    private static uint Inner(int half) => half switch { NonCacheable => 0, WriteBack => 5, WriteThrough => 6, _ => 7 };

    private static uint Outer(int half) => half switch { NonCacheable => 0, WriteBack => 1, WriteThrough => 2, _ => 3 };
}

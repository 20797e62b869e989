using Emulation.Arm;
using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <summary>Attribution of the IoTKit: bit 28 of an address says Secure, and the security control block which Secure memory may be Non-secure callable. Arm ECM 0601256, "IDAU and memory map".</summary>
internal sealed class An505Idau(IotKitSecurity security) : IArmIdau
{
    private const int RegionBits = 28;
    private const uint Code = 1, Ram = 3, Private = 0xe;
    private const uint PrivateSize = 0x10_0000;

    /// <inheritdoc/>
    public IdauAttribution Check(uint address)
    {
        uint region = address >> RegionBits, first = region << RegionBits, last = first | ((1u << RegionBits) - 1);
        if (region >= Private)
        {
            uint end = first + PrivateSize;
            if (address < end)
                return new IdauAttribution(false, false, first, end - 1, IsExempt: region == Private);
            first = end;
        }

        bool secure = (region & 1) != 0;
        bool callable = (region == Code && security.IsCodeCallable) || (region == Ram && security.IsRamCallable);
        return new IdauAttribution(!secure, callable, first, last, (byte)region);
    }
}

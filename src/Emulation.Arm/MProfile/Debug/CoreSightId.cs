using Emulation.Core;

namespace Emulation.Arm;

/// <summary>How a debug component of Arm identifies itself: DEVARCH, DEVTYPE, PIDR0 to PIDR7 and CIDR0 to CIDR3. DDI 0403E, C1.2 and appendix A; IHI 0029.</summary>
/// <param name="Part">Revision (bits 15:12) and part number.</param>
/// <param name="Class">Component class: 1 ROM table, 9 CoreSight component, 14 generic.</param>
/// <param name="Architecture">DEVARCH; 0 for none.</param>
/// <param name="DeviceType">DEVTYPE.</param>
internal readonly record struct CoreSightId(uint Part, uint Class, uint Architecture, uint DeviceType)
{
    // JEP106: continuation 4, identity 0x3b
    private const uint Continuation = 4, IdentityLow = 0xb, IdentityHigh = 3, UsesJedec = 8;

    /// <summary>Defines the registers at the end of a component's 4 KiB.</summary>
    /// <param name="map">The component's registers.</param>
    /// <param name="name">Such as <c>DWT</c>.</param>
    public void Define(RegisterMap map, string name)
    {
        if (Class == 9)   // those of older CPUs have neither
        {
            Constant(map, 0xfbc, $"{name}_DEVARCH", Architecture);
            Constant(map, 0xfcc, $"{name}_DEVTYPE", DeviceType);
        }

        uint[] peripheral = [Part & 0xff, ((Part >> 8) & 15) | (IdentityLow << 4), (Part >> 12 << 4) | UsesJedec | IdentityHigh, 0, Continuation, 0, 0, 0];
        for (uint i = 0; i < 8; i++)
            Constant(map, 0xfd0 + (4 * (i ^ 4)), $"{name}_PIDR{i}", peripheral[i]);   // PIDR4 comes first
        uint[] component = [0x0d, Class << 4, 0x05, 0xb1];
        for (uint i = 0; i < 4; i++)
            Constant(map, 0xff0 + (4 * i), $"{name}_CIDR{i}", component[i]);
    }

    private static void Constant(RegisterMap map, ulong offset, string name, uint value)
        => map.Define(offset, name, value).Ignored(31, 0);
}

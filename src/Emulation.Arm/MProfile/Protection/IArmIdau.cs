namespace Emulation.Arm;

/// <summary>The Implementation Defined Attribution Unit of a board with TrustZone-M: what a SAU cannot make less secure. DDI 0553, "IDAUCheck".</summary>
public interface IArmIdau
{
    /// <summary>The attribution of an address. After it changed, <see cref="ArmMCpu.AttributionChanged"/> has to be called.</summary>
    /// <param name="address">The address.</param>
    IdauAttribution Check(uint address);
}

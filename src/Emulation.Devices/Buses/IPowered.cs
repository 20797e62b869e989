namespace Emulation.Devices;

/// <summary>A device of a machine whose parts stay on over a reset of the machine, and that can take their power away.</summary>
public interface IPowered
{
    /// <summary>Power was off and is on again.</summary>
    void PowerCycle();
}

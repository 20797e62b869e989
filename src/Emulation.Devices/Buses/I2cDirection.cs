namespace Emulation.Devices;

/// <summary>Who sends: the R/W bit of an address.</summary>
public enum I2cDirection
{
    /// <summary>The controller sends.</summary>
    Write = 0,

    /// <summary>The target sends.</summary>
    Read = 1,
}

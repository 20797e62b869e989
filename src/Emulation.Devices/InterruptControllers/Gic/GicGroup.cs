namespace Emulation.Devices;

/// <summary>Interrupt groups of a GICv3 with two Security states; with one, there are the first and the last. IHI 0069, 4.6.</summary>
internal enum GicGroup
{
    /// <summary>Group 0.</summary>
    Zero,

    /// <summary>Secure group 1.</summary>
    SecureOne,

    /// <summary>Non-secure group 1.</summary>
    One,
}

namespace Emulation.Devices;

/// <summary>Numbers of 64 bits that transports show in registers of 32.</summary>
internal static class VirtioHalves
{
    /// <summary>The lower (0) or upper (1) half; 0 for any other.</summary>
    public static uint Of(ulong value, uint half) => half switch
    {
        0 => (uint)value,
        1 => (uint)(value >> 32),
        _ => 0,
    };

    /// <summary>The value with its lower (0) or upper (1) half replaced.</summary>
    public static ulong With(ulong value, uint half, uint bits)
        => half == 0 ? (value & 0xffff_ffff_0000_0000) | bits : (value & 0xffff_ffff) | ((ulong)bits << 32);
}

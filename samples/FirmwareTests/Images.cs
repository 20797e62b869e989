using Emulation.Debugging;

namespace FirmwareTests;

/// <summary>The firmware under test. An image is read once and serves all boards.</summary>
internal static class Images
{
    private static readonly Lazy<FirmwareImage> s_thermometer = new(() => FirmwareImage.LoadElf(PathOf("stm32f4.elf")));
    private static readonly Lazy<FirmwareImage> s_doorBell = new(() => FirmwareImage.LoadElf(PathOf("fe310.elf")));

    public static FirmwareImage Thermometer => s_thermometer.Value;

    public static FirmwareImage DoorBell => s_doorBell.Value;

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "firmware", file);
}

namespace Emulation.Storage;

/// <summary>Cylinders, heads and sectors per track. Virtual Hard Disk Image Format Specification, appendix "CHS Calculation".</summary>
internal readonly record struct VhdGeometry(ushort Cylinders, byte Heads, byte Sectors)
{
    /// <summary>The largest; it says nothing about the size, which then is in its own field.</summary>
    public static VhdGeometry Max { get; } = new(65535, 16, 255);

    public long TotalSectors => (long)Cylinders * Heads * Sectors;

    /// <summary>The geometry of a disk, which may be a little smaller than that.</summary>
    public static VhdGeometry Of(long sectors)
    {
        sectors = Math.Min(sectors, Max.TotalSectors);
        if (sectors >= 65535L * 16 * 63)
            return new((ushort)(sectors / 255 / 16), 16, 255);
        long tracks = sectors / 17;
        long heads = Math.Max((tracks + 1023) / 1024, 4);
        if (tracks < heads * 1024 && heads <= 16)
            return new((ushort)(tracks / heads), (byte)heads, 17);
        byte perTrack = sectors / 31 < 16 * 1024 ? (byte)31 : (byte)63;
        return new((ushort)(sectors / perTrack / 16), 16, perTrack);
    }

    /// <summary>The smallest geometry that holds a disk; the largest if none does.</summary>
    public static VhdGeometry Holding(long sectors)
    {
        if (sectors > Max.TotalSectors)
            return Max;
        long asked = sectors;
        VhdGeometry geometry = Of(asked);
        while (geometry.TotalSectors < sectors)
            geometry = Of(++asked);
        return geometry;
    }
}

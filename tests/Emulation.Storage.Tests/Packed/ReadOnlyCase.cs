namespace Emulation.Storage.Tests;

/// <summary>One kind of image that is for reading only.</summary>
/// <param name="Name">For the test's name.</param>
/// <param name="Format">Our name of the format.</param>
/// <param name="Make">Makes an image of a disk.</param>
/// <param name="QemuReads">Whether Debian's qemu-img reads it: without a package for it not bzip2, and neither LZMA nor ADC.</param>
public sealed record ReadOnlyCase(string Name, string Format, Func<byte[], byte[]> Make, bool QemuReads = true)
{
    public static IEnumerable<ReadOnlyCase> All { get; } =
    [
        new("bochs", "bochs", disk => ImageWriters.Bochs(disk)),
        new("bochs 1.0, 1 MiB", "bochs", disk => ImageWriters.Bochs(disk, 1 << 20, version1: true)),
        new("bochs 2 KiB", "bochs", disk => ImageWriters.Bochs(disk, 4096)),
        new("cloop", "cloop", disk => ImageWriters.Cloop(disk)),
        new("cloop 512", "cloop", disk => ImageWriters.Cloop(disk, 512)),
        new("dmg zlib", "dmg", disk => ImageWriters.Dmg(disk, 0x8000_0005, ImageWriters.Zlib)),
        new("dmg bzip2", "dmg", disk => ImageWriters.Dmg(disk, 0x8000_0006, ImageWriters.Bzip2), QemuReads: false),
        new("dmg lzma", "dmg", disk => ImageWriters.Dmg(disk, 0x8000_0008, ImageWriters.Xz), QemuReads: false),
        new("dmg adc", "dmg", disk => ImageWriters.Dmg(disk, 0x8000_0004, ImageWriters.Adc), QemuReads: false),
    ];

    public override string ToString() => Name;

    /// <summary>A disk with holes, text and noise.</summary>
    public static byte[] Disk(int length)
    {
        var random = new Random(length);
        byte[] disk = new byte[length];
        for (int at = 0; at < length;)
        {
            int count = Math.Min(random.Next(512, 150_000) & -512, length - at);
            switch (random.Next(3))
            {
                case 0:
                    random.NextBytes(disk.AsSpan(at, count));
                    break;
                case 1:
                    for (int i = 0; i < count; i++)
                        disk[at + i] = (byte)("the quick brown fox "[i % 20] + (i >> 12));
                    break;
                default: // zeros
                    break;
            }

            at += Math.Max(count, 512);
        }

        return disk;
    }
}

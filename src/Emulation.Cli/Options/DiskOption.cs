using Emulation.Storage;

namespace Emulation.Cli.Options;

/// <summary>The value of --disk.</summary>
internal sealed record DiskOption(string File, string? ImageFormat, bool ReadOnly, bool Overlay)
{
    private const string Format = "--disk takes file=F[,format=raw|qcow|qcow2|vdi|vhd|vhdx|qed|parallels|vmdk|bochs|cloop|dmg][,bus=virtio][,readonly][,overlay]";

    public static DiskOption Parse(string text)
    {
        (string? file, string? format) = (null, null);
        (bool readOnly, bool overlay) = (false, false);
        foreach (string part in text.Split(','))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            (string key, string? value) = equals < 0 ? (part, null) : (part[..equals], part[(equals + 1)..]);
            switch (key, value)
            {
                case ("file", { Length: > 0 }): file = value; break;
                case ("readonly", null or "on"): readOnly = true; break;
                case ("readonly", "off"): readOnly = false; break;
                case ("overlay", null or "on"): overlay = true; break;
                case ("format", { Length: > 0 }) when DiskImage.Formats.Contains(value): format = value; break;
                case ("format", { Length: > 0 }):
                    throw new UsageException($"--disk: format '{value}' is not supported yet; there are {string.Join(", ", DiskImage.Formats)}");
                case ("bus", "virtio"): break;
                case ("bus", { Length: > 0 }): throw new UsageException($"--disk: bus '{value}' is not supported yet; virtio is");
                default: throw new UsageException($"--disk: '{part}' is not understood; {Format}");
            }
        }

        return file is null ? throw new UsageException($"--disk: there is no file=; {Format}") : new DiskOption(file, format, readOnly, overlay);
    }

    /// <summary>Opens the image.</summary>
    public IBlockDevice Open()
    {
        IBlockDevice disk = DiskImage.Open(File, new DiskImageOptions { Format = ImageFormat, ReadOnly = ReadOnly || Overlay });
        if (!Overlay)
            return disk;
        IBlockDevice layer = disk.Overlay();
        return ReadOnly ? layer.AsReadOnly() : layer;
    }
}

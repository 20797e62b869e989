using Emulation.Cli.Images;
using Emulation.Devices;
using Emulation.Storage;

namespace Emulation.Cli.Options;

/// <summary>The value of --disk.</summary>
internal sealed record DiskOption(string File, string? ImageFormat, bool ReadOnly, bool Overlay, string? PassphraseFile = null, bool OnPci = false,
    VirtioPciInterface PciInterface = VirtioPciInterface.Modern)
{
    /// <summary>What the value looks like.</summary>
    public static string Syntax => $"file=F[,format={string.Join('|', DiskImage.Formats)}][,bus=virtio|virtio-pci|virtio-pci-transitional|virtio-pci-legacy][,readonly][,overlay][,passphrase-file=F]";

    public static DiskOption Parse(string text)
    {
        (string? file, string? format, string? passphraseFile) = (null, null, null);
        (bool readOnly, bool overlay, bool onPci) = (false, false, false);
        VirtioPciInterface pciInterface = VirtioPciInterface.Modern;
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
                case ("passphrase-file", { Length: > 0 }): passphraseFile = value; break;
                case ("format", { Length: > 0 }) when FormatTables.Names.Contains(value): format = FormatTables.Name(value); break;
                case ("format", { Length: > 0 }):
                    throw new UsageException($"--disk: format '{value}' is not supported yet; there are {string.Join(", ", DiskImage.Formats)}");
                case ("bus", "virtio"): onPci = false; break;
                case ("bus", "virtio-pci"): (onPci, pciInterface) = (true, VirtioPciInterface.Modern); break;
                case ("bus", "virtio-pci-transitional"): (onPci, pciInterface) = (true, VirtioPciInterface.Transitional); break;
                case ("bus", "virtio-pci-legacy"): (onPci, pciInterface) = (true, VirtioPciInterface.Legacy); break;
                case ("bus", { Length: > 0 }): throw new UsageException($"--disk: bus '{value}' is not supported yet; virtio, virtio-pci, virtio-pci-transitional and virtio-pci-legacy are");
                default: throw new UsageException($"--disk: '{part}' is not understood; --disk takes {Syntax}");
            }
        }

        return file is null
            ? throw new UsageException($"--disk: there is no file=; --disk takes {Syntax}")
            : new DiskOption(file, format, readOnly, overlay, passphraseFile, onPci, pciInterface);
    }

    /// <summary>Opens the image.</summary>
    public IBlockDevice Open()
    {
        IBlockDevice disk = DiskImage.Open(File, new DiskImageOptions { Format = ImageFormat, ReadOnly = ReadOnly || Overlay, Passphrase = new Secrets([], PassphraseFile).Passphrase });
        if (!Overlay)
            return disk;
        IBlockDevice layer = disk.Overlay();
        return ReadOnly ? layer.AsReadOnly() : layer;
    }
}

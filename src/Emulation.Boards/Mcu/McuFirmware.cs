using Emulation.Boards.Loading;
using Emulation.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Emulation.Boards.Mcu;

/// <summary>The firmware of a microcontroller board: read once for a machine and its forks, put into flash at power-on and never again, for a reset keeps what the firmware wrote there.</summary>
internal sealed class McuFirmware
{
    private readonly BootLayout _layout;
    private readonly List<GuestImage> _images = [];

    private McuFirmware(BootLayout layout) => _layout = layout;

    /// <summary>The entry of the first image that has one of its own; null for raw bytes alone.</summary>
    public ulong? Entry { get; private set; }

    /// <summary>Reads what the plan names: a kernel or firmware is an ELF or Intel HEX file here, as are files without an address.</summary>
    /// <param name="context">The machine.</param>
    /// <param name="plan">The files.</param>
    /// <param name="target">What they have to be made for.</param>
    /// <param name="flash">Where the bytes of a firmware without addresses go.</param>
    /// <param name="ram">Start of memory, for messages.</param>
    /// <param name="ramSize">Bytes of it.</param>
    /// <exception cref="MachineConfigurationException">There is no firmware, or it does not fit.</exception>
    public static McuFirmware Read(MachineContext context, BootPlan plan, GuestTarget target, ulong flash, ulong ram, ulong ramSize)
    {
        IProgress<LoadProgress>? progress = context.Services.GetService<IProgress<LoadProgress>>();
        var result = new McuFirmware(new BootLayout(new MemoryPlan(ram, ramSize, context.Memory), ram, default));
        var loader = new ImageLoader(target, flash, ramSize, progress);
        if (plan.Initrd is not null || plan.CommandLine.Length > 0 || plan.DeviceTree is not null)
            throw new MachineConfigurationException($"{target.Board} runs firmware: it takes no initial RAM disk, command line or device tree");
        foreach (string path in new[] { plan.Firmware, plan.Kernel }.OfType<string>())
            result.Add(HexFirmware.TryRead(path, progress) ?? loader.ReadFirmware(path), hasEntry: true);
        foreach ((string path, ulong? address) in plan.Files)
        {
            GuestImage image = address is null ? HexFirmware.TryRead(path, progress) ?? loader.ReadAny(path, null) : loader.ReadAny(path, address);
            result.Add(image, address is null);
        }

        if (result._images.Count == 0 && !plan.StateFollows && plan.FirmwareMode != FirmwareMode.None)
            throw new MachineConfigurationException("there is nothing to run: give the firmware as an ELF or Intel HEX file, or as bytes with an address");
        return result;
    }

    /// <summary>Whether there is none: the board starts with erased flash.</summary>
    public bool IsEmpty => _images.Count == 0;

    /// <summary>Whether any byte of the firmware lies at an address.</summary>
    public bool Covers(ulong address) => _images.Exists(i => i.Segments.Any(s => address >= s.Address && address - s.Address < s.Size));

    /// <summary>Puts the firmware into flash and memory, as a programmer does: what the file has no bytes for stays as it is.</summary>
    /// <param name="machine">The machine.</param>
    public void Load(Machine machine)
    {
        foreach (ImageSegment segment in _images.SelectMany(static i => i.Segments))
        {
            if (!machine.Memory.TryLoad(segment.Address, segment.Data.Span))
                throw new MachineConfigurationException($"{segment.Data.Length} bytes at 0x{segment.Address:x} do not lie in memory");
        }
    }

    // What a file has no bytes for is not put anywhere: the start-up code clears it, at the address where the program runs and not where its bytes are stored.
    private void Add(GuestImage image, bool hasEntry)
    {
        image = image with { Segments = [.. image.Segments.Where(static s => s.Data.Length > 0).Select(static s => s with { Size = (ulong)s.Data.Length })] };
        _layout.Add(image);
        _images.Add(image);
        if (hasEntry)
            Entry ??= image.Entry;
    }
}

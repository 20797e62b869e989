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

    /// <summary>Reads the firmware of a board with an M-profile CPU, once for it and its forks, and has it put in at power-on, where its vector table is looked at.</summary>
    /// <param name="context">The machine.</param>
    /// <param name="origin">What the board shares with its forks.</param>
    /// <param name="plan">The files.</param>
    /// <param name="board">The board, for messages.</param>
    /// <param name="places">Where it goes.</param>
    /// <exception cref="MachineConfigurationException">There is no firmware, or it does not fit.</exception>
    public static void InstallArm(MachineContext context, BoardOrigin<McuFirmware> origin, BootPlan plan, string board, McuPlaces places)
    {
        McuFirmware firmware = origin.Boot ??= Read(context, plan, new GuestTarget(board, ElfMachines.Arm, 32, "Arm"), places.Firmware, places.Ram, places.RamSize);
        firmware.LoadAtPowerOn(context, machine =>
        {
            if (!plan.StateFollows)
                VectorTable.Check(machine.Memory, places.VectorTable, board, places.LinkAddress);
        });
    }

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

    private bool IsEmpty => _images.Count == 0;

    /// <summary>Whether any byte of the firmware lies at an address.</summary>
    public bool Covers(ulong address) => _images.Exists(i => i.Segments.Any(s => address >= s.Address && address - s.Address < s.Size));

    /// <summary>Has the firmware put into memory at the first reset of a machine that is no fork, after the devices' resets.</summary>
    /// <param name="context">The machine.</param>
    /// <param name="check">Looks at what was put in; null for nothing.</param>
    public void LoadAtPowerOn(MachineContext context, Action<Machine>? check = null)
    {
        bool loaded = context.IsFork;
        context.OnReset(machine =>
        {
            if (!loaded && !IsEmpty)
            {
                Load(machine);
                check?.Invoke(machine);
            }

            loaded = true;
        });
    }

    // As a programmer does: what the file has no bytes for stays as it is.
    private void Load(Machine machine)
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

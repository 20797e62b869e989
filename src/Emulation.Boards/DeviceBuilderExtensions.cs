using Emulation.Core;
using Emulation.Devices;
using Emulation.Storage;

namespace Emulation.Boards;

/// <summary>Devices that a user adds to a board which has places for them.</summary>
public static class DeviceBuilderExtensions
{
    /// <summary>Adds a disk. Forks of the machine get a view of their own of disks that can give one, such as overlays.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="disk">The medium; it stays the caller's to dispose.</param>
    /// <param name="serial">Serial number that the guest reads: at most 20 ASCII characters.</param>
    /// <param name="onPci">Whether the disk is a function on the board's PCI bus, and not in a slot of its own.</param>
    /// <param name="pciInterface">Which registers the function has there.</param>
    public static MachineBuilder AddVirtioBlock(this MachineBuilder builder, IBlockDevice disk, string serial = "", bool onPci = false,
        VirtioPciInterface pciInterface = VirtioPciInterface.Modern)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(disk);
        string name = $"disk-{Guid.NewGuid():n}";
        return builder.Configure(context =>
        {
            var device = new VirtioBlock(context.Backend(name, disk)) { Serial = serial };
            if (onPci)
                context.Require<VirtioSlots>().AddPci(device, pciInterface);
            else
                context.Require<VirtioSlots>().Add(device);
        });
    }

    /// <summary>Adds a source of random numbers: the host's in real time, a repeatable one in deterministic time.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="seed">Chooses the repeatable sequence.</param>
    public static MachineBuilder AddVirtioRng(this MachineBuilder builder, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Configure(context =>
        {
            IEntropySource source = context.Machine.TimeMode == TimeMode.Deterministic ? new SeededEntropy(seed) : new HostEntropy();
            context.Require<VirtioSlots>().Add(new VirtioRng(source));
        });
    }

    /// <summary>Connects a port to the board's next serial line.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="port">The host's end of the line. It belongs to the machine that is built next; in a fork, <see cref="Machine.CounterpartOf"/> finds the one that stands for it.</param>
    public static MachineBuilder AddConsole(this MachineBuilder builder, out SerialPort port)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var made = new SerialPort("console");
        port = made;
        return builder.Configure(context => context.Require<SerialLines>().Add(made));
    }
}

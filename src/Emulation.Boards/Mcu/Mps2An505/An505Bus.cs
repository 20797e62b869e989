using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <summary>The buses of the board. The machine's memory shows everything, as a debugger sees it; above 4 GiB it has what Secure and Non-secure, privileged and unprivileged accesses of the CPU see.</summary>
internal sealed class An505Bus
{
    public const ulong Secure = 1UL << 32;
    public const ulong NonSecure = 2UL << 32;
    public const ulong Unprivileged = 2UL << 32;

    private readonly MachineContext _context;
    private readonly IotKitSecurity _security;
    private readonly List<View> _views = [];

    public An505Bus(MachineContext context, IotKitSecurity security)
    {
        (_context, _security) = (context, security);
        foreach ((bool secure, bool privileged) in ((bool, bool)[])[(true, true), (false, true), (true, false), (false, false)])
        {
            var container = new ContainerRegion($"{(secure ? "Secure" : "Non-secure")}, {(privileged ? "privileged" : "unprivileged")}", 1UL << 32);
            var background = new Background(context.Memory);
            container.Add(0, new MmioRegion("nothing", container.Size, background) { Aligned = false, Gate = background }, priority: -1);
            context.Map((secure ? Secure : NonSecure) + (privileged ? 0 : Unprivileged), container);
            _views.Add(new View(container, secure, privileged));
        }
    }

    /// <summary>Maps a memory behind its controller, at both addresses.</summary>
    public void AddMemory(ulong address, RamBlock ram, TrustZoneMpc controller)
    {
        _context.Map(address, new RamRegion(ram));
        _context.Map(address + An505Map.SecureBit, new RamRegion(ram));
        foreach (View view in _views)
        {
            view.Region.Add(address, view.IsSecure ? controller.Secure : controller.NonSecure);
            if (view.IsSecure)
                view.Region.Add(address + An505Map.SecureBit, controller.Secure);
        }
    }

    /// <summary>Maps something that nothing protects, at one address.</summary>
    public void AddOpen(ulong address, MemoryRegion region)
    {
        _context.Map(address, region);
        foreach (View view in _views)
            view.Region.Add(address, region);
    }

    /// <summary>Maps a peripheral behind a port of a protection controller, at both addresses.</summary>
    public T Add<T>(ulong address, T device, TrustZonePpc ppc, int port)
        where T : MmioDevice
    {
        _context.AddDevice(address, device);
        _context.Map(address + An505Map.SecureBit, device.Region);
        foreach (View view in _views)
        {
            var region = new MmioRegion(device.Name, device.Region.Size, device.Region.Handler)
            {
                Sizes = device.Region.Sizes,
                Aligned = device.Region.Aligned,
                Gate = _security.Gate(ppc, port, view.IsSecure, view.IsPrivileged),
            };
            view.Region.Add(address, region);
            if (view.IsSecure)
                view.Region.Add(address + An505Map.SecureBit, region);
        }

        return device;
    }

    /// <summary>Maps a block for privileged accesses at one address; only Secure ones reach addresses with bit 28.</summary>
    public T AddPrivileged<T>(ulong address, T device)
        where T : MmioDevice
    {
        _context.AddDevice(address, device);
        foreach (View view in _views.Where(v => v.IsPrivileged && (v.IsSecure || (address & An505Map.SecureBit) == 0)))
            view.Region.Add(address, device.Region);
        return device;
    }

    private sealed record View(ContainerRegion Region, bool IsSecure, bool IsPrivileged);

    // Where a view has nothing the access fails if it is there for others; otherwise it is an access to nothing, under its own address.
    private sealed class Background(AddressSpace memory) : IMmio, IMmioGate
    {
        public GateAnswer Check(ulong offset, int size, bool write)
        {
            if (memory.TryFind(offset, out _))
                return GateAnswer.Refuse;
            BusResult result = write ? memory.Write(offset, size, 0) : memory.Read(offset, size, out _);
            return result == BusResult.Ok ? GateAnswer.Ignore : GateAnswer.Refuse;
        }

        public ulong Read(ulong offset, int size) => 0;

        public void Write(ulong offset, int size, ulong value) { }
    }
}

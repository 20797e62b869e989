using Microsoft.Extensions.DependencyInjection;

namespace Emulation.Core;

/// <summary>A machine while it is being composed: what boards and builder extensions add parts to.</summary>
/// <remarks>Composition runs once for the machine and once more for each fork, so it must create the same parts each time and take everything it varies by from options.</remarks>
public sealed class MachineContext
{
    private readonly Machine? _origin;
    private readonly List<string> _errors = [];
    private readonly List<Action> _composed = [];
    private readonly List<(IrqLine Line, string Owner)> _required = [];
    private readonly Dictionary<string, int> _ramIndex = [];
    private Exception? _cause;

    internal MachineContext(Machine machine, Machine? origin)
    {
        Machine = machine;
        _origin = origin;
    }

    /// <summary>The machine; complete, and able to run, only after composition. Devices may keep it to request a stop, a reset or power-off.</summary>
    public Machine Machine { get; }

    /// <summary>The system bus.</summary>
    public AddressSpace Memory => Machine.Memory;

    /// <summary>The machine's time.</summary>
    public VirtualClock Clock => Machine.Clock;

    /// <summary>The lock around device accesses.</summary>
    public Lock DeviceLock => Machine.DeviceLock;

    /// <summary>Where mistakes of the guest go.</summary>
    public GuestLog Log => Machine.Log;

    /// <summary>The machine's hooks, for vCPUs.</summary>
    public HookTable Hooks => Machine.Hooks;

    /// <summary>Loggers, time, meters and options.</summary>
    public IServiceProvider Services => Machine.Services;

    /// <summary>Bytes of main memory the user asked for, or null for the board's default.</summary>
    public ulong? MemorySize => Machine.Recipe.MemorySize;

    /// <summary>Whether this is a fork: its memory and device state come from the other machine, so firmware and kernel are not loaded.</summary>
    public bool IsFork => _origin is not null;

    /// <summary>The faults so far.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Records a fault; composition goes on, and <see cref="MachineBuilder.Build"/> throws in the end.</summary>
    /// <param name="message">A sentence that names the part and what is wrong.</param>
    public void Error(string message)
    {
        if (!_errors.Contains(message))
            _errors.Add(message);
    }

    /// <summary>Creates memory that is not on any bus yet.</summary>
    /// <param name="name">Unique among memories; names the snapshot section.</param>
    /// <param name="size">Bytes; a multiple of 4096.</param>
    /// <param name="background">What every byte holds at first.</param>
    public RamBlock CreateRam(string name, ulong size, byte background = 0)
    {
        RamBlock? source = _origin?.RamBlocks.FirstOrDefault(r => r.Name == name);
        if (source is not null && source.Size != size)
            throw new MachineConfigurationException($"memory '{name}' has {source.Size} bytes in the machine and {size} in its fork: composition is not repeatable");
        if (!_ramIndex.TryAdd(name, 0))
            Error($"two memories are named '{name}'");
        RamBlock ram = source?.Fork() ?? new RamBlock(name, size, background);
        Machine.AddRam(ram);
        return ram;
    }

    /// <summary>Creates memory and puts it on the system bus.</summary>
    /// <param name="name">Unique among memories; names the snapshot section.</param>
    /// <param name="address">Physical address.</param>
    /// <param name="size">Bytes; a multiple of 4096.</param>
    /// <param name="priority">Higher hides lower.</param>
    public RamBlock AddRam(string name, ulong address, ulong size, int priority = 0)
    {
        RamBlock ram = CreateRam(name, size);
        Memory.Root.Add(address, new RamRegion(ram), priority);
        return ram;
    }

    /// <summary>Creates read-only memory with content and puts it on the system bus.</summary>
    /// <param name="name">Unique among memories; names the snapshot section.</param>
    /// <param name="address">Physical address.</param>
    /// <param name="size">Bytes; a multiple of 4096.</param>
    /// <param name="content">Its first bytes; the rest is zero. Written again at each reset.</param>
    /// <param name="priority">Higher hides lower.</param>
    public RamBlock AddRom(string name, ulong address, ulong size, ReadOnlyMemory<byte> content = default, int priority = 0)
    {
        RamBlock ram = CreateRam(name, size);
        Memory.Root.Add(address, new RamRegion(ram, readOnly: true), priority);
        if ((ulong)content.Length > size)
            Error($"{content.Length} bytes do not fit in read-only memory '{name}' of {size} bytes");
        else if (!content.IsEmpty)
            OnReset(_ => ram.Write(0, content.Span));
        return ram;
    }

    /// <summary>Puts a region on the system bus.</summary>
    /// <param name="address">Physical address.</param>
    /// <param name="region">The region.</param>
    /// <param name="priority">Higher hides lower.</param>
    public void Map(ulong address, MemoryRegion region, int priority = 0) => Memory.Root.Add(address, region, priority);

    /// <summary>Creates another address space, such as I/O ports.</summary>
    /// <param name="name">Shown in messages.</param>
    /// <param name="size">Bytes from address 0.</param>
    public AddressSpace AddAddressSpace(string name, ulong size) => Machine.AddSpace(name, size);

    /// <summary>Adds a device that is not on the system bus, or that the caller maps itself.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="device">The device; the machine disposes it if it is disposable.</param>
    public T AddDevice<T>(T device)
        where T : class, IDevice
    {
        Machine.AddDevice(device);
        if (device is IInterruptSource source)
        {
            foreach (IrqLine line in source.RequiredLines)
                RequireConnected(line, device.Name);
        }

        return device;
    }

    /// <summary>Adds a device and puts its window on the system bus.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="address">Physical address of the window.</param>
    /// <param name="device">The device.</param>
    /// <param name="priority">Higher hides lower.</param>
    public T AddDevice<T>(ulong address, T device, int priority = 0)
        where T : class, IDevice, IMapped
    {
        AddDevice(device);
        Map(address, device.Region, priority);
        return device;
    }

    /// <summary>Adds a vCPU; the first one has index 0.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="cpu">The vCPU; the machine disposes it if it is disposable.</param>
    public T AddCpu<T>(T cpu)
        where T : class, IVirtualCpu
    {
        Machine.AddCpu(cpu);
        return cpu;
    }

    /// <summary>Makes deterministic time follow a clock: each instruction takes one of its cycles, also after it changes.</summary>
    /// <param name="clock">The CPU's clock. A rate that the user chose goes before it.</param>
    public void UseCpuClock(ClockSignal clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        Machine.UseCpuClock(clock);
    }

    /// <summary>Gives the machine something to dispose after its devices and vCPUs that were added before.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="part">The part.</param>
    public T Own<T>(T part)
        where T : class, IDisposable
    {
        Machine.Own(part);
        return part;
    }

    /// <summary>Takes a part of the host's side, such as a disk image or a console, into the machine.</summary>
    /// <typeparam name="T">What the device holds.</typeparam>
    /// <param name="name">Unique among backends.</param>
    /// <param name="original">The part of the machine that the user configured.</param>
    /// <returns><paramref name="original"/>, or in a fork what <see cref="IForkable.Fork"/> of the other machine's part gives. Use only the result.</returns>
    public T Backend<T>(string name, T original)
        where T : class
    {
        T part = original;
        if (_origin?.FindBackend(name) is { } source)
        {
            part = (T)source;
            if (source is IForkable forkable)
            {
                part = (T)forkable.Fork();
                Machine.Own(part);
            }
        }

        if (!Machine.AddBackend(name, original, part, _origin))
            Error($"two backends are named '{name}'");
        return part;
    }

    /// <summary>Publishes a part under its type, for later steps and for <see cref="Machine.Get{T}"/>.</summary>
    /// <typeparam name="T">The type it is found by.</typeparam>
    /// <param name="part">The part.</param>
    public void Provide<T>(T part)
        where T : class
        => Machine.AddFeature(typeof(T), part);

    /// <summary>Finds what an earlier step published.</summary>
    /// <typeparam name="T">The type it was published as.</typeparam>
    /// <exception cref="MachineConfigurationException">Nothing was: the step that asks cannot go on, and the fault is listed.</exception>
    public T Require<T>()
        where T : class
        => Machine.Find<T>() ?? throw new MachineConfigurationException($"no {typeof(T).Name} on this machine: the board has none, or is not chosen yet");

    /// <summary>Runs <paramref name="action"/> when every step has composed its parts: the time to describe the machine to the guest.</summary>
    /// <param name="action">Runs before anything is loaded.</param>
    public void OnComposed(Action action) => _composed.Add(action);

    /// <summary>Runs <paramref name="action"/> at power-on and at each reset, after all devices and vCPUs were reset: the place of loaders.</summary>
    /// <param name="action">Writes memory, sets registers. Not run for a fork, whose state is copied.</param>
    public void OnReset(Action<Machine> action) => Machine.AddResetAction(action);

    /// <summary>Reads a file that the machine cannot do without; a missing one is a fault.</summary>
    /// <param name="path">Path on the host.</param>
    /// <param name="purpose">What it is for, such as <c>kernel</c>.</param>
    /// <returns>The content, or null when it cannot be read. A fork gets what the other machine read.</returns>
    public byte[]? ReadFile(string path, string purpose)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            return Machine.Recipe.ReadFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Error($"{purpose} '{path}' cannot be read: {e.Message}");
            return null;
        }
    }

    /// <summary>Makes it a fault when nothing listens to <paramref name="line"/> in the end.</summary>
    /// <param name="line">The line.</param>
    /// <param name="owner">Name of its device.</param>
    public void RequireConnected(IrqLine line, string owner) => _required.Add((line, owner));

    /// <summary>Runs all steps; a step that throws is a fault and the next goes on.</summary>
    internal void Compose(IEnumerable<Action<MachineContext>> steps)
    {
        foreach (Action<MachineContext> step in steps)
            Attempt(() => step(this));
        foreach (Action action in _composed)
            Attempt(action);
        foreach (string error in MachineValidator.Check(Machine, _required))
            Error(error);
    }

    internal void ThrowIfInvalid()
    {
        if (_errors.Count > 0)
            throw new MachineConfigurationException(Machine.Name, [.. _errors], _cause);
    }

    internal void AddPart(object handle, object part) => Machine.AddPart(handle, part);

    private void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (MachineConfigurationException e)
        {
            foreach (string error in e.Errors)
                Error(error);
        }
#pragma warning disable CA1031 // whatever a part throws is a fault of the configuration; the first cause is kept
        catch (Exception e) when (e is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            _cause ??= e;
            Error(e.Message);
        }
    }
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Emulation.Core;

/// <summary>A whole computer: address spaces, vCPUs, devices, memory and time. Built by <see cref="MachineBuilder"/>.</summary>
/// <remarks>
/// A machine is an ordinary object and many live in one process. The thread that calls <see cref="Run(ulong?, CancellationToken)"/> executes it,
/// unless <see cref="Start"/> gave it a thread of its own. While it runs, other threads may only call <see cref="RequestStop"/>,
/// <see cref="RequestPowerOff"/>, <see cref="RequestReset"/>, <see cref="Post"/> and <see cref="RunExclusive"/>, or touch devices under
/// <see cref="DeviceLock"/>; anything else throws <see cref="InvalidOperationException"/>.
/// </remarks>
public sealed partial class Machine : IDisposable, IAsyncDisposable
{
    private readonly List<AddressSpace> _spaces = [];
    private readonly List<IVirtualCpu> _cpus = [];
    private readonly List<IDevice> _devices = [];
    private readonly List<RamBlock> _ram = [];
    private readonly List<Action<Machine>> _onReset = [];
    private readonly List<object> _owned = [];
    private readonly Dictionary<Type, object> _features = [];
    private readonly MachineRecipe _recipe;
    private readonly ServiceProvider _services;
    private Scheduler? _scheduler;

    internal Machine(MachineRecipe recipe, ServiceProvider services)
    {
        _recipe = recipe;
        _services = services;
        Name = recipe.Name;
        TimeMode = recipe.TimeMode;
        ResetPolicy = recipe.ResetPolicy;
        Log = new GuestLog(services.GetService<ILoggerFactory>()?.CreateLogger("Emulation." + recipe.Name));
        Meters = new MachineMeters(services.GetService<IMeterFactory>(), recipe.Name);
        Memory = AddSpace("system");
        Clock.RunAway += timer => Log.Error(timer.Name, $"expires over and over at {Clock.Now} ns without time moving; it was disarmed");
    }

    /// <summary>Shown in messages and meters.</summary>
    public string Name { get; }

    /// <summary>What drives <see cref="Clock"/>.</summary>
    public TimeMode TimeMode { get; }

    /// <summary>How fast deterministic time passes at present.</summary>
    public InstructionRate Rate => CpuClock is { IsRunning: true } clock ? InstructionRate.Of(clock.Frequency) : _recipe.Rate;

    /// <summary>The clock whose cycles are the CPUs' instructions; null when deterministic time passes at a rate that never changes.</summary>
    public ClockSignal? CpuClock { get; private set; }

    /// <summary>What a guest's request for a reset does.</summary>
    public ResetPolicy ResetPolicy { get; set; }

    /// <summary>The system bus.</summary>
    public AddressSpace Memory { get; }

    /// <summary>All address spaces, <see cref="Memory"/> first.</summary>
    public IReadOnlyList<AddressSpace> AddressSpaces => _spaces;

    /// <summary>The vCPUs in order of their index.</summary>
    public IReadOnlyList<IVirtualCpu> Cpus => _cpus;

    /// <summary>The devices in the order in which the board added them.</summary>
    public IReadOnlyList<IDevice> Devices => _devices;

    /// <summary>Every block of memory.</summary>
    public IReadOnlyList<RamBlock> RamBlocks => _ram;

    /// <summary>The machine's time.</summary>
    public VirtualClock Clock { get; } = new();

    /// <summary>Serialises device accesses of vCPUs, timers and host input.</summary>
    public Lock DeviceLock { get; } = new();

    /// <summary>Where mistakes of the guest go.</summary>
    public GuestLog Log { get; }

    /// <summary>Hooks on code and memory, shared by all vCPUs.</summary>
    public HookTable Hooks { get; } = new();

    /// <summary>Loggers, time, meters and options.</summary>
    public IServiceProvider Services => _services;

    /// <summary>Instructions executed by all vCPUs since power-on.</summary>
    public ulong InstructionCount
    {
        get
        {
            ulong sum = 0;
            foreach (IVirtualCpu cpu in _cpus)
                sum += cpu.InstructionCount;
            return sum;
        }
    }

    internal RunControl Control { get; } = new();

    internal MachineMeters Meters { get; }

    internal MachineRecipe Recipe => _recipe;

    internal Scheduler Scheduler => _scheduler ?? throw new InvalidOperationException($"machine '{Name}' is not complete yet");

    /// <summary>Finds a part that the board published by its type: the typed board itself, a bus, a set of slots.</summary>
    /// <typeparam name="T">The type it was published as.</typeparam>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public T Get<T>()
        where T : class
        => Find<T>() ?? throw new InvalidOperationException($"machine '{Name}' has no {typeof(T).Name}");

    /// <summary>Finds a part that the board published by its type, or null.</summary>
    /// <typeparam name="T">The type it was published as.</typeparam>
    public T? Find<T>()
        where T : class
        => _features.TryGetValue(typeof(T), out object? feature) ? (T)feature : null;

    /// <summary>Finds a device by name.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">Its name.</param>
    /// <exception cref="InvalidOperationException">There is none of this name and type.</exception>
    public T Device<T>(string name)
        where T : class, IDevice
        => _devices.Find(d => d.Name == name) as T ?? throw new InvalidOperationException($"machine '{Name}' has no {typeof(T).Name} named '{name}'");

    /// <summary>Brings every device and vCPU to its state after power-on and loads firmware or kernel again. Memory that nothing loads is kept; time goes on.</summary>
    public void Reset()
    {
        Enter(StateBusy, nameof(Reset));
        try
        {
            ResetCore();
            _unusable = null;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Stops the machine if it runs and frees its memory. Parts the user passed in, such as disk images, stay open.</summary>
    public void Dispose()
    {
        StopForDispose();
        if (Interlocked.Exchange(ref _state, StateDisposed) == StateDisposed)
            return;
        foreach (object part in _owned)
            (part as IDisposable)?.Dispose();
        foreach (RamBlock ram in _ram)
            ram.Dispose();
        _services.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        if (_completion is { } running)
        {
            RequestStop();
            try
            {
                await running.ConfigureAwait(false);
            }
#pragma warning disable CA1031 // whoever awaits the run sees it
            catch (Exception)
#pragma warning restore CA1031
            {
            }
        }

        Dispose();
    }

    internal void ResetCore()
        => Scheduler.Rebase(() =>
        {
            lock (DeviceLock)
            {
                foreach (IDevice device in _devices)
                    device.Reset();
                foreach (IVirtualCpu cpu in _cpus)
                    cpu.Reset();
                foreach (Action<Machine> action in _onReset)
                    action(this);
            }
        });

    internal AddressSpace AddSpace(string name, ulong size = ulong.MaxValue)
    {
        var space = new AddressSpace(name, Log, DeviceLock, size) { Unmapped = _recipe.Unmapped };
        space.UnmappedAccess += OnUnmapped;
        space.AfterDeviceAccess = OnDeviceAccess;
        space.EnterContended = () =>
        {
            if (_scheduler is { } scheduler)
                scheduler.EnterContendedDeviceLock();
            else
                DeviceLock.Enter();
        };
        _spaces.Add(space);
        return space;
    }

    internal void AddCpu(IVirtualCpu cpu)
    {
        _cpus.Add(cpu);
        Own(cpu);
    }

    internal void AddDevice(IDevice device)
    {
        _devices.Add(device);
        Own(device);
    }

    internal void AddRam(RamBlock ram) => _ram.Add(ram);

    internal void AddResetAction(Action<Machine> action) => _onReset.Add(action);

    internal void AddFeature(Type type, object feature) => _features[type] = feature;

    internal void UseCpuClock(ClockSignal clock)
    {
        if (_recipe.HasChosenRate)
            return;
        CpuClock = clock;
        clock.Changed += () =>
        {
            if (clock.IsRunning)
                _scheduler?.ChangeRate(Rate);
            else
                Log.Error(clock.Name, "the CPU's clock was stopped; time passes on as before");
        };
    }

    internal void Own(object part) => _owned.Add(part);

    /// <summary>Composition is over: vCPUs can be scheduled.</summary>
    internal void Seal()
    {
        _scheduler = TimeMode == TimeMode.Deterministic
            ? new DeterministicScheduler(this, Rate, _recipe.Quantum)
            : new RealTimeScheduler(this, Rate, _services.GetService<TimeProvider>() ?? TimeProvider.System);
        Clock.SetSource(() => _scheduler.Now);
        Clock.DeadlineMoved += _scheduler.OnDeadlineMoved;
        Hooks.StopAsked += OnHookStop;
        for (int i = 0; i < _cpus.Count; i++)
        {
            int index = i;
            _cpus[i].Woken += () => _scheduler.OnWoken(index);
        }

        if (TimeMode == TimeMode.RealTime && _cpus.Count > 1)
        {
            foreach (RamBlock ram in _ram)
                ram.Exclusive = _scheduler.RunExclusive;
        }
    }
}

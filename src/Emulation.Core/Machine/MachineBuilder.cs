using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Emulation.Core;

/// <summary>Describes a machine, then builds it. Board packages add their own verbs as extension methods on <see cref="UseBoard{TBoard}"/> and <see cref="Configure"/>.</summary>
/// <remarks>
/// Nothing is created before <see cref="Build"/>, which checks everything and throws one <see cref="MachineConfigurationException"/> with all faults.
/// The description is kept as a recipe: <see cref="Machine.Fork"/> follows it again. Board steps run first, then all others in the order they were added.
/// </remarks>
public sealed class MachineBuilder
{
    private readonly List<Action<MachineContext>> _boards = [];
    private readonly List<Action<MachineContext>> _steps = [];
    private string? _name;
    private TimeMode _timeMode;
    private InstructionRate? _rate;
    private long _quantum = 10_000;
    private ResetPolicy _resetPolicy = ResetPolicy.Restart;
    private UnmappedPolicy _unmapped;
    private ulong? _memorySize;

    /// <summary>Creates an empty description: deterministic time, one instruction per nanosecond.</summary>
    public MachineBuilder()
    {
        Services.AddLogging();
        Services.AddMetrics();
        Services.TryAddSingleton(TimeProvider.System);
    }

    /// <summary>Loggers, the host's time, meters and typed options. What is added here last wins.</summary>
    /// <remarks>Each machine and each fork has a provider of its own; instances added here are shared by them and not disposed.</remarks>
    public IServiceCollection Services { get; } = new ServiceCollection();

    /// <summary>Names the machine; the default is "machine".</summary>
    /// <param name="name">Shown in messages and meters.</param>
    public MachineBuilder WithName(string name) => Set(() => _name = name);

    /// <summary>Chooses what drives the clock.</summary>
    /// <param name="mode">The default is deterministic.</param>
    public MachineBuilder WithTime(TimeMode mode) => Set(() => _timeMode = mode);

    /// <summary>Chooses how fast deterministic time passes.</summary>
    /// <param name="rate">The default is one instruction per nanosecond.</param>
    public MachineBuilder WithInstructionRate(InstructionRate rate) => Set(() => _rate = rate);

    /// <summary>Chooses how long each vCPU executes before the next one, in deterministic time.</summary>
    /// <param name="time">Virtual time; the default is 10 microseconds. At least ten instructions are always done.</param>
    public MachineBuilder WithQuantum(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
        return Set(() => _quantum = checked(time.Ticks * 100));
    }

    /// <summary>Chooses what a guest's request for a reset does.</summary>
    /// <param name="policy">The default restarts the guest.</param>
    public MachineBuilder OnGuestReset(ResetPolicy policy) => Set(() => _resetPolicy = policy);

    /// <summary>Chooses what an access to an address without a device does.</summary>
    /// <param name="policy">The default lets the guest's CPU fault.</param>
    public MachineBuilder OnUnmapped(UnmappedPolicy policy) => Set(() => _unmapped = policy);

    /// <summary>Chooses the size of the board's main memory.</summary>
    /// <param name="bytes">Bytes; the board checks what it can have.</param>
    public MachineBuilder WithMemory(ulong bytes) => Set(() => _memorySize = bytes);

    /// <summary>Chooses the board.</summary>
    /// <typeparam name="TBoard">Its type, by which <see cref="Machine.Get{T}"/> finds it.</typeparam>
    /// <param name="create">Makes a configured board; called once per machine.</param>
    public MachineBuilder UseBoard<TBoard>(Func<TBoard> create)
        where TBoard : class, IBoard
    {
        ArgumentNullException.ThrowIfNull(create);
        _boards.Add(context =>
        {
            if (context.Machine.Find<IBoard>() is { } other)
                throw new MachineConfigurationException($"a machine has one board; '{other.Name}' is chosen already");
            TBoard board = create();
            context.Provide<IBoard>(board);
            context.Provide(board);
            board.Compose(context);
        });
        return this;
    }

    /// <summary>Adds a step of composition. It runs after the board's, once per machine and once per fork, and must do the same each time.</summary>
    /// <param name="step">Adds parts to the machine.</param>
    public MachineBuilder Configure(Action<MachineContext> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        _steps.Add(step);
        return this;
    }

    /// <summary>Adds memory to the system bus.</summary>
    /// <param name="address">Physical address.</param>
    /// <param name="size">Bytes; a multiple of 4096.</param>
    /// <param name="name">Unique among memories; the default is made from the address.</param>
    public MachineBuilder AddRam(ulong address, ulong size, string? name = null)
        => Configure(context => context.AddRam(name ?? $"ram@{address:x}", address, size));

    /// <summary>Adds read-only memory to the system bus.</summary>
    /// <param name="address">Physical address.</param>
    /// <param name="content">Its bytes; the size is this rounded up to 4096.</param>
    /// <param name="name">Unique among memories; the default is made from the address.</param>
    public MachineBuilder AddRom(ulong address, ReadOnlyMemory<byte> content, string? name = null)
        => Configure(context => context.AddRom(name ?? $"rom@{address:x}", address, Math.Max(1, ((ulong)content.Length + 4095) / 4096) * 4096, content));

    /// <summary>Copies bytes into memory at power-on and at each reset.</summary>
    /// <param name="address">Physical address.</param>
    /// <param name="content">The bytes.</param>
    public MachineBuilder Load(ulong address, ReadOnlyMemory<byte> content)
        => Configure(context => context.OnReset(machine =>
        {
            if (!machine.Memory.TryLoad(address, content.Span))
                throw new MachineConfigurationException($"{content.Length} bytes at 0x{address:x} do not lie in memory");
        }));

    /// <summary>Adds a device to the system bus.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="address">Physical address of its window.</param>
    /// <param name="create">Creates and connects it; called once per machine.</param>
    public MachineBuilder Add<T>(ulong address, Func<MachineContext, T> create)
        where T : class, IDevice, IMapped
        => Add(address, create, out _);

    /// <summary>Adds a device to the system bus.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="address">Physical address of its window.</param>
    /// <param name="create">Creates and connects it; called once per machine.</param>
    /// <param name="handle">Finds the device in the machine and in its forks.</param>
    public MachineBuilder Add<T>(ulong address, Func<MachineContext, T> create, out DeviceHandle<T> handle)
        where T : class, IDevice, IMapped
    {
        ArgumentNullException.ThrowIfNull(create);
        var made = new DeviceHandle<T>();
        handle = made;
        return Configure(context =>
        {
            T device = create(context);
            context.AddDevice(address, device);
            context.AddPart(made, device);
        });
    }

    /// <summary>Adds a vCPU.</summary>
    /// <param name="create">Creates it; called once per machine.</param>
    public MachineBuilder AddCpu(Func<MachineContext, IVirtualCpu> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return Configure(context => context.AddCpu(create(context)));
    }

    /// <summary>Builds the machine and brings it to its state at power-on.</summary>
    /// <exception cref="MachineConfigurationException">The description has faults; all are listed.</exception>
    public Machine Build()
    {
        var recipe = new MachineRecipe
        {
            Name = _name ?? "machine",
            TimeMode = _timeMode,
            Rate = _rate ?? InstructionRate.Default,
            HasChosenRate = _rate is not null,
            Quantum = _quantum,
            ResetPolicy = _resetPolicy,
            Unmapped = _unmapped,
            MemorySize = _memorySize,
            Steps = [.. _boards, .. _steps],
            Services = [.. Services],
        };
        return recipe.Build(null);
    }

    private MachineBuilder Set(Action change)
    {
        change();
        return this;
    }
}

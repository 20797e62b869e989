using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// Generic Interrupt Controller, version 3: distributor, redistributors and CPU interfaces, with affinity routing always on. Arm IHI 0069.
/// Ports: a window for the distributor and one for the redistributors; system registers; in IRQ per SPI, and per CPU and PPI; out "nIRQ", "nFIQ" and
/// the virtual interface's "vIRQ", "vFIQ" and "maintenance" of each CPU.
/// </summary>
/// <remarks>
/// An SPI that any CPU may take (GICD_IROUTER.Interrupt_Routing_Mode) goes to the first that can: one that runs no interrupt, if there is one. Priorities have five bits. Wakeup and the bypass signals are not modelled.
/// </remarks>
public sealed partial class GicV3 : IDevice, IInterruptSource
{
    /// <summary>Bytes of the distributor's window.</summary>
    public const ulong DistributorSize = 0x1_0000;

    /// <summary>Bytes that the redistributor of one CPU takes.</summary>
    public const ulong RedistributorSize = 0x2_0000;

    internal const int FirstLpi = 8192;
    internal const int LpiEnd = 0x1_0000;

    private const int NoInterrupt = 1023;
    private const int LinesPerCpu = 5;
    private const int Nobody = -1;
    private const int Anybody = -2;
    private const ulong RouteToAny = 1UL << 31;

    private static readonly Func<bool> s_never = static () => false;
    private readonly GuestLog _log;
    private readonly GuestMemory? _memory;
    private readonly GicInterrupts _interrupts;
    private readonly Redistributor[] _redistributors;
    private readonly CpuInterface[] _cpus;
    private readonly ulong[] _routes;
    private readonly int[] _targets;
    private readonly Func<int, int, uint, uint> _eligible;
    private readonly IrqLine[] _lines;
    private uint _control;
    private bool _updating;

    /// <summary>Creates the controller.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="memory">Where the tables of LPIs are; may be null without LPIs.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="options">How it is built.</param>
    public GicV3(string name, AddressSpace? memory, GuestLog log, GicV3Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Cpus, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Cpus, 512, nameof(options));
        if (options.Spis is < 0 or > 960 || options.Spis % 32 != 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.Spis, "a GIC has 0 to 960 SPIs in groups of 32");
        if (options.Lpis && memory is null)
            throw new ArgumentNullException(nameof(memory), "LPIs have their tables in memory");
        Name = name;
        _log = log;
        _memory = memory is null ? null : new GuestMemory(memory);
        Options = options;
        _interrupts = new GicInterrupts(options.Cpus, options.Spis);
        _routes = new ulong[options.Spis];
        _targets = new int[options.Spis];
        _eligible = Eligible;
        _cpus = new CpuInterface[options.Cpus];
        _redistributors = new Redistributor[options.Cpus];
        _lines = new IrqLine[LinesPerCpu * options.Cpus];
        ReadOnlySpan<string> names = ["nIRQ", "nFIQ", "vIRQ", "vFIQ", "maintenance"];
        for (int i = 0; i < _cpus.Length; i++)
        {
            _cpus[i] = new CpuInterface();
            _redistributors[i] = new Redistributor(this, i);
            for (int j = 0; j < LinesPerCpu; j++)
                _lines[(LinesPerCpu * i) + j] = new IrqLine($"{name}.{names[j]}{i}");
        }

        ResetState();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int StateVersion => 2;

    /// <summary>How it is built.</summary>
    public GicV3Options Options { get; }

    /// <inheritdoc/>
    IReadOnlyList<IrqLine> IInterruptSource.RequiredLines => [.. Enumerable.Range(0, _cpus.Length).SelectMany(i => new[] { Irq(i), Fiq(i) })];

    private bool TwoStates => Options.Security && (_control & ControlDisableSecurity) == 0;

    /// <summary>The interrupt request to a CPU.</summary>
    /// <param name="cpu">Its number.</param>
    public IrqLine Irq(int cpu) => _lines[LinesPerCpu * cpu];

    /// <summary>The fast interrupt request to a CPU.</summary>
    /// <param name="cpu">Its number.</param>
    public IrqLine Fiq(int cpu) => _lines[(LinesPerCpu * cpu) + 1];

    /// <summary>The virtual interrupt request to a CPU.</summary>
    /// <param name="cpu">Its number.</param>
    public IrqLine VirtualIrq(int cpu) => _lines[(LinesPerCpu * cpu) + 2];

    /// <summary>The virtual fast interrupt request to a CPU.</summary>
    /// <param name="cpu">Its number.</param>
    public IrqLine VirtualFiq(int cpu) => _lines[(LinesPerCpu * cpu) + 3];

    /// <summary>The maintenance interrupt of a CPU's virtual interface; boards connect it to a private interrupt, usually PPI 9.</summary>
    /// <param name="cpu">Its number.</param>
    public IrqLine Maintenance(int cpu) => _lines[(LinesPerCpu * cpu) + 4];

    /// <summary>The input of a shared interrupt, for <see cref="IrqLine.Connect"/>.</summary>
    /// <param name="spi">Number from 0; the interrupt ID is 32 more.</param>
    public Action<bool> Input(int spi)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(spi);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(spi, Options.Spis);
        return level => Drive(0, 32 + spi, level);
    }

    /// <summary>The input of a CPU's private interrupt, for <see cref="IrqLine.Connect"/>.</summary>
    /// <param name="cpu">Its number.</param>
    /// <param name="ppi">Number from 0 to 15; the interrupt ID is 16 more.</param>
    public Action<bool> PrivateInput(int cpu, int ppi)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)cpu, (uint)_cpus.Length - 1, nameof(cpu));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)ppi, 15u, nameof(ppi));
        return level => Drive(cpu, 16 + ppi, level);
    }

    /// <summary>The distributor, to put into an address space.</summary>
    /// <param name="isSecure">Asked at each access whether it is secure; null for never. With one Security state it makes no difference.</param>
    public MmioRegion CreateDistributorRegion(Func<bool>? isSecure = null)
        => new($"{Name}.distributor", DistributorSize, new DistributorWindow(this, isSecure ?? s_never));

    /// <summary>The redistributors of all CPUs, one behind the other, to put into an address space.</summary>
    /// <param name="isSecure">Asked at each access whether it is secure; null for never. With one Security state it makes no difference.</param>
    public MmioRegion CreateRedistributorRegion(Func<bool>? isSecure = null)
        => new($"{Name}.redistributors", RedistributorSize * (ulong)_cpus.Length, new RedistributorWindow(this, isSecure ?? s_never));

    /// <summary>Tells in which state a CPU runs: with two Security states it decides whether a group 1 interrupt is an IRQ or a FIQ.</summary>
    /// <param name="cpu">Its number.</param>
    /// <param name="level">Exception level.</param>
    /// <param name="secure">Whether it is in Secure state.</param>
    public void SetCpuState(int cpu, int level, bool secure)
    {
        CpuInterface state = _cpus[cpu];
        if (state.InMonitor == (level == 3) && state.InSecure == secure)
            return;
        (state.InMonitor, state.InSecure) = (level == 3, secure);
        Update();
    }

    /// <inheritdoc/>
    public void Reset()
    {
        ResetState();
        Update();
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(_control);
        _interrupts.Save(writer);
        writer.Write(_routes.AsSpan());
        foreach (Redistributor part in _redistributors)
            part.Save(writer);
        foreach (CpuInterface cpu in _cpus)
            cpu.Save(writer);
        foreach (IrqLine line in _lines)
            writer.Write(line.Level);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _control = reader.ReadUInt32() & (ControlEnables | ControlDisableSecurity);
        if (!Options.Security)
            _control &= ~(ControlDisableSecurity | ControlEnableSecure1);
        _interrupts.Load(reader);
        reader.Read(_routes.AsSpan());
        for (int i = 0; i < _routes.Length; i++)
            SetRoute(i, _routes[i]);
        foreach (Redistributor part in _redistributors)
            part.Load(reader);
        foreach (CpuInterface cpu in _cpus)
            cpu.Load(reader);
        foreach (IrqLine line in _lines)
            line.Restore(reader.ReadBoolean());
    }

    private void ResetState()
    {
        _control = 0;
        _interrupts.Reset(Options.ResetToGroup1, enabledSgis: false);
        for (int i = 0; i < _routes.Length; i++)
            SetRoute(i, 0);
        foreach (Redistributor part in _redistributors)
            part.Reset();
        foreach (CpuInterface cpu in _cpus)
            cpu.Reset();
    }

    private void SetRoute(int spi, ulong value)
    {
        _routes[spi] = value & (0xff_00ff_ffff | RouteToAny);
        _targets[spi] = (value & RouteToAny) != 0 ? Anybody : FindCpu((uint)(value & 0xff_ffff) | (uint)(value >> 32 & 0xff) << 24);
    }

    /// <summary>The CPU of an affinity, or <see cref="Nobody"/>.</summary>
    private int FindCpu(uint affinity)
    {
        for (int cpu = 0; cpu < _cpus.Length; cpu++)
        {
            if (Options.Affinity(cpu) == affinity)
                return cpu;
        }

        return Nobody;
    }

    private void Drive(int cpu, int interrupt, bool level)
    {
        _interrupts.Drive(cpu, interrupt, level);
        Update();
    }

    /// <summary>Drives the outputs. A listener may change the controller's state again; then that call leaves the work to this one.</summary>
    private void Update()
    {
        if (_updating)
            return;
        _updating = true;
        for (int cpu = 0; cpu < _cpus.Length; cpu++)
        {
            int best = FindBest(cpu, out int priority, out GicGroup group);
            bool signal = best != NoInterrupt && Signals(_cpus[cpu], group, priority);
            bool fiq = signal && IsFiq(_cpus[cpu], group);
            Irq(cpu).Set(signal && !fiq);
            Fiq(cpu).Set(fiq);
            UpdateVirtual(cpu);
        }

        _updating = false;
    }

    // IHI 0069, table 4-3
    private bool IsFiq(CpuInterface cpu, GicGroup group) => group switch
    {
        GicGroup.Zero => true,
        GicGroup.SecureOne => cpu.InMonitor || !cpu.InSecure,
        _ => TwoStates && (cpu.InMonitor || cpu.InSecure),
    };

    private GicGroup GroupOf(int cpu, int interrupt)
    {
        if (interrupt >= FirstLpi || _interrupts.Test(_interrupts.Group, cpu, interrupt))
            return GicGroup.One;
        return TwoStates && _interrupts.Test(_interrupts.Modifier, cpu, interrupt) ? GicGroup.SecureOne : GicGroup.Zero;
    }

    /// <summary>The interrupt that an acknowledge would look at, whatever the CPU interface's priorities say; <see cref="NoInterrupt"/> for none.</summary>
    private int FindBest(int cpu, out int priority, out GicGroup group)
    {
        priority = GicPriority.Idle;
        group = GicGroup.One;
        int best = NoInterrupt;
        if ((_control & ControlEnables) == 0)
            return best;
        if (!_redistributors[cpu].Asleep)
            _interrupts.FindBest(cpu, 0, _interrupts.Words, _eligible, ref priority, ref best);
        if (_redistributors[cpu].BestLpiPriority < priority && (Forwarded(cpu) & GroupBit(GicGroup.One)) != 0)
            (best, priority) = (_redistributors[cpu].BestLpi, _redistributors[cpu].BestLpiPriority);
        if (best != NoInterrupt)
            group = GroupOf(cpu, best);
        return best;
    }

    private static uint GroupBit(GicGroup group) => 1u << (int)group;

    /// <summary>Groups that both the distributor and the CPU interface have enabled.</summary>
    private uint Forwarded(int cpu)
    {
        CpuInterface state = _cpus[cpu];
        uint result = 0;
        if ((_control & ControlEnable0) != 0 && state.Enable0)
            result |= GroupBit(GicGroup.Zero);
        if ((_control & ControlEnable1) != 0 && state.NonSecure.Enable1)
            result |= GroupBit(GicGroup.One);
        if (TwoStates && (_control & ControlEnableSecure1) != 0 && state.Secure.Enable1)
            result |= GroupBit(GicGroup.SecureOne);
        return result;
    }

    private uint Eligible(int cpu, int word, uint pending)
    {
        int index = _interrupts.Index(cpu, word);
        uint forwarded = Forwarded(cpu);
        uint one = _interrupts.Group[index];
        uint secureOne = TwoStates ? _interrupts.Modifier[index] & ~one : 0;
        uint allowed = ((forwarded & GroupBit(GicGroup.One)) != 0 ? one : 0)
            | ((forwarded & GroupBit(GicGroup.SecureOne)) != 0 ? secureOne : 0)
            | ((forwarded & GroupBit(GicGroup.Zero)) != 0 ? ~(one | secureOne) : 0);
        pending &= allowed;
        if (word == 0)
            return pending;
        uint mine = 0;
        for (uint left = pending; left != 0; left &= left - 1)
        {
            int bit = System.Numerics.BitOperations.TrailingZeroCount(left);
            int target = _targets[(32 * (word - 1)) + bit];
            if (target == cpu || (target == Anybody && FindTaker((32 * word) + bit) == cpu))
                mine |= 1u << bit;
        }

        return mine;
    }

    // 4.7.1 "Affinity routing", 1 of N: who takes part is awake, has the group enabled and does not deny it
    private int FindTaker(int interrupt)
    {
        uint group = GroupBit(GroupOf(0, interrupt));
        int first = Nobody;
        for (int cpu = 0; cpu < _cpus.Length; cpu++)
        {
            if (_redistributors[cpu].Asleep || (Forwarded(cpu) & ~_redistributors[cpu].DeniedGroups & group) == 0)
                continue;
            if (RunningPriority(_cpus[cpu]) == GicPriority.Idle)
                return cpu;
            if (first == Nobody)
                first = cpu;
        }

        return first;
    }
}

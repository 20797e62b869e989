using Emulation.Core;
using Emulation.Cpu;
using Emulation.Debugging;

namespace Emulation.Testing;

/// <summary>A board with firmware, for tests. Boards derive from it and add their typed parts.</summary>
/// <remarks>
/// Its verbs run the machine on the caller's thread, in deterministic virtual time, and stop it at the exact instruction. A board belongs to one test at a time;
/// only copies of it may be made on several threads at once.
/// </remarks>
public abstract partial class VirtualBoard : IDisposable
{
    private readonly FirmwareOptions _options;
    private readonly List<TestUart> _uarts = [];

    // those of the board that this one is a copy of
    private readonly List<TestUart>? _copied;
    private readonly List<string> _guestErrors = [];
    private readonly Lock _forking = new();
    private CoverageRecorder? _coverage;
    private FaultInjector? _faults;
    private TraceHasher? _traceHash;

    /// <summary>Makes a board and brings it to power-on.</summary>
    /// <param name="recipe">What the kit has to know of it.</param>
    /// <param name="firmware">Says what it runs.</param>
    /// <exception cref="FirmwareFormatException">A file cannot be used.</exception>
    /// <exception cref="MachineConfigurationException">The firmware does not fit the board; the message says why and what to do.</exception>
    protected VirtualBoard(BoardRecipe recipe, Action<FirmwareOptions> firmware)
        : this(_ => recipe, firmware)
    {
    }

    /// <summary>Makes a board that depends on its firmware, and brings it to power-on.</summary>
    /// <param name="recipe">What the kit has to know of it.</param>
    /// <param name="firmware">Says what it runs.</param>
    /// <exception cref="FirmwareFormatException">A file cannot be used.</exception>
    /// <exception cref="MachineConfigurationException">The firmware does not fit the board; the message says why and what to do.</exception>
    protected VirtualBoard(Func<FirmwareOptions, BoardRecipe> recipe, Action<FirmwareOptions> firmware)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(firmware);
        _options = new FirmwareOptions();
        firmware(_options);
        Recipe = recipe(_options);
        Machine = Build(Recipe, _options);
        Attach();
    }

    /// <summary>Makes a board in the present state of another.</summary>
    /// <param name="origin">The other; it does not run meanwhile. Several threads may copy it at once.</param>
    protected VirtualBoard(VirtualBoard origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        Recipe = origin.Recipe;
        _options = origin._options;
        _copied = origin._uarts;
        lock (origin._forking)
            Machine = origin.Machine.Fork();
        Attach();
        IsPowered = origin.IsPowered;
    }

    /// <summary>The machine behind the board.</summary>
    public Machine Machine { get; }

    /// <summary>The firmware: its symbols, lines and functions.</summary>
    public FirmwareImage Firmware => _options.Images[0];

    /// <summary>What the kit knows of the board.</summary>
    public BoardRecipe Recipe { get; }

    /// <summary>Virtual time since power-on; 100 ns is the finest.</summary>
    public TimeSpan Time => TimeSpan.FromTicks(Machine.Clock.Now / 100);

    /// <summary>Virtual nanoseconds since power-on.</summary>
    public long Nanoseconds => Machine.Clock.Now;

    /// <summary>The first CPU.</summary>
    public VirtualCpu Cpu => (VirtualCpu)Machine.Cpus[0];

    /// <summary>The serial ports.</summary>
    public IReadOnlyList<TestUart> Uarts => _uarts;

    /// <summary>The last accesses to devices; null when they are not remembered.</summary>
    public MmioLog? Mmio { get; private set; }

    /// <summary>The last transfers on the board's buses and lines of its serial ports; null when they are not remembered. <see cref="RecordTranscript"/> keeps all.</summary>
    public BusTranscript? Transcript { get; private set; }

    /// <summary>The last instructions; null when they are not remembered.</summary>
    public InstructionTrace? Instructions { get; private set; }

    /// <summary>What the firmware did wrong, as devices and buses say: each different mistake once.</summary>
    public IReadOnlyList<string> GuestErrors => _guestErrors;

    /// <summary>Whether the board has power: false after the firmware turned it off or a fault cut it, until <see cref="PowerCycle"/>.</summary>
    public bool IsPowered { get; private set; } = true;

    /// <summary>Makes faults.</summary>
    public FaultInjector Faults => _faults ??= new FaultInjector(this);

    internal IReadOnlyList<Fault> PlannedFaults => _faults?.All ?? [];

    /// <summary>What was covered since power-on, or since the fork.</summary>
    /// <exception cref="InvalidOperationException">It is not recorded.</exception>
    public CoverageReport Coverage
        => _coverage?.Report() ?? throw new InvalidOperationException("coverage is not recorded; ask for it when the board is made: fw => fw.Elf(...).Coverage()");

    /// <summary>A number that equal runs share on every host and engine, from <see cref="RecordTraceHash"/> on.</summary>
    /// <exception cref="InvalidOperationException">It is not recorded.</exception>
    public ulong TraceHash => _traceHash?.Value ?? throw new InvalidOperationException($"the trace is not recorded; call {nameof(RecordTraceHash)} first");

    /// <summary>The functions that the first CPU is in, the innermost first.</summary>
    public IReadOnlyList<StackFrame> CallStack => View(Cpu) is { } view ? StackUnwinder.Unwind(view, Firmware) : [];

    /// <summary>Function, file and line of the next instruction of the first CPU.</summary>
    public SourceLocation Location => Firmware.Locate(Cpu.Pc);

    /// <summary>Memory that keeps its content without power, beyond ROM and each <see cref="IFaultableMemory"/>.</summary>
    protected virtual IEnumerable<RamBlock> NonVolatile => [];

    internal FirmwareOptions Options => _options;

    internal VirtualBoard Copy() => ForkBoard();

    /// <summary>Starts to compute <see cref="TraceHash"/>. Each instruction then costs a call.</summary>
    public void RecordTraceHash() => _traceHash ??= new TraceHasher(Machine);

    /// <summary>Writes down everything that buses and serial ports of the board carry from now on.</summary>
    /// <returns>The transcript: <c>.Of(board.I2C1)</c> is that of one bus.</returns>
    public BusTranscript RecordTranscript()
    {
        var transcript = new BusTranscript(Machine);
        transcript.AttachBuses(Machine);
        foreach (TestUart uart in _uarts)
            transcript.Attach(uart.Port, uart.Name);
        return transcript;
    }

    /// <summary>Measures how long an interrupt waits.</summary>
    /// <param name="line">The interrupt line.</param>
    /// <param name="handler">Name of its handler.</param>
    public InterruptLatency MeasureLatency(IrqLine line, string handler) => new(Machine, line, Symbol(handler).Address);

    /// <summary>Looks at a CPU's registers and memory; null when its instruction set is not known.</summary>
    /// <param name="cpu">One of the machine's.</param>
    public CpuView? View(IVirtualCpu cpu) => cpu is VirtualCpu known ? new CpuView(known, Recipe.Architecture, Machine.Memory) : null;

    /// <summary>The state of the board as failures show it.</summary>
    public string Report() => FailureReport.Write(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes a copy in the present state: what the <c>Fork</c> of a board's own type does.</summary>
    /// <exception cref="NotSupportedException">The board's class does not have it.</exception>
    protected virtual VirtualBoard ForkBoard() => throw new NotSupportedException($"{GetType().Name} cannot be forked with a simulation: override {nameof(ForkBoard)}");

    /// <summary>Ends the board.</summary>
    /// <param name="disposing">Whether called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            Machine.Dispose();
    }

    /// <summary>Adds a serial port; derived boards call it for each.</summary>
    /// <param name="name">Its name on the board.</param>
    /// <param name="port">The port of this board's machine.</param>
    protected TestUart AddUart(string name, SerialPort port)
    {
        var uart = new TestUart(this, name, port, _copied?.Find(u => u.Name == name));
        _uarts.Add(uart);
        Transcript?.Attach(port, name);
        return uart;
    }

    private static Machine Build(BoardRecipe recipe, FirmwareOptions options)
    {
        MachineBuilder builder = new MachineBuilder().WithName(recipe.Name).OnUnmapped(options.Unmodelled switch
        {
            UnmodelledAccess.Log => UnmappedPolicy.Log,
            UnmodelledAccess.Fault => UnmappedPolicy.Fault,
            _ => UnmappedPolicy.Stop,
        });
        recipe.Describe(builder, options);
        new FirmwareLoader(recipe, options).Attach(builder);
        foreach (Action<MachineBuilder> change in options.Changes)
            change(builder);
        return builder.Build();
    }

    // What belongs to this board and not to its machine: hooks and recorders.
    private void Attach()
    {
        Machine.Log.Logged += (device, message) => _guestErrors.Add($"{device}: {message}");
        if (_options.MmioLogSize > 0)
            Mmio = new MmioLog(Machine, _options.MmioLogSize) { Svd = _options.Svd };
        if (_options.TranscriptSize > 0)
        {
            Transcript = new BusTranscript(Machine, _options.TranscriptSize);
            Transcript.AttachBuses(Machine);
        }

        if (_options.InstructionTraceSize > 0)
            Instructions = new InstructionTrace(Machine, _options.InstructionTraceSize);
        if (_options.RecordCoverage)
            _coverage = new CoverageRecorder(Machine, Firmware);
    }
}

using Emulation.Core;
using Emulation.Debugging;
using Emulation.Devices;

namespace Emulation.Testing;

// Driving virtual time.
public abstract partial class VirtualBoard
{
    private readonly Queue<Action> _pauses = [];
    private readonly Dictionary<ulong, List<Func<bool>>> _breakpoints = [];
    private readonly List<ClockTimer> _stimuli = [];
    private BoardSimulation? _group;
    private bool _stopWanted;
    private bool _powerLost;

    /// <summary>Runs for an amount of virtual time.</summary>
    /// <param name="time">The amount.</param>
    /// <returns>How the run ended: by time, or earlier where the firmware turned the board off or a fault cut the power.</returns>
    /// <exception cref="FirmwareCrashException">The firmware did something that ended the run.</exception>
    public RunResult RunFor(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        return Check(Advance(Until(time), null));
    }

    /// <summary>Runs until a condition is true. It is looked at first, and after each access to a device; the run ends with that instruction.</summary>
    /// <param name="condition">Reads what the host can see.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <exception cref="FirmwareTimeoutException">It did not become true.</exception>
    /// <exception cref="FirmwareCrashException">The firmware did something that ended the run.</exception>
    public RunResult RunUntil(Func<bool> condition, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Expect("the condition", within, condition, condition);
    }

    /// <summary>Executes one instruction.</summary>
    public RunResult Step() => Check(Machine.Step());

    /// <summary>Does something at a time from now: a button, a byte, a voltage. It happens between two instructions while the board runs.</summary>
    /// <param name="after">Virtual time from now.</param>
    /// <param name="action">What to do; it must not run the board.</param>
    public void After(TimeSpan after, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        lock (Machine.DeviceLock)
        {
            ClockTimer? timer = null;
            timer = Machine.Clock.CreateTimer("stimulus", () =>
            {
                _stimuli.Remove(timer!);
                action();
            });
            _stimuli.Add(timer);
            timer.Arm(Until(after));
        }
    }

    /// <summary>Runs until the program counter reaches a function. Its first instruction has not run.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <exception cref="KeyNotFoundException">The firmware has no such function.</exception>
    /// <exception cref="FirmwareTimeoutException">It was not reached.</exception>
    public RunResult WaitForFunction(string function, TimeSpan? within = null) => WaitForAddress([Symbol(function).Address], $"function '{function}'", within);

    /// <summary>Runs until the program counter reaches a source line. Its first instruction has not run.</summary>
    /// <param name="file">A file's name or the end of its path.</param>
    /// <param name="line">Line, from 1. Where it has no code, the next one that has.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <exception cref="KeyNotFoundException">The firmware has no such line.</exception>
    /// <exception cref="FirmwareTimeoutException">It was not reached.</exception>
    public RunResult WaitForSource(string file, int line, TimeSpan? within = null)
    {
        IReadOnlyList<ulong> addresses = Firmware.Lines.AddressesOf(file, line);
        if (addresses.Count == 0)
            throw new KeyNotFoundException($"no code of '{Firmware.Name}' comes from {file}:{line}; there is code from {string.Join(", ", Firmware.Lines.Files.Select(Path.GetFileName).Take(20))}");
        return WaitForAddress(addresses, $"{file}:{line}", within);
    }

    /// <summary>Runs until the program counter reaches an address. The instruction there has not run.</summary>
    /// <param name="address">Virtual address; of Thumb code without bit 0.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <exception cref="FirmwareTimeoutException">It was not reached.</exception>
    public RunResult WaitForAddress(ulong address, TimeSpan? within = null) => WaitForAddress([address], $"0x{address:x8}", within);

    /// <summary>Runs until an interrupt line rises.</summary>
    /// <param name="line">A line of one of the board's devices.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <exception cref="FirmwareTimeoutException">It did not.</exception>
    public RunResult WaitForInterrupt(IrqLine line, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(line);
        bool raised = false, waiting = true;
        line.Connect(level =>
        {
            if (!level || !waiting || line.Level != level)
                return;
            raised = true;
            RequestStop();
        });
        try
        {
            return Expect($"interrupt '{line.Name}'", within, () => raised);
        }
        finally
        {
            waiting = false;
        }
    }

    /// <summary>Ends the present run after the current instruction; for hooks and events.</summary>
    public void RequestStop()
    {
        _stopWanted = true;
        Machine.RequestStop();
    }

    /// <summary>Resets the board as its reset button does. Memory that the firmware file does not fill keeps its content. Waits for output look at what comes from then on.</summary>
    public void Reset()
    {
        Machine.Reset();
        _uarts.ForEach(static u => u.Restart());
    }

    /// <summary>Takes power away and gives it back: flash and EEPROM keep their content, RAM loses it, everything else, parts on buses and pins among it, is as after power-on. Waits for output look at what comes from then on.</summary>
    public void PowerCycle()
    {
        HashSet<RamBlock> kept = [.. Machine.Devices.OfType<IFaultableMemory>().Select(static d => d.Content), .. NonVolatile];
        foreach (FlatRange range in Machine.Memory.View.Ranges)
        {
            if (range.Region is RamRegion { ReadOnly: true } rom)
                kept.Add(rom.Ram);
        }

        foreach (RamBlock ram in Machine.RamBlocks)
        {
            if (!kept.Contains(ram))
                Erase(ram);
        }

        foreach (IPowered device in Machine.Devices.OfType<IPowered>())
            device.PowerCycle();
        IsPowered = true;
        _powerLost = false;
        Reset();
    }

    /// <summary>Runs <paramref name="action"/> between two instructions, after the current one: called from hooks and events while the board runs.</summary>
    internal void Pause(Action action)
    {
        _pauses.Enqueue(action);
        Machine.RequestStop();
    }

    /// <summary>The power goes away after the current instruction.</summary>
    internal void CutPower()
    {
        _powerLost = true;
        Machine.RequestStop();
    }

    /// <summary>Runs <paramref name="reached"/> before each execution of the instruction at an address; true ends the run there.</summary>
    internal IDisposable Break(ulong address, Func<bool> reached)
    {
        if (!_breakpoints.TryGetValue(address, out List<Func<bool>>? actions))
        {
            _breakpoints.Add(address, actions = []);
            Cpu.Context.Cache.AddBreakpoint(address);
        }

        actions.Add(reached);
        return new Disposer(() =>
        {
            actions.Remove(reached);
            if (actions.Count > 0)
                return;
            _breakpoints.Remove(address);
            Cpu.Context.Cache.RemoveBreakpoint(address);
        });
    }

    /// <summary>Runs until <paramref name="done"/>; what makes it true calls <see cref="RequestStop"/>.</summary>
    internal RunResult Expect(string what, TimeSpan? within, Func<bool> done, Func<bool>? watched = null)
    {
        TimeSpan limit = within ?? _options.Timeout;
        long until = Until(limit);
        RunResult result = default;
        while (!done())
        {
            if (!IsPowered)
                throw new FirmwareTestException($"{what} did not come: the board has no power", Report());
            result = Check(Advance(until, watched));
            if (done())
                break;
            if (result.Reason == StopReason.VirtualTime)
                throw new FirmwareTimeoutException($"{what} did not come within {limit.TotalMilliseconds} ms of virtual time", Report());
            if (result.Reason is StopReason.PowerOff or StopReason.Halted or StopReason.Reset)
                throw new FirmwareTestException($"{what} did not come: the board stopped ({result.Reason})", Report());
        }

        return result;
    }

    /// <summary>Makes the board's verbs run a simulation.</summary>
    internal void Join(BoardSimulation group) => _group = group;

    /// <summary>The board ended a run that another board of its simulation had begun.</summary>
    internal void LookAfter(in RunResult result)
    {
        Attend(result, out _);
        _stopWanted = false;
        Check(result);
    }

    internal long Until(TimeSpan time)
    {
        long now = Machine.Clock.Now;
        return time.Ticks > (long.MaxValue - now) / 100 ? long.MaxValue : now + (time.Ticks * 100);
    }

    private RunResult WaitForAddress(IReadOnlyList<ulong> addresses, string what, TimeSpan? within)
    {
        bool reached = false;
        var breakpoints = new List<IDisposable>();
        try
        {
            foreach (ulong address in addresses)
            {
                breakpoints.Add(Break(address, () =>
                {
                    reached = true;
                    return true;
                }));
            }

            return Expect(what, within, () => reached);
        }
        finally
        {
            breakpoints.ForEach(static b => b.Dispose());
        }
    }

    /// <summary>Runs to a time. Faults act between instructions on the way; the result counts the whole way.</summary>
    private RunResult Advance(long until, Func<bool>? condition)
    {
        ulong instructions = 0;
        long started = Machine.Clock.Now;
        _stopWanted = false;
        while (true)
        {
            long now = Machine.Clock.Now;
            if (!IsPowered)
                return new RunResult(StopReason.PowerOff, Cpu.Pc, instructions, now - started);
            if (RunPart(until, condition) is not { } part)
                continue;
            instructions += part.Instructions;
            if (!Attend(part, out StopReason reason))
                continue;
            return new RunResult(reason, Cpu.Pc, instructions, Machine.Clock.Now - started, part.Fault);
        }
    }

    private RunResult? RunPart(long until, Func<bool>? condition)
    {
        if (_group is { } group)
            return group.Run(this, until, condition);
        long left = Math.Max(0, until - Machine.Clock.Now);
        return condition is null ? Machine.RunFor(left) : Machine.RunUntil(condition, left);
    }

    /// <summary>Does what faults and breakpoints wanted done between two instructions.</summary>
    /// <returns>Whether the run ends here.</returns>
    private bool Attend(in RunResult part, out StopReason reason)
    {
        bool paused = _pauses.Count > 0;
        while (_pauses.TryDequeue(out Action? pause))
            pause();
        reason = part.Reason;
        if (_powerLost)
            (IsPowered, reason) = (false, StopReason.PowerOff);
        else if (reason == StopReason.PowerOff)
            IsPowered = false;
        else if (reason == StopReason.Breakpoint && !_stopWanted)
            return AtBreakpoint(part.Pc);
        else if (reason == StopReason.StopRequested && paused)
            return _stopWanted;
        return true;
    }

    private bool AtBreakpoint(ulong pc)
    {
        if (!_breakpoints.TryGetValue(pc, out List<Func<bool>>? actions))
            return true;                                      // somebody else's
        bool stop = false;
        foreach (Func<bool> action in actions.ToArray())
            stop |= action();
        return stop;
    }

    private RunResult Check(RunResult result) => result.Reason switch
    {
        StopReason.UnmappedAccess => throw new FirmwareCrashException($"the firmware used what no device models: {Describe(result.Fault)}", Report(), result.Fault),
        StopReason.UnhandledException => throw new FirmwareCrashException($"the firmware crashed: {result.Fault}", Report(), result.Fault),
        _ => result,
    };

    private string Describe(GuestFault? fault)
    {
        if (fault is null)
            return "?";
        string name = MmioAccess.Describe(Machine.Memory, fault.Address, fault.Kind.Contains("write", StringComparison.Ordinal), _options.Svd);
        return $"{fault.Kind} at 0x{fault.Address:x8}{(name == "nothing" ? "" : $" ({name})")}, by {Firmware.Locate(fault.Pc)}";
    }

    private static void Erase(RamBlock ram)
    {
        byte[] blank = new byte[RamBlock.ChunkSize];
        Array.Fill(blank, ram.Background);
        for (ulong offset = 0; offset < ram.Size; offset += RamBlock.ChunkSize)
        {
            if (!ram.IsBackgroundChunk(offset))
                ram.Write(offset, blank.AsSpan(0, (int)Math.Min(RamBlock.ChunkSize, ram.Size - offset)));
        }
    }

    private sealed class Disposer(Action action) : IDisposable
    {
        private Action? _action = action;

        public void Dispose() => Interlocked.Exchange(ref _action, null)?.Invoke();
    }
}

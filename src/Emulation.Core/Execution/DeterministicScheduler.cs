namespace Emulation.Core;

/// <summary>Runs all vCPUs in turn on the caller's thread; time is instructions times a rate.</summary>
/// <remarks>
/// One quantum: each vCPU in turn executes until its time reaches the quantum's end or it idles. Then machine time becomes that end, due timers
/// run, and the next quantum ends after <see cref="_quantum"/> or at the next deadline, whichever is first. With one vCPU, or with all idle, only
/// the deadline counts. Limits of a run never move the end of a quantum: that would make the interleaving depend on where runs are cut.
/// </remarks>
internal sealed class DeterministicScheduler : Scheduler
{
    // bounds how long a stop from another thread can go unnoticed by an engine that looks at RequestExit late
    private const long MaxSlice = 1_000_000;
    private const int MaxStalls = 10_000;
    private readonly CpuTimeline _line;
    private readonly long _quantum;
    private int _executing = -1;
    private int _thread;
    private bool _inTimers;
    private long _frozen = -1;
    private bool _running;
    private volatile bool _hostDeadline;
    private long _published;

    public DeterministicScheduler(Machine machine, InstructionRate rate, long quantum)
        : base(machine)
    {
        _line = new CpuTimeline(machine.Cpus, rate) { FollowsClock = machine.CpuClock is not null };

        // a quantum much shorter than an instruction would be empty nearly always
        _quantum = Math.Max(quantum, rate.NanosecondsFor(10));
    }

    public override long Now
    {
        get
        {
            if (_running && Environment.CurrentManagedThreadId != _thread)
                return Volatile.Read(ref _published);
            if (_frozen >= 0)
                return _frozen;
            if (_executing >= 0)
                return _line.Local(_executing);
            return _inTimers ? _line.Time : _line.Reached();
        }
    }

    public override bool IsVcpuThread => _executing >= 0 && Environment.CurrentManagedThreadId == _thread;

    public override bool IsOwnThread => _running && Environment.CurrentManagedThreadId == _thread;

    public override ulong CurrentPc => Cpus[Math.Max(0, _executing)].Pc;

    public override RunResult Run(in RunRequest request)
    {
        _thread = Environment.CurrentManagedThreadId;
        _published = _line.Reached();
        _running = true;
        long started = _published;
        ulong executed = 0;
        int stalls = 0;
        int last = 0;
        try
        {
            while (true)
            {
                if (HasWork)
                    RunWork();
                if (_hostDeadline)
                    TakeHostDeadline();
                if (Control.Take(StopCause.Reset))
                {
                    if (Machine.ResetPolicy == ResetPolicy.Stop)
                        return Result(StopReason.Reset, last, executed, started);
                    Machine.ResetCore();
                }

                if (Control.TryTake(out StopReason asked))
                    return Result(asked, last, executed, started, asked == StopReason.UnmappedAccess ? Control.Fault : null);
                if (request.Condition?.Invoke() == true)
                    return Result(StopReason.Condition, last, executed, started);
                if (executed >= request.MaxInstructions)
                    return Result(StopReason.InstructionLimit, last, executed, started);
                if (request.Until != long.MaxValue && _line.Reached() >= request.Until)
                    return Result(StopReason.VirtualTime, last, executed, started);

                int index = _line.Turn;
                IVirtualCpu cpu = Cpus[index];
                long budget = 0;
                if (cpu.IsIdle)
                {
                    _line.Park(index);
                }
                else
                {
                    _line.Unpark(index);

                    // an idle machine's quantum is as long as the idling; the first vCPU that wakes in it makes it an ordinary one
                    if (Cpus.Count > 1 && _line.End - _line.Time > _quantum)
                        _line.End = _line.Time + _quantum;
                    budget = _line.InstructionsTo(index, _line.End);
                }

                if (budget == 0)
                {
                    if (!EndTurn(request.Until))
                        return Result(StopReason.Halted, last, executed, started);
                    continue;
                }

                budget = Math.Min(budget, MaxSlice);
                budget = (long)Math.Min((ulong)budget, request.MaxInstructions - executed);
                long toLimit = request.Until == long.MaxValue ? 0 : _line.InstructionsTo(index, request.Until);
                if (toLimit > 0)
                    budget = Math.Min(budget, toLimit);
                last = index;
                ulong count = Execute(index, cpu, budget, out CpuExit exit);
                executed += count;
                if (ReasonOf(exit) is { } reason)
                {
                    if (Control.Take(StopCause.PowerOff))
                        reason = StopReason.PowerOff;
                    return Result(reason, last, executed, started, exit == CpuExit.UnhandledException ? cpu.Fault : null);
                }

                stalls = count == 0 && !cpu.IsIdle ? stalls + 1 : 0;
                if (stalls > MaxStalls)
                    throw new InvalidOperationException($"vCPU '{cpu.Name}' is not idle but returned {MaxStalls} times without executing an instruction");
            }
        }
        finally
        {
            _running = false;
        }
    }

    public override void Interrupt()
    {
        int executing = _executing;
        if (executing < 0)
            return;
        if (Environment.CurrentManagedThreadId == _thread)
            Cpus[executing].LimitRun(0);
        else
            Cpus[executing].RequestExit();
    }

    public override void RunExclusive(Action action)
    {
        if (!_running || Environment.CurrentManagedThreadId == _thread)
        {
            action();
            return;
        }

        // The run may end before it gets to the work; then whoever waits does it.
        using var work = new ExclusiveWork(action);
        Post(work.Run);
        while (!work.Wait(1))
        {
            if (!Volatile.Read(ref _running))
                Machine.WhenStopped(work.Run);
        }

        work.ThrowIfFailed();
    }

    public override void OnDeadlineMoved(long deadline)
    {
        if (_running && Environment.CurrentManagedThreadId != _thread)
        {
            // host input armed a timer: the scheduler looks at it when the slice ends
            _hostDeadline = true;
            Interrupt();
            return;
        }

        if (_inTimers || _frozen >= 0 || deadline >= _line.End)
            return;
        _line.End = Math.Min(_line.End, Math.Max(deadline, Now));
        if (_executing >= 0)
            Cpus[_executing].LimitRun(Math.Max(0, _line.InstructionsTo(_executing, _line.End) - 1));
    }

    public override void OnWoken(int index)
    {
    }

    public override void Rebase(Action change)
    {
        // every vCPU goes on from the latest time that any has seen
        long now = _line.Latest();
        _frozen = now;
        try
        {
            change();
        }
        finally
        {
            _frozen = -1;
            _line.SetAll(now);
        }
    }

    public override void ChangeRate(InstructionRate rate)
    {
        _line.ChangeRate(rate);
        if (_executing >= 0)
            Cpus[_executing].LimitRun(0);                        // what is left of its slice was computed at the old rate
    }

    public override void Save(StateWriter writer) => _line.Save(writer);

    public override void Load(StateReader reader) => _line.Load(reader);

    private ulong Execute(int index, IVirtualCpu cpu, long budget, out CpuExit exit)
    {
        ulong before = cpu.InstructionCount;
        Volatile.Write(ref _published, _line.Local(index));
        _executing = index;
        try
        {
            exit = cpu.Run(budget);
        }
        finally
        {
            _executing = -1;
        }

        ulong count = cpu.InstructionCount - before;
        Machine.Meters.Slice(count);
        return count;
    }

    /// <summary>Moves the quantum's end to a deadline that another thread armed.</summary>
    /// <remarks>
    /// A vCPU's own deadlines moved it in the access that armed them, by that vCPU's time: doing it again at the end of a slice, by the time of
    /// whichever vCPU had the slice, would make the end depend on where slices are cut.
    /// </remarks>
    private void TakeHostDeadline()
    {
        _hostDeadline = false;
        _line.End = Math.Min(_line.End, Math.Max(Clock.NextDeadline, _line.Reached()));
    }

    /// <summary>Passes the turn on; after the last vCPU the quantum ends.</summary>
    /// <returns>False when nothing can ever happen again.</returns>
    private bool EndTurn(long until)
    {
        if (_line.Turn + 1 < Cpus.Count)
        {
            _line.Turn++;
            return true;
        }

        long time = _line.End;
        bool idle = _line.AllIdle();
        if (idle)
        {
            // Idle time may be cut anywhere: nothing but the clock differs, and that goes on to the same deadline.
            _line.Turn = 0;
            time = Math.Min(time, Math.Max(until, _line.Reached()));
            if (time == long.MaxValue)
            {
                long halted = _line.Reached();
                _line.AdvanceTo(halted);
                _line.End = halted;
                return false;
            }

            Machine.Meters.Idle(time - _line.Time);
        }

        _line.AdvanceTo(time);
        RunTimers();
        OpenQuantum();
        return true;
    }

    private void RunTimers()
    {
        if (Clock.NextDeadline > _line.Time)
            return;
        Volatile.Write(ref _published, _line.Time);
        _inTimers = true;
        try
        {
            lock (Machine.DeviceLock)
                Clock.RunDue();
        }
        finally
        {
            _inTimers = false;
        }
    }

    private void OpenQuantum()
    {
        _line.Turn = 0;
        long end = Clock.NextDeadline;
        if (Cpus.Count > 1 && !_line.AllIdle())
            end = Math.Min(end, _line.Time > long.MaxValue - _quantum ? long.MaxValue : _line.Time + _quantum);
        _line.End = Math.Max(end, _line.Time);
    }

    private RunResult Result(StopReason reason, int index, ulong executed, long started, GuestFault? fault = null)
        => new(reason, Cpus[index].Pc, executed, Math.Max(0, _line.Reached() - started), fault);
}

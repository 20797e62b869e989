namespace Emulation.Core;

public sealed partial class Machine
{
    private const int StateStopped = 0;
    private const int StateRunning = 1;
    private const int StateBusy = 2;
    private const int StateDisposed = 3;
    private int _state;
    private string? _unusable;
    private volatile Func<bool>? _condition;
    private Task<RunResult>? _completion;

    /// <summary>Whether a thread executes the machine.</summary>
    public bool IsRunning => Volatile.Read(ref _state) == StateRunning;

    /// <summary>Executes until something stops the machine.</summary>
    /// <param name="maxInstructions">At most this many instructions, of all vCPUs together.</param>
    /// <param name="cancellationToken">Stops the run when it fires.</param>
    /// <returns>Why it stopped and after exactly how many instructions. What the guest does is never an exception.</returns>
    public RunResult Run(ulong? maxInstructions = null, CancellationToken cancellationToken = default)
        => RunRequested(new RunRequest(maxInstructions ?? ulong.MaxValue, Cancellation: cancellationToken), nameof(Run));

    /// <summary>Executes for an amount of virtual time.</summary>
    /// <param name="time">The amount; 100 ns is the finest.</param>
    /// <param name="cancellationToken">Stops the run when it fires.</param>
    public RunResult RunFor(TimeSpan time, CancellationToken cancellationToken = default)
        => RunFor(time.Ticks > long.MaxValue / 100 ? long.MaxValue : time.Ticks * 100, cancellationToken);

    /// <summary>Executes for an amount of virtual time.</summary>
    /// <param name="nanoseconds">The amount.</param>
    /// <param name="cancellationToken">Stops the run when it fires.</param>
    /// <remarks>Exact with one vCPU. With several it ends when the last one has reached the time; others are then at most one quantum ahead.</remarks>
    public RunResult RunFor(long nanoseconds, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        return RunRequested(new RunRequest(Until: After(nanoseconds), Cancellation: cancellationToken), nameof(RunFor));
    }

    /// <summary>Executes until <paramref name="condition"/> is true. It is looked at first, after each device access (the run then stops with that instruction) and now and then.</summary>
    /// <param name="condition">Reads host-side state; it runs on the machine's thread, inside a device access under the device lock.</param>
    /// <param name="maxNanoseconds">At most this much virtual time.</param>
    /// <param name="cancellationToken">Stops the run when it fires.</param>
    public RunResult RunUntil(Func<bool> condition, long? maxNanoseconds = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return RunRequested(new RunRequest(Until: maxNanoseconds is { } limit ? After(limit) : long.MaxValue, Condition: condition, Cancellation: cancellationToken), nameof(RunUntil));
    }

    /// <summary>Executes until <paramref name="condition"/> is true, for a limited virtual time.</summary>
    /// <param name="condition">See the other overload.</param>
    /// <param name="within">At most this much virtual time.</param>
    /// <param name="cancellationToken">Stops the run when it fires.</param>
    public RunResult RunUntil(Func<bool> condition, TimeSpan within, CancellationToken cancellationToken = default)
        => RunUntil(condition, within.Ticks > long.MaxValue / 100 ? long.MaxValue : within.Ticks * 100, cancellationToken);

    /// <summary>Executes one instruction, of the vCPU whose turn it is.</summary>
    public RunResult Step() => RunRequested(new RunRequest(1), nameof(Step));

    /// <summary>Starts executing on a thread of the machine's own.</summary>
    /// <param name="cancellationToken">Stops the run when it fires.</param>
    /// <returns>Completes when the machine stops.</returns>
    public Task<RunResult> Start(CancellationToken cancellationToken = default)
    {
        BeginRun(nameof(Start));
        var source = new TaskCompletionSource<RunResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _completion = source.Task;
        var thread = new Thread(() =>
        {
            try
            {
                RunResult result = Execute(new RunRequest(Cancellation: cancellationToken));
                source.SetResult(result);
            }
#pragma warning disable CA1031 // it is handed to whoever awaits the run
            catch (Exception e)
#pragma warning restore CA1031
            {
                source.SetException(e);
            }
        })
        {
            IsBackground = true,
            Name = $"{Name} vCPU 0",
        };
        thread.Start();
        return source.Task;
    }

    /// <summary>Stops what <see cref="Start"/> began.</summary>
    /// <returns>How the run ended.</returns>
    /// <exception cref="InvalidOperationException">The machine was not started.</exception>
    public Task<RunResult> StopAsync()
    {
        Task<RunResult> running = _completion ?? throw new InvalidOperationException($"machine '{Name}' was not started");
        RequestStop();
        return running;
    }

    /// <summary>Ends the present run. From a device access or a hook it ends exactly after the current instruction; from another thread, soon. Does nothing while the machine is stopped.</summary>
    public void RequestStop()
    {
        if (IsRunning)
            Raise(StopCause.Requested);
    }

    /// <summary>The guest turns the machine off: the run ends with <see cref="StopReason.PowerOff"/> after the current instruction.</summary>
    public void RequestPowerOff() => Raise(StopCause.PowerOff);

    /// <summary>The guest asks for a reset: see <see cref="ResetPolicy"/>. It happens after the current instruction.</summary>
    public void RequestReset() => Raise(StopCause.Reset);

    /// <summary>Queues host input for the machine's thread: it runs under the device lock between two instructions, soon, or when the machine runs next.</summary>
    /// <param name="action">What to do.</param>
    public void Post(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Scheduler.Post(action);
    }

    /// <summary>Runs <paramref name="action"/> while no other thread executes guest code: for what all vCPUs must see at once, such as new host pointers or dropped translations.</summary>
    /// <param name="action">Must not start a run. Its exceptions reach the caller.</param>
    /// <remarks>
    /// On a vCPU's thread it may be called inside a device access. Another thread must not hold <see cref="DeviceLock"/> in deterministic time, where the
    /// machine's thread takes it for the work. An action that needs the lock in real time takes it before asking, not inside.
    /// </remarks>
    public void RunExclusive(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (_scheduler is { } scheduler)
            scheduler.RunExclusive(action);
        else
            action();                                         // still being built: nothing executes
    }

    /// <summary>The earliest time at which the machine can do anything by itself: now, or when all vCPUs sleep the next timer.</summary>
    internal long NextActivity => _cpus.TrueForAll(static c => c.IsIdle) ? Clock.NextDeadline : Clock.Now;

    /// <summary>Runs to an absolute time, for a simulation of several machines.</summary>
    internal RunResult RunTo(in RunRequest request) => RunRequested(request, nameof(Simulation));

    /// <summary>Runs <paramref name="action"/> if no thread executes the machine.</summary>
    internal void WhenStopped(Action action)
    {
        if (Interlocked.CompareExchange(ref _state, StateBusy, StateStopped) != StateStopped)
            return;
        try
        {
            action();
        }
        finally
        {
            Leave();
        }
    }

    private RunResult RunRequested(in RunRequest request, string operation)
    {
        BeginRun(operation);
        return Execute(request);
    }

    private void BeginRun(string operation)
    {
        Enter(StateRunning, operation);
        if (_unusable is { } why)
        {
            Leave();
            throw new InvalidOperationException($"{operation}: machine '{Name}' is unusable until it is reset or restored: {why}");
        }

        Control.Begin();
    }

    private RunResult Execute(RunRequest request)
    {
        try
        {
            _condition = request.Condition;
            using CancellationTokenRegistration registration = request.Cancellation.Register(() => Raise(StopCause.Cancelled));
            return Scheduler.Run(request);
        }
        finally
        {
            _condition = null;
            Leave();
        }
    }

    private void Enter(int state, string operation)
    {
        int was = Interlocked.CompareExchange(ref _state, state, StateStopped);
        if (was == StateStopped)
            return;
        ObjectDisposedException.ThrowIf(was == StateDisposed, this);
        throw new InvalidOperationException(was == StateRunning
            ? $"{operation}: machine '{Name}' is running; stop it first"
            : $"{operation}: machine '{Name}' is being saved, loaded or reset");
    }

    private void Leave() => Volatile.Write(ref _state, StateStopped);

    private long After(long nanoseconds)
    {
        long now = Clock.Now;
        return nanoseconds > long.MaxValue - now ? long.MaxValue : now + nanoseconds;
    }

    private void Raise(StopCause cause)
    {
        Control.Raise(cause);
        _scheduler?.Interrupt();
    }

    private void OnHookStop() => RequestStop();

    private void OnUnmapped(ulong address, int size, bool write)
    {
        // what the host looks at is not the guest's fault
        if (_scheduler is not { IsOwnThread: true } scheduler)
            return;
        string what = Memory.MissingName?.Invoke(address) is { } missing ? $"not modelled: {missing}, " : "unmapped ";
        Control.RaiseFault(new GuestFault($"{what}{(write ? "write" : "read")} of {size} bytes", 0, scheduler.CurrentPc, address));
        scheduler.Interrupt();
    }

    private void OnDeviceAccess()
    {
        if (_condition is not { } condition || !Scheduler.IsVcpuThread || !condition())
            return;
        _condition = null;
        Raise(StopCause.Condition);
    }

    private void StopForDispose()
    {
        if (!IsRunning)
            return;
        if (_scheduler!.IsOwnThread)
            throw new InvalidOperationException($"machine '{Name}' cannot be disposed from inside its own run");
        var wait = new SpinWait();
        while (Volatile.Read(ref _state) is StateRunning)
        {
            RequestStop();
            wait.SpinOnce();
        }
    }
}

namespace Emulation.Core;

/// <summary>Several machines on one clock, joined by links. Deterministic: what arrives, and when, does not depend on where runs are cut.</summary>
/// <remarks>
/// <para>
/// What a machine sends at time t arrives at the others at t + <see cref="Latency"/>. So no machine can be surprised before the earliest time at which any
/// other can act, plus the latency: up to there each runs alone (a round). Machines that sleep make rounds as long as their sleep.
/// </para>
/// <para>The thread that runs the simulation runs its machines in turn. Between runs a machine may be used like any other, but not run on its own.</para>
/// </remarks>
public sealed partial class Simulation : IDisposable
{
    private readonly List<Machine> _machines = [];
    private readonly List<(ISimulationLink Link, int First, int Second)> _links = [];
    private readonly List<List<SimulationMessage>> _inboxes = [];
    private readonly List<SimulationMessage> _sent = [];
    private long _roundEnd;
    private int _turn;

    /// <summary>Creates a simulation without machines.</summary>
    /// <param name="latency">How long everything takes from one machine to another; at least 100 ns. The default is 1 µs.</param>
    public Simulation(TimeSpan? latency = null)
    {
        Latency = (latency ?? TimeSpan.FromMicroseconds(1)).Ticks * 100;
        ArgumentOutOfRangeException.ThrowIfLessThan(Latency, 100, nameof(latency));
    }

    /// <summary>Nanoseconds from one machine to another.</summary>
    public long Latency { get; }

    /// <summary>The machines in order of addition.</summary>
    public IReadOnlyList<Machine> Machines => _machines;

    /// <summary>Nanoseconds of virtual time that every machine has reached.</summary>
    public long Now => _machines.Count == 0 ? 0 : _machines.Min(m => m.Clock.Now);

    /// <summary>Adds a machine, which the simulation disposes in the end.</summary>
    /// <param name="machine">In deterministic time, and at the same time as the others.</param>
    public Machine Add(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        if (machine.TimeMode != TimeMode.Deterministic)
            throw new ArgumentException($"machine '{machine.Name}' follows the host's time; the machines of a simulation need deterministic time", nameof(machine));
        if (_machines.Contains(machine))
            throw new ArgumentException($"machine '{machine.Name}' is in the simulation already", nameof(machine));
        if (_machines.Count > 0 && machine.Clock.Now != Now)
            throw new ArgumentException($"machine '{machine.Name}' is at {machine.Clock.Now} ns, the simulation at {Now} ns", nameof(machine));
        Take(machine);
        return machine;
    }

    /// <summary>Joins two machines.</summary>
    /// <param name="first">One machine.</param>
    /// <param name="second">Another one, or the same.</param>
    /// <param name="link">The link between them, in this order.</param>
    public void Connect(Machine first, Machine second, ISimulationLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        (int a, int b) = (IndexOf(first), IndexOf(second));
        if (_links.Exists(l => l.Link.Name == link.Name))
            throw new ArgumentException($"two links are named '{link.Name}'", nameof(link));
        int index = _links.Count;
        _links.Add((link, a, b));
        link.Open((end, content) => _sent.Add(new SimulationMessage(_machines[end == 0 ? a : b].Clock.Now + Latency, index, 1 - end, content)));
    }

    /// <summary>Joins serial ports, crossed.</summary>
    /// <param name="first">One machine.</param>
    /// <param name="firstPort">Finds its port, also in a fork.</param>
    /// <param name="second">The other machine.</param>
    /// <param name="secondPort">Finds its port.</param>
    public void ConnectSerial(Machine first, Func<Machine, SerialPort> firstPort, Machine second, Func<Machine, SerialPort> secondPort)
        => Connect(first, second, new SerialLink($"serial {_links.Count}", first, firstPort, second, secondPort));

    /// <summary>Joins pins by a wire.</summary>
    /// <param name="first">One machine.</param>
    /// <param name="firstPin">Finds its pin, also in a fork.</param>
    /// <param name="second">The other machine.</param>
    /// <param name="secondPin">Finds its pin.</param>
    public void ConnectPins(Machine first, Func<Machine, Pin> firstPin, Machine second, Func<Machine, Pin> secondPin)
        => Connect(first, second, new PinLink($"wire {_links.Count}", first, firstPin, second, secondPin));

    /// <summary>Runs until a machine stops.</summary>
    /// <param name="maxInstructions">At most this many instructions, of all machines together.</param>
    /// <param name="cancellationToken">Stops the run when it fires.</param>
    public SimulationResult Run(ulong? maxInstructions = null, CancellationToken cancellationToken = default)
        => Run(new RunRequest(maxInstructions ?? ulong.MaxValue, Cancellation: cancellationToken));

    /// <summary>Runs for an amount of virtual time.</summary>
    /// <param name="time">The amount.</param>
    /// <param name="cancellationToken">Stops the run when it fires.</param>
    public SimulationResult RunFor(TimeSpan time, CancellationToken cancellationToken = default)
        => RunFor(time.Ticks > long.MaxValue / 100 ? long.MaxValue : time.Ticks * 100, cancellationToken);

    /// <summary>Runs for an amount of virtual time.</summary>
    /// <param name="nanoseconds">The amount. Each machine ends with the instruction in which the time is reached.</param>
    /// <param name="cancellationToken">Stops the run when it fires.</param>
    public SimulationResult RunFor(long nanoseconds, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        return Run(new RunRequest(Until: After(nanoseconds), Cancellation: cancellationToken));
    }

    /// <summary>Runs until a condition is true. It is looked at first, after each device access of any machine, and when something arrives.</summary>
    /// <param name="condition">Reads host-side state.</param>
    /// <param name="within">At most this much virtual time.</param>
    /// <param name="cancellationToken">Stops the run when it fires.</param>
    public SimulationResult RunUntil(Func<bool> condition, TimeSpan? within = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Run(new RunRequest(Until: within is { } time ? After(time.Ticks * 100) : long.MaxValue, Condition: condition, Cancellation: cancellationToken));
    }

    /// <summary>Executes one instruction of the machine whose turn it is; machines that sleep are passed over.</summary>
    public SimulationResult Step() => Run(new RunRequest(1));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Machine machine in _machines)
            machine.Dispose();
    }

    private SimulationResult Run(RunRequest request)
    {
        if (_machines.Count == 0)
            throw new InvalidOperationException("the simulation has no machines");
        long started = Now;
        ulong executed = 0;
        Route();
        if (_turn == 0)
            BeginRound();                                        // the host may have woken a machine meanwhile
        while (true)
        {
            for (; _turn < _machines.Count; _turn++)
            {
                if (RunMachine(_turn, request with { MaxInstructions = request.MaxInstructions - executed }, ref executed) is { } end)
                    return end with { Instructions = executed, Elapsed = Now - started };
            }

            Route();
            _turn = 0;
            if (_machines.All(m => m.Clock.Now >= request.Until))
                return new SimulationResult(StopReason.VirtualTime, null, null, executed, Now - started);
            BeginRound();
            if (_roundEnd == long.MaxValue && request.Until == long.MaxValue)
                return new SimulationResult(StopReason.Halted, null, null, executed, Now - started);
        }
    }

    // Runs a machine to the end of the round, from one arrival to the next.
    private SimulationResult? RunMachine(int index, RunRequest request, ref ulong executed)
    {
        Machine machine = _machines[index];
        long end = Math.Min(_roundEnd, request.Until);
        while (true)
        {
            if (Deliver(index) && request.Condition?.Invoke() == true)
                return new SimulationResult(StopReason.Condition, machine, null, 0, 0);
            long until = _inboxes[index] is [var next, ..] ? Math.Min(end, next.Time) : end;
            if (machine.Clock.Now >= until)
                return null;
            RunResult result = machine.RunTo(request with { Until = until });
            executed += result.Instructions;
            request = request with { MaxInstructions = request.MaxInstructions - result.Instructions };
            if (result.Reason is not (StopReason.VirtualTime or StopReason.Halted))
                return new SimulationResult(result.Reason, machine, result, 0, 0);
            if (result.Reason == StopReason.Halted)
                return null;
        }
    }

    private void Take(Machine machine)
    {
        _machines.Add(machine);
        _inboxes.Add([]);
    }

    private bool Deliver(int index)
    {
        Machine machine = _machines[index];
        bool any = false;
        while (_inboxes[index] is [var message, ..] && message.Time <= machine.Clock.Now)
        {
            _inboxes[index].RemoveAt(0);
            lock (machine.DeviceLock)
                _links[message.Link].Link.Deliver(message.End, message.Content);
            any = true;
        }

        return any;
    }

    private void BeginRound()
    {
        long first = long.MaxValue;
        for (int i = 0; i < _machines.Count; i++)
        {
            first = Math.Min(first, _machines[i].NextActivity);
            if (_inboxes[i] is [var message, ..])
                first = Math.Min(first, message.Time);
        }

        _roundEnd = first > long.MaxValue - Latency ? long.MaxValue : first + Latency;
    }

    // Of what arrives at one time, what comes over the earlier link is first, wherever the run was cut.
    private void Route()
    {
        foreach (SimulationMessage message in _sent)
        {
            (_, int first, int second) = _links[message.Link];
            List<SimulationMessage> inbox = _inboxes[message.End == 0 ? first : second];
            int index = inbox.Count;
            while (index > 0 && (inbox[index - 1].Time, inbox[index - 1].Link).CompareTo((message.Time, message.Link)) > 0)
                index--;
            inbox.Insert(index, message);
        }

        _sent.Clear();
    }

    private int IndexOf(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        int index = _machines.IndexOf(machine);
        return index >= 0 ? index : throw new ArgumentException($"machine '{machine.Name}' is not in the simulation", nameof(machine));
    }

    private long After(long nanoseconds)
    {
        long now = Now;
        return nanoseconds > long.MaxValue - now ? long.MaxValue : now + nanoseconds;
    }
}

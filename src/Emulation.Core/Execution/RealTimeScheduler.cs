using System.Runtime.ExceptionServices;

namespace Emulation.Core;

/// <summary>One thread per vCPU, vCPU 0 on the caller's; time is the host's monotonic clock while the machine runs.</summary>
/// <remarks>
/// Whichever vCPU thread notices runs the due timers, under the device lock; idle ones wait for the next deadline. A machine whose vCPUs all idle
/// waits for the host: it never ends with <see cref="StopReason.Halted"/>.
/// </remarks>
internal sealed class RealTimeScheduler : Scheduler
{
    // An engine looks at RequestExit when a slice ends, so the length of slices bounds the latency of an interrupt.
    private const long SliceTime = 150_000;
    private const long MinSlice = 20_000;
    private const long MaxSlice = 2_000_000;

    // Milliseconds for which a vCPU that only looks whether its waiting is over leaves the host to the others
    private const int Rest = 4;
    private long _sliceLength = 50_000;
    private readonly CpuTimeline _line;
    private readonly TimeProvider _time;
    private readonly VcpuGate _gate;
    private long _remaining;
    private long _executed;
    private volatile TimeBase _base = new(false, 0, 0);
    private RunRequest _request;
    private RunResult? _result;
    private ExceptionDispatchInfo? _failure;

    public RealTimeScheduler(Machine machine, InstructionRate rate, TimeProvider time)
        : base(machine)
    {
        _line = new CpuTimeline(machine.Cpus, rate);
        _time = time;
        _gate = new VcpuGate(machine.Cpus, machine.DeviceLock);
    }

    public override long Now
    {
        get
        {
            TimeBase start = _base;
            if (!start.Running)
                return start.Offset;
            long ticks = _time.GetTimestamp() - start.Stamp;
            long frequency = _time.TimestampFrequency;
            return start.Offset + (ticks / frequency * VirtualClock.Second) + (ticks % frequency * VirtualClock.Second / frequency);
        }
    }

    public override bool IsVcpuThread => _gate.CurrentIndex >= 0;

    public override bool IsOwnThread => _gate.IsVcpuThread;

    public override ulong CurrentPc => Cpus[Math.Max(0, _gate.CurrentIndex)].Pc;

    public override RunResult Run(in RunRequest request)
    {
        _request = request;
        _result = null;
        _failure = null;
        _executed = 0;
        _remaining = (long)Math.Min(request.MaxInstructions, long.MaxValue);
        long started = _base.Offset;
        _base = new TimeBase(true, started, _time.GetTimestamp());
        _gate.Begin();
        var threads = new Thread[Cpus.Count - 1];
        try
        {
            for (int i = 0; i < threads.Length; i++)
            {
                int index = i + 1;
                threads[i] = new Thread(() => Loop(index)) { IsBackground = true, Name = $"{Machine.Name} vCPU {index}" };
                threads[i].Start();
            }

            Loop(0);
        }
        finally
        {
            _gate.Stop();
            foreach (Thread thread in threads)
                thread?.Join();
            _base = new TimeBase(false, Now, 0);
        }

        _failure?.Throw();
        return _result!.Value with { Instructions = (ulong)_executed, Elapsed = _base.Offset - started };
    }

    public override void Interrupt() => _gate.Interrupt();

    public override void RunExclusive(Action action) => _gate.RunExclusive(action);

    public override void EnterContendedDeviceLock() => _gate.EnterDeviceLock();

    public override void OnDeadlineMoved(long deadline) => _gate.Wake();

    public override void OnWoken(int index) => _gate.Wake(index);

    public override void Rebase(Action change) => change();

    public override void Save(StateWriter writer)
    {
        _line.SetAll(Now);
        _line.Save(writer);
    }

    public override void Load(StateReader reader)
    {
        _line.Load(reader);
        _base = new TimeBase(false, _line.Reached(), 0);
    }

    private void Loop(int index)
    {
        _gate.Enter(index);
        try
        {
            IVirtualCpu cpu = Cpus[index];
            while (!_gate.IsStopping)
            {
                _gate.Checkpoint();
                if (HasWork)
                    UnderDeviceLock(RunWork);
                if (Clock.NextDeadline <= Now)
                    UnderDeviceLock(() => Clock.RunDue());
                if (ShouldStop(index, cpu))
                    return;
                if (cpu.IsIdle)
                {
                    Wait(() => _gate.WaitIdle(cpu, () => HasWork || Control.IsPending, Timeout));
                    continue;
                }

                Execute(index, cpu);
            }
        }
#pragma warning disable CA1031 // it surfaces from Run on the caller's thread
        catch (Exception e)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            _gate.Stop();
        }
        finally
        {
            _gate.Leave(index);
        }
    }

    private void Execute(int index, IVirtualCpu cpu)
    {
        long budget = Reserve();
        if (budget == 0)
        {
            // others hold what is left of the limit and may give some back
            if (Interlocked.Read(ref _executed) >= (long)Math.Min(_request.MaxInstructions, long.MaxValue))
                Stop(StopReason.InstructionLimit, index);
            else
                _gate.Pause();
            return;
        }

        ulong before = cpu.InstructionCount;
        long start = _time.GetTimestamp();
        CpuExit exit;
        long count = 0;
        try
        {
            _gate.SetExecuting(index, true);
            _gate.ForgetWake(index);
            exit = cpu.Run(budget, exact: budget < MinSlice);
        }
        finally
        {
            _gate.SetExecuting(index, false);
            count = (long)(cpu.InstructionCount - before);
            Interlocked.Add(ref _remaining, budget - count);
            Interlocked.Add(ref _executed, count);
        }

        Machine.Meters.Slice((ulong)count);
        if (exit == CpuExit.Budget && count > budget / 2)
            Adapt(count, start);
        if (exit == CpuExit.Resting)
            Wait(() => _gate.Rest(index, () => HasWork || Control.IsPending, Timeout, Rest));
        if (ReasonOf(exit) is not { } reason)
            return;
        if (Control.IsRaised(StopCause.PowerOff))
            Stop(StopReason.PowerOff, index, cause: StopCause.PowerOff);
        else
            Stop(reason, index, exit == CpuExit.UnhandledException ? cpu.Fault : null);
    }

    private void Wait(Action wait)
    {
        long before = Now;
        wait();
        Machine.Meters.Idle(Now - before);
    }

    private bool ShouldStop(int index, IVirtualCpu cpu)
    {
        if (Control.IsRaised(StopCause.Reset))
        {
            if (Machine.ResetPolicy == ResetPolicy.Stop)
                Stop(StopReason.Reset, index, cause: StopCause.Reset);
            else
                UnderDeviceLock(() => RunExclusive(ResetIfAsked));
        }

        if (!_gate.IsStopping && Control.TryPeek(out StopCause cause))
            Stop(RunControl.ReasonOf(cause), index, cause == StopCause.Unmapped ? Control.Fault : null, cause);
        if (_request.Condition is { } condition)
        {
            bool met = false;
            UnderDeviceLock(() => met = condition());
            if (met)
                Stop(StopReason.Condition, index);
        }

        if (Now >= _request.Until)
            Stop(StopReason.VirtualTime, index);
        if (Interlocked.Read(ref _executed) >= (long)Math.Min(_request.MaxInstructions, long.MaxValue))
            Stop(StopReason.InstructionLimit, index);
        return _gate.IsStopping;
    }

    // The cause stays raised until the gate closes: the vCPU that raised it finds one or the other, and never goes on with its next instruction.
    private void Stop(StopReason reason, int index, GuestFault? fault = null, StopCause cause = StopCause.None)
        => _gate.Stop(() =>
        {
            _result ??= new RunResult(reason, Cpus[index].Pc, 0, 0, fault);
            Control.Take(cause);
        });

    // Likewise raised until no vCPU executes; the first that gets here resets the machine for all that saw it.
    private void ResetIfAsked()
    {
        if (Control.Take(StopCause.Reset))
            Machine.ResetCore();
    }

    /// <summary>How long an idle vCPU may wait, in host milliseconds.</summary>
    private int Timeout()
    {
        long until = Math.Min(Clock.NextDeadline, _request.Until);
        if (until == long.MaxValue && ReferenceEquals(_time, TimeProvider.System))
            return System.Threading.Timeout.Infinite;
        long wait = until - Now;
        if (wait <= 0)
            return 0;

        // a clock that is not the host's may be moved by hand, without anybody telling
        long longest = ReferenceEquals(_time, TimeProvider.System) ? 1000 : 2;
        return (int)Math.Min(longest, (wait / 1_000_000) + 1);
    }

    // Slices last about as long on fast code as on slow code; a clock that stands still says nothing.
    private void Adapt(long count, long start)
    {
        long elapsed = (_time.GetTimestamp() - start) * VirtualClock.Second / _time.TimestampFrequency;
        if (elapsed <= 0)
            return;
        long wanted = Math.Clamp((long)((double)count * SliceTime / elapsed), MinSlice, MaxSlice);
        Volatile.Write(ref _sliceLength, ((3 * Volatile.Read(ref _sliceLength)) + wanted) / 4);
    }

    private long Reserve()
    {
        while (true)
        {
            long left = Interlocked.Read(ref _remaining);
            long take = Math.Min(left, Volatile.Read(ref _sliceLength));
            if (take <= 0)
                return 0;
            if (Interlocked.CompareExchange(ref _remaining, left - take, left) == left)
                return take;
        }
    }

    private void UnderDeviceLock(Action action)
    {
        Machine.Memory.EnterDeviceLock();
        try
        {
            action();
        }
        finally
        {
            Machine.DeviceLock.Exit();
        }
    }

    /// <summary>Where time is counted from; replaced as a whole, so that any thread may read it.</summary>
    private sealed record TimeBase(bool Running, long Offset, long Stamp);
}

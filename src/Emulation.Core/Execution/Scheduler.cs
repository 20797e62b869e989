using System.Collections.Concurrent;

namespace Emulation.Core;

/// <summary>Decides which vCPU executes when, and what time it is.</summary>
/// <param name="machine">What is scheduled.</param>
internal abstract class Scheduler(Machine machine)
{
    private readonly ConcurrentQueue<Action> _work = new();

    protected Machine Machine { get; } = machine;

    protected IReadOnlyList<IVirtualCpu> Cpus => Machine.Cpus;

    protected VirtualClock Clock => Machine.Clock;

    protected RunControl Control => Machine.Control;

    /// <summary>Nanoseconds since power-on, as the calling thread has to see them.</summary>
    public abstract long Now { get; }

    /// <summary>Whether the calling thread executes a vCPU at this moment.</summary>
    public abstract bool IsVcpuThread { get; }

    /// <summary>Whether the calling thread is one that the present run executes on.</summary>
    public abstract bool IsOwnThread { get; }

    /// <summary>Program counter of the vCPU on the calling thread, or of vCPU 0.</summary>
    public abstract ulong CurrentPc { get; }

    public abstract RunResult Run(in RunRequest request);

    /// <summary>Makes every vCPU return soon; the one on the calling thread after its current instruction.</summary>
    public abstract void Interrupt();

    /// <summary>Runs <paramref name="action"/> while no other thread executes guest code.</summary>
    public abstract void RunExclusive(Action action);

    /// <summary>Takes the device lock for a vCPU that found it taken.</summary>
    public virtual void EnterContendedDeviceLock() => Machine.DeviceLock.Enter();

    public abstract void OnDeadlineMoved(long deadline);

    /// <summary>A vCPU may have work.</summary>
    /// <param name="index">Its index.</param>
    public abstract void OnWoken(int index);

    /// <summary>Time and vCPU counts changed behind the scheduler's back (a reset): carries its bases over.</summary>
    public abstract void Rebase(Action change);

    /// <summary>The rate at which time passes changes, from now on. Real time has none.</summary>
    public virtual void ChangeRate(InstructionRate rate)
    {
    }

    public abstract void Save(StateWriter writer);

    public abstract void Load(StateReader reader);

    /// <summary>Queues work for a moment at which no vCPU executes.</summary>
    public void Post(Action action)
    {
        _work.Enqueue(action);
        Interrupt();
    }

    protected bool HasWork => !_work.IsEmpty;

    protected void RunWork()
    {
        while (_work.TryDequeue(out Action? action))
        {
            lock (Machine.DeviceLock)
                action();
        }
    }

    /// <summary>The result of a vCPU's own exit, or null when it goes on.</summary>
    protected static StopReason? ReasonOf(CpuExit exit) => exit switch
    {
        CpuExit.Budget or CpuExit.Halted or CpuExit.Resting => null,
        CpuExit.ExitAddress => StopReason.ExitAddress,
        CpuExit.Breakpoint => StopReason.Breakpoint,
        CpuExit.Watchpoint => StopReason.Watchpoint,
        CpuExit.UnhandledException => StopReason.UnhandledException,
        _ => throw new InvalidOperationException($"a vCPU ended its run with the unknown exit {exit}"),
    };
}

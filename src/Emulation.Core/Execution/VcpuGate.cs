namespace Emulation.Core;

/// <summary>Where the vCPU threads of a real-time machine wait: for an interrupt, for exclusive work of another thread, for the device lock.</summary>
/// <remarks>
/// A vCPU is active while it may execute guest code. Exclusive work runs when no vCPU is active; one that waits, for whatever reason, is not.
/// Order of locks: the device lock, then the gate. Nobody waits here for exclusive work to end while it holds the device lock, except by asking for
/// exclusive work itself, which is why work that needs the device lock takes it before it asks.
/// </remarks>
internal sealed class VcpuGate(IReadOnlyList<IVirtualCpu> cpus, Lock deviceLock)
{
    private readonly object _sync = new();
    private readonly int[] _threads = new int[cpus.Count];
    private readonly bool[] _executing = new bool[cpus.Count];
    private readonly bool[] _woken = new bool[cpus.Count];
    private int _active;
    private int _owner;
    private volatile int _waiting;
    private volatile bool _stopping = true;

    public bool IsStopping => _stopping;

    /// <summary>Index of the vCPU that the calling thread executes at this moment, or -1.</summary>
    public int CurrentIndex
    {
        get
        {
            int index = Array.IndexOf(_threads, Environment.CurrentManagedThreadId);
            return index >= 0 && _executing[index] ? index : -1;
        }
    }

    public bool IsVcpuThread => Array.IndexOf(_threads, Environment.CurrentManagedThreadId) >= 0;

    public void Begin() => _stopping = false;

    public void SetExecuting(int index, bool executing) => Volatile.Write(ref _executing[index], executing);

    public void Enter(int index)
    {
        _threads[index] = Environment.CurrentManagedThreadId;
        lock (_sync)
            Activate();
    }

    public void Leave(int index)
    {
        _threads[index] = 0;
        lock (_sync)
            Deactivate();
    }

    /// <summary>Lets exclusive work of another thread go first.</summary>
    public void Checkpoint()
    {
        if (_waiting == 0)
            return;
        lock (_sync)
        {
            Deactivate();
            Activate();
        }
    }

    /// <summary>Waits until an idle vCPU has work, for at most <paramref name="timeout"/> milliseconds, which is asked once it cannot miss a wake-up.</summary>
    public void WaitIdle(IVirtualCpu cpu, Func<bool> hasOtherWork, Func<int> timeout)
    {
        lock (_sync)
        {
            Deactivate();
            int wait = timeout();
            if (!_stopping && wait != 0 && cpu.IsIdle && !hasOtherWork())
                Monitor.Wait(_sync, wait);
            Activate();
        }
    }

    /// <summary>Waits until something has woken a vCPU since <see cref="ForgetWake"/>, for at most <paramref name="longest"/> and <paramref name="timeout"/> milliseconds.</summary>
    public void Rest(int index, Func<bool> hasOtherWork, Func<int> timeout, int longest)
    {
        long end = Environment.TickCount64 + longest;
        lock (_sync)
        {
            Deactivate();
            while (!_stopping && !_woken[index] && !hasOtherWork())
            {
                // as an unsigned number, "for ever" is the longest
                int wait = (int)Math.Min((uint)timeout(), Math.Max(end - Environment.TickCount64, 0));
                if (wait == 0)
                    break;
                Monitor.Wait(_sync, wait);
            }

            Activate();
        }
    }

    /// <summary>From now on it counts what wakes a vCPU.</summary>
    public void ForgetWake(int index) => Volatile.Write(ref _woken[index], false);

    public void Pause()
    {
        lock (_sync)
        {
            Deactivate();
            if (!_stopping)
                Monitor.Wait(_sync, 1);
            Activate();
        }
    }

    public void Wake()
    {
        lock (_sync)
            Monitor.PulseAll(_sync);
    }

    /// <summary>A vCPU has work.</summary>
    public void Wake(int index)
    {
        lock (_sync)
        {
            _woken[index] = true;
            Monitor.PulseAll(_sync);
        }
    }

    /// <summary>Ends every slice soon, on the calling thread after the current instruction.</summary>
    public void Interrupt()
    {
        int current = CurrentIndex;
        for (int i = 0; i < cpus.Count; i++)
        {
            if (i == current)
                cpus[i].LimitRun(0);
            else
                cpus[i].RequestExit();
        }

        Wake();
    }

    /// <summary>Ends the run; then <paramref name="first"/> records why, if nobody did before.</summary>
    public void Stop(Action? first = null)
    {
        lock (_sync)
        {
            bool stopped = _stopping;
            _stopping = true;
            if (!stopped)
                first?.Invoke();
        }

        Interrupt();
    }

    public void RunExclusive(Action action)
    {
        int thread = Environment.CurrentManagedThreadId;
        if (_owner == thread)
        {
            action();
            return;
        }

        bool vcpu = IsVcpuThread;
        lock (_sync)
        {
            _waiting++;
            if (vcpu)
                Deactivate();
            while (_owner != 0)
                Monitor.Wait(_sync);
            _owner = thread;
        }

        AwaitOthers(thread);
        try
        {
            action();
        }
        finally
        {
            lock (_sync)
            {
                _owner = 0;
                _waiting--;
                if (vcpu)
                    _active++;
                Monitor.PulseAll(_sync);
            }
        }
    }

    // Asks every vCPU to leave its slice until all have. One that has passed its checkpoint and not yet begun to run forgets the request when it begins:
    // asked once only, it would hold the work up for a whole slice, and each time at the same place of a guest's loop.
    private void AwaitOthers(int thread)
    {
        const int Patience = 1;
        while (true)
        {
            // outside the gate: an engine may do anything in RequestExit
            for (int i = 0; i < cpus.Count; i++)
            {
                if (_threads[i] != thread)
                    cpus[i].RequestExit();
            }

            lock (_sync)
            {
                while (_active > 0 && Monitor.Wait(_sync, Patience))
                {
                }

                if (_active == 0)
                    return;
            }
        }
    }

    /// <summary>Takes the device lock; a vCPU that waits for it is not active.</summary>
    public void EnterDeviceLock()
    {
        int thread = Environment.CurrentManagedThreadId;
        if (_owner == thread || !IsVcpuThread)
        {
            deviceLock.Enter();
            return;
        }

        while (true)
        {
            lock (_sync)
                Deactivate();
            deviceLock.Enter();
            lock (_sync)
            {
                if (_waiting == 0)
                {
                    _active++;
                    return;
                }
            }

            // exclusive work is to be done: not while this thread holds the lock without being active
            deviceLock.Exit();
            lock (_sync)
                Activate();
            if (deviceLock.TryEnter())
                return;
        }
    }

    private void Activate()
    {
        while (_waiting > 0)
            Monitor.Wait(_sync);
        _active++;
    }

    // Only exclusive work waits for others to become inactive. To wake idle vCPUs as well would have them wake each other for ever.
    private void Deactivate()
    {
        _active--;
        if (_waiting > 0)
            Monitor.PulseAll(_sync);
    }
}

namespace Emulation.Cpu;

/// <summary>Looks at what CPUs are doing a thousand times a second, on a thread of its own: where the time of a run goes.</summary>
public sealed class ActivityProfile : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(1);
    private readonly VirtualCpu[] _cpus;
    private readonly long[] _samples = new long[Enum.GetValues<CpuActivity>().Length];
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    private readonly Action<CpuActivity>? _sampled;

    /// <summary>Starts sampling.</summary>
    /// <param name="cpus">The CPUs of one machine.</param>
    public ActivityProfile(IEnumerable<VirtualCpu> cpus)
        : this(cpus, null)
    {
    }

    internal ActivityProfile(IEnumerable<VirtualCpu> cpus, Action<CpuActivity>? sampled)
    {
        _cpus = [.. cpus];
        _sampled = sampled;
        _thread = new Thread(Sample) { IsBackground = true, Name = "activity profile", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Samples taken, over all CPUs.</summary>
    public long Total
    {
        get
        {
            long total = 0;
            foreach (ref long samples in _samples.AsSpan())
                total += Volatile.Read(ref samples);
            return total;
        }
    }

    /// <summary>Samples that found a CPU at something.</summary>
    /// <param name="activity">What.</param>
    public long Samples(CpuActivity activity) => Volatile.Read(ref _samples[(int)activity]);

    /// <summary>Stops sampling; what was counted stays.</summary>
    public void Dispose()
    {
        _stop.Set();
        if (_thread.IsAlive)
            _thread.Join();
    }

    private void Sample()
    {
        while (!_stop.Wait(s_interval))
        {
            foreach (VirtualCpu cpu in _cpus)
            {
                int activity = Math.Min((int)cpu.Activity, _samples.Length - 1);
                Interlocked.Increment(ref _samples[activity]);
                _sampled?.Invoke((CpuActivity)activity);
            }
        }
    }
}

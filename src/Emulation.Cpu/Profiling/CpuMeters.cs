using System.Diagnostics.Metrics;

namespace Emulation.Cpu;

/// <summary>What the CPUs of a machine report to meters: meter <c>Emulation.Cpu</c>, tagged with the machine's name. Counts what nobody listens to cost nothing.</summary>
/// <remarks>
/// Counts are added when a CPU gives up control. <c>emulation.cpu.time</c> comes from a sampler that starts once somebody listens to it; regions are told
/// from tier 0 with <see cref="EngineOptions.Profile"/> only.
/// </remarks>
public sealed class CpuMeters : IDisposable
{
    private readonly Source[] _sources;
    private readonly Counter<long> _time;
    private readonly KeyValuePair<string, object?> _machine;
    private readonly Lock _lock = new();
    private VirtualCpu[] _cpus = [];
    private ActivityProfile? _profile;

    /// <summary>Creates the instruments.</summary>
    /// <param name="factory">Where the meter comes from.</param>
    /// <param name="machine">The machine's name.</param>
    public CpuMeters(IMeterFactory factory, string machine)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _machine = new("machine", machine);
        Meter meter = factory.Create(new MeterOptions("Emulation.Cpu"));
        _sources =
        [
            new(meter, "emulation.tlb.misses", "{miss}", "Translations that were not in a software TLB", static c => (long)c.TlbMisses),
            new(meter, "emulation.traps", "{trap}", "Exceptions and interrupts taken", static c => (long)c.Traps),
            new(meter, "emulation.device.accesses", "{access}", "Accesses of CPUs to devices", static c => (long)c.DeviceAccesses),
            new(meter, "emulation.dispatches", "{dispatch}", "Times translated code came back to the run loop", static c => (long)c.Dispatches),
            new(meter, "emulation.wakes", "{wake}", "Times a CPU that waited for an interrupt went on", static c => (long)c.Wakes),
            new(meter, "emulation.blocks.translated", "{block}", "Blocks translated", static c => c.Cache.BlocksTranslated, isShared: true),
            new(meter, "emulation.blocks.invalidated", "{block}", "Blocks dropped because their code changed", static c => c.Cache.BlocksInvalidated, isShared: true),
        ];
        _time = meter.CreateCounter<long>("emulation.cpu.time", "ms", "What CPUs spend their time on, sampled; tag activity");
    }

    /// <summary>Stops sampling.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _profile?.Dispose();
            _profile = null;
            _cpus = [];
        }
    }

    internal void Add(VirtualCpu cpu)
    {
        lock (_lock)
            _cpus = [.. _cpus, cpu];
    }

    /// <summary>Reports what a CPU did since its last slice.</summary>
    internal void Slice(VirtualCpu cpu, long[] last)
    {
        for (int i = 0; i < _sources.Length; i++)
            _sources[i].Report(cpu, ref last[i], _machine);
        if (_time.Enabled && Volatile.Read(ref _profile) is null)
            StartProfile();
    }

    internal long[] NewCounts() => new long[_sources.Length];

    private void StartProfile()
    {
        lock (_lock)
        {
            if (_profile is null && _cpus.Length > 0)
                _profile = new ActivityProfile(_cpus, activity => _time.Add(1, _machine, new("activity", activity.ToString())));
        }
    }

    private sealed class Source(Meter meter, string name, string unit, string description, Func<VirtualCpu, long> read, bool isShared = false)
    {
        private readonly Counter<long> _counter = meter.CreateCounter<long>(name, unit, description);
        private long _shared;

        public void Report(VirtualCpu cpu, ref long last, KeyValuePair<string, object?> tag)
        {
            if (!_counter.Enabled)
                return;
            long now = read(cpu);
            long count = now - (isShared ? Interlocked.Exchange(ref _shared, now) : last);
            last = now;
            if (count > 0)
                _counter.Add(count, tag);
        }
    }
}

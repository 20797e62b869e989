using System.Diagnostics.Metrics;

namespace Emulation.Jit;

/// <summary>What tier 1 of a machine reports to meters: meter <c>Emulation.Jit</c>, tagged with the machine's name.</summary>
public sealed class JitMeters
{
    private readonly Counter<long> _compiled, _discarded, _removed;
    private readonly Histogram<double> _time;
    private readonly KeyValuePair<string, object?> _machine;

    /// <summary>Creates the instruments.</summary>
    /// <param name="factory">Where the meter comes from.</param>
    /// <param name="machine">The machine's name.</param>
    public JitMeters(IMeterFactory factory, string machine)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _machine = new("machine", machine);
        Meter meter = factory.Create(new MeterOptions("Emulation.Jit"));
        _compiled = meter.CreateCounter<long>("emulation.regions.compiled", "{region}", "Regions compiled and installed");
        _discarded = meter.CreateCounter<long>("emulation.regions.discarded", "{region}", "Regions whose code changed before they were ready, or that could not be compiled");
        _removed = meter.CreateCounter<long>("emulation.regions.removed", "{region}", "Regions removed; tag reason: invalidated or evicted");
        _time = meter.CreateHistogram<double>("emulation.compile.time", "ms", "What forming and compiling a region took");
    }

    internal void Compiled() => _compiled.Add(1, _machine);

    internal void Discarded() => _discarded.Add(1, _machine);

    internal void Removed(string reason)
    {
        if (_removed.Enabled)
            _removed.Add(1, _machine, new("reason", reason));
    }

    internal void Took(TimeSpan time) => _time.Record(time.TotalMilliseconds, _machine);
}

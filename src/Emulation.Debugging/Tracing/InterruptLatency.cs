using Emulation.Core;

namespace Emulation.Debugging;

/// <summary>How long interrupts wait: from a line that rises to the first instruction of its handler.</summary>
public sealed class InterruptLatency : IDisposable
{
    private readonly Machine _machine;
    private readonly IDisposable _hook;
    private readonly List<long> _samples = [];
    private long _raised = -1;
    private bool _disposed;

    /// <summary>Starts to measure.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="line">The interrupt line; it is listened to until the machine ends.</param>
    /// <param name="handler">Address of the handler's first instruction.</param>
    public InterruptLatency(Machine machine, IrqLine line, ulong handler)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(line);
        _machine = machine;
        _hook = machine.Hooks.Code(handler, handler, OnHandler);
        line.Connect(OnLine);
    }

    /// <summary>The waits in virtual nanoseconds, in order.</summary>
    public IReadOnlyList<long> Samples => _samples;

    /// <summary>The shortest wait in nanoseconds; 0 when there was none.</summary>
    public long Minimum => _samples.Count == 0 ? 0 : _samples.Min();

    /// <summary>The longest wait in nanoseconds; 0 when there was none.</summary>
    public long Maximum => _samples.Count == 0 ? 0 : _samples.Max();

    /// <summary>The mean wait in nanoseconds; 0 when there was none.</summary>
    public double Mean => _samples.Count == 0 ? 0 : _samples.Average();

    /// <summary>The wait in nanoseconds that a share of the interrupts did not exceed.</summary>
    /// <param name="share">0 to 1.</param>
    public long Percentile(double share)
    {
        if (_samples.Count == 0)
            return 0;
        long[] sorted = [.. _samples.Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _hook.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_samples.Count} interrupts, {Minimum} to {Maximum} ns, mean {Mean:F1} ns";

    private void OnLine(bool level)
    {
        if (level && _raised < 0 && !_disposed)
            _raised = _machine.Clock.Now;
    }

    private void OnHandler(in CodeEvent e)
    {
        if (_raised < 0)
            return;
        _samples.Add(_machine.Clock.Now - _raised);
        _raised = -1;
    }
}

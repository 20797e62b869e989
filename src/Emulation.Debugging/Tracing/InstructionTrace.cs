using Emulation.Core;

namespace Emulation.Debugging;

/// <summary>Remembers the addresses of the last instructions. Each instruction costs a call while it lives.</summary>
public sealed class InstructionTrace : IDisposable
{
    private readonly ulong[] _ring;
    private readonly IDisposable _hook;

    /// <summary>Starts to remember.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="capacity">How many instructions.</param>
    public InstructionTrace(Machine machine, int capacity = 256)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _ring = new ulong[capacity];
        _hook = machine.Hooks.Code(0, ulong.MaxValue, (in CodeEvent e) => _ring[Count++ % _ring.Length] = e.Pc);
    }

    /// <summary>Instructions so far, of which the last ones are remembered.</summary>
    public long Count { get; private set; }

    /// <summary>Addresses, the oldest first; the last one has executed unless it faulted.</summary>
    public IReadOnlyList<ulong> Recent
    {
        get
        {
            int kept = (int)Math.Min(Count, _ring.Length);
            var recent = new ulong[kept];
            for (int i = 0; i < kept; i++)
                recent[i] = _ring[(Count - kept + i) % _ring.Length];
            return recent;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _hook.Dispose();
}

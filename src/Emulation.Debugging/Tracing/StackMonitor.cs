using Emulation.Core;

namespace Emulation.Debugging;

/// <summary>How deep a stack was. It watches the writes of CPUs to the stack's memory, which costs a call each; other memory is not slowed down.</summary>
public sealed class StackMonitor : IDisposable
{
    private readonly IDisposable _hook;
    private ulong _lowest;

    /// <summary>Starts to watch.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="bottom">The stack's lowest address: it grows towards it.</param>
    /// <param name="top">The address behind the highest.</param>
    public StackMonitor(Machine machine, ulong bottom, ulong top)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(top, bottom);
        (Bottom, Top, _lowest) = (bottom, top, top);
        _hook = machine.Hooks.Write(bottom, top - 1, OnWrite);
    }

    /// <summary>The stack's lowest address.</summary>
    public ulong Bottom { get; }

    /// <summary>The address behind the highest.</summary>
    public ulong Top { get; }

    /// <summary>Most bytes that were in use.</summary>
    public ulong HighWater => Top - _lowest;

    /// <summary>Bytes that never were.</summary>
    public ulong Free => _lowest - Bottom;

    /// <summary>Address of the instruction that went deepest; 0 when none did.</summary>
    public ulong DeepestPc { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => _hook.Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"{HighWater} of {Top - Bottom} bytes of stack";

    private void OnWrite(in MemoryEvent e)
    {
        if (e.Address >= _lowest)
            return;
        _lowest = Math.Max(e.Address, Bottom);
        DeepestPc = e.Pc;
    }
}

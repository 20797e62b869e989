using Emulation.Core;

namespace Emulation.Debugging;

/// <summary>How deep a stack was. It watches the writes of CPUs to the stack's memory, which costs a call each; other memory is not slowed down.</summary>
/// <remarks>Room that a function reserves and never writes is seen by watching the stack pointer, too, which costs a call for each instruction.</remarks>
public sealed class StackMonitor : IStackUse, IDisposable
{
    // a stack pointer that leaves the stack by more is another stack's
    private const ulong MaxOverflow = 1 << 16;
    private readonly List<IDisposable> _hooks = [];
    private readonly CpuView? _cpu;
    private ulong _lowest;
    private bool _inside;

    /// <summary>Starts to watch.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="bottom">The stack's lowest address: it grows towards it.</param>
    /// <param name="top">The address behind the highest.</param>
    /// <param name="name">Its name.</param>
    /// <param name="pointer">The CPU whose stack pointer is watched, too; null for writes alone.</param>
    public StackMonitor(Machine machine, ulong bottom, ulong top, string name = "stack", CpuView? pointer = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(top, bottom);
        (Name, Bottom, Top, _lowest, _cpu) = (name, bottom, top, top, pointer);
        _hooks.Add(machine.Hooks.Write(bottom, top - 1, OnWrite));
        if (pointer is not null)
            _hooks.Add(machine.Hooks.Code(0, ulong.MaxValue, OnCode));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public ulong Bottom { get; }

    /// <inheritdoc/>
    public ulong Top { get; }

    /// <inheritdoc/>
    public ulong HighWater => Top - _lowest;

    /// <inheritdoc/>
    public ulong Size => Top - Bottom;

    /// <inheritdoc/>
    public ulong Free => _lowest - Bottom;

    /// <summary>Address of the instruction that went deepest; of a stack pointer that was watched, the one behind it. 0 when none did.</summary>
    public ulong DeepestPc { get; private set; }

    /// <summary>Bytes by which the stack pointer left the stack at its bottom, if it is watched; 0 when it did not.</summary>
    public ulong Overflow { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable hook in _hooks)
            hook.Dispose();
        _hooks.Clear();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {HighWater} of {Top - Bottom} bytes used{(Overflow > 0 ? $", and {Overflow} bytes below it" : "")}";

    private void OnWrite(in MemoryEvent e)
    {
        if (e.Address < _lowest)
            Lower(Math.Max(e.Address, Bottom), e.Pc);
    }

    private void OnCode(in CodeEvent e)
    {
        if (_cpu!.StackPointer is not { } pointer)
            return;
        if (pointer >= Bottom && pointer <= Top)
        {
            _inside = true;
            if (pointer < _lowest)
                Lower(pointer, e.Pc);
            return;
        }

        if (_inside && pointer < Bottom && Bottom - pointer <= MaxOverflow)
        {
            if (Bottom - pointer > Overflow)
                (Overflow, DeepestPc) = (Bottom - pointer, e.Pc);
            _lowest = Bottom;
            return;
        }

        _inside = false;
    }

    private void Lower(ulong address, ulong pc) => (_lowest, DeepestPc) = (address, pc);
}

namespace Emulation.Testing;

/// <summary>A fault that was planned. A test that plans one has to check that it happened.</summary>
public sealed class Fault : IDisposable
{
    private readonly List<Action> _undo = [];
    private readonly VirtualBoard _board;

    internal Fault(VirtualBoard board, string description) => (_board, Description) = (board, description);

    /// <summary>What it does.</summary>
    public string Description { get; }

    /// <summary>Whether it happened.</summary>
    public bool Fired => Count > 0;

    /// <summary>How often it happened.</summary>
    public int Count { get; private set; }

    /// <summary>Virtual nanoseconds at which it happened first; -1 when it did not.</summary>
    public long FiredAt { get; private set; } = -1;

    /// <summary>Address of the instruction at which it happened first.</summary>
    public ulong FiredPc { get; private set; }

    /// <summary>The board.</summary>
    public VirtualBoard Board => _board;

    /// <summary>Takes it back: it does not happen any more. What it did stays.</summary>
    public void Dispose()
    {
        foreach (Action undo in _undo)
            undo();
        _undo.Clear();
    }

    /// <inheritdoc/>
    public override string ToString() => Fired ? $"{Description}: {Count} times, first at {FiredAt} ns by {_board.Firmware.Locate(FiredPc)}" : $"{Description}: did not happen";

    internal void Undo(Action action) => _undo.Add(action);

    internal void Fire()
    {
        if (Count++ > 0)
            return;
        (FiredAt, FiredPc) = (_board.Nanoseconds, _board.Cpu.Pc);
    }
}

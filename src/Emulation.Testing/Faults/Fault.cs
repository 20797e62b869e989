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

    /// <summary>What it changed when it happened first: values before and after, the instruction, the operation; empty where there is no more to say than <see cref="Description"/>.</summary>
    public string Evidence { get; private set; } = "";

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
    public override string ToString() => Fired ? $"{Description}: {(Count == 1 ? "once" : $"{Count} times, first")} at {FiredAt} ns by {_board.Firmware.Locate(FiredPc)}{(Evidence.Length > 0 ? $": {Evidence}" : "")}" : $"{Description}: did not happen";

    internal void Undo(Action action) => _undo.Add(action);

    internal void Fire(string evidence = "") => Record(_board.Cpu.Pc, evidence);

    /// <summary>Does it, which may move the program counter, and says what it did.</summary>
    internal void Fire(Func<string> action)
    {
        ulong pc = _board.Cpu.Pc;
        Record(pc, action());
    }

    private void Record(ulong pc, string evidence)
    {
        if (Count++ > 0)
            return;
        (FiredAt, FiredPc, Evidence) = (_board.Nanoseconds, pc, evidence);
        _board.Transcript?.Add("fault", evidence.Length > 0 ? $"{Description}: {evidence}" : Description);
    }
}

using Emulation.Core;

namespace Emulation.Testing;

/// <summary>Several boards on one clock. The verbs of each board run all of them; each keeps its own output, variables and faults.</summary>
/// <remarks>A board that has no power stops all of them until its <see cref="VirtualBoard.PowerCycle"/>.</remarks>
public sealed class BoardSimulation : IDisposable
{
    private readonly List<VirtualBoard> _boards = [];

    /// <summary>Joins boards. They are at the same virtual time: best, at power-on.</summary>
    /// <param name="boards">The boards.</param>
    public BoardSimulation(params IEnumerable<VirtualBoard> boards)
    {
        ArgumentNullException.ThrowIfNull(boards);
        foreach (VirtualBoard board in boards)
        {
            Simulation.Add(board.Machine);
            _boards.Add(board);
            board.Join(this);
        }
    }

    /// <summary>The machines on one clock: connects what has no verb here.</summary>
    public Simulation Simulation { get; } = new();

    /// <summary>The boards.</summary>
    public IReadOnlyList<VirtualBoard> Boards => _boards;

    /// <summary>Connects two serial lines: what one sends the other receives.</summary>
    /// <param name="first">A line of one of the boards.</param>
    /// <param name="second">A line of another.</param>
    public void Connect(TestUart first, TestUart second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        Simulation.ConnectSerial(first.Board.Machine, m => m.CounterpartOf(first.Port), second.Board.Machine, m => m.CounterpartOf(second.Port));
    }

    /// <summary>Runs all boards for an amount of virtual time.</summary>
    /// <param name="time">The amount.</param>
    /// <exception cref="FirmwareCrashException">The firmware of a board did something that ended the run; the report is that board's.</exception>
    public void RunFor(TimeSpan time) => _boards[0].RunFor(time);

    /// <summary>Ends the boards.</summary>
    public void Dispose()
    {
        foreach (VirtualBoard board in _boards)
            board.Dispose();
    }

    /// <summary>Runs all boards on behalf of one.</summary>
    /// <returns>How it ended for that one; null when another board has to be looked after and the run goes on.</returns>
    internal RunResult? Run(VirtualBoard board, long until, Func<bool>? condition)
    {
        foreach (VirtualBoard other in _boards)
        {
            if (!other.IsPowered)
                return new RunResult(StopReason.PowerOff, board.Cpu.Pc, 0, 0);
        }

        long left = Math.Max(0, until - Simulation.Now);
        SimulationResult result = condition is null ? Simulation.RunFor(left) : Simulation.RunUntil(condition, TimeSpan.FromTicks((left + 99) / 100));
        if (result.Machine is null || result.Result is not { } own || ReferenceEquals(result.Machine, board.Machine))
            return new RunResult(result.Reason, board.Cpu.Pc, result.Instructions, result.Elapsed, result.Result?.Fault);
        _boards.Find(b => ReferenceEquals(b.Machine, result.Machine))!.LookAfter(own);
        return null;
    }
}

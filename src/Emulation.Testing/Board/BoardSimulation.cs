using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Testing;

/// <summary>Several boards on one clock. The verbs of each board run all of them; each keeps its own output, variables and faults.</summary>
/// <remarks>A board that has no power stops all of them until its <see cref="VirtualBoard.PowerCycle"/>.</remarks>
public sealed class BoardSimulation : IDisposable
{
    private readonly List<VirtualBoard> _boards = [];
    private readonly List<VirtualBoard>? _origins;
    private int _links;

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

    private BoardSimulation(BoardSimulation origin)
    {
        _origins = origin._boards;
        var copies = new Queue<VirtualBoard>(origin._boards.Select(static b => b.Copy()));
        _boards.AddRange(copies);
        Simulation = origin.Simulation.Fork(_ => copies.Dequeue().Machine);
        _boards.ForEach(b => b.Join(this));
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

    /// <summary>Connects two pins by a wire: what drives one is seen at the other.</summary>
    /// <param name="first">A pin of one of the boards.</param>
    /// <param name="second">A pin of another.</param>
    /// <exception cref="InvalidOperationException">One is no pin.</exception>
    public void Connect(TestSignal first, TestSignal second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        (string one, string other) = (first.Pin.Name, second.Pin.Name);
        Simulation.ConnectPins(first.Board.Machine, m => PinOf(m, one), second.Board.Machine, m => PinOf(m, other));
    }

    /// <summary>Connects two CAN buses by a gateway: frames of one are sent on the other.</summary>
    /// <param name="first">A bus of one of the boards.</param>
    /// <param name="second">A bus of another.</param>
    /// <param name="bitRate">Bits per second of both.</param>
    public void Connect(CanBus first, CanBus second, int bitRate = 500_000)
    {
        (VirtualBoard one, VirtualBoard other) = (OwnerOf(first), OwnerOf(second));
        Simulation.Connect(one.Machine, other.Machine, new CanLink(NextName("can"), one.Machine, m => DeviceOf<CanBus>(m, first.Name), other.Machine, m => DeviceOf<CanBus>(m, second.Name), bitRate));
    }

    /// <summary>Connects two SPI buses: the controller of the first one is the master, that of the second its slave.</summary>
    /// <param name="master">A bus of one of the boards.</param>
    /// <param name="chipSelect">The master's pin that selects the slave when it is low.</param>
    /// <param name="slave">A bus of another, whose controller can be a slave.</param>
    /// <param name="slaveSelect">The pin at which the slave sees its chip select; null for a controller without one.</param>
    /// <exception cref="InvalidOperationException">The second bus has no controller that can be a slave.</exception>
    /// <remarks><see cref="SpiLink"/> says how fast it may be.</remarks>
    public void Connect(SpiBus master, TestSignal chipSelect, SpiBus slave, TestSignal? slaveSelect = null)
    {
        ArgumentNullException.ThrowIfNull(chipSelect);
        (VirtualBoard one, VirtualBoard other) = (OwnerOf(master), OwnerOf(slave));
        string select = chipSelect.Pin.Name;
        Func<Machine, Pin>? seen = slaveSelect?.Pin.Name is { } name ? m => PinOf(m, name) : null;
        Simulation.Connect(one.Machine, other.Machine, new SpiLink(NextName("spi"), one.Machine, m => DeviceOf<SpiBus>(m, master.Name), m => PinOf(m, select), other.Machine, m => DeviceOf<SpiBus>(m, slave.Name), seen));
    }

    /// <summary>Makes copies of the boards in their present state, with what is on its way between them. May be called from several threads as long as the boards do not run.</summary>
    public BoardSimulation Fork()
    {
        lock (_boards)
            return new BoardSimulation(this);
    }

    /// <summary>The board of this simulation that is the copy of one of the simulation that was forked.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="original">The other simulation's board.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public T CopyOf<T>(T original)
        where T : VirtualBoard
        => _origins?.IndexOf(original) is >= 0 and var index ? (T)_boards[index] : throw new ArgumentException("no board of this simulation is a copy of it", nameof(original));

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

    private static T DeviceOf<T>(Machine machine, string name)
        where T : class, IDevice
        => machine.Devices.OfType<T>().First(d => d.Name == name);

    private static Pin PinOf(Machine machine, string name)
        => machine.Devices.OfType<PinSet>().SelectMany(static s => s.Pins).First(p => p.Name == name);

    private string NextName(string kind) => $"{kind} {_links++}";

    private VirtualBoard OwnerOf(IDevice bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        return _boards.Find(b => b.Machine.Devices.Contains(bus)) ?? throw new ArgumentException($"'{bus.Name}' belongs to no board of the simulation", nameof(bus));
    }
}

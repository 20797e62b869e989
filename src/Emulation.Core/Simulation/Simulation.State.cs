using System.Security.Cryptography;
using System.Text;

namespace Emulation.Core;

public sealed partial class Simulation
{
    private const uint Magic = 0x4d49_5345;                       // ESIM

    /// <summary>Takes the state of all machines and of what is on its way between them, copy-on-write.</summary>
    public SimulationSnapshot Snapshot() => new([.. _machines.Select(m => m.Snapshot())], SaveWires());

    /// <summary>Returns to a snapshot of this simulation, or of one of the same machines and links.</summary>
    /// <param name="snapshot">Stays valid.</param>
    /// <exception cref="SnapshotException">It does not fit.</exception>
    public void Restore(SimulationSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (snapshot.Machines.Count != _machines.Count)
            throw new SnapshotException($"the snapshot has {snapshot.Machines.Count} machines, the simulation {_machines.Count}");
        using SimulationSnapshot before = Snapshot();
        try
        {
            Apply(snapshot);
        }
        catch
        {
            Apply(before);
            throw;
        }
    }

    /// <summary>Makes a second simulation in the same state; its machines are forks and share memory with these, copy-on-write.</summary>
    public Simulation Fork() => Fork(static machine => machine.Fork());

    /// <summary>Makes a second simulation in the same state, of machines that somebody else forks.</summary>
    /// <param name="fork">Makes the fork of a machine: called for each in order. The new simulation disposes them.</param>
    /// <exception cref="ArgumentException">What it made is no fork in the same state.</exception>
    public Simulation Fork(Func<Machine, Machine> fork)
    {
        ArgumentNullException.ThrowIfNull(fork);
        var copy = new Simulation(TimeSpan.FromTicks(Latency / 100));
        try
        {
            // within a round the machines are at different times
            foreach (Machine machine in _machines)
            {
                Machine made = fork(machine);
                if (made.Clock.Now != machine.Clock.Now || _machines.Contains(made) || copy._machines.Contains(made))
                    throw new ArgumentException($"'{made.Name}' is no fork of machine '{machine.Name}'", nameof(fork));
                copy.Take(made);
            }

            foreach ((ISimulationLink link, int first, int second) in _links)
                copy.Connect(copy._machines[first], copy._machines[second], link.Between(copy._machines[first], copy._machines[second]));
            copy.LoadWires(SaveWires());
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>A digest of everything that any guest could ever see.</summary>
    public StateHash StateHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Machine machine in _machines)
            hash.AppendData(Encoding.ASCII.GetBytes(machine.StateHash().Hex));
        foreach (List<SimulationMessage> inbox in Inboxes())
        {
            var writer = new StateWriter();
            WriteInbox(writer, inbox);
            hash.AppendData(writer.Written);
        }

        return new StateHash(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private void Apply(SimulationSnapshot snapshot)
    {
        for (int i = 0; i < _machines.Count; i++)
            _machines[i].Restore(snapshot.Machines[i]);
        LoadWires(snapshot.Wires);
    }

    // What was sent but not yet routed belongs to the inboxes: only the cut of the run differs.
    private List<List<SimulationMessage>> Inboxes()
    {
        Route();
        return _inboxes;
    }

    private byte[] SaveWires()
    {
        var writer = new StateWriter();
        writer.Write(Magic);
        writer.Write(_roundEnd);
        writer.Write(_turn);
        foreach (List<SimulationMessage> inbox in Inboxes())
            WriteInbox(writer, inbox);
        return writer.Written.ToArray();
    }

    private static void WriteInbox(StateWriter writer, List<SimulationMessage> inbox)
    {
        writer.Write(inbox.Count);
        foreach (SimulationMessage message in inbox)
        {
            writer.Write(message.Time);
            writer.Write(message.Link);
            writer.Write(message.End);
            writer.Write(message.Content.Span);
        }
    }

    private void LoadWires(byte[] wires)
    {
        var reader = new StateReader("simulation", 1, wires);
        if (reader.ReadUInt32() != Magic)
            throw reader.Damaged("it is no state of a simulation");
        long roundEnd = reader.ReadInt64();
        int turn = reader.ReadInt32();
        var inboxes = new List<List<SimulationMessage>>();
        for (int i = 0; i < _machines.Count; i++)
        {
            var inbox = new List<SimulationMessage>();
            for (int left = reader.ReadCount(20); left > 0; left--)
            {
                var message = new SimulationMessage(reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadBytes().ToArray());
                if ((uint)message.Link >= (uint)_links.Count || (uint)message.End > 1)
                    throw reader.Damaged($"a message is on link {message.Link}, which the simulation does not have");
                inbox.Add(message);
            }

            inboxes.Add(inbox);
        }

        if ((uint)turn > (uint)_machines.Count)
            throw reader.Damaged("the turn is out of range");
        (_roundEnd, _turn) = (roundEnd, turn);
        _sent.Clear();
        for (int i = 0; i < inboxes.Count; i++)
            _inboxes[i] = inboxes[i];
    }
}

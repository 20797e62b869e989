namespace Emulation.Core;

/// <summary>The state of a <see cref="Simulation"/> at one moment, in memory, copy-on-write.</summary>
public sealed class SimulationSnapshot : IDisposable
{
    internal SimulationSnapshot(IReadOnlyList<Snapshot> machines, byte[] wires) => (Machines, Wires) = (machines, wires);

    /// <summary>The machines' snapshots in order.</summary>
    public IReadOnlyList<Snapshot> Machines { get; }

    internal byte[] Wires { get; }

    /// <summary>Gives up the snapshot.</summary>
    public void Dispose()
    {
        foreach (Snapshot machine in Machines)
            machine.Dispose();
    }
}

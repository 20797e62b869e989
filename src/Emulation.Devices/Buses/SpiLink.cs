using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The SPI wires between two machines of a <see cref="Simulation"/>: MOSI, MISO, clock and one chip select. One machine's controller is the master, the other's the slave.</summary>
/// <remarks>
/// <para>
/// A master needs the slave's answer when a word is over, and everything takes the simulation's latency from one machine to the other. So the slave's end tells ahead what is loaded into its
/// transmitter, and the word carries back whether that was sent. A word holds what was loaded a latency before its end; later ones go with the next word, as with a real slave
/// that is late. Words that are back to back should therefore last longer than twice the latency and the slave's interrupt: 8 µs at 1 MHz with the latency of 1 µs.
/// </para>
/// <para>What the slave receives, and its chip select, arrive after the latency, in order.</para>
/// </remarks>
public sealed class SpiLink : ISimulationLink
{
    private readonly Func<Machine, SpiBus> _masterBus, _slaveBus;
    private readonly Func<Machine, Pin> _chipSelect;
    private readonly Func<Machine, Pin>? _slaveSelect;
    private readonly SpiLinkNode[] _nodes;
    private readonly ISpiSlave _slave;
    private readonly PinDriver? _select;

    /// <summary>Creates a link.</summary>
    /// <param name="name">Unique in its simulation.</param>
    /// <param name="master">The machine whose controller gives the clock: the first of the link.</param>
    /// <param name="masterBus">Finds its bus, also in a fork.</param>
    /// <param name="chipSelect">Finds the pin by which it selects the slave; low selects.</param>
    /// <param name="slave">The other machine: the second of the link.</param>
    /// <param name="slaveBus">Finds its bus, whose controller can be a slave.</param>
    /// <param name="slaveSelect">Finds the pin at which the slave sees its chip select; null for a controller that is told by <see cref="ISpiSlave.Select"/> alone.</param>
    /// <exception cref="InvalidOperationException">The slave's bus has no controller that can be a slave.</exception>
    public SpiLink(string name, Machine master, Func<Machine, SpiBus> masterBus, Func<Machine, Pin> chipSelect, Machine slave, Func<Machine, SpiBus> slaveBus, Func<Machine, Pin>? slaveSelect = null)
    {
        ArgumentNullException.ThrowIfNull(masterBus);
        ArgumentNullException.ThrowIfNull(chipSelect);
        ArgumentNullException.ThrowIfNull(slaveBus);
        (Name, _masterBus, _chipSelect, _slaveBus, _slaveSelect) = (name, masterBus, chipSelect, slaveBus, slaveSelect);
        SpiBus first = masterBus(master), second = slaveBus(slave);
        _slave = second.Slave ?? throw new InvalidOperationException($"{second.Name} of machine '{slave.Name}' has no controller that can be an SPI slave");
        _select = slaveSelect?.Invoke(slave).Driver(name);

        // a fork has the nodes already
        _nodes =
        [
            Find(first, name) ?? first.Attach(chipSelect(master), new SpiLinkNode(name)),
            Find(second, name) ?? second.AttachLink(new SpiLinkNode(name)),
        ];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public void Open(Action<int, ReadOnlyMemory<byte>> send)
    {
        for (int i = 0; i < _nodes.Length; i++)
        {
            int end = i;
            _nodes[i].Send = message => send(end, message);
        }

        _nodes[0].Command();
        _nodes[1].Serve(_slave, _select);
    }

    /// <inheritdoc/>
    public void Deliver(int end, ReadOnlyMemory<byte> message)
    {
        if (!message.IsEmpty)
            _nodes[end].Deliver(message.Span);
    }

    /// <inheritdoc/>
    public ISimulationLink Between(Machine first, Machine second) => new SpiLink(Name, first, _masterBus, _chipSelect, second, _slaveBus, _slaveSelect);

    private static SpiLinkNode? Find(SpiBus bus, string link) => bus.Devices.OfType<SpiLinkNode>().FirstOrDefault(n => n.Link == link);
}

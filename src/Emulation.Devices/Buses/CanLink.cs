using System.Buffers.Binary;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A gateway between the CAN buses of two machines of a <see cref="Simulation"/>: what is received on one bus is sent on the other.</summary>
/// <remarks>Each machine has a bus of its own, on which the gateway acknowledges and arbitrates like any node; a frame reaches the other bus when it is over, and begins there anew.</remarks>
public sealed class CanLink : ISimulationLink
{
    private readonly Func<Machine, CanBus>[] _find;
    private readonly CanGateway[] _nodes;
    private readonly int _bitRate;

    /// <summary>Creates a gateway.</summary>
    /// <param name="name">Unique in its simulation.</param>
    /// <param name="first">The first machine.</param>
    /// <param name="firstBus">Finds its bus, also in a fork.</param>
    /// <param name="second">The second machine.</param>
    /// <param name="secondBus">Finds its bus.</param>
    /// <param name="bitRate">Bits per second of both buses.</param>
    public CanLink(string name, Machine first, Func<Machine, CanBus> firstBus, Machine second, Func<Machine, CanBus> secondBus, int bitRate = 500_000)
    {
        ArgumentNullException.ThrowIfNull(firstBus);
        ArgumentNullException.ThrowIfNull(secondBus);
        (Name, _bitRate, _find) = (name, bitRate, [firstBus, secondBus]);
        _nodes = [NodeOf(firstBus(first)), NodeOf(secondBus(second))];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public void Open(Action<int, ReadOnlyMemory<byte>> send)
    {
        for (int i = 0; i < _nodes.Length; i++)
        {
            int end = i;
            _nodes[i].FrameReceived += frame => send(end, Pack(frame));
        }
    }

    /// <inheritdoc/>
    public void Deliver(int end, ReadOnlyMemory<byte> message)
    {
        ReadOnlySpan<byte> bytes = message.Span;
        uint id = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        _nodes[end].Send(new CanFrame(id, (bytes[4] & 1) != 0, (bytes[4] & 2) != 0, bytes[5], BinaryPrimitives.ReadUInt64LittleEndian(bytes[6..])));
    }

    /// <inheritdoc/>
    public ISimulationLink Between(Machine first, Machine second) => new CanLink(Name, first, _find[0], second, _find[1], _bitRate);

    private static byte[] Pack(in CanFrame frame)
    {
        byte[] bytes = new byte[14];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, frame.Id);
        (bytes[4], bytes[5]) = ((byte)((frame.IsExtended ? 1 : 0) | (frame.IsRemote ? 2 : 0)), (byte)frame.Dlc);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(6), frame.Bytes);
        return bytes;
    }

    // a fork has the node already, with the frames that wait in it
    private CanGateway NodeOf(CanBus bus) => bus.Nodes.OfType<CanGateway>().FirstOrDefault(n => n.Link == Name) ?? bus.Attach(new CanGateway(Name, _bitRate));
}

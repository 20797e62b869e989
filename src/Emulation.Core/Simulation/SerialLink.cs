namespace Emulation.Core;

/// <summary>A serial cable between two machines, with both directions crossed.</summary>
/// <param name="name">Unique in its simulation.</param>
/// <param name="first">The first machine.</param>
/// <param name="firstPort">Finds its port.</param>
/// <param name="second">The second machine.</param>
/// <param name="secondPort">Finds its port.</param>
public sealed class SerialLink(string name, Machine first, Func<Machine, SerialPort> firstPort, Machine second, Func<Machine, SerialPort> secondPort) : ISimulationLink
{
    private readonly SerialPort[] _ports = [firstPort(first), secondPort(second)];

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public void Open(Action<int, ReadOnlyMemory<byte>> send)
    {
        for (int i = 0; i < _ports.Length; i++)
        {
            int end = i;
            _ports[i].Transmitted += value => send(end, new[] { value });
            _ports[i].BreakChanged += on => send(end, on ? new byte[2] : default);
        }
    }

    /// <inheritdoc/>
    /// <remarks>One byte is a character, two are the beginning of a break.</remarks>
    public void Deliver(int end, ReadOnlyMemory<byte> message)
    {
        if (message.Length == 1)
            _ports[end].Send(message.Span);
        else if (message.Length == 2)
            _ports[end].SendBreak();
    }

    /// <inheritdoc/>
    public ISimulationLink Between(Machine first, Machine second) => new SerialLink(Name, first, firstPort, second, secondPort);
}

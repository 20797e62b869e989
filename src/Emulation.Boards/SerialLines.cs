using Emulation.Core;

namespace Emulation.Boards;

/// <summary>The serial lines of a board. Builder verbs connect ports; what nobody connected gets a port of its own.</summary>
public sealed class SerialLines
{
    private readonly SerialPort?[] _ports;

    internal SerialLines(int count) => _ports = new SerialPort?[count];

    /// <summary>Number of lines.</summary>
    public int Count => _ports.Length;

    /// <summary>Connects a port to the next free line.</summary>
    /// <param name="port">The port.</param>
    /// <exception cref="MachineConfigurationException">All are taken.</exception>
    public void Add(SerialPort port)
    {
        ArgumentNullException.ThrowIfNull(port);
        int index = Array.FindIndex(_ports, static p => p is null);
        if (index < 0)
            throw new MachineConfigurationException($"all {Count} serial lines of the board are taken");
        _ports[index] = port;
    }

    internal bool Contains(SerialPort port) => Array.IndexOf(_ports, port) >= 0;

    internal SerialPort Take(int index, string name, MachineContext context)
    {
        SerialPort port = context.Backend(name, _ports[index] ?? new SerialPort(name));
        port.Attach(context.DeviceLock);
        return port;
    }
}

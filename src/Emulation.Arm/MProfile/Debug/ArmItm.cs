using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The Instrumentation Trace Macrocell of an M-profile CPU, as the host hears it. DDI 0403E, C1.7 and appendix D4.</summary>
/// <remarks>Events come on the CPU's thread, at the instant of the write, under the device lock.</remarks>
public sealed class ArmItm
{
    private readonly ISerialLine?[] _lines = new ISerialLine?[InstrumentationTrace.Ports];

    internal ArmItm()
    {
    }

    /// <summary>Raised for what a program writes to an enabled stimulus port.</summary>
    public event Action<ItmMessage>? Output;

    /// <summary>Raised for each byte of the serial wire output (SWO): packets of ITM and DWT as appendix D4 of DDI 0403E has them, without the frames of the TPIU's formatter.</summary>
    public event Action<byte>? Swo;

    /// <summary>Connects a stimulus port to a serial line, such as a <see cref="SerialPort"/>: it gets each byte that is written to the port.</summary>
    /// <param name="port">The port, 0 to 31; printf-like libraries use 0.</param>
    /// <param name="line">The line; null for none.</param>
    public void Connect(int port, ISerialLine? line)
    {
        if (port is < 0 or >= InstrumentationTrace.Ports)
            throw new ArgumentOutOfRangeException(nameof(port), port, "An ITM has stimulus ports 0 to 31.");
        _lines[port] = line;
    }

    internal void Raise(ItmMessage message)
    {
        Output?.Invoke(message);
        if (_lines[message.Port] is not { } line)
            return;
        for (int i = 0; i < message.Size; i++)
            line.Transmit((byte)(message.Value >> (8 * i)));
    }

    internal void Raise(byte value) => Swo?.Invoke(value);
}

namespace Emulation.Arm;

/// <summary>The packets of ITM and DWT as bytes. DDI 0403E, appendix D4.</summary>
/// <param name="send">Takes the bytes.</param>
internal sealed class TracePackets(Action<byte> send)
{
    /// <summary>Synchronization: at least 47 zero bits and a one.</summary>
    public void Synchronization()
    {
        for (int i = 0; i < 5; i++)
            send(0);
        send(0x80);
    }

    /// <summary>A write to a stimulus port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="value">What was written.</param>
    /// <param name="size">Its bytes: 1, 2 or 4.</param>
    public void Software(int port, uint value, int size) => Source(port, 0, value, size);

    /// <summary>A packet of the DWT.</summary>
    /// <param name="discriminator">Which kind.</param>
    /// <param name="value">The payload.</param>
    /// <param name="size">Its bytes: 1, 2 or 4.</param>
    public void Hardware(int discriminator, uint value, int size) => Source(discriminator, 4, value, size);

    /// <summary>A local timestamp that is in step with what came before.</summary>
    /// <param name="delta">Ticks since the last timestamp.</param>
    public void LocalTimestamp(ulong delta)
    {
        if (delta is > 0 and < 7)
        {
            send((byte)(delta << 4));
            return;
        }

        send(0xc0);
        delta = Math.Min(delta, (1UL << 28) - 1);
        do
        {
            send((byte)((delta & 0x7f) | (delta > 0x7f ? 0x80u : 0)));
            delta >>= 7;
        }
        while (delta != 0);
    }

    private void Source(int id, int hardware, uint value, int size)
    {
        send((byte)((id << 3) | hardware | (size == 4 ? 3 : size)));
        for (int i = 0; i < size; i++)
            send((byte)(value >> (8 * i)));
    }
}

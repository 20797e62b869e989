using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The error counters of a CAN node and what follows from them. ISO 11898-1, 12.1.4.</summary>
public sealed class CanErrorCounters
{
    /// <summary>Transmit error counter; above 255 the node is bus-off.</summary>
    public int Transmit { get; private set; }

    /// <summary>Receive error counter.</summary>
    public int Receive { get; private set; }

    /// <summary>Whether a counter has reached 96.</summary>
    public bool IsWarning => Transmit >= 96 || Receive >= 96;

    /// <summary>Whether a counter is above 127.</summary>
    public bool IsPassive => Transmit > 127 || Receive > 127;

    /// <summary>Whether the node may not take part any more.</summary>
    public bool IsBusOff => Transmit > 255;

    /// <summary>A frame of the node's own succeeded.</summary>
    public void OnTransmitted() => Transmit = IsBusOff ? Transmit : Math.Max(0, Transmit - 1);

    /// <summary>A frame of another node was received.</summary>
    public void OnReceived() => Receive = Receive > 127 ? 119 : Math.Max(0, Receive - 1);

    /// <summary>A frame failed.</summary>
    /// <param name="error">What the node saw.</param>
    /// <param name="isTransmitter">Whether the frame was its own.</param>
    public void OnFailed(CanError error, bool isTransmitter)
    {
        if (!isTransmitter)
            Receive = Math.Min(255, Receive + 1);
        else if (error != CanError.Acknowledge || !IsPassive)      // a lone node that is passive already does not become bus-off
            Transmit = Math.Min(256, Transmit + 8);
    }

    /// <summary>The node begins anew, after power-on or after it was bus-off.</summary>
    public void Clear() => (Transmit, Receive) = (0, 0);

    /// <summary>Writes both counters.</summary>
    /// <param name="writer">The owner's section.</param>
    public void Save(StateWriter writer)
    {
        writer.Write((ushort)Transmit);
        writer.Write((ushort)Receive);
    }

    /// <summary>Reads both counters.</summary>
    /// <param name="reader">The owner's section.</param>
    public void Load(StateReader reader)
    {
        Transmit = Math.Min(256, (int)reader.ReadUInt16());
        Receive = Math.Min(255, (int)reader.ReadUInt16());
    }
}

namespace Emulation.Devices;

/// <summary>A node on a CAN bus: a controller or a part. A part that has state implements <see cref="IPart"/>, too.</summary>
/// <remarks>Calls come under the device lock, at the times the bits have on the bus. A node that has something to send says so by <see cref="CanBus.Request"/>; what fails, it offers again or not.</remarks>
public interface ICanNode
{
    /// <summary>Shown in messages and transcripts.</summary>
    string Name { get; }

    /// <summary>Nominal bit time in picoseconds (2,000,000 at 500 kbit/s); 0 while the node is not on the bus (being initialised, or bus-off).</summary>
    long BitTime { get; }

    /// <summary>Whether it only listens: it neither acknowledges nor sends error flags.</summary>
    bool IsSilent => false;

    /// <summary>Whether it is error passive: it waits for eight more bits after a frame of its own, and its error flags destroy nothing.</summary>
    bool IsErrorPassive => false;

    /// <summary>What the node sends next, if it may: asked when the bus is free.</summary>
    /// <param name="frame">Its frame of highest priority.</param>
    /// <returns>False for none.</returns>
    bool TryGetFrame(out CanFrame frame);

    /// <summary>Its frame is on the bus and won arbitration.</summary>
    /// <param name="frame">The frame that <see cref="TryGetFrame"/> gave.</param>
    void TransmissionStarted(in CanFrame frame) { }

    /// <summary>Its frame lost arbitration; it is asked again when the bus is free.</summary>
    /// <param name="frame">The frame that <see cref="TryGetFrame"/> gave.</param>
    void ArbitrationLost(in CanFrame frame) { }

    /// <summary>Its frame is over and was acknowledged: it is not to be offered again.</summary>
    /// <param name="frame">The frame.</param>
    void Transmitted(in CanFrame frame);

    /// <summary>A frame of another node is over and is valid.</summary>
    /// <param name="frame">The frame.</param>
    void Received(in CanFrame frame);

    /// <summary>A frame failed; error counters move.</summary>
    /// <param name="error">What this node has seen.</param>
    /// <param name="isTransmitter">Whether the frame was its own.</param>
    void Failed(CanError error, bool isTransmitter);
}

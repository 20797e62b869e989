namespace Emulation.Devices;

/// <summary>A frame, or a failed one, on a CAN bus.</summary>
/// <param name="Time">Virtual time of its end in nanoseconds.</param>
/// <param name="Start">Virtual time of its start of frame.</param>
/// <param name="Sender">Name of the node that sent it.</param>
/// <param name="Frame">The frame.</param>
/// <param name="Error">Why it failed, as its transmitter saw it; none when it is valid.</param>
public readonly record struct CanEvent(long Time, long Start, string Sender, CanFrame Frame, CanError Error)
{
    /// <summary>The event in a transcript: <c>can1 123#0102</c>, and why the frame failed if it did.</summary>
    public override string ToString() => $"{Sender} {Frame}{(Error == CanError.None ? "" : $" failed: {Error}")}";
}

/// <summary>Is told of each frame when it is over.</summary>
/// <param name="e">The event.</param>
public delegate void CanObserver(in CanEvent e);

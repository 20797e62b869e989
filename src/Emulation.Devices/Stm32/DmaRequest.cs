using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A request line from a peripheral to a DMA controller: a level, and the controller's acknowledgement.</summary>
/// <param name="name">The name in the controller's request table, such as <c>USART2_RX</c>.</param>
public sealed class DmaRequest(string name)
{
    /// <summary>The name in the controller's request table.</summary>
    public string Name { get; } = name;

    /// <summary>Whether a transfer is wanted.</summary>
    public bool Level { get; private set; }

    /// <summary>Whether the transfer that is wanted is the last: for peripherals that control the flow.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Transfers that the stream has still to do after the one that was acknowledged last: EOT of RM0090 10.3.2.</summary>
    public uint Left { get; private set; }

    /// <summary>Raised when the line rises.</summary>
    public event Action? Raised;

    /// <summary>The peripheral's handler of an acknowledged transfer; the argument says whether it was the last of the stream's. A peripheral whose line falls by the access itself needs none.</summary>
    public Action<bool>? Acknowledged { get; set; }

    /// <summary>Drives the line.</summary>
    /// <param name="level">Whether a transfer is wanted.</param>
    /// <param name="last">Whether it is the last, for peripherals that control the flow.</param>
    public void Set(bool level, bool last = false)
    {
        IsLast = level && last;
        if (Level == level)
            return;
        Level = level;
        if (level)
            Raised?.Invoke();
    }

    internal void Acknowledge(bool last, uint left)
    {
        Left = left;
        Acknowledged?.Invoke(last);
    }

    /// <summary>Writes the level.</summary>
    /// <param name="writer">The peripheral's section.</param>
    public void Save(StateWriter writer)
    {
        writer.Write(Level);
        writer.Write(IsLast);
    }

    /// <summary>Reads what <see cref="Save"/> wrote; nobody is told.</summary>
    /// <param name="reader">The peripheral's section.</param>
    public void Load(StateReader reader) => (Level, IsLast) = (reader.ReadBoolean(), reader.ReadBoolean());
}

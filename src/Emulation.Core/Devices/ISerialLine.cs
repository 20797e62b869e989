namespace Emulation.Core;

/// <summary>One symbol that arrives at a serial device.</summary>
/// <param name="Value">The character; 0 for a break.</param>
/// <param name="IsBreak">Whether the line was held low for longer than a character.</param>
public readonly record struct SerialSymbol(byte Value, bool IsBreak = false);

/// <summary>The device's end of a serial line. All members are used under the device lock.</summary>
public interface ISerialLine
{
    /// <summary>Raised when symbols can be received.</summary>
    event Action? InputArrived;

    /// <summary>Symbols that wait.</summary>
    int PendingInput { get; }

    /// <summary>Takes the next symbol.</summary>
    /// <param name="symbol">The symbol.</param>
    /// <returns>False when none waits.</returns>
    bool TryReceive(out SerialSymbol symbol);

    /// <summary>Sends a character to the host. The host may answer before this returns, so a device calls it last.</summary>
    /// <param name="value">The character.</param>
    void Transmit(byte value);

    /// <summary>Begins or ends a break towards the host.</summary>
    /// <param name="on">Whether the line is held low.</param>
    void SetBreak(bool on);

    /// <summary>Writes the symbols that wait: they are part of the device's state.</summary>
    /// <param name="writer">The device's section.</param>
    void Save(StateWriter writer);

    /// <summary>Reads what <see cref="Save"/> wrote, in place of what waits now.</summary>
    /// <param name="reader">The device's section.</param>
    void Load(StateReader reader);

    /// <summary>Drops the symbols that wait.</summary>
    void Reset();
}

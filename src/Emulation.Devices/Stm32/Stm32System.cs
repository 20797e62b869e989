using Emulation.Core;

namespace Emulation.Devices;

/// <summary>What several parts of one STM32 device have to know of each other: the reset that is coming, and who may write the backup domain. RM0090 5.1.2, 7.1.</summary>
/// <remarks>
/// A reset that nobody asked for here is a power-on reset. A system reset leaves the backup domain and a few other registers: their devices remember them when
/// <see cref="ResetRequested"/> is raised and bring them back in their own reset. The board calls <see cref="CompleteReset"/> when all devices were reset.
/// </remarks>
public sealed class Stm32System
{
    /// <summary>Raised when a system reset is asked for, before anything is reset.</summary>
    public event Action? ResetRequested;

    /// <summary>Raised after <see cref="ResetRequested"/>: the board lets the machine reset itself.</summary>
    public event Action? ResetDemanded;

    /// <summary>The cause of the reset that is coming; null when the next one is a power-on reset.</summary>
    public Stm32ResetCause? Pending { get; private set; }

    /// <summary>Whether a reset at this moment leaves the backup domain.</summary>
    public bool KeepsBackup => Pending is not null;

    /// <summary>PWR_CR.DBP: whether the guest may write the backup domain.</summary>
    public bool BackupWritable { get; internal set; }

    /// <summary>Asks for a system reset.</summary>
    /// <param name="cause">Why; the pin's flag is added where there is any.</param>
    public void RequestReset(Stm32ResetCause cause)
    {
        if (Pending is not null)
            return;
        Pending = cause == Stm32ResetCause.None ? cause : cause | Stm32ResetCause.Pin;
        ResetRequested?.Invoke();
        ResetDemanded?.Invoke();
    }

    /// <summary>The reset is over.</summary>
    public void CompleteReset() => Pending = null;

    internal void Save(StateWriter writer)
    {
        writer.Write(Pending is not null);
        writer.Write((uint)(Pending ?? 0));
    }

    internal void Load(StateReader reader)
    {
        bool any = reader.ReadBoolean();
        uint cause = reader.ReadUInt32();
        Pending = any ? (Stm32ResetCause)cause : null;
        // what was remembered for the reset is in the snapshot; the request to the machine is not
        if (any)
            ResetDemanded?.Invoke();
    }
}

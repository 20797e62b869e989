using Emulation.Core;

namespace Emulation.Boards;

/// <summary>Runs a machine until it says something.</summary>
public static class SerialPortExtensions
{
    /// <summary>Runs the machine until the guest has transmitted a text, which may be part of a line.</summary>
    /// <param name="machine">A machine that does not run.</param>
    /// <param name="port">One of its serial ports.</param>
    /// <param name="text">What to wait for. Only what is transmitted from now on counts.</param>
    /// <param name="within">At most this much virtual time; null for no limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How the run ended: with <see cref="StopReason.Condition"/> when the text came, at the instruction that transmitted its last character.</returns>
    public static RunResult RunUntilText(this Machine machine, SerialPort port, string text, TimeSpan? within = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(port);
        using var watch = new TextWatch(port, text);
        return machine.RunUntil(() => watch.Found, within?.Ticks * 100, cancellationToken);
    }

    /// <summary>As <see cref="RunUntilText"/> on a thread of the pool; throws when the text does not come.</summary>
    /// <param name="machine">A machine that does not run.</param>
    /// <param name="port">One of its serial ports.</param>
    /// <param name="text">What to wait for.</param>
    /// <param name="within">At most this much virtual time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">The machine stopped for another reason, the limit of time among them; the message has the end of the output.</exception>
    public static async Task<RunResult> WaitForLineAsync(this Machine machine, SerialPort port, string text, TimeSpan? within = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(port);
        RunResult result = await Task.Run(() => machine.RunUntilText(port, text, within, cancellationToken), cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (result.Reason == StopReason.Condition)
            return result;
        string recent = port.RecentText;
        throw new TimeoutException($"'{text}' did not appear on '{port.Name}': the machine stopped with {result.Reason} at 0x{result.Pc:x}; the output ends with: {recent[Math.Max(0, recent.Length - 400)..]}");
    }
}

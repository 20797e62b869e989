namespace Emulation.Storage;

/// <summary>A connection is of no use any more, and what was under way is not known to be done.</summary>
internal sealed class NbdConnectionLostException(string reason, bool canRetry, Exception? inner = null) : IOException(reason, inner)
{
    /// <summary>Whether another connection may do better: not where the server broke the protocol.</summary>
    public bool CanRetry { get; } = canRetry;
}

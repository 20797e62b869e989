namespace Emulation.Storage;

/// <summary>An NBD server cannot be reached, breaks the protocol, or answers with an error. The message names the export and the place.</summary>
public sealed class NbdException : IOException
{
    /// <summary>Creates the exception.</summary>
    public NbdException() { }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">Names the export and the reason.</param>
    public NbdException(string message) : base(message) { }

    /// <summary>Creates the exception with a message and a cause.</summary>
    /// <param name="message">Names the export and the reason.</param>
    /// <param name="inner">The cause.</param>
    public NbdException(string message, Exception? inner) : base(message, inner) { }

    internal NbdException(string message, NbdError error, long? offset) : base(message) => (ErrorCode, Offset) = ((int)error, offset);

    /// <summary>The error value of the server's reply (22 for NBD_EINVAL, 28 for NBD_ENOSPC, ...); null when it is no reply that failed.</summary>
    public int? ErrorCode { get; }

    /// <summary>First byte of the range that the failed request was about, if it was about one.</summary>
    public long? Offset { get; }
}

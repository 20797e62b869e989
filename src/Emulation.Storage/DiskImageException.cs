namespace Emulation.Storage;

/// <summary>A disk image cannot be opened or created. The message names the file and the reason, fit for a user.</summary>
public sealed class DiskImageException : IOException
{
    /// <summary>Creates the exception.</summary>
    public DiskImageException() { }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">Names the file and the reason.</param>
    public DiskImageException(string message) : base(message) { }

    /// <summary>Creates the exception with a message and a cause.</summary>
    /// <param name="message">Names the file and the reason.</param>
    /// <param name="inner">The cause.</param>
    public DiskImageException(string message, Exception? inner) : base(message, inner) { }
}

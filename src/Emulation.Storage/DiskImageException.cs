namespace Emulation.Storage;

/// <summary>A disk image cannot be opened, created or used. The message names the file, the place and the reason, fit for a user.</summary>
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

    /// <summary>Creates the exception for a place in an image.</summary>
    /// <param name="message">Names the file, the place and the reason.</param>
    /// <param name="format">The image's format, such as <c>qcow2</c>.</param>
    /// <param name="offset">Byte of the image file where the trouble is.</param>
    public DiskImageException(string message, string format, long offset) : base(message) => (Format, Offset) = (format, offset);

    internal DiskImageException(string message, string format, long offset, Exception? inner) : base(message, inner) => (Format, Offset) = (format, offset);

    /// <summary>The image's format, if that matters.</summary>
    public string? Format { get; }

    /// <summary>Byte of the image file where the trouble is, if it is in one place.</summary>
    public long? Offset { get; }
}

namespace Emulation.Boards.Loading;

/// <summary>A kernel, firmware or other file for the guest cannot be used. The message names the file, what is wrong and what to do, fit for a user.</summary>
public sealed class GuestImageException : Exception
{
    /// <summary>Creates the exception.</summary>
    public GuestImageException() { }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">Names the file, what is wrong and what to do.</param>
    public GuestImageException(string message) : base(message) { }

    /// <summary>Creates the exception with a message and a cause.</summary>
    /// <param name="message">Names the file, what is wrong and what to do.</param>
    /// <param name="inner">The cause.</param>
    public GuestImageException(string message, Exception? inner) : base(message, inner) { }

    /// <summary>Creates the exception from its parts.</summary>
    /// <param name="purpose">What the file is for, such as <c>kernel</c>.</param>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <param name="remedy">What the user can do.</param>
    /// <param name="inner">The cause.</param>
    public GuestImageException(string purpose, string path, string problem, string remedy, Exception? inner = null)
        : base($"{purpose} '{path}' {problem}; {remedy}", inner)
    {
    }
}

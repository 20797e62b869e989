namespace Emulation.Boards.DeviceTree;

/// <summary>A device tree blob is damaged, or a tree is not what an operation needs. The message says what is wrong.</summary>
public sealed class FdtException : Exception
{
    /// <summary>Creates the exception.</summary>
    public FdtException() { }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">What is wrong.</param>
    public FdtException(string message) : base(message) { }

    /// <summary>Creates the exception with a message and a cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="inner">The cause.</param>
    public FdtException(string message, Exception inner) : base(message, inner) { }
}

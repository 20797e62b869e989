namespace Emulation.Cli;

/// <summary>The command line asks for something that does not exist or does not go together. The message is for the user.</summary>
internal sealed class UsageException : Exception
{
    public UsageException() { }

    public UsageException(string message) : base(message) { }

    public UsageException(string message, Exception inner) : base(message, inner) { }
}

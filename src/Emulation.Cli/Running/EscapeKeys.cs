namespace Emulation.Cli.Running;

/// <summary>What a user asked for with Ctrl-A and another key.</summary>
internal enum EscapeCommand
{
    None,
    Quit,
    Monitor,
    Help,
    Break,
}

/// <summary>Takes the keys behind Ctrl-A out of what goes to the guest.</summary>
internal sealed class EscapeKeys
{
    private const byte Escape = 1;
    private bool _escaped;

    public const string Help = """
        Ctrl-A H  this help
        Ctrl-A X  leave
        Ctrl-A C  monitor
        Ctrl-A B  send a break
        Ctrl-A Ctrl-A  send Ctrl-A

        """;

    /// <summary>Looks at one byte.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="forGuest">Gets it if it is for the guest.</param>
    /// <returns>What it completes.</returns>
    public EscapeCommand Next(byte value, List<byte> forGuest)
    {
        if (!_escaped)
        {
            _escaped = value == Escape;
            if (!_escaped)
                forGuest.Add(value);
            return EscapeCommand.None;
        }

        _escaped = false;
        switch (value)
        {
            case (byte)'x' or (byte)'X': return EscapeCommand.Quit;
            case (byte)'c' or (byte)'C': return EscapeCommand.Monitor;
            case (byte)'h' or (byte)'H' or (byte)'?': return EscapeCommand.Help;
            case (byte)'b' or (byte)'B': return EscapeCommand.Break;
            case Escape: forGuest.Add(Escape); break;
            default: break;
        }

        return EscapeCommand.None;
    }
}

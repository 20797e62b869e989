namespace Emulation.Cli.Terminals;

/// <summary>The terminal that standard input is connected to.</summary>
internal interface ITerminal
{
    /// <summary>Passes every key on as it is typed, without echo and without signals.</summary>
    void EnterRawMode();

    /// <summary>Brings the terminal back to what it was. Does nothing when it is; may be called on any thread.</summary>
    void Restore();
}

using Emulation.Cli.Terminals;

namespace Emulation.Cli.Running;

/// <summary>Keeps a terminal in raw mode for a while and restores it however the process ends.</summary>
internal sealed class TerminalScope(ITerminal? terminal)
{
    /// <summary>The terminal; null for none.</summary>
    public ITerminal? Terminal { get; } = terminal;

    public void Enter()
    {
        if (Terminal is null)
            return;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        Terminal.EnterRawMode();
    }

    public void Leave()
    {
        if (Terminal is null)
            return;
        Terminal.Restore();
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
    }

    private void OnExit(object? sender, EventArgs e) => Terminal?.Restore();
}

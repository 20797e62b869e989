using System.Runtime.InteropServices;

namespace Emulation.Cli.Running;

/// <summary>Why a run shall end, noted from any thread, and the token that ends it.</summary>
internal sealed class RunSession : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenSource? _timeout;
    private CancellationTokenSource _pause;
    private InputPump? _input;
    private bool _monitorAsked;
    private volatile bool _left;
    private volatile bool _outputLost;

    public RunSession(TimeSpan? timeout, CancellationToken cancellation)
    {
        _timeout = timeout is { } limit ? new CancellationTokenSource(limit) : null;
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _timeout?.Token ?? CancellationToken.None);
        _pause = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
    }

    /// <summary>Where the help for the keys goes.</summary>
    public TextWriter? HelpOutput { get; set; }

    /// <summary>Whether the run is to end.</summary>
    public bool Stopping => _end.IsCancellationRequested;

    /// <summary>Whether the user left.</summary>
    public bool Left => _left;

    /// <summary>Whether the console's output cannot be written.</summary>
    public bool OutputLost => _outputLost;

    /// <summary>Whether the time is over.</summary>
    public bool TimedOut => _timeout?.IsCancellationRequested == true;

    /// <summary>Says where input comes from.</summary>
    public void Attach(InputPump? input) => _input = input;

    /// <summary>The token of the next run: cancelled when all is to end, or when the monitor was asked for.</summary>
    public CancellationToken NextToken()
    {
        lock (_lock)
        {
            if (_pause.IsCancellationRequested && !_monitorAsked)
            {
                _pause.Dispose();
                _pause = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            }

            return _pause.Token;
        }
    }

    public bool TakeMonitorRequest()
    {
        lock (_lock)
        {
            bool asked = _monitorAsked;
            _monitorAsked = false;
            return asked;
        }
    }

    public void OnKey(EscapeCommand command)
    {
        switch (command)
        {
            case EscapeCommand.Quit:
                _left = true;
                _end.Cancel();
                break;
            case EscapeCommand.Monitor:
                lock (_lock)
                {
                    _input?.OpenMonitor();
                    _monitorAsked = true;
                    _pause.Cancel();
                }

                break;
            case EscapeCommand.Help:
                HelpOutput?.Write(Environment.NewLine + EscapeKeys.Help);
                HelpOutput?.Flush();
                break;
            default:
                break;
        }
    }

    public void OnSignal(PosixSignalContext context)
    {
        // the second one ends the process, whatever the machine is doing
        context.Cancel = !Stopping;
        _end.Cancel();
    }

    public void OnOutputLost(IOException error)
    {
        _outputLost = true;
        _end.Cancel();
    }

    public void Dispose()
    {
        _pause.Dispose();
        _end.Dispose();
        _timeout?.Dispose();
    }
}

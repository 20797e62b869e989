using System.Runtime.ExceptionServices;

namespace Emulation.Core;

/// <summary>An action that exactly one of several threads runs, and one waits for.</summary>
/// <param name="action">Runs once.</param>
internal sealed class ExclusiveWork(Action action) : IDisposable
{
    private readonly ManualResetEventSlim _done = new();
    private int _taken;
    private ExceptionDispatchInfo? _failure;

    public void Run()
    {
        if (Interlocked.Exchange(ref _taken, 1) != 0)
            return;
        try
        {
            action();
        }
#pragma warning disable CA1031 // it is rethrown on the thread that asked for the work
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }

        _done.Set();
    }

    public bool Wait(int milliseconds) => _done.Wait(milliseconds);

    public void ThrowIfFailed() => _failure?.Throw();

    public void Dispose() => _done.Dispose();
}

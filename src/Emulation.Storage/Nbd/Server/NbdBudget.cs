namespace Emulation.Storage;

/// <summary>How much of one connection is under way. One enters, any number leave.</summary>
internal sealed class NbdBudget(int maxRequests, long maxBytes)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _changed;
    private int _requests;
    private long _bytes;

    /// <summary>Waits until there is room. A request alone always has room.</summary>
    public async ValueTask EnterAsync(int bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_requests == 0 || (_requests < maxRequests && _bytes + bytes <= maxBytes))
                {
                    _requests++;
                    _bytes += bytes;
                    return;
                }

                changed = Changed();
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Leave(int bytes)
    {
        lock (_lock)
        {
            _requests--;
            _bytes -= bytes;
            _changed?.SetResult();
            _changed = null;
        }
    }

    /// <summary>Waits until nothing is under way.</summary>
    public async ValueTask IdleAsync()
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_requests == 0)
                    return;
                changed = Changed();
            }

            await changed.ConfigureAwait(false);
        }
    }

    private Task Changed() => (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
}

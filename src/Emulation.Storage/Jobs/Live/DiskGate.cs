namespace Emulation.Storage;

/// <summary>Lets so many in at once, until it is closed.</summary>
internal sealed class DiskGate(int permits) : IDisposable
{
    private readonly SemaphoreSlim _free = new(permits);

    public async ValueTask EnterAsync(CancellationToken cancellationToken) => await _free.WaitAsync(cancellationToken).ConfigureAwait(false);

    public void Exit() => _free.Release();

    /// <summary>Waits until nobody is in, and lets nobody in.</summary>
    public async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        int taken = 0;
        try
        {
            for (; taken < permits; taken++)
                await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            if (taken > 0)
                _free.Release(taken);
            throw;
        }
    }

    public void Open() => _free.Release(permits);

    public void Dispose() => _free.Dispose();
}

namespace Emulation.Storage;

/// <summary>A range of a disk that is in use until the server has answered, even if the caller does not wait for that.</summary>
internal sealed class NbdHold(RangeGate gate, RangeGate.Pass pass)
{
    /// <summary>The last request for the range.</summary>
    public NbdCall? Call { get; set; }

    /// <summary>The caller is done.</summary>
    public void Release()
    {
        if (Call is not { Done.IsCompleted: false } call)
        {
            gate.Leave(pass);
            return;
        }

        _ = call.Done.ContinueWith(_ => gate.Leave(pass), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}

namespace Emulation.Storage;

/// <summary>Lets users of ranges of a device in, in the order they come: several share a range, one that changes it has it alone.</summary>
internal sealed class RangeGate
{
    private readonly Lock _lock = new();
    private readonly List<Pass> _passes = [];

    /// <summary>Waits until a range is free.</summary>
    /// <param name="start">First byte.</param>
    /// <param name="end">The byte after the last.</param>
    /// <param name="exclusive">Whether it will be changed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<Pass> EnterAsync(long start, long end, bool exclusive, CancellationToken cancellationToken)
    {
        var pass = new Pass(start, end, exclusive);
        lock (_lock)
        {
            _passes.Add(pass);
            if (IsFree(_passes.Count - 1))
            {
                pass.IsInside = true;
                return new(pass);
            }

            pass.Turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return WaitAsync(pass, cancellationToken);
    }

    /// <summary>Makes room for those who wait.</summary>
    public void Leave(Pass pass)
    {
        lock (_lock)
        {
            _passes.Remove(pass);
            for (int i = 0; i < _passes.Count; i++)
            {
                Pass next = _passes[i];
                if (next.IsInside || !IsFree(i))
                    continue;
                next.IsInside = true;
                next.Turn!.SetResult();
            }
        }
    }

    private async ValueTask<Pass> WaitAsync(Pass pass, CancellationToken cancellationToken)
    {
        try
        {
            await pass.Turn!.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return pass;
        }
        catch (OperationCanceledException)
        {
            Leave(pass);
            throw;
        }
    }

    private bool IsFree(int index)
    {
        Pass pass = _passes[index];
        for (int i = 0; i < index; i++)
        {
            if (_passes[i].Excludes(pass))
                return false;
        }

        return true;
    }

    /// <summary>The right to use a range.</summary>
    internal sealed class Pass(long start, long end, bool exclusive)
    {
        public bool IsInside { get; set; }

        public TaskCompletionSource? Turn { get; set; }

        public bool Excludes(Pass other) => other.Start < End && Start < other.End && (Exclusive || other.Exclusive);

        private long Start { get; } = start;

        private long End { get; } = end;

        private bool Exclusive { get; } = exclusive;
    }
}

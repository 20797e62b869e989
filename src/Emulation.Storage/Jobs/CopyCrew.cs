using System.Runtime.ExceptionServices;

namespace Emulation.Storage;

/// <summary>Does the work of a copy on threads of its own: whoever is free writes what is due, or else takes and reads the next piece.</summary>
/// <remarks>
/// Local files complete at once, so that tasks would take turns on one thread; and a hand-over between threads costs as much as a piece
/// takes. Here one thread goes on writing while the others read ahead, until the memory for pieces is used up.
/// </remarks>
internal sealed class CopyCrew : IDisposable
{
    private readonly object _gate = new();              // a monitor: the crew waits on it
    private readonly ICopySteps _steps;
    private readonly CancellationTokenSource _stop;
    private readonly List<CopyPiece> _underWay = [];    // in the order of the disk
    private readonly Stack<CopyPiece> _free = new();
    private readonly List<CopyPiece> _pieces = [];
    private bool _taking;
    private bool _ended;
    private ExceptionDispatchInfo? _failure;

    /// <param name="steps">What is done with each piece.</param>
    /// <param name="pieces">Pieces that may be under way at once.</param>
    /// <param name="create">Makes the memory of one.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public CopyCrew(ICopySteps steps, int pieces, Func<CopyPiece> create, CancellationToken cancellationToken)
    {
        _steps = steps;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        for (int i = 0; i < pieces; i++)
        {
            CopyPiece piece = create();
            _pieces.Add(piece);
            _free.Push(piece);
        }
    }

    /// <summary>Works until the disk is copied; the first failure ends it.</summary>
    /// <param name="threads">How many work.</param>
    /// <param name="callerWorks">Whether the calling thread is one of them, and is kept until the end.</param>
    public async Task RunAsync(int threads, bool callerWorks)
    {
        using CancellationTokenRegistration wake = _stop.Token.Register(WakeAll);
        var crew = new Task[callerWorks ? threads - 1 : threads];
        for (int i = 0; i < crew.Length; i++)
            crew[i] = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task done = Task.WhenAll(crew);
        if (callerWorks)
        {
            Work();
            done.Wait(CancellationToken.None);
        }

        await done.ConfigureAwait(false);
        _failure?.Throw();
    }

    public void Dispose()
    {
        foreach (CopyPiece piece in _pieces)
            piece.Dispose();
        _stop.Dispose();
    }

    private void Work()
    {
        try
        {
            while (Next() is { } piece)
            {
                if (piece.InWriting)
                    Write(piece);
                else
                    Read(piece);
            }
        }
        catch (Exception e)
        {
            // the first failure is the one that is told; it stops the others
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            _stop.Cancel();
        }
    }

    // a piece to write, or the memory for one to read; null when there is nothing more to do
    private CopyPiece? Next()
    {
        lock (_gate)
        {
            while (true)
            {
                _stop.Token.ThrowIfCancellationRequested();
                if (Due() is { } due)
                {
                    due.InWriting = true;
                    return due;
                }

                if (!_taking && !_ended && _free.TryPop(out CopyPiece? free))
                {
                    _taking = true;
                    return free;
                }

                if (_ended && _underWay.Count == 0)
                    return null;
                Monitor.Wait(_gate);
            }
        }
    }

    private CopyPiece? Due()
    {
        foreach (CopyPiece piece in _underWay)
        {
            if (piece is { Ready: true, InWriting: false })
                return piece;
            if (_steps.InOrder)
                return null;
        }

        return null;
    }

    private void Read(CopyPiece piece)
    {
        bool more = _steps.Take(piece, _stop.Token);
        lock (_gate)
        {
            _taking = false;
            _ended = !more;
            if (more)
                _underWay.Add(piece);
            else
                _free.Push(piece);
            Monitor.PulseAll(_gate);
        }

        if (!more)
            return;
        _steps.Read(piece, _stop.Token);
        lock (_gate)
        {
            piece.Ready = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Write(CopyPiece piece)
    {
        _steps.Write(piece, _stop.Token);
        lock (_gate)
        {
            _underWay.Remove(piece);
            piece.Ready = piece.InWriting = false;
            _free.Push(piece);
            Monitor.PulseAll(_gate);
        }
    }

    private void WakeAll()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }
}

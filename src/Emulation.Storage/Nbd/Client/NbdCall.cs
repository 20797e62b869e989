namespace Emulation.Storage;

/// <summary>One request on its way, and what has come in answer to it.</summary>
/// <param name="request">The request; its cookie is set when it is sent.</param>
/// <param name="buffer">For a read: where the data go.</param>
/// <param name="payload">For a write: the data.</param>
internal sealed class NbdCall(NbdRequest request, Memory<byte> buffer, ReadOnlyMemory<byte> payload)
{
    // a server may split a reply, but not into dust
    private const int MaxFragments = 4096;
    private const int MaxErrors = 64;
    private const int MaxErrorText = 1024;

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // what of a read has come: ranges that do not touch, in order
    private readonly List<(int Start, int End)> _covered = [];
    private readonly List<(uint Context, uint Length, uint State)> _extents = [];
    private bool _abandoned;
    private int _errors;

    public NbdRequest Request { get; set; } = request;

    public ReadOnlyMemory<byte> Payload => payload;

    /// <summary>Completes with the reply, right or wrong; fails when there will be none.</summary>
    public Task Done => _done.Task;

    public NbdError Error { get; private set; }

    public string ErrorText { get; private set; } = "";

    /// <summary>Whether bytes of the answer have been used: an error before that leaves a simple reply without data.</summary>
    public bool IsRead => Request.Command == NbdCommand.Read;

    /// <summary>The first extent of a context.</summary>
    public (uint Length, uint State)? Extent(uint context)
    {
        foreach ((uint id, uint length, uint state) in _extents)
        {
            if (id == context)
                return (length, state);
        }

        return null;
    }

    /// <summary>From here on the caller's memory is not touched.</summary>
    public void Abandon()
    {
        lock (_lock)
            _abandoned = true;
    }

    public void Store(ReadOnlySpan<byte> bytes, int position)
    {
        lock (_lock)
        {
            if (!_abandoned)
                bytes.CopyTo(buffer.Span[position..]);
        }
    }

    public void StoreZeroes(int position, int length)
    {
        lock (_lock)
        {
            if (!_abandoned)
                buffer.Span.Slice(position, length).Clear();
        }
    }

    /// <summary>Notes that a part of a read comes; gives where it is in the buffer.</summary>
    /// <exception cref="InvalidDataException">It is no part of what was asked for, or came already.</exception>
    public int Cover(ulong offset, uint length)
    {
        ulong within = unchecked(offset - Request.Offset);
        if (offset < Request.Offset || within > Request.Length || length > Request.Length - within)
            throw new InvalidDataException($"it sends {length} bytes from {offset} on for a read of {Request.Length} bytes at {Request.Offset}");
        (int start, int end) = ((int)within, (int)within + (int)length);
        int at = _covered.Count;
        while (at > 0 && _covered[at - 1].Start >= end)
            at--;
        if (at > 0 && _covered[at - 1].End > start)
            throw new InvalidDataException($"it sends bytes from {offset} on twice in answer to one read");
        bool joinsBefore = at > 0 && _covered[at - 1].End == start;
        bool joinsAfter = at < _covered.Count && _covered[at].Start == end;
        if (joinsBefore && joinsAfter)
        {
            _covered[at - 1] = (_covered[at - 1].Start, _covered[at].End);
            _covered.RemoveAt(at);
        }
        else if (joinsBefore)
        {
            _covered[at - 1] = (_covered[at - 1].Start, end);
        }
        else if (joinsAfter)
        {
            _covered[at] = (start, _covered[at].End);
        }
        else if (_covered.Count == MaxFragments)
        {
            throw new InvalidDataException($"it splits the answer to one read into more than {MaxFragments} parts");
        }
        else
        {
            _covered.Insert(at, (start, end));
        }

        return start;
    }

    public void AddExtent(uint context, uint length, uint state)
    {
        if (Extent(context) is not null)
            throw new InvalidDataException($"it answers twice for metadata context {context}");
        _extents.Add((context, length, state));
    }

    public void AddError(uint error, ReadOnlySpan<byte> text)
    {
        if (++_errors > MaxErrors)
            throw new InvalidDataException($"it sends more than {MaxErrors} errors for one request");
        if (error == 0)
            throw new InvalidDataException("it sends an error that is none");
        if (Error != NbdError.None)
            return;
        Error = (NbdError)error;
        ErrorText = NbdText.Printable(text[..Math.Min(text.Length, MaxErrorText)]);
    }

    /// <summary>The reply is complete.</summary>
    /// <exception cref="InvalidDataException">It is not, although the server says so.</exception>
    public void Complete()
    {
        if (Error == NbdError.None && IsRead && (_covered is not [var (start, end)] || start != 0 || end != (int)Request.Length))
            throw new InvalidDataException($"it does not send all of a read of {Request.Length} bytes at {Request.Offset}");
        if (Error == NbdError.None && Request.Command == NbdCommand.BlockStatus && _extents.Count == 0)
            throw new InvalidDataException("it sends no status in answer to a question for it");
        _done.TrySetResult();
    }

    public void Fail(Exception reason)
    {
        _done.TrySetException(reason);
        _ = _done.Task.Exception; // whoever waited may be gone
    }
}

using System.Buffers;
using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>Does what requests ask for and answers them. Any number at a time.</summary>
internal sealed class NbdRequestServer(NbdTransport transport, NbdSessionSetup setup, Action<string>? log, CancellationToken abort)
{
    /// <summary>Bytes that a buffer has before the data: the header of the reply goes there, and one call sends both.</summary>
    public const int Headroom = NbdProtocol.ChunkHeaderLength + 8;

    // shorter reads are not searched for holes
    private const int MinSparseRead = 32 << 10;
    private const int MaxFragments = 256;
    private const int CachePiece = 1 << 20;

    private readonly ServedExport _export = setup.Export;
    private readonly NbdReplies _replies = new(transport, setup.Structured, abort);
    private readonly NbdStatusServer _status = new(setup);

    /// <summary>What is wrong with a request by itself.</summary>
    public NbdError Check(NbdRequest request)
    {
        NbdCommandFlags allowed = NbdCommandFlags.ForceUnitAccess | request.Command switch
        {
            NbdCommand.Read when setup.Structured => NbdCommandFlags.DoNotFragment,
            NbdCommand.WriteZeroes => NbdCommandFlags.NoHole | NbdCommandFlags.FastZero,
            NbdCommand.BlockStatus => NbdCommandFlags.RequestOne,
            _ => NbdCommandFlags.None,
        };
        if (request.Command > NbdCommand.BlockStatus || (request.Flags & ~allowed) != 0)
            return NbdError.Invalid;
        bool changes = request.Command is NbdCommand.Write or NbdCommand.Trim or NbdCommand.WriteZeroes;
        if (changes && _export.ReadOnly)
            return NbdError.NotPermitted;
        if (request.Command == NbdCommand.Flush)
            return request is { Offset: 0, Length: 0 } ? NbdError.None : NbdError.Invalid;
        if (request.Offset > (ulong)_export.Length || request.Length > (ulong)_export.Length - request.Offset)
            return request.Command is NbdCommand.Write or NbdCommand.WriteZeroes ? NbdError.NoSpace : NbdError.Invalid;
        return request.Command switch
        {
            NbdCommand.Read when request.Length > NbdProtocol.MaxPayload => setup.Structured ? NbdError.Overflow : NbdError.Invalid,
            NbdCommand.BlockStatus when request.Length == 0 || setup.Contexts.Count == 0 => NbdError.Invalid,
            _ => NbdError.None,
        };
    }

    public ValueTask FailAsync(NbdRequest request, NbdError error) => _replies.FailAsync(request, error);

    /// <summary>Serves a request that is right by itself.</summary>
    /// <param name="request">The request.</param>
    /// <param name="buffer">For reads and writes; the data are at <see cref="Headroom"/>.</param>
    /// <exception cref="IOException">The reply cannot be sent; whatever else fails is told to the client.</exception>
    public async Task ServeAsync(NbdRequest request, byte[]? buffer)
    {
        NbdError error;
        List<(int Start, int Length, bool Zero)>? parts = null;
        byte[]? status = null;
        try
        {
            error = NbdError.None;
            switch (request.Command)
            {
                case NbdCommand.Read:
                    parts = await ReadAsync(request, buffer!).ConfigureAwait(false);
                    break;
                case NbdCommand.BlockStatus:
                    status = await _status.GetAsync(request, abort).ConfigureAwait(false);
                    break;
                default:
                    error = await ChangeAsync(request, buffer).ConfigureAwait(false);
                    break;
            }
        }
        catch (Exception e)
        {
            // whatever a device does, it fails this request alone
            error = ErrorOf(e);
            log?.Invoke($"export '{_export.Name}': {request.Command} of {request.Length} bytes at {request.Offset} failed: {e.Message}");
        }

        if (error != NbdError.None)
            await _replies.FailAsync(request, error).ConfigureAwait(false);
        else if (parts is not null)
            await _replies.DataAsync(request, buffer!, parts).ConfigureAwait(false);
        else if (status is not null)
            await _replies.SendAsync(status).ConfigureAwait(false);
        else
            await _replies.DoneAsync(request).ConfigureAwait(false);
    }

    private async ValueTask<List<(int Start, int Length, bool Zero)>> ReadAsync(NbdRequest request, byte[] buffer)
    {
        var parts = new List<(int Start, int Length, bool Zero)>(1);
        int length = (int)request.Length;
        long start = (long)request.Offset;
        if (length == 0)
            return parts;
        RangeGate.Pass pass = await _export.EnterAsync(start, length, exclusive: false, abort).ConfigureAwait(false);
        try
        {
            bool sparse = setup.Structured && (request.Flags & NbdCommandFlags.DoNotFragment) == 0 && length >= MinSparseRead;
            for (int done = 0; done < length;)
            {
                bool zero = false;
                int count = length - done;
                if (sparse && parts.Count < MaxFragments)
                {
                    BlockRun run = await _export.Device.GetStatusAsync(start + done, count, abort).ConfigureAwait(false);
                    (count, zero) = ((int)run.Length, (run.Status & BlockStatus.Zero) != 0);
                }

                if (!zero)
                    await _export.Device.ReadAsync(start + done, buffer.AsMemory(Headroom + done, count), abort).ConfigureAwait(false);
                if (parts.Count > 0 && parts[^1].Zero == zero)
                    parts[^1] = parts[^1] with { Length = parts[^1].Length + count };
                else
                    parts.Add((done, count, zero));
                done += count;
            }

            return parts;
        }
        finally
        {
            _export.Gate.Leave(pass);
        }
    }

    private async ValueTask<NbdError> ChangeAsync(NbdRequest request, byte[]? buffer)
    {
        (long offset, long length) = ((long)request.Offset, request.Length);
        IBlockDevice device = _export.Device;
        if (request.Command == NbdCommand.WriteZeroes && (request.Flags & NbdCommandFlags.FastZero) != 0 && !_export.ZeroesFast)
            return NbdError.NotSupported;
        if (request.Command == NbdCommand.Flush)
        {
            await FlushAsync().ConfigureAwait(false);
            return NbdError.None;
        }

        RangeGate.Pass pass = await _export.EnterAsync(offset, length, request.Command != NbdCommand.Cache, abort).ConfigureAwait(false);
        try
        {
            switch (request.Command)
            {
                case NbdCommand.Write:
                    await device.WriteAsync(offset, buffer is null ? default : buffer.AsMemory(Headroom, (int)length), abort).ConfigureAwait(false);
                    break;
                case NbdCommand.Trim:
                    await device.DiscardAsync(offset, length, abort).ConfigureAwait(false);
                    break;
                case NbdCommand.WriteZeroes:
                    await device.WriteZeroesAsync(offset, length, (request.Flags & NbdCommandFlags.NoHole) == 0, abort).ConfigureAwait(false);
                    break;
                case NbdCommand.Cache:
                    await CacheAsync(offset, length).ConfigureAwait(false);
                    break;
            }
        }
        finally
        {
            _export.Gate.Leave(pass);
        }

        if ((request.Flags & NbdCommandFlags.ForceUnitAccess) != 0 && request.Command != NbdCommand.Cache)
            await FlushAsync().ConfigureAwait(false);
        return NbdError.None;
    }

    private async ValueTask FlushAsync()
    {
        // touches no byte that another request could change, but a disk that takes one call at a time takes this one alone too
        RangeGate.Pass pass = await _export.EnterAsync(0, 0, exclusive: false, abort).ConfigureAwait(false);
        try
        {
            await _export.Device.FlushAsync(abort).ConfigureAwait(false);
        }
        finally
        {
            _export.Gate.Leave(pass);
        }
    }

    // whatever lies below keeps what was read, if it wants to
    private async ValueTask CacheAsync(long offset, long length)
    {
        byte[] piece = ArrayPool<byte>.Shared.Rent((int)Math.Min(length, CachePiece));
        try
        {
            while (length > 0)
            {
                int count = (int)Math.Min(length, CachePiece);
                await _export.Device.ReadAsync(offset, piece.AsMemory(0, count), abort).ConfigureAwait(false);
                offset += count;
                length -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static NbdError ErrorOf(Exception e)
    {
        const int UnixNoSpace = 28;
        const int UnixQuota = 122;
        const int WindowsDiskFull = unchecked((int)0x80070070);
        return e switch
        {
            NbdException { ErrorCode: { } code } => (NbdError)code,
            IOException { HResult: UnixNoSpace or UnixQuota or WindowsDiskFull } => NbdError.NoSpace,
            OperationCanceledException or ObjectDisposedException => NbdError.Shutdown,
            OutOfMemoryException => NbdError.NoMemory,
            ArgumentException => NbdError.Invalid,
            UnauthorizedAccessException => NbdError.NotPermitted,
            _ => NbdError.InputOutput,
        };
    }
}

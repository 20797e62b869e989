using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>Reads what a server sends in the transmission phase and brings it to the requests. Nothing that comes is trusted.</summary>
/// <param name="transport">The connection.</param>
/// <param name="structured">Whether structured replies were agreed on.</param>
/// <param name="contexts">Metadata contexts in use.</param>
/// <param name="find">The request with a cookie.</param>
/// <param name="finish">Told before a request completes.</param>
internal sealed class NbdReceiver(
    NbdTransport transport, bool structured, List<(uint Id, string Name)> contexts, Func<ulong, NbdCall?> find, Action<NbdCall> finish)
{
    private const int MaxExtents = 1 << 20;
    private const int MaxErrorChunk = 8192;

    private readonly byte[] _header = new byte[NbdProtocol.ChunkHeaderLength];
    private readonly byte[] _small = new byte[12];

    /// <summary>Reads until the server closes the connection between two messages.</summary>
    /// <exception cref="InvalidDataException">The server breaks the protocol.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await transport.TryReadAsync(_header.AsMemory(0, 4), cancellationToken).ConfigureAwait(false))
        {
            uint magic = BinaryPrimitives.ReadUInt32BigEndian(_header);
            if (magic == NbdProtocol.SimpleReplyMagic)
                await SimpleAsync(cancellationToken).ConfigureAwait(false);
            else if (magic == NbdProtocol.StructuredReplyMagic && structured)
                await ChunkAsync(cancellationToken).ConfigureAwait(false);
            else
                throw new InvalidDataException($"a reply begins with 0x{magic:x8}");
        }
    }

    private async ValueTask SimpleAsync(CancellationToken cancellationToken)
    {
        await transport.ReadAsync(_header.AsMemory(0, 12), cancellationToken).ConfigureAwait(false);
        uint error = BinaryPrimitives.ReadUInt32BigEndian(_header);
        NbdCall call = Find(BinaryPrimitives.ReadUInt64BigEndian(_header.AsSpan(4)));
        if (structured && (call.IsRead || call.Request.Command == NbdCommand.BlockStatus))
            throw new InvalidDataException($"it answers {call.Request.Command} with a simple reply, although structured ones were agreed on");
        if (error != 0)
            call.AddError(error, default);
        else if (call.IsRead)
            await DataAsync(call, call.Request.Offset, call.Request.Length, cancellationToken).ConfigureAwait(false);
        Complete(call);
    }

    private async ValueTask ChunkAsync(CancellationToken cancellationToken)
    {
        await transport.ReadAsync(_header.AsMemory(0, 16), cancellationToken).ConfigureAwait(false);
        bool last = (BinaryPrimitives.ReadUInt16BigEndian(_header) & NbdProtocol.ChunkDone) != 0;
        var type = (NbdChunk)BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2));
        NbdCall call = Find(BinaryPrimitives.ReadUInt64BigEndian(_header.AsSpan(4)));
        uint length = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(12));
        switch (type)
        {
            case NbdChunk.None when length == 0 && last:
                break;
            case NbdChunk.OffsetData when length > 8 && call.IsRead:
                await transport.ReadAsync(_small.AsMemory(0, 8), cancellationToken).ConfigureAwait(false);
                await DataAsync(call, BinaryPrimitives.ReadUInt64BigEndian(_small), length - 8, cancellationToken).ConfigureAwait(false);
                break;
            case NbdChunk.OffsetHole when length == 12 && call.IsRead:
                await transport.ReadAsync(_small.AsMemory(0, 12), cancellationToken).ConfigureAwait(false);
                uint hole = BinaryPrimitives.ReadUInt32BigEndian(_small.AsSpan(8));
                if (hole == 0)
                    throw new InvalidDataException("it sends a hole of no bytes");
                call.StoreZeroes(call.Cover(BinaryPrimitives.ReadUInt64BigEndian(_small), hole), (int)hole);
                break;
            case NbdChunk.BlockStatus when length >= 12 && length % 8 == 4 && length <= 4 + (8u * MaxExtents) && call.Request.Command == NbdCommand.BlockStatus:
                await StatusAsync(call, length, cancellationToken).ConfigureAwait(false);
                break;
            case var _ when ((ushort)type & NbdProtocol.ChunkErrorBit) != 0 && length is >= 6 and <= MaxErrorChunk:
                await ErrorAsync(call, (int)length, cancellationToken).ConfigureAwait(false);
                break;
            default:
                throw new InvalidDataException($"it answers {call.Request.Command} with a chunk of type {(ushort)type} and {length} bytes");
        }

        if (last)
            Complete(call);
    }

    private async ValueTask DataAsync(NbdCall call, ulong offset, uint length, CancellationToken cancellationToken)
    {
        int start = call.Cover(offset, length);
        await transport.ReadPiecesAsync(length, (bytes, done) => call.Store(bytes, start + done), cancellationToken).ConfigureAwait(false);
    }

    // one extent is asked for; more are read over
    private async ValueTask StatusAsync(NbdCall call, uint length, CancellationToken cancellationToken)
    {
        await transport.ReadAsync(_small.AsMemory(0, 12), cancellationToken).ConfigureAwait(false);
        uint context = BinaryPrimitives.ReadUInt32BigEndian(_small);
        uint count = BinaryPrimitives.ReadUInt32BigEndian(_small.AsSpan(4));
        if (!contexts.Exists(c => c.Id == context))
            throw new InvalidDataException($"it sends the status of metadata context {context}, which was not chosen");
        if (count == 0)
            throw new InvalidDataException("it sends the status of no bytes");
        call.AddExtent(context, count, BinaryPrimitives.ReadUInt32BigEndian(_small.AsSpan(8)));
        await transport.SkipAsync(length - 12, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ErrorAsync(NbdCall call, int length, CancellationToken cancellationToken)
    {
        byte[] data = new byte[length];
        await transport.ReadAsync(data, cancellationToken).ConfigureAwait(false);
        int text = BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(4));
        if (text > length - 6)
            throw new InvalidDataException("the text of an error is longer than the error");
        call.AddError(BinaryPrimitives.ReadUInt32BigEndian(data), data.AsSpan(6, text));
    }

    private NbdCall Find(ulong cookie) => find(cookie) ?? throw new InvalidDataException($"it answers request 0x{cookie:x}, which is not under way");

    private void Complete(NbdCall call)
    {
        finish(call);
        try
        {
            call.Complete();
        }
        catch (InvalidDataException e)
        {
            call.Fail(new NbdConnectionLostException($"the server breaks the protocol: {e.Message}", canRetry: false, e));
            throw;
        }
    }
}

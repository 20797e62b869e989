using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>Answers BLOCK_STATUS: one list of extents for each context that the client chose.</summary>
internal sealed class NbdStatusServer(NbdSessionSetup setup)
{
    private const int MaxExtents = 4096;

    private readonly ServedExport _export = setup.Export;

    /// <summary>All chunks of the reply.</summary>
    public async ValueTask<byte[]> GetAsync(NbdRequest request, CancellationToken cancellationToken)
    {
        int most = (request.Flags & NbdCommandFlags.RequestOne) != 0 ? 1 : MaxExtents;
        var chunks = new List<List<(uint Length, uint State)>>();
        RangeGate.Pass pass = await _export.EnterAsync((long)request.Offset, request.Length, exclusive: false, cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (string context in setup.Contexts)
                chunks.Add(await ExtentsAsync(context, (long)request.Offset, request.Length, most, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            _export.Gate.Leave(pass);
        }

        return Write(request, chunks);
    }

    private async ValueTask<List<(uint Length, uint State)>> ExtentsAsync(string context, long offset, long length, int most, CancellationToken cancellationToken)
    {
        var extents = new List<(uint Length, uint State)>();
        while (length > 0)
        {
            (long count, uint state) = context == NbdProtocol.AllocationContext
                ? Allocation(await _export.Device.GetStatusAsync(offset, length, cancellationToken).ConfigureAwait(false))
                : Dirty(await ((Qcow2Image)_export.Device).GetWrittenAsync(context[NbdProtocol.DirtyBitmapPrefix.Length..], offset, length).ConfigureAwait(false));
            if (extents.Count > 0 && extents[^1].State == state)
                extents[^1] = (extents[^1].Length + (uint)count, state);
            else if (extents.Count == most)
                break;
            else
                extents.Add(((uint)count, state));
            offset += count;
            length -= count;
        }

        return extents;
    }

    // a range of zeros holds no data in any format; data that come from an image below are data all the same
    private static (long Length, uint State) Allocation(BlockRun run)
        => (run.Length, (run.Status & BlockStatus.Zero) != 0 ? NbdProtocol.StateHole | NbdProtocol.StateZero : 0);

    private static (long Length, uint State) Dirty(BitmapRun run) => (run.Length, run.Written ? NbdProtocol.StateDirty : 0);

    private static byte[] Write(NbdRequest request, List<List<(uint Length, uint State)>> chunks)
    {
        byte[] message = new byte[chunks.Sum(static c => NbdProtocol.ChunkHeaderLength + 4 + (8 * c.Count))];
        Span<byte> rest = message;
        for (int id = 0; id < chunks.Count; id++)
        {
            NbdReplies.WriteChunkHeader(rest, NbdChunk.BlockStatus, id == chunks.Count - 1, request.Cookie, 4 + (8 * chunks[id].Count));
            BinaryPrimitives.WriteInt32BigEndian(rest[NbdProtocol.ChunkHeaderLength..], id);
            rest = rest[(NbdProtocol.ChunkHeaderLength + 4)..];
            foreach ((uint length, uint state) in chunks[id])
            {
                BinaryPrimitives.WriteUInt32BigEndian(rest, length);
                BinaryPrimitives.WriteUInt32BigEndian(rest[4..], state);
                rest = rest[8..];
            }
        }

        return message;
    }
}

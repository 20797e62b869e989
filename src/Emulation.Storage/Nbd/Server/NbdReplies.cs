using System.Buffers.Binary;
using System.Text;

namespace Emulation.Storage;

/// <summary>Writes replies, simple or structured ones as was agreed (protocol, "Simple reply message", "Structured reply chunk message").</summary>
internal sealed class NbdReplies(NbdTransport transport, bool structured, CancellationToken abort)
{
    private const int OffsetLength = 8;
    private const int HoleLength = OffsetLength + 4;

    public ValueTask SendAsync(ReadOnlyMemory<byte> message) => transport.SendAsync(message, default, abort, abort);

    /// <summary>Answers a request that has nothing to tell but that it was done.</summary>
    public ValueTask DoneAsync(NbdRequest request) => SendAsync(structured ? None(request) : Simple(request, NbdError.None));

    public ValueTask FailAsync(NbdRequest request, NbdError error)
    {
        if (!structured)
            return SendAsync(Simple(request, error));
        byte[] text = Encoding.UTF8.GetBytes(TextOf(error));
        byte[] message = new byte[NbdProtocol.ChunkHeaderLength + 6 + text.Length];
        WriteChunkHeader(message, NbdChunk.Error, last: true, request.Cookie, 6 + text.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(20), (uint)error);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(24), (ushort)text.Length);
        text.CopyTo(message, 26);
        return SendAsync(message);
    }

    /// <summary>Answers a read.</summary>
    /// <param name="request">The request.</param>
    /// <param name="buffer">The data, from <see cref="NbdRequestServer.Headroom"/> on; what lies before data that are sent is written over.</param>
    /// <param name="parts">All of it in order, by what it is.</param>
    public async ValueTask DataAsync(NbdRequest request, byte[] buffer, List<(int Start, int Length, bool Zero)> parts)
    {
        if (!structured)
        {
            const int Start = NbdRequestServer.Headroom - NbdProtocol.SimpleReplyLength;
            Simple(request, NbdError.None).CopyTo(buffer, Start);
            await SendAsync(buffer.AsMemory(Start, NbdProtocol.SimpleReplyLength + (int)request.Length)).ConfigureAwait(false);
            return;
        }

        if (parts.Count == 0)
            await SendAsync(None(request)).ConfigureAwait(false);
        for (int i = 0; i < parts.Count; i++)
        {
            (int start, int length, bool zero) = parts[i];
            int payload = zero ? HoleLength : OffsetLength + length;
            Memory<byte> message = zero ? new byte[NbdProtocol.ChunkHeaderLength + payload] : buffer.AsMemory(start, NbdProtocol.ChunkHeaderLength + payload);
            WriteChunkHeader(message.Span, zero ? NbdChunk.OffsetHole : NbdChunk.OffsetData, i == parts.Count - 1, request.Cookie, payload);
            BinaryPrimitives.WriteUInt64BigEndian(message.Span[NbdProtocol.ChunkHeaderLength..], request.Offset + (uint)start);
            if (zero)
                BinaryPrimitives.WriteInt32BigEndian(message.Span[(NbdProtocol.ChunkHeaderLength + OffsetLength)..], length);
            await SendAsync(message).ConfigureAwait(false);
        }
    }

    public static void WriteChunkHeader(Span<byte> header, NbdChunk type, bool last, ulong cookie, int length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(header, NbdProtocol.StructuredReplyMagic);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], last ? NbdProtocol.ChunkDone : (ushort)0);
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], (ushort)type);
        BinaryPrimitives.WriteUInt64BigEndian(header[8..], cookie);
        BinaryPrimitives.WriteInt32BigEndian(header[16..], length);
    }

    private static byte[] None(NbdRequest request)
    {
        byte[] message = new byte[NbdProtocol.ChunkHeaderLength];
        WriteChunkHeader(message, NbdChunk.None, last: true, request.Cookie, 0);
        return message;
    }

    private static byte[] Simple(NbdRequest request, NbdError error)
    {
        // every client knows these; the others came with structured replies
        if (error is NbdError.Overflow or NbdError.NotSupported && request.Command != NbdCommand.WriteZeroes)
            error = NbdError.Invalid;
        byte[] message = new byte[NbdProtocol.SimpleReplyLength];
        BinaryPrimitives.WriteUInt32BigEndian(message, NbdProtocol.SimpleReplyMagic);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), (uint)error);
        BinaryPrimitives.WriteUInt64BigEndian(message.AsSpan(8), request.Cookie);
        return message;
    }

    // says no more than the number: names of files are no business of a client
    private static string TextOf(NbdError error) => error switch
    {
        NbdError.NotPermitted => "the export is read-only",
        NbdError.InputOutput => "the disk failed",
        NbdError.NoMemory => "the server has no memory",
        NbdError.NoSpace => "there is no room, or the range leaves the export",
        NbdError.Invalid => "the request is not possible",
        NbdError.Overflow => "the request is too long",
        NbdError.NotSupported => "this would not be fast",
        NbdError.Shutdown => "the server is ending",
        _ => "the request failed",
    };
}

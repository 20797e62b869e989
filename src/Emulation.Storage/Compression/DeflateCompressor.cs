using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Emulation.Storage;

/// <summary>Compresses with deflate.</summary>
/// <param name="framed">Whether the data are in the frame of zlib (RFC 1950).</param>
internal sealed class DeflateCompressor(bool framed) : ClusterCompressor
{
    public override int Compress(ReadOnlyMemory<byte> cluster, byte[] target)
    {
        using var output = new BoundedStream(target);
        using (Stream deflate = framed ? new ZLibStream(output, CompressionLevel.Optimal, leaveOpen: true) : new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(cluster.Span);
        return output.Overflowed || output.Count >= target.Length ? 0 : output.Count;
    }

    public override bool TryDecompress(ReadOnlyMemory<byte> data, Memory<byte> cluster)
    {
        if (!MemoryMarshal.TryGetArray(data, out ArraySegment<byte> bytes))
            bytes = data.ToArray();
        using var input = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        using Stream inflate = framed ? new ZLibStream(input, CompressionMode.Decompress) : new DeflateStream(input, CompressionMode.Decompress);
        try
        {
            return inflate.ReadAtLeast(cluster.Span, cluster.Length, throwOnEndOfStream: false) == cluster.Length;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    // takes what fits and counts on
    private sealed class BoundedStream(byte[] target) : Stream
    {
        public int Count { get; private set; }

        public bool Overflowed { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Overflowed |= buffer.Length > target.Length - Count;
            if (Overflowed)
                return;
            buffer.CopyTo(target.AsSpan(Count));
            Count += buffer.Length;
        }
    }
}

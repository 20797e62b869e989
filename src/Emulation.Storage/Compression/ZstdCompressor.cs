using System.Buffers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Emulation.Storage;

/// <summary>Compresses to zstd frames.</summary>
internal sealed class ZstdCompressor : ClusterCompressor
{
    // 8 MiB: more than any cluster needs, and a bound on what a hostile frame can make us allocate
    private const int MaxWindowLog = 23;

    private Compressor? _compressor;
    private Decompressor? _decompressor;

    public override int Compress(ReadOnlyMemory<byte> cluster, byte[] target)
    {
        _compressor ??= new Compressor();
        return _compressor.TryWrap(cluster.Span, target, out int count) && count < target.Length ? count : 0;
    }

    public override bool TryDecompress(ReadOnlyMemory<byte> data, Memory<byte> cluster)
    {
        if (_decompressor is null)
        {
            _decompressor = new Decompressor();
            _decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);
        }

        ReadOnlySpan<byte> source = data.Span;
        Span<byte> target = cluster.Span;
        try
        {
            _decompressor.ResetStream();
            while (!target.IsEmpty)
            {
                OperationStatus status = _decompressor.UnwrapStream(source, target, out int consumed, out int written);
                if (status == OperationStatus.InvalidData || (consumed == 0 && written == 0))
                    return false;
                source = source[consumed..];
                target = target[written..];
            }

            return true;
        }
        catch (ZstdException)
        {
            return false;
        }
    }

    public override void Dispose()
    {
        _compressor?.Dispose();
        _decompressor?.Dispose();
        base.Dispose();
    }
}

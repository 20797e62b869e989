using System.Numerics;

namespace Emulation.Storage;

/// <summary>The device an image lies on: reads past its end give zeros, writes past its end make it grow, in steps.</summary>
internal sealed class HostFile(IBlockDevice device, bool leaveOpen = false) : IDisposable
{
    private const long MinGrowthStep = 1 << 20;
    private const long MaxGrowthStep = 32 << 20;

    // from here on everything reads as zeros: bytes that were added and never written
    private long _zeroesFrom = device.CanResize ? device.Length : long.MaxValue;

    public IBlockDevice Device { get; } = device;

    public long Length => Device.Length;

    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        long rest = Device.Length - offset;
        if (rest < buffer.Length)
        {
            int present = (int)Math.Max(rest, 0);
            buffer.Span[present..].Clear();
            buffer = buffer[..present];
            if (present == 0)
                return ValueTask.CompletedTask;
        }

        return Device.ReadAsync(offset, buffer, cancellationToken);
    }

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        long end = offset + buffer.Length;
        _zeroesFrom = Math.Max(_zeroesFrom, end);
        return end <= Device.Length ? Device.WriteAsync(offset, buffer, cancellationToken) : GrowAndWriteAsync(offset, buffer, cancellationToken);
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => Device.FlushAsync(cancellationToken);

    /// <summary>Whether everything from an offset on is known to be zero.</summary>
    public bool IsZeroFrom(long offset) => offset >= _zeroesFrom;

    /// <summary>Makes a range zero.</summary>
    public async ValueTask ZeroAsync(long offset, long length)
    {
        await ReserveAsync(offset + length).ConfigureAwait(false);
        if (IsZeroFrom(offset))
            return;
        _zeroesFrom = Math.Max(_zeroesFrom, offset + length);
        await Device.WriteZeroesAsync(offset, length).ConfigureAwait(false);
    }

    /// <summary>Sees to it that the file reaches to <paramref name="end"/> at least.</summary>
    /// <exception cref="DiskImageException">It cannot grow.</exception>
    public ValueTask ReserveAsync(long end)
    {
        if (end <= Device.Length)
            return ValueTask.CompletedTask;
        if (!Device.CanResize)
            throw new DiskImageException($"the image would have to grow to {end} bytes, but what it lies on has {Device.Length} and cannot grow");
        long step = Math.Clamp((long)BitOperations.RoundUpToPowerOf2((ulong)Device.Length) / 8, MinGrowthStep, MaxGrowthStep);
        return GrowAsync(Math.Max(end, (Device.Length + step) & -step));
    }

    /// <summary>Gives back the rest of the last step of growth.</summary>
    public async ValueTask TrimAsync(long end)
    {
        if (!Device.CanResize || end >= Device.Length || end <= 0 || !IsZeroFrom(end))
            return;
        await Device.ResizeAsync(end).ConfigureAwait(false);
    }

    /// <summary>Cuts the file off, whatever lies behind.</summary>
    public async ValueTask CutAsync(long end)
    {
        if (!Device.CanResize || end >= Device.Length || end <= 0)
            return;
        await Device.ResizeAsync(end).ConfigureAwait(false);
        _zeroesFrom = Math.Min(_zeroesFrom, end);
    }

    public void Dispose()
    {
        if (!leaveOpen)
            Device.Dispose();
    }

    private async ValueTask GrowAsync(long length)
    {
        long old = Device.Length;
        await Device.ResizeAsync(length).ConfigureAwait(false);
        (Device as LateFlushFile)?.ReserveFrom(old);
    }

    private async ValueTask GrowAndWriteAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await ReserveAsync(offset + buffer.Length).ConfigureAwait(false);
        await Device.WriteAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
    }
}

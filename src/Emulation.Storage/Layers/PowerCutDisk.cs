namespace Emulation.Storage;

/// <summary>
/// A device that loses its power after a number of requests, to test what lies over it. Until a flush, changes stay here; at the cut some of
/// their sectors, chosen by a seed, reach the device below, which then holds what a power cut may leave.
/// </summary>
/// <remarks>Unflushed changes take memory. Discards do nothing. Its length is that of the last resize; the device below follows at a flush.</remarks>
public sealed class PowerCutDisk : BlockDevice
{
    private const int Sector = 512;
    private const string Gone = "the power is gone";

    private readonly IBlockDevice _inner;
    private readonly bool _leaveOpen;
    private readonly Random _random;

    // in the order of the requests: sectors, and lengths where there are no bytes
    private readonly List<(long Offset, byte[]? Bytes)> _pending = [];
    private readonly Dictionary<long, byte[]> _current = [];
    private long _length;
    private long _shortest;
    private long _countdown;

    /// <summary>Creates a layer whose device has power.</summary>
    /// <param name="inner">The device below; holds what is durable.</param>
    /// <param name="operations">How many writes, zeroings, flushes and resizes succeed.</param>
    /// <param name="seed">Chooses what survives.</param>
    /// <param name="leaveOpen">Whether disposing the layer leaves the device below open.</param>
    public PowerCutDisk(IBlockDevice inner, long operations = long.MaxValue, int seed = 0, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(inner);
        (_inner, _leaveOpen, _random, _countdown, _length, _shortest) = (inner, leaveOpen, new Random(seed), operations, inner.Length, inner.Length);
    }

    /// <summary>Whether the power is gone: every request fails.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Writes, zeroings, flushes and resizes that succeeded.</summary>
    public long Operations { get; private set; }

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override BlockHints Hints => _inner.Hints;

    /// <inheritdoc/>
    public override bool ReadOnly => _inner.ReadOnly;

    /// <inheritdoc/>
    public override bool CanResize => _inner.CanResize;

    /// <summary>After so many more writes, zeroings, flushes and resizes the power goes.</summary>
    /// <param name="operations">How many succeed.</param>
    public void CutAfter(long operations) => _countdown = operations;

    /// <summary>Cuts the power now. The device below then holds what was flushed and some of what was not.</summary>
    public async ValueTask CutAsync()
    {
        if (IsCut)
            return;
        IsCut = true;
        // most often much or little survives: both find more than halves do
        int kind = _random.Next(4);
        foreach ((long offset, byte[]? bytes) in _pending)
        {
            bool survives = bytes is null ? kind != 0 : kind switch
            {
                0 => _random.Next(2) == 0,
                1 => _random.Next(8) > 0,
                2 => _random.Next(8) == 0,
                _ => true,
            };
            if (!survives)
                continue;
            long end = offset + (bytes?.Length ?? 0);
            if (bytes is null ? end != _inner.Length : end > _inner.Length)
                await _inner.ResizeAsync(end).ConfigureAwait(false);
            if (bytes is not null)
                await _inner.WriteAsync(offset, bytes).ConfigureAwait(false);
        }

        await _inner.FlushAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (IsCut)
            throw new IOException(Gone);
        // what lies behind the shortest length since the last flush was cut off
        int below = (int)Math.Clamp(_shortest - offset, 0, buffer.Length);
        if (below > 0)
            await _inner.ReadAsync(offset, buffer[..below], cancellationToken).ConfigureAwait(false);
        buffer.Span[below..].Clear();
        for (long sector = offset / Sector; _current.Count > 0 && sector * Sector < offset + buffer.Length; sector++)
        {
            if (!_current.TryGetValue(sector, out byte[]? bytes))
                continue;
            long from = Math.Max(sector * Sector, offset);
            long to = Math.Min((sector * Sector) + bytes.Length, offset + buffer.Length);
            if (to > from)
                bytes.AsSpan((int)(from - (sector * Sector)), (int)(to - from)).CopyTo(buffer.Span[(int)(from - offset)..]);
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await CountAsync().ConfigureAwait(false);
        while (!buffer.IsEmpty)
        {
            int within = (int)(offset % Sector);
            int count = Math.Min(buffer.Length, Sector - within);
            byte[] sector = new byte[Math.Min(Sector, Length - (offset - within))];
            if (count < sector.Length)
                await ReadCoreAsync(offset - within, sector, cancellationToken).ConfigureAwait(false);
            buffer.Span[..count].CopyTo(sector.AsSpan(within));
            _pending.Add((offset - within, sector));
            _current[offset / Sector] = sector;
            offset += count;
            buffer = buffer[count..];
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask FlushCoreAsync(CancellationToken cancellationToken)
    {
        await CountAsync().ConfigureAwait(false);
        if (_shortest < _inner.Length)
            await _inner.ResizeAsync(Math.Max(_shortest, 1), cancellationToken).ConfigureAwait(false);
        if (_length != _inner.Length)
            await _inner.ResizeAsync(_length, cancellationToken).ConfigureAwait(false);
        foreach ((long sector, byte[] bytes) in _current)
            await _inner.WriteAsync(sector * Sector, bytes, cancellationToken).ConfigureAwait(false);
        await _inner.FlushAsync(cancellationToken).ConfigureAwait(false);
        _pending.Clear();
        _current.Clear();
        _shortest = _length;
    }

    /// <inheritdoc/>
    protected override async ValueTask ResizeCoreAsync(long length, CancellationToken cancellationToken)
    {
        await CountAsync().ConfigureAwait(false);
        if (length < _length)
        {
            foreach (long sector in _current.Keys.Where(s => s * Sector >= length).ToArray())
                _current.Remove(sector);
            if (_current.TryGetValue(length / Sector, out byte[]? last))
                _current[length / Sector] = last[..(int)(length % Sector)];
        }
        else if (_length % Sector > 0)
        {
            // the sector with the old end in it gets longer
            byte[] last = new byte[Math.Min(Sector, length - (_length & -Sector))];
            await ReadCoreAsync(_length & -Sector, last.AsMemory(0, (int)(_length % Sector)), cancellationToken).ConfigureAwait(false);
            _current[_length / Sector] = last;
        }

        _length = length;
        _shortest = Math.Min(_shortest, length);
        _pending.Add((length, null));
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        if (!_leaveOpen)
            _inner.Dispose();
    }

    private async ValueTask CountAsync()
    {
        if (!IsCut && _countdown-- <= 0)
            await CutAsync().ConfigureAwait(false);
        if (IsCut)
            throw new IOException(Gone);
        Operations++;
    }
}

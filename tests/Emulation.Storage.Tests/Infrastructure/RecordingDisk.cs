namespace Emulation.Storage.Tests;

/// <summary>
/// A growable disk in memory that remembers every write since its last flush. <see cref="Cut"/> makes what a power cut may leave: all that
/// was flushed, any part of what was not, in sectors.
/// </summary>
/// <param name="content">Its first content, durable.</param>
/// <param name="record">Whether it remembers, and can be cut.</param>
internal sealed class RecordingDisk(byte[]? content = null, bool record = true) : BlockDevice
{
    private const int Sector = 512;

    private readonly List<(long Offset, byte[] Bytes)> _pending = [];
    private byte[] _current = content ?? [];
    private byte[] _durable = content is null || !record ? [] : [.. content];

    public override long Length => _current.Length;

    public override bool ReadOnly => false;

    public override bool CanResize => true;

    /// <summary>Writes, flushes and resizes so far.</summary>
    public long Operations { get; private set; }

    public byte[] Content => [.. _current];

    /// <summary>What other disks may share with this one.</summary>
    public PowerSupply Power { get; init; } = new();

    /// <summary>After so many more operations every one fails, as on a host that is gone.</summary>
    public void FailAfter(long operations) => Power.Operations = operations;

    /// <summary>The file after a power cut.</summary>
    public byte[] Cut(Random random)
    {
        // the length is one of those it had since the last flush; most often the last
        var cut = new MemoryStream();
        cut.Write(_durable);
        int keep = random.Next(4);
        foreach ((long offset, byte[] bytes) in _pending)
        {
            if (bytes.Length == 0)
            {
                if (keep > 0)
                    cut.SetLength(offset);
                continue;
            }

            for (int i = 0; i < bytes.Length; i += Sector)
            {
                bool written = keep switch
                {
                    0 => random.Next(2) == 0,
                    1 => random.Next(8) > 0,
                    2 => random.Next(8) == 0,
                    _ => true,
                };
                int count = Math.Min(Sector, bytes.Length - i);
                if (!written)
                    continue;
                cut.Position = offset + i;
                cut.Write(bytes, i, count);
            }
        }

        return cut.ToArray();
    }

    protected override ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _current.AsSpan((int)offset, buffer.Length).CopyTo(buffer.Span);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        Count();
        buffer.Span.CopyTo(_current.AsSpan((int)offset));
        if (record)
            _pending.Add((offset, buffer.ToArray()));
        return ValueTask.CompletedTask;
    }

    protected override ValueTask FlushCoreAsync(CancellationToken cancellationToken)
    {
        Count();
        if (record)
            _durable = [.. _current];
        _pending.Clear();
        return ValueTask.CompletedTask;
    }

    protected override ValueTask ResizeCoreAsync(long length, CancellationToken cancellationToken)
    {
        Count();
        Array.Resize(ref _current, (int)length);
        if (record)
            _pending.Add((length, []));
        return ValueTask.CompletedTask;
    }

    protected override void Close() { }

    private void Count()
    {
        if (Power.Operations-- <= 0)
            throw new IOException("the power is gone");
        Operations++;
    }
}

namespace Emulation.Storage;

/// <summary>Disks one after the other, as one.</summary>
internal sealed class JoinedDisk : BlockDevice
{
    private readonly IReadOnlyList<IBlockDevice> _parts;
    private readonly long[] _ends;
    private readonly bool _leaveOpen;

    public JoinedDisk(IReadOnlyList<IBlockDevice> parts, bool leaveOpen)
    {
        (_parts, _leaveOpen) = (parts, leaveOpen);
        _ends = new long[parts.Count];
        for (int i = 0; i < parts.Count; i++)
            _ends[i] = Length = checked(Length + parts[i].Length);
        AllowsConcurrentCalls = parts.All(static p => p.AllowsConcurrentCalls);
        ReadOnly = parts.Any(static p => p.ReadOnly);
    }

    public override long Length { get; }

    public override bool ReadOnly { get; }

    public override bool AllowsConcurrentCalls { get; }

    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            (IBlockDevice part, long within, long rest) = Find(offset);
            int count = (int)Math.Min(rest, buffer.Length);
            await part.ReadAsync(within, buffer[..count], cancellationToken).ConfigureAwait(false);
            offset += count;
            buffer = buffer[count..];
        }
    }

    protected override async ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            (IBlockDevice part, long within, long rest) = Find(offset);
            int count = (int)Math.Min(rest, buffer.Length);
            await part.WriteAsync(within, buffer[..count], cancellationToken).ConfigureAwait(false);
            offset += count;
            buffer = buffer[count..];
        }
    }

    protected override async ValueTask FlushCoreAsync(CancellationToken cancellationToken)
    {
        foreach (IBlockDevice part in _parts)
            await part.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        (IBlockDevice part, long within, long rest) = Find(offset);
        return part.GetStatusAsync(within, Math.Min(rest, length), cancellationToken);
    }

    protected override void Close()
    {
        foreach (IBlockDevice part in _leaveOpen ? [] : _parts)
            part.Dispose();
    }

    private (IBlockDevice Part, long Within, long Left) Find(long offset)
    {
        int index = 0;
        while (_ends[index] <= offset)
            index++;
        return (_parts[index], offset - (_ends[index] - _parts[index].Length), _ends[index] - offset);
    }
}

namespace Emulation.Storage;

/// <summary>An export of an NBD server as a block device (protocol: doc/proto.md of the nbd repository).</summary>
/// <remarks>
/// A call that is cancelled ends at once, unless its bytes are just being sent; the request itself goes on, and later ones for the same bytes wait for it.
/// Error replies, lost connections and servers that break the protocol throw <see cref="NbdException"/>, which names export and place.
/// </remarks>
public sealed class NbdDisk : BlockDevice
{
    // more at once gains nothing, and the time until an answer stays short
    private const long EffectPiece = 128 << 20;
    private const int BouncePiece = 1 << 20;

    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(5);

    private readonly RangeGate _gate = new();
    private readonly NbdLink _link;
    private readonly int _block;
    private readonly int _payload;
    private readonly NbdClientOptions _options;

    private NbdDisk(NbdUri uri, NbdLink link, NbdClientOptions options)
    {
        Uri = uri;
        _link = link;
        _options = options;
        _block = link.Info.MinimumBlockSize;
        _payload = (int)Math.Min(link.Info.MaximumPayload, NbdProtocol.MaxPayload) & -_block;
        ReadOnly = options.ReadOnly || Has(NbdExportFlags.ReadOnly);
    }

    /// <summary>Where the export is.</summary>
    public NbdUri Uri { get; }

    /// <summary>What the server says about the export.</summary>
    public NbdExportInfo Info => _link.Info;

    /// <inheritdoc/>
    public override long Length => Info.Length;

    /// <inheritdoc/>
    public override bool ReadOnly { get; }

    /// <inheritdoc/>
    public override bool AllowsConcurrentCalls => true;

    /// <inheritdoc/>
    public override BlockHints Hints
        => new(Math.Max(512, _block), Math.Max(512, Math.Max(_block, Math.Min(4096, Info.PreferredBlockSize))), Info.PreferredBlockSize);

    /// <summary>Connects to an export.</summary>
    /// <param name="uri">Where it is, such as <c>nbd://host:10809/name</c> or <c>nbd+unix:///name?socket=PATH</c>.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="NbdException">The server cannot be reached, has no such export, is not trusted or breaks the protocol.</exception>
    /// <exception cref="FormatException">It is not an NBD URI.</exception>
    public static Task<NbdDisk> ConnectAsync(string uri, NbdClientOptions? options = null, CancellationToken cancellationToken = default)
        => ConnectAsync(NbdUri.Parse(uri), options, cancellationToken);

    /// <summary>Connects to an export.</summary>
    /// <param name="uri">Where it is.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="NbdException">The server cannot be reached, has no such export, is not trusted or breaks the protocol.</exception>
    public static async Task<NbdDisk> ConnectAsync(NbdUri uri, NbdClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uri);
        options ??= new NbdClientOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxRequests, 1, nameof(options));
        return new NbdDisk(uri, await NbdLink.OpenAsync(uri, options, cancellationToken).ConfigureAwait(false), options);
    }

    /// <summary>Writes bytes so that they are durable when this completes (forced unit access).</summary>
    /// <param name="offset">First byte on the device.</param>
    /// <param name="buffer">The bytes.</param>
    /// <param name="cancellationToken">Ends the wait; any part may then have been written.</param>
    public async ValueTask WriteDurableAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        bool single = Has(NbdExportFlags.ForceUnitAccess) && !buffer.IsEmpty;
        if (!single)
        {
            await WriteAsync(offset, buffer, cancellationToken).ConfigureAwait(false);
            await FlushAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        CheckWritable();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - buffer.Length);
        await WriteAsync(offset, buffer, NbdCommandFlags.ForceUnitAccess, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the bitmap that was named on connecting says about the bytes from <paramref name="offset"/> on.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Most bytes to report on; at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">No bitmap was named.</exception>
    public async ValueTask<BitmapRun> GetWrittenAsync(long offset, long length, CancellationToken cancellationToken = default)
    {
        if (_options.Bitmap is not { } bitmap)
            throw new InvalidOperationException("no bitmap was named when the disk was opened");
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset);
        (long count, uint state) = await StatusAsync(NbdProtocol.DirtyBitmapPrefix + bitmap, offset, length, cancellationToken).ConfigureAwait(false)
            ?? throw new NbdException($"NBD export '{Uri.ExportName}' at {Uri}: the server does not answer for bitmap '{bitmap}'");
        return new BitmapRun(count, (state & NbdProtocol.StateDirty) != 0);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _link.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            bool aligned = IsAligned(offset, buffer.Length);
            int count = Math.Min(buffer.Length, aligned ? _payload : Math.Min(BouncePiece, _payload) - (int)(offset & (_block - 1)));
            (long start, long end) = Cover(offset, count);
            NbdHold hold = await EnterAsync(start, end, exclusive: false, cancellationToken).ConfigureAwait(false);
            try
            {
                if (aligned)
                {
                    await ReadBlocksAsync(offset, buffer[..count], hold, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    byte[] blocks = new byte[end - start];
                    await ReadBlocksAsync(start, blocks, hold, cancellationToken).ConfigureAwait(false);
                    blocks.AsSpan((int)(offset - start), count).CopyTo(buffer.Span);
                }
            }
            finally
            {
                hold.Release();
            }

            offset += count;
            buffer = buffer[count..];
        }
    }

    /// <inheritdoc/>
    protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        => WriteAsync(offset, buffer, NbdCommandFlags.None, cancellationToken);

    /// <inheritdoc/>
    protected override async ValueTask FlushCoreAsync(CancellationToken cancellationToken)
    {
        if (!Has(NbdExportFlags.Flush))
            return;
        NbdHold hold = await EnterAsync(0, 0, exclusive: false, cancellationToken).ConfigureAwait(false);
        try
        {
            await RunAsync(NbdCommand.Flush, NbdCommandFlags.None, 0, 0, hold, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            hold.Release();
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask DiscardCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        if (!Has(NbdExportFlags.Trim))
            return;
        // whole blocks only, as the contract allows
        long start = (offset + _block - 1) & -_block;
        long end = (offset + length) & -_block;
        while (start < end)
        {
            long count = Math.Min(end - start, EffectPiece);
            await EffectAsync(NbdCommand.Trim, NbdCommandFlags.None, start, count, cancellationToken).ConfigureAwait(false);
            start += count;
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask WriteZeroesCoreAsync(long offset, long length, bool mayUnmap, CancellationToken cancellationToken)
    {
        long start = (offset + _block - 1) & -_block;
        long end = (offset + length) & -_block;
        if (!Has(NbdExportFlags.WriteZeroes) || start >= end)
        {
            byte[] zeroes = new byte[Math.Min(length, BouncePiece)];
            for (long done = 0; done < length; done += zeroes.Length)
                await WriteCoreAsync(offset + done, zeroes.AsMemory(0, (int)Math.Min(zeroes.Length, length - done)), cancellationToken).ConfigureAwait(false);
            return;
        }

        if (start > offset)
            await WriteCoreAsync(offset, new byte[start - offset], cancellationToken).ConfigureAwait(false);
        for (long at = start; at < end;)
        {
            long count = Math.Min(end - at, EffectPiece);
            await EffectAsync(NbdCommand.WriteZeroes, mayUnmap ? NbdCommandFlags.None : NbdCommandFlags.NoHole, at, count, cancellationToken).ConfigureAwait(false);
            at += count;
        }

        if (end < offset + length)
            await WriteCoreAsync(end, new byte[offset + length - end], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async ValueTask<BlockRun> GetStatusCoreAsync(long offset, long length, CancellationToken cancellationToken)
    {
        if (await StatusAsync(NbdProtocol.AllocationContext, offset, length, cancellationToken).ConfigureAwait(false) is not { } run)
            return new BlockRun(length, BlockStatus.Allocated);
        BlockStatus status = (run.State & NbdProtocol.StateZero) != 0 ? BlockStatus.Zero : BlockStatus.None;
        if ((run.State & NbdProtocol.StateHole) == 0)
            status |= BlockStatus.Allocated;
        return new BlockRun(run.Length, status);
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        // there is no way to wait for the network that is not asynchronous; the goodbye has its own time limit
        Task.Run(() => _link.DisposeAsync().AsTask()).Wait(s_closing);
    }

    private async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> buffer, NbdCommandFlags flags, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            int within = (int)(offset & (_block - 1));
            bool whole = within == 0 && buffer.Length >= _block;
            int count = whole ? Math.Min(buffer.Length & -_block, _payload) : Math.Min(_block - within, buffer.Length);
            (long start, long end) = Cover(offset, count);
            NbdHold hold = await EnterAsync(start, end, exclusive: true, cancellationToken).ConfigureAwait(false);
            try
            {
                ReadOnlyMemory<byte> blocks = buffer[..count];
                if (!whole)
                {
                    byte[] block = new byte[_block];
                    await ReadBlocksAsync(start, block, hold, cancellationToken).ConfigureAwait(false);
                    blocks.CopyTo(block.AsMemory(within));
                    blocks = block;
                }

                var request = new NbdRequest(flags, NbdCommand.Write, 0, (ulong)start, (uint)blocks.Length);
                await _link.RunAsync(request, default, blocks, hold, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                hold.Release();
            }

            offset += count;
            buffer = buffer[count..];
        }
    }

    private async ValueTask<(long Length, uint State)?> StatusAsync(string context, long offset, long length, CancellationToken cancellationToken)
    {
        if (_link.ContextId(context) is null)
            return null;
        (long start, long end) = Cover(offset, Math.Min(length, EffectPiece * 8));
        NbdHold hold = await EnterAsync(start, end, exclusive: false, cancellationToken).ConfigureAwait(false);
        try
        {
            NbdCall call = await RunAsync(NbdCommand.BlockStatus, NbdCommandFlags.RequestOne, start, end - start, hold, cancellationToken).ConfigureAwait(false);
            if (_link.ContextId(context) is not { } id || call.Extent(id) is not { } extent)
                return null;
            // a server may say more than it was asked, or end within the block that the question begins in
            long count = Math.Min(start + extent.Length - offset, length);
            return count > 0 ? (count, extent.State) : (Math.Min(length, start + _block - offset), 0);
        }
        finally
        {
            hold.Release();
        }
    }

    private async ValueTask EffectAsync(NbdCommand command, NbdCommandFlags flags, long offset, long length, CancellationToken cancellationToken)
    {
        NbdHold hold = await EnterAsync(offset, offset + length, exclusive: true, cancellationToken).ConfigureAwait(false);
        try
        {
            await RunAsync(command, flags, offset, length, hold, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            hold.Release();
        }
    }

    private async ValueTask ReadBlocksAsync(long offset, Memory<byte> buffer, NbdHold hold, CancellationToken cancellationToken)
        => await _link.RunAsync(new NbdRequest(NbdCommandFlags.None, NbdCommand.Read, 0, (ulong)offset, (uint)buffer.Length), buffer, default, hold, cancellationToken).ConfigureAwait(false);

    private ValueTask<NbdCall> RunAsync(NbdCommand command, NbdCommandFlags flags, long offset, long length, NbdHold hold, CancellationToken cancellationToken)
        => _link.RunAsync(new NbdRequest(flags, command, 0, (ulong)offset, (uint)length), default, default, hold, cancellationToken);

    private async ValueTask<NbdHold> EnterAsync(long start, long end, bool exclusive, CancellationToken cancellationToken)
        => new(_gate, await _gate.EnterAsync(start, end, exclusive, cancellationToken).ConfigureAwait(false));

    private (long Start, long End) Cover(long offset, long length) => (offset & -_block, (offset + length + _block - 1) & -_block);

    private bool IsAligned(long offset, long length) => ((offset | length) & (_block - 1)) == 0;

    private bool Has(NbdExportFlags flag) => (Info.Flags & flag) != 0;
}

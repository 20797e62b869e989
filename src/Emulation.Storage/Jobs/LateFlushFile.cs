namespace Emulation.Storage;

/// <summary>A file that is of no use before it is complete: it is made durable once, when it is closed, and only if it came to be complete.</summary>
internal sealed class LateFlushFile(IBlockDevice file) : PassThrough(file)
{
    /// <summary>Whether closing makes the file durable.</summary>
    public bool FlushOnClose { get; set; }

    protected override ValueTask FlushCoreAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    protected override ValueTask FinishAsync() => FlushOnClose ? Inner.FlushAsync() : ValueTask.CompletedTask;
}

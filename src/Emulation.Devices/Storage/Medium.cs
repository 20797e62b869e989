using Emulation.Core;
using Emulation.Storage;

namespace Emulation.Devices;

/// <summary>What storage devices have in common about the image behind them.</summary>
internal static class Medium
{
    /// <summary>Media that complete at once keep a machine deterministic; others hold it up until they have the answer.</summary>
    public static void Wait(ValueTask operation)
    {
        if (operation.IsCompleted)
            operation.GetAwaiter().GetResult();
        else
            operation.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Whether an exception says that the image failed, and not that the program is wrong.</summary>
    public static bool IsFailure(Exception e)
        => e is IOException or InvalidDataException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException;

    /// <summary>Saves changes that a disk keeps in memory only.</summary>
    public static void SaveChanges(StateWriter writer, IBlockDevice disk)
    {
        var changes = disk as IVolatileBlockDevice;
        writer.Write(changes?.ChangedClusters ?? 0);
        if (changes is null)
            return;
        foreach ((long index, ReadOnlyMemory<byte> content) in changes.Changes)
        {
            writer.Write(index);
            writer.Write(content.Span);
        }
    }

    /// <summary>Loads what <see cref="SaveChanges"/> saved.</summary>
    public static void LoadChanges(StateReader reader, IBlockDevice disk)
    {
        var changes = disk as IVolatileBlockDevice;
        int count = reader.ReadCount(12);
        if (changes is null && count > 0)
            throw reader.Damaged("holds changes of a disk that lives in memory; this machine's disk does not");
        changes?.RevertChanges();
        for (int i = 0; i < count; i++)
        {
            long index = reader.ReadInt64();
            ReadOnlySpan<byte> content = reader.ReadBytes();
            if (index < 0 || index > (disk.Length - 1) / changes!.ClusterSize || (!content.IsEmpty && content.Length != changes.ClusterSize))
                throw reader.Damaged("holds changes of a disk of another size");
            changes.RestoreCluster(index, content);
        }
    }
}

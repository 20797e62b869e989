namespace Emulation.Storage;

/// <summary>The snapshots of an image.</summary>
/// <param name="Snapshots">In the order of their table.</param>
/// <param name="Length">Bytes of the table.</param>
internal sealed record Qcow2SnapshotList(List<Qcow2Snapshot> Snapshots, long Length);

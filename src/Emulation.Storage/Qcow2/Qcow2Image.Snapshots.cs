namespace Emulation.Storage;

/// <content>Internal snapshots.</content>
public sealed partial class Qcow2Image
{
    /// <summary>The internal snapshots, oldest first.</summary>
    public IReadOnlyList<Qcow2Snapshot> Snapshots => _snapshots.List;

    /// <summary>Keeps the disk as it is now under a name. It is durable when this completes.</summary>
    /// <param name="name">Any text; need not be unique.</param>
    /// <param name="machineState">State of the machine to be kept with it; may be empty.</param>
    /// <param name="date">When it is taken; now by default.</param>
    /// <param name="guestNanoseconds">How long the guest has been running.</param>
    /// <exception cref="DiskImageException">A reference count would be too large for its width, or the data are in an external file.</exception>
    public async ValueTask<Qcow2Snapshot> CreateSnapshotAsync(
        string name, ReadOnlyMemory<byte> machineState = default, DateTimeOffset? date = null, ulong guestNanoseconds = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        CheckSnapshots();
        if (!machineState.IsEmpty)
        {
            long start = _snapshots.StateOffset(Length);
            await _resizer.GrowL1Async(start + machineState.Length).ConfigureAwait(false);
            await _writer.WriteAsync(start, machineState, CancellationToken.None).ConfigureAwait(false);
        }

        return await _snapshots.CreateAsync(name, date ?? DateTimeOffset.UtcNow, guestNanoseconds, machineState.Length).ConfigureAwait(false);
    }

    /// <summary>Makes the disk, and its size, what they were; later changes that no snapshot holds are lost.</summary>
    /// <param name="idOrName">Which snapshot: its id, else its name.</param>
    /// <exception cref="DiskImageException">There is none, or it is damaged.</exception>
    public async ValueTask ApplySnapshotAsync(string idOrName)
    {
        CheckSnapshots();
        Qcow2Snapshot snapshot = _snapshots.Find(idOrName);
        if (!_bitmaps.IsEmpty && snapshot.DiskSize != Length)
            throw _metadata.Name.Error($"snapshot '{snapshot.Name}' has another size, which the image's bitmaps cannot follow");
        await RecordAsync(0, Length).ConfigureAwait(false);
        await _snapshots.ApplyAsync(snapshot).ConfigureAwait(false);
    }

    /// <summary>Deletes a snapshot. The disk stays as it is.</summary>
    /// <param name="idOrName">Which snapshot: its id, else its name.</param>
    /// <exception cref="DiskImageException">There is none, or it is damaged.</exception>
    public ValueTask DeleteSnapshotAsync(string idOrName)
    {
        CheckSnapshots();
        return _snapshots.DeleteAsync(_snapshots.Find(idOrName));
    }

    /// <summary>The disk as a snapshot holds it, for reading. It is usable while the image is open and the snapshot exists; its calls must not overlap with those of the image.</summary>
    /// <param name="idOrName">Which snapshot: its id, else its name.</param>
    /// <exception cref="DiskImageException">There is none, or it is damaged.</exception>
    public ValueTask<IBlockDevice> OpenSnapshotAsync(string idOrName) => OpenSnapshotAsync(idOrName, state: false);

    /// <summary>The state of the machine that a snapshot holds, for reading. It is usable while the image is open and the snapshot exists; its calls must not overlap with those of the image.</summary>
    /// <param name="idOrName">Which snapshot: its id, else its name.</param>
    /// <exception cref="DiskImageException">There is none, or it is damaged.</exception>
    public ValueTask<IBlockDevice> OpenSnapshotStateAsync(string idOrName) => OpenSnapshotAsync(idOrName, state: true);

    private void CheckSnapshots()
    {
        CheckWritable();
        if (_metadata.DataFile is not null)
            throw _metadata.Name.Error("internal snapshots and an external data file exclude each other");
    }

    private async ValueTask<IBlockDevice> OpenSnapshotAsync(string idOrName, bool state)
    {
        Qcow2Snapshot snapshot = _snapshots.Find(idOrName);
        ulong[] l1 = await Qcow2Metadata.ReadL1Async(_metadata.File, snapshot.L1Offset, snapshot.L1Size).ConfigureAwait(false);
        var reader = new Qcow2Reader(_metadata, _mapper, _compressor, _reader.Backing, snapshot.DiskSize);
        return state
            ? new Qcow2SnapshotView(_mapper, reader, l1, _snapshots.StateOffset(snapshot.DiskSize), snapshot.StateSize)
            : new Qcow2SnapshotView(_mapper, reader, l1, 0, snapshot.DiskSize);
    }
}

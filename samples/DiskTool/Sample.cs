using Emulation.Storage;

namespace DiskTool;

/// <summary>Makes a disk, copies files into it, keeps a snapshot, goes on in an overlay, commits that, converts the disk and compares.</summary>
public static class Sample
{
    private const long Size = 64 << 20;

    /// <summary>Runs the sample.</summary>
    /// <param name="args">An empty folder, and files whose bytes go into the disk one after the other.</param>
    /// <param name="output">Gets what happened.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        if (args.Length < 2)
        {
            await output.WriteLineAsync("usage: DiskTool FOLDER FILE...").ConfigureAwait(false);
            return 2;
        }

        string disk = Path.Combine(args[0], "disk.qcow2"), overlay = Path.Combine(args[0], "overlay.qcow2"), vdi = Path.Combine(args[0], "disk.vdi");

        // a new disk, the files, and a snapshot of that
        await using (var image = (Qcow2Image)DiskImage.Create(disk, Size, new Qcow2CreateOptions()))
        {
            long offset = 0;
            foreach (string file in args[1..])
            {
                byte[] bytes = await File.ReadAllBytesAsync(file).ConfigureAwait(false);
                await image.WriteAsync(offset, bytes).ConfigureAwait(false);
                await output.WriteLineAsync($"{bytes.Length} bytes of {Path.GetFileName(file)} at byte {offset}").ConfigureAwait(false);
                offset += (bytes.Length + 511) & -512;
            }

            await image.CreateSnapshotAsync("as copied").ConfigureAwait(false);
        }

        // changes go into an overlay, until they prove good
        var below = new Qcow2CreateOptions { BackingFile = Path.GetFileName(disk), BackingFormat = "qcow2" };
        await using (BlockDevice image = DiskImage.Create(overlay, Size, below))
            await image.WriteAsync(Size - 4, "done"u8.ToArray()).ConfigureAwait(false);
        await DiskJobs.CommitAsync(overlay).ConfigureAwait(false);

        using BlockDevice source = DiskImage.Open(disk, readOnly: true);
        DiskMeasurement room = await DiskJobs.MeasureAsync(source, new VdiCreateOptions()).ConfigureAwait(false);
        await DiskJobs.ConvertAsync(source, vdi, new DiskConvertOptions { Target = new VdiCreateOptions() }).ConfigureAwait(false);
        await output.WriteLineAsync($"converted; {room.Required} bytes were expected, {new FileInfo(vdi).Length} it took").ConfigureAwait(false);

        using BlockDevice copy = DiskImage.Open(vdi, readOnly: true);
        DiskDifference? difference = await DiskJobs.CompareAsync(source, copy).ConfigureAwait(false);
        await output.WriteLineAsync(difference is null ? "both hold the same" : $"they differ at byte {difference.Value.Offset}").ConfigureAwait(false);
        await using IBlockDevice snapshot = await ((Qcow2Image)source).OpenSnapshotAsync("as copied").ConfigureAwait(false);
        DiskDifference? since = await DiskJobs.CompareAsync(source, snapshot).ConfigureAwait(false);
        await output.WriteLineAsync($"since the snapshot it changed first at byte {since?.Offset}").ConfigureAwait(false);
        return difference is null && since is { Offset: Size - 4 } ? 0 : 1;
    }
}

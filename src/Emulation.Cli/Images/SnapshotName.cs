using System.CommandLine;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>The value of -l: a snapshot in place of the disk as it is.</summary>
internal static class SnapshotName
{
    public static Option<string?> Option()
        => new("-l") { Description = "A snapshot inside the image: an id or a name, or snapshot.id=ID, or snapshot.name=NAME.", HelpName = "SNAPSHOT" };

    /// <summary>The disk of an image, or what a snapshot holds.</summary>
    public static async ValueTask<IBlockDevice> OpenAsync(BlockDevice image, string? text)
    {
        if (text is null)
            return image;
        if (image is not Qcow2Image qcow2)
            throw new UsageException("-l: only qcow2 images have snapshots");
        return await qcow2.OpenSnapshotAsync(Find(qcow2, text)).ConfigureAwait(false);
    }

    private static string Find(Qcow2Image image, string text)
    {
        if (!text.StartsWith("snapshot.", StringComparison.Ordinal))
            return text;
        IEnumerable<Qcow2Snapshot> found = image.Snapshots;
        foreach ((string name, string value) in OptionList.Split(text))
        {
            found = name switch
            {
                "snapshot.id" => found.Where(s => s.Id == value),
                "snapshot.name" => found.Where(s => s.Name == value),
                _ => throw new UsageException($"-l: '{name}' is not understood; there are snapshot.id and snapshot.name"),
            };
        }

        return found.FirstOrDefault()?.Id ?? throw new UsageException($"-l: there is no snapshot '{text}'");
    }
}

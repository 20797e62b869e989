using System.Globalization;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>What an image is.</summary>
internal static class InfoReport
{
    public static Dictionary<string, object> Facts(string path, IBlockDevice image, DiskImageInfo info)
    {
        var facts = new Dictionary<string, object>
        {
            ["filename"] = path,
            ["format"] = info.Format,
            ["virtual-size"] = image.Length,
        };
        if (!DiskImage.IsUri(path))
            facts["file-length"] = new FileInfo(path).Length;
        if (info.ClusterSize > 0)
            facts["cluster-size"] = info.ClusterSize;
        if (info.IsEncrypted)
            facts["encrypted"] = true;
        if (info.BackingFile is { } backing)
        {
            facts["backing-filename"] = backing;
            facts["full-backing-filename"] = BackingChain.Resolve(path, backing);
            if (info.BackingFormat is { } recorded)
                facts["backing-filename-format"] = recorded;
        }

        if (info.Details.Count > 0)
            facts["format-specific"] = new Dictionary<string, object> { ["type"] = info.Format, ["data"] = info.Details };
        if (image is not Qcow2Image qcow2)
            return facts;
        if (qcow2.Snapshots.Count > 0)
            facts["snapshots"] = qcow2.Snapshots.Select(ImgJson.Of);
        facts["format-specific"] = new Dictionary<string, object> { ["type"] = "qcow2", ["data"] = Specific(qcow2) };
        return facts;
    }

    public static void Write(TextWriter writer, string path, IBlockDevice image, DiskImageInfo info)
    {
        writer.WriteLine($"image            {path}");
        writer.WriteLine($"format           {info.Format}");
        writer.WriteLine($"virtual size     {ImgText.Size(image.Length)}");
        if (!DiskImage.IsUri(path))
            writer.WriteLine($"file length      {ImgText.Size(new FileInfo(path).Length)}");
        if (info.ClusterSize > 0)
            writer.WriteLine($"cluster size     {info.ClusterSize}");
        if (info.IsEncrypted)
            writer.WriteLine("encrypted        yes");
        if (info.BackingFile is { } backing)
            writer.WriteLine($"backing file     {backing} ({info.BackingFormat ?? "format not recorded"})");
        foreach ((string name, object value) in info.Details)
            WriteDetail(writer, name.Replace('-', ' '), value);
        if (image is not Qcow2Image qcow2)
            return;
        writer.WriteLine($"version          {qcow2.Version}");
        writer.WriteLine($"compression      {Compression(qcow2)}");
        writer.WriteLine($"refcount bits    {qcow2.RefcountBits}{(qcow2.LazyRefcounts ? ", lazy" : "")}");
        if (qcow2.ExtendedL2)
            writer.WriteLine("subclusters      32");
        if (qcow2.DataFile is { } data)
            writer.WriteLine($"data file        {data}");
        foreach (Qcow2Bitmap bitmap in qcow2.Bitmaps)
            writer.WriteLine($"bitmap           {bitmap.Name} ({bitmap.Granularity} bytes a bit{(bitmap.Enabled ? ", enabled" : "")}{(bitmap.Consistent ? "" : ", not to be relied on")})");
        if (qcow2.Snapshots.Count == 0)
            return;
        writer.WriteLine("snapshots");
        ImgText.Write(writer, qcow2.Snapshots);
    }

    // a line, or one for each part
    private static void WriteDetail(TextWriter writer, string name, object value)
    {
        if (value is not IEnumerable<IReadOnlyDictionary<string, object>> parts)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-16} {value}"));
            return;
        }

        foreach (IReadOnlyDictionary<string, object> part in parts)
            writer.WriteLine($"{name,-16} {string.Join(", ", part.Where(static p => p.Value is not "").Select(static p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}={p.Value}")))}");
    }

    private static Dictionary<string, object> Specific(Qcow2Image image)
    {
        var data = new Dictionary<string, object>
        {
            ["compat"] = image.Version == 2 ? "0.10" : "1.1",
            ["compression-type"] = Compression(image),
            ["refcount-bits"] = image.RefcountBits,
        };
        if (image.Version > 2)
        {
            data["lazy-refcounts"] = image.LazyRefcounts;
            data["extended-l2"] = image.ExtendedL2;
        }

        if (image.DataFile is { } file)
            data["data-file"] = file;
        if (image.Bitmaps.Count > 0)
            data["bitmaps"] = image.Bitmaps.Select(static b => new Dictionary<string, object> { ["name"] = b.Name, ["granularity"] = b.Granularity, ["flags"] = Flags(b) });
        return data;
    }

    private static string[] Flags(Qcow2Bitmap bitmap) => [.. ((string[])[bitmap.Consistent ? "" : "in-use", bitmap.Enabled ? "auto" : ""]).Where(static f => f.Length > 0)];

    private static string Compression(Qcow2Image image) => image.Compression == Qcow2Compression.Zstd ? "zstd" : "zlib";
}

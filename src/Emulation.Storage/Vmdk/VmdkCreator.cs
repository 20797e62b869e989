using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Emulation.Storage;

/// <summary>Creates images: extents first, and last what makes a file an image.</summary>
internal sealed class VmdkCreator(VmdkCreateOptions options, ImageSource source, ImageName name)
{
    private const int SectorsPerTrack = 63;
    private const int DescriptorLength = 20 * ImageFields.Sector;
    private const long MaxExtents = 1024;

    private readonly List<string> _created = [];
    private uint _parentContentId = VmdkDescriptor.NoParent;

    private bool IsFlat => options.Subformat is VmdkSubformat.MonolithicFlat or VmdkSubformat.TwoGbMaxExtentFlat;

    private bool IsSplit => options.Subformat is VmdkSubformat.TwoGbMaxExtentFlat or VmdkSubformat.TwoGbMaxExtentSparse;

    private bool IsPacked => options.Subformat == VmdkSubformat.StreamOptimized;

    /// <summary>Creates an image; the files besides the one that is given are deleted when that fails.</summary>
    /// <returns>Their paths.</returns>
    public async ValueTask<IReadOnlyList<string>> CreateAsync(IBlockDevice file, long length)
    {
        Check(length);
        if (options.BackingFile is not null)
        {
            // there and readable, and no loop
            await using BlockDevice below = await source.OpenBackingAsync(name, options.BackingFile, "vmdk").ConfigureAwait(false);
            _parentContentId = ((VmdkImage)below).ContentId ?? throw Wrong($"the image below, '{options.BackingFile}', has no content identifier that could be recorded");
        }

        try
        {
            if (IsFlat || IsSplit)
                await CreateSeveralAsync(file, length).ConfigureAwait(false);
            else
                await CreateSparseAsync(file, length, DescribeAlone(length)).ConfigureAwait(false);
        }
        catch
        {
            Delete();
            throw;
        }

        return _created;
    }

    /// <summary>Begins a stream; it is complete when the image is closed.</summary>
    public async ValueTask<VmdkImage> CreateStreamAsync(IBlockDevice file, long length)
    {
        Check(length);
        var header = new VmdkHeader
        {
            Version = 3,
            Capacity = length,
            GrainSize = options.GrainSize,
            DescriptorOffset = VmdkHeader.Length,
            DescriptorLength = DescriptorLength,
            DirectoryOffset = 0,
            DataOffset = RoundUp(VmdkHeader.Length + DescriptorLength, options.GrainSize),
            IsCompressed = true,
            HasMarkers = true,
        };
        await file.ResizeAsync(header.DataOffset).ConfigureAwait(false);
        await file.WriteAsync(0, header.ToBytes(atEnd: true)).ConfigureAwait(false);
        await file.WriteAsync(header.DescriptorOffset, DescribeAlone(length)).ConfigureAwait(false);
        var disk = new VmdkPackedDisk(new VmdkStreamMap(new HostFile(file), header, name), header, name, length, backing: null, readOnly: false);
        return new VmdkImage(name, [new VmdkExtent(0, disk, 0)], [], contentId: null, readOnly: false);
    }

    /// <summary>What room a new image takes, all its files together.</summary>
    public DiskLayout Layout(long length)
    {
        Check(length);
        int grain = options.GrainSize;
        // a descriptor with a line for each extent
        long text = IsFlat || IsSplit ? (2 + (IsSplit ? ImageFields.Blocks(length, options.ExtentSize) : 1)) * ImageFields.Sector : 0;
        if (IsFlat)
            return new DiskLayout(ImageFields.Sector, text, ImageFields.Sector, Whole: true);
        if (options.Sequential)
            return new DiskLayout(grain, VmdkHeader.Length + DescriptorLength + grain + (ImageFields.Blocks(length, grain) * 4 * 2) + (8 * ImageFields.Sector), PackedGrain);
        long overhead = text;
        long step = IsSplit ? options.ExtentSize : length;
        for (long start = 0; start < length; start += step)
            overhead += HeaderOf(Math.Min(step, length - start), !IsSplit).DataOffset;
        return new DiskLayout(grain, overhead, IsPacked ? PackedGrain : grain);
    }

    // of data that cannot be compressed
    private long PackedGrain => RoundUp(VmdkMarker.GrainLength + options.GrainSize + (options.GrainSize >> 10) + 64, ImageFields.Sector);

    /// <summary>Deletes the files that were created.</summary>
    public void Delete()
    {
        foreach (string created in _created)
            source.Options.Files.Delete(created);
    }

    private string FileName => source.Path is null ? "disk.vmdk" : Path.GetFileName(source.Path);

    private void Check(long length)
    {
        int grain = options.GrainSize;
        if (!BitOperations.IsPow2(grain) || grain is < VmdkHeader.MinGrainSize or > VmdkHeader.MaxPackedGrain)
            throw Wrong($"a grain of {grain} bytes is not a power of two from 4 KiB to 16 MiB");
        ImageFields.CheckLength("vmdk", length, IsFlat && !IsSplit ? long.MaxValue / 2 : Math.Min(VmdkHeader.MaxTables * VmdkHeader.DefaultTableEntries * grain, IsSplit ? MaxExtents * options.ExtentSize : long.MaxValue));
        if (IsSplit && (options.ExtentSize is < ImageFields.Sector or > VmdkCreateOptions.MaxExtentSize || options.ExtentSize % ImageFields.Sector != 0))
            throw Wrong($"extents of {options.ExtentSize} bytes are not whole sectors of {ImageFields.Sector} bytes up to 2 GiB");
        // QEMU reads past the end of an extent whose last grain is not whole
        if (IsSplit && !IsFlat && options.ExtentSize % grain != 0)
            throw Wrong($"extents of {options.ExtentSize} bytes are not whole grains of {grain} bytes");
        if (options.Sequential && (!IsPacked || options.BackingFile is not null))
            throw Wrong("only a streamOptimized image of a whole disk can be written as a sequence");
        if (IsFlat && options.BackingFile is not null)
            throw Wrong("a flat image holds the whole disk: nothing can be below it");
        if (options.ZeroedGrain && (IsFlat || IsPacked))
            throw Wrong("only images that grow, without compression, can mark grains as zero");
        if (options.BackingFormat is not (null or "vmdk"))
            throw Wrong($"below a vmdk image there is another one, not a {options.BackingFormat} image");
        if (options.BackingFile is null && options.BackingFormat is not null)
            throw Wrong("there is a format for a backing file, but no backing file");
        if (options.BackingFile is { } below && below.AsSpan().ContainsAny('"', '\n', '\r'))
            throw Wrong("the name of the image below cannot be recorded");
        if ((IsFlat || IsSplit) && source.Path is null)
            throw Wrong("an image in several files must be a file itself, beside which the others are created");
        if (FileName.AsSpan().ContainsAny('"', '\n', '\r'))
            throw Wrong("the name of the file cannot be recorded");
    }

    private async ValueTask CreateSeveralAsync(IBlockDevice file, long length)
    {
        string path = Path.GetFullPath(source.Path!);
        string folder = Path.GetDirectoryName(path)!;
        string stem = Path.GetFileNameWithoutExtension(path);
        var lines = new List<string>();
        long step = IsSplit ? options.ExtentSize : length;
        for (long start = 0; start < length; start += step)
        {
            long count = Math.Min(step, length - start);
            string suffix = !IsSplit ? "-flat" : $"-{(IsFlat ? 'f' : 's')}{lines.Count + 1:d3}";
            string extent = stem + suffix + Path.GetExtension(path);
            await using (IBlockDevice target = source.Options.Files.Create(Path.Combine(folder, extent)))
            {
                _created.Add(Path.Combine(folder, extent));
                if (IsFlat)
                    await target.ResizeAsync(count).ConfigureAwait(false);
                else
                    await CreateSparseAsync(target, count, null).ConfigureAwait(false);
                await target.FlushAsync().ConfigureAwait(false);
            }

            lines.Add($"RW {count / ImageFields.Sector} {(IsFlat ? "FLAT" : "SPARSE")} \"{extent}\"{(IsFlat ? " 0" : "")}");
        }

        byte[] text = Describe(length, lines);
        await file.ResizeAsync(text.Length).ConfigureAwait(false);
        await file.WriteAsync(0, text).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
    }

    private async ValueTask CreateSparseAsync(IBlockDevice file, long length, byte[]? descriptor)
    {
        if (descriptor?.Length > DescriptorLength)
            throw Wrong("the descriptor is too long");
        VmdkHeader header = HeaderOf(length, descriptor is not null);
        long tables = TablesOf(length);
        long directoryBytes = RoundUp(tables * 4, ImageFields.Sector);
        await file.ResizeAsync(header.DataOffset).ConfigureAwait(false);
        if (descriptor is not null)
            await file.WriteAsync(header.DescriptorOffset, descriptor).ConfigureAwait(false);
        await WriteDirectoryAsync(file, header.RedundantOffset, tables, header.RedundantOffset + directoryBytes).ConfigureAwait(false);
        await WriteDirectoryAsync(file, header.DirectoryOffset, tables, header.DirectoryOffset + directoryBytes).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        await file.WriteAsync(0, header.ToBytes()).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
    }

    private long TablesOf(long length) => ImageFields.Blocks(length, (long)VmdkHeader.DefaultTableEntries * options.GrainSize);

    private VmdkHeader HeaderOf(long length, bool hasDescriptor)
    {
        const int tableBytes = VmdkHeader.DefaultTableEntries * 4;
        long tables = TablesOf(length);
        long directoryBytes = RoundUp(tables * 4, ImageFields.Sector);
        long redundant = VmdkHeader.Length + (hasDescriptor ? DescriptorLength : 0);
        long directory = redundant + directoryBytes + (tables * tableBytes);
        return new VmdkHeader
        {
            Version = IsPacked ? 3u : options.ZeroedGrain ? 2u : 1u,
            Capacity = length,
            GrainSize = options.GrainSize,
            DescriptorOffset = hasDescriptor ? VmdkHeader.Length : 0,
            DescriptorLength = hasDescriptor ? DescriptorLength : 0,
            RedundantOffset = redundant,
            DirectoryOffset = directory,
            DataOffset = RoundUp(directory + directoryBytes + (tables * tableBytes), options.GrainSize),
            HasZeroGrain = options.ZeroedGrain,
            IsCompressed = IsPacked,
            HasMarkers = IsPacked,
        };
    }

    // tables are there from the start, one after another: other programs do not add them
    private static async ValueTask WriteDirectoryAsync(IBlockDevice file, long offset, long tables, long firstTable)
    {
        const int most = 1 << 14;
        byte[] piece = new byte[Math.Min(tables, most) * 4];
        for (long first = 0; first < tables; first += most)
        {
            int count = (int)Math.Min(most, tables - first);
            for (int i = 0; i < count; i++)
            {
                long table = firstTable + ((first + i) * VmdkHeader.DefaultTableEntries * 4);
                BinaryPrimitives.WriteUInt32LittleEndian(piece.AsSpan(i * 4), (uint)(table / ImageFields.Sector));
            }

            await file.WriteAsync(offset + (first * 4), piece.AsMemory(0, count * 4)).ConfigureAwait(false);
        }
    }

    private byte[] DescribeAlone(long length) => Describe(length, [$"RW {length / ImageFields.Sector} SPARSE \"{FileName}\""]);

    private byte[] Describe(long length, IEnumerable<string> extents)
    {
        (string adapter, int heads) = options.AdapterType switch
        {
            VmdkAdapterType.BusLogic => ("buslogic", 255),
            VmdkAdapterType.LsiLogic => ("lsilogic", 255),
            VmdkAdapterType.LegacyEsx => ("legacyESX", 255),
            _ => ("ide", 16),
        };
        string type = options.Subformat.ToString();
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"{Encoding.ASCII.GetString(VmdkDescriptor.Start)}");
        Line($"version=1");
        Line($"CID={VmdkContentId.Fresh():x8}");
        Line($"parentCID={_parentContentId:x8}");
        Line($"createType=\"{char.ToLowerInvariant(type[0])}{type[1..]}\"");
        if (options.BackingFile is not null)
            Line($"parentFileNameHint=\"{options.BackingFile}\"");
        Line($"");
        Line($"# Extent description");
        foreach (string extent in extents)
            Line($"{extent}");
        Line($"");
        Line($"# The Disk Data Base");
        Line($"#DDB");
        Line($"");
        Line($"ddb.virtualHWVersion = \"{options.HardwareVersion}\"");
        Line($"ddb.geometry.cylinders = \"{length / ImageFields.Sector / SectorsPerTrack / heads}\"");
        Line($"ddb.geometry.heads = \"{heads}\"");
        Line($"ddb.geometry.sectors = \"{SectorsPerTrack}\"");
        Line($"ddb.adapterType = \"{adapter}\"");
        Line($"ddb.toolsVersion = \"{options.ToolsVersion}\"");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static long RoundUp(long value, long unit) => (value + unit - 1) / unit * unit;

    private static DiskImageException Wrong(string what) => new($"vmdk image cannot be created: {what}");
}

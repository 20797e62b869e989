namespace Emulation.Storage;

/// <summary>Opens an image: descriptor, extents, the image below.</summary>
internal sealed class VmdkOpener(ImageSource source, ImageName name)
{
    // what is open besides the image's own file, closed when opening fails
    private readonly List<IDisposable> _open = [];
    private readonly Dictionary<string, IBlockDevice> _flatFiles = [];
    private readonly Dictionary<string, List<(long Start, long End)>> _flatParts = [];
    private bool _readOnly;
    private BlockDevice? _parent;

    /// <summary>Opens an image, which then owns the file.</summary>
    /// <param name="file">Holds the header or the descriptor.</param>
    /// <param name="created">The files that were created with it.</param>
    /// <param name="isNew">Whether it was created just now, so that nobody knows its content identifier yet.</param>
    public async ValueTask<VmdkImage> OpenAsync(IBlockDevice file, IReadOnlyList<string> created, bool isNew = false)
    {
        _readOnly = source.ReadOnly || file.ReadOnly;
        try
        {
            var host = new HostFile(file);
            (VmdkHeader? header, VmdkDescriptor? descriptor) = await ReadAsync(host, name).ConfigureAwait(false);
            if (!_readOnly && header?.WhyReadOnly is { } reason)
                throw name.At(reason.Offset, reason.What);
            _parent = descriptor is null || source.Options.IgnoreBacking ? null : await OpenParentAsync(descriptor).ConfigureAwait(false);
            var extents = new List<VmdkExtent>();
            bool isAlone = header is { Capacity: > 0 };
            if (isAlone)
                extents.Add(new VmdkExtent(0, await OpenSparseAsync(host, header!, header!.Capacity, 0, _readOnly).ConfigureAwait(false), 0) { Path = source.Path });
            else
                await OpenExtentsAsync(descriptor!, extents).ConfigureAwait(false);
            VmdkContentId? contentId = descriptor?.ContentId is { } id && !isNew && !_readOnly
                ? new VmdkContentId(host, descriptor.ContentIdAt, descriptor.ContentIdDigits, id) : null;
            _open.AddRange(_flatFiles.Values);
            if (_parent is not null)
                _open.Add(_parent);
            if (!isAlone)
                _open.Add(file);
            return new VmdkImage(name, extents, _open, contentId, _readOnly)
            {
                FirstContentId = descriptor?.ContentId,
                MoreFiles = created,
                Parent = _parent as VmdkImage,
                ParentContentId = _parent is null || _readOnly ? null : new VmdkContentId(host, descriptor!.ParentContentIdAt, descriptor.ParentContentIdDigits, descriptor.ParentContentId),
                Info = Describe(descriptor, extents),
            };
        }
        catch
        {
            foreach (IDisposable open in _open.Concat(_flatFiles.Values))
                open.Dispose();
            _parent?.Dispose();
            throw;
        }
    }

    /// <summary>Reads what is at the start of a file: the header of an extent, a descriptor, or one in the other.</summary>
    public static async ValueTask<(VmdkHeader? Header, VmdkDescriptor? Descriptor)> ReadAsync(HostFile file, ImageName name)
    {
        byte[] start = new byte[VmdkDescriptor.Start.Length];
        await file.ReadAsync(0, start).ConfigureAwait(false);
        if (start.AsSpan().SequenceEqual(VmdkDescriptor.Start))
            return (null, await ReadDescriptorAsync(file, 0, file.Length, name).ConfigureAwait(false));
        VmdkHeader header = await VmdkHeader.ReadAsync(file, name).ConfigureAwait(false);
        if (header.DescriptorOffset == 0 || header.DescriptorLength == 0)
        {
            return header.Capacity > 0 ? (header, null)
                : throw name.At(12, "it has neither a capacity nor a descriptor");
        }

        return (header, await ReadDescriptorAsync(file, header.DescriptorOffset, header.DescriptorLength, name).ConfigureAwait(false));
    }

    private static async ValueTask<VmdkDescriptor> ReadDescriptorAsync(HostFile file, long offset, long length, ImageName name)
    {
        if (length > VmdkDescriptor.MaxLength)
            throw name.At(offset, $"a descriptor of {length} bytes is too large; {VmdkDescriptor.MaxLength} are the most");
        byte[] text = await ImageFields.ReadAsync(file, offset, (int)length, name).ConfigureAwait(false);
        return VmdkDescriptor.Parse(text, offset, name);
    }

    private async ValueTask<BlockDevice?> OpenParentAsync(VmdkDescriptor descriptor)
    {
        if (descriptor.ParentName is null)
        {
            return descriptor.ParentContentId == VmdkDescriptor.NoParent ? null
                : throw name.At(descriptor.ParentContentIdAt, "it lies on another image, but does not say on which");
        }

        BlockDevice parent;
        try
        {
            parent = await source.OpenBackingAsync(name, descriptor.ParentName, "vmdk").ConfigureAwait(false);
        }
        catch (DiskImageException e) when (e.Format is null)
        {
            throw name.At(descriptor.ParentContentIdAt, e.Message);
        }

        uint? actual = ((VmdkImage)parent).ContentId;
        if (actual == descriptor.ParentContentId)
            return parent;
        await parent.DisposeAsync().ConfigureAwait(false);
        throw name.At(descriptor.ParentContentIdAt,
            $"it was made for the image below when that had the content identifier {descriptor.ParentContentId:x8}; it has {actual:x8} now: it was changed since, or is another one");
    }

    private async ValueTask OpenExtentsAsync(VmdkDescriptor descriptor, List<VmdkExtent> extents)
    {
        if (descriptor.Extents.Count == 0)
            throw name.At(0, "its descriptor names no extents");
        long start = 0;
        foreach (VmdkExtentLine line in descriptor.Extents)
        {
            if (line.Length > long.MaxValue / 2 - start)
                throw name.At(line.At, "all extents together are too large");
            BlockDevice device = await OpenExtentAsync(line, start).ConfigureAwait(false);
            _open.Add(device);
            extents.Add(new VmdkExtent(start, device, line.At, line.IsZero) { Path = line.File is null ? null : source.PathOf(name, line.File), Type = line.Type });
            start += line.Length;
        }
    }

    private async ValueTask<BlockDevice> OpenExtentAsync(VmdkExtentLine line, long start)
    {
        if (line.Access == "NOACCESS")
            throw name.At(line.At, "it has an extent that may not be accessed");
        if (line.IsZero)
            return new ZeroDevice(line.Length);
        bool readOnly = _readOnly || line.IsReadOnly;
        if (line.IsFlat)
            return OpenFlat(line, readOnly);
        if (!line.IsSparse)
            throw name.At(line.At, $"extents of type {line.Type} are not supported; FLAT, SPARSE, VMFS, VMFSSPARSE and ZERO are");
        string path = source.Resolve(name, line.File!, "extent");
        IBlockDevice file = OpenFile(line, readOnly);
        try
        {
            var part = new ImageName(name.Format, path);
            var host = new HostFile(file);
            VmdkHeader header = await VmdkHeader.ReadAsync(host, part).ConfigureAwait(false);
            if (!readOnly && header.WhyReadOnly is { } reason)
                throw part.At(reason.Offset, reason.What);
            if (line.Length > header.Capacity)
                throw name.At(line.At, $"an extent of {line.Length} bytes is said to be in '{line.File}', which has {header.Capacity}");
            return await OpenSparseAsync(host, header, line.Length, start, readOnly, part).ConfigureAwait(false);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // several extents may lie in one file
    private DeviceSlice OpenFlat(VmdkExtentLine line, bool readOnly)
    {
        string path = source.Resolve(name, line.File!, "extent");
        // opened for writing where one of its extents needs that; a read-only one is then a view
        if (!_flatFiles.TryGetValue(path, out IBlockDevice? file))
        {
            file = OpenFile(line, _readOnly);
            _flatFiles.Add(path, file);
            _flatParts.Add(path, []);
        }

        if (line.Offset > file.Length - line.Length)
            throw name.At(line.At, $"'{line.File}' has {file.Length} bytes, too few for an extent of {line.Length} bytes from byte {line.Offset} on");
        List<(long Start, long End)> parts = _flatParts[path];
        long end = line.Offset + line.Length;
        if (!_readOnly && parts.Exists(p => line.Offset < p.End && end > p.Start))
            throw name.At(line.At, $"two extents share bytes of '{line.File}'");
        parts.Add((line.Offset, end));
        return new DeviceSlice(file, line.Offset, line.Length) { IsView = readOnly };
    }

    private IBlockDevice OpenFile(VmdkExtentLine line, bool readOnly)
    {
        try
        {
            return source.OpenExtent(name, line.File!, readOnly);
        }
        catch (DiskImageException e)
        {
            throw name.At(line.At, e.Message);
        }
    }

    private DiskImageInfo Describe(VmdkDescriptor? descriptor, List<VmdkExtent> extents)
    {
        static int GrainOf(VmdkExtent extent) => extent.Device switch { VmdkPackedDisk packed => packed.GrainSize, BlockDisk disk => disk.Map.BlockSize, _ => 0 };
        var parts = new List<Dictionary<string, object>>();
        foreach (VmdkExtent extent in extents)
        {
            var part = new Dictionary<string, object> { ["virtual-size"] = extent.Device.Length, ["format"] = extent.Type };
            if (extent.Path is { } path)
                part["filename"] = path;
            if (GrainOf(extent) is > 0 and var grain)
                part["cluster-size"] = grain;
            if (extent.Device is VmdkPackedDisk)
                part["compressed"] = true;
            parts.Add(part);
        }

        var details = new Dictionary<string, object> { ["create-type"] = descriptor?.CreateType ?? "", ["extents"] = parts };
        if (descriptor?.ContentId is { } id)
            (details["cid"], details["parent-cid"]) = (id, descriptor.ParentContentId);
        return source.Describe(name, GrainOf(extents[0]), descriptor?.ParentName, descriptor?.ParentName is null ? null : "vmdk", _parent) with { Details = details };
    }

    private async ValueTask<BlockDevice> OpenSparseAsync(HostFile file, VmdkHeader header, long length, long start, bool readOnly, ImageName? part = null)
    {
        part ??= name;
        // what shows through from below
        long below = _parent is null ? 0 : Math.Clamp(_parent.Length - start, 0, length);
        BlockDevice? backing = below > 0 ? new DeviceSlice(_parent!, start, below) : null;
        VmdkMap map = await VmdkMap.OpenAsync(file, header, part, source.Options.CacheSize, !readOnly, backing is not null).ConfigureAwait(false);
        return header.IsCompressed
            ? new VmdkPackedDisk(map, header, part, length, backing, readOnly)
            : new BlockDisk(map, length, backing, readOnly);
    }
}

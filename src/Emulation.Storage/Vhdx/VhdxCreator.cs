using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Emulation.Storage;

/// <summary>Creates an image: headers, log, metadata, BAT, then the blocks of a fixed one.</summary>
internal sealed class VhdxCreator(VhdxCreateOptions options, long length, ImageSource source)
{
    private const int DefaultBlockSize = 32 << 20;
    private const int DefaultChildBlockSize = 2 << 20;
    private const int MaxLogSize = 1 << 30;
    private const int MaxCreator = 255;

    public async ValueTask RunAsync(IBlockDevice file)
    {
        Check();
        VhdxMetadata metadata = new()
        {
            BlockSize = BlockSize,
            Fixed = options.Fixed,
            DiskSize = length,
            Page83 = Guid.NewGuid(),
            LogicalSectorSize = options.LogicalSectorSize,
            PhysicalSectorSize = options.PhysicalSectorSize,
        };
        if (options.BackingFile is { } parent)
            metadata = metadata with { Parent = await LocateAsync(parent).ConfigureAwait(false) };
        VhdxLayout layout = Arrange();
        long metadataAt = layout.TableOffset - VhdxLayout.Unit;
        long data = layout.TableOffset + layout.TableLength;
        await file.ResizeAsync(data + (options.Fixed ? layout.Blocks(length) * layout.BlockSize : 0)).ConfigureAwait(false);
        await file.WriteAsync(metadataAt, metadata.ToBytes()).ConfigureAwait(false);
        if (options.Fixed)
            await WriteTableAsync(file, layout, data).ConfigureAwait(false);
        byte[] regions = VhdxRegions.ToBytes(
            new VhdxRegion(VhdxIds.BatRegion, layout.TableOffset, layout.TableLength), new VhdxRegion(VhdxIds.MetadataRegion, metadataAt, VhdxLayout.Unit));
        for (int copy = 0; copy < VhdxRegions.Copies; copy++)
            await file.WriteAsync(VhdxRegions.Place(copy), regions).ConfigureAwait(false);
        var header = new VhdxHeader { Sequence = 0, FileWrite = Guid.NewGuid(), DataWrite = Guid.NewGuid(), LogOffset = VhdxLayout.Unit, LogLength = options.LogSize };
        for (int copy = 0; copy < VhdxHeader.Copies; copy++)
            await file.WriteAsync(VhdxHeader.Place(copy), (header with { Sequence = (ulong)copy }).ToBytes()).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
        byte[] identifier = new byte[VhdxFormat.Signature.Length + ((MaxCreator + 1) * 2)];
        VhdxFormat.Signature.CopyTo(identifier);
        Encoding.Unicode.GetBytes(options.Creator, identifier.AsSpan(VhdxFormat.Signature.Length));
        await file.WriteAsync(0, identifier).ConfigureAwait(false);
        await file.FlushAsync().ConfigureAwait(false);
    }

    private int BlockSize => options.BlockSize != 0 ? options.BlockSize : options.BackingFile is null ? DefaultBlockSize : DefaultChildBlockSize;

    /// <summary>What room a new image takes.</summary>
    public DiskLayout Layout()
    {
        if (length > 0)
            Check();
        VhdxLayout layout = Arrange();
        long bitmaps = options.BackingFile is null ? 0 : layout.Chunks(length) * VhdxLayout.Unit;
        return new DiskLayout(BlockSize, layout.TableOffset + layout.TableLength + bitmaps, BlockSize, options.Fixed);
    }

    // headers, log, metadata, BAT
    private VhdxLayout Arrange()
    {
        VhdxLayout layout = new(VhdxLayout.Unit + (long)options.LogSize + VhdxLayout.Unit, 0, BlockSize, options.LogicalSectorSize);
        long entries = layout.Entries(length, options.BackingFile is not null);
        return layout with { TableLength = ((entries * VhdxLayout.EntryLength) + VhdxLayout.Unit - 1) & -VhdxLayout.Unit };
    }

    private static DiskImageException Wrong(string what) => new($"vhdx image cannot be created: {what}");

    private void Check()
    {
        if (options.BlockSize != 0 && (options.BlockSize is < VhdxMetadata.MinBlockSize or > VhdxMetadata.MaxBlockSize || !BitOperations.IsPow2(options.BlockSize)))
            throw Wrong($"a block size of {options.BlockSize} bytes is not a power of two from 1 MiB to 256 MiB");
        if (options.LogSize is < VhdxLayout.Unit or > MaxLogSize || options.LogSize % VhdxLayout.Unit != 0)
            throw Wrong($"a log of {options.LogSize} bytes is not whole MiB from 1 MiB to 1 GiB");
        if (options.LogicalSectorSize is not (512 or 4096) || options.PhysicalSectorSize is not (512 or 4096))
            throw Wrong($"sectors of {options.LogicalSectorSize} and {options.PhysicalSectorSize} bytes are not possible; 512 and 4096 are");
        if (length <= 0 || length > VhdxLayout.MaxDiskSize || length % options.LogicalSectorSize != 0)
            throw Wrong($"a disk has whole sectors of {options.LogicalSectorSize} bytes, at most {VhdxLayout.MaxDiskSize} bytes, not {length}");
        if (options.Creator.Length > MaxCreator)
            throw Wrong($"the creator has {options.Creator.Length} characters; {MaxCreator} are the most");
        if (options is { Fixed: true, BackingFile: not null })
            throw Wrong("an image above another cannot be fixed");
    }

    private async ValueTask<VhdxParentLocator> LocateAsync(string parent)
    {
        var name = new ImageName(options.Format, source.DisplayName);
        string path = Path.GetFullPath(source.Resolve(name, parent, "parent"));
        await using BlockDevice below = await source.OpenBackingAsync(name, parent, options.Format).ConfigureAwait(false);
        if (below.Hints.LogicalBlockSize != options.LogicalSectorSize)
            throw Wrong($"the parent has sectors of {below.Hints.LogicalBlockSize} bytes, not {options.LogicalSectorSize}");
        return VhdxParentLocator.Create(VhdxParent.IdentityOf(below), path, Path.GetFullPath(source.Path ?? path));
    }

    private async ValueTask WriteTableAsync(IBlockDevice file, VhdxLayout layout, long data)
    {
        byte[] piece = new byte[1 << 16];
        long entries = layout.Entries(length, bitmaps: false);
        for (long first = 0; first < entries; first += piece.Length / VhdxLayout.EntryLength)
        {
            int count = (int)Math.Min(entries - first, piece.Length / VhdxLayout.EntryLength);
            for (int i = 0; i < count; i++)
            {
                (long chunk, long within) = Math.DivRem(first + i, layout.ChunkRatio + 1);
                long block = (chunk * layout.ChunkRatio) + within;
                ulong entry = within == layout.ChunkRatio ? 0 : new VhdxBlock(VhdxBlockState.FullyPresent, data + (block * layout.BlockSize)).Entry;
                BinaryPrimitives.WriteUInt64LittleEndian(piece.AsSpan(i * VhdxLayout.EntryLength), entry);
            }

            await file.WriteAsync(layout.TableOffset + (first * VhdxLayout.EntryLength), piece.AsMemory(0, count * VhdxLayout.EntryLength)).ConfigureAwait(false);
        }
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Emulation.Core;
using Emulation.Storage;

namespace Emulation.Devices;

/// <summary>Virtio block device: any disk image as a disk of 512-byte sectors. Virtio 1.2, section 5.2.</summary>
/// <remarks>
/// Bytes of the image past its last whole sector are not seen. What the image refuses becomes an I/O error of the guest.
/// Changes that a disk keeps in memory only (<see cref="IVolatileBlockDevice"/>) are part of the device's snapshot.
/// </remarks>
/// <param name="disk">The medium; it stays the caller's to dispose.</param>
public sealed class VirtioBlock(IBlockDevice disk) : VirtioDevice(2, QueueSize)
{
    private const ushort QueueSize = 256;
    private const int SectorSize = 512;
    private const int HeaderSize = 16;
    private const int IdSize = 20;
    private const int Piece = 1 << 16;
    private const int RangeSize = 16;
    private const int MaxRanges = 16;
    private const uint MaxDiscardSectors = 1 << 22;
    private const uint MaxZeroSectors = (uint)(MaxRequestBytes / SectorSize / MaxRanges);
    private const long FlushCharge = 1 << 20;

    private const ulong FeatureSizeMax = 1 << 1;
    private const ulong FeatureSegMax = 1 << 2;
    private const ulong FeatureReadOnly = 1 << 5;
    private const ulong FeatureBlockSize = 1 << 6;
    private const ulong FeatureFlush = 1 << 9;
    private const ulong FeatureTopology = 1 << 10;
    private const ulong FeatureWriteCache = 1 << 11;
    private const ulong FeatureDiscard = 1 << 13;
    private const ulong FeatureWriteZeroes = 1 << 14;

    private const int WritebackOffset = 32;

    private bool _writeback = true;

    private enum Outcome : byte
    {
        Ok = 0,
        IoError = 1,
        Unsupported = 2,
    }

    /// <summary>The medium.</summary>
    public IBlockDevice Disk { get; } = disk ?? throw new ArgumentNullException(nameof(disk));

    /// <summary>What the guest reads as the disk's serial number; at most 20 ASCII characters.</summary>
    public string Serial
    {
        get;
        init => field = value.Length <= IdSize && Ascii.IsValid(value)
            ? value
            : throw new ArgumentException($"serial number '{value}' is not at most {IdSize} ASCII characters", nameof(value));
    } = "";

    internal override int ConfigLength => 60;

    private protected override ulong DeviceFeatures => FeatureSizeMax | FeatureSegMax | FeatureBlockSize | FeatureTopology | FeatureFlush
        | (Disk.ReadOnly ? FeatureReadOnly : FeatureWriteCache | FeatureDiscard | FeatureWriteZeroes);

    private ulong Sectors => (ulong)Disk.Length / SectorSize;

    /// <summary>Tells the guest that the medium's size changed.</summary>
    public void NotifyResized()
    {
        lock (DeviceLock)
            ConfigChanged();
    }

    internal override void WriteConfig(ulong offset, int size, ulong value)
    {
        if (offset == WritebackOffset && size == 1 && Negotiated(FeatureWriteCache))
            _writeback = (value & 1) != 0;
        else
            base.WriteConfig(offset, size, value);
    }

    // Virtio 1.2, 5.2.4
    private protected override void FillConfig(Span<byte> config)
    {
        BlockHints hints = Disk.Hints;
        int physical = Math.Max(hints.PhysicalBlockSize, hints.LogicalBlockSize);
        BinaryPrimitives.WriteUInt64LittleEndian(config, Sectors);
        BinaryPrimitives.WriteUInt32LittleEndian(config[8..], (uint)(MaxRequestBytes / QueueSize));
        BinaryPrimitives.WriteUInt32LittleEndian(config[12..], QueueSize - 2);
        BinaryPrimitives.WriteUInt32LittleEndian(config[20..], (uint)hints.LogicalBlockSize);
        config[24] = (byte)BitOperations.Log2((uint)(physical / hints.LogicalBlockSize));
        BinaryPrimitives.WriteUInt16LittleEndian(config[26..], (ushort)Math.Min(physical / hints.LogicalBlockSize, ushort.MaxValue));
        BinaryPrimitives.WriteUInt32LittleEndian(config[28..], (uint)(hints.OptimalTransferSize / hints.LogicalBlockSize));
        config[WritebackOffset] = (byte)(_writeback ? 1 : 0);
        BinaryPrimitives.WriteUInt16LittleEndian(config[34..], 1);
        if (Disk.ReadOnly)
            return;
        BinaryPrimitives.WriteUInt32LittleEndian(config[36..], MaxDiscardSectors);
        BinaryPrimitives.WriteUInt32LittleEndian(config[40..], MaxRanges);
        BinaryPrimitives.WriteUInt32LittleEndian(config[44..], (uint)(physical / SectorSize));
        BinaryPrimitives.WriteUInt32LittleEndian(config[48..], MaxZeroSectors);
        BinaryPrimitives.WriteUInt32LittleEndian(config[52..], MaxRanges);
        config[56] = 1;
    }

    // Virtio 1.2, 5.2.6: a 16-byte header, data out or in, and a status byte at the very end
    private protected override void Handle(Virtqueue queue, DescriptorChain chain)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (chain.Readable < HeaderSize || chain.Writable < 1 || !chain.Read(0, header))
        {
            Break($"queue {queue.Index}: request without header or status");
            return;
        }

        uint type = BinaryPrimitives.ReadUInt32LittleEndian(header);
        ulong sector = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        uint written = 0;
        Outcome status;
        try
        {
            status = type switch
            {
                0 => ReadSectors(chain, sector, ref written),
                1 => WriteSectors(chain, sector),
                4 => Flush(),
                8 => ReadSerial(chain, ref written),
                11 => ForEachRange(chain, zero: false),
                13 => ForEachRange(chain, zero: true),
                _ => Outcome.Unsupported,
            };
        }
        catch (Exception e) when (Medium.IsFailure(e))
        {
            LogError($"the disk failed: {e.Message}");
            status = Outcome.IoError;
        }

        ulong last = chain.Writable - 1;
        if (!NeedsReset && !chain.Write(last, [(byte)status]))
            Break("request outside memory");
        Complete(queue, chain, written == last ? written + 1 : written);
    }

    private protected override void ResetCore(bool powerOn) => _writeback = true;

    private protected override void SaveCore(StateWriter writer)
    {
        writer.Write(_writeback);
        Medium.SaveChanges(writer, Disk);
    }

    private protected override void LoadCore(StateReader reader)
    {
        _writeback = reader.ReadBoolean();
        Medium.LoadChanges(reader, Disk);
    }

    private bool InRange(ulong sector, ulong count) => sector <= Sectors && count <= Sectors - sector;

    private Outcome ReadSectors(DescriptorChain chain, ulong sector, ref uint written)
    {
        ulong length = chain.Writable - 1;
        if (length % SectorSize != 0 || !InRange(sector, length / SectorSize))
            return Outcome.IoError;
        byte[] piece = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            while (written < length)
            {
                int count = (int)Math.Min(Piece, length - written);
                Medium.Wait(Disk.ReadAsync((long)((sector * SectorSize) + written), piece.AsMemory(0, count)));
                if (!chain.Write(written, piece.AsSpan(0, count)))
                {
                    Break("request outside memory");
                    return Outcome.IoError;
                }

                written += (uint)count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        return Outcome.Ok;
    }

    private Outcome WriteSectors(DescriptorChain chain, ulong sector)
    {
        ulong length = chain.Readable - HeaderSize;
        if (Disk.ReadOnly || length % SectorSize != 0 || !InRange(sector, length / SectorSize))
            return Outcome.IoError;
        byte[] piece = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            for (ulong done = 0; done < length;)
            {
                int count = (int)Math.Min(Piece, length - done);
                if (!chain.Read(HeaderSize + done, piece.AsSpan(0, count)))
                {
                    Break("request outside memory");
                    return Outcome.IoError;
                }

                Medium.Wait(Disk.WriteAsync((long)((sector * SectorSize) + done), piece.AsMemory(0, count)));
                done += (ulong)count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        return WriteThrough();
    }

    private Outcome Flush()
    {
        Charge(FlushCharge);
        Medium.Wait(Disk.FlushAsync());
        return Outcome.Ok;
    }

    // Virtio 1.2, 5.2.6.2: without the flush feature, or with the cache switched off, a write is durable when it completes
    private Outcome WriteThrough() => _writeback && Negotiated(FeatureFlush | FeatureWriteCache) ? Outcome.Ok : Flush();

    private Outcome ReadSerial(DescriptorChain chain, ref uint written)
    {
        Span<byte> id = stackalloc byte[IdSize];
        id.Clear();
        Encoding.ASCII.GetBytes(Serial, id);
        int count = (int)Math.Min(IdSize, chain.Writable - 1);
        if (!chain.Write(0, id[..count]))
        {
            Break("request outside memory");
            return Outcome.IoError;
        }

        written = (uint)count;
        return Outcome.Ok;
    }

    // Virtio 1.2, 5.2.6.1: a list of (sector, count, flags), checked whole before the first takes effect
    private Outcome ForEachRange(DescriptorChain chain, bool zero)
    {
        ulong length = chain.Readable - HeaderSize;
        if (Disk.ReadOnly || length == 0 || length % RangeSize != 0 || length > RangeSize * MaxRanges)
            return Outcome.IoError;
        Span<byte> ranges = stackalloc byte[(int)length];
        if (!chain.Read(HeaderSize, ranges))
        {
            Break("request outside memory");
            return Outcome.IoError;
        }

        for (Span<byte> range = ranges; !range.IsEmpty; range = range[RangeSize..])
        {
            uint flags = BinaryPrimitives.ReadUInt32LittleEndian(range[12..]);
            if ((flags & (zero ? ~1u : ~0u)) != 0)
                return Outcome.Unsupported;
            uint count = BinaryPrimitives.ReadUInt32LittleEndian(range[8..]);
            if (count > (zero ? MaxZeroSectors : MaxDiscardSectors) || !InRange(BinaryPrimitives.ReadUInt64LittleEndian(range), count))
                return Outcome.IoError;
        }

        for (Span<byte> range = ranges; !range.IsEmpty; range = range[RangeSize..])
        {
            long start = (long)BinaryPrimitives.ReadUInt64LittleEndian(range) * SectorSize;
            long bytes = BinaryPrimitives.ReadUInt32LittleEndian(range[8..]) * (long)SectorSize;
            bool unmap = (BinaryPrimitives.ReadUInt32LittleEndian(range[12..]) & 1) != 0;
            Charge(zero ? bytes : bytes >> 8);
            Medium.Wait(zero ? Disk.WriteZeroesAsync(start, bytes, unmap) : Disk.DiscardAsync(start, bytes));
        }

        return WriteThrough();
    }
}

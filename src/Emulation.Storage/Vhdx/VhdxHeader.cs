using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>One of the two headers of a VHDX image. [MS-VHDX] 2.2.2.</summary>
internal sealed record VhdxHeader
{
    public const int Length = 4096;
    public const int Copies = 2;

    /// <summary>Sequence numbers from here on leave no room to write.</summary>
    public const ulong LastSequence = ulong.MaxValue - (1UL << 48);

    private const uint Signature = 0x6461_6568;
    private const ushort CurrentVersion = 1;

    public required ulong Sequence { get; init; }

    /// <summary>Changes with every opening that changes the file.</summary>
    public required Guid FileWrite { get; init; }

    /// <summary>Changes with every opening that changes the disk; a child knows its parent by it.</summary>
    public required Guid DataWrite { get; init; }

    /// <summary>What entries of the log that are in force carry; empty when the log is.</summary>
    public Guid Log { get; init; }

    public required long LogOffset { get; init; }

    public required long LogLength { get; init; }

    public ushort LogVersion { get; init; }

    public ushort Version { get; init; } = CurrentVersion;

    /// <summary>Where the first or second header is.</summary>
    public static long Place(int copy) => (copy + 1) << 16;

    /// <summary>A header whose signature and sum are right; null otherwise.</summary>
    public static VhdxHeader? Read(byte[] bytes)
    {
        if (ImageFields.U32(bytes, 0) != Signature || !VhdxChecksum.IsRight(bytes))
            return null;
        return new VhdxHeader
        {
            Sequence = ImageFields.U64(bytes, 8),
            FileWrite = new Guid(bytes.AsSpan(16, 16)),
            DataWrite = new Guid(bytes.AsSpan(32, 16)),
            Log = new Guid(bytes.AsSpan(48, 16)),
            LogVersion = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(64)),
            Version = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(66)),
            LogLength = ImageFields.U32(bytes, 68),
            LogOffset = (long)ImageFields.U64(bytes, 72),
        };
    }

    /// <summary>Refuses what cannot be used.</summary>
    public void Check(long at, long fileLength, ImageName name)
    {
        if (Version != CurrentVersion)
            throw name.At(at + 66, $"version {Version} is not supported; {CurrentVersion} is");
        if (LogVersion != 0)
            throw name.At(at + 64, $"a log of version {LogVersion} is not supported; 0 is");
        if (LogLength % VhdxLayout.Unit != 0)
            throw name.At(at + 68, $"a log of {LogLength} bytes is not whole MiB");
        if (LogLength > 0 && (LogOffset % VhdxLayout.Unit != 0 || LogOffset < VhdxLayout.Unit || LogOffset > fileLength - LogLength))
            throw name.At(at + 72, $"the log of {LogLength} bytes is said to be at byte 0x{LogOffset:x}");
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Signature);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), Sequence);
        FileWrite.TryWriteBytes(bytes.AsSpan(16));
        DataWrite.TryWriteBytes(bytes.AsSpan(32));
        Log.TryWriteBytes(bytes.AsSpan(48));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(64), LogVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(66), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(68), (uint)LogLength);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(72), (ulong)LogOffset);
        VhdxChecksum.Write(bytes);
        return bytes;
    }
}

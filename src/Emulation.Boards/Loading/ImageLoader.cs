using System.Buffers.Binary;

namespace Emulation.Boards.Loading;

/// <summary>Finds out what a file is and prepares it for a machine.</summary>
/// <param name="target">What images have to be made for.</param>
/// <param name="ramStart">Physical address of memory.</param>
/// <param name="ramSize">Bytes of memory.</param>
/// <param name="progress">Told how far it is; may be null.</param>
internal sealed class ImageLoader(GuestTarget target, ulong ramStart, ulong ramSize, IProgress<LoadProgress>? progress)
{
    private const int HeadSize = 0x400;

    /// <summary>Reads a kernel: ELF, a Linux image, or a gzip file or EFI zboot image of either.</summary>
    public GuestImage ReadKernel(string path)
    {
        var file = new GuestFile("kernel", path, progress);
        using FileStream stream = file.Open();
        byte[] head = new byte[HeadSize];
        int length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (IsGzip(head))
        {
            stream.Position = 0;
            return ReadKernel(file, file.Decompress(stream, ramSize));
        }

        if (head.AsSpan().StartsWith("MZ"u8) && head.AsSpan(4).StartsWith("zimg"u8))
            return ReadKernel(file, DecompressZboot(file, stream, head));
        if (ElfReader.IsElf(head.AsSpan(0, length)))
            return ElfReader.Read(file, stream, target);
        RejectStranger(file, head.AsSpan(0, length));
        return ReadKernel(file, file.Read(stream, 0, stream.Length));
    }

    /// <summary>Reads firmware: ELF, or bytes for the start of memory.</summary>
    public GuestImage ReadFirmware(string path) => ReadProgram(new GuestFile("firmware", path, progress), ramStart);

    /// <summary>Reads any file: with an address its bytes as they are, else an ELF file.</summary>
    public GuestImage ReadAny(string path, ulong? address)
    {
        var file = new GuestFile("file", path, progress);
        return address is { } at ? GuestImage.Raw(file.Purpose, path, at, file.ReadAll()) : ReadProgram(file, null);
    }

    private GuestImage ReadProgram(GuestFile file, ulong? address)
    {
        using FileStream stream = file.Open();
        byte[] head = new byte[4];
        if (stream.ReadAtLeast(head, 4, throwOnEndOfStream: false) == 4 && ElfReader.IsElf(head))
            return ElfReader.Read(file, stream, target);
        ulong at = address ?? throw file.Error("is no ELF file", "say where in memory it goes: FILE@ADDRESS");
        return GuestImage.Raw(file.Purpose, file.Path, at, file.Read(stream, 0, stream.Length));
    }

    private GuestImage ReadKernel(GuestFile file, byte[] bytes)
    {
        if (ElfReader.IsElf(bytes))
            return ElfReader.Read(file, new MemoryStream(bytes, writable: false), target);
        RejectStranger(file, bytes);
        if (!LinuxImage.TryRead(bytes, target.ElfMachine, out LinuxImage header))
            throw file.Error($"is neither an ELF file nor a Linux image for {target.Architecture}", "other files are loaded as firmware, or at an address of your choice");
        if (header.BigEndian)
            throw file.Error("is a big-endian kernel", $"{target.Board} is little-endian");
        ulong expected = LinuxImage.SizeFromSections(bytes);
        if (expected > (ulong)bytes.Length)
            throw file.Error($"is truncated: it has {bytes.Length} of {expected} bytes", "copy or build it again");
        if (header.TextOffset >= ramSize || target.KernelBase >= ramSize - header.TextOffset || header.MemorySize > ramSize)
            throw file.Error($"needs {header.MemorySize >> 20} MiB at 0x{ramStart + target.KernelBase + header.TextOffset:x}, and there are {ramSize >> 20} MiB of memory", "give the machine more memory");
        return GuestImage.Raw(file.Purpose, file.Path, ramStart + target.KernelBase + header.TextOffset, bytes, header.MemorySize);
    }

    private void RejectStranger(GuestFile file, ReadOnlySpan<byte> head)
    {
        if (LinuxImage.Recognize(head, target.ElfMachine) is { } what)
            throw file.Error($"is {what}, and {target.Board} is {target.Architecture}", $"give a kernel for {target.Architecture}");
    }

    // Linux documentation, "EFI zboot": magic, payload's offset and size, name of the compression
    private byte[] DecompressZboot(GuestFile file, FileStream stream, byte[] head)
    {
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(8)), size = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(12));
        ReadOnlySpan<byte> name = head.AsSpan(24, 32);
        name = name[..Math.Max(0, name.IndexOf((byte)0))];
        if (!name.SequenceEqual("gzip"u8))
            throw file.Error($"is an EFI zboot image compressed with {System.Text.Encoding.ASCII.GetString(name)}", "unpack it first; only gzip is read here");
        if (offset > stream.Length || size > stream.Length - offset)
            throw file.Error("is a truncated EFI zboot image", "copy or build it again");
        return file.Decompress(new MemoryStream(file.Read(stream, offset, size), writable: false), ramSize);
    }

    private static bool IsGzip(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]);
}
